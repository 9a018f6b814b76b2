//! Processes killed at random moments while they write: what was acknowledged is there, and the log holds.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "the functions around the tests may fail like tests"
)]

#[cfg(test)]
mod common;

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::Stdio;
use std::time::{Duration, SystemTime};

use common::{Profile, answer, example};
use serde_json::{Value, json};

/// Kills of each profile, profiles one after the other, and how many of those rows run at the same time: 200 kills.
/// Few kills for each profile, because every opening walks its whole log.
const KILLS: usize = 10;
const PROFILES: usize = 10;
const ROWS: usize = 2;

/// The same loss on another policy each time, so that no duplicate is suspected.
fn inputs(example: &Value, from: usize) -> impl Iterator<Item = String> + use<> {
    let mut input = example.clone();
    (from..).map(move |number| {
        input["policy"]["no"] = json!(format!("KILL{number:08}"));
        format!("{input}\n")
    })
}

fn kill_again_and_again(which: usize) {
    let profile = Profile::new();
    let example = example("hospital-cash");
    let mut acknowledged = BTreeSet::new();
    let mut registered = 0;
    let mut dice = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().subsec_nanos() as u64
        + which as u64;
    for kill in 0..=KILLS {
        let mut child = profile
            .command_as("admin")
            .args(["claim", "register", "--template", "hospital-cash", "--verify-first", "--input", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("deskctl runs");
        let mut stdin = child.stdin.take().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let verified: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("kill {kill}: {line}"));
        assert_eq!(verified["verified"]["faults"], json!([]), "after kill {kill}");
        if kill == KILLS {
            drop(stdin);
            assert!(child.wait().expect("the process ends").success());
            break;
        }
        let lines = inputs(&example, registered);
        registered += 1_000;
        let writing = std::thread::spawn(move || {
            // Ends with the pipe, when the reader has been killed.
            for line in lines.take(1_000) {
                if stdin.write_all(line.as_bytes()).is_err() {
                    break;
                }
            }
        });
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        // Every other time from the beginning, when nothing is written yet; else amid the writing.
        let mut acknowledge = |line: &str| {
            // A last line cut by the kill was not acknowledged.
            if let Ok(answer) = serde_json::from_str::<Value>(line) {
                acknowledged.insert(answer["no"].as_str().expect("a number").to_owned());
            }
        };
        let moment = if kill % 2 == 0 {
            Duration::from_micros((dice >> 33) % 200_000)
        } else {
            line.clear();
            stdout.read_line(&mut line).unwrap();
            acknowledge(&line);
            Duration::from_micros((dice >> 33) % 30_000)
        };
        let killing = std::thread::spawn(move || {
            std::thread::sleep(moment);
            child.kill().expect("SIGKILL");
            child.wait().expect("the process ends");
        });
        for line in stdout.lines() {
            let Ok(line) = line else { break };
            acknowledge(&line);
        }
        killing.join().unwrap();
        writing.join().unwrap();
    }

    let mut present = BTreeSet::new();
    loop {
        let offset = present.len().to_string();
        let page = answer(&profile.run(&["claim", "list", "--limit", "500", "--offset", &offset]));
        let rows = page["rows"].as_array().unwrap();
        if rows.is_empty() {
            break;
        }
        present.extend(rows.iter().map(|row| row["no"].as_str().unwrap().to_owned()));
    }
    let lost: Vec<_> = acknowledged.difference(&present).collect();
    assert!(lost.is_empty(), "lost: {lost:?}");
    assert!(acknowledged.len() >= KILLS / 2, "work was done between the kills");
    profile.verify();
}

#[test]
fn two_hundred_kills_lose_nothing_acknowledged() {
    let rows: Vec<_> = (0..ROWS)
        .map(|row| {
            std::thread::spawn(move || {
                (0..PROFILES).for_each(|which| kill_again_and_again(row * PROFILES + which))
            })
        })
        .collect();
    for row in rows {
        row.join().expect("every profile holds");
    }
}
