//! From an empty folder to a branch with an administrator, a recovery code and an encrypted database.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};

use crate::clerk::{self, ADMIN, BRANCH, BRANCH_NAME, PASSWORD};
use crate::printer::Printer;
use crate::webdriver::Key;
use crate::window::Window;

pub(crate) fn run(window: &mut Window<'_>, _: &Printer) -> Result<()> {
    window.open()?;
    window.page()?.find("setup-branch-code")?;
    window.look("set-up-branch")?;
    let page = window.page()?;
    page.fill("setup-branch-code", BRANCH)?;
    page.fill("setup-branch-name", BRANCH_NAME)?;
    page.press(Key::Enter)?;
    page.fill("setup-admin-user", ADMIN)?;
    page.fill("setup-admin-name", clerk::ADMIN_NAME)?;
    page.fill("setup-password", "short")?;
    page.fill("setup-password-again", "short")?;
    page.press(Key::Enter)?;
    // A short password is refused, and what was typed stays.
    page.css("[role=alert]")?;
    ensure!(!page.has("setup-recovery-code")?, "a password of five characters was taken");
    window.look("set-up-administrator")?;
    let page = window.page()?;
    page.fill("setup-password", PASSWORD)?;
    page.fill("setup-password-again", PASSWORD)?;
    page.press(Key::Enter)?;
    let code = page.find("setup-recovery-code")?.text()?;
    ensure!(
        code.chars().filter(|c| c.is_ascii_alphanumeric()).count() >= 20,
        "a weak recovery code: {code:?}"
    );
    page.find("pdf-page-1")?;
    window.look("recovery-code")?;
    window.page()?.click_css("label:has([data-testid=setup-recovery-kept])")?;
    window.page()?.click("setup-recovery-confirm")?;
    clerk::log_in(window, ADMIN, PASSWORD)?;
    window.look("first-home")?;
    window.close()?;
    ensure!(!files(&window.profile).is_empty(), "the profile is empty");
    for file in files(&window.profile) {
        let bytes = fs::read(&file)?;
        ensure!(!bytes.starts_with(b"SQLite format 3"), "{} is not encrypted", file.display());
        for secret in [PASSWORD, BRANCH_NAME, clerk::ADMIN_NAME] {
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            ensure!(!found, "{} shows {secret:?}", file.display());
        }
    }
    // The keyring opens it the next time: nobody types the recovery code.
    window.open()?;
    clerk::log_in(window, ADMIN, PASSWORD)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}
