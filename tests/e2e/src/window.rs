//! The program under test on a profile of its own: opened, closed, killed and opened again.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::axe;
use crate::process::{self, free_port, running, signal, wait_for};
use crate::webdriver::Session;
use crate::world::World;

/// Where the program reads which profile to open.
const PROFILE: &str = "CLAIMS_DESK_PROFILE";

/// One window and the folders of its test.
pub(crate) struct Window<'a> {
    pub(crate) world: &'a World,
    pub(crate) profile: PathBuf,
    /// Pictures, prints and logs of this test.
    pub(crate) folder: PathBuf,
    driver: Option<Child>,
    session: Option<Session>,
    pictures: usize,
}

impl<'a> Window<'a> {
    /// A test's own folder with an empty profile; nothing is opened yet.
    pub(crate) fn new(world: &'a World, folder: PathBuf) -> Result<Self> {
        fs::create_dir_all(&folder)?;
        let profile = world.folder.join(folder.file_name().unwrap_or_default()).join("profile");
        fs::create_dir_all(profile.parent().unwrap_or(&folder))?;
        Ok(Self { world, profile, folder, driver: None, session: None, pictures: 0 })
    }

    /// Opens the window. A new driver each time: the old one still believes in a window that was killed.
    pub(crate) fn open(&mut self) -> Result<()> {
        let (port, native) = (free_port()?, free_port()?);
        let mut driver = self.world.command(&self.world.programs.driver);
        driver.args(["--port", &port.to_string(), "--native-port", &native.to_string()]);
        driver.env(PROFILE, &self.profile).env("RUST_BACKTRACE", "0");
        let log = self.folder.join("window.log");
        self.driver = Some(self.world.group.spawn(&mut driver, &log)?);
        self.session = Some(
            wait_for("the window", Duration::from_secs(60), || {
                Session::open(port, &self.world.programs.window).map(Some)
            })
            .with_context(|| format!("its log lies in {}", log.display()))?,
        );
        Ok(())
    }

    /// The open page.
    pub(crate) fn page(&self) -> Result<&Session> {
        self.session.as_ref().context("the window is not open")
    }

    /// Ends the program as a power cut would.
    pub(crate) fn kill(&mut self) -> Result<()> {
        let ids = self.processes();
        for id in &ids {
            signal(*id, "-9")?;
        }
        anyhow::ensure!(!ids.is_empty(), "there was no process to kill");
        self.ended(&ids)
    }

    /// Closes the window as its user would: by the window manager's key, pressed again while nothing happens. A window
    /// manager under load gives a window the keyboard only some time after it shows it.
    pub(crate) fn close(&mut self) -> Result<()> {
        let ids = self.processes();
        let mut pressed: Option<Instant> = None;
        wait_for("the window to close", Duration::from_secs(60), || {
            if ids.iter().all(|id| process::gone(*id)) {
                return Ok(Some(()));
            }
            if pressed.is_none_or(|at| at.elapsed() > Duration::from_secs(8)) {
                pressed = Some(Instant::now());
                let status = self.world.command("xdotool").args(["key", "alt+F4"]).status()?;
                anyhow::ensure!(status.success(), "xdotool ended with {status}");
            }
            Ok(None)
        })?;
        self.ended(&ids)
    }

    fn ended(&mut self, ids: &[u32]) -> Result<()> {
        self.session = None;
        wait_for("the program to end", Duration::from_secs(30), || {
            Ok(ids.iter().all(|id| process::gone(*id)).then_some(()))
        })?;
        self.end_driver();
        Ok(())
    }

    /// The program as its user starts it, without the driver.
    pub(crate) fn start(&self) -> Command {
        let mut command = self.world.command(&self.world.programs.window);
        command.env(PROFILE, &self.profile);
        command
    }

    /// The processes of this window's program; the page's own are not among them.
    pub(crate) fn processes(&self) -> Vec<u32> {
        running(&self.world.programs.window, PROFILE, &self.profile)
    }

    fn end_driver(&mut self) {
        if let Some(mut driver) = self.driver.take() {
            // Asked to end it takes the native driver with it; killed it would leave it behind.
            let _ = signal(driver.id(), "-TERM");
            let _ = driver.wait();
        }
    }

    /// Looks at the screen as the rules do: accessible, no sideways scrolling; and keeps a picture.
    pub(crate) fn look(&mut self, screen: &str) -> Result<PathBuf> {
        let path = self.photograph(screen)?;
        axe::check(self.page()?, &self.world.programs.root, screen)?;
        axe::fits(self.page()?, screen)?;
        Ok(path)
    }

    /// Keeps a picture of the whole screen, numbered in the order of the visit. The driver's own pictures come
    /// only while the page happens to be drawn anew, and else never.
    pub(crate) fn photograph(&mut self, screen: &str) -> Result<PathBuf> {
        self.pictures += 1;
        let path = self.folder.join(format!("{:02}-{screen}.png", self.pictures));
        // What the page holds is on the screen only a few frames later, and frames stop where nothing moves.
        let painted = "const done = arguments[arguments.length - 1];
            const frame = () => new Promise(next => { requestAnimationFrame(next); setTimeout(next, 200) });
            frame().then(frame).then(() => setTimeout(done, 300))";
        self.page()?.script_later(painted, &serde_json::json!([]))?;
        self.world.photograph(&path)?;
        Ok(path)
    }

    /// What a failed test leaves behind: the screen and the page's text.
    pub(crate) fn keep_evidence(&self) -> Result<()> {
        self.world.photograph(&self.folder.join("failed-screen.png"))?;
        let html =
            self.page()?.script("return document.documentElement.outerHTML", &serde_json::json!([]))?;
        fs::write(self.folder.join("failed-page.html"), html.as_str().unwrap_or_default())?;
        Ok(())
    }

    /// Runs the command-line twin on this window's profile, which must be closed, and gives what it wrote.
    pub(crate) fn deskctl(&self, arguments: &[&str]) -> Result<String> {
        let mut deskctl = self.world.command(&self.world.programs.deskctl);
        let output = deskctl.arg("--profile").arg(&self.profile).args(arguments).output()?;
        let error = String::from_utf8_lossy(&output.stderr);
        anyhow::ensure!(
            output.status.success(),
            "deskctl {arguments:?} ended with {}: {error}",
            output.status
        );
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// A file with this content in the test's folder.
    pub(crate) fn file(&self, name: &str, content: &[u8]) -> Result<PathBuf> {
        let path = self.folder.join(name);
        fs::write(&path, content).with_context(|| path.display().to_string())?;
        Ok(path)
    }
}

impl Drop for Window<'_> {
    fn drop(&mut self) {
        for id in self.processes() {
            let _ = signal(id, "-9");
        }
        self.end_driver();
    }
}

/// The folder of a test's leavings.
pub(crate) fn folder_of(world: &World, name: &str) -> PathBuf {
    world.folder.join(Path::new(name))
}
