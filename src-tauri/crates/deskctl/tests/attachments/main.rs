//! Issue 3, proof 8: attachments cross a link that is cut at random, desk to hub to desk, each a process of its own.
//! Checked: no cut repeats more than one chunk, the bytes are equal at the other end, and no process needs more than
//! 64 MiB above what it needs idle. The receiving desk is also killed half-way.
//!
//! The largest file has 40 MiB. The full size: `CLAIMS_ATTACHMENT_MIB=1024 cargo test -p deskctl --test attachments`.
//! `CLAIMS_ATTACHMENT_SEED` cuts where an earlier run did.
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

use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use common::{Profile, answer};
use processes::link::{Link, Random};
use processes::{Process, hub, number};
use scratchpg::{Durability, Postgres};
use serde_json::{Value, json};

/// The chunk of crate `wire`.
const CHUNK: u64 = 4 * 1024 * 1024;
/// No connection carries more, once the link cuts.
const LONGEST: u64 = 3 * CHUNK;
/// What a process may need above what it needs idle.
const ABOVE_IDLE: u64 = 64 * 1024 * 1024;
/// What a round says besides chunks, and a chunk besides its bytes.
const TALK: u64 = 16 * 1024;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        Some("part") => part::play(&arguments[1..]),
        // What cargo gives other tests: a filter, or the wish for a list.
        Some("--list") => println!("attachments_cross_a_link_that_is_cut: test"),
        _ => attachments_cross_a_link_that_is_cut(),
    }
}

/// Bytes no compression makes smaller.
fn make_file(path: &Path, size: u64, seed: u64) {
    let mut file = std::io::BufWriter::new(std::fs::File::create(path).unwrap());
    let mut random = Random(seed);
    let (mut left, mut block) = (size, vec![0u8; 64 * 1024]);
    while left > 0 {
        block.chunks_exact_mut(8).for_each(|word| word.copy_from_slice(&random.next().to_le_bytes()));
        let count = left.min(block.len() as u64);
        file.write_all(&block[..usize::try_from(count).unwrap()]).unwrap();
        left -= count;
    }
    file.flush().unwrap();
}

fn attachments_cross_a_link_that_is_cut() {
    let largest = number("CLAIMS_ATTACHMENT_MIB", 40) * 1024 * 1024 + 12_345;
    let seed = number("CLAIMS_ATTACHMENT_SEED", u64::from(std::process::id()));
    let sizes = [1, CHUNK - 1, CHUNK, CHUNK + 1, largest];
    let sealed: u64 = sizes.iter().map(|size| size + size.div_ceil(CHUNK) * 16).sum();
    let began = Instant::now();

    let postgres = Postgres::start(Durability::None).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let files = format!("file://{}", folder.path().join("hub").display());
    let (hub, address) = hub(&postgres.url("postgres"), &files);
    let link = Link::start(seed, LONGEST);
    link.lead_to(vec![address]);

    let (one, two) = (Profile::new(), Profile::new());
    let mut sums = Vec::new();
    let mut paths = Vec::new();
    for (place, size) in sizes.iter().enumerate() {
        let path = folder.path().join(format!("attachment-{place}"));
        make_file(&path, *size, seed + 1 + place as u64);
        paths.push(path.display().to_string());
    }
    for desk in [&one, &two] {
        let code = Process::finish(Process::start(&["code", &postgres.url("postgres")]));
        let code = code["code"].as_str().unwrap();
        answer(&desk.run(&["sync", "enrol", "--hub", &link.url(), "--code", code]));
    }
    let place =
        |desk: &Profile| (desk.folder().display().to_string(), desk.file("recovery").display().to_string());
    let (folder_one, recovery_one) = place(&one);
    let (folder_two, recovery_two) = place(&two);
    let mut attach = vec!["attach", &folder_one, &recovery_one];
    attach.extend(paths.iter().map(String::as_str));
    let attached = Process::finish(Process::start(&attach));
    bounded("sealing", &attached);
    for sum in attached["sums"].as_array().unwrap() {
        sums.push(sum.as_str().unwrap().to_owned());
    }

    let hub_idle = part::rest(hub.0.id());
    link.cut_from_now_on();
    let sent = Process::finish(Process::start(&["sync", &folder_one, &recovery_one]));
    let (up, _, cuts_up) = link.counted();
    bounded("sending", &sent);
    repeated("sent", up, sealed, cuts_up, sent["rounds"].as_u64().unwrap(), sizes.len());

    // Its first half, then it dies.
    let (dying, _) = Process::start(&["sync", &folder_two, &recovery_two]);
    let until = Instant::now() + Duration::from_secs(600);
    while link.peek().1 < sealed / 2 {
        assert!(Instant::now() < until, "nothing comes");
        std::thread::sleep(Duration::from_millis(5));
    }
    drop(dying);
    let fetched = Process::finish(Process::start(&["sync", &folder_two, &recovery_two]));
    let (_, down, cuts_down) = link.counted();
    bounded("fetching", &fetched);
    // The kill is a cut too; what it was told is not known.
    repeated(
        "fetched",
        down,
        sealed,
        cuts_down + 1,
        fetched["rounds"].as_u64().unwrap() * 2 + 20,
        sizes.len(),
    );
    let hub_peak = part::peak(hub.0.id());
    assert!(hub_peak <= hub_idle + ABOVE_IDLE, "the hub: {hub_peak} bytes above {hub_idle}");

    let mut check = vec!["check", &folder_two, &recovery_two];
    check.extend(sums.iter().map(String::as_str));
    let checked = Process::finish(Process::start(&check));
    bounded("reading", &checked);
    assert_eq!(checked["equal"], json!(sums.len()), "{checked}");
    println!(
        "{}",
        json!({
            "seed": seed, "largest": largest, "cuts": cuts_up + cuts_down, "seconds": began.elapsed().as_secs(),
            "sent_again": up.saturating_sub(sealed), "fetched_again": down.saturating_sub(sealed),
            "above_idle": {
                "hub": hub_peak - hub_idle, "sending": above(&sent), "fetching": above(&fetched),
                "sealing": above(&attached), "reading": above(&checked),
            },
        })
    );
}

fn above(process: &Value) -> u64 {
    process["peak"].as_u64().unwrap().saturating_sub(process["idle"].as_u64().unwrap())
}

fn bounded(what: &str, process: &Value) {
    assert!(above(process) <= ABOVE_IDLE, "{what}: {} bytes above idle: {process}", above(process));
}

/// No cut repeats more than one chunk.
fn repeated(what: &str, bytes: u64, sealed: u64, cuts: u64, rounds: u64, files: usize) {
    let talk = TALK * (rounds + 3 * files as u64 + sealed / CHUNK);
    assert!(cuts >= 3, "the link was cut {cuts} times only");
    assert!(bytes >= sealed, "{what} {bytes} of {sealed} bytes");
    let allowed = sealed + cuts * (CHUNK + 16) + talk;
    assert!(bytes <= allowed, "{what} {bytes} bytes for {sealed} with {cuts} cuts; at most {allowed}");
}
