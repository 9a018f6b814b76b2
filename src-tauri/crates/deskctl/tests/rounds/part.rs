//! The processes of the test: desks at work, and desks that come to rest.

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use desk::claim::input::from_value;
use desk::claim::list::ClaimFilter;
use desk::{Actor, Desk, SystemClock};
use domain::template::Library;
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use zeroize::Zeroizing;

use crate::common::PASSWORD;
use crate::processes::{code, serve};

/// Nobody is longer without rest once nothing is killed any more.
const REST: Duration = Duration::from_secs(120);

/// Plays one part.
pub(crate) fn play(arguments: &[String]) {
    let runtime = Runtime::new().unwrap();
    let line = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["hub", database, files] => return runtime.block_on(serve(database, files)),
        ["code", database] => runtime.block_on(code(database)),
        ["work", folder, recovery, salt] => return runtime.block_on(work(folder, recovery, salt)),
        ["rest", folder, recovery] => runtime.block_on(rest(folder, recovery)),
        ["verify", database] => runtime.block_on(verify(database)),
        _ => panic!("no such part: {arguments:?}"),
    };
    println!("{line}");
}

async fn open(folder: &str, recovery: &str) -> (Desk, Actor) {
    let code = std::fs::read_to_string(recovery).unwrap();
    let desk = Desk::open(Path::new(folder), Some(code.trim()), Arc::new(SystemClock)).await.unwrap().desk;
    let admin = desk.login("admin", Zeroizing::new(PASSWORD.to_owned())).await.unwrap();
    (desk, admin)
}

/// Registers claims and notes about them, beside the background's sync, until it is killed. Says each number when the
/// claim is saved.
async fn work(folder: &str, recovery: &str, salt: &str) {
    let (desk, admin) = open(folder, recovery).await;
    let desk = Arc::new(desk);
    let syncing = Arc::clone(&desk);
    tokio::spawn(async move { syncing.keep_in_sync().await });
    let template =
        Library::shipped().templates.iter().find(|template| template.id == "hospital-cash").unwrap();
    let example = serde_json::to_value(&template.example).unwrap();
    for number in 0.. {
        let mut input = example.clone();
        // The same loss on another policy, so that no duplicate is suspected.
        input["policy"]["no"] = json!(format!("KILL{salt}-{number:06}"));
        let made = desk.register(&admin, template, from_value(input).unwrap()).await.unwrap();
        println!("{}", json!({ "no": made.no }));
        std::io::stdout().flush().unwrap();
        let contact =
            json!({ "channel": "phone", "with": "Zhang San", "summary": format!("{salt} {number}") });
        desk.claim_do(&admin, &made.no, "record_contact", &contact).await.unwrap();
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Rounds until nothing waits, then what the desk holds.
async fn rest(folder: &str, recovery: &str) -> Value {
    let (desk, admin) = open(folder, recovery).await;
    let until = Instant::now() + REST;
    let report = loop {
        match desk.sync_now().await {
            Ok(report) if report.unsent + report.carried == 0 && report.applied == report.head => {
                break report;
            }
            other => assert!(Instant::now() < until, "no rest: {other:?}"),
        }
    };
    let mut claims = Vec::new();
    loop {
        let offset = u32::try_from(claims.len()).unwrap();
        let page = desk.claim_list(&admin, &ClaimFilter::default(), offset, 500).await.unwrap();
        if page.rows.is_empty() {
            break;
        }
        claims.extend(page.rows.into_iter().map(|row| row.no));
    }
    let digest = desk.state_digest().await.unwrap();
    desk.close().await;
    json!({ "digest": digest, "claims": claims, "conflicts": report.conflicts })
}

async fn verify(database: &str) -> Value {
    let pool = hub::connect(database, 2).await.unwrap();
    let report = hub::verify(&pool).await.unwrap();
    json!({ "problems": report.problems, "operations": report.operations })
}
