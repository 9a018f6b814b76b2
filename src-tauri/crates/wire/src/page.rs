//! A page of a stream as a desk takes it: whether it fits what was applied before, whether its operations hold, what
//! it makes of the records. The decisions of a desk's pull as functions of what it holds.

use std::collections::{BTreeMap, BTreeSet};

use domain::digest::{CborError, Digest};
use domain::operation::{Change, OPERATION_SCHEMA, Operation};
use domain::record::Records;
use domain::settle::{StateDigest, keys, settle};
use ed25519_dalek::{Signature, VerifyingKey};
use uuid::Uuid;

use crate::message::{Entry, Page};
use crate::spread::spread;

/// What a page means for what comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applied {
    /// There is more.
    More,
    /// Up to date, and the records add up to what the hub says.
    Head,
    /// Own operations came whose bytes are lost here: ask for them.
    NeedOwn,
    /// The hub has less than this desk applied.
    Behind,
    /// Another desk goes by this one's name: go on as this incarnation. The page was applied.
    Fork(u32),
    /// The records do not add up to what the hub says. The page was applied.
    Diverged,
    /// The hub's log is not the one this desk has followed. The page was not applied.
    Rewritten,
}

/// Why a page is not applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unfit {
    /// The hub has less than was applied.
    Behind,
    /// Own operations came whose bytes are lost here.
    NeedOwn,
    /// The page does not hold; what of it.
    Broken(String),
}

/// An entry that may be settled.
#[derive(Debug)]
pub struct Ready<'a> {
    /// As the hub gave it.
    pub entry: &'a Entry,
    /// What it says.
    pub operation: Operation,
    /// As it was signed.
    pub bytes: Vec<u8>,
    /// The bytes were here already, under the hash the hub names.
    pub held: bool,
}

/// What of a page was not applied before.
#[derive(Debug)]
pub struct Reading<'a> {
    /// What may be settled.
    pub ready: Vec<Ready<'a>>,
    /// Operations of a newer version, with their bytes: they wait for an upgrade.
    pub waiting: Vec<(&'a Entry, Vec<u8>)>,
    /// The last number.
    pub end: u64,
}

/// The entries of a page after a cursor.
pub fn fresh(page: &Page, cursor: u64) -> impl Iterator<Item = &Entry> {
    page.entries.iter().filter(move |entry| entry.at > cursor)
}

/// Reads what of a page comes after `cursor`. `held` has the operations that are here already, by id.
///
/// # Errors
/// When it cannot be applied.
pub fn read<'a>(
    page: &'a Page,
    cursor: u64,
    held: &mut BTreeMap<Uuid, (Digest, Vec<u8>)>,
) -> Result<Reading<'a>, Unfit> {
    if page.head < cursor {
        return Err(Unfit::Behind);
    }
    let broken = |what: &str| Unfit::Broken(what.to_owned());
    let mut reading = Reading { ready: Vec::new(), waiting: Vec::new(), end: cursor };
    for entry in fresh(page, cursor) {
        if entry.at != reading.end + 1 {
            return Err(broken("gap"));
        }
        reading.end = entry.at;
        let held = held.remove(&entry.id).filter(|(hash, _)| *hash == entry.hash);
        let (bytes, held) = match (&entry.operation, held) {
            (Some(bytes), _) => (bytes.0.clone(), false),
            (None, Some((_, body))) => (body, true),
            (None, None) => return Err(Unfit::NeedOwn),
        };
        let operation = match Operation::from_cbor(&bytes) {
            Ok(operation) if operation.schema <= OPERATION_SCHEMA => operation,
            _ => {
                reading.waiting.push((entry, bytes));
                continue;
            }
        };
        if operation.id != entry.id || operation.hash != entry.hash || operation.stream != page.stream {
            return Err(broken("entry"));
        }
        reading.ready.push(Ready { entry, operation, bytes, held });
    }
    Ok(reading)
}

/// Links of a chain: device, incarnation, number.
pub type Link = (Uuid, u32, u64);

impl Reading<'_> {
    /// The links that operations of the page follow and that do not come with it.
    pub fn links(&self) -> BTreeSet<Link> {
        let mut tails: BTreeMap<(Uuid, u32), u64> = BTreeMap::new();
        let mut links = BTreeSet::new();
        for Ready { operation: made, .. } in &self.ready {
            let tail = tails.insert((made.device, made.incarnation), made.seq);
            let before = made.seq.saturating_sub(1);
            if before > 0 && tail != Some(before) {
                links.insert((made.device, made.incarnation, before));
            }
        }
        links
    }

    /// The links of this desk's own chain that came: one that is not here was made by its double.
    pub fn own(&self, device: Uuid, incarnation: u32) -> impl Iterator<Item = &Operation> {
        self.ready
            .iter()
            .map(|ready| &ready.operation)
            .filter(move |made| (made.device, made.incarnation) == (device, incarnation))
    }

    /// Every record that settling looks at.
    pub fn records(&self) -> BTreeSet<(String, Uuid)> {
        self.ready.iter().flat_map(|ready| keys(&ready.operation)).collect()
    }

    /// Checks each operation, and the chain where the link before is here. `links` has the confirmed ones of
    /// [`Reading::links`]; `prove` is [`sound`].
    ///
    /// # Errors
    /// With the first thing that does not hold.
    pub fn check(
        &self,
        keys: &BTreeMap<Uuid, VerifyingKey>,
        links: &BTreeMap<Link, Digest>,
        prove: impl Fn(&Operation, &VerifyingKey) -> Result<(), &'static str> + Sync,
    ) -> Result<(), Unfit> {
        let mut tails: BTreeMap<(Uuid, u32), (u64, Digest)> = BTreeMap::new();
        // What is here under the hash the hub names was proved when it came here.
        let proved = spread(self.ready.iter().collect(), |ready| {
            if ready.held {
                return Ok(());
            }
            let key = keys.get(&ready.operation.device).ok_or("certificate")?;
            prove(&ready.operation, key)
        });
        for (Ready { entry, operation, .. }, proved) in self.ready.iter().zip(proved) {
            let broken = |what: &str| Unfit::Broken(format!("{what} {}", entry.at));
            proved.map_err(broken)?;
            let chain = (operation.device, operation.incarnation);
            let before = operation.seq.saturating_sub(1);
            let link = match tails.get(&chain) {
                _ if before == 0 => Some(Digest::default()),
                Some((seq, hash)) if *seq == before => Some(*hash),
                _ => links.get(&(chain.0, chain.1, before)).copied(),
            };
            if link.is_some_and(|link| link != operation.prev_hash) {
                return Err(broken("chain"));
            }
            tails.insert(chain, (operation.seq, operation.hash));
        }
        Ok(())
    }

    /// The records as the page leaves them; the sum follows. `before` has those of [`Reading::records`] that there
    /// are.
    ///
    /// # Errors
    /// When one cannot be written as CBOR.
    pub fn settle(&self, before: &Records, digest: &mut StateDigest) -> Result<Records, CborError> {
        let mut after = before.clone();
        for ready in &self.ready {
            settle(&mut after, &ready.operation, &ready.entry.verdict);
        }
        digest.follow(before, &after)?;
        after.retain(|_, record| !record.fields.is_empty());
        Ok(after)
    }
}

/// Whether an operation holds by itself: hash, values, signature.
///
/// # Errors
/// With what does not hold.
pub fn sound(operation: &Operation, key: &VerifyingKey) -> Result<(), &'static str> {
    if !operation.computed_hash().is_ok_and(|hash| hash == operation.hash) {
        return Err("hash");
    }
    if !operation.changes.iter().all(Change::holds) {
        return Err("value");
    }
    let signature = Signature::from_slice(&operation.sig.0).map_err(|_| "signature")?;
    key.verify_strict(&operation.hash.0, &signature).map_err(|_| "signature")
}

/// What an applied page means: `complete` when nothing is left to pull, `fits` when the records add up.
pub fn applied(fork: Option<u32>, complete: bool, fits: bool) -> Applied {
    match (fork, complete) {
        (Some(next), _) => Applied::Fork(next),
        (None, false) => Applied::More,
        (None, true) if fits => Applied::Head,
        (None, true) => Applied::Diverged,
    }
}
