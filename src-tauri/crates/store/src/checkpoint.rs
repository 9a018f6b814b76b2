//! Merges the search index and brings the write-ahead log into the database while nobody waits for it.
//!
//! SQLite does both inside the commit that finds a thousand pages in the log, or four segments of the index, and whoever
//! made that commit waits for the work of many before. Here a pause between two commits is used; only what grew without
//! any pause is still done by a commit.

use std::sync::{Arc, Weak};
use std::time::Duration;

use sqlx::SqliteConnection;
use tokio::sync::{Mutex, Notify};
use tokio::task::JoinHandle;

use crate::error::StoreError;
use crate::search::keys;
use crate::write::Writer;

/// Pages of 4 KiB at which a commit brings the log in by itself: 256 MiB, reached only by an import or a busy hub.
pub(crate) const LOG_LIMIT_PAGES: &str = "65536";
/// What the log keeps of the disk after a transaction that needed more.
pub(crate) const LOG_LIMIT_BYTES: &str = "67108864";

/// No commit for so long is a pause.
const PAUSE: Duration = Duration::from_secs(1);

/// The task; dropping it stops it.
pub(crate) struct Checkpointer(JoinHandle<()>);

impl Checkpointer {
    /// Waits for `committed` beside the writer, and holds the writer only while it works.
    pub(crate) fn start(writer: &Arc<Mutex<Writer>>, committed: Arc<Notify>) -> Self {
        Checkpointer(tokio::spawn(run(Arc::downgrade(writer), committed)))
    }

    /// Stops it and waits until it has let go of the writer.
    pub(crate) async fn stop(&mut self) {
        self.0.abort();
        let _aborted = (&mut self.0).await;
    }
}

impl Drop for Checkpointer {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn run(writer: Weak<Mutex<Writer>>, committed: Arc<Notify>) {
    // What a kill or the end of an import left over is the first pause's work.
    committed.notify_one();
    loop {
        committed.notified().await;
        while tokio::time::timeout(PAUSE, committed.notified()).await.is_ok() {}
        let Some(writer) = writer.upgrade() else { return };
        while step(&writer).await {
            // One commit waited for that step; those after it find nobody in their way.
            if tokio::time::timeout(Duration::ZERO, committed.notified()).await.is_ok() {
                committed.notify_one();
                break;
            }
        }
        if let Err(error) = bring_in(&mut writer.lock().await.db).await {
            // The commits are safe in the log; the next pause tries again.
            tracing::warn!(%error, "the write-ahead log was not brought into the database");
        }
    }
}

#[cfg(feature = "tamper")]
impl crate::store::Store {
    /// Does what a pause between two commits does, at once.
    #[expect(clippy::expect_used, reason = "only tests have this feature")]
    pub async fn pause(&self) {
        bring_in(&mut self.writer().await.db).await.expect("a checkpoint");
    }
}

/// Whether the search index has more to merge.
async fn step(writer: &Mutex<Writer>) -> bool {
    let db = &mut writer.lock().await.db;
    let more = match merge_step(db).await {
        Ok(false) => keys::move_some(db).await,
        merged => merged,
    };
    match more {
        Ok(more) => more,
        Err(error) => {
            tracing::warn!(%error, "the search index was not merged");
            false
        }
    }
}

/// Pages of the search index that one step writes, about a megabyte.
const MERGE_PAGES: i64 = 256;

/// One step of merging segments where at least four are of a kind; says whether it did anything.
async fn merge_step(db: &mut SqliteConnection) -> Result<bool, StoreError> {
    // run-time queries: a command of the index, and the count it answers by
    let before: i64 = sqlx::query_scalar("select total_changes()").fetch_one(&mut *db).await?;
    sqlx::query("insert into search_text (search_text, rank) values ('merge', ?1)")
        .bind(MERGE_PAGES)
        .execute(&mut *db)
        .await?;
    let after: i64 = sqlx::query_scalar("select total_changes()").fetch_one(&mut *db).await?;
    // The command itself counts as one (SQLite's documentation of FTS5, "merge").
    Ok(after - before >= 2)
}

/// Brings the index of a bulk (an import, a synthetic branch) into order at its end: the first search after it does not
/// ask hundreds of segments.
pub(crate) async fn finish_bulk(db: &mut SqliteConnection) -> Result<(), StoreError> {
    while merge_step(db).await? {}
    keys::finish_bulk(db).await?;
    bring_in(db).await
}

/// As far as no reader stands in the way. A log that is all in the database is emptied: a bit flipped in it afterwards
/// would bring older pages back over newer ones at the next start.
async fn bring_in(db: &mut SqliteConnection) -> Result<(), StoreError> {
    // run-time queries: pragmas
    let (_, pages, brought): (i64, i64, i64) =
        sqlx::query_as("pragma wal_checkpoint(passive)").fetch_one(&mut *db).await?;
    if pages == brought {
        // A reader that stands in the way now is not waited for.
        sqlx::query("pragma busy_timeout = 0").execute(&mut *db).await?;
        let emptied = sqlx::query("pragma wal_checkpoint(truncate)").execute(&mut *db).await;
        sqlx::query("pragma busy_timeout = 10000").execute(db).await?;
        emptied?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use sqlx::Connection as _;

    use super::*;

    async fn count(db: &mut SqliteConnection, query: &'static str) -> i64 {
        sqlx::query_scalar(query).fetch_one(db).await.unwrap()
    }

    #[tokio::test]
    async fn segments_wait_for_a_pause_and_are_merged_in_it() {
        const SEGMENTS: &str = "select count(distinct segid) from search_text_idx";
        const FOUND: &str = "select count(*) from search_text where search_text match 'word'";
        let mut db = SqliteConnection::connect("sqlite::memory:").await.unwrap();
        for migration in crate::db::MIGRATIONS.iter() {
            sqlx::raw_sql(migration.sql.clone()).execute(&mut db).await.unwrap();
        }
        for entry in 1..=100 {
            sqlx::query("insert into search_text (rowid, tokens) values (?1, 'word')")
                .bind(entry)
                .execute(&mut db)
                .await
                .unwrap();
        }
        assert_eq!(count(&mut db, SEGMENTS).await, 100, "no commit merges");
        let mut steps = 0;
        while merge_step(&mut db).await.unwrap() {
            steps += 1;
            assert!(steps < 1_000, "merging does not end");
        }
        assert!(count(&mut db, SEGMENTS).await < 8, "the pause merges");
        assert_eq!(count(&mut db, FOUND).await, 100);
    }
}
