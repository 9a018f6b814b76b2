//! Someone starts the program again: the open window comes to the front, and nothing else happens.

use std::fs;
use std::process::ExitStatus;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::clerk;
use crate::printer::Printer;
use crate::process::wait_for;
use crate::window::Window;

pub(crate) fn run(window: &mut Window<'_>, _: &Printer) -> Result<()> {
    clerk::begin_day(window)?;
    let first = active(window)?.context("no window has the focus")?;
    said(window, &["windowminimize", "--sync", &first])?;
    // The window goes first, and the window manager says so later: on a busy machine one can look in between.
    wait_for("the window to leave the front", Duration::from_secs(20), || {
        Ok(active(window)?.is_none_or(|now| now != first).then_some(()))
    })?;
    let before = window.processes();

    let (status, opened) = start_again(window)?;
    ensure!(status.code() == Some(0), "the second start ended with {status}");
    ensure!(opened.is_empty(), "the second start opened {opened:?}");
    wait_for("the first window to come to the front", Duration::from_secs(20), || {
        Ok((active(window)? == Some(first.clone())).then_some(()))
    })?;
    ensure!(window.processes() == before, "another process stays on the profile");
    // Whoever was logged in still is, and works on.
    window.page()?.click("rail-claims")?;
    window.page()?.find("claims-list")?;
    window.look("after-second-start")?;
    window.close()?;
    clerk::verify(window)
}

/// Starts the program as the user would, and gives how it ended and which of the profile's files it had opened.
fn start_again(window: &Window<'_>) -> Result<(ExitStatus, Vec<String>)> {
    let log = window.folder.join("second.log");
    let mut second = window.world.group.spawn(&mut window.start(), &log)?;
    let files = format!("/proc/{}/fd", second.id());
    let mut opened = Vec::new();
    let status = wait_for("the second start to end", Duration::from_secs(30), || {
        let links = fs::read_dir(&files).into_iter().flatten().flatten();
        let held = links.filter_map(|link| fs::read_link(link.path()).ok());
        opened.extend(
            held.filter(|path| path.starts_with(&window.profile)).map(|path| path.display().to_string()),
        );
        Ok(second.try_wait()?)
    });
    if status.is_err() {
        let _ = second.kill();
        let _ = second.wait();
    }
    Ok((status?, opened))
}

/// The window that has the focus.
fn active(window: &Window<'_>) -> Result<Option<String>> {
    let answer = window.world.command("xdotool").arg("getactivewindow").output()?;
    let id = String::from_utf8_lossy(&answer.stdout).trim().to_owned();
    Ok((answer.status.success() && !id.is_empty()).then_some(id))
}

fn said(window: &Window<'_>, arguments: &[&str]) -> Result<()> {
    let status = window.world.command("xdotool").args(arguments).status()?;
    ensure!(status.success(), "xdotool {arguments:?} ended with {status}");
    Ok(())
}
