//! The operation: one business command, one hash-chained entry of the log, one transaction.

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::digest::{ByteString, CborError, Digest, canonical_cbor, commitment};
use crate::role::Role;

/// The version of this struct on disk and on the wire.
pub const OPERATION_SCHEMA: u16 = 1;

/// One changed field of one record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// The record's kind, as in the registry of `record`.
    pub kind: String,
    /// The record's id.
    pub id: Uuid,
    /// The field; a template's answers are `answers.<key>`.
    pub field: String,
    /// The operation that wrote the value this change replaces; `None` for a first value.
    pub base: Option<Uuid>,
    /// The new value; `None` once it was erased (sync.md, crypto-shredding).
    #[serde(with = "erasable")]
    pub value: Option<Value>,
    /// 16 random bytes that keep the commitment from being guessed; erased with the value.
    pub salt: ByteString,
    /// SHA-256 of salt and value: what the chain covers.
    pub commitment: Digest,
}

impl Change {
    /// A change with its commitment.
    ///
    /// # Errors
    /// When the value cannot be written as CBOR.
    pub fn new(
        kind: &str,
        id: Uuid,
        field: &str,
        base: Option<Uuid>,
        value: Value,
        salt: [u8; 16],
    ) -> Result<Self, CborError> {
        Ok(Change {
            kind: kind.to_owned(),
            id,
            field: field.to_owned(),
            base,
            commitment: commitment(&salt, &value)?,
            value: Some(value),
            salt: ByteString(salt.to_vec()),
        })
    }

    /// Whether the value is the one committed to; an erased value has nothing left to disprove.
    pub fn holds(&self) -> bool {
        match &self.value {
            Some(value) => commitment(&self.salt.0, value).is_ok_and(|digest| digest == self.commitment),
            None => true,
        }
    }
}

/// A list of one value, or an empty list once it was erased: a value that is null is not an erased one.
mod erasable {
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};
    use serde_json::Value;

    pub(super) fn serialize<S: Serializer>(value: &Option<Value>, serializer: S) -> Result<S::Ok, S::Error> {
        value.as_slice().serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
        Ok(Vec::<Value>::deserialize(deserializer)?.pop())
    }
}

/// One business command as the log keeps it (architecture.md, Operation).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Operation {
    /// UUIDv7.
    pub id: Uuid,
    /// The desk that made it.
    pub device: Uuid,
    /// Rises whenever a database is restored or cloned.
    pub incarnation: u32,
    /// Position in the chain of (device, incarnation), from 1 without gaps.
    pub seq: u64,
    /// Hash of the operation before it; zeros for the first.
    pub prev_hash: Digest,
    /// Hash of this one.
    pub hash: Digest,
    /// The account that gave the command.
    pub actor: Uuid,
    /// The role the account acted in.
    pub role: Role,
    /// The branch.
    pub stream: String,
    /// The command's name, such as `claim.register`.
    pub command: String,
    /// What it changed.
    pub changes: Vec<Change>,
    /// SHA-256 of the plain bytes of each file it refers to.
    pub blob_refs: Vec<Digest>,
    /// The desk's clock.
    pub at: DateTime<FixedOffset>,
    /// Milliseconds since 1970, never falling on one desk: order of display, not of truth.
    pub hlc: u64,
    /// [`OPERATION_SCHEMA`] when it was made.
    pub schema: u16,
    /// Ed25519 signature of `hash` by the device.
    pub sig: ByteString,
}

/// What the hash covers: everything but the hash, the signature and the values themselves.
#[derive(Serialize)]
struct Covered<'a> {
    id: Uuid,
    device: Uuid,
    incarnation: u32,
    seq: u64,
    prev_hash: Digest,
    actor: Uuid,
    role: Role,
    stream: &'a str,
    command: &'a str,
    changes: Vec<(&'a str, Uuid, &'a str, Option<Uuid>, Digest)>,
    blob_refs: &'a [Digest],
    at: DateTime<FixedOffset>,
    hlc: u64,
    schema: u16,
}

impl Operation {
    /// The hash this operation must carry.
    ///
    /// # Errors
    /// When it cannot be written as CBOR.
    pub fn computed_hash(&self) -> Result<Digest, CborError> {
        let covered = Covered {
            id: self.id,
            device: self.device,
            incarnation: self.incarnation,
            seq: self.seq,
            prev_hash: self.prev_hash,
            actor: self.actor,
            role: self.role,
            stream: &self.stream,
            command: &self.command,
            changes: self
                .changes
                .iter()
                .map(|change| {
                    (change.kind.as_str(), change.id, change.field.as_str(), change.base, change.commitment)
                })
                .collect(),
            blob_refs: &self.blob_refs,
            at: self.at,
            hlc: self.hlc,
            schema: self.schema,
        };
        Ok(Digest::of(&canonical_cbor(&covered)?))
    }

    /// The operation as the log and the outbox keep it.
    ///
    /// # Errors
    /// When it cannot be written as CBOR.
    pub fn to_cbor(&self) -> Result<Vec<u8>, CborError> {
        canonical_cbor(self)
    }

    /// Reads what [`Operation::to_cbor`] wrote.
    ///
    /// # Errors
    /// When the bytes are not an operation.
    pub fn from_cbor(bytes: &[u8]) -> Result<Self, CborError> {
        ciborium::from_reader(bytes).map_err(|_| CborError)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn operation(value: Value) -> Operation {
        let change = Change::new("claim", Uuid::nil(), "answers.story", None, value, [7; 16]).unwrap();
        let mut operation = Operation {
            id: Uuid::from_u128(1),
            device: Uuid::from_u128(2),
            incarnation: 1,
            seq: 1,
            prev_hash: Digest::default(),
            hash: Digest::default(),
            actor: Uuid::from_u128(3),
            role: Role::CounterClerk,
            stream: "SH01".into(),
            command: "claim.register".into(),
            changes: vec![change],
            blob_refs: vec![],
            at: DateTime::parse_from_rfc3339("2026-11-22T09:00:00+08:00").unwrap(),
            hlc: 1,
            schema: OPERATION_SCHEMA,
            sig: ByteString::default(),
        };
        operation.hash = operation.computed_hash().unwrap();
        operation
    }

    #[test]
    fn an_erased_value_leaves_the_hash_as_it_was() {
        let mut operation = operation(json!("张三的电话"));
        let hash = operation.hash;
        operation.changes[0].value = None;
        operation.changes[0].salt = ByteString::default();
        assert_eq!(operation.computed_hash().unwrap(), hash);
        assert!(operation.changes[0].holds());
    }

    #[test]
    fn a_changed_value_does_not_hold() {
        let mut operation = operation(json!("一"));
        operation.changes[0].value = Some(json!("二"));
        assert!(!operation.changes[0].holds());
    }

    #[test]
    fn null_is_a_value_and_not_an_erasure() {
        let kept = Operation::from_cbor(&operation(Value::Null).to_cbor().unwrap()).unwrap();
        assert_eq!(kept.changes[0].value, Some(Value::Null));
        let mut erased = operation(Value::Null);
        erased.changes[0].value = None;
        let kept = Operation::from_cbor(&erased.to_cbor().unwrap()).unwrap();
        assert_eq!(kept.changes[0].value, None);
    }

    #[test]
    fn key_order_does_not_matter() {
        let one: Value = serde_json::from_str(r#"{"a":1,"bb":2}"#).unwrap();
        let two: Value = serde_json::from_str(r#"{"bb":2,"a":1}"#).unwrap();
        assert_eq!(commitment(&[1], &one).unwrap(), commitment(&[1], &two).unwrap());
    }

    proptest! {
        #[test]
        fn cbor_returns_what_went_in(text in "\\PC{0,80}", number in any::<i64>()) {
            let operation = operation(json!({"text": text, "number": number, "list": [null, true]}));
            let bytes = operation.to_cbor().unwrap();
            prop_assert_eq!(&Operation::from_cbor(&bytes).unwrap(), &operation);
            prop_assert!(Operation::from_cbor(&bytes).unwrap().changes[0].holds());
        }

        #[test]
        fn bytes_that_are_no_operation_are_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(Operation::from_cbor(&bytes).is_err());
        }
    }
}
