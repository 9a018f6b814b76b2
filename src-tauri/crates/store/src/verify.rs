//! Walking the whole log: chain, commitments, signatures, files.

use std::collections::{BTreeMap, BTreeSet};

use domain::digest::{Digest, unhex};
use domain::operation::Operation;
use domain::record::{Records, apply};
use domain::settle::CONFLICT;
use ed25519_dalek::{Signature, VerifyingKey};
use uuid::Uuid;

use crate::error::StoreError;
use crate::store::Store;
use crate::table::operation::Logged;
use crate::table::{operation, record, relay};

/// What a walk of the log found.
#[derive(Debug, Default, serde::Serialize)]
pub struct Verification {
    /// Operations walked.
    pub operations: u64,
    /// Attached files opened and compared.
    pub files: u64,
    /// The last link.
    pub head: String,
    /// Everything that does not hold; empty when all is well.
    pub faults: Vec<Fault>,
}

/// Something that does not hold.
#[derive(Debug, PartialEq, Eq, serde::Serialize)]
pub struct Fault {
    /// Which operation, by its number in the chain; zero for a file or record.
    pub seq: u64,
    /// What does not hold.
    pub what: FaultKind,
}

/// Kinds of fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// A number is missing or twice in the chain.
    Gap,
    /// The link to the operation before does not hold.
    Link,
    /// The operation is not what was hashed.
    Hash,
    /// A value is not the one committed to.
    Value,
    /// The device's signature does not hold.
    Signature,
    /// A record is not what its operations add up to.
    Record,
    /// An attached file is missing or damaged.
    File,
}

const PAGE: u32 = 500;

impl Store {
    /// Walks the chain, and compares records with what the operations add up to.
    ///
    /// # Errors
    /// Only when the database cannot be read; what does not hold is in the result.
    pub async fn verify(&self) -> Result<Verification, StoreError> {
        let mut result = Verification::default();
        let certified = relay::certified(&mut *self.reader().await?).await?;
        let mut keys: BTreeMap<Uuid, VerifyingKey> = certified.into_iter().collect();
        {
            let writer = self.writer().await;
            keys.entry(writer.device.id).or_insert(writer.device.key.verifying_key());
        }
        let mut after = (Uuid::nil(), 0, 0);
        let mut head = Digest::default();
        loop {
            let page = operation::page(&mut *self.reader().await?, after, PAGE).await?;
            if page.is_empty() {
                break;
            }
            for logged in &page {
                let operation = &logged.operation;
                let first = (operation.device, operation.incarnation) != (after.0, after.1);
                let (seq, link) = if first { (1, Digest::default()) } else { (after.2 + 1, head) };
                // Of a chain that came through the hub links may be missing: it keeps some for review.
                let adjacent = operation.seq == seq;
                if !adjacent && logged.position.is_none() {
                    result.faults.push(Fault { seq: operation.seq, what: FaultKind::Gap });
                }
                learn_keys(operation, &mut keys);
                check(
                    operation,
                    Some(link).filter(|_| adjacent || logged.position.is_none()),
                    &keys,
                    &mut result.faults,
                );
                after = (operation.device, operation.incarnation, operation.seq);
                head = operation.hash;
                result.operations += 1;
            }
            self.check_records(&page, &mut result.faults).await?;
        }
        result.head = head.hex();
        for digest in self.file_digests().await? {
            result.files += 1;
            if self.check_file(&digest).await.is_err() {
                result.faults.push(Fault { seq: 0, what: FaultKind::File });
            }
        }
        Ok(result)
    }

    /// A field whose revision is an operation of this page must hold that operation's value.
    async fn check_records(&self, page: &[Logged], faults: &mut Vec<Fault>) -> Result<(), StoreError> {
        let mut expected = Records::new();
        // Of what is in the snapshot a desk began with, it does not know how it was judged.
        let mut ordered: Vec<&Logged> = page.iter().filter(|logged| logged.position != Some(0)).collect();
        // The hub's order, then what it has not placed yet.
        ordered.sort_by_key(|logged| (logged.position.is_none(), logged.position));
        for logged in ordered {
            let mut applied = logged.operation.clone();
            let contested = |index: usize| {
                u32::try_from(index).is_ok_and(|index| logged.verdict.contested.contains(&index))
            };
            let changes = applied.changes.into_iter().enumerate().filter(|(index, _)| !contested(*index));
            applied.changes = changes.map(|(_, change)| change).collect();
            apply(&mut expected, &applied);
        }
        let wanted: Vec<(String, Uuid)> = expected.keys().cloned().collect();
        let stored = record::load(&mut *self.reader().await?, &wanted).await?;
        let ours: BTreeSet<Uuid> = page.iter().map(|logged| logged.operation.id).collect();
        for (key, record) in &expected {
            let fine = record.fields.is_empty()
                || stored.get(key).is_some_and(|stored| {
                    record.fields.iter().all(|(name, field)| {
                        stored.fields.get(name).is_some_and(|found| {
                            // A later page may have written the field again; then its own turn decides. A conflict is
                            // also written by what opens it.
                            found == field || key.0 == CONFLICT || !ours.contains(&found.revision)
                        })
                    })
                });
            if !fine {
                faults.push(Fault { seq: 0, what: FaultKind::Record });
            }
        }
        Ok(())
    }
}

/// A device states its public key in its own record.
fn learn_keys(operation: &Operation, keys: &mut BTreeMap<Uuid, VerifyingKey>) {
    for change in &operation.changes {
        if change.kind == "device" && change.field == "public_key" {
            let key = change.value.as_ref().and_then(|value| value.as_str()).and_then(unhex);
            let key = key.and_then(|bytes| bytes.try_into().ok());
            if let Some(key) = key.and_then(|bytes: [u8; 32]| VerifyingKey::from_bytes(&bytes).ok()) {
                keys.insert(change.id, key);
            }
        }
    }
}

fn check(
    operation: &Operation,
    link: Option<Digest>,
    keys: &BTreeMap<Uuid, VerifyingKey>,
    faults: &mut Vec<Fault>,
) {
    let mut fault = |what| faults.push(Fault { seq: operation.seq, what });
    if link.is_some_and(|link| link != operation.prev_hash) {
        fault(FaultKind::Link);
    }
    if operation.computed_hash().ok() != Some(operation.hash) {
        fault(FaultKind::Hash);
    }
    if !operation.changes.iter().all(domain::operation::Change::holds) {
        fault(FaultKind::Value);
    }
    let signed = Signature::from_slice(&operation.sig.0).is_ok_and(|signature| {
        keys.get(&operation.device)
            .is_some_and(|key| key.verify_strict(&operation.hash.0, &signature).is_ok())
    });
    if !signed {
        fault(FaultKind::Signature);
    }
}

#[cfg(feature = "tamper")]
impl Store {
    /// Runs SQL behind the log's back: what the tests of [`Store::verify`] find again.
    #[expect(clippy::expect_used, reason = "only tests have this feature")]
    pub async fn tamper(&self, sql: &'static str) {
        // run-time query: the tests' own text
        sqlx::query(sql).execute(&mut self.writer().await.db).await.expect("the tampering");
    }

    /// Alters the bytes of one operation of the log, which are packed where they lie.
    #[expect(clippy::expect_used, reason = "only tests have this feature")]
    pub async fn tamper_body(&self, seq: i64, alter: impl FnOnce(Vec<u8>) -> Vec<u8>) {
        let db = &mut self.writer().await.db;
        // run-time queries: only tests have them
        let kept: Vec<u8> = sqlx::query_scalar("select body from operation where seq = ?1")
            .bind(seq)
            .fetch_one(&mut *db)
            .await
            .expect("the operation");
        let altered = crate::table::body::pack(&alter(crate::table::body::unpack(kept).expect("its bytes")))
            .expect("packing");
        sqlx::query("update operation set body = ?1 where seq = ?2")
            .bind(altered)
            .bind(seq)
            .execute(db)
            .await
            .expect("the tampering");
    }
}
