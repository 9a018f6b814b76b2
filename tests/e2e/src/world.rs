//! What stands around the window: a display, a window manager, a session bus with a keyring, a printer.

use std::ffi::OsString;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::process::{Group, wait_for};

/// The screen of a counter.
const SCREEN: &str = "1366x768x24";
/// Opens the test keyring; the daemon takes no empty one.
const KEYRING_PASSWORD: &[u8] = b"e2e";

/// A bus that starts nothing by itself: the desktop's portals would mount file systems into the test's folder.
const BUS: &str = r#"<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#;

/// The programs a run needs, as `cargo xtask` names them.
pub(crate) struct Programs {
    pub(crate) window: PathBuf,
    pub(crate) deskctl: PathBuf,
    pub(crate) hub: PathBuf,
    pub(crate) driver: PathBuf,
    pub(crate) root: PathBuf,
    work: PathBuf,
}

impl Programs {
    pub(crate) fn from_environment() -> Result<Self> {
        let path = |name: &str| {
            let value = std::env::var_os(name).map(PathBuf::from);
            value.with_context(|| format!("{name} is not set; right would be: cargo xtask e2e"))
        };
        Ok(Self {
            window: path("E2E_WINDOW")?,
            deskctl: path("E2E_DESKCTL")?,
            hub: path("E2E_HUB")?,
            driver: path("E2E_DRIVER")?,
            root: path("E2E_ROOT")?,
            work: path("E2E_WORK")?,
        })
    }
}

/// One display with all that belongs to it. Dropping it ends every process in it.
pub(crate) struct World {
    pub(crate) programs: Programs,
    pub(crate) group: Group,
    /// Logs and profiles of this run; the last run's are overwritten.
    pub(crate) folder: PathBuf,
    environment: Vec<(&'static str, OsString)>,
}

impl World {
    pub(crate) fn start() -> Result<Self> {
        let programs = Programs::from_environment()?;
        let folder = programs.work.clone();
        if folder.exists() {
            fs::remove_dir_all(&folder).with_context(|| format!("emptying {}", folder.display()))?;
        }
        let (home, runtime) = (folder.join("home"), folder.join("runtime"));
        fs::create_dir_all(&home)?;
        fs::create_dir_all(&runtime)?;
        private(&runtime)?;
        let mut world = Self { programs, group: Group::new()?, folder, environment: Vec::new() };
        world.set("HOME", home);
        world.set("XDG_RUNTIME_DIR", runtime);
        world.set("TZ", "Asia/Shanghai");
        world.set("GDK_BACKEND", "x11");
        // Xvfb has no graphics card to share buffers with.
        world.set("WEBKIT_DISABLE_DMABUF_RENDERER", "1");
        world.set("NO_AT_BRIDGE", "1");
        world.start_display()?;
        world.start_bus()?;
        world.start_keyring()?;
        Ok(world)
    }

    pub(crate) fn set(&mut self, name: &'static str, value: impl Into<OsString>) {
        self.environment.push((name, value.into()));
    }

    /// A command inside this world: its home, display, bus and printer, and nothing of the developer's own.
    pub(crate) fn command(&self, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new(program.as_ref());
        for name in ["WAYLAND_DISPLAY", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XAUTHORITY"] {
            command.env_remove(name);
        }
        command.envs(self.environment.iter().map(|(name, value)| (name, value))).stdin(Stdio::null());
        command
    }

    pub(crate) fn log(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.log"))
    }

    fn start_display(&mut self) -> Result<()> {
        let mut xvfb = self.command("Xvfb");
        // It looks for a free number itself and says which: no two runs meet.
        xvfb.args(["-displayfd", "1", "-screen", "0", SCREEN, "-nolisten", "tcp", "-noreset"]);
        let display = self.first_line(&mut xvfb, "Xvfb")?;
        self.set("DISPLAY", format!(":{display}"));
        let mut openbox = self.command("openbox");
        self.group.spawn(&mut openbox, &self.log("openbox"))?;
        Ok(())
    }

    fn start_bus(&mut self) -> Result<()> {
        let mut bus = self.command("dbus-daemon");
        let config = self.folder.join("bus.conf");
        fs::write(&config, BUS)?;
        bus.arg("--config-file").arg(&config).args(["--nofork", "--nopidfile", "--print-address=1"]);
        let address = self.first_line(&mut bus, "dbus-daemon")?;
        self.set("DBUS_SESSION_BUS_ADDRESS", address);
        Ok(())
    }

    /// Starts a program that says one thing and stays.
    fn first_line(&self, command: &mut Command, name: &str) -> Result<String> {
        command.stdout(Stdio::piped()).stderr(fs::File::create(self.log(name))?);
        let mut child = self.group.spawn_as_is(command)?;
        let mut line = String::new();
        let mut output = BufReader::new(child.stdout.take().context("no output")?);
        output.read_line(&mut line)?;
        if line.trim().is_empty() {
            bail!("{name} did not start; see {}", self.log(name).display());
        }
        // The pipe must stay open and empty, or the program would end on its next word.
        std::thread::spawn(move || {
            let mut rest = Vec::new();
            let _ = output.read_to_end(&mut rest);
        });
        Ok(line.trim().to_owned())
    }

    fn start_keyring(&self) -> Result<()> {
        let mut daemon = self.command("gnome-keyring-daemon");
        daemon.args(["--foreground", "--unlock", "--components=secrets"]).stdin(Stdio::piped());
        let mut child: Child = self.group.spawn(&mut daemon, &self.log("keyring"))?;
        child.stdin.take().context("no input")?.write_all(KEYRING_PASSWORD)?;
        wait_for("the keyring", Duration::from_secs(20), || {
            let mut ask = self.command("dbus-send");
            ask.args(["--session", "--print-reply", "--dest=org.freedesktop.DBus", "/org/freedesktop/DBus"]);
            ask.args(["org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.secrets"]);
            let reply = ask.output()?;
            Ok(String::from_utf8_lossy(&reply.stdout).contains("boolean true").then_some(()))
        })
    }

    /// Photographs the whole screen, window frames and system dialogs included.
    pub(crate) fn photograph(&self, path: &Path) -> Result<()> {
        let status = self.command("import").args(["-window", "root"]).arg(path).status()?;
        if status.success() { Ok(()) } else { bail!("import ended with {status}") }
    }
}

/// The runtime folder holds sockets: programs refuse one that others may read.
fn private(folder: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
    Ok(())
}
