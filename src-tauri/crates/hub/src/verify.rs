//! The whole log looked through again: chains, hashes, signatures, and every stream judged anew from nothing.

use std::collections::BTreeMap;

use domain::digest::Digest;
use domain::record::Records;
use domain::settle::{StateDigest, judge, settle};
use ed25519_dalek::VerifyingKey;
use serde::Serialize;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;
use wire::ParkReason;
use wire::log::{Tree, leaf};

use crate::accept::{Slot, check};
use crate::error::HubError;
use crate::table::chain::Chain;
use crate::table::operation::Row;
use crate::table::{chain, device, head, hub, log, operation, record};

/// Rows read at once.
const RUN: i64 = 1_000;
/// Problems that are told one by one; more of them are counted.
const TOLD: usize = 1_000;

/// What was looked at, and what does not hold.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Report {
    /// Streams.
    pub streams: u64,
    /// Operations.
    pub operations: u64,
    /// Records.
    pub records: u64,
    /// How many things do not hold.
    pub wrong: u64,
    /// The first of them, each with its place.
    pub problems: Vec<String>,
}

impl Report {
    fn wrong(&mut self, problem: impl FnOnce() -> String) {
        self.wrong += 1;
        if self.problems.len() < TOLD {
            self.problems.push(problem());
        }
    }

    fn expect(&mut self, holds: bool, problem: impl FnOnce() -> String) {
        if !holds {
            self.wrong(problem);
        }
    }
}

/// Looks through everything, in one snapshot of the database: pushes go on meanwhile.
///
/// # Errors
/// When the database does not answer. A row that cannot be read is a problem told, not an error.
pub async fn verify(pool: &PgPool) -> Result<Report, HubError> {
    let mut transaction = pool.begin().await?;
    sqlx::query("set transaction isolation level repeatable read, read only")
        .execute(&mut *transaction)
        .await?;
    let db = &mut *transaction;
    let mut report = Report::default();
    let own = hub::load(db).await?.ok_or(HubError::Row("hub"))?;
    let secret = own.secret_key.as_slice().try_into().map_err(|_| HubError::Row("hub"))?;
    let hub_key: VerifyingKey = ed25519_dalek::SigningKey::from_bytes(secret).verifying_key();
    let mut keys: BTreeMap<Uuid, (String, Vec<u8>)> = BTreeMap::new();
    for device in device::list(db).await? {
        let certified = device.certificate().open(hub_key.as_bytes()).is_ok_and(|body| {
            (body.device, body.public_key.0.as_slice(), &body.stream, &body.device_code)
                == (device.id, device.public_key.as_slice(), &device.stream, &device.device_code)
        });
        report.expect(certified, || format!("device {}: the certificate does not hold", device.id));
        keys.insert(device.id, (device.stream, device.public_key));
    }
    for stream in head::streams(db).await? {
        report.streams += 1;
        let looked = match chains(db, &stream, &keys, &mut report).await {
            Ok(()) => replay(db, &stream, &mut report).await,
            failed => failed,
        };
        match looked {
            Err(HubError::Row(what)) => report.wrong(|| format!("{stream}: {what} cannot be read")),
            done => done?,
        }
    }
    Ok(report)
}

/// Every chain of a stream, operation by operation.
async fn chains(
    db: &mut PgConnection,
    stream: &str,
    keys: &BTreeMap<Uuid, (String, Vec<u8>)>,
    report: &mut Report,
) -> Result<(), HubError> {
    let mut ends: BTreeMap<(Uuid, u32), Chain> = BTreeMap::new();
    let mut last: Option<Row> = None;
    loop {
        let run = operation::chain_run(db, stream, last.as_ref(), RUN).await?;
        let Some(end) = run.last() else { break };
        let (end_device, end_seq) = (end.device, end.seq);
        for row in &run {
            report.operations += 1;
            let place =
                format!("{stream} device {} incarnation {} seq {}", row.device, row.incarnation, row.seq);
            let Some((_, key)) = keys.get(&row.device).filter(|(home, _)| home == stream) else {
                report.wrong(|| format!("{place}: its device is not of this stream"));
                continue;
            };
            let slot = Slot {
                device: row.device,
                incarnation: row.incarnation,
                stream: stream.to_owned(),
                public_key: key.clone(),
                // By itself: what a desk was enrolled for may have changed since.
                role: None,
            };
            let chain = ends.entry((row.device, row.incarnation)).or_default();
            one(row, &slot, chain, &place, report);
        }
        last = run.into_iter().next_back();
        debug_assert!(last.as_ref().is_some_and(|row| (row.device, row.seq) == (end_device, end_seq)));
    }
    let said: BTreeMap<(Uuid, u32), Chain> = chain::list(db, stream)
        .await?
        .into_iter()
        .map(|(head, chain)| ((head.device, head.incarnation), chain))
        .collect();
    // A chain of forked operations only has no end of its own.
    ends.retain(|_, chain| chain.seq > 0);
    report.expect(said == ends, || format!("{stream}: the chains' ends are not where the operations end"));
    Ok(())
}

fn one(row: &Row, slot: &Slot, chain: &mut Chain, place: &str, report: &mut Report) {
    let looked = check(slot, row.seq, row.body.clone());
    report.expect(looked.hash == row.hash, || format!("{place}: the bytes are not those of its hash"));
    report.expect(looked.id == row.id, || format!("{place}: the bytes are of another operation"));
    match (&looked.read, row.parked) {
        (Ok(_), _) => {}
        // A later version of the hub may know what an earlier one did not, never the other way.
        (Err(found), Some(said)) if *found == said || said == ParkReason::Fork => {}
        (Err(found), said) => report.wrong(|| format!("{place}: {found:?}, kept as {said:?}")),
    }
    report.expect(row.at.is_none() || row.parked.is_none(), || format!("{place}: parked and in the stream"));
    if row.forked {
        return;
    }
    report.expect(row.seq == chain.seq + 1, || format!("{place}: operations before it are missing"));
    let linked = match (&looked.read, chain.hash) {
        (Ok(made), Some(hash)) => made.prev_hash == hash || row.parked == Some(ParkReason::Link),
        _ => true,
    };
    report.expect(linked, || format!("{place}: it does not follow the operation before it"));
    *chain = Chain { seq: row.seq, hash: looked.chain_hash };
}

/// A stream from its first operation on: verdicts, records and sum must come out as they are kept.
async fn replay(db: &mut PgConnection, stream: &str, report: &mut Report) -> Result<(), HubError> {
    let mut records = Records::new();
    let (mut at, mut tree) = (0, Tree::default());
    loop {
        let run = operation::stream_run(db, stream, at, RUN).await?;
        if run.is_empty() {
            break;
        }
        for row in run {
            let found = row.at.unwrap_or_default();
            report.expect(found == at + 1, || format!("{stream}: {} is followed by {found}", at));
            at = found;
            tree.push(leaf(at, &row.hash, &row.verdict)?);
            let Ok(made) = domain::operation::Operation::from_cbor(&row.body) else {
                report.wrong(|| format!("{stream} at {at}: the bytes are no operation"));
                continue;
            };
            let verdict = judge(&records, &made);
            report.expect(verdict == row.verdict, || format!("{stream} at {at}: another verdict comes out"));
            settle(&mut records, &made, &verdict);
        }
    }
    records.retain(|_, record| !record.fields.is_empty());
    let kept = record::all(db, stream).await?;
    report.records += u64::try_from(kept.len()).unwrap_or_default();
    for (key, record) in &kept {
        let same = records.get(key) == Some(record);
        report.expect(same, || format!("{stream}: {} {} is not what the operations make", key.0, key.1));
    }
    for key in records.keys().filter(|key| !kept.contains_key(*key)) {
        report.wrong(|| format!("{stream}: {} {} is missing", key.0, key.1));
    }
    let mut sum = StateDigest(Digest::default());
    sum.follow(&Records::new(), &records)?;
    let head = head::get(db, stream).await?.ok_or(HubError::Row("head"))?;
    report.expect(head.seq == at, || format!("{stream}: the head says {}, the operations {at}", head.seq));
    report.expect(head.digest == sum, || format!("{stream}: the sum is not that of the records"));
    let logged = log::get(db, stream).await?;
    report.expect(logged == tree, || format!("{stream}: the log is not that of the operations"));
    Ok(())
}
