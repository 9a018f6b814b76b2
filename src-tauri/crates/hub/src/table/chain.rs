//! How far each device's chain is known.

use domain::digest::Digest;
use sqlx::PgConnection;
use uuid::Uuid;
use wire::DeviceHead;

use super::{digest, incarnation, signed, unsigned};
use crate::error::HubError;

/// The last operation of a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chain {
    /// Its number.
    pub seq: u64,
    /// Its hash; `None` when it could not be read.
    pub hash: Option<Digest>,
}

impl Default for Chain {
    /// Before the first operation.
    fn default() -> Self {
        Chain { seq: 0, hash: Some(Digest::default()) }
    }
}

pub(crate) async fn get(
    db: &mut PgConnection,
    stream: &str,
    device: Uuid,
    number: u32,
) -> Result<Chain, HubError> {
    let row: Option<(i64, Option<Vec<u8>>)> =
        sqlx::query_as("select seq, hash from chain where stream = $1 and device = $2 and incarnation = $3")
            .bind(stream)
            .bind(device)
            .bind(i64::from(number))
            .fetch_optional(db)
            .await?;
    let Some((seq, hash)) = row else { return Ok(Chain::default()) };
    Ok(Chain { seq: unsigned(seq)?, hash: hash.map(digest).transpose()? })
}

pub(crate) async fn save(
    db: &mut PgConnection,
    stream: &str,
    device: Uuid,
    number: u32,
    chain: &Chain,
) -> Result<(), HubError> {
    sqlx::query(
        "insert into chain (stream, device, incarnation, seq, hash) values ($1, $2, $3, $4, $5)
         on conflict (stream, device, incarnation)
             do update set seq = excluded.seq, hash = excluded.hash, updated_at = now()",
    )
    .bind(stream)
    .bind(device)
    .bind(i64::from(number))
    .bind(signed(chain.seq)?)
    .bind(chain.hash.map(|hash| hash.0.to_vec()))
    .execute(db)
    .await?;
    Ok(())
}

/// The highest incarnation known.
pub(crate) async fn highest(db: &mut PgConnection, stream: &str, device: Uuid) -> Result<u32, HubError> {
    let found: Option<i64> =
        sqlx::query_scalar("select max(incarnation) from chain where stream = $1 and device = $2")
            .bind(stream)
            .bind(device)
            .fetch_one(db)
            .await?;
    found.map_or(Ok(0), incarnation)
}

pub(crate) async fn list(db: &mut PgConnection, stream: &str) -> Result<Vec<(DeviceHead, Chain)>, HubError> {
    let rows: Vec<(Uuid, i64, i64, Option<Vec<u8>>)> = sqlx::query_as(
        "select device, incarnation, seq, hash from chain where stream = $1 order by device, incarnation",
    )
    .bind(stream)
    .fetch_all(db)
    .await?;
    rows.into_iter()
        .map(|(device, number, seq, hash)| {
            let (seq, hash) = (unsigned(seq)?, hash.map(digest).transpose()?);
            let head = DeviceHead { device, incarnation: incarnation(number)?, seq, hash };
            Ok((head, Chain { seq, hash }))
        })
        .collect()
}
