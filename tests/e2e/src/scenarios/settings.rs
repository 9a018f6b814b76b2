//! The places beside the counter, looked at one by one: every tab of the settings, in every language and look.

use std::time::Duration;

use anyhow::{Result, ensure};
use serde_json::json;

use crate::clerk;
use crate::desks::{ASSESSOR, create_account};
use crate::printer::Printer;
use crate::process::wait_for;
use crate::webdriver::{Key, by_id};
use crate::window::Window;

pub(crate) fn run(window: &mut Window<'_>, _: &Printer) -> Result<()> {
    clerk::begin_day(window)?;
    accounts(window)?;
    for (tab, mark) in [
        ("backup", "backup-choose"),
        ("templates", "template-list"),
        ("about", "about-chain"),
        ("looks", "language-en"),
    ] {
        window.page()?.click(&format!("settings-tab-{tab}"))?;
        window.page()?.find(mark)?;
        window.look(&format!("settings-{tab}"))?;
    }
    languages(window)?;
    twice_as_large(window)
}

fn accounts(window: &mut Window<'_>) -> Result<()> {
    create_account(window, ASSESSOR)?;
    let page = window.page()?;
    page.click("account-new")?;
    page.find("account-create")?;
    window.look("account-new")?;
    let page = window.page()?;
    page.press(Key::Escape)?;
    page.gone("account-create")?;
    page.click(&format!("account-disable-{}", ASSESSOR.0))?;
    page.find("account-reason")?;
    window.look("account-disable")?;
    let page = window.page()?;
    page.fill("account-reason", "调离本机构")?;
    page.click("account-change")?;
    page.gone("account-change")?;
    page.says("account-list", "已停用").map(drop)
}

/// Each language is complete: no key shows, and no Chinese word stands in the English settings.
fn languages(window: &mut Window<'_>) -> Result<()> {
    for (language, look, words) in [("en", "dark", "Settings"), ("zh-TW", "contrast", "設定")] {
        let page = window.page()?;
        page.click(&format!("language-{language}"))?;
        page.click(&format!("look-{look}"))?;
        page.says("settings", words)?;
        for (place, mark) in
            [("home", "home"), ("claims", "claims-list"), ("import", "import-drop"), ("settings", "settings")]
        {
            let page = window.page()?;
            page.click(&format!("rail-{place}"))?;
            page.find(mark)?;
            window.look(&format!("{place}-{language}-{look}"))?;
            if language == "en" {
                only_english(window, place)?;
            }
        }
    }
    let page = window.page()?;
    page.click("language-zh-CN")?;
    page.click("look-light")?;
    page.says("settings", "设置").map(drop)
}

/// What stands on the page in Chinese although the page is English: names are, and the languages' own names.
fn only_english(window: &Window<'_>, place: &str) -> Result<()> {
    let found = window.page()?.script(
        "const ours = [...document.querySelectorAll('main *, nav *')].filter(e => e.children.length === 0);
         return ours.map(e => e.textContent).filter(t => /[\\u4e00-\\u9fff]/.test(t)
             && !arguments[0].some(name => t.includes(name)))",
        &json!([[clerk::ADMIN_NAME, clerk::BRANCH_NAME, "简体中文", "繁體中文"]]),
    )?;
    ensure!(found == json!([]), "{place} says in English: {found}");
    Ok(())
}

/// At 200 % nothing is cut off at the side, and the same key leads back.
fn twice_as_large(window: &mut Window<'_>) -> Result<()> {
    let before = width(window)?;
    for _ in 0..5 {
        window.page()?.press_with_control("=")?;
    }
    wait_for("the page to grow", Duration::from_secs(10), || {
        Ok((width(window)? * 2 <= before + 2).then_some(()))
    })?;
    for (place, mark) in
        [("home", "home"), ("claims", "claims-list"), ("visit", "who-search"), ("settings", "settings")]
    {
        let page = window.page()?;
        // The driver aims its clicks as if the page were not enlarged.
        page.script(
            "document.querySelector(arguments[0]).click()",
            &json!([by_id(&format!("rail-{place}"))]),
        )?;
        page.find(mark)?;
        window.look(&format!("{place}-200-percent"))?;
    }
    window.page()?.press_with_control("0")?;
    wait_for("the page to shrink again", Duration::from_secs(10), || {
        Ok((width(window)? == before).then_some(()))
    })
}

fn width(window: &Window<'_>) -> Result<u64> {
    Ok(window.page()?.script("return window.innerWidth", &json!([]))?.as_u64().unwrap_or_default())
}
