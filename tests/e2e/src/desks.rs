//! The desks behind the counter: accounts, and the steps of a claim after its papers.

use anyhow::{Result, ensure};
use serde_json::json;

use crate::clerk::{self, ADMIN, PASSWORD};
use crate::webdriver::Key;
use crate::window::Window;

/// User name, name and role of an invented colleague.
pub(crate) type Person = (&'static str, &'static str, &'static str);

pub(crate) const ASSESSOR: Person = ("lin.assessor", "林核定", "claims_assessor");
pub(crate) const MANAGER: Person = ("zhao.manager", "赵经理", "manager");

/// Makes an account in the settings.
pub(crate) fn create_account(window: &Window<'_>, (user, name, role): Person) -> Result<()> {
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

/// Leaves the desk to someone else.
pub(crate) fn change_to(window: &Window<'_>, user: &str) -> Result<()> {
    ensure!(user != ADMIN, "the administrator is there first");
    let page = window.page()?;
    page.click("top-who")?;
    page.click("who-change")?;
    clerk::log_in(window, user, PASSWORD)
}

/// Opens a step, fills what it asks for and does it.
pub(crate) fn step(window: &Window<'_>, command: &str, fields: &[(&str, &str)]) -> Result<()> {
    let page = window.page()?;
    page.click(&format!("step-{command}"))?;
    for (key, value) in fields {
        page.fill(&format!("step-{key}"), value)?;
    }
    done(window, command)
}

/// Submits the open step and waits for its line in the timeline.
pub(crate) fn done(window: &Window<'_>, command: &str) -> Result<()> {
    let page = window.page()?;
    page.click("step-submit")?;
    let event = format!("event-{command}");
    if page.first_of(&[&event, "step-failure"])? == "step-failure" {
        anyhow::bail!("{command}: {}", page.find("step-failure")?.text()?);
    }
    page.gone("step-submit")
}

/// Picks one of the choices of the open step's field.
pub(crate) fn choose(window: &Window<'_>, field: &str, value: &str) -> Result<()> {
    let page = window.page()?;
    page.click(&format!("step-{field}"))?;
    page.click(&format!("step-{field}-{value}"))
}

/// Opens the step that tells the customer and notes that the paper was handed over.
pub(crate) fn notify(window: &Window<'_>, command: &str, now: &str) -> Result<()> {
    let page = window.page()?;
    page.click(&format!("step-{command}"))?;
    choose(window, "how", "by_hand")?;
    page.fill("step-notified_at", now)?;
    page.press(Key::Tab)?;
    done(window, command)
}

/// The minute it is on the counter's clock, as a clerk types it.
pub(crate) fn now(window: &Window<'_>) -> Result<String> {
    let said = window.page()?.script(
        "const two = number => String(number).padStart(2, '0'); const d = new Date();
         return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())} ${two(d.getHours())}:${two(d.getMinutes())}`",
        &json!([]),
    )?;
    Ok(said.as_str().unwrap_or_default().to_owned())
}
