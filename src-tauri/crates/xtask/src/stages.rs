//! `cargo xtask test`: every check and every test, cheap ones first, stopping at the first that fails.

use std::collections::VecDeque;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::setup::{self, Need};
use crate::sh::{self, Done};
use crate::{schema, tools, window};

type Stage = (&'static str, fn(&Path) -> Done);

const STAGES: &[Stage] = &[
    ("tidy", |_| sh::run(sh::cargo(&["test", "--quiet", "--package", "xtask"]))),
    ("format", |log| sh::run_to_log(sh::cargo(&["fmt", "--all", "--check"]), log)),
    ("ui lint", |log| npm_script("lint", log)),
    ("ui types", |log| npm_script("typecheck", log)),
    ("ui dead code", |log| npm_script("knip", log)),
    ("ui tests", |log| npm_script("test", log)),
    ("ui build", |log| npm_script("build", log)),
    ("licences", |log| {
        let deny = Command::new(tools::CARGO_DENY.program());
        sh::run_to_log(with(deny, &["check", "bans", "licenses", "sources"]), log)
    }),
    ("unused", |log| {
        let machete = Command::new(tools::CARGO_MACHETE.program());
        sh::run_to_log(with(machete, &["--with-metadata", "."]), log)
    }),
    ("clippy", |log| {
        let clippy = [
            "clippy",
            "--workspace",
            "--all-targets",
            "--features",
            "custom-protocol",
            "--",
            "-D",
            "warnings",
        ];
        sh::run_to_log(sh::cargo(&clippy), log)
    }),
    ("sql", |_| schema::schema(true)),
    ("doc", |log| {
        let mut doc = sh::cargo(&["doc", "--workspace", "--no-deps", "--document-private-items"]);
        doc.env("RUSTDOCFLAGS", "-D warnings");
        sh::run_to_log(doc, log)
    }),
    ("rust tests", |_| {
        sh::run(sh::cargo(&["test", "--workspace", "--features", "custom-protocol", "--no-fail-fast"]))
    }),
    ("window tests", |_| window::e2e_after_setup(&[])),
];

fn with(mut command: Command, arguments: &[&str]) -> Command {
    command.args(arguments).current_dir(sh::root()).stdin(std::process::Stdio::null());
    command
}

fn npm_script(script: &str, log: &Path) -> Done {
    sh::run_to_log(sh::npm(&["run", script]), log)
}

/// Runs all stages and says what each took.
pub(crate) fn test() -> Done {
    let logs = sh::target().join("xtask-logs");
    sh::folder(&logs)?;
    let begun = Instant::now();
    let mut table = Vec::new();
    timed("setup", &mut table, || setup::setup(Need::Test))?;
    for (name, stage) in STAGES {
        let log = logs.join(format!("{}.log", name.replace(' ', "-")));
        // A log of an earlier run must not be taken for this one's.
        let _ = fs::remove_file(&log);
        timed(name, &mut table, || stage(&log)).map_err(|message| failed(name, &message, &log, &table))?;
    }
    println!("\n{}all green in {}", rows(&table), minutes(begun.elapsed()));
    Ok(())
}

fn timed(
    name: &'static str,
    table: &mut Vec<(&'static str, Duration)>,
    stage: impl FnOnce() -> Done,
) -> Done {
    println!("\n== {name}");
    let begun = Instant::now();
    let done = stage();
    table.push((name, begun.elapsed()));
    println!("== {name}: {} in {}", if done.is_ok() { "ok" } else { "FAILED" }, minutes(begun.elapsed()));
    done
}

fn failed(name: &str, message: &str, log: &Path, table: &[(&'static str, Duration)]) -> String {
    let mut text = rows(table);
    // Some stages write to the terminal and leave no log.
    if let Ok(written) = fs::read_to_string(log) {
        let mut tail: VecDeque<&str> = VecDeque::new();
        for line in written.lines() {
            tail.push_back(line);
            if tail.len() > 60 {
                tail.pop_front();
            }
        }
        for line in tail {
            text.push_str(line);
            text.push('\n');
        }
        text.push_str(&format!("whole log: {}\n", log.display()));
    }
    format!("{text}stage {name:?} failed: {message}")
}

fn rows(table: &[(&'static str, Duration)]) -> String {
    table.iter().map(|(name, took)| format!("{name:<16}{:>9}\n", minutes(*took))).collect()
}

fn minutes(took: Duration) -> String {
    let seconds = took.as_secs();
    format!("{}:{:02} min", seconds / 60, seconds % 60)
}
