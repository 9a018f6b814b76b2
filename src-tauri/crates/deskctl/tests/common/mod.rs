//! A profile of its own for each test, made and used through the real program, without a keyring.
#![allow(dead_code, clippy::allow_attributes, reason = "each test file uses its own part")]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

pub(crate) const PASSWORD: &str = "counter-2026";

/// A profile with its administrator.
pub(crate) struct Profile {
    root: TempDir,
}

/// The program, with nothing of the developer's surroundings.
pub(crate) fn deskctl() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_deskctl"));
    for name in ["DBUS_SESSION_BUS_ADDRESS", "CLAIMS_DESK_PROFILE", "DISPLAY", "XDG_RUNTIME_DIR"] {
        command.env_remove(name);
    }
    command
}

/// Runs without a profile.
pub(crate) fn plain(arguments: &[&str]) -> Output {
    deskctl().arg("--json").args(arguments).output().expect("deskctl runs")
}

/// The JSON answer of a command that worked.
pub(crate) fn answer(output: &Output) -> Value {
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "exit {:?}: {error}", output.status.code());
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("no JSON: {output:?}"))
}

/// The typed error of a command that was refused: one line of JSON, both languages, exit 1.
pub(crate) fn refusal(output: &Output) -> Value {
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let error: Value =
        serde_json::from_slice(&output.stderr).unwrap_or_else(|_| panic!("no JSON: {output:?}"));
    let message = error["message"].as_str().expect("a message");
    let chinese = message.chars().any(|letter| ('\u{4e00}'..'\u{a000}').contains(&letter));
    let english =
        message.split(" / ").nth(1).is_some_and(|text| text.chars().any(|c| c.is_ascii_alphabetic()));
    assert!(chinese && english && !message.contains('{'), "a sentence in both languages: {message}");
    error
}

pub(crate) fn code(output: &Output) -> String {
    refusal(output)["code"].as_str().expect("a code").to_owned()
}

impl Profile {
    pub(crate) fn new() -> Self {
        let profile = Profile { root: tempfile::tempdir().expect("a folder") };
        std::fs::write(profile.file("password"), format!("{PASSWORD}\n")).unwrap();
        let made = deskctl()
            .arg("--profile")
            .arg(profile.folder())
            .args(["--json", "init", "--branch", "SH01", "--name", "上海分公司", "--admin", "admin"])
            .arg("--password-file")
            .arg(profile.file("password"))
            .arg("--recovery-out")
            .arg(profile.file("recovery"))
            .output()
            .expect("deskctl runs");
        assert_eq!(answer(&made)["warnings"][0]["code"], "storage.keyring-unavailable");
        profile
    }

    pub(crate) fn folder(&self) -> PathBuf {
        self.root.path().join("profile")
    }

    /// A file beside the profile.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        std::fs::write(self.file(name), bytes).unwrap();
        self.file(name).display().to_string()
    }

    /// Opens by the recovery code; nobody is logged in.
    pub(crate) fn opened(&self) -> Command {
        let mut command = deskctl();
        command.arg("--profile").arg(self.folder()).arg("--recovery-code-file").arg(self.file("recovery"));
        command.arg("--json");
        command
    }

    /// As a user; every account of the tests has the same password.
    pub(crate) fn command_as(&self, user: &str) -> Command {
        let mut command = self.opened();
        command.args(["--as", user]).arg("--password-file").arg(self.file("password"));
        command
    }

    pub(crate) fn run_as(&self, user: &str, arguments: &[&str]) -> Output {
        self.command_as(user).args(arguments).output().expect("deskctl runs")
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.run_as("admin", arguments)
    }

    pub(crate) fn account(&self, user: &str, name: &str, role: &str) {
        let password = self.file("password").display().to_string();
        let arguments =
            ["account", "add", "--user", user, "--name", name, "--role", role, "--password-file", &password];
        answer(&self.run(&arguments));
    }

    /// Registers inputs given one after the other on standard input.
    pub(crate) fn register_many(&self, template: &str, inputs: &[Value]) -> Output {
        let mut child = self
            .command_as("admin")
            .args(["claim", "register", "--template", template, "--input", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("deskctl runs");
        let mut stdin = child.stdin.take().expect("a pipe");
        let lines: String = inputs.iter().map(|input| format!("{input}\n")).collect();
        let writing = std::thread::spawn(move || stdin.write_all(lines.as_bytes()).is_ok());
        let output = child.wait_with_output().expect("deskctl ends");
        // A program that stops early closes its end; that is for the test to judge by the output.
        let _whole = writing.join().expect("the writer");
        output
    }

    pub(crate) fn verify(&self) -> Value {
        let verification = answer(&self.opened().arg("verify").output().expect("deskctl runs"));
        assert_eq!(verification["faults"], serde_json::json!([]));
        verification
    }
}

/// The example of a template as input.
pub(crate) fn example(template: &str) -> Value {
    let output = plain(&["template", "example", template]);
    answer(&output)
}

/// The lines of JSON on a stream.
pub(crate) fn lines(bytes: &[u8]) -> Vec<Value> {
    let text = String::from_utf8_lossy(bytes);
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}")))
        .collect()
}

/// Runs a command line of sh as an ordinary user: for root no file is unreadable.
pub(crate) fn as_ordinary_user(script: &str) -> Output {
    let mut command = if is_root() {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups", "sh", "-c", script]);
        command
    } else {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    };
    command.env_remove("DBUS_SESSION_BUS_ADDRESS").env_remove("XDG_RUNTIME_DIR").env("HOME", "/nonexistent");
    command.output().expect("sh runs")
}

pub(crate) fn is_root() -> bool {
    let output = Command::new("id").arg("-u").output().expect("id runs");
    output.stdout.trim_ascii() == b"0"
}

/// Lets everyone read and write a folder with everything in it.
pub(crate) fn open_to_all(path: &Path) {
    let changed = Command::new("chmod").args(["-R", "a+rwX"]).arg(path).status().expect("chmod runs");
    assert!(changed.success());
}
