//! What a pushed operation is worth by itself: read, hashed and its signature checked, before any lock is taken.

use domain::digest::{ByteString, Digest};
use domain::operation::{OPERATION_SCHEMA, Operation};
use domain::role::Role;
use ed25519_dalek::{Signature, VerifyingKey};
use serde::Deserialize;
use uuid::Uuid;
use wire::ParkReason;
use wire::spread::spread;

/// A longer operation could not be handed out in one message.
const LONGEST: usize = 16 * 1024 * 1024;
/// A longer name of a kind is none of ours, and no index takes it.
const LONGEST_KIND: usize = 64;

/// A received operation.
#[derive(Debug)]
pub struct Received {
    /// The number it was pushed under.
    pub seq: u64,
    /// Its bytes.
    pub body: Vec<u8>,
    /// The operation's own; of bytes that cannot be read, theirs.
    pub hash: Digest,
    /// What the next one must name; `None` when the bytes cannot be read.
    pub chain_hash: Option<Digest>,
    /// Its id, when it can be read.
    pub id: Option<Uuid>,
    /// The operation, or what is wrong with it by itself.
    pub read: Result<Operation, ParkReason>,
}

/// The chain that operations were pushed as.
#[derive(Debug, Clone)]
pub struct Slot {
    /// Whose.
    pub device: Uuid,
    /// Which incarnation.
    pub incarnation: u32,
    /// The device's branch.
    pub stream: String,
    /// The device's key.
    pub public_key: Vec<u8>,
    /// The only role, beside the administrator's, whose work is taken from it; any where none is said.
    pub role: Option<Role>,
}

/// As much of an operation as every version will have.
#[derive(Deserialize)]
struct Outline {
    id: Uuid,
    device: Uuid,
    incarnation: u32,
    seq: u64,
    hash: Digest,
    stream: String,
    #[serde(default)]
    role: String,
    schema: u16,
    sig: ByteString,
}

/// Reads a run of operations that begins with number `from`, on all processors.
pub fn accept(slot: &Slot, from: u64, bodies: Vec<ByteString>) -> Vec<Received> {
    let key: Option<VerifyingKey> =
        slot.public_key.as_slice().try_into().ok().and_then(|bytes| VerifyingKey::from_bytes(bytes).ok());
    let numbered: Vec<(u64, Vec<u8>)> = (from..).zip(bodies.into_iter().map(|body| body.0)).collect();
    spread(numbered, |(seq, body)| one(slot, key.as_ref(), seq, body))
}

fn one(slot: &Slot, key: Option<&VerifyingKey>, seq: u64, body: Vec<u8>) -> Received {
    let malformed = |body: Vec<u8>| Received {
        seq,
        hash: Digest::of(&body),
        body,
        chain_hash: None,
        id: None,
        read: Err(ParkReason::Malformed),
    };
    if body.len() > LONGEST {
        return malformed(body);
    }
    let operation = Operation::from_cbor(&body).ok().filter(|operation| operation.schema <= OPERATION_SCHEMA);
    let Some(operation) = operation else {
        let Ok(outline) = ciborium::from_reader::<Outline, _>(body.as_slice()) else {
            return malformed(body);
        };
        if outline.schema <= OPERATION_SCHEMA {
            return malformed(body);
        }
        let signed = holds(key, &outline.hash, &outline.sig);
        let said = (outline.device, outline.incarnation, outline.seq, outline.stream.as_str());
        let reason = fits(slot, seq, said, Role::named(&outline.role), signed);
        let read = Err(reason.unwrap_or(ParkReason::Newer));
        return Received {
            seq,
            body,
            hash: outline.hash,
            chain_hash: Some(outline.hash),
            id: Some(outline.id),
            read,
        };
    };
    let storable = operation
        .changes
        .iter()
        .all(|change| change.kind.len() <= LONGEST_KIND && !change.kind.contains('\0'));
    if !storable {
        return malformed(body);
    }
    let signed = operation.computed_hash().is_ok_and(|hash| hash == operation.hash)
        && operation.changes.iter().all(domain::operation::Change::holds)
        && holds(key, &operation.hash, &operation.sig);
    let said = (operation.device, operation.incarnation, operation.seq, operation.stream.as_str());
    let reason = fits(slot, seq, said, Some(operation.role), signed);
    Received {
        seq,
        body,
        hash: operation.hash,
        chain_hash: Some(operation.hash),
        id: Some(operation.id),
        read: reason.map_or(Ok(operation), Err),
    }
}

fn holds(key: Option<&VerifyingKey>, hash: &Digest, signature: &ByteString) -> bool {
    let (Some(key), Ok(signature)) = (key, Signature::from_slice(&signature.0)) else { return false };
    key.verify_strict(&hash.0, &signature).is_ok()
}

fn fits(
    slot: &Slot,
    seq: u64,
    said: (Uuid, u32, u64, &str),
    role: Option<Role>,
    signed: bool,
) -> Option<ParkReason> {
    let (device, incarnation, number, stream) = said;
    if !signed {
        Some(ParkReason::Unsigned)
    } else if (device, incarnation, number) != (slot.device, slot.incarnation, seq) {
        Some(ParkReason::Link)
    } else if stream != slot.stream {
        Some(ParkReason::Scope)
    } else if !role.is_some_and(|role| role.works_at(slot.role)) && slot.role.is_some() {
        Some(ParkReason::Role)
    } else {
        None
    }
}

/// Whether an operation's own parts hold together, for `verify`; what is wrong otherwise.
pub(crate) fn check(slot: &Slot, seq: u64, body: Vec<u8>) -> Received {
    let key: Option<VerifyingKey> =
        slot.public_key.as_slice().try_into().ok().and_then(|bytes| VerifyingKey::from_bytes(bytes).ok());
    one(slot, key.as_ref(), seq, body)
}
