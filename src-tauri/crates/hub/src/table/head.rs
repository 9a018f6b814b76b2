//! The head of each stream, whose lock puts its operations in order.

use domain::settle::StateDigest;
use sqlx::PgConnection;

use super::{digest, signed, unsigned};
use crate::error::HubError;

/// Where a stream stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Head {
    /// Its last number.
    pub seq: u64,
    /// The sum over its records.
    pub digest: StateDigest,
}

impl Head {
    pub(crate) fn read((seq, sum): (i64, Vec<u8>)) -> Result<Self, HubError> {
        Ok(Head { seq: unsigned(seq)?, digest: StateDigest(digest(sum)?) })
    }
}

/// Makes the row when a stream gets its first device.
pub(crate) async fn make(db: &mut PgConnection, stream: &str) -> Result<(), HubError> {
    sqlx::query("insert into head (stream, digest) values ($1, $2) on conflict (stream) do nothing")
        .bind(stream)
        .bind(StateDigest::default().0.0.as_slice())
        .execute(db)
        .await?;
    Ok(())
}

/// Locked until the transaction ends.
pub(crate) async fn lock(db: &mut PgConnection, stream: &str) -> Result<Head, HubError> {
    let row = sqlx::query_as("select seq, digest from head where stream = $1 for update")
        .bind(stream)
        .fetch_one(db)
        .await?;
    Head::read(row)
}

pub(crate) async fn get(db: &mut PgConnection, stream: &str) -> Result<Option<Head>, HubError> {
    let row = sqlx::query_as("select seq, digest from head where stream = $1")
        .bind(stream)
        .fetch_optional(db)
        .await?;
    row.map(Head::read).transpose()
}

pub(crate) async fn streams(db: &mut PgConnection) -> Result<Vec<String>, HubError> {
    Ok(sqlx::query_scalar("select stream from head order by stream").fetch_all(db).await?)
}

pub(crate) async fn update(db: &mut PgConnection, stream: &str, head: &Head) -> Result<(), HubError> {
    sqlx::query("update head set seq = $2, digest = $3, updated_at = now() where stream = $1")
        .bind(stream)
        .bind(signed(head.seq)?)
        .bind(head.digest.0.0.as_slice())
        .execute(db)
        .await?;
    Ok(())
}
