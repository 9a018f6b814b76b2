//! From the papers to the payment through the window, by the three people whom the rights keep apart.

use anyhow::{Result, ensure};

use crate::clerk::{self, Story};
use crate::desks::{ASSESSOR, MANAGER, change_to, create_account, done, notify, now, step};
use crate::printer::Printer;
use crate::window::Window;

const OPINION: &str = "事故真实，修复费用与定损一致，属于保险责任。";

pub(crate) fn run(window: &mut Window<'_>, _: &Printer) -> Result<()> {
    clerk::begin_day(window)?;
    for person in [ASSESSOR, MANAGER] {
        create_account(window, person)?;
    }
    window.look("accounts")?;
    let story = Story::of(window, "motor-damage")?;
    let number = clerk::whole_visit(window, &story)?;
    clerk::open_claim(window, &number)?;
    step(window, "papers_complete", &[])?;
    // Whoever took the papers is offered no assessment.
    window.page()?.says("claim-status", "材料齐全")?;
    ensure!(!window.page()?.has("step-start_assessment")?, "an administrator may assess");

    change_to(window, ASSESSOR.0)?;
    clerk::open_claim(window, &number)?;
    step(window, "start_assessment", &[])?;
    let page = window.page()?;
    page.click("step-assess")?;
    page.fill("step-worksheet-repair_cost", "8650")?;
    page.fill("step-worksheet-deductible_rate", "10")?;
    page.fill("step-worksheet-sum_insured", "180000")?;
    page.says("worksheet-result", "7,785.00")?;
    page.fill("step-opinion", OPINION)?;
    window.look("assess")?;
    // The power goes while the opinion is written: what was typed is there again.
    window.page()?.says("status-saving", "已保存")?;
    window.kill()?;
    window.open()?;
    clerk::log_in(window, ASSESSOR.0, clerk::PASSWORD)?;
    clerk::open_claim(window, &number)?;
    let page = window.page()?;
    page.click("step-assess")?;
    page.says("worksheet-result", "7,785.00")?;
    let opinion = page.find("step-opinion")?.value()?;
    ensure!(opinion == OPINION, "the opinion was {opinion:?} after the kill");
    done(window, "assess")?;
    ensure!(!window.page()?.has("step-decide")?, "whoever assessed may decide");

    change_to(window, MANAGER.0)?;
    clerk::open_claim(window, &number)?;
    step(window, "decide", &[("basis", "保险法第二十三条；车损险条款第六条")])?;
    let now = now(window)?;
    notify(window, "notify_result", &now)?;
    step(window, "agree", &[("agreed_at", &now)])?;
    step(window, "pay", &[("paid_at", &now), ("reference", "PAY-2026-0001")])?;
    let page = window.page()?;
    page.says("claim-status", "已赔付")?;
    page.click("claim-tab-assessment")?;
    page.says("tab-assessment", "柒仟柒佰捌拾伍元整")?;
    // A rate is no money.
    page.says("assessment-lines", "10%")?;
    window.look("paid")?;
    window.page()?.click("claim-tab-prints")?;
    clerk::preview(window, "worksheet")?;
    window.look("print-worksheet")?;
    // The log holds every step by whom it was done.
    window.close()?;
    clerk::verify(window)
}
