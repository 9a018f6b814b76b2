//! Reference data for every desk: records of the organisation's stream, signed by the hub itself.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::digest::{ByteString, Digest};
use domain::operation::{Change, OPERATION_SCHEMA, Operation};
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
    };
    let received = accept(&slot, operation.seq, vec![ByteString(operation.to_cbor()?)]);
    push(hub, &slot, &received).await.map(Some)
}
