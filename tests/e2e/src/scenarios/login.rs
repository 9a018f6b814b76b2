//! Log-in: refused with a sentence, accepted, locked, and left to the next person; the branch's facts on the way.

use anyhow::{Result, ensure};

use crate::clerk::{self, ADMIN, PASSWORD};
use crate::printer::Printer;
use crate::webdriver::Key;
use crate::window::Window;

pub(crate) fn run(window: &mut Window<'_>, _: &Printer) -> Result<()> {
    clerk::set_up(window)?;
    window.look("log-in")?;
    let page = window.page()?;
    page.fill("login-user", ADMIN)?;
    page.fill("login-password", "not-the-Password-1")?;
    page.press(Key::Enter)?;
    page.css("[role=alert]")?;
    ensure!(!page.has("home")?, "a wrong password was taken");
    window.look("log-in-refused")?;
    // The back-off of a first failure is short; the click waits for the button to be free.
    clerk::log_in(window, ADMIN, PASSWORD)?;
    window.look("home")?;
    let page = window.page()?;
    page.click("top-lock")?;
    page.find("lock-password")?;
    window.look("locked")?;
    let page = window.page()?;
    page.fill("lock-password", PASSWORD)?;
    page.press(Key::Enter)?;
    page.gone("lock-password")?;
    page.click("rail-settings")?;
    page.click("settings-tab-branch")?;
    page.fill("branch-phone", "010-00000000")?;
    page.fill("branch-address", "示例市示例路 1 号")?;
    window.look("branch")?;
    let page = window.page()?;
    page.click("branch-save")?;
    page.css("[data-testid=branch-save][disabled]")?;
    // Nobody is logged in when the program starts again.
    window.close()?;
    window.open()?;
    window.page()?.find("login-user")?;
    ensure!(!window.page()?.has("home")?, "the log-in survived the program's end");
    Ok(())
}
