//! The push transaction: what is expected is judged, applied and numbered; what is known is acknowledged again.
//!
//! Lock order: the device's row, then the stream's head. The head's lock is held to commit, so the order of numbers is
//! the order of commits and a rolled back transaction leaves no gap.

use std::time::Duration;

use sqlx::PgConnection;
use uuid::Uuid;
use wire::{PushAnswer, WIRE_SCHEMA};

use crate::accept::{Received, Slot};
use crate::decide::{Counts, Decision, Held, Known, decide, wanted};
use crate::error::HubError;
use crate::metrics::add;
use crate::state::Hub;
use crate::table::operation::{self, ChainKey};
use crate::table::{chain, device, head, hub, log, record};

/// Attempts of a transaction that met another one.
const ATTEMPTS: u32 = 12;

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
    let (stream, device) = (slot.stream.as_str(), slot.device);
    let key = ChainKey { stream, device, incarnation: slot.incarnation };
    let revoked = device::revoked(db, device).await?;
    let head = head::lock(db, stream).await?;
    let chain = chain::get(db, stream, device, slot.incarnation).await?;
    let wanted = wanted(&chain, received);
    let (mut known, mut highest) = (Known::new(), 0);
    if let Some((from, to)) = wanted.known {
        let rows = operation::known(db, key, from, to).await?;
        known = rows.into_iter().map(|(seq, hash, parked)| (seq, (hash, parked))).collect();
        highest = chain::highest(db, stream, device).await?;
    }
    let (mut applied, mut records) = Default::default();
    if !wanted.ids.is_empty() {
        applied = operation::applied(db, stream, &wanted.ids).await?.into_iter().collect();
    }
    if !wanted.records.is_empty() {
        records = record::load(db, stream, &wanted.records).await?;
    }
    let held = Held { revoked, chain, head, highest, known, applied, records };
    let Decision { outcome, expected, parked, rows, step, counts } = decide(slot, &held, received)?;
    operation::insert(db, key, rows, now).await?;
    if let Some(step) = step {
        record::save(db, stream, &held.records, &step.records).await?;
        if step.head != held.head {
            head::update(db, stream, &step.head).await?;
            log::follow(db, stream).await?;
        }
        chain::save(db, stream, device, slot.incarnation, &step.chain).await?;
    }
    let epoch = hub::epoch(db).await?;
    Ok((PushAnswer { schema: WIRE_SCHEMA, epoch, outcome, expected, parked }, counts))
}
