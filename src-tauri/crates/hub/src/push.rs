//! The push transaction: what is expected is judged, applied and numbered; what is known is acknowledged again.
//!
//! Lock order: the device's row, then the stream's head. The head's lock is held to commit, so the order of numbers is
//! the order of commits and a rolled back transaction leaves no gap.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use domain::digest::Digest;
use domain::record::Records;
use domain::settle::{Verdict, judge, keys, settle};
use sqlx::PgConnection;
use uuid::Uuid;
use wire::{ParkReason, Parked, PushAnswer, PushOutcome, WIRE_SCHEMA};

use crate::accept::{Received, Slot};
use crate::error::HubError;
use crate::metrics::add;
use crate::state::Hub;
use crate::table::chain::{self, Chain};
use crate::table::operation::{self, ChainKey, NewRow};
use crate::table::{device, head, hub, record};

/// Attempts of a transaction that met another one.
const ATTEMPTS: u32 = 12;

/// What one push did, for the counters.
#[derive(Debug, Default)]
struct Counts {
    applied: usize,
    parked: usize,
    contested: usize,
    repeated: usize,
    forks: usize,
}

/// Pushes a run of a chain. Answers only after the commit is durable.
pub(crate) async fn push(hub: &Hub, slot: &Slot, received: &[Received]) -> Result<PushAnswer, HubError> {
    let mut attempt = 0;
    loop {
        match once(hub, slot, received).await {
            Err(error) if error.met_another() && attempt < ATTEMPTS => {
                attempt += 1;
                add(&hub.metrics.retried, 1);
                // Two that met go apart: each waits another while.
                let apart = u64::from(Uuid::now_v7().as_bytes()[15]) % 16;
                tokio::time::sleep(Duration::from_millis((1 << attempt.min(8)) + apart)).await;
            }
            Err(error) => return Err(error),
            Ok((answer, counts)) => {
                let metrics = &hub.metrics;
                add(&metrics.applied, counts.applied);
                add(&metrics.parked, counts.parked);
                add(&metrics.contested, counts.contested);
                add(&metrics.repeated, counts.repeated);
                add(&metrics.forks, counts.forks);
                return Ok(answer);
            }
        }
    }
}

async fn once(hub: &Hub, slot: &Slot, received: &[Received]) -> Result<(PushAnswer, Counts), HubError> {
    let mut transaction = hub.pool.begin().await?;
    let done = within(&mut transaction, slot, received, hub.now()).await?;
    transaction.commit().await?;
    Ok(done)
}

async fn within(
    db: &mut PgConnection,
    slot: &Slot,
    received: &[Received],
    now: i64,
) -> Result<(PushAnswer, Counts), HubError> {
    let key = ChainKey { stream: &slot.stream, device: slot.device, incarnation: slot.incarnation };
    let revoked = device::revoked(db, slot.device).await?;
    let mut head = head::lock(db, &slot.stream).await?;
    let mut chain = chain::get(db, &slot.stream, slot.device, slot.incarnation).await?;
    let mut answer = PushAnswer {
        schema: WIRE_SCHEMA,
        epoch: hub::epoch(db).await?,
        outcome: PushOutcome::Taken,
        expected: chain.seq + 1,
        parked: Vec::new(),
    };
    let mut counts = Counts::default();
    if received.first().is_some_and(|first| first.seq > chain.seq + 1) {
        answer.outcome = PushOutcome::Gap;
        return Ok((answer, counts));
    }
    let known = known(db, key, received, &chain).await?;
    let differs = |one: &Received| known.get(&one.seq).is_some_and(|(hash, _)| *hash != one.hash);
    if let Some(first) = received.iter().position(differs) {
        let forked = received.get(first..).unwrap_or_default();
        let incarnation = chain::highest(db, &slot.stream, slot.device).await?.saturating_add(1);
        answer.outcome = PushOutcome::Fork { incarnation };
        answer.parked = forked.iter().map(|one| Parked { seq: one.seq, reason: ParkReason::Fork }).collect();
        counts.forks = 1;
        let rows = forked.iter().map(|one| row(one, None, Verdict::default(), Some(ParkReason::Fork)));
        operation::insert(db, key, rows.collect(), now).await?;
        return Ok((answer, counts));
    }
    let again = known.iter().filter_map(|(seq, (_, parked))| Some((*seq, (*parked)?)));
    answer.parked.extend(again.map(|(seq, reason)| Parked { seq, reason }));
    let fresh: Vec<&Received> = received.iter().filter(|one| one.seq > chain.seq).collect();
    if fresh.is_empty() {
        return Ok((answer, counts));
    }
    let ids: Vec<Uuid> = fresh.iter().filter_map(|one| one.id).collect();
    let mut held: BTreeMap<Uuid, Uuid> =
        operation::applied(db, &slot.stream, &ids).await?.into_iter().collect();
    let wanted: BTreeSet<(String, Uuid)> =
        fresh.iter().filter_map(|one| one.read.as_ref().ok()).flat_map(keys).collect();
    let before = record::load(db, &slot.stream, &wanted).await?;
    let mut after: Records = before.clone();
    let mut rows = Vec::with_capacity(fresh.len());
    for one in fresh {
        let place = judged(slot, revoked, &chain, &held, one);
        chain = Chain { seq: one.seq, hash: one.chain_hash };
        match place {
            Place::Stream(made) => {
                let verdict = judge(&after, made);
                settle(&mut after, made, &verdict);
                head.seq += 1;
                held.insert(made.id, made.device);
                counts.applied += 1;
                counts.contested += usize::from(!verdict.contested.is_empty());
                rows.push(row(one, Some(head.seq), verdict, None));
            }
            Place::Again => {
                counts.repeated += 1;
                rows.push(row(one, None, Verdict::default(), None));
            }
            Place::Parked(reason) => {
                counts.parked += 1;
                answer.parked.push(Parked { seq: one.seq, reason });
                rows.push(row(one, None, Verdict::default(), Some(reason)));
            }
        }
    }
    answer.expected = chain.seq + 1;
    head.digest.follow(&before, &after)?;
    record::save(db, &slot.stream, &before, &after).await?;
    operation::insert(db, key, rows, now).await?;
    if counts.applied > 0 {
        head::update(db, &slot.stream, &head).await?;
    }
    chain::save(db, &slot.stream, slot.device, slot.incarnation, &chain).await?;
    Ok((answer, counts))
}

type Known = BTreeMap<u64, (Digest, Option<ParkReason>)>;

async fn known(
    db: &mut PgConnection,
    key: ChainKey<'_>,
    received: &[Received],
    chain: &Chain,
) -> Result<Known, HubError> {
    let (Some(first), Some(last)) = (received.first(), received.last()) else { return Ok(Known::new()) };
    if first.seq > chain.seq {
        return Ok(Known::new());
    }
    let rows = operation::known(db, key, first.seq, last.seq.min(chain.seq)).await?;
    Ok(rows.into_iter().map(|(seq, hash, parked)| (seq, (hash, parked))).collect())
}

/// Where an operation goes.
enum Place<'a> {
    Stream(&'a domain::operation::Operation),
    /// The stream has it already, under another number.
    Again,
    Parked(ParkReason),
}

fn judged<'a>(
    slot: &Slot,
    revoked: bool,
    chain: &Chain,
    held: &BTreeMap<Uuid, Uuid>,
    one: &'a Received,
) -> Place<'a> {
    let made = match &one.read {
        Ok(made) => made,
        Err(reason) => return Place::Parked(*reason),
    };
    if chain.hash.is_some_and(|hash| hash != made.prev_hash) {
        return Place::Parked(ParkReason::Link);
    }
    if revoked {
        return Place::Parked(ParkReason::Revoked);
    }
    match held.get(&made.id) {
        Some(maker) if *maker == slot.device => Place::Again,
        // Another desk's operation has this id: no desk of ours does that by itself.
        Some(_) => Place::Parked(ParkReason::Link),
        None => Place::Stream(made),
    }
}

fn row(one: &Received, at: Option<u64>, verdict: Verdict, parked: Option<ParkReason>) -> NewRow {
    NewRow { seq: one.seq, hash: one.hash, id: one.id, at, verdict, parked, body: one.body.clone() }
}
