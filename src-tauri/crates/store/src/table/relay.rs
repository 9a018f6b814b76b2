//! Other desks' operations on their way to the hub, the hub's word on devices, and what it keeps for review.

use std::collections::BTreeSet;

use ed25519_dalek::VerifyingKey;
use sqlx::SqliteConnection;
use uuid::Uuid;
use wire::Certificate;
use wire::outgoing::Outgoing;

use super::{body, uuid};
use crate::error::StoreError;

/// Takes over what the hub lacks of another device's chain.
pub(crate) async fn refill(
    db: &mut SqliteConnection,
    device: Uuid,
    incarnation: u32,
    after: u64,
) -> Result<u64, StoreError> {
    let after = i64::try_from(after).map_err(|_| StoreError::Encoding)?;
    let done = sqlx::query!(
        "insert into relay (device, incarnation, seq, position, body, created_at)
         select device, incarnation, seq, position, body, created_at from operation
         where device = ?1 and incarnation = ?2 and seq > ?3
         on conflict (device, incarnation, seq) do nothing",
        device,
        incarnation,
        after
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected())
}

/// Keeps an operation that was carried in.
pub(crate) async fn insert(
    db: &mut SqliteConnection,
    operation: &domain::operation::Operation,
    body: &[u8],
) -> Result<(), StoreError> {
    let seq = i64::try_from(operation.seq).map_err(|_| StoreError::Encoding)?;
    let at = operation.at.to_rfc3339();
    sqlx::query!(
        "insert into relay (device, incarnation, seq, position, body, created_at)
         values (?1, ?2, ?3, null, ?4, ?5) on conflict (device, incarnation, seq) do nothing",
        operation.device,
        operation.incarnation,
        seq,
        body,
        at
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The next operations to bring, of whichever device is not in `aside`: those the hub once had in its order, then the
/// others.
pub(crate) async fn outgoing(
    db: &mut SqliteConnection,
    aside: &BTreeSet<Uuid>,
    limit: u32,
) -> Result<Vec<(Uuid, Outgoing)>, StoreError> {
    let aside = super::ids(aside.iter().copied());
    let found = sqlx::query!(
        "select device, incarnation, seq, position, body from relay
         where device not in (select unhex(value) from json_each(?2))
         order by position is null, position, device, incarnation, seq limit ?1",
        limit,
        aside
    )
    .fetch_all(db)
    .await?;
    found
        .into_iter()
        .map(|row| {
            let outgoing = Outgoing {
                incarnation: u32::try_from(row.incarnation).map_err(|_| StoreError::Encoding)?,
                seq: u64::try_from(row.seq).map_err(|_| StoreError::Encoding)?,
                position: row.position,
                body: body::unpack(row.body)?,
            };
            Ok((uuid(&row.device)?, outgoing))
        })
        .collect()
}

/// Lets go of a chain's operations below a number.
pub(crate) async fn done(
    db: &mut SqliteConnection,
    device: Uuid,
    incarnation: u32,
    expected: u64,
) -> Result<(), StoreError> {
    let expected = i64::try_from(expected).unwrap_or(i64::MAX);
    sqlx::query!(
        "delete from relay where device = ?1 and incarnation = ?2 and seq < ?3",
        device,
        incarnation,
        expected
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(crate) async fn has_link(
    db: &mut SqliteConnection,
    device: Uuid,
    incarnation: u32,
    seq: u64,
) -> Result<bool, StoreError> {
    let seq = i64::try_from(seq).map_err(|_| StoreError::Encoding)?;
    let found = sqlx::query_scalar!(
        "select 1 as \"found!: i64\" from relay where device = ?1 and incarnation = ?2 and seq = ?3",
        device,
        incarnation,
        seq
    )
    .fetch_optional(db)
    .await?;
    Ok(found.is_some())
}

pub(crate) async fn count(db: &mut SqliteConnection) -> Result<u32, StoreError> {
    let count = sqlx::query_scalar!("select count(*) as \"count!: i64\" from relay").fetch_one(db).await?;
    u32::try_from(count).map_err(|_| StoreError::Encoding)
}

/// Keeps a device's certificate.
pub(crate) async fn certify(
    db: &mut SqliteConnection,
    device: Uuid,
    public_key: &[u8],
    certificate: &Certificate,
    at: &str,
) -> Result<(), StoreError> {
    let (body, signature) = (&certificate.body.0, &certificate.signature.0);
    sqlx::query!(
        "insert into device_certificate (device, public_key, body, signature, created_at)
         values (?1, ?2, ?3, ?4, ?5)
         on conflict (device) do update
         set public_key = excluded.public_key, body = excluded.body, signature = excluded.signature",
        device,
        public_key,
        body,
        signature,
        at
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The keys of all certified devices.
pub(crate) async fn certified(db: &mut SqliteConnection) -> Result<Vec<(Uuid, VerifyingKey)>, StoreError> {
    let found = sqlx::query!("select device, public_key from device_certificate").fetch_all(db).await?;
    let mut keys = Vec::with_capacity(found.len());
    for row in found {
        let bytes: [u8; 32] = row.public_key.try_into().map_err(|_| StoreError::Encoding)?;
        let key = VerifyingKey::from_bytes(&bytes).map_err(|_| StoreError::Encoding)?;
        keys.push((uuid(&row.device)?, key));
    }
    Ok(keys)
}

/// A device's certificate as the hub gave it.
pub(crate) async fn certificate(
    db: &mut SqliteConnection,
    device: Uuid,
) -> Result<Option<Certificate>, StoreError> {
    let row = sqlx::query!("select body, signature from device_certificate where device = ?1", device)
        .fetch_optional(db)
        .await?;
    Ok(row.map(|row| Certificate {
        body: domain::digest::ByteString(row.body),
        signature: domain::digest::ByteString(row.signature),
    }))
}

/// Remembers that the hub keeps an own operation for review.
pub(crate) async fn park(
    db: &mut SqliteConnection,
    device: Uuid,
    incarnation: u32,
    seq: u64,
    reason: &str,
    at: &str,
) -> Result<(), StoreError> {
    let seq = i64::try_from(seq).map_err(|_| StoreError::Encoding)?;
    sqlx::query!(
        "insert into parked (id, reason, created_at)
         select id, ?4, ?5 from operation where device = ?1 and incarnation = ?2 and seq = ?3
         on conflict (id) do update set reason = excluded.reason",
        device,
        incarnation,
        seq,
        reason,
        at
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Operations the hub keeps for review: id, command, reason, moment. One that was released falls out.
pub(crate) async fn parked(
    db: &mut SqliteConnection,
) -> Result<Vec<(Uuid, String, String, String)>, StoreError> {
    let found = sqlx::query!(
        "select parked.id, operation.command, parked.reason, parked.created_at
         from parked join operation on operation.id = parked.id where operation.state <> 'confirmed'
         order by parked.created_at"
    )
    .fetch_all(db)
    .await?;
    found.into_iter().map(|row| Ok((uuid(&row.id)?, row.command, row.reason, row.created_at))).collect()
}
