//! Sync as people meet it: joining a hub, a round of exchange, what waits, and work carried by hand.
//!
//! What comes next is decided by the engine of crate `sync`; `sync/round.rs` does it with the store on one side and the hub on the other.

pub mod conflicts;
mod devices;
mod files;
mod overridden;
mod round;
mod words;

use std::path::Path;
use std::time::Duration;

use domain::role::Right;
use domain::{Code, Refusal, Text};
use serde::Serialize;
use specta::Type;
use store::LocalFact;
use sync::{Client, ClientError, Engine, Event, Prepared, Signed, Trouble};
use wire::Hello;

use crate::desk::{Actor, Desk};
use crate::error::{DeskError, Notice};
use crate::home::SyncState;
use crate::unsent::what;

pub use devices::DeviceRow;
pub use overridden::Overridden;
pub(crate) use overridden::overridden;

/// The next try after this desk's own database refused.
const AFTER_LOCAL_FAILURE: Duration = Duration::from_secs(30);

/// A hub's clock may be so far away before someone is told, in seconds. Work goes on either way.
const CLOCK_SUSPECT_SECONDS: i64 = 300;

/// Where sync stands.
#[derive(Debug, Clone, Serialize, Type)]
pub struct SyncReport {
    /// The hub's address; none before the desk joined one.
    pub hub: Option<String>,
    /// This desk's code in case numbers, as the hub confirmed it.
    pub device_code: String,
    /// Operations no hub has acknowledged.
    pub unsent: u32,
    /// When the oldest of them was made.
    pub oldest_unsent: Option<String>,
    /// Other desks' operations, carried here by hand and still to be brought.
    pub carried: u32,
    /// How far the branch's stream was applied, and how far the hub was when it was last seen. Numbers of operations.
    pub applied: u32,
    /// See `applied`.
    pub head: u32,
    /// The stream is being built anew, beside the records in use.
    pub rebuilding: bool,
    /// Operations of a newer version that wait for an upgrade of this desk.
    pub waiting_newer: u32,
    /// The hub's last signed word about the stream's log, as a note (C2SP tlog-checkpoint): how many operations, and
    /// their root.
    pub checkpoint: Option<String>,
    /// Files still to be sent, and still to come.
    pub files_to_send: u32,
    /// See `files_to_send`.
    pub files_to_fetch: u32,
    /// When the last round ended well.
    pub synced_at: Option<String>,
    /// What stopped the last round.
    pub trouble: Option<Notice>,
    /// Own operations that the hub keeps for review.
    pub parked: Vec<ParkedRow>,
    /// What did not fit, the newest first: `fork`, `digest`, `rollback`, `copied`, `rebuilt`, `log`, `snapshot`.
    pub incidents: Vec<IncidentRow>,
    /// Conflicts that wait for a decision.
    pub conflicts: u32,
    /// The hub's clock less this desk's when they last met, in seconds.
    pub clock_offset_seconds: Option<i32>,
    /// Whether that is more than five minutes.
    pub clock_suspect: bool,
}

/// An operation the hub keeps for review.
#[derive(Debug, Clone, Serialize, Type)]
pub struct ParkedRow {
    /// The operation.
    pub id: String,
    /// Its command.
    pub command: String,
    /// What that is called.
    pub what: Text,
    /// Why: `newer`, `scope`, `role`, `revoked`, `link`, `unsigned`, `malformed`, `fork`.
    pub reason: String,
    /// When this desk heard of it.
    pub at: String,
}

/// Something that did not fit.
#[derive(Debug, Clone, Serialize, Type)]
pub struct IncidentRow {
    /// What.
    pub kind: String,
    /// More, without personal data.
    pub detail: String,
    /// When.
    pub at: String,
}

/// Unsent work as a file for another desk of the branch.
pub struct CarriedFile {
    /// Sealed; only desks of the branch open it.
    pub bytes: Vec<u8>,
    /// How many operations it holds.
    pub operations: u32,
}

impl Desk {
    /// Joins a hub with the one-time code of its administrator, and takes the device code it confirms.
    ///
    /// # Errors
    /// Without the right; [`Code::SyncUrlWrong`]; [`Code::SyncOffline`]; what the hub refuses, such as
    /// [`Code::SyncEnrolCode`]. Nothing has changed then.
    pub async fn sync_enrol(&self, actor: &Actor, url: &str, code: &str) -> Result<SyncReport, DeskError> {
        actor.need(Right::Settings)?;
        let client = Client::new(url.trim()).map_err(refusal)?;
        let hello = client.hello().await.map_err(refusal)?;
        let request = self.store.enrol_request(code.trim()).await?;
        let prepared = Prepared::enrol(&request).map_err(refusal)?;
        let signed = self.signed(&hello, &prepared).await;
        let answer = client.enrol(prepared, &signed).await.map_err(refusal)?;
        let at = self.now().to_rfc3339();
        let confirmed = self.store.enrolled(url.trim(), &hello.hub_key, &answer, &at).await?;
        if confirmed != self.store.device_code().await? {
            self.store.set_device_code(self.operation(actor, "device.code"), &confirmed).await?;
        }
        // Another hub's publications are no longer here.
        self.reload_reference().await?;
        self.sync_report().await
    }

    /// One whole round with the hub: what is unsent goes, what others did comes, files follow.
    ///
    /// # Errors
    /// [`Code::SyncNotEnrolled`], and what stopped the round. Whatever was exchanged until then is kept.
    pub async fn sync_now(&self) -> Result<SyncReport, DeskError> {
        let mut engine = Engine::new(self.store.device_id());
        let (trouble, _) = self.sync_round(&mut engine, Event::Woken).await?;
        match trouble {
            Some(trouble) => Err(told(&trouble).into()),
            None => self.sync_report().await,
        }
    }

    /// Where sync stands.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn sync_report(&self) -> Result<SyncReport, DeskError> {
        let facts = self.store.sync_facts().await?;
        let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let position = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        let enrolled = facts.hub.is_some();
        let parked = self.store.parked().await?.into_iter();
        let incidents = self.store.incidents().await?.into_iter();
        let offset = self.store.recall(LocalFact::HubClockOffset).await?.and_then(|text| text.parse().ok());
        Ok(SyncReport {
            hub: facts.hub.map(|hub| hub.url),
            device_code: self.store.device_code().await?,
            unsent: facts.unsent,
            oldest_unsent: facts.oldest_unsent,
            carried: facts.relayed,
            applied: position(facts.cursor),
            head: position(facts.head),
            rebuilding: facts.rebuilding,
            waiting_newer: facts.waiting,
            checkpoint: facts.checkpoint,
            files_to_send: if enrolled { number(self.store.files_to_send().await?.len()) } else { 0 },
            files_to_fetch: number(self.store.files_to_fetch().await?.len()),
            synced_at: facts.synced_at,
            trouble: facts.trouble.map(|trouble| Notice::from(stored(&trouble))),
            parked: parked
                .map(|row| ParkedRow {
                    id: row.id.to_string(),
                    what: what(&row.command),
                    command: row.command,
                    reason: row.reason,
                    at: row.at,
                })
                .collect(),
            incidents: incidents
                .map(|row| IncidentRow { kind: row.kind, detail: row.detail, at: row.at })
                .collect(),
            conflicts: number(self.open_conflicts().await?),
            clock_offset_seconds: offset,
            clock_suspect: offset.is_some_and(|offset| i64::from(offset).abs() > CLOCK_SUSPECT_SECONDS),
        })
    }

    /// Exchanges with the hub for as long as the desk is open: after each commit, when the engine's timer runs out, and
    /// from the moment the desk joins a hub. The timer is armed again whatever happens. Never returns.
    pub async fn keep_in_sync(&self) {
        let changed = self.store.changed();
        let mut engine = Engine::new(self.store.device_id());
        let mut event = Event::Timer;
        loop {
            let pause = match self.sync_round(&mut engine, event).await {
                Ok((_, pause)) => Some(pause),
                // Joining a hub wakes this like a commit.
                Err(error) if error.code == Code::SyncNotEnrolled => None,
                Err(error) => {
                    tracing::warn!(code = error.code.as_str(), "a round of sync could not be kept");
                    Some(AFTER_LOCAL_FAILURE)
                }
            };
            event = match pause {
                None => {
                    changed.notified().await;
                    Event::Woken
                }
                Some(pause) => match tokio::time::timeout(pause, changed.notified()).await {
                    Ok(()) => Event::Woken,
                    Err(_) => Event::Timer,
                },
            };
        }
    }

    /// Unsent work as a file that another desk of the branch brings to the hub.
    ///
    /// # Errors
    /// Without the right, or [`Code::SyncNotEnrolled`].
    pub async fn sync_export(&self, actor: &Actor) -> Result<CarriedFile, DeskError> {
        actor.need(Right::ClaimHandle)?;
        let mut bytes = Vec::new();
        let operations = self.store.export_unsent(&mut bytes).await?;
        Ok(CarriedFile { bytes, operations: u32::try_from(operations).unwrap_or(u32::MAX) })
    }

    /// Takes such a file to bring it to the hub in the next round. Returns how many operations it holds.
    ///
    /// # Errors
    /// Without the right, [`Code::SyncNotEnrolled`], [`Code::SyncFileWrong`].
    pub async fn sync_import(&self, actor: &Actor, bytes: &[u8]) -> Result<u32, DeskError> {
        actor.need(Right::ClaimHandle)?;
        Ok(u32::try_from(self.store.import_carried(&mut &*bytes).await?).unwrap_or(u32::MAX))
    }

    /// As [`Desk::sync_export`], into a file of any size. Returns how many operations it holds.
    ///
    /// # Errors
    /// As [`Desk::sync_export`], and what the disk refuses; what was there before stays then.
    pub async fn sync_export_to(&self, actor: &Actor, path: &Path) -> Result<u32, DeskError> {
        actor.need(Right::ClaimHandle)?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let mut part = tempfile::NamedTempFile::new_in(folder.unwrap_or_else(|| Path::new(".")))?;
        let operations = self.store.export_unsent(&mut part).await?;
        part.as_file().sync_all()?;
        part.persist(path).map_err(|error| error.error)?;
        Ok(u32::try_from(operations).unwrap_or(u32::MAX))
    }

    /// As [`Desk::sync_import`], from a file of any size.
    ///
    /// # Errors
    /// As [`Desk::sync_import`], and [`Code::ClaimInputUnreadable`].
    pub async fn sync_import_from(&self, actor: &Actor, path: &Path) -> Result<u32, DeskError> {
        actor.need(Right::ClaimHandle)?;
        let unreadable =
            |error: std::io::Error| Refusal::new(Code::ClaimInputUnreadable).with("reason", error.kind());
        let mut file = std::io::BufReader::new(std::fs::File::open(path).map_err(unreadable)?);
        if file.get_ref().metadata().map_err(unreadable)?.is_dir() {
            return Err(unreadable(std::io::ErrorKind::IsADirectory.into()).into());
        }
        Ok(u32::try_from(self.store.import_carried(&mut file).await?).unwrap_or(u32::MAX))
    }

    /// The sum over all confirmed records, hexadecimal: equal on two desks exactly when their confirmed records are.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn state_digest(&self) -> Result<String, DeskError> {
        Ok(self.store.state_digest().await?.0.hex())
    }

    /// Signs a request over what the hub gave out.
    async fn signed(&self, hello: &Hello, prepared: &Prepared) -> Signed {
        let challenge = hello.challenge.clone();
        let (device, signature) =
            self.store.sign_request(&challenge.0, prepared.method, &prepared.path, &prepared.body).await;
        Signed { challenge, device, signature }
    }
}

/// What the status line says of sync, and why.
pub(crate) fn in_a_word(facts: &store::SyncFacts) -> (SyncState, Option<Notice>) {
    match facts.trouble.as_deref().map(stored) {
        _ if facts.hub.is_none() => (SyncState::Offline, None),
        Some(trouble) if trouble.code == Code::SyncOffline => (SyncState::Offline, Some(trouble.into())),
        Some(trouble) => (SyncState::Failed, Some(trouble.into())),
        None if facts.synced_at.is_some() && facts.unsent == 0 => (SyncState::Synced, None),
        None => (SyncState::Syncing, None),
    }
}

/// What stopped a round, as it is kept: a code, and after a blank what fills its sentence.
fn kept(trouble: &Trouble) -> String {
    let (code, reason) = match trouble {
        Trouble::Offline(reason) => (Code::SyncOffline.as_str(), reason.as_str()),
        Trouble::HubChanged => (Code::SyncHubChanged.as_str(), ""),
        Trouble::Refused(code) | Trouble::Local(code) => (code.as_str(), ""),
        Trouble::Answer(reason) => (Code::SyncHubAnswer.as_str(), reason.as_str()),
        Trouble::Diverged => (Code::SyncDiverged.as_str(), ""),
        Trouble::Rewritten => (Code::SyncLogRewritten.as_str(), ""),
    };
    format!("{code} {reason}").trim_end().to_owned()
}

/// Reads what [`kept`] wrote. A code of a newer hub is told as a refusal with that code.
fn stored(text: &str) -> Refusal {
    let (code, reason) = text.split_once(' ').unwrap_or((text, ""));
    match serde_json::from_value::<Code>(code.into()) {
        Ok(code) => Refusal::new(code).with("reason", reason),
        Err(_) => Refusal::new(Code::SyncHubRefused).with("reason", code),
    }
}

fn told(trouble: &Trouble) -> Refusal {
    stored(&kept(trouble))
}

/// Why there was no answer, as the engine takes it.
fn trouble(error: ClientError) -> Trouble {
    match error {
        ClientError::Offline(reason) => Trouble::Offline(reason),
        ClientError::Refused(code) => Trouble::Refused(code),
        ClientError::Answer(reason) => Trouble::Answer(reason),
        ClientError::Url => Trouble::Local(Code::SyncUrlWrong.as_str().to_owned()),
    }
}

fn refusal(error: ClientError) -> Refusal {
    told(&trouble(error))
}
