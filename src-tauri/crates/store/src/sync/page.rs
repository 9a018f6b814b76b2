//! One page of a stream: checked, settled as the hub judged it, and written with its cursor in one transaction.

use std::collections::{BTreeMap, BTreeSet};

use domain::overlay::{Overlaid, overlay as lay_over, revisions};
use domain::record::Records;
use domain::{Code, Refusal};
use ed25519_dalek::VerifyingKey;
use sqlx::{Connection as _, SqliteConnection};
use uuid::Uuid;
use wire::log::{self, Unmet};
use wire::page::{Applied, Link, Reading, Unfit, applied, fresh, read, sound};
use wire::{Certificate, ORGANISATION, Page};

use crate::error::StoreError;
use crate::store::Store;
use crate::table::operation::Placed;
use crate::table::{operation, rebuilt, record, relay, shadow, stream};
use crate::write::project;

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
        let hub = super::hub(db).await?.ok_or_else(|| Refusal::new(Code::SyncNotEnrolled))?;
        for certificate in certificates {
            let body = certificate.open(&hub.key.0).map_err(|_| broken("certificate"))?;
            relay::certify(db, body.device, &body.public_key.0, certificate, at).await?;
        }
        let mut device_keys: BTreeMap<Uuid, VerifyingKey> = relay::certified(db).await?.into_iter().collect();
        device_keys.insert(own, own_key);

        let ids: Vec<Uuid> = fresh(page, followed.cursor).map(|entry| entry.id).collect();
        let mut held = operation::known(db, &ids).await?;
        let reading = match read(page, followed.cursor, &mut held) {
            Ok(reading) => reading,
            Err(Unfit::Behind) => return Ok(Applied::Behind),
            Err(Unfit::NeedOwn) => return Ok(Applied::NeedOwn),
            Err(Unfit::Broken(what)) => return Err(broken(&what).into()),
        };
        for (entry, bytes) in &reading.waiting {
            stream::wait(db, &page.stream, entry.at, entry.id, bytes, at).await?;
        }
        let mut fork = None;
        for made in reading.own(own, incarnation) {
            if operation::hash(db, made.id).await? != Some(made.hash) {
                fork = Some(incarnation + 1);
            }
        }
        let links = confirmed_links(db, &reading).await?;
        match reading.check(&device_keys, &links, sound) {
            Err(Unfit::Broken(what)) => return Err(broken(&what).into()),
            Err(Unfit::Behind | Unfit::NeedOwn) | Ok(()) => {}
        }

        let wanted: Vec<(String, Uuid)> = reading.records().into_iter().collect();
        let before = if reference {
            rebuilt::load_reference(db, &wanted).await?
        } else if followed.rebuilding {
            rebuilt::load(db, &wanted).await?
        } else {
            super::confirmed(db, &wanted).await?
        };
        let after = reading.settle(&before, &mut followed.digest)?;

        if !reference {
            let placed: Vec<Placed<'_>> = reading
                .ready
                .iter()
                .map(|ready| {
                    Ok(Placed {
                        operation: &ready.operation,
                        bytes: &ready.bytes,
                        held: ready.held,
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

        match log::follow(&mut followed.tree, page, followed.cursor, &hub.key.0) {
            Ok(()) => {}
            Err(Unmet::Rewritten) => {
                transaction.rollback().await?;
                if let Some(kept) = followed.checkpoint {
                    stream::incident(&mut writer.db, "log", &kept, at).await?;
                }
                return Ok(Applied::Rewritten);
            }
            Err(Unmet::Unsigned) => return Err(broken("checkpoint").into()),
            Err(Unmet::Encoding) => return Err(StoreError::Encoding),
        }
        followed.cursor = reading.end;
        followed.head = page.head;
        let complete = followed.cursor == page.head;
        if complete {
            followed.checkpoint = Some(page.checkpoint.clone());
        }
        let waits = !stream::waiting(db, &page.stream).await?.is_empty();
        let fits = waits || followed.digest == page.digest;
        if complete && fits && followed.rebuilding {
            super::rebuild::swap(db, at).await?;
            followed.rebuilding = false;
        }
        if complete && !reference && !waits {
            let missing = operation::unsend_missing(db, own).await?;
            if missing > 0 {
                tracing::warn!(missing, "what the hub had acknowledged did not come back and is sent again");
            }
        }
        stream::set(db, &page.stream, &followed, at).await?;
        transaction.commit().await?;
        writer.committed.notify_one();
        Ok(applied(fork, complete, fits))
    }
}

/// The hashes of the confirmed links that a page's operations follow, as far as they are here.
async fn confirmed_links(
    db: &mut SqliteConnection,
    reading: &Reading<'_>,
) -> Result<BTreeMap<Link, domain::digest::Digest>, StoreError> {
    let mut links = BTreeMap::new();
    for (device, incarnation, seq) in reading.links() {
        let found = operation::confirmed_link(db, device, incarnation, seq).await?;
        links.extend(found.map(|hash| ((device, incarnation, seq), hash)));
    }
    Ok(links)
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
    let Overlaid { mut shown, shadows, clean } = merge(db, confirmed, &local).await?;
    shadow::delete(db, &clean).await?;
    shadow::write(db, &shadows, at).await?;
    // Own work that came back as it was made is written, listed and indexed already.
    shown.retain(|key, record| local.get(key) != Some(&*record));
    record::write(db, &shown, at).await?;
    project(db, &shown, at).await
}

/// Lays own unconfirmed fields over confirmed records.
pub(super) async fn merge(
    db: &mut SqliteConnection,
    confirmed: Records,
    local: &Records,
) -> Result<Overlaid, StoreError> {
    let revisions: Vec<Uuid> = revisions(local).into_iter().collect();
    let pending: BTreeSet<Uuid> = operation::pending_among(db, &revisions).await?;
    Ok(lay_over(confirmed, local, &pending))
}

pub(super) fn broken(what: &str) -> Refusal {
    Refusal::new(Code::SyncPageBroken).with("reason", what)
}
