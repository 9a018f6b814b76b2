//! One page of a stream: checked, settled as the hub judged it, and written with its cursor in one transaction.

use std::collections::{BTreeMap, BTreeSet};

use domain::digest::Digest;
use domain::operation::{Change, OPERATION_SCHEMA, Operation};
use domain::record::{Record, Records};
use domain::settle::{keys, settle};
use domain::{Code, Refusal};
use ed25519_dalek::{Signature, VerifyingKey};
use sqlx::{Connection as _, SqliteConnection};
use uuid::Uuid;
use wire::{Certificate, Entry, ORGANISATION, Page};

use crate::error::StoreError;
use crate::store::Store;
use crate::table::operation::Placed;
use crate::table::{operation, rebuilt, record, relay, shadow, stream};
use crate::write::project;

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
}

/// An entry that may be settled.
struct Ready<'a> {
    entry: &'a Entry,
    operation: Operation,
    bytes: Vec<u8>,
}

impl Store {
    /// Applies a page. Entries applied before are passed over.
    ///
    /// # Errors
    /// [`Code::SyncPageBroken`] when the page leaves a gap or an operation does not hold; then nothing was applied.
    pub async fn apply_page(
        &self,
        page: &Page,
        certificates: &[Certificate],
        at: &str,
    ) -> Result<Applied, StoreError> {
        let mut writer = self.writer().await;
        let (own, incarnation) = (writer.device.id, writer.device.incarnation);
        let own_key = writer.device.key.verifying_key();
        let branch = writer.device.stream.clone();
        let reference = page.stream == ORGANISATION;
        if !reference && page.stream != branch {
            return Err(broken("stream").into());
        }
        let mut transaction = writer.db.begin_with("begin immediate").await?;
        let db = &mut *transaction;
        let mut followed = stream::get(db, &page.stream).await?;
        if page.head < followed.cursor {
            return Ok(Applied::Behind);
        }
        let hub = super::hub(db).await?.ok_or_else(|| Refusal::new(Code::SyncNotEnrolled))?;
        for certificate in certificates {
            let body = certificate.open(&hub.key.0).map_err(|_| broken("certificate"))?;
            relay::certify(db, body.device, &body.public_key.0, certificate, at).await?;
        }
        let mut device_keys: BTreeMap<Uuid, VerifyingKey> = relay::certified(db).await?.into_iter().collect();
        device_keys.insert(own, own_key);

        let entries: Vec<&Entry> = page.entries.iter().filter(|entry| entry.at > followed.cursor).collect();
        let dense = (followed.cursor + 1..).zip(&entries).all(|(at, entry)| entry.at == at);
        if !dense {
            return Err(broken("gap").into());
        }
        let ids: Vec<Uuid> = entries.iter().map(|entry| entry.id).collect();
        let mut known = operation::known(db, &ids).await?;
        let mut ready = Vec::with_capacity(entries.len());
        let mut fork = None;
        for entry in &entries {
            let held = known.remove(&entry.id).filter(|(hash, _)| *hash == entry.hash);
            let bytes = match (&entry.operation, held) {
                (Some(bytes), _) => bytes.0.clone(),
                (None, Some((_, body))) => body,
                (None, None) => return Ok(Applied::NeedOwn),
            };
            let operation = match Operation::from_cbor(&bytes) {
                Ok(operation) if operation.schema <= OPERATION_SCHEMA => operation,
                _ => {
                    stream::wait(db, &page.stream, entry.at, entry.id, &bytes, at).await?;
                    continue;
                }
            };
            if operation.id != entry.id || operation.hash != entry.hash || operation.stream != page.stream {
                return Err(broken("entry").into());
            }
            if operation.device == own
                && operation.incarnation == incarnation
                && !operation::has_link(db, own, operation.incarnation, operation.seq).await?
            {
                fork = fork.max(Some(operation.incarnation + 1));
            }
            ready.push(Ready { entry, operation, bytes });
        }
        check(db, &ready, &device_keys).await?;

        let wanted: BTreeSet<(String, Uuid)> =
            ready.iter().flat_map(|ready| keys(&ready.operation)).collect();
        let wanted: Vec<(String, Uuid)> = wanted.into_iter().collect();
        let before = if reference {
            rebuilt::load_reference(db, &wanted).await?
        } else if followed.rebuilding {
            rebuilt::load(db, &wanted).await?
        } else {
            super::confirmed(db, &wanted).await?
        };
        let mut after = before.clone();
        for ready in &ready {
            settle(&mut after, &ready.operation, &ready.entry.verdict);
        }
        followed.digest.follow(&before, &after)?;
        after.retain(|_, record| !record.fields.is_empty());

        if !reference {
            let placed: Vec<Placed<'_>> = ready
                .iter()
                .map(|ready| {
                    Ok(Placed {
                        operation: &ready.operation,
                        bytes: &ready.bytes,
                        position: ready.entry.at,
                        verdict: serde_json::to_string(&ready.entry.verdict)?,
                    })
                })
                .collect::<Result<_, StoreError>>()?;
            operation::confirm(db, &placed).await?;
        }
        if reference {
            rebuilt::write_reference(db, &after, at).await?;
        } else if followed.rebuilding {
            rebuilt::write(db, &after, at).await?;
        } else {
            overlay(db, after, at).await?;
        }

        followed.cursor = entries.last().map_or(followed.cursor, |entry| entry.at);
        followed.head = page.head;
        let complete = followed.cursor == page.head;
        let waits = !stream::waiting(db, &page.stream).await?.is_empty();
        let fits = waits || followed.digest == page.digest;
        if complete && fits && followed.rebuilding {
            super::rebuild::swap(db, at).await?;
            followed.rebuilding = false;
        }
        stream::set(db, &page.stream, &followed, at).await?;
        transaction.commit().await?;
        writer.committed.notify_one();
        Ok(match (fork, complete) {
            (Some(next), _) => Applied::Fork(next),
            (None, false) => Applied::More,
            (None, true) if fits => Applied::Head,
            (None, true) => Applied::Diverged,
        })
    }
}

/// Hash, commitments, signature and, where the link before is here, the chain.
async fn check(
    db: &mut SqliteConnection,
    ready: &[Ready<'_>],
    keys: &BTreeMap<Uuid, VerifyingKey>,
) -> Result<(), StoreError> {
    let mut tails: BTreeMap<(Uuid, u32), (u64, Digest)> = BTreeMap::new();
    for Ready { entry, operation, .. } in ready {
        let at = |what: &str| broken(&format!("{what} {}", entry.at));
        if operation.computed_hash()? != operation.hash {
            return Err(at("hash").into());
        }
        if !operation.changes.iter().all(Change::holds) {
            return Err(at("value").into());
        }
        let signature = Signature::from_slice(&operation.sig.0).map_err(|_| at("signature"))?;
        let key = keys.get(&operation.device).ok_or_else(|| at("certificate"))?;
        key.verify_strict(&operation.hash.0, &signature).map_err(|_| at("signature"))?;
        let chain = (operation.device, operation.incarnation);
        let before = operation.seq.saturating_sub(1);
        let link = match tails.get(&chain) {
            _ if before == 0 => Some(Digest::default()),
            Some((seq, hash)) if *seq == before => Some(*hash),
            _ => operation::confirmed_link(db, chain.0, chain.1, before).await?,
        };
        if link.is_some_and(|link| link != operation.prev_hash) {
            return Err(at("chain").into());
        }
        tails.insert(chain, (operation.seq, operation.hash));
    }
    Ok(())
}

/// Writes confirmed records, with this desk's own unconfirmed fields over them.
pub(super) async fn overlay(
    db: &mut SqliteConnection,
    confirmed: Records,
    at: &str,
) -> Result<(), StoreError> {
    let keys: Vec<(String, Uuid)> = confirmed.keys().cloned().collect();
    let shadowed: Vec<(String, Uuid)> = shadow::load(db, &keys).await?.into_keys().collect();
    let local = record::load(db, &shadowed).await?;
    let (shown, shadows, clean) = merge(db, confirmed, &local).await?;
    shadow::delete(db, &clean).await?;
    shadow::write(db, &shadows, at).await?;
    record::write(db, &shown, at).await?;
    project(db, &shown, at).await
}

/// What records show, the shadows of those with unconfirmed fields, and the keys of those without.
pub(super) async fn merge(
    db: &mut SqliteConnection,
    confirmed: Records,
    local: &Records,
) -> Result<(Records, Records, Vec<(String, Uuid)>), StoreError> {
    let revisions: BTreeSet<Uuid> =
        local.values().flat_map(|record| record.fields.values().map(|field| field.revision)).collect();
    let revisions: Vec<Uuid> = revisions.into_iter().collect();
    let pending = operation::pending_among(db, &revisions).await?;
    let (mut shown, mut shadows, mut clean) = (Records::new(), Records::new(), Vec::new());
    for (key, record) in confirmed {
        let own: Vec<_> = local
            .get(&key)
            .into_iter()
            .flat_map(|record| &record.fields)
            .filter(|(_, field)| pending.contains(&field.revision))
            .collect();
        if own.is_empty() {
            clean.push(key.clone());
            shown.insert(key, record);
            continue;
        }
        let mut over: Record = record.clone();
        over.fields.extend(own.into_iter().map(|(name, field)| (name.clone(), field.clone())));
        shadows.insert(key.clone(), record);
        shown.insert(key, over);
    }
    Ok((shown, shadows, clean))
}

fn broken(what: &str) -> Refusal {
    Refusal::new(Code::SyncPageBroken).with("reason", what)
}
