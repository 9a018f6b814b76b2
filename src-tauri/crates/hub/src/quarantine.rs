//! What was parked: looked through and, where it can be, let into its stream after all.

use domain::digest::Digest;
use domain::operation::Operation;
use domain::record::Records;
use domain::settle::{Verdict, judge, keys, settle};
use serde::Serialize;
use sqlx::PgPool;
use uuid::Uuid;
use wire::ParkReason;

use crate::accept::{Slot, check};
use crate::error::HubError;
use crate::table::operation::{self, Row};
use crate::table::{device, head, log, record};

/// An operation in quarantine; nothing of what it says.
#[derive(Debug, Clone, Serialize)]
pub struct ParkedLine {
    /// Its hash: how it is named in `release`.
    pub hash: Digest,
    /// Its id, when it could be read.
    pub id: Option<Uuid>,
    /// The branch.
    pub stream: String,
    /// Whose chain.
    pub device: Uuid,
    /// Which incarnation.
    pub incarnation: u32,
    /// Which number.
    pub seq: u64,
    /// Why.
    pub reason: ParkReason,
    /// Milliseconds since 1970 by the hub's clock.
    pub received_at: i64,
}

/// What became of an operation that was to be released.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum Released {
    /// It has this position in its stream now.
    Applied {
        /// The position.
        at: u64,
        /// Whether something of it waits for a decision.
        contested: bool,
    },
    /// Its stream has it already, under another number.
    Known,
    /// It stays: its bytes, signature or chain do not hold, or this version does not know it.
    Stays {
        /// What is wrong with it.
        reason: ParkReason,
    },
    /// Nothing in quarantine has this hash.
    Unknown,
}

/// What is in quarantine.
///
/// # Errors
/// When the database does not answer.
pub async fn list(pool: &PgPool) -> Result<Vec<ParkedLine>, HubError> {
    let mut db = pool.acquire().await?;
    let line = |row: Row| {
        Some(ParkedLine {
            hash: row.hash,
            id: row.id,
            stream: row.stream,
            device: row.device,
            incarnation: row.incarnation,
            seq: row.seq,
            reason: row.parked?,
            received_at: row.received_at,
        })
    };
    Ok(operation::parked(&mut db).await?.into_iter().filter_map(line).collect())
}

/// Lets an operation into its stream, judged against the records as they are now: late work of a revoked desk, work of
/// a newer version once this one knows it, the other branch of a fork. Forged or unreadable bytes stay.
///
/// # Errors
/// When the database does not answer.
pub async fn release(pool: &PgPool, hash: &Digest) -> Result<Released, HubError> {
    let mut transaction = pool.begin().await?;
    let db = &mut *transaction;
    let Some(found) = operation::parked_with(db, hash).await? else { return Ok(Released::Unknown) };
    let Some(maker) = device::get(db, found.device).await? else { return Ok(Released::Unknown) };
    let mut head = head::lock(db, &found.stream).await?;
    // Under the lock, or two administrators might release it twice.
    let Some(mut row) = operation::parked_with(db, hash).await? else { return Ok(Released::Unknown) };
    let slot = Slot {
        device: row.device,
        incarnation: row.incarnation,
        stream: row.stream.clone(),
        public_key: maker.public_key,
        // Whoever releases it has looked at who made it.
        role: None,
    };
    let made: Operation = match check(&slot, row.seq, row.body.clone()).read {
        Ok(made) => made,
        Err(reason) => return Ok(Released::Stays { reason }),
    };
    if row.parked == Some(ParkReason::Link) {
        return Ok(Released::Stays { reason: ParkReason::Link });
    }
    row.id = Some(made.id);
    if !operation::applied(db, &row.stream, &[made.id]).await?.is_empty() {
        operation::release(db, &row, None, &Verdict::default()).await?;
        transaction.commit().await?;
        return Ok(Released::Known);
    }
    let before = record::load(db, &row.stream, &keys(&made)).await?;
    let mut after: Records = before.clone();
    let verdict = judge(&after, &made);
    settle(&mut after, &made, &verdict);
    head.seq += 1;
    head.digest.follow(&before, &after)?;
    record::save(db, &row.stream, &before, &after).await?;
    operation::release(db, &row, Some(head.seq), &verdict).await?;
    head::update(db, &row.stream, &head).await?;
    log::follow(db, &row.stream).await?;
    transaction.commit().await?;
    Ok(Released::Applied { at: head.seq, contested: !verdict.contested.is_empty() })
}
