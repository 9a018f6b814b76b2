//! The log.

use domain::digest::{Digest, hex};
use domain::operation::Operation;
use domain::record::owner_field;
use domain::settle::Verdict;
use serde_json::json;
use sqlx::SqliteConnection;
use uuid::Uuid;
use wire::DeviceHead;
use wire::outgoing::Outgoing;

use super::{blob, body, file_ref, id, rows};
use crate::error::StoreError;

/// Whether a hub knows the operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OperationState {
    /// Made here, not acknowledged.
    Unsent,
    /// Applied in the hub's order, or a synthetic branch's.
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
    // One prepared statement per operation: its body would double as hexadecimal inside a batch of JSON.
    for operation in operations {
        let (hash, body) = (operation.hash.0.to_vec(), body::pack(&operation.to_cbor()?)?);
        let seq = i64::try_from(operation.seq).map_err(|_| StoreError::Encoding)?;
        let (state, at) = (state.as_str(), operation.at.to_rfc3339());
        sqlx::query!(
            "insert into operation (id, device, incarnation, seq, hash, actor, command, state, body, created_at)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            operation.id,
            operation.device,
            operation.incarnation,
            seq,
            hash,
            operation.actor,
            operation.command,
            state,
            body,
            at
        )
        .execute(&mut *db)
        .await?;
    }
    file_ref::refer(db, operations.iter()).await
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

/// The hash under which an operation is known.
pub(crate) async fn hash(db: &mut SqliteConnection, operation: Uuid) -> Result<Option<Digest>, StoreError> {
    let found =
        sqlx::query_scalar!("select hash from operation where id = ?1", operation).fetch_optional(db).await?;
    found.map(|hash| Ok(Digest(hash.try_into().map_err(|_| StoreError::Encoding)?))).transpose()
}

/// Gives an operation that is known already another place in its device's chain.
pub(crate) async fn replace(db: &mut SqliteConnection, operation: &Operation) -> Result<(), StoreError> {
    let (hash, body) = (operation.hash.0.to_vec(), body::pack(&operation.to_cbor()?)?);
    let seq = i64::try_from(operation.seq).map_err(|_| StoreError::Encoding)?;
    sqlx::query!(
        "update operation set device = ?2, incarnation = ?3, seq = ?4, hash = ?5, body = ?6 where id = ?1",
        operation.id,
        operation.device,
        operation.incarnation,
        seq,
        hash,
        body
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(crate) async fn unsent(db: &mut SqliteConnection) -> Result<u32, StoreError> {
    let count =
        sqlx::query_scalar!("select count(*) as \"count!: i64\" from operation where state = 'unsent'")
            .fetch_one(db)
            .await?;
    u32::try_from(count).map_err(|_| StoreError::Encoding)
}

/// An operation no hub has acknowledged, as a list shows it: nothing of what it says.
#[derive(Debug, Clone)]
pub struct UnsentListed {
    /// The operation.
    pub id: Uuid,
    /// The command's name.
    pub command: String,
    /// Who gave it.
    pub actor: Uuid,
    /// When, RFC 3339.
    pub at: String,
    /// The claim it is about, if any.
    pub claim: Option<Uuid>,
    /// Its size in bytes.
    pub bytes: usize,
    /// How many files it refers to.
    pub files: usize,
}

/// One page of what no hub has acknowledged, the oldest first.
pub(crate) async fn unsent_page(
    db: &mut SqliteConnection,
    offset: u32,
    limit: u32,
) -> Result<Vec<UnsentListed>, StoreError> {
    let bodies = sqlx::query_scalar!(
        "select body from operation where state = 'unsent'
         order by device, incarnation, seq limit ?1 offset ?2",
        limit,
        offset
    )
    .fetch_all(db)
    .await?;
    bodies
        .into_iter()
        .map(|kept| {
            let bytes = body::unpack(kept)?;
            let operation = Operation::from_cbor(&bytes)?;
            Ok(UnsentListed {
                id: operation.id,
                claim: claim_of(&operation),
                actor: operation.actor,
                at: operation.at.to_rfc3339(),
                bytes: bytes.len(),
                files: operation.blob_refs.len(),
                command: operation.command,
            })
        })
        .collect()
}

/// The claim that an operation changes, or whose people, papers or events it changes.
fn claim_of(operation: &Operation) -> Option<Uuid> {
    operation.changes.iter().find_map(|change| match owner_field(&change.kind) {
        None if change.kind == "claim" => Some(change.id),
        Some("claim") if change.field == "claim" => {
            change.value.as_ref()?.as_str().and_then(|id| Uuid::parse_str(id).ok())
        }
        _ => None,
    })
}

/// An operation of the log, with the place and the verdict the hub gave it.
pub(crate) struct Logged {
    pub(crate) operation: Operation,
    pub(crate) position: Option<i64>,
    pub(crate) verdict: Verdict,
}

/// One page of the log in chain order, after (device, incarnation, seq).
pub(crate) async fn page(
    db: &mut SqliteConnection,
    after: (Uuid, u32, u64),
    limit: u32,
) -> Result<Vec<Logged>, StoreError> {
    let (device, incarnation, seq) =
        (after.0, after.1, i64::try_from(after.2).map_err(|_| StoreError::Encoding)?);
    let found = sqlx::query!(
        "select body, position, verdict from operation where (device, incarnation, seq) > (?1, ?2, ?3)
         order by device, incarnation, seq limit ?4",
        device,
        incarnation,
        seq,
        limit
    )
    .fetch_all(db)
    .await?;
    found
        .into_iter()
        .map(|row| {
            let verdict = row.verdict.map(|verdict| serde_json::from_str(&verdict)).transpose()?;
            Ok(Logged {
                operation: body::read(row.body)?,
                position: row.position,
                verdict: verdict.unwrap_or_default(),
            })
        })
        .collect()
}

/// Own operations no hub has confirmed, in the order they were made.
pub(crate) async fn pending(
    db: &mut SqliteConnection,
    device: Uuid,
    unsent_only: bool,
) -> Result<Vec<Operation>, StoreError> {
    let bodies = sqlx::query_scalar!(
        "select body from operation
         where device = ?1 and state <> 'confirmed' and (state = 'unsent' or not ?2)
         order by incarnation, seq",
        device,
        unsent_only
    )
    .fetch_all(db)
    .await?;
    bodies.into_iter().map(body::read).collect()
}

/// Which of these operations are this desk's and not confirmed.
pub(crate) async fn pending_among(
    db: &mut SqliteConnection,
    ids: &[Uuid],
) -> Result<std::collections::BTreeSet<Uuid>, StoreError> {
    let wanted = super::ids(ids.iter().copied());
    let found = sqlx::query_scalar!(
        "select operation.id from json_each(?1) join operation on operation.id = unhex(value)
         where state <> 'confirmed'",
        wanted
    )
    .fetch_all(db)
    .await?;
    found.iter().map(|found| super::uuid(found)).collect()
}

/// An operation as the hub's stream gave it: its bytes, where it stands, what the hub decided.
pub(crate) struct Placed<'a> {
    pub(crate) operation: &'a Operation,
    pub(crate) bytes: &'a [u8],
    /// The same bytes are in the log already.
    pub(crate) held: bool,
    pub(crate) position: u64,
    pub(crate) verdict: String,
}

/// Takes operations over from the hub's stream; one that is known gets its place, or takes the hub's bytes.
pub(crate) async fn confirm(db: &mut SqliteConnection, placed: &[Placed<'_>]) -> Result<(), StoreError> {
    let (held, new): (Vec<&Placed<'_>>, Vec<&Placed<'_>>) = placed.iter().partition(|placed| placed.held);
    if !held.is_empty() {
        place(db, &held).await?;
    }
    if new.is_empty() {
        return Ok(());
    }
    let batch = rows(
        new.iter()
            .map(|placed| {
                let operation = placed.operation;
                Ok(json!([
                    id(operation.id),
                    id(operation.device),
                    operation.incarnation,
                    operation.seq,
                    blob(&operation.hash.0),
                    id(operation.actor),
                    operation.command,
                    placed.position,
                    placed.verdict,
                    hex(&body::pack(placed.bytes)?),
                    operation.at.to_rfc3339(),
                ]))
            })
            .collect::<Result<_, StoreError>>()?,
    );
    sqlx::query!(
        "insert into operation (id, device, incarnation, seq, hash, actor, command, state, position, verdict, body,
                                created_at)
         select unhex(value ->> 0), unhex(value ->> 1), value ->> 2, value ->> 3, unhex(value ->> 4),
                unhex(value ->> 5), value ->> 6, 'confirmed', value ->> 7, value ->> 8, unhex(value ->> 9),
                value ->> 10
         from json_each(?1) where true
         on conflict (id) do update
         set device = excluded.device, incarnation = excluded.incarnation, seq = excluded.seq,
             hash = excluded.hash, body = excluded.body, state = 'confirmed', position = excluded.position,
             verdict = excluded.verdict",
        batch
    )
    .execute(&mut *db)
    .await?;
    file_ref::refer(db, new.iter().map(|placed| placed.operation)).await
}

/// Gives operations that are here already their places.
async fn place(db: &mut SqliteConnection, held: &[&Placed<'_>]) -> Result<(), StoreError> {
    let batch =
        rows(held.iter().map(|held| json!([id(held.operation.id), held.position, held.verdict])).collect());
    sqlx::query!(
        "update operation set state = 'confirmed', position = placed.value ->> 1, verdict = placed.value ->> 2
         from json_each(?1) as placed where operation.id = unhex(placed.value ->> 0)",
        batch
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The bytes and hash of operations that are known.
pub(crate) async fn known(
    db: &mut SqliteConnection,
    wanted: &[Uuid],
) -> Result<std::collections::BTreeMap<Uuid, (Digest, Vec<u8>)>, StoreError> {
    let wanted = super::ids(wanted.iter().copied());
    let found = sqlx::query!(
        "select operation.id, operation.hash, operation.body
         from json_each(?1) join operation on operation.id = unhex(value)",
        wanted
    )
    .fetch_all(db)
    .await?;
    found
        .into_iter()
        .map(|row| {
            let hash = Digest(row.hash.try_into().map_err(|_| StoreError::Encoding)?);
            Ok((super::uuid(&row.id)?, (hash, body::unpack(row.body)?)))
        })
        .collect()
}

/// The hash of a confirmed link of a chain.
pub(crate) async fn confirmed_link(
    db: &mut SqliteConnection,
    device: Uuid,
    incarnation: u32,
    seq: u64,
) -> Result<Option<Digest>, StoreError> {
    let seq = i64::try_from(seq).map_err(|_| StoreError::Encoding)?;
    let found = sqlx::query_scalar!(
        "select hash from operation
         where device = ?1 and incarnation = ?2 and seq = ?3 and state = 'confirmed'",
        device,
        incarnation,
        seq
    )
    .fetch_optional(db)
    .await?;
    found.map(|hash| Ok(Digest(hash.try_into().map_err(|_| StoreError::Encoding)?))).transpose()
}

/// The oldest unsent operations of a device.
pub(crate) async fn outgoing(
    db: &mut SqliteConnection,
    device: Uuid,
    limit: u32,
) -> Result<Vec<Outgoing>, StoreError> {
    outgoing_after(db, device, (0, 0), limit).await
}

/// Unsent operations of a chain's maker, after one of them.
pub(crate) async fn outgoing_after(
    db: &mut SqliteConnection,
    device: Uuid,
    (incarnation, seq): (u32, u64),
    limit: u32,
) -> Result<Vec<Outgoing>, StoreError> {
    let seq = i64::try_from(seq).map_err(|_| StoreError::Encoding)?;
    let found = sqlx::query!(
        "select incarnation, seq, position, body from operation
         where device = ?1 and state = 'unsent' and (incarnation, seq) > (?2, ?3)
         order by incarnation, seq limit ?4",
        device,
        incarnation,
        seq,
        limit
    )
    .fetch_all(db)
    .await?;
    found
        .into_iter()
        .map(|row| {
            Ok(Outgoing {
                incarnation: u32::try_from(row.incarnation).map_err(|_| StoreError::Encoding)?,
                seq: u64::try_from(row.seq).map_err(|_| StoreError::Encoding)?,
                position: row.position,
                body: body::unpack(row.body)?,
            })
        })
        .collect()
}

/// Marks a chain as acknowledged below a number.
pub(crate) async fn acknowledge(
    db: &mut SqliteConnection,
    device: Uuid,
    incarnation: u32,
    below: u64,
) -> Result<(), StoreError> {
    let below = i64::try_from(below).map_err(|_| StoreError::Encoding)?;
    sqlx::query!(
        "update operation set state = 'acked'
         where device = ?1 and incarnation = ?2 and seq < ?3 and state = 'unsent'",
        device,
        incarnation,
        below
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Whether the hub had acknowledged or given more of a chain than the number it expects next.
pub(crate) async fn ahead(
    db: &mut SqliteConnection,
    device: Uuid,
    incarnation: u32,
    expected: u64,
) -> Result<bool, StoreError> {
    let expected = i64::try_from(expected).map_err(|_| StoreError::Encoding)?;
    let ahead = sqlx::query_scalar!(
        // Two counts that indexes answer alone: looking at each link's state reads the whole of what is still to go.
        "select (select count(*) from operation where device = ?1 and incarnation = ?2 and seq >= ?3)
              - (select count(*) from operation
                 where device = ?1 and incarnation = ?2 and seq >= ?3 and state = 'unsent') as \"count!: i64\"",
        device,
        incarnation,
        expected
    )
    .fetch_one(db)
    .await?;
    Ok(ahead > 0)
}

/// Whether this desk knows another operation under the number than the hub.
pub(crate) async fn is_other(db: &mut SqliteConnection, head: &DeviceHead) -> Result<bool, StoreError> {
    let Some(hash) = head.hash else { return Ok(false) };
    let seq = i64::try_from(head.seq).map_err(|_| StoreError::Encoding)?;
    let here = sqlx::query_scalar!(
        "select hash from operation where device = ?1 and incarnation = ?2 and seq = ?3",
        head.device,
        head.incarnation,
        seq
    )
    .fetch_all(db)
    .await?;
    Ok(!here.is_empty() && here.iter().all(|here| *here != hash.0))
}

/// Whether something up to a link of an own chain is still to be pushed.
pub(crate) async fn unsent_until(db: &mut SqliteConnection, head: &DeviceHead) -> Result<bool, StoreError> {
    let seq = i64::try_from(head.seq).map_err(|_| StoreError::Encoding)?;
    let found = sqlx::query_scalar!(
        "select 1 as \"found!: i64\" from operation
         where device = ?1 and incarnation = ?2 and seq <= ?3 and state = 'unsent' limit 1",
        head.device,
        head.incarnation,
        seq
    )
    .fetch_optional(db)
    .await?;
    Ok(found.is_some())
}

/// Confirms what the hub acknowledged of an own chain, up to a link; what it keeps for review is in no stream. Its
/// number is 0: somewhere in the snapshot this desk began with, and how it was judged is not told.
pub(crate) async fn confirm_until(db: &mut SqliteConnection, head: &DeviceHead) -> Result<(), StoreError> {
    let seq = i64::try_from(head.seq).map_err(|_| StoreError::Encoding)?;
    sqlx::query!(
        "update operation set state = 'confirmed', position = 0
         where device = ?1 and incarnation = ?2 and seq <= ?3 and state = 'acked'
           and id not in (select id from parked)",
        head.device,
        head.incarnation,
        seq
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Own operations that the hub acknowledged, does not keep for review, and did not hand out though all it has was
/// pulled: they are sent again.
pub(crate) async fn unsend_missing(db: &mut SqliteConnection, device: Uuid) -> Result<u64, StoreError> {
    let done = sqlx::query!(
        "update operation set state = 'unsent'
         where state = 'acked' and device = ?1 and id not in (select id from parked)",
        device
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected())
}

/// Whether a link of a chain is here.
pub(crate) async fn has_link(
    db: &mut SqliteConnection,
    device: Uuid,
    incarnation: u32,
    seq: u64,
) -> Result<bool, StoreError> {
    let seq = i64::try_from(seq).map_err(|_| StoreError::Encoding)?;
    let found = sqlx::query_scalar!(
        "select 1 as \"found!: i64\" from operation where device = ?1 and incarnation = ?2 and seq = ?3",
        device,
        incarnation,
        seq
    )
    .fetch_optional(db)
    .await?;
    Ok(found.is_some())
}

/// The chains there are: device and incarnation.
pub(crate) async fn chains(db: &mut SqliteConnection) -> Result<Vec<(Uuid, u32)>, StoreError> {
    let found = sqlx::query!("select distinct device, incarnation from operation order by 1, 2")
        .fetch_all(db)
        .await?;
    found
        .into_iter()
        .map(|row| {
            let incarnation = u32::try_from(row.incarnation).map_err(|_| StoreError::Encoding)?;
            Ok((super::uuid(&row.device)?, incarnation))
        })
        .collect()
}

/// Marks what the hub lacks of an own chain as unsent.
pub(crate) async fn unsend(
    db: &mut SqliteConnection,
    device: Uuid,
    incarnation: u32,
    after: u64,
) -> Result<u64, StoreError> {
    let after = i64::try_from(after).map_err(|_| StoreError::Encoding)?;
    let done = sqlx::query!(
        "update operation set state = 'unsent'
         where device = ?1 and incarnation = ?2 and seq > ?3 and state <> 'unsent'",
        device,
        incarnation,
        after
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected())
}

/// Every own operation that never got a number of the hub's is unsent from now on (a first enrolment).
pub(crate) async fn unsend_unplaced(db: &mut SqliteConnection, device: Uuid) -> Result<(), StoreError> {
    sqlx::query!(
        "update operation set state = 'unsent' where device = ?1 and position is null and state = 'confirmed'",
        device
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Takes the hub's numbers off: they come again. Own confirmed operations count as pending until then.
pub(crate) async fn unplace(db: &mut SqliteConnection, device: Uuid) -> Result<(), StoreError> {
    sqlx::query!("update operation set position = null, verdict = null where position is not null")
        .execute(&mut *db)
        .await?;
    sqlx::query!("update operation set state = 'acked' where device = ?1 and state = 'confirmed'", device)
        .execute(db)
        .await?;
    Ok(())
}

/// When the oldest unsent operation was made.
pub(crate) async fn oldest_unsent(db: &mut SqliteConnection) -> Result<Option<String>, StoreError> {
    Ok(sqlx::query_scalar!(
        "select created_at from operation where state = 'unsent' order by incarnation, seq limit 1"
    )
    .fetch_optional(db)
    .await?)
}
