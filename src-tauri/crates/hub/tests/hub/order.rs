//! The order of numbers is the order of commits: a reader who keeps only a number misses nothing, and what was said to
//! be written is.
//!
//! 32 writers on one stream, a transaction given back for every nine that stay, and one that has written and is idle for
//! five seconds. 50,000 operations; the million of issue 3: `PROOF_OPERATIONS=1000000 cargo test -p hub --test hub
//! a_reader_with_a_cursor_misses_nothing -- --nocapture`.

use std::future::Future as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Waker};
use std::time::{Duration, Instant};

use sqlx::Connection as _;
use uuid::Uuid;

use crate::desk::{Desk, request};
use crate::server;

const WRITERS: usize = 32;
const RUN: usize = 20;
/// As many transactions wait to be given back at once: one alone would get its turn once in 32.
const ABORTING: usize = 5;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_with_a_cursor_misses_nothing() {
    let server = server::start().await;
    let replica = server.replica().await;
    let operations = server::size("PROOF_OPERATIONS", 50_000);
    let done = Arc::new(AtomicBool::new(false));
    let pushes = Arc::new(AtomicUsize::new(0));
    let mut writers = Vec::new();
    for number in 0..WRITERS {
        let mut desk = Desk::enrolled(&server, "SH01").await;
        let urls = [server.url.clone(), replica.url.clone()];
        let pushes = Arc::clone(&pushes);
        writers.push(tokio::spawn(async move {
            let mut cuts = 0;
            for round in 0..operations / WRITERS / RUN + 1 {
                let operations = desk.events(RUN);
                let pushed = request("SH01", operations[0].seq, &operations);
                desk.url.clone_from(&urls[(number + round) % 2]);
                // Every tenth request is cut off: what it began is rolled back, or was just committed.
                if (number + round) % 10 == 0 {
                    let patience = Duration::from_millis(((number * 7 + round * 13) % 60) as u64);
                    cuts += usize::from(
                        tokio::time::timeout(patience, desk.push_request(&pushed)).await.is_err(),
                    );
                }
                assert_eq!(desk.push_request(&pushed).await.unwrap().expected, desk.seq + 1);
                pushes.fetch_add(1, Ordering::Relaxed);
            }
            (desk.seq, cuts)
        }));
    }
    // Transactions that take the next number and give it back, one for every nine that keep theirs.
    let aborts = Arc::new(AtomicUsize::new(0));
    let mut aborting = Vec::new();
    for _ in 0..ABORTING {
        let (url, ended) = (server.database_url.clone(), Arc::clone(&done));
        let (aborts, stayed) = (Arc::clone(&aborts), Arc::clone(&pushes));
        aborting.push(tokio::spawn(async move {
            let mut db = sqlx::PgConnection::connect(&url).await.unwrap();
            while !ended.load(Ordering::Relaxed) {
                if aborts.load(Ordering::Relaxed) * 9 >= stayed.load(Ordering::Relaxed) {
                    tokio::time::sleep(Duration::from_millis(1)).await;
                    continue;
                }
                let mut transaction = db.begin().await.unwrap();
                sqlx::query("update head set seq = seq + 1 where stream = 'SH01'")
                    .execute(&mut *transaction)
                    .await
                    .unwrap();
                transaction.rollback().await.unwrap();
                aborts.fetch_add(1, Ordering::Relaxed);
            }
        }));
    }
    // A transaction that has written, and does nothing for five seconds.
    let url = server.database_url.clone();
    let begun = Instant::now();
    let idle = tokio::spawn(async move {
        let mut db = sqlx::PgConnection::connect(&url).await.unwrap();
        let mut transaction = db.begin().await.unwrap();
        sqlx::query("insert into head (stream, digest) values ('IDLE', '')")
            .execute(&mut *transaction)
            .await
            .unwrap();
        tokio::time::sleep(Duration::from_secs(5)).await;
        transaction.rollback().await.unwrap();
    });
    let reader = Desk::enrolled(&server, "SH01").await;
    let ended = Arc::clone(&done);
    let reading = tokio::spawn(async move {
        let (mut at, mut seen): (u64, Vec<Uuid>) = (0, Vec::new());
        loop {
            let last = ended.load(Ordering::Relaxed);
            let page = reader.pull(&[("SH01", at)], 1000).await.unwrap().pages.remove(0);
            for entry in page.entries {
                at += 1;
                assert_eq!(entry.at, at, "no gap");
                seen.push(entry.id);
            }
            if last && at == page.head {
                return seen;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    });
    let (mut written, mut cuts) = (0, 0);
    for writer in writers {
        let (count, cut) = writer.await.unwrap();
        written += count;
        cuts += cut;
    }
    let writing = begun.elapsed();
    idle.await.unwrap();
    done.store(true, Ordering::Relaxed);
    for one in aborting {
        one.await.unwrap();
    }
    let seen = reading.await.unwrap();
    let distinct: std::collections::BTreeSet<&Uuid> = seen.iter().collect();
    let kept: i64 = sqlx::query_scalar("select count(*) from operation where at is not null")
        .fetch_one(&server.pool)
        .await
        .unwrap();
    assert_eq!(seen.len(), distinct.len(), "nothing twice");
    assert_eq!(u64::try_from(seen.len()).unwrap(), written, "nothing missed");
    assert_eq!(u64::try_from(kept).unwrap(), written);
    assert!(written >= operations as u64 && cuts >= operations / 1000, "{written} {cuts}");
    let (pushes, aborts) = (pushes.load(Ordering::Relaxed), aborts.load(Ordering::Relaxed));
    assert!(aborts * 10 >= pushes, "a tenth of {pushes} transactions was to be given back: {aborts}");
    println!("{written} operations in {writing:.1?}, {aborts} given back, {cuts} requests cut off");
}

/// A request may be cut off at any moment, also while its transaction begins; the next one is committed all the same.
#[tokio::test]
async fn a_transaction_cut_off_while_it_begins_takes_nothing_with_it() {
    let url = server::database().await;
    let (pool, watching) = (hub::connect(&url, 1).await.unwrap(), hub::connect(&url, 1).await.unwrap());
    sqlx::query("create table note (id int not null)").execute(&pool).await.unwrap();
    for polls in 0..12 {
        let mut beginning = Box::pin(pool.begin());
        for _ in 0..polls {
            if beginning.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        drop(beginning);
        sqlx::query("insert into note values ($1)").bind(polls).execute(&pool).await.unwrap();
        let seen: i64 = sqlx::query_scalar("select count(*) from note where id = $1")
            .bind(polls)
            .fetch_one(&watching)
            .await
            .unwrap();
        assert_eq!(seen, 1, "cut off after {polls} polls");
    }
}
