//! Commands around the real window: run, demo, the tests in it, and the bindings it is called through.

use std::env;
use std::path::PathBuf;

use crate::setup::{self, Need};
use crate::sh::{self, Done};
use crate::tools;

/// Builds everything and opens the window; without a display, walks the demo.
pub(crate) fn run() -> Done {
    if env::var_os("DISPLAY").is_none() && env::var_os("WAYLAND_DISPLAY").is_none() {
        let folder = sh::target().join("demo");
        println!("no display here: two counter visits are walked through the real window on a virtual one");
        return walk(&folder);
    }
    setup::setup(Need::Run)?;
    sh::run(sh::npm(&["run", "build"]))?;
    sh::run(sh::cargo(&["build", "--release", "--features", "custom-protocol"]))?;
    let profile = sh::target().join("run-profile");
    println!("the data of this window lies in {}", profile.display());
    let mut window = sh::command(sh::target().join("release/claims-desk"), &[]);
    window.env("CLAIMS_DESK_PROFILE", profile);
    sh::run(window)
}

/// `demo --out DIR`.
pub(crate) fn demo(arguments: &[String]) -> Done {
    match arguments {
        [flag, folder] if flag == "--out" => {
            walk(&env::current_dir().map_err(|error| error.to_string())?.join(folder))
        }
        _ => Err("right would be: cargo xtask demo --out DIR".to_owned()),
    }
}

fn walk(folder: &PathBuf) -> Done {
    setup::setup(Need::Window)?;
    sh::run(sh::npm(&["run", "build"]))?;
    build_window()?;
    let mut demo = sh::command(sh::target().join("debug/e2e"), &["--demo"]);
    demo.arg(folder);
    sh::run(told_where(demo))?;
    println!("screenshots and PDFs lie in {}", folder.display());
    Ok(())
}

/// `e2e [NAME…]`.
pub(crate) fn e2e(names: &[String]) -> Done {
    setup::setup(Need::Window)?;
    sh::run(sh::npm(&["run", "build"]))?;
    e2e_after_setup(names)
}

/// The tests in the real window, with the page in `ui/dist` as it is.
pub(crate) fn e2e_after_setup(names: &[String]) -> Done {
    build_window()?;
    let mut e2e = sh::command(sh::target().join("debug/e2e"), &[]);
    e2e.args(names);
    sh::run(told_where(e2e))
}

fn build_window() -> Done {
    let features = ["--features", "claims-desk/custom-protocol"];
    let packages =
        ["build", "--package", "claims-desk", "--package", "deskctl", "--package", "hub", "--package", "e2e"];
    sh::run(sh::cargo(&[&packages[..], &features[..]].concat()))
}

fn told_where(mut command: std::process::Command) -> std::process::Command {
    let debug = sh::target().join("debug");
    command
        .env("E2E_WINDOW", debug.join("claims-desk"))
        .env("E2E_DESKCTL", debug.join("deskctl"))
        .env("E2E_HUB", debug.join("claims-hub"))
        .env("E2E_DRIVER", tools::TAURI_DRIVER.program())
        .env("E2E_WORK", sh::target().join("e2e"))
        .env("E2E_ROOT", sh::root());
    command
}

/// Has the drift test of the root package write what it would otherwise compare.
pub(crate) fn bindings() -> Done {
    let mut test = sh::cargo(&["test", "--quiet", "--package", "claims-desk", "--test", "bindings"]);
    test.env("UPDATE_BINDINGS", "1");
    sh::run(test)
}
