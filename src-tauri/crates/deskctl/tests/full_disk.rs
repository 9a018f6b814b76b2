//! A disk that is full while a claim is saved and while a file is attached: told, and nothing is lost.
//!
//! Before the file there is a megabyte of room: enough for the paper's operation, not for the six of its file, so that a
//! paper recorded before its file would show.
//! The profile lies on a small tmpfs in a mount namespace of its own, which root has, and an ordinary user gets from
//! the kernel's user namespaces.

#[cfg(test)]
mod common;

use std::process::Command;

use common::{Profile, example, is_root, lines};
use serde_json::{Value, json};

#[test]
fn a_full_disk_is_told_and_loses_nothing() {
    let profile = Profile::new();
    let mut input = example("motor-damage");
    let mut inputs = String::new();
    for number in 0..400 {
        input["policy"]["no"] = json!(format!("FULL{number:05}"));
        input["answers"]["story"] = json!("车".repeat(3_000));
        inputs.push_str(&format!("{input}\n"));
    }
    let inputs = profile.write("inputs", inputs);
    let mut pdf = b"%PDF-1.4\n".to_vec();
    pdf.resize(6 * 1024 * 1024, b'x');
    profile.write("scan.pdf", pdf);
    let root = profile.file("").display().to_string();
    let root = root.trim_end_matches('/');
    let call = format!(
        "{} --json --profile {root}/small/profile --recovery-code-file {root}/recovery --as admin --password-file {root}/password",
        env!("CARGO_BIN_EXE_deskctl")
    );
    let script = format!(
        "set -e; mkdir {root}/small; mount -t tmpfs -o size=6m none {root}/small; cp -r {root}/profile {root}/small/;
         set +e
         {call} claim register --template motor-damage --input - <{inputs} >{root}/taken 2>{root}/full; echo $? >{root}/full.code
         no=$(head -1 {root}/taken | sed 's/.*\"no\":\"\\([^\"]*\\)\".*/\\1/')
         used=$(df -k --output=used {root}/small | tail -1)
         mount -o remount,size=$((used + 1024))k {root}/small
         {call} claim document $no --name scene-photos --received copy --file {root}/scan.pdf >{root}/attached 2>{root}/attach; echo $? >{root}/attach.code
         mount -o remount,size=64m {root}/small
         {call} claim list --limit 500 >{root}/list 2>{root}/list.err
         {call} claim show $no >{root}/shown 2>{root}/show.err
         {call} verify >{root}/verified 2>{root}/verify.err
         cp -r {root}/small/profile {root}/after; umount {root}/small"
    );
    let mut command = Command::new("unshare");
    if !is_root() {
        command.args(["--user", "--map-root-user"]);
    }
    let run = command
        .args(["--mount", "sh", "-c", &script])
        .env_remove("DBUS_SESSION_BUS_ADDRESS")
        .output()
        .unwrap();
    assert!(run.status.success(), "{run:?}");
    let read = |name: &str| std::fs::read(profile.file(name)).unwrap();
    let text = |name: &str| String::from_utf8_lossy(&read(name)).into_owned();

    let full: Vec<Value> = lines(&read("full"));
    assert_eq!(
        (full[0]["code"].as_str(), text("full.code").trim()),
        (Some("storage.disk-full"), "1"),
        "{full:?}"
    );
    let taken = lines(&read("taken"));
    assert!(!taken.is_empty() && taken.len() < 400, "{} were taken before the disk was full", taken.len());
    let attach: Vec<Value> = lines(&read("attach"));
    assert_eq!(
        (attach[0]["code"].as_str(), text("attach.code").trim()),
        (Some("storage.disk-full"), "1"),
        "{attach:?}"
    );

    let list: Value =
        serde_json::from_slice(&read("list")).unwrap_or_else(|_| panic!("{}", text("list.err")));
    let present: Vec<&Value> = list["rows"].as_array().unwrap().iter().map(|row| &row["no"]).collect();
    assert!(taken.iter().all(|claim| present.contains(&&claim["no"])), "every acknowledged claim is there");
    let shown: Value =
        serde_json::from_slice(&read("shown")).unwrap_or_else(|_| panic!("{}", text("show.err")));
    let happened = shown["timeline"].as_array().unwrap();
    assert_eq!(
        happened.len(),
        1,
        "it was registered, and no paper was recorded without its file: {happened:?}"
    );
    assert_eq!(shown["attachments"], json!([]));
    let verified: Value =
        serde_json::from_slice(&read("verified")).unwrap_or_else(|_| panic!("{}", text("verify.err")));
    assert_eq!(verified["faults"], json!([]));
}
