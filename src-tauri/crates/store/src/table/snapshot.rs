//! A snapshot that is being taken.

use domain::digest::{Digest, unhex};
use domain::settle::StateDigest;
use sqlx::SqliteConnection;
use wire::Snapshot;

use crate::error::StoreError;

/// How far a snapshot was taken.
pub(crate) struct Taking {
    pub(crate) snapshot: Snapshot,
    /// Chunks taken.
    pub(crate) taken: usize,
    /// The sum over their records.
    pub(crate) digest: StateDigest,
}

pub(crate) async fn get(db: &mut SqliteConnection, stream: &str) -> Result<Option<Taking>, StoreError> {
    let row = sqlx::query!("select manifest, taken, digest from snapshot where stream = ?1", stream)
        .fetch_optional(db)
        .await?;
    row.map(|row| {
        let digest =
            unhex(&row.digest).and_then(|bytes| bytes.try_into().ok()).ok_or(StoreError::Encoding)?;
        Ok(Taking {
            snapshot: ciborium::from_reader(row.manifest.as_slice()).map_err(|_| StoreError::Encoding)?,
            taken: usize::try_from(row.taken).map_err(|_| StoreError::Encoding)?,
            digest: StateDigest(Digest(digest)),
        })
    })
    .transpose()
}

/// Chunks taken, and all there are.
pub(crate) async fn progress(
    db: &mut SqliteConnection,
    stream: &str,
) -> Result<Option<(u64, u64)>, StoreError> {
    let row = sqlx::query!("select taken, chunks from snapshot where stream = ?1", stream)
        .fetch_optional(db)
        .await?;
    let number = |number| u64::try_from(number).map_err(|_| StoreError::Encoding);
    row.map(|row| Ok((number(row.taken)?, number(row.chunks)?))).transpose()
}

pub(crate) async fn begin(
    db: &mut SqliteConnection,
    snapshot: &Snapshot,
    at: &str,
) -> Result<(), StoreError> {
    let mut manifest = Vec::new();
    ciborium::into_writer(snapshot, &mut manifest).map_err(|_| StoreError::Encoding)?;
    let chunks = i64::try_from(snapshot.chunks.len()).map_err(|_| StoreError::Encoding)?;
    let digest = StateDigest::default().0.hex();
    sqlx::query!(
        "insert into snapshot (stream, manifest, chunks, taken, digest, created_at, updated_at)
         values (?1, ?2, ?3, 0, ?4, ?5, ?5)",
        snapshot.stream,
        manifest,
        chunks,
        digest,
        at
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(crate) async fn took(
    db: &mut SqliteConnection,
    stream: &str,
    taken: usize,
    digest: &StateDigest,
    at: &str,
) -> Result<(), StoreError> {
    let taken = i64::try_from(taken).map_err(|_| StoreError::Encoding)?;
    let digest = digest.0.hex();
    sqlx::query!(
        "update snapshot set taken = ?2, digest = ?3, updated_at = ?4 where stream = ?1",
        stream,
        taken,
        digest,
        at
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(crate) async fn clear(db: &mut SqliteConnection) -> Result<(), StoreError> {
    sqlx::query!("delete from snapshot").execute(db).await?;
    Ok(())
}
