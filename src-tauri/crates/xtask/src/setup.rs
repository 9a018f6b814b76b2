//! `cargo xtask setup`: what the machine needs, and only what is missing of it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::sh::{self, Done};
use crate::tools;

/// What a command is going to do with the machine.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// Build the program and open its window.
    Run,
    /// Drive the window without a display.
    Window,
    /// Run every check and test.
    Test,
}

/// To compile and start the program.
const BUILD_PACKAGES: &[&str] = &[
    "build-essential",
    "perl",       // OpenSSL inside SQLCipher is configured by it
    "pkg-config", // finds the libraries below
    "libwebkit2gtk-4.1-dev",
    "libayatana-appindicator3-dev",
    "librsvg2-dev",
    "libcups2-dev",   // the print spooler
    "fonts-noto-cjk", // Chinese in the window
    "gnome-keyring",  // where the database key lies
];

/// To drive the window without a display and print from it.
const WINDOW_PACKAGES: &[&str] = &[
    "webkit2gtk-driver",
    "xvfb",
    "openbox",
    "dbus",
    "dbus-x11",
    "cups",
    "printer-driver-cups-pdf",
    "imagemagick", // photographs the screen
    "xdotool",     // types into the system's own dialogs
];

/// To look into the PDFs that the tests make.
const TEST_PACKAGES: &[&str] = &["poppler-utils", "qpdf"];

const OLDEST_NODE: (u32, u32) = (20, 19);

/// Installs what is missing.
pub(crate) fn setup(need: Need) -> Done {
    let mut packages = BUILD_PACKAGES.to_vec();
    if need != Need::Run {
        packages.extend(WINDOW_PACKAGES);
    }
    if need == Need::Test {
        packages.extend(TEST_PACKAGES);
    }
    system_packages(&packages)?;
    if need == Need::Test {
        postgres()?;
    }
    node()?;
    npm_packages()?;
    match need {
        Need::Run => Ok(()),
        Need::Window => tools::install(&[tools::TAURI_DRIVER]),
        Need::Test => tools::install(&[tools::TAURI_DRIVER, tools::CARGO_MACHETE, tools::CARGO_DENY]),
    }
}

/// Installs PostgreSQL where there is none, for the hub; whichever version is there serves.
pub(crate) fn postgres() -> Done {
    if scratchpg::installed() { Ok(()) } else { system_packages(&["postgresql"]) }
}

fn system_packages(packages: &[&str]) -> Done {
    if !sh::has("dpkg-query") || !sh::has("apt-get") {
        // On another system the names differ; what the compiler misses it will name itself.
        println!("not Debian or Ubuntu: install the counterparts of\n  {}", packages.join(" "));
        return Ok(());
    }
    let missing = missing(packages);
    if missing.is_empty() {
        return Ok(());
    }
    let by_hand = format!("sudo apt-get update && sudo apt-get install -y {}", missing.join(" "));
    let root = sh::output(sh::command("id", &["-u"])).is_some_and(|id| id.trim() == "0");
    if !root && !sh::has("sudo") {
        return Err(format!(
            "packages are missing and neither root nor sudo is at hand. Run as root:\n  {by_hand}"
        ));
    }
    eprintln!("setup: installing {}", missing.join(" "));
    // The list of packages may be old or, in a fresh container, empty: then it is fetched, and only then.
    if apt(root, &install_arguments(&missing)).is_err() {
        apt(root, &["update"])
            .and_then(|()| apt(root, &install_arguments(&missing)))
            .map_err(|message| format!("{message}\nright would be, by hand:\n  {by_hand}"))?;
    }
    Ok(())
}

fn install_arguments<'a>(missing: &[&'a str]) -> Vec<&'a str> {
    let mut arguments = vec!["install", "-y", "--no-install-recommends"];
    arguments.extend(missing);
    arguments
}

fn apt(root: bool, arguments: &[&str]) -> Done {
    let mut command =
        if root { sh::command("apt-get", arguments) } else { sh::command("sudo", &["apt-get"]) };
    if !root {
        command.args(arguments);
        // sudo may ask for a password at the terminal.
        command.stdin(std::process::Stdio::inherit());
    }
    // Standard output is for what a command answers, such as the one line of `hub --json`.
    command.env("DEBIAN_FRONTEND", "noninteractive").stdout(std::io::stderr());
    sh::run(command)
}

fn missing<'a>(packages: &[&'a str]) -> Vec<&'a str> {
    let mut query =
        sh::command("dpkg-query", &["--show", "--showformat", "${db:Status-Abbrev} ${Package}\n"]);
    query.args(packages).stderr(std::process::Stdio::null());
    // dpkg-query fails when one is unknown, and still lists the others.
    let listed =
        query.output().map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    let installed: BTreeSet<&str> =
        listed.lines().filter_map(|line| line.strip_prefix("ii")).map(str::trim).collect();
    packages.iter().copied().filter(|package| !installed.contains(package)).collect()
}

fn node() -> Done {
    let (major, minor) = OLDEST_NODE;
    let found = sh::output(sh::command("node", &["--version"]));
    let version = found.as_deref().and_then(node_version);
    if version.is_some_and(|version| version >= OLDEST_NODE) && sh::has("npm") {
        return Ok(());
    }
    let found = found.map_or_else(|| "none".to_owned(), |version| version.trim().to_owned());
    Err(format!(
        "Node {major}.{minor} or newer with npm is needed; found: {found}. On Debian or Ubuntu:\n  \
         curl -fsSL https://deb.nodesource.com/setup_22.x | sudo -E bash - && sudo apt-get install -y nodejs\n\
         elsewhere: https://nodejs.org/en/download"
    ))
}

fn node_version(text: &str) -> Option<(u32, u32)> {
    let mut numbers = text.trim().strip_prefix('v')?.split('.').map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

/// Installs what the lock file says when it is another than at the last time. The stamp dies with the folder it
/// vouches for. Not `npm ci`: that refuses a lock file written where the registry does not serve the native
/// parts for other systems, as happens behind a mirror. `--no-save` keeps the lock file as it is.
fn npm_packages() -> Done {
    let ui = sh::root().join("ui");
    let lock = sh::read(&ui.join("package-lock.json"))?;
    let stamp = ui.join("node_modules/.xtask-package-lock.json");
    if is_text(&stamp, &lock) {
        return Ok(());
    }
    println!("setup: npm install in ui/");
    sh::run(sh::npm(&["install", "--no-save", "--no-audit", "--no-fund"]))?;
    sh::write(&stamp, &lock)
}

fn is_text(path: &Path, text: &str) -> bool {
    fs::read_to_string(path).is_ok_and(|found| found == text)
}

#[cfg(test)]
mod tests {
    use super::{OLDEST_NODE, node_version};

    #[test]
    fn node_versions_compare_by_number() {
        let check = |text, enough| {
            assert_eq!(node_version(text).is_some_and(|version| version >= OLDEST_NODE), enough, "{text}");
        };
        check("v20.20.2\n", true);
        check("v20.19.0\n", true);
        check("v22.1.0\n", true);
        check("v20.9.0\n", false);
        check("v18.20.4\n", false);
        check("20\n", false);
    }
}
