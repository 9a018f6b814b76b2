//! The desk's side of sync in the database: what goes to the hub, what came back, and how the two compare.
//!
//! An operation is unsent, then acknowledged (durable at the hub), then confirmed (applied in the hub's order). What a
//! record is in the hub's order stands in `shadow` while own unconfirmed work stands over it, else in `record`.

mod carried;
mod files;
mod incarnation;
mod page;
mod rebuild;
mod snapshot;

use std::collections::{BTreeMap, BTreeSet};

use domain::digest::{ByteString, hex, unhex};
use domain::record::Record;
use domain::role::Role;
use domain::settle::StateDigest;
use domain::{Code, Refusal};
use sqlx::{Connection as _, SqliteConnection};
use uuid::Uuid;
use wire::outgoing::{acknowledged, next_push, shown};
use wire::{
    Asked, DeviceHead, EnrolAnswer, EnrolRequest, HeadsAnswer, ORGANISATION, ParkReason, PullRequest,
    PushAnswer, PushOutcome, PushRequest, WIRE_SCHEMA,
};
use zeroize::Zeroizing;

use crate::error::StoreError;
use crate::store::Store;
use crate::table::{self, meta, operation, rebuilt, record, relay, shadow, stream};

pub(crate) use files::Moving;
pub(crate) use incarnation::moved;
pub use snapshot::Took;
pub use wire::outgoing::Acknowledged;
pub use wire::page::Applied;

const META_HUB_URL: &str = "hub_url";
const META_HUB_KEY: &str = "hub_key";
const META_HUB_EPOCH: &str = "hub_epoch";
const META_BRANCH_KEY: &str = "branch_key";
const META_DEVICE_ROLE: &str = "device_role";
const META_SYNCED_AT: &str = "synced_at";
const META_TROUBLE: &str = "sync_trouble";

/// The hub a desk belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hub {
    /// Its address.
    pub url: String,
    /// Its key, as it was at enrolment.
    pub key: ByteString,
    /// Its epoch when this desk last compared itself with it.
    pub epoch: Uuid,
}

/// Where sync stands.
#[derive(Debug, Clone, Default)]
pub struct SyncFacts {
    /// The hub, if the desk was enrolled.
    pub hub: Option<Hub>,
    /// Own operations no hub has acknowledged.
    pub unsent: u32,
    /// When the oldest of them was made.
    pub oldest_unsent: Option<String>,
    /// Other desks' operations still to be brought.
    pub relayed: u32,
    /// The last number applied of the branch's stream.
    pub cursor: u64,
    /// The hub's last number when it was last seen.
    pub head: u64,
    /// Whether the stream is being built anew.
    pub rebuilding: bool,
    /// Operations of a newer version that wait for an upgrade.
    pub waiting: u32,
    /// The hub's last signed word about the stream's log.
    pub checkpoint: Option<String>,
    /// When the last round ended well.
    pub synced_at: Option<String>,
    /// The code of what stopped the last round; none after a good one.
    pub trouble: Option<String>,
}

/// An own operation that the hub keeps for review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParkedOperation {
    /// The operation.
    pub id: Uuid,
    /// Its command.
    pub command: String,
    /// Why, as [`ParkReason`] writes it.
    pub reason: String,
    /// When this desk heard of it.
    pub at: String,
}

/// Something that did not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incident {
    /// `fork`, `digest`, `rollback`, `copied`, `rebuilt`, `log`, `snapshot`.
    pub kind: String,
    /// More about it, without personal data.
    pub detail: String,
    /// When.
    pub at: String,
}

/// Operations of one push at most; small ones fill no request, and each push waits for the hub's disk.
const PUSH_LIMIT: u32 = 4_000;

#[expect(
    clippy::missing_errors_doc,
    reason = "each fails when disk or database refuse, and as its text says"
)]
impl Store {
    /// The branch this profile writes to.
    pub async fn stream(&self) -> String {
        self.writer().await.device.stream.clone()
    }

    /// The request that redeems an enrolment code.
    pub async fn enrol_request(&self, code: &str) -> Result<EnrolRequest, StoreError> {
        let device = self.record("device", self.device_id()).await?.unwrap_or_default();
        let writer = self.writer().await;
        Ok(EnrolRequest {
            schema: WIRE_SCHEMA,
            code: code.to_owned(),
            device: writer.device.id,
            public_key: ByteString(writer.device.key.verifying_key().to_bytes().to_vec()),
            stream: writer.device.stream.clone(),
            device_code: device.text("code").to_owned(),
        })
    }

    /// Takes the hub's certificate. A desk that meets its first hub has everything still to send: nothing of what it
    /// holds is confirmed. Returns the device code the hub confirmed.
    ///
    /// Fails with [`Code::SyncCertificateWrong`] when the certificate is not this desk's.
    pub async fn enrolled(
        &self,
        url: &str,
        hub_key: &ByteString,
        answer: &EnrolAnswer,
        at: &str,
    ) -> Result<String, StoreError> {
        let wrong = || Refusal::new(Code::SyncCertificateWrong);
        let body = answer.certificate.open(&hub_key.0).map_err(|_| wrong())?;
        let mut writer = self.writer().await;
        let own = writer.device.key.verifying_key().to_bytes();
        if body.device != writer.device.id || body.public_key.0 != own || body.stream != writer.device.stream
        {
            return Err(wrong().into());
        }
        let device = writer.device.id;
        let mut transaction = writer.db.begin_with("begin immediate").await?;
        let db = &mut *transaction;
        let before = meta::get(db, META_HUB_KEY).await?;
        if before != Some(hex(&hub_key.0)) {
            if before.is_some() {
                // Another hub knows nothing of what the former one had.
                operation::unplace(db, device).await?;
                for (chain, incarnation) in operation::chains(db).await? {
                    if chain != device {
                        relay::refill(db, chain, incarnation, 0).await?;
                    }
                }
            }
            files::nothing_at_hub(db).await?;
            operation::unsend_unplaced(db, device).await?;
            for (chain, incarnation) in operation::chains(db).await? {
                if chain == device {
                    operation::unsend(db, device, incarnation, 0).await?;
                }
            }
            shadow::nothing_confirmed(db, at).await?;
            rebuilt::clear(db).await?;
            rebuilt::clear_reference(db).await?;
            table::snapshot::clear(db).await?;
            for name in [body.stream.as_str(), ORGANISATION] {
                stream::set(db, name, &stream::Followed::default(), at).await?;
                stream::clear_waiting(db, name).await?;
            }
            // Not of a hub met again: it may have been put back meanwhile, which the next greeting shows.
            meta::set(db, META_HUB_EPOCH, &answer.epoch.to_string()).await?;
        }
        relay::certify(db, device, &own, &answer.certificate, at).await?;
        for (key, value) in [
            (META_HUB_URL, url.to_owned()),
            (META_HUB_KEY, hex(&hub_key.0)),
            (META_BRANCH_KEY, hex(&answer.branch_key.0)),
            (META_DEVICE_ROLE, body.role.map(Role::as_str).unwrap_or_default().to_owned()),
        ] {
            meta::set(db, key, &value).await?;
        }
        transaction.commit().await?;
        drop(writer);
        self.changed().notify_one();
        Ok(body.device_code)
    }

    /// The hub this desk belongs to.
    pub async fn hub(&self) -> Result<Option<Hub>, StoreError> {
        hub(&mut *self.reader().await?).await
    }

    /// The only role, beside the administrator's, that works at this desk, if its hub enrolled it for one.
    pub async fn device_role(&self) -> Result<Option<Role>, StoreError> {
        let role = meta::get(&mut *self.reader().await?, META_DEVICE_ROLE).await?;
        Ok(role.and_then(|role| Role::named(&role)))
    }

    /// Remembers that this desk compared itself with the hub as it is since its restoration.
    pub async fn set_epoch(&self, epoch: Uuid) -> Result<(), StoreError> {
        meta::set(&mut self.writer().await.db, META_HUB_EPOCH, &epoch.to_string()).await
    }

    /// Remembers how a round ended: the code of what stopped it, or none.
    pub async fn round_ended(&self, trouble: Option<&str>, at: &str) -> Result<(), StoreError> {
        let mut writer = self.writer().await;
        meta::set(&mut writer.db, META_TROUBLE, trouble.unwrap_or_default()).await?;
        if trouble.is_none() {
            meta::set(&mut writer.db, META_SYNCED_AT, at).await?;
        }
        Ok(())
    }

    /// Where sync stands.
    pub async fn sync_facts(&self) -> Result<SyncFacts, StoreError> {
        let name = self.stream().await;
        let mut reader = self.reader().await?;
        let db = &mut *reader;
        let mut followed = stream::get(db, &name).await?;
        if let Some((taken, chunks)) = table::snapshot::progress(db, &name).await? {
            // As far as a snapshot was taken, in numbers of operations: one measure for the screen.
            followed.cursor = followed.head.saturating_mul(taken) / chunks.max(1);
        }
        let mut waiting = 0;
        for name in [name.as_str(), ORGANISATION] {
            waiting += stream::waiting(db, name).await?.len();
        }
        Ok(SyncFacts {
            hub: hub(db).await?,
            unsent: operation::unsent(db).await?,
            oldest_unsent: operation::oldest_unsent(db).await?,
            relayed: relay::count(db).await?,
            cursor: followed.cursor,
            head: followed.head,
            rebuilding: followed.rebuilding,
            checkpoint: followed.checkpoint,
            waiting: u32::try_from(waiting).unwrap_or(u32::MAX),
            synced_at: meta::get(db, META_SYNCED_AT).await?,
            trouble: meta::get(db, META_TROUBLE).await?.filter(|code| !code.is_empty()),
        })
    }

    /// Signs a request to the hub; with it goes the device's id.
    pub async fn sign_request(
        &self,
        challenge: &[u8],
        method: &str,
        path: &str,
        body: &[u8],
    ) -> (Uuid, Vec<u8>) {
        let writer = self.writer().await;
        let device = writer.device.id;
        (device, wire::sign(&writer.device.key, &Asked { device, challenge, method, path, body }))
    }

    /// The next run of one chain to bring to the hub: what the hub once had in its order, then own work, then what
    /// was carried in. Bytes are those that were signed. Nothing of desks in `aside` is brought.
    pub async fn next_push(
        &self,
        bytes: usize,
        aside: &BTreeSet<Uuid>,
    ) -> Result<Option<PushRequest>, StoreError> {
        let device = self.device_id();
        let mut reader = self.reader().await?;
        let own = operation::outgoing(&mut reader, device, PUSH_LIMIT).await?;
        let relayed = relay::outgoing(&mut reader, aside, PUSH_LIMIT).await?;
        let Some(mut next) = next_push(device, own, relayed, bytes) else { return Ok(None) };
        if next.device != device {
            next.certificate = relay::certificate(&mut reader, next.device).await?;
        }
        Ok(Some(next))
    }

    /// Takes the hub's answer to a push.
    pub async fn acknowledged(
        &self,
        request: &PushRequest,
        answer: &PushAnswer,
        at: &str,
    ) -> Result<Acknowledged, StoreError> {
        let (device, incarnation, shown) = (request.device, request.incarnation, shown(request, answer));
        let mut writer = self.writer().await;
        let own = device == writer.device.id;
        let mut transaction = writer.db.begin_with("begin immediate").await?;
        let db = &mut *transaction;
        let mut result = Acknowledged::Taken;
        match answer.outcome {
            PushOutcome::Fork { .. } if own => {
                result = acknowledged(answer, incarnation, false, false);
            }
            // The hub keeps a stranger's forked operations for review; that desk signs its own again.
            PushOutcome::Fork { .. } => relay::done(db, device, incarnation, u64::MAX).await?,
            PushOutcome::Taken | PushOutcome::Gap if own => {
                operation::acknowledge(db, device, incarnation, shown).await?;
                let ahead = operation::ahead(db, device, incarnation, answer.expected).await?;
                let here = operation::has_link(db, device, incarnation, answer.expected).await?;
                result = acknowledged(answer, incarnation, ahead, here);
                for parked in &answer.parked {
                    relay::park(db, device, incarnation, parked.seq, reason(parked.reason), at).await?;
                }
            }
            PushOutcome::Taken | PushOutcome::Gap => {
                relay::done(db, device, incarnation, shown).await?;
                if answer.outcome == PushOutcome::Gap
                    && !relay::has_link(db, device, incarnation, answer.expected).await?
                {
                    // Others hold the missing part, and will bring all of it.
                    relay::done(db, device, incarnation, u64::MAX).await?;
                }
            }
        }
        transaction.commit().await?;
        Ok(result)
    }

    /// What is retained here and the hub lacks goes out again: own operations and other desks'. Returns how many.
    pub async fn refill(&self, heads: &HeadsAnswer) -> Result<u64, StoreError> {
        let heads: BTreeMap<(Uuid, u32), &DeviceHead> =
            heads.heads.iter().map(|head| ((head.device, head.incarnation), head)).collect();
        let mut writer = self.writer().await;
        let own = writer.device.id;
        let mut transaction = writer.db.begin_with("begin immediate").await?;
        let db = &mut *transaction;
        files::nothing_at_hub(db).await?;
        let mut missing = 0;
        for (device, incarnation) in operation::chains(db).await? {
            let after = match heads.get(&(device, incarnation)) {
                // What a double brought meanwhile stands under these numbers: all of it is shown to the hub, which finds
                // where the two part.
                Some(head) if operation::is_other(db, head).await? => 0,
                Some(head) => head.seq,
                None => 0,
            };
            missing += if device == own {
                operation::unsend(db, device, incarnation, after).await?
            } else {
                relay::refill(db, device, incarnation, after).await?
            };
        }
        transaction.commit().await?;
        Ok(missing)
    }

    /// The next question to the hub. `own` asks for the bytes of own operations too.
    pub async fn pull_request(&self, limit: u32, own: bool) -> Result<PullRequest, StoreError> {
        let name = self.stream().await;
        let mut reader = self.reader().await?;
        let mut cursors = BTreeMap::new();
        for name in [name.as_str(), ORGANISATION] {
            cursors.insert(name.to_owned(), stream::get(&mut reader, name).await?.cursor);
        }
        Ok(PullRequest { schema: WIRE_SCHEMA, cursors, limit, own })
    }

    /// The sum over all confirmed records, worked out from the records themselves. Reference records count under
    /// their stream's name.
    pub async fn state_digest(&self) -> Result<StateDigest, StoreError> {
        let mut digest = StateDigest::default();
        let mut reader = self.reader().await?;
        let mut after = (String::new(), Uuid::nil());
        loop {
            let page = shadow::confirmed_page(&mut reader, &after, 1000).await?;
            let Some((last, _)) = page.last() else { break };
            after = last.clone();
            for ((kind, id), record) in &page {
                if let Some(record) = record.as_ref().filter(|record| !record.fields.is_empty()) {
                    digest.add(kind, *id, record)?;
                }
            }
        }
        for ((kind, id), record) in rebuilt::references(&mut reader, "").await? {
            digest.add(&format!("{ORGANISATION}/{kind}"), id, &record)?;
        }
        Ok(digest)
    }

    /// Records of the organisation's stream.
    pub async fn references(&self, kind: &str) -> Result<Vec<(Uuid, Record)>, StoreError> {
        let found = rebuilt::references(&mut *self.reader().await?, kind).await?;
        Ok(found.into_iter().map(|((_, id), record)| (id, record)).collect())
    }

    /// Own operations that the hub keeps for review.
    pub async fn parked(&self) -> Result<Vec<ParkedOperation>, StoreError> {
        let found = relay::parked(&mut *self.reader().await?).await?;
        Ok(found
            .into_iter()
            .map(|(id, command, reason, at)| ParkedOperation { id, command, reason, at })
            .collect())
    }

    /// What did not fit, the newest first.
    pub async fn incidents(&self) -> Result<Vec<Incident>, StoreError> {
        let found = stream::incidents(&mut *self.reader().await?).await?;
        Ok(found.into_iter().map(|(kind, detail, at)| Incident { kind, detail, at }).collect())
    }

    /// Remembers that something did not fit.
    pub async fn incident(&self, kind: &str, detail: &str, at: &str) -> Result<(), StoreError> {
        tracing::warn!(kind, detail, "sync incident");
        stream::incident(&mut self.writer().await.db, kind, detail, at).await
    }

    /// Frees the outbox file of what the hub has durably, after the database's own log reached the database.
    pub async fn free_outbox(&self) -> Result<(), StoreError> {
        let mut writer = self.writer().await;
        let device = writer.device.id;
        // run-time query: a pragma
        let checkpoint: (i64, i64, i64) =
            sqlx::query_as("pragma wal_checkpoint(truncate)").fetch_one(&mut writer.db).await?;
        if checkpoint.0 != 0 {
            // A reader holds the log; the next round frees.
            return Ok(());
        }
        let kept = operation::pending(&mut writer.db, device, true).await?;
        writer.keep(&kept).await
    }
}

fn reason(reason: ParkReason) -> &'static str {
    match reason {
        ParkReason::Malformed => "malformed",
        ParkReason::Newer => "newer",
        ParkReason::Unsigned => "unsigned",
        ParkReason::Link => "link",
        ParkReason::Scope => "scope",
        ParkReason::Role => "role",
        ParkReason::Revoked => "revoked",
        ParkReason::Fork => "fork",
    }
}

async fn hub(db: &mut SqliteConnection) -> Result<Option<Hub>, StoreError> {
    let (Some(url), Some(key), Some(epoch)) = (
        meta::get(db, META_HUB_URL).await?,
        meta::get(db, META_HUB_KEY).await?,
        meta::get(db, META_HUB_EPOCH).await?,
    ) else {
        return Ok(None);
    };
    let key = ByteString(unhex(&key).ok_or(StoreError::Encoding)?);
    let epoch = Uuid::parse_str(&epoch).map_err(|_| StoreError::Encoding)?;
    Ok(Some(Hub { url, key, epoch }))
}

async fn branch_key(db: &mut SqliteConnection) -> Result<Option<Zeroizing<[u8; 32]>>, StoreError> {
    let key = meta::get(db, META_BRANCH_KEY).await?.map(Zeroizing::new);
    let key = key.and_then(|key| unhex(&key)).and_then(|bytes| bytes.try_into().ok());
    Ok(key.map(Zeroizing::new))
}

/// The records of keys as the hub's order has them.
pub(crate) async fn confirmed(
    db: &mut SqliteConnection,
    keys: &[(String, Uuid)],
) -> Result<domain::record::Records, StoreError> {
    let mut records = record::load(db, keys).await?;
    for (key, shadow) in shadow::load(db, keys).await? {
        match shadow {
            Some(shadow) => drop(records.insert(key, shadow)),
            None => drop(records.remove(&key)),
        }
    }
    Ok(records)
}
