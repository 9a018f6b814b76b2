//! `cargo xtask bench [NAME…] [--claims N] [--json]`: builds what measures and hands over to it.
//!
//! Each bench is a program that prints a table, or with `--json` one object. A new bench is one more line in
//! [`BENCHES`]. What the figures mean, and the last ones: docs/benchmarks.md.

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::setup::{self, Need};
use crate::sh::{self, Done};

/// A bench, and the names it answers to.
struct Bench {
    program: &'static str,
    names: &'static [&'static str],
    run: fn(&Plan, &[&str]) -> Done<String>,
}

const BENCHES: &[Bench] = &[
    Bench { program: "desk", names: &["seed", "search", "list", "register"], run: desk },
    Bench { program: "deskctl", names: &["deskctl"], run: deskctl },
    Bench { program: "tantivy", names: &["search", "tantivy"], run: tantivy },
    Bench { program: "window", names: &["window", "memory", "size"], run: window },
    Bench { program: "sync", names: &["sync"], run: sync },
];

/// Claims that `deskctl seed` writes: enough to see its speed, which is the same code's as that of `seed`.
const DESKCTL_CLAIMS: &str = "20000";
/// Opens the keyring of the benches' own session; the daemon takes no empty one.
const KEYRING: &str =
    "printf bench | gnome-keyring-daemon --unlock --components=secrets >/dev/null && exec \"$@\"";
/// A bus that starts nothing by itself, as in the window tests.
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

/// What is asked for, and where everything of it lies.
struct Plan {
    claims: String,
    as_json: bool,
    folder: PathBuf,
    release: PathBuf,
}

/// Runs the named benches, or all.
pub(crate) fn bench(arguments: &[String]) -> Done {
    let mut names: Vec<&str> = Vec::new();
    let (mut claims, mut as_json) = ("1000000".to_owned(), false);
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--json" => as_json = true,
            "--claims" => claims = words.next().ok_or("right would be: --claims N")?.clone(),
            name if BENCHES.iter().any(|bench| bench.names.contains(&name)) => names.push(name),
            other => return Err(format!("no bench {other:?}; there are {}", listed())),
        }
    }
    let folder = sh::target().join("bench");
    let plan = Plan { claims, as_json, folder, release: sh::target().join("release") };
    plan.prepare()?;
    plan.room()?;
    build()?;
    let mut objects = Vec::new();
    for bench in BENCHES {
        let wanted: Vec<&str> = names.iter().copied().filter(|name| bench.names.contains(name)).collect();
        if !names.is_empty() && wanted.is_empty() {
            continue;
        }
        if !as_json {
            println!("\n{}", bench.program);
        }
        let said = (bench.run)(&plan, &wanted)?;
        objects.push(format!("\"{}\":{}", bench.program, said.trim()));
    }
    if as_json {
        println!("{{{}}}", objects.join(","));
    }
    Ok(())
}

fn listed() -> String {
    BENCHES.iter().flat_map(|bench| bench.names).copied().collect::<Vec<_>>().join(", ")
}

/// As they are shipped: two builds, because the peers have a workspace of their own.
fn build() -> Done {
    setup::setup(Need::Window)?;
    sh::run(sh::npm(&["run", "--silent", "build"]).stdout_to_stderr())?;
    let benches = ["build", "--release", "--example", "bench", "--example", "sync_bench"];
    let hub = ["--package", "hub", "--bin", "claims-hub"];
    let window =
        ["--package", "claims-desk", "--bin", "claims-desk", "--package", "deskctl", "--bin", "deskctl"];
    let features = ["--features", "claims-desk/custom-protocol"];
    sh::run(sh::cargo(&[&benches[..], &hub[..], &window[..], &features[..]].concat()))?;
    let mut peers = sh::cargo(&["build", "--release", "--locked"]);
    peers.current_dir(sh::root().join("tests/bench")).env("CARGO_TARGET_DIR", sh::target());
    sh::run(peers)
}

trait Quiet {
    fn stdout_to_stderr(self) -> Command;
}

impl Quiet for Command {
    /// Standard output belongs to the figures.
    fn stdout_to_stderr(mut self) -> Command {
        self.stdout(std::io::stderr());
        self
    }
}

/// What a claim with its operations, people and index entries takes on the disk, and what else must stay free.
const CLAIM_KIB: u64 = 24;
const SPARE_KIB: u64 = 4 * 1024 * 1024;

impl Plan {
    /// Refuses before a build of minutes what would end on a full disk.
    fn room(&self) -> Done {
        let claims: u64 = self.claims.parse().map_err(|_| "right would be: --claims N".to_owned())?;
        if self.profile().is_dir() {
            return Ok(());
        }
        let mut df = Command::new("df");
        let output = df.arg("-Pk").arg(&self.folder).output().map_err(|error| format!("df: {error}"))?;
        let said = String::from_utf8_lossy(&output.stdout);
        let free = said.lines().nth(1).and_then(|line| line.split_whitespace().nth(3));
        let Some(free) = free.and_then(|free| free.parse::<u64>().ok()) else { return Ok(()) };
        let needed = claims * CLAIM_KIB + SPARE_KIB;
        if free >= needed {
            return Ok(());
        }
        let (needed, free) = (needed / 1_048_576, free / 1_048_576);
        Err(format!("{claims} claims need {needed} GiB and {free} are free: make room, or say --claims N"))
    }

    fn prepare(&self) -> Done {
        for name in ["home", "runtime"] {
            sh::folder(&self.folder.join(name))?;
        }
        let runtime = self.folder.join("runtime");
        // It holds sockets: programs refuse one that others may read.
        fs::set_permissions(&runtime, fs::Permissions::from_mode(0o700))
            .map_err(|error| format!("{}: {error}", runtime.display()))?;
        sh::write(&self.folder.join("bus.conf"), BUS)
    }

    /// A branch of this size, kept for the next run: filling it takes many minutes.
    fn profile(&self) -> PathBuf {
        self.folder.join(format!("profile-{}", self.claims))
    }

    /// A program in a session of its own, with a keyring that outlives it.
    fn command(&self, program: &Path) -> Command {
        let mut command = sh::command("dbus-run-session", &["--config-file"]);
        command.arg(self.folder.join("bus.conf")).args(["--", "sh", "-c", KEYRING, "sh"]).arg(program);
        command
            .env("HOME", self.folder.join("home"))
            .env("XDG_RUNTIME_DIR", self.folder.join("runtime"))
            .env("TZ", "Asia/Shanghai");
        for name in ["XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "WAYLAND_DISPLAY"] {
            command.env_remove(name);
        }
        command
    }

    /// Runs to the end; with `--json` gives the object, else shows the table as it comes.
    fn figures(&self, mut command: Command) -> Done<String> {
        if !self.as_json {
            return sh::run(command).map(|()| String::new());
        }
        let output = command.stderr(Stdio::inherit()).output().map_err(|error| error.to_string())?;
        if !output.status.success() {
            return Err(format!("{} ended with {}", sh::line(&command), output.status));
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    fn flags(&self) -> &'static [&'static str] {
        if self.as_json { &["--json"] } else { &[] }
    }

    fn desk(&self) -> Command {
        let mut command = self.command(&self.release.join("examples/bench"));
        command.arg("--profile").arg(self.profile()).args(["--claims", &self.claims]);
        command
    }

    /// The branch is there and filled.
    fn filled(&self) -> Done {
        if self.profile().with_extension("seeded.json").is_file() {
            return Ok(());
        }
        sh::run(self.desk_seeded().stdout_to_stderr())
    }

    fn desk_seeded(&self) -> Command {
        let mut command = self.desk();
        command.arg("seed");
        command
    }
}

fn desk(plan: &Plan, names: &[&str]) -> Done<String> {
    let mut command = plan.desk();
    command.args(plan.flags()).args(names);
    plan.figures(command)
}

/// A small branch by the command line: what an administrator would see.
fn deskctl(plan: &Plan, _: &[&str]) -> Done<String> {
    let folder = plan.folder.join("deskctl");
    // The last run's branch has the same claims: seeding it again would change nothing.
    let _ = fs::remove_dir_all(&folder);
    sh::folder(&folder)?;
    let (profile, password, recovery) =
        (folder.join("profile"), folder.join("password"), folder.join("recovery"));
    sh::write(&password, "bench-2026")?;
    let program = plan.release.join("deskctl");
    let mut init = plan.command(&program);
    init.arg("--profile").arg(&profile).args(["init", "--branch", "BENCH", "--name", "Bench"]);
    init.args(["--admin", "admin", "--password-file"]).arg(&password).arg("--recovery-out").arg(&recovery);
    sh::run(init.stdout_to_stderr())?;
    let mut seed = plan.command(&program);
    seed.arg("--profile").arg(&profile).args(plan.flags());
    seed.args(["seed", "--claims", DESKCTL_CLAIMS, "--complaints", "0", "--seed", "1"]);
    plan.figures(seed)
}

/// tantivy on the same texts, which the desk's program writes into its input.
fn tantivy(plan: &Plan, _: &[&str]) -> Done<String> {
    let queries = plan.profile().with_extension("queries.json");
    if !queries.is_file() {
        return Err(
            "right would be: cargo xtask bench search tantivy (the desk's search writes the queries)"
                .to_owned(),
        );
    }
    let index = plan.folder.join("tantivy");
    let _ = fs::remove_dir_all(&index);
    let mut texts = plan.desk();
    texts.arg("--texts").stdout(Stdio::piped());
    let mut source = texts.spawn().map_err(|error| format!("{}: {error}", sh::line(&texts)))?;
    let mut peer = sh::command(plan.release.join("tantivy-search"), plan.flags());
    peer.arg(&index).arg(&queries);
    if let Some(output) = source.stdout.take() {
        peer.stdin(output);
    }
    let figures = plan.figures(peer)?;
    let status = source.wait().map_err(|error| error.to_string())?;
    if !status.success() {
        return Err(format!("{} ended with {status}", sh::line(&texts)));
    }
    let _ = fs::remove_dir_all(&index);
    Ok(figures)
}

/// The window on the same branch beside an empty one.
fn window(plan: &Plan, _: &[&str]) -> Done<String> {
    plan.filled()?;
    let mut command = plan.command(&plan.release.join("window-start"));
    let programs: [OsString; 2] =
        ["empty-window", "claims-desk"].map(|name| plan.release.join(name).into_os_string());
    command.args(plan.flags()).args(programs).env("CLAIMS_DESK_PROFILE", plan.profile());
    plan.figures(command)
}

/// Two desks and a hub beside PouchDB; what the peer needs from npm is installed beside its copy under target.
fn sync(plan: &Plan, _: &[&str]) -> Done<String> {
    setup::postgres()?;
    let peer = plan.folder.join("pouchdb");
    sh::folder(&peer)?;
    let source = sh::root().join("tests/bench/pouchdb");
    for name in ["package.json", "package-lock.json", "peer.mjs"] {
        let (from, to) = (source.join(name), peer.join(name));
        fs::copy(&from, &to).map_err(|error| format!("{}: {error}", from.display()))?;
    }
    let mut install = sh::npm(&["ci", "--no-audit", "--no-fund", "--silent"]).stdout_to_stderr();
    install.current_dir(&peer);
    sh::run(install)?;
    let mut command = plan.command(&plan.release.join("examples/sync_bench"));
    command.args(plan.flags()).arg("--hub").arg(plan.release.join("claims-hub")).arg("--peer").arg(&peer);
    plan.figures(command)
}
