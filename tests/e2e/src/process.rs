//! Processes that end with the test: all belong to one group, and a watchdog ends the group when this program is gone,
//! however it went.

use std::fs::{self, File};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// The group and its watchdog.
pub(crate) struct Group {
    watchdog: Child,
    id: i32,
}

impl Group {
    /// Starts the watchdog. It leads the group and waits for its input to close, which the system does when this
    /// program ends, even by `kill -9`.
    pub(crate) fn new() -> Result<Self> {
        let watchdog = Command::new("sh")
            .args(["-c", "read _; kill -9 0"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .context("starting the watchdog")?;
        let id = i32::try_from(watchdog.id()).context("a process id out of range")?;
        Ok(Self { watchdog, id })
    }

    /// Starts a program of the group with its output in a file.
    pub(crate) fn spawn(&self, command: &mut Command, log: &Path) -> Result<Child> {
        let file = File::options().create(true).append(true).open(log)?;
        command.stdout(file.try_clone()?).stderr(file);
        self.spawn_as_is(command)
    }

    /// Starts a program of the group with its output as the command says.
    pub(crate) fn spawn_as_is(&self, command: &mut Command) -> Result<Child> {
        let name = command.get_program().to_string_lossy().into_owned();
        command.process_group(self.id).spawn().with_context(|| format!("starting {name}"))
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        drop(self.watchdog.stdin.take());
        // The watchdog is of the group it ends.
        let _ = self.watchdog.wait();
    }
}

/// A port that nobody listens on. Another program may take it before it is used; then starting fails and says so.
pub(crate) fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

/// Asks again and again until there is an answer.
pub(crate) fn wait_for<T>(
    what: &str,
    patience: Duration,
    mut ask: impl FnMut() -> Result<Option<T>>,
) -> Result<T> {
    let begun = Instant::now();
    loop {
        let last = ask();
        if let Ok(Some(found)) = last {
            return Ok(found);
        }
        if begun.elapsed() > patience {
            return match last {
                Err(error) => Err(error.context(format!("waited {} s for {what}", patience.as_secs()))),
                Ok(_) => bail!("waited {} s for {what}", patience.as_secs()),
            };
        }
        thread::sleep(Duration::from_millis(40));
    }
}

/// Processes that run a program with a variable of this value: the window of one profile.
pub(crate) fn running(program: &Path, variable: &str, value: &Path) -> Vec<u32> {
    let Ok(program) = program.canonicalize() else { return Vec::new() };
    let setting = format!("{variable}={}", value.display());
    let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
    entries
        .flatten()
        .filter_map(|entry| entry.file_name().to_string_lossy().parse::<u32>().ok())
        .filter(|id| fs::read_link(format!("/proc/{id}/exe")).is_ok_and(|path| path == program))
        .filter(|id| {
            let environment = fs::read(format!("/proc/{id}/environ")).unwrap_or_default();
            environment.split(|byte| *byte == 0).any(|one| one == setting.as_bytes())
        })
        .collect()
}

/// Whether a process has let go of everything. Its program's name goes first, its open files and their locks later: only
/// an entry without threads, or one that nobody has asked after yet, has none.
pub(crate) fn gone(id: u32) -> bool {
    let Ok(threads) = fs::read_dir(format!("/proc/{id}/task")) else { return true };
    threads.flatten().all(|thread| {
        let stat = fs::read_to_string(thread.path().join("stat")).unwrap_or_default();
        // The state follows the name, which stands in brackets and may hold anything.
        stat.rsplit(") ").next().is_none_or(|rest| rest.is_empty() || rest.starts_with(['Z', 'X']))
    })
}

/// Sends a signal to one process.
pub(crate) fn signal(id: u32, signal: &str) -> Result<()> {
    let status = Command::new("kill").args([signal, &id.to_string()]).status()?;
    if status.success() { Ok(()) } else { bail!("kill {signal} {id}: {status}") }
}
