//! A hub of the test's own: PostgreSQL in a folder of its own, and the real `claims-hub` on it.

use std::path::PathBuf;
use std::process::{Child, Command};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use scratchpg::{Durability, Postgres};
use serde_json::Value;

use crate::process::{free_port, signal, wait_for};
use crate::world::World;

/// A hub that may be stopped and started again at the same address.
pub(crate) struct Hub<'a> {
    world: &'a World,
    postgres: Postgres,
    port: u16,
    folder: PathBuf,
    running: Option<Child>,
}

impl<'a> Hub<'a> {
    /// Starts both and waits until the hub answers.
    pub(crate) fn start(world: &'a World, folder: PathBuf) -> Result<Self> {
        let postgres = Postgres::start(Durability::None)?;
        std::fs::create_dir_all(&folder)?;
        let mut hub = Self { world, postgres, port: free_port()?, folder, running: None };
        hub.go_on()?;
        Ok(hub)
    }

    /// The address desks are told.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Ends it as a power cut would.
    pub(crate) fn stop(&mut self) -> Result<()> {
        let mut running = self.running.take().context("the hub does not run")?;
        signal(running.id(), "-9")?;
        running.wait()?;
        Ok(())
    }

    /// Starts it, again or for the first time.
    pub(crate) fn go_on(&mut self) -> Result<()> {
        let mut command = self.program();
        command.args(["serve", "--json", "--listen", &format!("127.0.0.1:{}", self.port), "--files"]);
        command.arg(format!("file://{}", self.folder.join("hub-files").display()));
        self.running = Some(self.world.group.spawn(&mut command, &self.folder.join("hub.log"))?);
        let health = format!("{}/healthz", self.url());
        wait_for("the hub", Duration::from_secs(60), || {
            let asked = self.world.command("curl").args(["-sf", "-o", "/dev/null", &health]).status()?;
            Ok(asked.success().then_some(()))
        })
    }

    /// A one-time code for a desk of the branch.
    pub(crate) fn code(&self, branch: &str) -> Result<String> {
        let answer = self.ask(&["enrol", "--branch", branch, "--json"])?;
        Ok(answer.get("code").and_then(Value::as_str).context("no code")?.to_owned())
    }

    /// Shuts a desk out.
    pub(crate) fn revoke(&self, device_code: &str) -> Result<()> {
        let answer = self.ask(&["devices", "--json"])?;
        let devices = answer.get("devices").and_then(Value::as_array).context("no devices")?;
        let of = |device: &&Value| device.get("device_code").and_then(Value::as_str) == Some(device_code);
        let device = devices.iter().find(of).with_context(|| format!("no device {device_code}: {answer}"))?;
        let id = device.get("device").and_then(Value::as_str).context("no id")?;
        self.ask(&["revoke", id, "--json"]).map(drop)
    }

    fn ask(&self, arguments: &[&str]) -> Result<Value> {
        let output = self.program().args(arguments).output()?;
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "claims-hub {arguments:?}: {said}");
        Ok(serde_json::from_slice(&output.stdout)?)
    }

    fn program(&self) -> Command {
        let mut command = self.world.command(&self.world.programs.hub);
        command.env("DATABASE_URL", self.postgres.url("postgres"));
        command
    }
}

impl Drop for Hub<'_> {
    fn drop(&mut self) {
        // It must let go of the database before that is stopped.
        let _ = self.stop();
    }
}
