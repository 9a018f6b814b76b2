//! What a push does, as a function of what the hub holds: no SQL and no clock, so that the transaction of `push` and
//! the simulation of the tests go by one decision.
//!
//! What is expected is judged, applied and numbered; what is known is acknowledged again; what cannot be applied is
//! parked and acknowledged.

use std::collections::{BTreeMap, BTreeSet};

use domain::digest::{CborError, Digest};
use domain::operation::Operation;
use domain::record::Records;
use domain::settle::{Verdict, judge, keys, settle};
use uuid::Uuid;
use wire::{ParkReason, Parked, PushOutcome};

pub use crate::accept::{Received, Slot, accept};
pub use crate::table::chain::Chain;
pub use crate::table::head::Head;
pub use crate::table::operation::NewRow;

/// Hash and place of the chain's own operations under some numbers.
pub type Known = BTreeMap<u64, (Digest, Option<ParkReason>)>;

/// What of the hub's state a push must see.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Numbers of the chain that came again, from and to.
    pub known: Option<(u64, u64)>,
    /// Operations that may be in the stream already.
    pub ids: Vec<Uuid>,
    /// Records that may change.
    pub records: BTreeSet<(String, Uuid)>,
}

/// That state.
#[derive(Debug)]
pub struct Held {
    /// Whether the device was revoked.
    pub revoked: bool,
    /// The end of the chain.
    pub chain: Chain,
    /// The end of the stream.
    pub head: Head,
    /// The highest incarnation of the device; looked up where numbers came again.
    pub highest: u32,
    /// What is known under [`Wanted::known`].
    pub known: Known,
    /// Those of [`Wanted::ids`] that are in the stream, with their makers.
    pub applied: BTreeMap<Uuid, Uuid>,
    /// Those of [`Wanted::records`] that there are.
    pub records: Records,
}

/// What one push did, for the counters.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Operations that entered the stream.
    pub applied: usize,
    /// Operations kept for review.
    pub parked: usize,
    /// Operations of which something waits for a person.
    pub contested: usize,
    /// Operations the stream has under another number.
    pub repeated: usize,
    /// Forks seen.
    pub forks: usize,
}

/// How the chain and the stream move on.
#[derive(Debug)]
pub struct Step {
    /// The end of the chain.
    pub chain: Chain,
    /// The end of the stream.
    pub head: Head,
    /// The records as they are then.
    pub records: Records,
}

/// What is to be written, and then answered.
#[derive(Debug)]
pub struct Decision {
    /// What became of the push.
    pub outcome: PushOutcome,
    /// The next number of the chain.
    pub expected: u64,
    /// What of the push is kept for review.
    pub parked: Vec<Parked>,
    /// Rows of the log.
    pub rows: Vec<NewRow>,
    /// None when nothing moves.
    pub step: Option<Step>,
    /// For the counters.
    pub counts: Counts,
}

/// Whether operations before the first one are missing.
fn gap(chain: &Chain, received: &[Received]) -> bool {
    received.first().is_some_and(|first| first.seq > chain.seq + 1)
}

fn fresh<'a>(chain: &Chain, received: &'a [Received]) -> impl Iterator<Item = &'a Received> {
    let end = chain.seq;
    received.iter().filter(move |one| one.seq > end)
}

/// What must be looked up before [`decide`].
pub fn wanted(chain: &Chain, received: &[Received]) -> Wanted {
    let mut wanted = Wanted::default();
    if gap(chain, received) {
        return wanted;
    }
    if let (Some(first), Some(last)) = (received.first(), received.last())
        && first.seq <= chain.seq
    {
        wanted.known = Some((first.seq, last.seq.min(chain.seq)));
    }
    wanted.ids = fresh(chain, received).filter_map(|one| one.id).collect();
    wanted.records = fresh(chain, received).filter_map(|one| one.read.as_ref().ok()).flat_map(keys).collect();
    wanted
}

/// Decides what a push does.
///
/// # Errors
/// When a record cannot be written as CBOR.
pub fn decide(slot: &Slot, held: &Held, received: &[Received]) -> Result<Decision, CborError> {
    let mut chain = held.chain;
    let mut decision = Decision {
        outcome: PushOutcome::Taken,
        expected: chain.seq + 1,
        parked: Vec::new(),
        rows: Vec::new(),
        step: None,
        counts: Counts::default(),
    };
    if gap(&chain, received) {
        decision.outcome = PushOutcome::Gap;
        return Ok(decision);
    }
    let differs = |one: &Received| held.known.get(&one.seq).is_some_and(|(hash, _)| *hash != one.hash);
    if let Some(first) = received.iter().position(differs) {
        let forked = received.get(first..).unwrap_or_default();
        decision.outcome = PushOutcome::Fork { incarnation: held.highest.saturating_add(1) };
        decision.parked =
            forked.iter().map(|one| Parked { seq: one.seq, reason: ParkReason::Fork }).collect();
        decision.counts.forks = 1;
        let rows = forked.iter().map(|one| row(one, None, Verdict::default(), Some(ParkReason::Fork)));
        decision.rows = rows.collect();
        return Ok(decision);
    }
    let again = held.known.iter().filter_map(|(seq, (_, parked))| Some((*seq, (*parked)?)));
    decision.parked.extend(again.map(|(seq, reason)| Parked { seq, reason }));
    let (mut head, mut applied, mut records) = (held.head, held.applied.clone(), held.records.clone());
    for one in fresh(&held.chain, received) {
        let place = judged(slot, held.revoked, &chain, &applied, one);
        chain = Chain { seq: one.seq, hash: one.chain_hash };
        match place {
            Place::Stream(made) => {
                let verdict = judge(&records, made);
                settle(&mut records, made, &verdict);
                head.seq += 1;
                applied.insert(made.id, made.device);
                decision.counts.applied += 1;
                decision.counts.contested += usize::from(!verdict.contested.is_empty());
                decision.rows.push(row(one, Some(head.seq), verdict, None));
            }
            Place::Again => {
                decision.counts.repeated += 1;
                decision.rows.push(row(one, None, Verdict::default(), None));
            }
            Place::Parked(reason) => {
                decision.counts.parked += 1;
                decision.parked.push(Parked { seq: one.seq, reason });
                decision.rows.push(row(one, None, Verdict::default(), Some(reason)));
            }
        }
    }
    if !decision.rows.is_empty() {
        decision.expected = chain.seq + 1;
        head.digest.follow(&held.records, &records)?;
        decision.step = Some(Step { chain, head, records });
    }
    Ok(decision)
}

/// Where an operation goes.
enum Place<'a> {
    Stream(&'a Operation),
    /// The stream has it already, under another number.
    Again,
    Parked(ParkReason),
}

fn judged<'a>(
    slot: &Slot,
    revoked: bool,
    chain: &Chain,
    applied: &BTreeMap<Uuid, Uuid>,
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
    match applied.get(&made.id) {
        Some(maker) if *maker == slot.device => Place::Again,
        // Another desk's operation has this id: no desk of ours does that by itself.
        Some(_) => Place::Parked(ParkReason::Link),
        None => Place::Stream(made),
    }
}

fn row(one: &Received, at: Option<u64>, verdict: Verdict, parked: Option<ParkReason>) -> NewRow {
    NewRow { seq: one.seq, hash: one.hash, id: one.id, at, verdict, parked, body: one.body.clone() }
}
