//! The processes of the test, and how much memory each needed.

use std::path::Path;
use std::sync::Arc;

use chrono::DateTime;
use desk::{Desk, SystemClock};
use domain::digest::{Digest, unhex};
use domain::role::Role;
use serde_json::{Value, json};
use store::{Folder, NewOperation, RecoveryCode, Store, Unlock};
use tokio::runtime::Runtime;
use uuid::Uuid;

use crate::processes::{code, serve};

/// More rounds than any number of cuts needs.
const ROUNDS: usize = 20_000;

/// Plays one part and says one line.
pub(crate) fn play(arguments: &[String]) {
    let runtime = Runtime::new().unwrap();
    let line = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["hub", database, files] => return runtime.block_on(serve(database, files)),
        ["code", database] => runtime.block_on(code(database)),
        ["attach", folder, recovery, ref paths @ ..] => runtime.block_on(attach(folder, recovery, paths)),
        ["sync", folder, recovery] => runtime.block_on(sync(folder, recovery)),
        ["check", folder, recovery, ref sums @ ..] => runtime.block_on(check(folder, recovery, sums)),
        _ => panic!("no such part: {arguments:?}"),
    };
    println!("{line}");
}

/// What a process holds at this moment; its peak is counted from now on.
pub(crate) fn rest(process: u32) -> u64 {
    std::fs::write(format!("/proc/{process}/clear_refs"), "5").unwrap();
    status(process, "VmRSS:")
}

/// The most a process held since it was at rest.
pub(crate) fn peak(process: u32) -> u64 {
    status(process, "VmHWM:")
}

fn status(process: u32, name: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
}

async fn open(folder: &str, recovery: &str) -> Store {
    let code = RecoveryCode::parse(std::fs::read_to_string(recovery).unwrap().trim()).unwrap();
    Store::open(Folder::new(folder), Unlock::Recovery(code)).await.unwrap().store
}

/// Attaches files: the store's own way, which no rule of the counter limits.
async fn attach(folder: &str, recovery: &str, paths: &[&str]) -> Value {
    let store = open(folder, recovery).await;
    let idle = rest(std::process::id());
    let at = "2026-11-25T09:30:00+08:00";
    let mut sums = Vec::new();
    for path in paths {
        let file = store.put_file_from(Path::new(path), at).await.unwrap();
        let moment = DateTime::parse_from_rfc3339(at).unwrap();
        let mut command =
            NewOperation::new(store.device_id(), Role::Administrator, "claim.add_attachment", moment);
        command.set("attachment", Uuid::now_v7(), "sha256", file.hex());
        command.blob_refs.push(file);
        store.commit(command).await.unwrap();
        sums.push(file.hex());
    }
    let peak = peak(std::process::id());
    store.close().await;
    json!({ "idle": idle, "peak": peak, "sums": sums })
}

/// Rounds until nothing waits. A cut ends a round; the next one begins at once.
async fn sync(folder: &str, recovery: &str) -> Value {
    let code = std::fs::read_to_string(recovery).unwrap();
    let desk = Desk::open(Path::new(folder), Some(code.trim()), Arc::new(SystemClock)).await.unwrap().desk;
    let idle = rest(std::process::id());
    let mut rounds = 0;
    loop {
        rounds += 1;
        assert!(rounds < ROUNDS, "it does not come to an end: {:?}", desk.sync_report().await.unwrap());
        match desk.sync_now().await {
            Ok(report) if report.unsent + report.files_to_send + report.files_to_fetch == 0 => break,
            Ok(_) => {}
            Err(error) => assert_eq!(error.code.as_str(), "sync.offline", "{error:?}"),
        }
    }
    let peak = peak(std::process::id());
    desk.close().await;
    json!({ "idle": idle, "peak": peak, "rounds": rounds })
}

/// Reads every file through: a reader fails when the bytes are not those the name says.
async fn check(folder: &str, recovery: &str, sums: &[&str]) -> Value {
    let store = open(folder, recovery).await;
    let idle = rest(std::process::id());
    let mut equal = 0;
    for sum in sums {
        let file = Digest(unhex(sum).unwrap().try_into().unwrap());
        assert!(!store.file_waits(&file).await.unwrap());
        std::io::copy(&mut store.file_reader(&file).await.unwrap(), &mut std::io::sink()).unwrap();
        equal += 1;
    }
    let peak = peak(std::process::id());
    store.close().await;
    json!({ "idle": idle, "peak": peak, "equal": equal })
}
