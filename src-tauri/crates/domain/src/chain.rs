//! A desk's own chain: where it ends, what an operation found in its outbox is to it, and how it goes on under a new
//! name.

use crate::digest::{ByteString, CborError, Digest};
use crate::operation::Operation;

/// The end of a desk's chain.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tail {
    /// Which incarnation writes.
    pub incarnation: u32,
    /// The last number.
    pub seq: u64,
    /// The last hash.
    pub head: Digest,
}

/// What an operation in the outbox is to the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// The database has it, or it belongs to a chain that ended.
    Known,
    /// The database has it under an earlier name; this is where it is now.
    Renamed,
    /// The database lost it.
    Lost,
    /// It does not follow what the database has; nor does anything after it.
    Broken,
}

impl Tail {
    /// What an operation in the outbox is, `known` being the hash under which the database has it.
    ///
    /// # Errors
    /// When it cannot be written as CBOR.
    pub fn found(&self, known: Option<Digest>, operation: &Operation) -> Result<Found, CborError> {
        let later = operation.incarnation > self.incarnation;
        let next = operation.incarnation == self.incarnation && operation.seq == self.seq + 1;
        match known {
            Some(known) if known == operation.hash => return Ok(Found::Known),
            // Signed again as a new incarnation, which the database forgot.
            Some(_) if later || next => return Ok(Found::Renamed),
            Some(_) => return Ok(Found::Known),
            None => {}
        }
        let first = later && operation.seq == 1;
        if !first && !next {
            return Ok(Found::Known);
        }
        let link = if first { Digest::default() } else { self.head };
        let holds = operation.prev_hash == link && operation.computed_hash()? == operation.hash;
        Ok(if holds { Found::Lost } else { Found::Broken })
    }
}

/// The same operations as the first ones of a new incarnation, with their ids, and the end of its chain then.
///
/// # Errors
/// When one cannot be written as CBOR.
pub fn again(
    operations: &[Operation],
    incarnation: u32,
    sign: impl Fn(&Digest) -> ByteString,
) -> Result<(Vec<Operation>, Tail), CborError> {
    let mut tail = Tail { incarnation, ..Tail::default() };
    let mut made = Vec::with_capacity(operations.len());
    for mut operation in operations.iter().cloned() {
        operation.incarnation = incarnation;
        operation.seq = tail.seq + 1;
        operation.prev_hash = tail.head;
        operation.hash = operation.computed_hash()?;
        operation.sig = sign(&operation.hash);
        (tail.seq, tail.head) = (operation.seq, operation.hash);
        made.push(operation);
    }
    Ok((made, tail))
}
