//! A PostgreSQL of its own in a folder of its own, gone with the process that started it.
//!
//! Standard library only: `cargo xtask` uses it too. A small shell between this process and the server waits for the
//! end of its own input, which comes however this process dies, then stops the server and removes the folder.

use std::fmt;
use std::io::{BufRead as _, BufReader, Read as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

/// Whether the server waits for the disk at each commit. A test that is not about durability need not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// As in production.
    Full,
    /// Nothing is flushed; enough while the machine stays up.
    None,
}

/// Why there is no server; the text names the program or folder.
#[derive(Debug)]
pub struct ScratchError(String);

impl fmt::Display for ScratchError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for ScratchError {}

/// A running server. Dropping it stops the server and removes its folder.
#[derive(Debug)]
pub struct Postgres {
    guard: Child,
    port: u16,
    folder: PathBuf,
    durability: Durability,
}

/// Waits for the end of its input, stops the server, removes the folder. `$1` is the folder, the rest the server.
const GUARD: &str = r#"trap : INT TERM HUP
folder=$1; shift
"$@" & server=$!
while read -r _; do :; done
kill -INT $server 2>/dev/null
wait $server 2>/dev/null
rm -rf "$folder""#;

impl Postgres {
    /// Makes and starts a server that takes connections from this machine only, as `postgres` without password.
    ///
    /// # Errors
    /// When PostgreSQL is not installed or does not start.
    pub fn start(durability: Durability) -> Result<Self, ScratchError> {
        let programs = programs()
            .ok_or_else(|| ScratchError("initdb and postgres were not found: install postgresql".into()))?;
        // Between asking for a free port and using it another process may take it.
        let mut last = ScratchError("no port".into());
        for _ in 0..3 {
            let folder = new_folder()?;
            let made = make(&programs, &folder).and_then(|()| {
                let port = free_port()?;
                Ok((serve(&programs, &folder, durability, port)?, port))
            });
            match made {
                Ok((guard, port)) => return Ok(Postgres { guard, port, folder, durability }),
                Err(error) => last = error,
            }
            let _gone = std::fs::remove_dir_all(&folder);
        }
        Err(last)
    }

    /// The address of one of its databases; `postgres` is always there.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    /// Kills the server as a crash would, and starts it again on what it left, at the same address.
    ///
    /// # Errors
    /// When it does not start again.
    pub fn crash(&mut self) -> Result<(), ScratchError> {
        let failed = |error: std::io::Error| ScratchError(format!("postgres: {error}"));
        let card = std::fs::read_to_string(self.folder.join("data/postmaster.pid")).map_err(failed)?;
        let server = card.lines().next().unwrap_or_default();
        // The guard first: it would take the folder away.
        self.guard.kill().map_err(failed)?;
        self.guard.wait().map_err(failed)?;
        Command::new("kill").args(["-9", server]).status().map_err(failed)?;
        let programs = programs().ok_or_else(|| ScratchError("postgres is gone".into()))?;
        // Its processes notice one after the other that they are alone.
        let mut last = ScratchError("no try".into());
        for _ in 0..100 {
            match serve(&programs, &self.folder, self.durability, self.port) {
                Ok(guard) => {
                    self.guard = guard;
                    return Ok(());
                }
                Err(error) => last = error,
            }
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
        Err(last)
    }

    /// Where its files lie.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        drop(self.guard.stdin.take());
        let _ended = self.guard.wait();
    }
}

/// The folder of PostgreSQL's programs: where Debian puts them, newest first, or the path.
fn programs() -> Option<PathBuf> {
    let mut folders: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .collect();
    folders.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    folders
        .into_iter()
        .rev()
        .map(|(_, folder)| folder)
        .chain(std::env::split_paths(&path))
        .find(|folder| folder.join("initdb").is_file() && folder.join("postgres").is_file())
}

/// Whether PostgreSQL is installed.
pub fn installed() -> bool {
    programs().is_some()
}

fn new_folder() -> Result<PathBuf, ScratchError> {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let folder = std::env::temp_dir().join(format!("claims-postgres-{}-{number}", std::process::id()));
    let failed = |error| ScratchError(format!("{}: {error}", folder.display()));
    let _stale = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).map_err(failed)?;
    give_away(&folder).map_err(failed)?;
    Ok(folder)
}

fn make(programs: &Path, folder: &Path) -> Result<(), ScratchError> {
    let mut initdb = ordinary(&programs.join("initdb"));
    initdb.args(["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C", "--no-sync", "-D"]);
    let output = initdb
        .arg(folder.join("data"))
        .current_dir(folder)
        .output()
        .map_err(|error| ScratchError(format!("initdb: {error}")))?;
    if output.status.success() {
        return Ok(());
    }
    Err(ScratchError(format!("initdb: {}", String::from_utf8_lossy(&output.stderr))))
}

fn free_port() -> Result<u16, ScratchError> {
    let taken = TcpListener::bind("127.0.0.1:0").and_then(|taken| taken.local_addr());
    Ok(taken.map_err(|error| ScratchError(format!("no port: {error}")))?.port())
}

/// Starts the server under a guard and waits until it takes connections.
fn serve(programs: &Path, folder: &Path, durability: Durability, port: u16) -> Result<Child, ScratchError> {
    let failed = |error: std::io::Error| ScratchError(format!("postgres: {error}"));
    let mut guard = ordinary(Path::new("sh"));
    guard.args(["-c", GUARD, "sh"]).arg(folder).arg(programs.join("postgres"));
    guard.arg("-D").arg(folder.join("data")).args(["-p", &port.to_string()]);
    for setting in ["listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=200"] {
        guard.args(["-c", setting]);
    }
    if durability == Durability::None {
        guard.args(["-c", "fsync=off", "-c", "full_page_writes=off"]);
    }
    guard.current_dir(folder).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut guard = guard.spawn().map_err(failed)?;
    let mut log = BufReader::new(guard.stderr.take().ok_or_else(|| ScratchError("no log".into()))?);
    let mut said = String::new();
    loop {
        let mut line = String::new();
        // Who asks while it starts is told so as FATAL too.
        let fatal = |line: &str| line.contains("FATAL") && !line.contains("the database system is");
        if log.read_line(&mut line).map_err(failed)? == 0 || fatal(&line) {
            let _killed = guard.kill();
            let _ended = guard.wait();
            return Err(ScratchError(format!("postgres did not start: {said}{line}")));
        }
        if line.contains("database system is ready to accept connections") {
            break;
        }
        said.push_str(&line);
    }
    // The log goes on; a full pipe would stop the server.
    std::thread::spawn(move || {
        let mut buffer = [0; 4096];
        while log.read(&mut buffer).is_ok_and(|length| length > 0) {}
    });
    Ok(guard)
}

/// A command run as an ordinary user: `initdb` and `postgres` refuse root.
fn ordinary(program: &Path) -> Command {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "only Unix has users to change to"))]
    let mut command = Command::new(program);
    #[cfg(unix)]
    if let Some((user, group)) = ordinary_user() {
        use std::os::unix::process::CommandExt as _;
        command.uid(user).gid(group).env("HOME", "/tmp");
    }
    command
}

#[cfg(unix)]
fn give_away(folder: &Path) -> std::io::Result<()> {
    match ordinary_user() {
        Some((user, group)) => std::os::unix::fs::chown(folder, Some(user), Some(group)),
        None => Ok(()),
    }
}

#[cfg(not(unix))]
fn give_away(_folder: &Path) -> std::io::Result<()> {
    Ok(())
}

/// `postgres` or `nobody`, when this process is root.
#[cfg(unix)]
fn ordinary_user() -> Option<(u32, u32)> {
    use std::os::unix::fs::MetadataExt as _;
    // The owner of one's own entry in /proc is who one is; elsewhere a file one makes tells.
    let root = match std::fs::metadata("/proc/self") {
        Ok(own) => own.uid() == 0,
        Err(_) => std::env::var("USER").is_ok_and(|user| user == "root"),
    };
    let users = std::fs::read_to_string("/etc/passwd").ok().filter(|_| root)?;
    ["postgres", "nobody"].into_iter().find_map(|wanted| {
        users.lines().find_map(|line| {
            let mut parts = line.split(':');
            if parts.next() != Some(wanted) {
                return None;
            }
            let user = parts.nth(1)?.parse().ok()?;
            Some((user, parts.next()?.parse().ok()?))
        })
    })
}
