//! Issue 3, proof 2: five desks, two replicas of the hub, PostgreSQL and the link between them, each a process of its
//! own, each killed or cut at random moments while people work. Checked at the end: what a desk told its user to be
//! saved is at every desk, once; all desks hold equal records; the hub's log holds.
//!
//! Ten rounds. The full size: `CLAIMS_ROUNDS=200 cargo test -p deskctl --test rounds`. `CLAIMS_ROUNDS_SEED` kills in the
//! order of an earlier run; when exactly is the machine's.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a program of the tests fails like a test and speaks through its output"
)]

#[cfg(test)]
#[path = "../common/mod.rs"]
mod common;
#[cfg(test)]
mod part;
#[cfg(test)]
#[path = "../processes/mod.rs"]
mod processes;

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::process::ChildStdout;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use common::{Profile, answer};
use processes::link::{Link, Random};
use processes::{Process, hub, number};
use scratchpg::{Durability, Postgres};
use serde_json::{Value, json};

const DESKS: usize = 5;
const REPLICAS: usize = 2;
/// Once it cuts, no connection carries more bytes: a few requests.
const LONGEST: u64 = 60_000;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        Some("part") => part::play(&arguments[1..]),
        // What cargo gives other tests: a filter, or the wish for a list.
        Some("--list") => println!("rounds_of_kills_lose_and_double_nothing: test"),
        _ => rounds_of_kills_lose_and_double_nothing(),
    }
}

/// A desk at work, and the numbers of claims it says are saved.
struct Desk {
    profile: Profile,
    process: Option<Process>,
    saved: Receiver<String>,
}

impl Desk {
    fn work(&mut self, salt: u64) {
        let (folder, recovery) = place(&self.profile);
        let (process, said) = Process::start(&["work", &folder, &recovery, &salt.to_string()]);
        self.process = Some(process);
        self.saved = listen(said);
    }

    /// What was said since this was asked last.
    fn saved(&self, saved: &mut Vec<String>) {
        saved.extend(self.saved.try_iter());
    }

    fn kill(&mut self, saved: &mut Vec<String>) {
        drop(self.process.take());
        // What it said before it died was said: until its pipe ends.
        saved.extend(self.saved.iter());
    }
}

fn place(profile: &Profile) -> (String, String) {
    (profile.folder().display().to_string(), profile.file("recovery").display().to_string())
}

fn listen(said: BufReader<ChildStdout>) -> Receiver<String> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for line in said.lines() {
            let Ok(line) = line else { return };
            // A line cut by the kill was not said.
            let Ok(said) = serde_json::from_str::<Value>(&line) else { return };
            if sender.send(said["no"].as_str().unwrap().to_owned()).is_err() {
                return;
            }
        }
    });
    receiver
}

fn rounds_of_kills_lose_and_double_nothing() {
    let rounds = number("CLAIMS_ROUNDS", 10);
    let seed = number("CLAIMS_ROUNDS_SEED", u64::from(std::process::id()));
    let mut random = Random(seed);
    let mut chance = |below: usize| usize::try_from(random.next() >> 8).unwrap() % below;
    let began = Instant::now();

    let mut postgres = Postgres::start(Durability::None).unwrap();
    let url = postgres.url("postgres");
    let folder = tempfile::tempdir().unwrap();
    let files = format!("file://{}", folder.path().display());
    let mut replicas: Vec<(Process, SocketAddr)> = (0..REPLICAS).map(|_| hub(&url, &files)).collect();
    let link = Link::start(seed, LONGEST);
    let addresses = |replicas: &[(Process, SocketAddr)]| replicas.iter().map(|(_, at)| *at).collect();
    link.lead_to(addresses(&replicas));

    let mut desks: Vec<Desk> =
        (0..DESKS).map(|_| Desk { profile: Profile::new(), process: None, saved: channel().1 }).collect();
    for desk in &desks {
        let code = Process::finish(Process::start(&["code", &url]));
        let code = code["code"].as_str().unwrap();
        answer(&desk.profile.run(&["sync", "enrol", "--hub", &link.url(), "--code", code]));
    }
    let mut saved = Vec::new();
    let mut salt = 0;
    for desk in &mut desks {
        salt += 1;
        desk.work(salt);
    }
    let mut kills = [0usize; 4];
    for _ in 0..rounds {
        std::thread::sleep(Duration::from_millis(500 + u64::try_from(chance(1500)).unwrap()));
        match chance(8) {
            0..4 => {
                let victim = chance(DESKS);
                desks[victim].kill(&mut saved);
                salt += 1;
                desks[victim].work(salt);
                kills[0] += 1;
            }
            4 | 5 => {
                let victim = chance(REPLICAS);
                drop(replicas.remove(victim));
                link.lead_to(addresses(&replicas));
                std::thread::sleep(Duration::from_millis(u64::try_from(chance(500)).unwrap()));
                replicas.push(hub(&url, &files));
                link.lead_to(addresses(&replicas));
                kills[1] += 1;
            }
            6 => {
                postgres.crash().unwrap();
                kills[2] += 1;
            }
            _ => {
                link.cut_from_now_on();
                std::thread::sleep(Duration::from_millis(1_000));
                link.heal();
                kills[3] += 1;
            }
        }
        for desk in &desks {
            desk.saved(&mut saved);
        }
    }
    for desk in &mut desks {
        desk.kill(&mut saved);
    }
    assert!(!saved.is_empty(), "nothing was done between the kills");

    // Everybody brings what is left, then everybody learns what the others brought.
    let mut ends: Vec<Value> = Vec::new();
    for _ in 0..2 {
        ends = desks
            .iter()
            .map(|desk| {
                let (folder, recovery) = place(&desk.profile);
                Process::finish(Process::start(&["rest", &folder, &recovery]))
            })
            .collect();
    }
    for (place, end) in ends.iter().enumerate() {
        assert_eq!(end["digest"], ends[0]["digest"], "desk {place} holds other records");
        let numbers: Vec<&str> =
            end["claims"].as_array().unwrap().iter().map(|no| no.as_str().unwrap()).collect();
        let once: BTreeSet<&str> = numbers.iter().copied().collect();
        assert_eq!(numbers.len(), once.len(), "desk {place}: a number twice");
        let lost: Vec<&String> = saved.iter().filter(|no| !once.contains(no.as_str())).collect();
        assert!(lost.is_empty(), "desk {place} lost {lost:?}");
        assert_eq!(end["conflicts"], json!(0), "desk {place}: nobody worked on another's claim");
    }
    let told: BTreeSet<&String> = saved.iter().collect();
    assert_eq!(told.len(), saved.len(), "a number was given twice");
    let verified = Process::finish(Process::start(&["verify", &url]));
    assert_eq!(verified["problems"], json!([]), "{verified}");
    for desk in &desks {
        desk.profile.verify();
    }
    println!(
        "{}",
        json!({
            "seed": seed, "rounds": rounds, "seconds": began.elapsed().as_secs(), "saved": saved.len(),
            "operations": verified["operations"],
            "killed": { "desks": kills[0], "replicas": kills[1], "postgres": kills[2], "links_cut": kills[3] },
        })
    );
}
