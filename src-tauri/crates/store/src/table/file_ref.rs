//! The files that operations refer to, whether they are here or not.

use domain::operation::Operation;
use domain::record::{Records, record_files};
use serde_json::json;
use sqlx::SqliteConnection;

use super::{blob, rows};
use crate::error::StoreError;

/// Remembers the files that operations refer to.
pub(crate) async fn refer(
    db: &mut SqliteConnection,
    operations: impl Iterator<Item = &Operation>,
) -> Result<(), StoreError> {
    let files = operations
        .flat_map(|operation| {
            operation.blob_refs.iter().map(|file| json!([blob(&file.0), operation.at.to_rfc3339()]))
        })
        .collect();
    refer_rows(db, files).await
}

async fn refer_rows(db: &mut SqliteConnection, files: Vec<serde_json::Value>) -> Result<(), StoreError> {
    if files.is_empty() {
        return Ok(());
    }
    let files = rows(files);
    sqlx::query!(
        "insert into file_ref (sha256, created_at, updated_at)
         select unhex(value ->> 0), value ->> 1, value ->> 1 from json_each(?1) where true
         on conflict (sha256) do nothing",
        files
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Remembers the files that records name: of a snapshot no operation comes.
pub(crate) async fn refer_records(
    db: &mut SqliteConnection,
    records: &Records,
    at: &str,
) -> Result<(), StoreError> {
    let files = records.iter().flat_map(|((kind, _), record)| record_files(kind, record));
    let files: Vec<_> = files.map(|file| json!([blob(&file.0), at])).collect();
    refer_rows(db, files).await
}
