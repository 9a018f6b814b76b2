//! Brings the write-ahead log into the database while nobody waits for it.
//!
//! SQLite does it inside the commit that finds a thousand pages in the log, and whoever made that commit waits for two more
//! syncs and the pages of ten commits before. Here a pause between two commits is used; only a log that grew without any
//! pause is still brought in by a commit.

use std::sync::{Arc, Weak};
use std::time::Duration;

use sqlx::SqliteConnection;
use tokio::sync::{Mutex, Notify};
use tokio::task::JoinHandle;

use crate::error::StoreError;
use crate::write::Writer;

/// Pages of 4 KiB at which a commit brings the log in by itself: 64 MiB, reached only by an import or a busy hub.
pub(crate) const LOG_LIMIT_PAGES: &str = "16384";

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
    loop {
        committed.notified().await;
        while tokio::time::timeout(PAUSE, committed.notified()).await.is_ok() {}
        let Some(writer) = writer.upgrade() else { return };
        if let Err(error) = passive(&mut writer.lock().await.db).await {
            // The commits are safe in the log; the next pause tries again.
            tracing::warn!(%error, "the write-ahead log was not brought into the database");
        }
    }
}

/// As far as no reader stands in the way.
async fn passive(db: &mut SqliteConnection) -> Result<(), StoreError> {
    // run-time query: a pragma
    sqlx::query("pragma wal_checkpoint(passive)").execute(db).await?;
    Ok(())
}
