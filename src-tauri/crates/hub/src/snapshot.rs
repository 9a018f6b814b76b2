//! Makes snapshots: what a desk that joins a branch begins with, in place of the branch's whole history.

use std::time::Duration;

use object_store::{ObjectStoreExt as _, PutMode};
use uuid::Uuid;
use wire::snapshot::Packer;
use wire::{ORGANISATION, Snapshot};

use crate::error::HubError;
use crate::metrics::add;
use crate::state::{Hub, chunk_path};
use crate::table::{chain, log, record, snapshot};

/// Records read at once.
const RUN: i64 = 2_000;
/// A desk that began with the one before the newest may still fetch it.
const KEPT: i64 = 2;
/// How often streams are looked at.
const LOOK: Duration = Duration::from_secs(60);

/// Makes a snapshot of a stream as it is now; none of a stream without operations. Desks go on meanwhile.
///
/// # Errors
/// When the database or the object store does not answer; nothing is handed out of it then.
pub async fn make_snapshot(hub: &Hub, stream: &str) -> Result<Option<Snapshot>, HubError> {
    // One moment for head, log, chains and records, without a lock on any of them.
    let mut moment = hub.pool.begin().await?;
    sqlx::query("set transaction isolation level repeatable read, read only").execute(&mut *moment).await?;
    let Some((head, tree)) = log::with_head(&mut moment, stream).await? else { return Ok(None) };
    if head.seq == 0 {
        return Ok(None);
    }
    let heads = chain::list(&mut moment, stream).await?.into_iter().map(|(head, _)| head).collect();
    let note = hub.checkpoint(stream, &tree);
    let mut packer = Packer::new(stream, (&tree, note), head.digest, heads, &hub.key.to_bytes());
    let mut after = (String::new(), Uuid::nil());
    loop {
        let run = record::page(&mut moment, stream, &after, RUN).await?;
        let Some((last, _)) = run.last() else { break };
        after = last.clone();
        for ((kind, id), record) in &run {
            if let Some(chunk) = packer.add(kind, *id, record).map_err(|_| HubError::Encoding)? {
                keep(hub, stream, chunk).await?;
            }
        }
    }
    moment.rollback().await?;
    let (last, made) = packer.finish().map_err(|_| HubError::Encoding)?;
    if let Some(chunk) = last {
        keep(hub, stream, chunk).await?;
    }
    let mut db = hub.pool.acquire().await?;
    snapshot::insert(&mut db, &made).await?;
    for old in snapshot::retire(&mut db, stream, KEPT).await? {
        for chunk in old.chunks.iter().filter(|chunk| !made.chunks.contains(chunk)) {
            match hub.files.delete(&chunk_path(stream, chunk)).await {
                Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
    Ok(Some(made))
}

async fn keep(hub: &Hub, stream: &str, chunk: Vec<u8>) -> Result<(), HubError> {
    let path = chunk_path(stream, &domain::digest::Digest::of(&chunk));
    add(&hub.metrics.snapshot_bytes, chunk.len());
    match hub.files.put_opts(&path, chunk.into(), PutMode::Create.into()).await {
        Ok(_) | Err(object_store::Error::AlreadyExists { .. }) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Makes a snapshot of each branch that has grown by `every` operations since its last one, for as long as the hub runs.
/// Two processes that do it at once make the same chunks, or two snapshots of which both hold.
pub async fn keep_snapshots(hub: Hub, every: u32) {
    loop {
        tokio::time::sleep(LOOK).await;
        if let Err(error) = look(&hub, every).await {
            tracing::warn!(%error, "no snapshot was made");
        }
    }
}

async fn look(hub: &Hub, every: u32) -> Result<(), HubError> {
    let due = snapshot::due(&mut *hub.pool.acquire().await?, i64::from(every)).await?;
    for stream in due.iter().filter(|stream| *stream != ORGANISATION) {
        if let Some(made) = make_snapshot(hub, stream).await? {
            tracing::info!(
                seq = made.seq,
                records = made.records,
                chunks = made.chunks.len(),
                "a snapshot was made"
            );
        }
    }
    Ok(())
}
