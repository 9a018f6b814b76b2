//! Reference data for every desk: records of the organisation's stream, signed by the hub itself.
//!
//! Files are read as desks read them before anything is published; a version that was published stays.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::clock::FileProblem;
use domain::digest::{ByteString, Digest};
use domain::operation::{Change, OPERATION_SCHEMA, Operation};
use domain::reference::{self, Published, RECORD, ReferenceKind};
use domain::role::Role;
use ed25519_dalek::Signer as _;
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;
use wire::{ORGANISATION, PushAnswer};

use crate::accept::{Slot, accept};
use crate::error::HubError;
use crate::push::push;
use crate::state::{Hub, random};
use crate::table::{chain, record};

/// A record to be published: its fields as they are to be.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Publication {
    /// The record's kind.
    pub kind: String,
    /// The record.
    pub id: Uuid,
    /// Fields that are not here stay as they are.
    pub fields: BTreeMap<String, Value>,
}

/// The only incarnation of the hub's own chain.
const INCARNATION: u32 = 1;

/// What became of files that were to be published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PublishedFiles {
    /// These are new; an empty list when all was published before.
    New(Vec<Published>),
    /// A file is none of its kind, or would replace a version: nothing was published.
    Refused(FileProblem),
    /// Another publication came at the same time: nothing was published, and it may be tried again.
    Met,
}

/// Checks files, given as name and text, and publishes what of them is new as one operation.
///
/// # Errors
/// When the database does not answer.
pub async fn publish_files(
    hub: &Hub,
    kind: ReferenceKind,
    files: &[(String, String)],
) -> Result<PublishedFiles, HubError> {
    let mut known = published(&hub.pool).await?;
    let mut new = Vec::new();
    for (file, source) in files {
        match reference::check(kind, file, source, &known) {
            Ok(found) => {
                known.extend(found.iter().cloned());
                new.extend(found);
            }
            Err(problem) => return Ok(PublishedFiles::Refused(problem)),
        }
    }
    let records: Vec<Publication> = new
        .iter()
        .map(|new| Publication { kind: RECORD.to_owned(), id: new.id(), fields: new.fields() })
        .collect();
    match publish(hub, &records).await? {
        Some(answer) if answer.outcome != wire::PushOutcome::Taken || !answer.parked.is_empty() => {
            Ok(PublishedFiles::Met)
        }
        _ => Ok(PublishedFiles::New(new)),
    }
}

/// Everything that was published from files.
///
/// # Errors
/// When the database does not answer.
pub async fn published(pool: &sqlx::PgPool) -> Result<Vec<Published>, HubError> {
    let mut db = pool.acquire().await?;
    let records = record::of_kind(&mut db, RECORD).await?.into_iter();
    Ok(records
        .filter(|(stream, ..)| stream == ORGANISATION)
        .filter_map(|(_, _, record)| Published::of(&record))
        .collect())
}

/// Publishes records as one operation; fields that are already so are left out. `None` when nothing is new.
///
/// # Errors
/// When the database does not answer, or another publication came at the same time: then nothing was published.
pub async fn publish(hub: &Hub, records: &[Publication]) -> Result<Option<PushAnswer>, HubError> {
    let mut db = hub.pool.acquire().await?;
    let keys = records.iter().map(|record| (record.kind.clone(), record.id)).collect();
    let before = record::load(&mut db, ORGANISATION, &keys).await?;
    let chain = chain::get(&mut db, ORGANISATION, hub.device, INCARNATION).await?;
    drop(db);
    let mut changes = Vec::new();
    for record in records {
        let known = before.get(&(record.kind.clone(), record.id));
        for (field, value) in &record.fields {
            let current = known.and_then(|known| known.fields.get(field));
            if current.is_some_and(|current| current.value == *value) {
                continue;
            }
            let mut salt = [0; 16];
            random(&mut salt)?;
            let base = current.map(|current| current.revision);
            changes.push(Change::new(&record.kind, record.id, field, base, value.clone(), salt)?);
        }
    }
    if changes.is_empty() {
        return Ok(None);
    }
    let at = DateTime::<Utc>::from_timestamp_millis(hub.now()).ok_or(HubError::Row("a time"))?;
    let mut operation = Operation {
        id: Uuid::now_v7(),
        device: hub.device,
        incarnation: INCARNATION,
        seq: chain.seq + 1,
        prev_hash: chain.hash.unwrap_or_default(),
        hash: Digest::default(),
        actor: hub.device,
        role: Role::Administrator,
        stream: ORGANISATION.to_owned(),
        command: "organisation.publish".to_owned(),
        changes,
        blob_refs: Vec::new(),
        at: at.fixed_offset(),
        hlc: u64::try_from(hub.now()).unwrap_or_default(),
        schema: OPERATION_SCHEMA,
        sig: ByteString::default(),
    };
    operation.hash = operation.computed_hash()?;
    operation.sig = ByteString(hub.key.sign(&operation.hash.0).to_bytes().to_vec());
    let slot = Slot {
        device: hub.device,
        incarnation: INCARNATION,
        stream: ORGANISATION.to_owned(),
        public_key: hub.key.verifying_key().to_bytes().to_vec(),
        role: None,
    };
    let received = accept(&slot, operation.seq, vec![ByteString(operation.to_cbor()?)]);
    push(hub, &slot, &received).await.map(Some)
}
