//! Everybody comes back at once: desks with unsent and unread work, all within ten seconds.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use domain::operation::Operation;
use uuid::Uuid;
use wire::PushOutcome;

use crate::desk::Desk;
use crate::server;

/// Desks of one branch.
const TOGETHER: usize = 5;
/// Operations each of them has not sent.
const UNSENT: usize = 20;
/// Operations each of them has not read.
const UNREAD: usize = 200;
/// They come within so long.
const WITHIN: Duration = Duration::from_secs(10);

/// Follows the branch from a number to its head.
async fn caught_up(desk: &Desk, mut at: u64, seen: &mut BTreeSet<Uuid>) -> u64 {
    loop {
        let answer = desk.pull(&[(&desk.stream, at)], 2_000).await.unwrap();
        let page = &answer.pages[0];
        for entry in &page.entries {
            assert_eq!(entry.at, at + 1, "numbers are dense");
            at = entry.at;
            seen.insert(entry.id);
        }
        if at == page.head {
            return at;
        }
    }
}

/// What a desk did in the storm: how long its push took, and what it has seen since.
async fn back(desk: &Desk, unsent: &[Operation], after: Duration) -> (Duration, u64, BTreeSet<Uuid>) {
    tokio::time::sleep(after).await;
    let began = Instant::now();
    let answer = desk.push(unsent).await;
    let took = began.elapsed();
    assert_eq!((answer.outcome, answer.parked.len()), (PushOutcome::Taken, 0));
    let mut seen = BTreeSet::new();
    let at = caught_up(desk, 0, &mut seen).await;
    (took, at, seen)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_who_comes_back_is_caught_up() {
    let desks = server::size("PROOF_DESKS", 100);
    let server = server::start().await;
    // One client for all: what is measured is the hub, not the opening of sockets.
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let mut all = Vec::new();
    for number in 0..desks {
        let branch = format!("SH{:03}", number / TOGETHER);
        let mut desk = Desk::stranger_with(http.clone(), &server.url, &branch).await;
        let code = server.code(&branch).await;
        desk.enrol(&code, &format!("{:04}", number % TOGETHER)).await.unwrap();
        if number % TOGETHER == 0 {
            let unread = desk.events(UNREAD);
            desk.push(&unread).await;
        }
        let unsent = desk.events(UNSENT);
        all.push((desk, unsent));
    }
    let mut storm = tokio::task::JoinSet::new();
    for (number, (desk, unsent)) in all.into_iter().enumerate() {
        // Spread evenly, neighbours of one branch at the same time.
        let step = u32::try_from(number / TOGETHER * TOGETHER).unwrap();
        let after = WITHIN * step / u32::try_from(desks).unwrap();
        storm.spawn(async move {
            let (took, at, seen) = back(&desk, &unsent, after).await;
            (desk, unsent, took, at, seen)
        });
    }
    let mut back = Vec::new();
    while let Some(one) = storm.join_next().await {
        back.push(one.unwrap());
    }
    let mut pushes: Vec<Duration> = back.iter().map(|one| one.2).collect();
    pushes.sort();
    let at = |share: usize| pushes[(pushes.len() - 1) * share / 100];
    eprintln!("{desks} desks: push p50 {:?}, p99 {:?}, longest {:?}", at(50), at(99), at(100));
    // Whoever came first reads what came after, as in the next round.
    for index in 0..back.len() {
        let (desk, _, _, cursor, _) = &back[index];
        let (stream, mut seen) = (desk.stream.clone(), back[index].4.clone());
        caught_up(desk, *cursor, &mut seen).await;
        let wanted = back.iter().filter(|one| one.0.stream == stream).flat_map(|one| &one.1);
        assert!(wanted.clone().all(|made| seen.contains(&made.id)), "a desk of {stream} lacks something");
        assert_eq!(seen.len(), UNREAD + wanted.count());
    }
    assert_eq!(server.hub.metrics().answers(5), 0, "answers 5xx");
}
