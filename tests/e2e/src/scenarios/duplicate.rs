//! The same accident told twice: shown side by side, and registered only with a reason.

use anyhow::{Result, ensure};

use crate::clerk::{self, Story};
use crate::printer::Printer;
use crate::webdriver::by_id;
use crate::window::Window;

pub(crate) fn run(window: &mut Window<'_>, _: &Printer) -> Result<()> {
    clerk::begin_day(window)?;
    let story = Story::of(window, "motor-damage")?;
    let first = clerk::whole_visit(window, &story)?;
    clerk::begin_visit(window, &story)?;
    clerk::fill_form_of_known_policy(window, &story)?;
    clerk::to_documents(window)?;
    clerk::to_register_duplicate(window)?;
    let page = window.page()?;
    page.says("duplicates", &first)?;
    for same in ["policy_no", "incident_at", "cause", "holder", "insured", "story"] {
        page.css(&format!("{}[data-differs=false]", by_id(&format!("compare-{same}"))))?;
    }
    window.look("duplicate")?;
    let page = window.page()?;
    let button = page.script(
        "return document.querySelector(arguments[0]).disabled",
        &serde_json::json!([by_id("visit-next")]),
    )?;
    ensure!(button == serde_json::Value::Bool(true), "a duplicate can be registered without a word");
    page.click_css(&format!("label:has({})", by_id("duplicate-different")))?;
    page.fill("duplicate-reason", "同日两次事故，前后相隔三小时")?;
    let second = clerk::register(window)?;
    ensure!(first != second, "two claims share the number {first}");
    clerk::open_claim(window, &second)?;
    let page = window.page()?;
    page.click("claim-tab-links")?;
    page.says("tab-links", &first)?;
    window.look("claim-links")?;
    Ok(())
}
