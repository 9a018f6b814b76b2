//! How an operation meets what others did meanwhile (sync.md, Conflict).
//!
//! The hub judges each operation once, in the order it commits them; every desk applies the operation with that
//! verdict. Both ends use the same two functions, [`judge`] and [`settle`], and so come to equal records.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::claim::flow::{Command, Status};
use crate::digest::{CborError, Digest, canonical_cbor};
use crate::operation::{Change, Operation};
use crate::record::{Field, MergeClass, Record, Records, merge_class, owner_field};

/// The kind of record that keeps what a person has to decide.
pub const CONFLICT: &str = "conflict";

/// The command that decides a conflict; the only one that may change a contested record's legal fields.
pub const DECIDE: &str = "conflict.decide";

/// What the hub decided about one operation. Numbers are positions in [`Operation::changes`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// Changes not applied: their field had moved on, or their record waits for a decision.
    pub contested: Vec<u32>,
    /// Convenience changes applied over a value their author had not seen; the record keeps that value beside.
    pub overrode: Vec<u32>,
}

impl Verdict {
    /// Whether everything was applied as its author meant it.
    pub fn clean(&self) -> bool {
        self.contested.is_empty() && self.overrode.is_empty()
    }

    fn contests(&self, index: usize) -> bool {
        u32::try_from(index).is_ok_and(|index| self.contested.contains(&index))
    }

    fn overrides(&self, index: usize) -> bool {
        u32::try_from(index).is_ok_and(|index| self.overrode.contains(&index))
    }
}

/// The id of a record's conflict record: one per record, whoever works it out.
pub fn conflict_id(kind: &str, id: Uuid) -> Uuid {
    let digest = Digest::of(&[CONFLICT.as_bytes(), b"|", kind.as_bytes(), b"|", id.as_bytes()].concat());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(digest.0.split_at(16).0);
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}

/// Every record [`judge`] and [`settle`] look at for an operation.
pub fn keys(operation: &Operation) -> BTreeSet<(String, Uuid)> {
    let mut keys = BTreeSet::new();
    for change in &operation.changes {
        keys.insert((change.kind.clone(), change.id));
        if change.kind != CONFLICT {
            keys.insert((CONFLICT.to_owned(), conflict_id(&change.kind, change.id)));
        }
    }
    keys
}

/// Judges an operation against the records as they are. `records` holds at least [`keys`].
pub fn judge(records: &Records, operation: &Operation) -> Verdict {
    let mut verdict = Verdict::default();
    let mut contested_records: BTreeSet<(&str, Uuid)> = BTreeSet::new();
    for (index, change) in operation.changes.iter().enumerate() {
        let record = records.get(&(change.kind.clone(), change.id));
        match (meets(records, record, operation, change), merge_class(&change.kind, &change.field)) {
            (Meeting::Clean, _) | (_, MergeClass::AppendOnly) => {}
            (Meeting::Waiting | Meeting::Moved, MergeClass::Legal) => {
                contested_records.insert((&change.kind, change.id));
            }
            (Meeting::Moved, MergeClass::Convenience) => verdict.overrode.extend(u32::try_from(index)),
            (Meeting::Waiting, MergeClass::Convenience) => {}
        }
    }
    // A decision half applied is nobody's decision: the operation's other legal changes of that record wait too, and a
    // conflict is decided whole or not at all.
    let whole = operation.command == DECIDE && !contested_records.is_empty();
    for (index, change) in operation.changes.iter().enumerate() {
        if (whole || contested_records.contains(&(change.kind.as_str(), change.id)))
            && merge_class(&change.kind, &change.field) == MergeClass::Legal
        {
            verdict.contested.extend(u32::try_from(index));
        }
    }
    verdict
}

enum Meeting {
    /// The author had seen the value it replaces, or wrote the same one.
    Clean,
    /// The field has another value by now.
    Moved,
    /// The record waits for a person's decision.
    Waiting,
}

fn meets(records: &Records, record: Option<&Record>, operation: &Operation, change: &Change) -> Meeting {
    let current = record.and_then(|record| record.fields.get(&change.field));
    if current.is_some_and(|field| Some(&field.value) == change.value.as_ref()) {
        return Meeting::Clean;
    }
    if current.map(|field| field.revision) != change.base {
        return Meeting::Moved;
    }
    // Nobody changes a void record knowingly: the desk's own rules refuse it.
    let void = record.is_some_and(|record| record.optional("void_reason").is_some());
    if void && change.field != "void_reason" {
        return Meeting::Moved;
    }
    if impossible_step(record, operation, change) {
        return Meeting::Moved;
    }
    let waits = operation.command != DECIDE && waits(records, &change.kind, change.id);
    if waits { Meeting::Waiting } else { Meeting::Clean }
}

/// Whether a claim's step does not lead from the status the claim has (domain.md A6): a desk never makes one.
fn impossible_step(record: Option<&Record>, operation: &Operation, change: &Change) -> bool {
    if change.kind != "claim" || change.field != "status" {
        return false;
    }
    let from = record.map(|record| record.text("status")).and_then(Status::parse);
    let step = operation.command.strip_prefix("claim.").and_then(Command::parse);
    matches!((from, step), (Some(from), Some(step)) if !step.offered(from))
}

/// Whether a record waits for a person's decision.
pub fn waits(records: &Records, kind: &str, id: Uuid) -> bool {
    records.get(&(CONFLICT.to_owned(), conflict_id(kind, id))).is_some_and(is_open)
}

/// Whether a conflict record still waits for a person's decision.
pub fn is_open(conflict: &Record) -> bool {
    conflict.text("status") == "open"
}

/// Applies an operation as it was judged. Applying it again changes nothing.
pub fn settle(records: &mut Records, operation: &Operation, verdict: &Verdict) {
    let mut contests: BTreeMap<Uuid, Contest> = BTreeMap::new();
    for (index, change) in operation.changes.iter().enumerate() {
        let record = records.entry((change.kind.clone(), change.id)).or_default();
        let Some(value) = &change.value else { continue };
        let current = record.fields.get(&change.field);
        if verdict.contests(index) {
            let wanted = json!({
                "kind": change.kind,
                "record": change.id,
                "field": change.field,
                "value": value,
                "kept": current.map(|field| &field.value),
                "kept_by": current.map(|field| field.revision),
            });
            let about_a_conflict = change.kind == CONFLICT;
            let conflict = if about_a_conflict { change.id } else { conflict_id(&change.kind, change.id) };
            contests
                .entry(conflict)
                .or_insert_with(|| Contest { kind: change.kind.clone(), id: change.id, changes: Vec::new() })
                .changes
                .push(wanted);
            continue;
        }
        if verdict.overrides(index)
            && let Some(lost) = current.filter(|field| field.revision != operation.id)
        {
            let kept = json!({ "value": lost.value, "by": lost.revision });
            let beside = Field { value: kept, revision: operation.id };
            record.fields.insert(format!("{OVERRIDDEN}{}", change.field), beside);
        }
        record.fields.insert(change.field.clone(), Field { value: value.clone(), revision: operation.id });
    }
    for (conflict, contest) in contests {
        open(records, operation, conflict, contest);
    }
}

/// The changes of one operation that wait for one decision.
struct Contest {
    kind: String,
    id: Uuid,
    changes: Vec<Value>,
}

/// Before a convenience field's name: the value that lost, `{"value", "by"}`, for the badge beside it.
pub const OVERRIDDEN: &str = "overridden.";

/// Before an operation's id in a conflict record: what that operation wanted.
pub const WANTED: &str = "wanted.";

fn open(records: &mut Records, operation: &Operation, conflict: Uuid, contest: Contest) {
    let Contest { kind, id, changes } = contest;
    let owner = records
        .get(&(kind.clone(), id))
        .and_then(|record| owner_field(&kind).and_then(|field| record.id(field)))
        .unwrap_or(id);
    let record = records.entry((CONFLICT.to_owned(), conflict)).or_default();
    let wanted = format!("{WANTED}{}", operation.id);
    if record.fields.contains_key(&wanted) {
        return;
    }
    let mut set = |field: &str, value: Value| {
        record.fields.insert(field.to_owned(), Field { value, revision: operation.id });
    };
    // A second decision joins the conflict it is about and does not open it again: the first one stands. Any other
    // operation opens it anew, so that a decision made without having seen it does not count.
    if operation.command != DECIDE {
        set("kind", kind.into());
        set("record", id.to_string().into());
        set("owner", owner.to_string().into());
        set("status", "open".into());
    }
    let said = json!({
        "command": operation.command,
        "actor": operation.actor,
        "role": operation.role,
        "device": operation.device,
        "at": operation.at.to_rfc3339(),
        "changes": changes,
    });
    set(&wanted, said);
}

/// What an operation wanted of a record that waits for a decision.
#[derive(Debug, Clone, Deserialize)]
pub struct Wanted {
    /// Its command.
    pub command: String,
    /// Who gave it: an account.
    pub actor: Uuid,
    /// The desk it was given at.
    pub device: Uuid,
    /// When, by that desk's clock, RFC 3339.
    pub at: String,
    /// The fields.
    pub changes: Vec<WantedChange>,
}

/// A field with the value that was wanted and the one that stands.
#[derive(Debug, Clone, Deserialize)]
pub struct WantedChange {
    /// The record's kind.
    pub kind: String,
    /// The record.
    pub record: Uuid,
    /// The field.
    pub field: String,
    /// What was wanted.
    pub value: Value,
    /// What stands; null when nothing did.
    #[serde(default)]
    pub kept: Value,
    /// The operation that wrote what stands.
    #[serde(default)]
    pub kept_by: Option<Uuid>,
}

/// What each operation wanted, read from a conflict record; what a newer version wrote otherwise is left out.
pub fn wanted(conflict: &Record) -> Vec<(Uuid, Wanted)> {
    let wanted = conflict.fields.iter().filter_map(|(name, field)| {
        let operation = Uuid::parse_str(name.strip_prefix(WANTED)?).ok()?;
        Some((operation, serde_json::from_value(field.value.clone()).ok()?))
    });
    wanted.collect()
}

/// A sum over records that does not depend on their order: equal on two ends exactly when the records are.
///
/// Each record's SHA-256 is added modulo 2^256, so a changed record is taken out and put in without the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct StateDigest(pub Digest);

impl StateDigest {
    /// Adds a record.
    ///
    /// # Errors
    /// When it cannot be written as CBOR.
    pub fn add(&mut self, kind: &str, id: Uuid, record: &Record) -> Result<(), CborError> {
        let mut carry = 0u16;
        for (sum, byte) in self.0.0.iter_mut().zip(digest(kind, id, record)?.0) {
            let total = u16::from(*sum) + u16::from(byte) + carry;
            *sum = total.to_le_bytes()[0];
            carry = total >> 8;
        }
        Ok(())
    }

    /// Adds several.
    ///
    /// # Errors
    /// When one cannot be written as CBOR.
    pub fn add_all(&mut self, records: &Records) -> Result<(), CborError> {
        records.iter().try_for_each(|((kind, id), record)| self.add(kind, *id, record))
    }

    /// Takes a record out that was added before.
    ///
    /// # Errors
    /// When it cannot be written as CBOR.
    pub fn remove(&mut self, kind: &str, id: Uuid, record: &Record) -> Result<(), CborError> {
        let mut borrow = 0i16;
        for (sum, byte) in self.0.0.iter_mut().zip(digest(kind, id, record)?.0) {
            let total = i16::from(*sum) - i16::from(byte) - borrow;
            borrow = i16::from(total < 0);
            *sum = total.rem_euclid(256).to_le_bytes()[0];
        }
        Ok(())
    }

    /// Follows records from one state to the next; records without a field count as absent.
    ///
    /// # Errors
    /// When one cannot be written as CBOR.
    pub fn follow(&mut self, before: &Records, after: &Records) -> Result<(), CborError> {
        for (key, record) in after {
            let old = before.get(key).filter(|old| !old.fields.is_empty());
            if old == Some(record) {
                continue;
            }
            if let Some(old) = old {
                self.remove(&key.0, key.1, old)?;
            }
            if !record.fields.is_empty() {
                self.add(&key.0, key.1, record)?;
            }
        }
        Ok(())
    }
}

fn digest(kind: &str, id: Uuid, record: &Record) -> Result<Digest, CborError> {
    Ok(Digest::of(&canonical_cbor(&(kind, id, &record.fields))?))
}

#[cfg(test)]
mod tests;
