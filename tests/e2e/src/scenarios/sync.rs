//! Two desks of one branch and a real hub: joined by code, offline on both, a conflict decided, the same state on both,
//! one desk shut out. One window at a time: a second one on the same screen hands over to the first.

use anyhow::{Result, ensure};

use crate::clerk::{self, ADMIN, BRANCH, PASSWORD, Story};
use crate::desks::{MANAGER, create_account, step};
use crate::hub::Hub;
use crate::printer::Printer;
use crate::window::{Window, folder_of};

const WITHDRAWAL: &str = "客户自行承担损失，书面撤回";

pub(crate) fn run(window: &mut Window<'_>, _: &Printer) -> Result<()> {
    let world = window.world;
    let mut hub = Hub::start(world, window.folder.clone())?;
    let mut second = Window::new(world, folder_of(world, "sync-second"))?;

    clerk::begin_day(window)?;
    create_account(window, MANAGER)?;
    let story = Story::of(window, "motor-damage")?;
    let number = clerk::whole_visit(window, &story)?;
    open_sync(window)?;
    window.look("sync-not-joined")?;
    let page = window.page()?;
    page.fill("enrol-url", &hub.url())?;
    page.fill("enrol-code", "WRONG-CODE-0000")?;
    page.click("enrol-submit")?;
    page.says("enrol-failure", "加入码")?;
    page.fill("enrol-code", &hub.code(BRANCH)?)?;
    page.click("enrol-submit")?;
    page.find("sync-now")?;
    synced(window)?;
    window.look("sync-joined")?;
    window.close()?;

    // A new desk of the branch: what the first one did comes by itself.
    clerk::begin_day(&mut second)?;
    open_sync(&second)?;
    let page = second.page()?;
    page.fill("enrol-url", &hub.url())?;
    page.fill("enrol-code", &hub.code(BRANCH)?)?;
    page.click("enrol-submit")?;
    page.find("sync-now")?;
    synced(&second)?;
    clerk::open_claim(&second, &number)?;

    // The line is cut. Each desk takes a step the other knows nothing of.
    hub.stop()?;
    second.page()?.click("steps-more")?;
    step(&second, "withdraw", &[("reason", WITHDRAWAL)])?;
    open_sync(&second)?;
    second.page()?.click("sync-now")?;
    second.page()?.find("sync-now-failure")?;
    second.look("sync-offline")?;
    second.close()?;
    window.open()?;
    clerk::log_in(window, ADMIN, PASSWORD)?;
    clerk::open_claim(window, &number)?;
    step(window, "papers_complete", &[])?;

    // Back again: whoever comes first stands, the other one waits for a person.
    hub.go_on()?;
    open_sync(window)?;
    window.page()?.click("sync-now")?;
    synced(window)?;
    window.close()?;
    second.open()?;
    clerk::log_in(&second, MANAGER.0, PASSWORD)?;
    open_sync(&second)?;
    second.page()?.click("sync-now")?;
    second.page()?.find("conflict-open")?;
    second.look("conflict-inbox")?;
    clerk::open_claim(&second, &number)?;
    second.page()?.says("claim-status", "材料齐全")?;
    second.page()?.find("claim-contested")?;
    second.look("claim-contested")?;
    second.page()?.click("claim-conflict")?;
    let page = second.page()?;
    page.says("conflict-sides", "材料齐全")?;
    page.click_css("label:has([data-testid=\"conflict-take-0\"])")?;
    page.fill("conflict-reason", WITHDRAWAL)?;
    second.look("conflict-side-by-side")?;
    let page = second.page()?;
    page.click("conflict-decide")?;
    page.says("conflict-decision", MANAGER.1)?;
    second.look("conflict-decided")?;
    second.page()?.click("conflict-claim")?;
    second.page()?.find("event-decide_conflict")?;
    open_sync(&second)?;
    second.page()?.click("sync-now")?;
    synced(&second)?;
    let code = second.page()?.find("sync-device")?.text()?;
    second.close()?;

    // The first desk hears of the decision, and both hold the same.
    window.open()?;
    clerk::log_in(window, ADMIN, PASSWORD)?;
    open_sync(window)?;
    window.page()?.click("sync-now")?;
    synced(window)?;
    window.page()?.says("devices", &code)?;
    clerk::open_claim(window, &number)?;
    window.page()?.find("event-decide_conflict")?;
    ensure!(!window.page()?.has("claim-contested")?, "the decision did not arrive");
    window.close()?;
    let digests = [window.deskctl(&["state-digest"])?, second.deskctl(&["state-digest"])?];
    ensure!(digests[0] == digests[1], "two desks of one branch differ: {digests:?}");

    // Shut out, a desk says so and loses nothing.
    hub.revoke(&code)?;
    second.open()?;
    clerk::log_in(&second, MANAGER.0, PASSWORD)?;
    open_sync(&second)?;
    second.page()?.click("sync-now")?;
    second.page()?.says("sync-now-failure", "停用")?;
    second.look("sync-revoked")?;
    clerk::open_claim(&second, &number)?;
    second.close()?;
    clerk::verify(window)?;
    clerk::verify(&second)
}

fn open_sync(window: &Window<'_>) -> Result<()> {
    window.page()?.click("rail-sync")?;
    window.page()?.find("sync").map(drop)
}

/// Waits until the hub has everything.
fn synced(window: &Window<'_>) -> Result<()> {
    window.page()?.find("sync-complete")?;
    window.page()?.says("status-sync", "已同步").map(drop)
}
