//! A claim that is not covered: refused with reasons and basis, on paper, and the customer told.

use anyhow::{Result, ensure};

use crate::clerk::{self, Story};
use crate::desks::{ASSESSOR, MANAGER, change_to, create_account, notify, now, step};
use crate::printer::Printer;
use crate::window::Window;

const REASONS: [&str; 2] = ["出险时驾驶证已被暂扣，属于责任免除", "事故发生后未保护现场，性质无法确定"];

pub(crate) fn run(window: &mut Window<'_>, printer: &Printer) -> Result<()> {
    clerk::begin_day(window)?;
    for person in [ASSESSOR, MANAGER] {
        create_account(window, person)?;
    }
    let story = Story::of(window, "motor-damage")?;
    let number = clerk::whole_visit(window, &story)?;
    clerk::open_claim(window, &number)?;
    step(window, "papers_complete", &[])?;

    change_to(window, ASSESSOR.0)?;
    clerk::open_claim(window, &number)?;
    step(window, "start_assessment", &[])?;
    step(
        window,
        "assess",
        &[
            ("worksheet-repair_cost", "8650"),
            ("worksheet-deductible_rate", "0"),
            ("worksheet-sum_insured", "180000"),
            ("opinion", "驾驶证暂扣期间驾驶，属于责任免除，建议拒赔。"),
        ],
    )?;
    ensure!(!window.page()?.has("step-refuse")?, "whoever assessed may refuse");

    change_to(window, MANAGER.0)?;
    clerk::open_claim(window, &number)?;
    window.page()?.click("step-refuse")?;
    // A refusal without its reasons is none.
    window.page()?.click("step-submit")?;
    window.page()?.find("told-step-reasons")?;
    window.look("refuse-without-reasons")?;
    window.page()?.fill("step-reasons", &REASONS.join("\n"))?;
    window.page()?.fill("step-basis", "车损险条款第八条第二款")?;
    crate::desks::done(window, "refuse")?;
    let page = window.page()?;
    page.says("claim-status", "已拒赔")?;
    ensure!(!page.has("step-pay")?, "a refused claim can be paid");

    page.click("claim-tab-prints")?;
    clerk::preview(window, "refusal")?;
    window.look("print-refusal")?;
    clerk::print(window)?;
    printer.take(&window.folder.join("refusal.pdf"))?;
    let now = now(window)?;
    notify(window, "notify_refusal", &now)?;
    ensure!(!window.page()?.has("step-notify_refusal")?, "the customer would be told twice");
    window.page()?.says("claim-status", "已拒赔")?;
    window.look("refused")?;
    Ok(())
}
