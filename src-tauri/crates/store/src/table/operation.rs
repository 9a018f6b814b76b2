//! The log.

use domain::digest::{Digest, hex};
use domain::operation::Operation;
use serde_json::json;
use sqlx::SqliteConnection;
use uuid::Uuid;

use super::{blob, id, rows};
use crate::error::StoreError;

/// Whether a hub knows the operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OperationState {
    /// Made here, not acknowledged.
    Unsent,
    /// Acknowledged, or received.
    Confirmed,
}

impl OperationState {
    fn as_str(self) -> &'static str {
        match self {
            OperationState::Unsent => "unsent",
            OperationState::Confirmed => "confirmed",
        }
    }
}

pub(crate) async fn insert(
    db: &mut SqliteConnection,
    operations: &[Operation],
    state: OperationState,
) -> Result<(), StoreError> {
    let mut batch = Vec::with_capacity(operations.len());
    for operation in operations {
        batch.push(json!([
            id(operation.id),
            id(operation.device),
            operation.incarnation,
            operation.seq,
            blob(&operation.hash.0),
            id(operation.actor),
            operation.command,
            state.as_str(),
            hex(&operation.to_cbor()?),
            operation.at.to_rfc3339(),
        ]));
    }
    let batch = rows(batch);
    sqlx::query!(
        "insert into operation (id, device, incarnation, seq, hash, actor, command, state, body, created_at)
         select unhex(value ->> 0), unhex(value ->> 1), value ->> 2, value ->> 3, unhex(value ->> 4),
                unhex(value ->> 5), value ->> 6, value ->> 7, unhex(value ->> 8), value ->> 9
         from json_each(?1)",
        batch
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The last link of a device's chain: its number and hash.
pub(crate) async fn head(
    db: &mut SqliteConnection,
    device: Uuid,
    incarnation: u32,
) -> Result<(u64, Digest), StoreError> {
    let row = sqlx::query!(
        "select seq, hash from operation where device = ?1 and incarnation = ?2 order by seq desc limit 1",
        device,
        incarnation
    )
    .fetch_optional(db)
    .await?;
    Ok(match row {
        Some(row) => (
            u64::try_from(row.seq).map_err(|_| StoreError::Encoding)?,
            Digest(row.hash.try_into().map_err(|_| StoreError::Encoding)?),
        ),
        None => (0, Digest::default()),
    })
}

pub(crate) async fn exists(db: &mut SqliteConnection, operation: Uuid) -> Result<bool, StoreError> {
    let found = sqlx::query_scalar!("select 1 as \"found!: i64\" from operation where id = ?1", operation)
        .fetch_optional(db)
        .await?;
    Ok(found.is_some())
}

pub(crate) async fn unsent(db: &mut SqliteConnection) -> Result<u32, StoreError> {
    let count =
        sqlx::query_scalar!("select count(*) as \"count!: i64\" from operation where state = 'unsent'")
            .fetch_one(db)
            .await?;
    u32::try_from(count).map_err(|_| StoreError::Encoding)
}

/// One page of the log in chain order, after (device, incarnation, seq).
pub(crate) async fn page(
    db: &mut SqliteConnection,
    after: (Uuid, u32, u64),
    limit: u32,
) -> Result<Vec<Operation>, StoreError> {
    let (device, incarnation, seq) =
        (after.0, after.1, i64::try_from(after.2).map_err(|_| StoreError::Encoding)?);
    let bodies = sqlx::query_scalar!(
        "select body from operation where (device, incarnation, seq) > (?1, ?2, ?3)
         order by device, incarnation, seq limit ?4",
        device,
        incarnation,
        seq,
        limit
    )
    .fetch_all(db)
    .await?;
    bodies.iter().map(|body| Ok(Operation::from_cbor(body)?)).collect()
}
