//! Every operation that was received.

use domain::digest::{ByteString, Digest};
use domain::settle::Verdict;
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;
use wire::{Entry, ParkReason};

use super::{digest, incarnation, signed, unsigned};
use crate::error::HubError;

/// A row to be written.
#[derive(Debug)]
pub struct NewRow {
    /// The number in its chain.
    pub seq: u64,
    /// Its hash.
    pub hash: Digest,
    /// Its id, when it could be read.
    pub id: Option<Uuid>,
    /// The number in the stream; none for what was parked or came again.
    pub at: Option<u64>,
    /// What was decided.
    pub verdict: Verdict,
    /// Why it is kept for review.
    pub parked: Option<ParkReason>,
    /// Its bytes.
    pub body: Vec<u8>,
}

/// What is written in the place of a reason.
const REASONS: [(ParkReason, &str); 8] = [
    (ParkReason::Malformed, "malformed"),
    (ParkReason::Newer, "newer"),
    (ParkReason::Unsigned, "unsigned"),
    (ParkReason::Link, "link"),
    (ParkReason::Scope, "scope"),
    (ParkReason::Role, "role"),
    (ParkReason::Revoked, "revoked"),
    (ParkReason::Fork, "fork"),
];

fn reason_text(reason: ParkReason) -> &'static str {
    REASONS.iter().find(|(known, _)| *known == reason).map_or("malformed", |(_, text)| text)
}

fn reason(text: &str) -> Result<ParkReason, HubError> {
    REASONS
        .iter()
        .find(|(_, known)| *known == text)
        .map(|(reason, _)| *reason)
        .ok_or(HubError::Row("a reason"))
}

pub(crate) fn verdict_bytes(verdict: &Verdict) -> Result<Option<Vec<u8>>, HubError> {
    if verdict.clean() {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    ciborium::into_writer(verdict, &mut bytes).map_err(|_| HubError::Encoding)?;
    Ok(Some(bytes))
}

pub(crate) fn verdict(bytes: Option<Vec<u8>>) -> Result<Verdict, HubError> {
    let Some(bytes) = bytes else { return Ok(Verdict::default()) };
    ciborium::from_reader(bytes.as_slice()).map_err(|_| HubError::Row("a verdict"))
}

/// Whose chain.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ChainKey<'a> {
    pub(crate) stream: &'a str,
    pub(crate) device: Uuid,
    pub(crate) incarnation: u32,
}

/// Writes rows of one chain, in one statement. What is there already stays: a fork may be pushed twice.
pub(crate) async fn insert(
    db: &mut PgConnection,
    chain: ChainKey<'_>,
    rows: Vec<NewRow>,
    received_at: i64,
) -> Result<(), HubError> {
    if rows.is_empty() {
        return Ok(());
    }
    let length = rows.len();
    let (mut seqs, mut hashes, mut ids) =
        (Vec::with_capacity(length), Vec::with_capacity(length), Vec::with_capacity(length));
    let (mut ats, mut verdicts, mut reasons, mut bodies) = (
        Vec::with_capacity(length),
        Vec::with_capacity(length),
        Vec::with_capacity(length),
        Vec::with_capacity(length),
    );
    for row in rows {
        seqs.push(signed(row.seq)?);
        hashes.push(row.hash.0.to_vec());
        ids.push(row.id);
        ats.push(row.at.map(signed).transpose()?);
        verdicts.push(verdict_bytes(&row.verdict)?);
        reasons.push(row.parked.map(reason_text));
        bodies.push(row.body);
    }
    sqlx::query(
        "insert into operation
             (stream, device, incarnation, seq, hash, id, at, verdict, parked, forked, body, received_at)
         select $1, $2, $3, seq, hash, id, at, verdict, parked, coalesce(parked = 'fork', false), body, $11
         from unnest($4::bigint[], $5::bytea[], $6::uuid[], $7::bigint[], $8::bytea[], $9::text[], $10::bytea[])
             as new (seq, hash, id, at, verdict, parked, body)
         on conflict (stream, device, incarnation, seq, hash) do nothing",
    )
    .bind(chain.stream)
    .bind(chain.device)
    .bind(i64::from(chain.incarnation))
    .bind(seqs)
    .bind(hashes)
    .bind(ids)
    .bind(ats)
    .bind(verdicts)
    .bind(reasons)
    .bind(bodies)
    .bind(received_at)
    .execute(db)
    .await?;
    Ok(())
}

/// Number, hash and reason of the chain's own operations from one number on.
pub(crate) async fn known(
    db: &mut PgConnection,
    chain: ChainKey<'_>,
    from: u64,
    to: u64,
) -> Result<Vec<(u64, Digest, Option<ParkReason>)>, HubError> {
    let rows: Vec<(i64, Vec<u8>, Option<String>)> = sqlx::query_as(
        "select seq, hash, parked from operation
         where stream = $1 and device = $2 and incarnation = $3 and seq between $4 and $5 and not forked
         order by seq",
    )
    .bind(chain.stream)
    .bind(chain.device)
    .bind(i64::from(chain.incarnation))
    .bind(signed(from)?)
    .bind(signed(to)?)
    .fetch_all(db)
    .await?;
    rows.into_iter()
        .map(|(seq, hash, parked)| {
            Ok((unsigned(seq)?, digest(hash)?, parked.as_deref().map(reason).transpose()?))
        })
        .collect()
}

/// Which of some ids are in the stream, and who made them.
pub(crate) async fn applied(
    db: &mut PgConnection,
    stream: &str,
    ids: &[Uuid],
) -> Result<Vec<(Uuid, Uuid)>, HubError> {
    let rows = sqlx::query_as(
        "select id, device from operation where stream = $1 and id = any($2) and at is not null",
    )
    .bind(stream)
    .bind(ids)
    .fetch_all(db)
    .await?;
    Ok(rows)
}

type PageRow = (i64, Uuid, Uuid, Vec<u8>, Option<Vec<u8>>, i64, Option<Vec<u8>>);

/// A run of a stream after a number, up to another, within a limit of entries and one of bytes, with each one's device.
/// `without` is a device whose bytes are left out.
pub(crate) async fn page(
    db: &mut PgConnection,
    stream: &str,
    (after, head): (u64, u64),
    (entries, bytes): (i64, i64),
    without: Option<Uuid>,
) -> Result<Vec<(Entry, Uuid)>, HubError> {
    // The length of a body is known without reading it; the first entry comes whatever its length.
    let rows: Vec<PageRow> = sqlx::query_as(
        "select at, id, device, hash, verdict, received_at, case when device = $6 then null else body end
         from (select at, id, device, hash, verdict, received_at, body,
                      sum(case when device = $6 then 0 else octet_length(body) end) over (order by at) as bytes
               from operation where stream = $1 and at > $2 and at <= $3 order by at limit $4) as run
         where bytes <= $5 or at = $2 + 1 order by at",
    )
    .bind(stream)
    .bind(signed(after)?)
    .bind(signed(head)?)
    .bind(entries)
    .bind(bytes)
    .bind(without)
    .fetch_all(db)
    .await?;
    rows.into_iter()
        .map(|(at, id, device, hash, decided, received_at, body)| {
            let entry = Entry {
                at: unsigned(at)?,
                id,
                hash: digest(hash)?,
                verdict: verdict(decided)?,
                received_at,
                operation: body.map(ByteString),
            };
            Ok((entry, device))
        })
        .collect()
}

/// Number, hash and verdict of a stream's entries after a number, in order.
pub(crate) async fn entries(
    db: &mut PgConnection,
    stream: &str,
    after: u64,
    limit: i64,
) -> Result<Vec<(u64, Digest, Verdict)>, HubError> {
    let rows: Vec<(i64, Vec<u8>, Option<Vec<u8>>)> = sqlx::query_as(
        "select at, hash, verdict from operation where stream = $1 and at > $2 order by at limit $3",
    )
    .bind(stream)
    .bind(signed(after)?)
    .bind(limit)
    .fetch_all(db)
    .await?;
    rows.into_iter()
        .map(|(at, hash, decided)| Ok((unsigned(at)?, digest(hash)?, verdict(decided)?)))
        .collect()
}

/// A whole row.
#[derive(Debug, FromRow)]
pub(crate) struct RawRow {
    pub(crate) stream: String,
    pub(crate) device: Uuid,
    pub(crate) incarnation: i64,
    pub(crate) seq: i64,
    pub(crate) hash: Vec<u8>,
    pub(crate) id: Option<Uuid>,
    pub(crate) at: Option<i64>,
    pub(crate) verdict: Option<Vec<u8>>,
    pub(crate) parked: Option<String>,
    pub(crate) forked: bool,
    pub(crate) body: Vec<u8>,
    pub(crate) received_at: i64,
}

/// A row as it is used.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) stream: String,
    pub(crate) device: Uuid,
    pub(crate) incarnation: u32,
    pub(crate) seq: u64,
    pub(crate) hash: Digest,
    pub(crate) id: Option<Uuid>,
    pub(crate) at: Option<u64>,
    pub(crate) verdict: Verdict,
    pub(crate) parked: Option<ParkReason>,
    pub(crate) forked: bool,
    pub(crate) body: Vec<u8>,
    pub(crate) received_at: i64,
}

impl TryFrom<RawRow> for Row {
    type Error = HubError;

    fn try_from(row: RawRow) -> Result<Self, HubError> {
        Ok(Row {
            stream: row.stream,
            device: row.device,
            incarnation: incarnation(row.incarnation)?,
            seq: unsigned(row.seq)?,
            hash: digest(row.hash)?,
            id: row.id,
            at: row.at.map(unsigned).transpose()?,
            verdict: verdict(row.verdict)?,
            parked: row.parked.as_deref().map(reason).transpose()?,
            forked: row.forked,
            body: row.body,
            received_at: row.received_at,
        })
    }
}

fn rows(found: Vec<RawRow>) -> Result<Vec<Row>, HubError> {
    found.into_iter().map(Row::try_from).collect()
}

/// What waits in quarantine, oldest first.
pub(crate) async fn parked(db: &mut PgConnection) -> Result<Vec<Row>, HubError> {
    let found = sqlx::query_as(
        "select stream, device, incarnation, seq, hash, id, at, verdict, parked, forked, body, received_at
         from operation where parked is not null order by stream, received_at, device, incarnation, seq, hash",
    )
    .fetch_all(db)
    .await?;
    rows(found)
}

/// The parked operation with a hash.
pub(crate) async fn parked_with(db: &mut PgConnection, hash: &Digest) -> Result<Option<Row>, HubError> {
    let found: Option<RawRow> = sqlx::query_as(
        "select stream, device, incarnation, seq, hash, id, at, verdict, parked, forked, body, received_at
         from operation where parked is not null and hash = $1 limit 1",
    )
    .bind(hash.0.as_slice())
    .fetch_optional(db)
    .await?;
    found.map(Row::try_from).transpose()
}

/// Takes an operation out of quarantine, into its stream when `at` is said.
pub(crate) async fn release(
    db: &mut PgConnection,
    row: &Row,
    at: Option<u64>,
    decided: &Verdict,
) -> Result<(), HubError> {
    sqlx::query(
        "update operation set parked = null, id = $6, at = $7, verdict = $8, updated_at = now()
         where stream = $1 and device = $2 and incarnation = $3 and seq = $4 and hash = $5",
    )
    .bind(&row.stream)
    .bind(row.device)
    .bind(i64::from(row.incarnation))
    .bind(signed(row.seq)?)
    .bind(row.hash.0.as_slice())
    .bind(row.id)
    .bind(at.map(signed).transpose()?)
    .bind(verdict_bytes(decided)?)
    .execute(db)
    .await?;
    Ok(())
}

/// The next rows of a stream in the order of its chains, for `verify`.
pub(crate) async fn chain_run(
    db: &mut PgConnection,
    stream: &str,
    after: Option<&Row>,
    limit: i64,
) -> Result<Vec<Row>, HubError> {
    let nothing = Digest::default();
    let (device, number, seq, hash) = after.map_or((Uuid::nil(), -1, -1, &nothing), |row| {
        (row.device, i64::from(row.incarnation), i64::try_from(row.seq).unwrap_or(i64::MAX), &row.hash)
    });
    let found = sqlx::query_as(
        "select stream, device, incarnation, seq, hash, id, at, verdict, parked, forked, body, received_at
         from operation where stream = $1 and (device, incarnation, seq, hash) > ($2, $3, $4, $5)
         order by device, incarnation, seq, hash limit $6",
    )
    .bind(stream)
    .bind(device)
    .bind(number)
    .bind(seq)
    .bind(hash.0.as_slice())
    .bind(limit)
    .fetch_all(db)
    .await?;
    rows(found)
}

/// The next rows of a stream in its order, for `verify`.
pub(crate) async fn stream_run(
    db: &mut PgConnection,
    stream: &str,
    after: u64,
    limit: i64,
) -> Result<Vec<Row>, HubError> {
    let found = sqlx::query_as(
        "select stream, device, incarnation, seq, hash, id, at, verdict, parked, forked, body, received_at
         from operation where stream = $1 and at > $2 order by at limit $3",
    )
    .bind(stream)
    .bind(signed(after)?)
    .bind(limit)
    .fetch_all(db)
    .await?;
    rows(found)
}
