//! A real spooler with a printer that prints into files: CUPS on a socket of its own.
//!
//! As root the printer is Debian's `cups-pdf`, which only root may run. An ordinary user gets a queue
//! that keeps each job as it came.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

use crate::process::wait_for;
use crate::world::World;

/// The printer's name, which the window offers.
pub(crate) const NAME: &str = "PDF";

const BACKENDS: &str = "/usr/lib/cups";
const PDF_MODEL: &str = "/usr/share/ppd/cups-pdf/CUPS-PDF_opt.ppd";

/// The running spooler.
pub(crate) struct Printer {
    logs: PathBuf,
    prints: PathBuf,
    before: BTreeSet<PathBuf>,
    /// Holds the spooler's own files, and goes with them.
    _state: TempDir,
}

impl Printer {
    /// Starts the spooler, makes the printer the default, and tells the world where it listens.
    pub(crate) fn start(world: &mut World) -> Result<Self> {
        let logs = world.folder.join("cups");
        fs::create_dir_all(&logs)?;
        // Not beside the checkout: a socket's path may have about 100 characters, and the spooler's filters run as a user
        // of their own, to whom a checkout may be closed (`mktemp -d`). They would print an empty sheet.
        let state = tempfile::Builder::new().prefix("e2e-cups").tempdir()?;
        fs::set_permissions(state.path(), fs::Permissions::from_mode(0o755))?;
        let folder = state.path();
        let socket = folder.join("sock");
        for part in ["root", "cache", "state", "spool/tmp", "out", "bin/backend"] {
            fs::create_dir_all(folder.join(part))?;
        }
        let (user, root) = (id("-un")?, id("-u")? == "0");
        let mut files = lay_out(folder, &logs);
        if !root {
            let group = id("-gn")?;
            files.push_str(&format!("User {user}\nGroup {group}\nSystemGroup {group}\n"));
            files.push_str(&format!("ServerBin {}\n", folder.join("bin").display()));
            file_backend(folder)?;
        }
        fs::write(folder.join("root/cups-files.conf"), files)?;
        fs::write(folder.join("root/cupsd.conf"), server(&socket))?;
        let mut cupsd = world.command("/usr/sbin/cupsd");
        cupsd.arg("-f").arg("-c").arg(folder.join("root/cupsd.conf"));
        cupsd.arg("-s").arg(folder.join("root/cups-files.conf"));
        world.group.spawn(&mut cupsd, &world.log("cupsd"))?;
        world.set("CUPS_SERVER", socket);
        wait_for("the spooler", Duration::from_secs(20), || {
            let answer = world.command("lpstat").arg("-r").output()?;
            Ok(String::from_utf8_lossy(&answer.stdout).contains("is running").then_some(()))
        })?;
        let admin = |arguments: &[&str]| -> Result<()> {
            let output = world.command("/usr/sbin/lpadmin").args(arguments).output()?;
            if !output.status.success() {
                bail!("lpadmin {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
            }
            Ok(())
        };
        let (device, model) =
            if root { ("cups-pdf:/", ["-P", PDF_MODEL]) } else { ("kept:/", ["-m", "raw"]) };
        admin(&[&["-p", NAME, "-v", device, "-E"][..], &model[..]].concat())?;
        admin(&["-d", NAME])?;
        // cups-pdf asks the system's list of users for the home, whatever HOME says.
        let prints = if root { home_of(&user)?.join("PDF") } else { folder.join("out") };
        let before = listed(&prints);
        Ok(Self { logs, prints, before, _state: state })
    }

    /// Waits for the next print and moves it to where the test wants it.
    pub(crate) fn take(&self, to: &Path) -> Result<()> {
        let print = wait_for("a print", Duration::from_secs(60), || {
            let new = listed(&self.prints).into_iter().find(|path| !self.before.contains(path));
            Ok(new.filter(|path| is_whole(path)))
        })
        .with_context(|| format!("the spooler's log lies in {}", self.logs.display()))?;
        fs::copy(&print, to)?;
        // What the test printed is no business of the user's own folder.
        fs::remove_file(&print)?;
        if fs::read_dir(&self.prints)?.next().is_none() {
            fs::remove_dir(&self.prints)?;
        }
        Ok(())
    }
}

impl Printer {
    /// The end of the spooler's own log.
    pub(crate) fn last_words(&self) -> String {
        let log = fs::read_to_string(self.logs.join("error")).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines.iter().skip(lines.len().saturating_sub(40)).copied().collect::<Vec<_>>().join("\n")
    }
}

/// A PDF's last word is `%%EOF`: before that it is still being written.
fn is_whole(path: &Path) -> bool {
    let bytes = fs::read(path).unwrap_or_default();
    let tail = bytes.get(bytes.len().saturating_sub(64)..).unwrap_or_default();
    bytes.starts_with(b"%PDF-") && tail.windows(5).any(|window| window == b"%%EOF")
}

fn listed(folder: &Path) -> BTreeSet<PathBuf> {
    let entries = fs::read_dir(folder).map(|entries| entries.flatten().map(|entry| entry.path()).collect());
    entries.unwrap_or_default()
}

fn lay_out(folder: &Path, logs: &Path) -> String {
    let parts = [
        ("ServerRoot", "root"),
        ("CacheDir", "cache"),
        ("StateDir", "state"),
        ("RequestRoot", "spool"),
        // Inside the spool the spooler itself gives it to the user its filters run as.
        ("TempDir", "spool/tmp"),
    ];
    let files = [("AccessLog", "access"), ("ErrorLog", "error"), ("PageLog", "page")];
    let parts = parts.iter().map(|(name, part)| (name, folder.join(part)));
    let files = files.iter().map(|(name, file)| (name, logs.join(file)));
    parts.chain(files).map(|(name, path)| format!("{name} {}\n", path.display())).collect()
}

fn server(socket: &Path) -> String {
    format!(
        "LogLevel info\nListen {}\nBrowsing Off\nDefaultAuthType None\nWebInterface No\n\
         <Location />\nOrder allow,deny\nAllow all\n</Location>\n\
         <Policy default>\nJobPrivateAccess all\nJobPrivateValues none\n\
         <Limit All>\nOrder deny,allow\nAllow all\n</Limit>\n</Policy>\n",
        socket.display()
    )
}

/// CUPS's own parts, and one backend that keeps a job as a file.
fn file_backend(folder: &Path) -> Result<()> {
    for entry in fs::read_dir(BACKENDS)?.flatten().filter(|entry| entry.file_name() != "backend") {
        symlink(entry.path(), folder.join("bin").join(entry.file_name()))?;
    }
    let backend = folder.join("bin/backend/kept");
    let script = format!(
        "#!/bin/sh\n[ $# -eq 0 ] && {{ echo 'file kept:/ \"Unknown\" \"kept files\"'; exit 0; }}\n\
         cat \"${{6:--}}\" > \"{}/$1.pdf\"\n",
        folder.join("out").display()
    );
    fs::write(&backend, script)?;
    fs::set_permissions(&backend, fs::Permissions::from_mode(0o755))?;
    Ok(())
}

fn id(what: &str) -> Result<String> {
    let output = Command::new("id").arg(what).stderr(Stdio::null()).output()?;
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

fn home_of(user: &str) -> Result<PathBuf> {
    let users = fs::read_to_string("/etc/passwd")?;
    let line = users.lines().find(|line| line.split(':').next() == Some(user));
    let home = line.and_then(|line| line.split(':').nth(5)).context("no home in /etc/passwd")?;
    Ok(PathBuf::from(home))
}
