//! The one write path: business command → operation → outbox file → database, in that order.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, FixedOffset};
use domain::chain::{Found, Tail};
use domain::digest::{ByteString, Digest};
use domain::operation::{Change, OPERATION_SCHEMA, Operation};
use domain::record::{Record, Records, apply};
use domain::role::Role;
use ed25519_dalek::{Signer as _, SigningKey};
use serde_json::Value;
use sqlx::{Connection as _, SqliteConnection};
use tokio::sync::Notify;
use uuid::Uuid;

use crate::blob_file;
use crate::error::StoreError;
use crate::outbox::Outbox;
use crate::search;
use crate::store::META_INCARNATION;
use crate::table::operation::OperationState;
use crate::table::{account, claim, complaint, meta, operation, party, policy, product, record};

/// Before the name of a counter in a device's record, and in this desk's own memory of it.
const COUNTER: &str = "counter.";

/// One field to be written.
#[derive(Debug, Clone)]
pub struct Edit {
    /// The record's kind.
    pub kind: &'static str,
    /// The record.
    pub id: Uuid,
    /// The field.
    pub field: String,
    /// Its new value.
    pub value: Value,
}

/// What a use case hands over: who does what to which fields.
#[derive(Debug, Clone)]
pub struct NewOperation {
    /// The account.
    pub actor: Uuid,
    /// The role it acts in.
    pub role: Role,
    /// The command's name.
    pub command: String,
    /// The fields; one that already holds the value is left out.
    pub edits: Vec<Edit>,
    /// SHA-256 of the files it refers to.
    pub blob_refs: Vec<Digest>,
    /// The moment, by the desk's clock.
    pub at: DateTime<FixedOffset>,
}

impl NewOperation {
    /// An operation that changes nothing yet.
    pub fn new(actor: Uuid, role: Role, command: &str, at: DateTime<FixedOffset>) -> Self {
        NewOperation {
            actor,
            role,
            command: command.to_owned(),
            edits: Vec::new(),
            blob_refs: Vec::new(),
            at,
        }
    }

    /// Adds a field.
    pub fn set(&mut self, kind: &'static str, id: Uuid, field: impl Into<String>, value: impl Into<Value>) {
        self.edits.push(Edit { kind, id, field: field.into(), value: value.into() });
    }

    /// Adds a field if there is something to say.
    pub fn set_some(&mut self, kind: &'static str, id: Uuid, field: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.set(kind, id, field, value);
        }
    }
}

/// This desk: its place in the log and the key it signs with.
pub(crate) struct Device {
    pub(crate) id: Uuid,
    pub(crate) incarnation: u32,
    pub(crate) key: SigningKey,
    pub(crate) stream: String,
}

/// The only connection that writes, with the head of its chain.
pub(crate) struct Writer {
    pub(crate) db: SqliteConnection,
    pub(crate) outbox: Outbox,
    pub(crate) device: Device,
    pub(crate) seq: u64,
    pub(crate) head: Digest,
    pub(crate) hlc: u64,
    /// Woken by every transaction of this desk's own, for the checkpoint that follows in a pause.
    pub(crate) committed: Arc<Notify>,
}

impl Writer {
    /// Commits commands as operations, all of them or none; a command that changes nothing makes none.
    ///
    /// `state` is confirmed for records that are not this desk's own work (a synthetic branch): such operations
    /// need no second copy.
    pub(crate) async fn commit(
        &mut self,
        commands: Vec<NewOperation>,
        state: OperationState,
    ) -> Result<Vec<Operation>, StoreError> {
        let keys: BTreeSet<(String, Uuid)> = commands
            .iter()
            .flat_map(|command| command.edits.iter().map(|edit| (edit.kind.to_owned(), edit.id)))
            .collect();
        let keys: Vec<(String, Uuid)> = keys.into_iter().collect();
        let before = record::load(&mut self.db, &keys).await?;
        let mut after = before.clone();
        let (mut seq, mut head, mut hlc) = (self.seq, self.head, self.hlc);
        let mut operations = Vec::with_capacity(commands.len());
        for command in commands {
            let changes = changes(&command, &after)?;
            if changes.is_empty() {
                continue;
            }
            seq += 1;
            hlc = (hlc + 1).max(u64::try_from(command.at.timestamp_millis()).unwrap_or_default());
            let operation = self.sign(command, changes, (seq, head, hlc))?;
            head = operation.hash;
            apply(&mut after, &operation);
            operations.push(operation);
        }
        if operations.is_empty() {
            return Ok(operations);
        }
        // What was looked at and stays as it is (the person of an earlier claim) is not written and indexed again.
        let touched: BTreeSet<(&str, Uuid)> = operations
            .iter()
            .flat_map(|made| &made.changes)
            .map(|change| (change.kind.as_str(), change.id))
            .collect();
        after.retain(|(kind, id), _| touched.contains(&(kind.as_str(), *id)));
        if state == OperationState::Unsent {
            self.outbox.append(&operations)?;
        }
        if let Err(error) = self.store(&operations, &before, &after, state).await {
            if state == OperationState::Unsent {
                self.outbox.cancel(&operations)?;
            }
            return Err(error);
        }
        (self.seq, self.head, self.hlc) = (seq, head, hlc);
        Ok(operations)
    }

    /// Lets the outbox hold these operations and the files the hub does not have, and nothing else.
    pub(crate) async fn keep(&mut self, operations: &[Operation]) -> Result<(), StoreError> {
        let files = blob_file::unsent(&mut self.db).await?;
        self.outbox.rewrite(operations, files)
    }

    pub(crate) fn sign(
        &self,
        command: NewOperation,
        changes: Vec<Change>,
        (seq, prev_hash, hlc): (u64, Digest, u64),
    ) -> Result<Operation, StoreError> {
        let mut operation = Operation {
            id: Uuid::now_v7(),
            device: self.device.id,
            incarnation: self.device.incarnation,
            seq,
            prev_hash,
            hash: Digest::default(),
            actor: command.actor,
            role: command.role,
            stream: self.device.stream.clone(),
            command: command.command,
            changes,
            blob_refs: command.blob_refs,
            at: command.at,
            hlc,
            schema: OPERATION_SCHEMA,
            sig: ByteString::default(),
        };
        operation.hash = operation.computed_hash()?;
        operation.sig = ByteString(self.device.key.sign(&operation.hash.0).to_bytes().to_vec());
        Ok(operation)
    }

    /// Puts back operations the outbox has and the database lost; what it already has is passed over.
    pub(crate) async fn replay(&mut self, operations: Vec<Operation>) -> Result<usize, StoreError> {
        let mut replayed = 0;
        for lost in operations {
            let known = operation::hash(&mut self.db, lost.id).await?;
            let tail = Tail { incarnation: self.device.incarnation, seq: self.seq, head: self.head };
            match tail.found(known, &lost)? {
                Found::Known => continue,
                Found::Broken => break,
                Found::Renamed => {
                    self.adopt(lost.incarnation).await?;
                    operation::replace(&mut self.db, &lost).await?;
                    (self.seq, self.head, self.hlc) = (lost.seq, lost.hash, self.hlc.max(lost.hlc));
                    replayed += 1;
                    continue;
                }
                Found::Lost => {}
            }
            self.adopt(lost.incarnation).await?;
            let keys: Vec<(String, Uuid)> =
                lost.changes.iter().map(|change| (change.kind.clone(), change.id)).collect();
            let before = record::load(&mut self.db, &keys).await?;
            let mut after = before.clone();
            apply(&mut after, &lost);
            let (seq, hash, hlc) = (lost.seq, lost.hash, lost.hlc);
            self.store(&[lost], &before, &after, OperationState::Unsent).await?;
            (self.seq, self.head, self.hlc) = (seq, hash, hlc);
            replayed += 1;
        }
        Ok(replayed)
    }

    /// Goes on as a later incarnation that the outbox knows and the database forgot.
    async fn adopt(&mut self, incarnation: u32) -> Result<(), StoreError> {
        if incarnation > self.device.incarnation {
            meta::set(&mut self.db, META_INCARNATION, &incarnation.to_string()).await?;
            self.device.incarnation = incarnation;
            (self.seq, self.head) = (0, Digest::default());
        }
        Ok(())
    }

    /// One transaction: log, records, shadow, lists, search.
    async fn store(
        &mut self,
        operations: &[Operation],
        before: &Records,
        after: &Records,
        state: OperationState,
    ) -> Result<(), StoreError> {
        let at = operations.last().map(|operation| operation.at.to_rfc3339()).unwrap_or_default();
        let device = self.device.id;
        let mut transaction = self.db.begin_with("begin immediate").await?;
        let db = &mut *transaction;
        operation::insert(db, operations, state).await?;
        for change in operations.iter().flat_map(|operation| &operation.changes) {
            if change.kind == "device"
                && change.id == device
                && change.field.starts_with(COUNTER)
                && let Some(number) = change.value.as_ref().and_then(Value::as_i64)
            {
                meta::set(db, &change.field, &number.to_string()).await?;
            }
        }
        if state == OperationState::Unsent {
            record::shadow(db, after.keys(), before, &at).await?;
        }
        record::write(db, after, &at).await?;
        project(db, after, &at).await?;
        transaction.commit().await?;
        self.committed.notify_one();
        Ok(())
    }
}

/// The command's edits as changes against the records as they are; equal values fall away.
pub(crate) fn changes(command: &NewOperation, records: &Records) -> Result<Vec<Change>, StoreError> {
    let mut changes: Vec<Change> = Vec::with_capacity(command.edits.len());
    // Drawn at once: a registration has more than a hundred, and each draw asks the system.
    let mut salts = vec![[0; 16]; command.edits.len()];
    getrandom::fill(salts.as_flattened_mut()).map_err(|_| std::io::Error::other("no randomness"))?;
    for (edit, salt) in command.edits.iter().zip(salts) {
        let current =
            records.get(&(edit.kind.to_owned(), edit.id)).and_then(|record| record.fields.get(&edit.field));
        if current.is_some_and(|field| field.value == edit.value) {
            continue;
        }
        let base = current.map(|field| field.revision);
        changes.push(Change::new(edit.kind, edit.id, &edit.field, base, edit.value.clone(), salt)?);
    }
    Ok(changes)
}

/// The typed projection: lists and search follow the records.
pub(crate) async fn project(
    db: &mut SqliteConnection,
    records: &Records,
    at: &str,
) -> Result<(), StoreError> {
    let of = |kind: &str| -> Vec<(Uuid, &Record)> {
        records
            .iter()
            .filter(|((known, _), _)| known == kind)
            .map(|((_, id), record)| (*id, record))
            .collect()
    };
    let (claims, links, parties) = (of("claim"), of("claim_party"), of("party"));
    let (policies, products, accounts) = (of("policy"), of("product"), of("account"));
    if !claims.is_empty() {
        claim::project(db, &claims, at).await?;
    }
    if !links.is_empty() {
        claim::project_parties(db, &links, at).await?;
    }
    if !parties.is_empty() {
        party::project(db, &parties, at).await?;
    }
    if !policies.is_empty() {
        policy::project(db, &policies, at).await?;
    }
    if !products.is_empty() {
        product::project(db, &products, at).await?;
    }
    let complaints = of("complaint");
    if !complaints.is_empty() {
        complaint::project(db, &complaints, at).await?;
    }
    if !accounts.is_empty() {
        account::project(db, &accounts, at).await?;
    }
    search::index::project(db, records, at).await
}
