//! From the papers to the payment through the window, by the three people whom the rights keep apart.

use anyhow::{Result, ensure};
use serde_json::json;

use crate::clerk::{self, ADMIN, PASSWORD, Story};
use crate::printer::Printer;
use crate::webdriver::Key;
use crate::window::Window;

const ASSESSOR: (&str, &str, &str) = ("lin.assessor", "林核定", "claims_assessor");
const MANAGER: (&str, &str, &str) = ("zhao.manager", "赵经理", "manager");

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
    page.fill("step-opinion", "事故真实，修复费用与定损一致，属于保险责任。")?;
    window.look("assess")?;
    done(window, "assess")?;
    ensure!(!window.page()?.has("step-decide")?, "whoever assessed may decide");

    change_to(window, MANAGER.0)?;
    clerk::open_claim(window, &number)?;
    step(window, "decide", &[("basis", "保险法第二十三条；车损险条款第六条")])?;
    let now = now(window)?;
    notify(window, &now)?;
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

fn create_account(window: &Window<'_>, (user, name, role): (&str, &str, &str)) -> Result<()> {
    let page = window.page()?;
    page.click("rail-settings")?;
    page.click("settings-tab-accounts")?;
    page.click("account-new")?;
    page.fill("account-user", user)?;
    page.fill("account-name", name)?;
    page.click("account-role")?;
    page.click(&format!("account-role-{role}"))?;
    page.fill("account-password", PASSWORD)?;
    page.click("account-create")?;
    page.gone("account-create")?;
    page.says("account-list", name).map(drop)
}

fn change_to(window: &Window<'_>, user: &str) -> Result<()> {
    ensure!(user != ADMIN, "the administrator is there first");
    let page = window.page()?;
    page.click("top-who")?;
    page.click("who-change")?;
    clerk::log_in(window, user, PASSWORD)
}

/// Opens a step, fills what it asks for and does it.
fn step(window: &Window<'_>, command: &str, fields: &[(&str, &str)]) -> Result<()> {
    let page = window.page()?;
    page.click(&format!("step-{command}"))?;
    for (key, value) in fields {
        page.fill(&format!("step-{key}"), value)?;
    }
    done(window, command)
}

fn done(window: &Window<'_>, command: &str) -> Result<()> {
    let page = window.page()?;
    page.click("step-submit")?;
    let event = format!("event-{command}");
    if page.first_of(&[&event, "step-failure"])? == "step-failure" {
        anyhow::bail!("{command}: {}", page.find("step-failure")?.text()?);
    }
    page.gone("step-submit")
}

fn notify(window: &Window<'_>, now: &str) -> Result<()> {
    let page = window.page()?;
    page.click("step-notify_result")?;
    page.click("step-how")?;
    page.click("step-how-by_hand")?;
    page.fill("step-notified_at", now)?;
    page.press(Key::Tab)?;
    done(window, "notify_result")
}

/// The minute it is on the counter's clock, as a clerk types it.
fn now(window: &Window<'_>) -> Result<String> {
    let said = window.page()?.script(
        "const two = number => String(number).padStart(2, '0'); const d = new Date();
         return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())} ${two(d.getHours())}:${two(d.getMinutes())}`",
        &json!([]),
    )?;
    Ok(said.as_str().unwrap_or_default().to_owned())
}
