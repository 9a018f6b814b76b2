//! The administrator's commands, as functions and as the program.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use object_store::memory::InMemory;
use serde_json::{Value, json};
use sqlx::PgPool;
use uuid::Uuid;
use wire::PushOutcome;

use crate::desk::{Desk, request};
use crate::server::{self, Server};

#[tokio::test]
async fn a_code_is_good_once_for_ten_minutes_and_one_branch() {
    let server = server::start().await;
    let code = server.code("SH01").await;
    let desk = Desk::stranger(&server.url, "SH01").await;
    assert_eq!(desk.pull(&[("SH01", 0)], 1).await.unwrap_err(), "sync.device-unknown");
    assert_eq!(desk.enrol("0000-0000-0000", "A7K2").await.unwrap_err(), "sync.enrol-code");
    let elsewhere = Desk::stranger(&server.url, "BJ01").await;
    assert_eq!(elsewhere.enrol(&code, "A7K2").await.unwrap_err(), "sync.enrol-branch");
    let answer = desk.enrol(&code.to_lowercase().replace('-', " "), "A7K2").await.unwrap();
    let body = answer.certificate.open(&desk.hello().await.hub_key.0).unwrap();
    assert_eq!((body.device, body.stream.as_str(), body.device_code.as_str()), (desk.id, "SH01", "A7K2"));
    assert_eq!(answer.branch_key.0.len(), 32);
    // The answer was lost: the same desk asks again. Nobody else may.
    assert_eq!(desk.enrol(&code, "A7K2").await.unwrap().branch_key, answer.branch_key);
    let second = Desk::stranger(&server.url, "SH01").await;
    assert_eq!(second.enrol(&code, "A7K2").await.unwrap_err(), "sync.enrol-code");
    // Two desks never have one device code.
    let given = second.enrol(&server.code("SH01").await, "A7K2").await.unwrap();
    let other = given.certificate.open(&desk.hello().await.hub_key.0).unwrap();
    assert_ne!(other.device_code, "A7K2");
    assert_eq!(given.branch_key, answer.branch_key, "the same for every desk of the branch");
    let elsewhere_key = elsewhere.enrol(&server.code("BJ01").await, "A7K2").await.unwrap().branch_key;
    assert_ne!(elsewhere_key, answer.branch_key, "and for no other branch");
    // Another's name with a key of one's own.
    let mut thief = Desk::stranger(&server.url, "SH01").await;
    thief.id = desk.id;
    assert_eq!(thief.enrol(&server.code("SH01").await, "B2B2").await.unwrap_err(), "sync.enrol-device");
    let late = server.code("SH01").await;
    server.pass(hub::CODE_MILLIS + 1000);
    let third = Desk::stranger(&server.url, "SH01").await;
    assert_eq!(third.enrol(&late, "C3C3").await.unwrap_err(), "sync.enrol-code");
    // The first desk's challenge is as old.
    assert_eq!(desk.pull(&[("SH01", 0)], 1).await.unwrap_err(), "sync.challenge-old");
}

async fn with_work() -> (Server, Desk) {
    let server = server::start().await;
    let mut desk = Desk::enrolled(&server, "SH01").await;
    let mut other = Desk::enrolled(&server, "SH01").await;
    let id = Uuid::now_v7();
    for (who, text) in [(&mut desk, "mine"), (&mut other, "theirs")] {
        let change = Desk::change(("claim", id, "status"), None, json!(text));
        let operation = who.make("x.edit", vec![change]);
        who.push(&[operation]).await;
    }
    let operations = desk.events(20);
    desk.push(&operations).await;
    (server, desk)
}

#[tokio::test]
async fn verify_finds_every_row_that_was_tampered_with() {
    let (server, _) = with_work().await;
    let clean = hub::verify(&server.pool).await.unwrap();
    assert_eq!((clean.problems.len(), clean.operations, clean.records), (0, 22, 22));
    let tampering = [
        "update operation set body = overlay(body placing '\\x00'::bytea from octet_length(body) - 40) where at = 5",
        "update operation set hash = sha256(hash) where at = 5",
        "update operation set id = gen_random_uuid() where at = 5",
        "update operation set verdict = null where at = 2",
        "update operation set at = 1000 where at = 22",
        "update operation set at = null where at = 22",
        "update operation set parked = 'link', at = null where at = 9",
        "delete from operation where at = 7",
        "delete from operation where at = 22",
        "update record set fields = (select fields from record where kind = 'event' order by id limit 1)
         where kind = 'claim'",
        "delete from record where kind = 'conflict'",
        "insert into record (stream, kind, id, fields) values ('SH01', 'event', gen_random_uuid(), '\\xa0')",
        "update head set seq = seq - 1 where stream = 'SH01'",
        "update head set digest = sha256(digest) where stream = 'SH01'",
        "update log set tree = overlay(tree placing sha256(tree) from 9) where stream = 'SH01'",
        "delete from log where stream = 'SH01'",
        "update chain set seq = 3 where seq = 21",
        "update device set public_key = sha256(public_key) where stream = 'SH01'",
        "update device set device_code = 'ZZZ' || substr(device_code, 4) where device_code = 'A7K2'",
    ];
    for statement in tampering {
        let (server, _) = with_work().await;
        let changed = sqlx::query(statement).execute(&server.pool).await.unwrap().rows_affected();
        assert!(changed > 0, "{statement}");
        assert!(hub::verify(&server.pool).await.unwrap().wrong > 0, "{statement}");
    }
}

#[tokio::test]
async fn processes_that_start_at_once_migrate_once() {
    let url = server::database().await;
    let starting = (0..6).map(|_| async {
        let pool = hub::connect(&url, 2).await.unwrap();
        hub::migrate(&pool).await.map(|()| pool)
    });
    for started in futures_util::future::join_all(starting).await {
        let done: i64 = sqlx::query_scalar("select count(*) from _sqlx_migrations where success")
            .fetch_one(&started.unwrap())
            .await
            .unwrap();
        assert_eq!(done, std::fs::read_dir("migrations").unwrap().count() as i64);
    }
}

#[tokio::test]
async fn a_stream_that_is_older_than_logs_gets_its_log_at_the_start() {
    let (server, desk) = with_work().await;
    sqlx::query("delete from log").execute(&server.pool).await.unwrap();
    hub::migrate(&server.pool).await.unwrap();
    assert_eq!(hub::verify(&server.pool).await.unwrap().problems, Vec::<String>::new());
    assert_eq!(desk.records().await.len(), 22);
}

async fn empty() -> (String, PgPool) {
    let url = server::database().await;
    let pool = hub::connect(&url, 2).await.unwrap();
    hub::migrate(&pool).await.unwrap();
    (url, pool)
}

/// A hub put back to before a desk joined: a colleague brings that desk's work, and the hub takes both.
#[tokio::test]
async fn a_maker_that_a_restored_hub_forgot_is_taken_by_its_certificate() {
    let (server, mut desk) = with_work().await;
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("backup");
    hub::backup(&server.pool, &copy).await.unwrap();
    let mut late = Desk::stranger(&server.url, "SH01").await;
    let certificate = late.enrol(&server.code("SH01").await, "B2B2").await.unwrap().certificate;
    let stranger = Desk::stranger(&server.url, "BJ01").await;
    let of_another_branch = stranger.enrol(&server.code("BJ01").await, "C3C3").await.unwrap().certificate;
    let work = late.events(3);
    assert_eq!(late.push(&work).await.outcome, PushOutcome::Taken);

    let (url, pool) = empty().await;
    hub::restore(&pool, &copy).await.unwrap();
    let restored = server::on(url, Arc::new(InMemory::new())).await;
    desk.url.clone_from(&restored.url);
    desk.challenge = desk.hello().await.challenge.0;
    let mut carried = request("SH01", 1, &work);
    for wrong in [None, Some(of_another_branch)] {
        carried.certificate = wrong;
        assert_eq!(desk.push_request(&carried).await.unwrap_err(), "sync.scope");
    }
    carried.certificate = Some(certificate);
    assert_eq!(desk.push_request(&carried).await.unwrap().expected, 4);
    late.url.clone_from(&restored.url);
    late.challenge = late.hello().await.challenge.0;
    let next = late.events(1);
    assert_eq!(late.push(&next).await.expected, 5, "it needs no new code");
    assert_eq!(hub::verify(&pool).await.unwrap().problems, Vec::<String>::new());
}

#[tokio::test]
async fn a_restored_hub_raises_its_epoch_and_takes_back_what_it_lost() {
    let (server, mut desk) = with_work().await;
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("backup");
    hub::backup(&server.pool, &copy).await.unwrap();
    assert!(hub::backup(&server.pool, &copy).await.is_err(), "a backup is never written over");
    let epoch = desk.hello().await.epoch;
    let (lost_from, after) = (desk.seq + 1, desk.events(5));
    assert_eq!(desk.push(&after).await.outcome, PushOutcome::Taken);
    let whole = desk.records().await;

    let (url, pool) = empty().await;
    let raised = hub::restore(&pool, &copy).await.unwrap();
    assert_ne!(raised, epoch);
    assert!(hub::restore(&pool, &copy).await.is_err(), "nothing is restored over data");
    let restored = server::on(url, Arc::new(InMemory::new())).await;
    desk.url.clone_from(&restored.url);
    let hello = desk.hello().await;
    assert_eq!(hello.epoch, raised);
    desk.challenge = hello.challenge.0;
    let heads: wire::HeadsAnswer = wire::decode(&desk.send("POST", "/v1/heads", vec![]).await.1).unwrap();
    let own = heads.heads.iter().find(|head| head.device == desk.id).unwrap();
    assert_eq!(own.seq + 1, lost_from, "the desk sees what is lost");
    assert_eq!(desk.push(&after).await.outcome, PushOutcome::Taken);
    assert_eq!(desk.records().await, whole);
    assert_eq!(hub::verify(&pool).await.unwrap().problems, Vec::<String>::new());
    std::fs::remove_file(copy.join("backup.json")).unwrap();
    assert!(hub::restore(&empty().await.1, &copy).await.is_err(), "half a backup is none");
}

#[tokio::test]
async fn published_records_reach_every_branch_once() {
    let server = server::start().await;
    let desk = Desk::enrolled(&server, "SH01").await;
    let record = |text: &str| -> Vec<hub::Publication> {
        let list = json!([{ "kind": "product", "id": Uuid::from_u128(1), "fields": { "name": text } }]);
        serde_json::from_value(list).unwrap()
    };
    for (text, new) in [("a", true), ("a", false), ("b", true)] {
        let done = hub::publish(&server.hub, &record(text)).await.unwrap();
        assert_eq!(done.is_some(), new, "{text}");
    }
    let answer = desk.pull(&[("@org", 0)], 10).await.unwrap();
    assert_eq!(answer.pages[0].entries.len(), 2);
    let certificate = answer.certificates[0].open(&desk.hello().await.hub_key.0).unwrap();
    assert_eq!(certificate.stream, "@org");
    assert_eq!(hub::verify(&server.pool).await.unwrap().problems, Vec::<String>::new());
}

fn run(database: &str, arguments: &[&str]) -> (bool, Value) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_claims-hub"));
    let output = command.args(arguments).arg("--json").env("DATABASE_URL", database).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.success(), serde_json::from_str(&text).unwrap_or(Value::String(error)))
}

/// Good files are published once; of a broken one file, line and reason are told and nothing of its company is published.
fn published_files(url: &str, folder: &Path) {
    let write = |name: &str, text: &str| {
        let path = folder.join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let products = write("products.json", r#"[{"code":"A1","name":"x","template":"motor-damage"}]"#);
    let first = run(url, &["publish", "product", &products]).1;
    assert_eq!(
        first,
        json!({ "published": [{ "kind": "product", "key": "A1", "version": 1, "file": "products.json" }] })
    );
    assert_eq!(run(url, &["publish", "product", &products]).1, json!({ "published": [] }));
    let shipped = include_str!("../../../../../assets/templates/motor-damage.json");
    let mut next: Value = serde_json::from_str(shipped).unwrap();
    next["version"] = (next["version"].as_u64().unwrap() + 1).into();
    let good = write("good.json", &serde_json::to_string_pretty(&next).unwrap());
    let broken = write(
        "broken.json",
        &serde_json::to_string_pretty(&next).unwrap().replacen("\"zh-TW\"", "\"zh-XX\"", 1),
    );
    for (wrong, code) in
        [(broken, "template.key-unknown"), (write("old.json", shipped), "template.version-duplicate")]
    {
        let (done, said) = run(url, &["publish", "template", &good, &wrong]);
        let said: Value = serde_json::from_str(said.as_str().unwrap()).unwrap();
        assert!(!done && said["code"] == code && said["line"].as_u64().unwrap() > 1, "{said}");
        assert!(wrong.ends_with(said["file"].as_str().unwrap()), "{said}");
    }
    assert_eq!(run(url, &["published"]).1["published"].as_array().unwrap().len(), 1);
    assert_eq!(run(url, &["publish", "template", &good]).1["published"][0]["key"], "motor-damage");
    assert!(!run(url, &["publish", "king", &good]).0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_program_does_what_the_functions_do() {
    let server = server::start().await;
    let url = server.database_url.as_str();
    let (done, said) = run(url, &["enrol", "--branch", "SH01", "--role", "counter_clerk"]);
    assert!(done, "{said}");
    let mut desk = Desk::stranger(&server.url, "SH01").await;
    desk.enrol(said["code"].as_str().unwrap(), "A7K2").await.unwrap();
    let operations = desk.events(2);
    desk.push(&operations[..1]).await;
    for wrong in [vec!["enrol", "--branch", "!"], vec!["enrol", "--branch", "SH01", "--role", "king"]] {
        assert!(!run(url, &wrong).0, "{wrong:?}");
    }
    let devices = run(url, &["devices"]).1;
    let own = devices["devices"].as_array().unwrap().iter().find(|line| line["stream"] == "SH01").unwrap();
    assert_eq!(
        (own["device"].as_str(), own["role"].as_str()),
        (Some(desk.id.to_string().as_str()), Some("counter_clerk"))
    );
    assert!(run(url, &["revoke", &desk.id.to_string()]).0);
    assert!(!run(url, &["revoke", &Uuid::nil().to_string()]).0);
    desk.push(&operations).await;
    let waiting = run(url, &["quarantine", "list"]).1;
    let hash = waiting["quarantine"][0]["hash"].as_str().unwrap().to_owned();
    assert_eq!(hash, operations[1].hash.hex());
    assert!(run(url, &["quarantine", "release", &hash]).0);
    assert!(!run(url, &["quarantine", "release", &hash]).0);
    assert_eq!(run(url, &["conflicts"]).1, json!({ "conflicts": [] }));
    let folder = tempfile::tempdir().unwrap();
    published_files(url, folder.path());
    let (whole, report) = run(url, &["verify"]);
    assert!(whole && report["wrong"] == 0 && report["operations"] == 4, "{report}");
    let copy = folder.path().join("copy");
    assert!(run(url, &["backup", copy.to_str().unwrap()]).0);
    let new = server::database().await;
    assert!(run(&new, &["restore", copy.to_str().unwrap()]).0);
    assert!(!run(url, &["restore", copy.to_str().unwrap()]).0);
    sqlx::query("update head set seq = 77 where stream = 'SH01'").execute(&server.pool).await.unwrap();
    assert!(!run(url, &["verify"]).0, "a log that does not hold is a failure");
}

#[tokio::test]
async fn desks_hear_when_each_was_seen_and_who_was_shut_out() {
    let server = server::start().await;
    let (one, two) = (Desk::enrolled(&server, "SH01").await, Desk::enrolled(&server, "SH01").await);
    let stranger = Desk::enrolled(&server, "BJ01").await;
    stranger.pull(&[("BJ01", 0)], 10).await.unwrap();
    let told = async || {
        let heads: wire::HeadsAnswer = wire::decode(&one.send("POST", "/v1/heads", vec![]).await.1).unwrap();
        let of = |id| heads.devices.iter().find(|seen| seen.device == id).cloned();
        assert_eq!((heads.devices.len(), of(stranger.id)), (2, None), "the branch's own");
        of(two.id).unwrap()
    };
    assert_eq!(told().await.seen_at, None);
    two.pull(&[("SH01", 0)], 10).await.unwrap();
    let first = told().await.seen_at.unwrap();
    server.pass(30_000);
    two.pull(&[("SH01", 0)], 10).await.unwrap();
    assert_eq!(told().await.seen_at, Some(first), "to the minute");
    server.pass(40_000);
    two.pull(&[("SH01", 0)], 10).await.unwrap();
    let last = told().await;
    assert!(last.seen_at.unwrap() >= first + 60_000 && !last.revoked, "{last:?}");
    hub::revoke(&server.pool, two.id).await.unwrap();
    assert!(told().await.revoked);
}
