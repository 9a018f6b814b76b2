//! A desk as the world sees it: the real store in a folder, with what a machine can do to it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use anyhow::Context as _;
use chrono::{DateTime, FixedOffset};
use domain::digest::Digest;
use domain::record::{KINDS, Records};
use domain::role::Role;
use domain::settle::StateDigest;
use store::{Acknowledged, Applied, Folder, NewOperation, RootKey, Store, SyncFacts, Took, Unlock};
use tempfile::TempDir;
use uuid::Uuid;
use wire::{
    Certificate, EnrolAnswer, EnrolRequest, HeadsAnswer, Page, PullRequest, PushAnswer, PushRequest, Snapshot,
};

use crate::hub::BRANCH;

/// A push holds so many bytes: runs are cut into several.
const PUSH_BYTES: usize = 6_000;

/// A profile made once; every seed begins with copies of it.
struct Origin {
    folder: TempDir,
    key: RootKey,
}

/// What a kill leaves behind, beside the process that is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Crash {
    /// All that was written is there.
    Kill,
    /// The database lost what it committed since the mark (a flipped bit in its log); the outbox has it.
    DatabaseBack,
    /// The last frame of the outbox was not finished.
    OutboxTorn,
}

/// The files of a database at one moment.
struct Files {
    database: Vec<u8>,
    log: Vec<u8>,
}

/// A desk that runs.
pub(crate) struct Desk {
    store: Store,
    folder: PathBuf,
    key: RootKey,
    /// The database at the mark; none once the outbox was freed since.
    mark: Option<Files>,
}

impl Desk {
    /// The desk of this number, as it was after its first set-up.
    pub(crate) async fn new(root: &Path, number: usize) -> anyhow::Result<Self> {
        static ORIGINS: OnceLock<Vec<Origin>> = OnceLock::new();
        let origins = match ORIGINS.get() {
            Some(origins) => origins,
            None => {
                let mut made = Vec::new();
                for number in 0..crate::DESKS {
                    made.push(origin(number).await?);
                }
                ORIGINS.get_or_init(|| made)
            }
        };
        let origin = origins.get(number).context("a desk of that number")?;
        let folder = root.join(format!("desk-{number}"));
        copy(origin.folder.path(), &folder)?;
        Self::open(folder, origin.key.clone()).await
    }

    async fn open(folder: PathBuf, key: RootKey) -> anyhow::Result<Self> {
        let opened = Store::open(Folder::new(&folder), Unlock::Key(key.clone())).await?;
        Ok(Desk { store: opened.store, folder, key, mark: None })
    }

    /// A second desk from what lies in this one's folder.
    pub(crate) async fn twin(&self, root: &Path, number: usize) -> anyhow::Result<Self> {
        let folder = root.join(format!("desk-{number}"));
        std::fs::create_dir_all(&folder)?;
        let files = self.files()?;
        let outbox = std::fs::read(self.folder.join("outbox.log"))?;
        for name in ["profile.json", "recovery.slot"] {
            std::fs::copy(self.folder.join(name), folder.join(name))?;
        }
        files.write(&folder)?;
        std::fs::write(folder.join("outbox.log"), outbox)?;
        Self::open(folder, self.key.clone()).await
    }

    /// A copy of the database alone, as a backup keeps it.
    pub(crate) fn backup(&self, root: &Path, number: usize) -> anyhow::Result<PathBuf> {
        let folder = root.join(format!("backup-{number}"));
        std::fs::create_dir_all(&folder)?;
        for name in ["profile.json", "recovery.slot"] {
            std::fs::copy(self.folder.join(name), folder.join(name))?;
        }
        self.files()?.write(&folder)?;
        Ok(folder)
    }

    /// The disk is lost; a new one has the backup.
    pub(crate) async fn restore(self, backup: &Path) -> anyhow::Result<Self> {
        let (folder, key) = (self.folder.clone(), self.key.clone());
        self.store.close().await;
        std::fs::remove_dir_all(&folder)?;
        copy(backup, &folder)?;
        Self::open(folder, key).await
    }

    /// Remembers the database as it is.
    pub(crate) fn set_mark(&mut self) -> anyhow::Result<()> {
        self.mark = Some(self.files()?);
        Ok(())
    }

    /// The process dies and is started again.
    pub(crate) async fn crash(mut self, how: Crash) -> anyhow::Result<Self> {
        let now = self.files()?;
        let outbox = std::fs::read(self.folder.join("outbox.log"))?;
        let (folder, key) = (self.folder.clone(), self.key.clone());
        let files = match (how, self.mark.take()) {
            (Crash::DatabaseBack, Some(mark)) => mark,
            _ => now,
        };
        self.store.close().await;
        files.write(&folder)?;
        let mut outbox = outbox;
        if how == Crash::OutboxTorn {
            outbox.extend([7, 0, 0, 0, 1, 2, 3]);
        }
        std::fs::write(folder.join("outbox.log"), outbox)?;
        Self::open(folder, key).await
    }

    /// The log first: what a checkpoint brings into the database meanwhile is then in both.
    fn files(&self) -> anyhow::Result<Files> {
        let log = std::fs::read(self.folder.join("desk.db-wal")).unwrap_or_default();
        Ok(Files { log, database: std::fs::read(self.folder.join("desk.db"))? })
    }

    pub(crate) fn device(&self) -> Uuid {
        self.store.device_id()
    }

    pub(crate) async fn enrol_request(&self) -> anyhow::Result<EnrolRequest> {
        Ok(self.store.enrol_request("code").await?)
    }

    pub(crate) async fn enrolled(
        &self,
        hub_key: &domain::digest::ByteString,
        answer: &EnrolAnswer,
        at: &str,
    ) -> anyhow::Result<()> {
        self.store.enrolled("http://hub", hub_key, answer, at).await?;
        Ok(())
    }

    pub(crate) async fn epoch(&self) -> anyhow::Result<Uuid> {
        Ok(self.store.hub().await?.context("an enrolled desk")?.epoch)
    }

    pub(crate) async fn set_epoch(&self, epoch: Uuid) -> anyhow::Result<()> {
        Ok(self.store.set_epoch(epoch).await?)
    }

    /// The ids of the operations that were made.
    pub(crate) async fn commit(&self, commands: Vec<NewOperation>) -> anyhow::Result<Vec<Uuid>> {
        Ok(self.store.commit_all(commands).await?.into_iter().map(|made| made.id).collect())
    }

    /// Registers a claim under the next number of this desk.
    pub(crate) async fn register(&self, claim: Uuid, mut command: NewOperation) -> anyhow::Result<String> {
        let no = self
            .store
            .commit_numbered("counter.claim", |code, number| {
                let no = format!("{code}-{number:06}");
                command.set("claim", claim, "no", no.clone());
                Ok((command, no))
            })
            .await?;
        Ok(no)
    }

    pub(crate) async fn next_push(&self) -> anyhow::Result<Option<PushRequest>> {
        Ok(self.store.next_push(PUSH_BYTES, &BTreeSet::new()).await?)
    }

    pub(crate) async fn acknowledged(
        &self,
        request: &PushRequest,
        answer: &PushAnswer,
        at: &str,
    ) -> anyhow::Result<Acknowledged> {
        Ok(self.store.acknowledged(request, answer, at).await?)
    }

    pub(crate) async fn free_outbox(&mut self) -> anyhow::Result<()> {
        self.mark = None;
        Ok(self.store.free_outbox().await?)
    }

    /// What is unsent, as a file.
    pub(crate) async fn carried(&self) -> anyhow::Result<Vec<u8>> {
        let mut file = Vec::new();
        self.store.export_unsent(&mut file).await?;
        Ok(file)
    }

    pub(crate) async fn take_carried(&self, file: &[u8]) -> anyhow::Result<usize> {
        Ok(self.store.import_carried(&mut &*file).await?)
    }

    pub(crate) async fn refill(&self, heads: &HeadsAnswer) -> anyhow::Result<u64> {
        Ok(self.store.refill(heads).await?)
    }

    pub(crate) async fn pull_request(&self, limit: u32, own: bool) -> anyhow::Result<PullRequest> {
        Ok(self.store.pull_request(limit, own).await?)
    }

    pub(crate) async fn apply_page(
        &self,
        page: &Page,
        certificates: &[Certificate],
        at: &str,
    ) -> anyhow::Result<Applied> {
        Ok(self.store.apply_page(page, certificates, at).await?)
    }

    pub(crate) async fn wants_snapshot(&self) -> anyhow::Result<bool> {
        Ok(self.store.wants_snapshot().await?)
    }

    /// The chunk that comes next of a snapshot under way.
    pub(crate) async fn snapshot_chunk(&self) -> anyhow::Result<Option<Digest>> {
        let under_way = self.store.snapshot_under_way().await?;
        under_way.map(|(snapshot, next)| snapshot.chunks.get(next).copied().context("a chunk")).transpose()
    }

    pub(crate) async fn begin_snapshot(&self, snapshot: &Snapshot, at: &str) -> anyhow::Result<bool> {
        Ok(self.store.begin_snapshot(snapshot, at).await?)
    }

    pub(crate) async fn take_snapshot_chunk(&self, sealed: Option<&[u8]>, at: &str) -> anyhow::Result<Took> {
        Ok(self.store.take_snapshot_chunk(sealed, at).await?)
    }

    pub(crate) async fn new_incarnation(
        &self,
        at_least: Option<u32>,
        code: &str,
        at: DateTime<FixedOffset>,
    ) -> anyhow::Result<u32> {
        Ok(self.store.new_incarnation(at_least, code, at).await?)
    }

    pub(crate) async fn restart(&self, at: &str) -> anyhow::Result<()> {
        Ok(self.store.restart_stream(at).await?)
    }

    pub(crate) async fn facts(&self) -> anyhow::Result<SyncFacts> {
        Ok(self.store.sync_facts().await?)
    }

    pub(crate) async fn digest(&self) -> anyhow::Result<StateDigest> {
        Ok(self.store.state_digest().await?)
    }

    /// The records of some kind as the desk shows them.
    pub(crate) async fn shown_of(&self, kind: &str) -> anyhow::Result<Records> {
        let records = self.store.records(kind).await?;
        Ok(records.into_iter().map(|(id, record)| ((kind.to_owned(), id), record)).collect())
    }

    /// All records as the desk shows them.
    pub(crate) async fn shown(&self) -> anyhow::Result<Records> {
        let mut shown = Records::new();
        for kind in KINDS {
            shown.extend(self.shown_of(kind.name).await?);
        }
        Ok(shown)
    }

    /// What the log, the chain and the records say of themselves.
    pub(crate) async fn verify(&self) -> anyhow::Result<()> {
        let verification = self.store.verify().await?;
        anyhow::ensure!(verification.faults.is_empty(), "{:?}", verification.faults);
        Ok(())
    }

    pub(crate) async fn close(self) {
        self.store.close().await;
    }
}

impl Files {
    fn write(&self, folder: &Path) -> anyhow::Result<()> {
        std::fs::write(folder.join("desk.db"), &self.database)?;
        for name in ["desk.db-wal", "desk.db-shm"] {
            let path = folder.join(name);
            if path.exists() {
                std::fs::remove_file(path)?;
            }
        }
        if !self.log.is_empty() {
            std::fs::write(folder.join("desk.db-wal"), &self.log)?;
        }
        Ok(())
    }
}

async fn origin(number: usize) -> anyhow::Result<Origin> {
    let folder = crate::folder()?;
    let created = store::Store::create(Folder::new(folder.path()), BRANCH, false).await?;
    let (store, key) = (created.store, created.key);
    let at = DateTime::from_timestamp_millis(crate::BEGINNING).context("a moment")?.fixed_offset();
    let mut first = NewOperation::new(Uuid::now_v7(), Role::Administrator, "profile.create", at);
    let device = store.device_id();
    first.set("device", device, "public_key", store.device_identity().await.0);
    first.set("device", device, "incarnation", 1);
    first.set("device", device, "code", format!("D{number:03}"));
    store.commit(first).await?;
    store.finish_creation()?;
    store.close().await;
    Ok(Origin { folder, key })
}

fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)?.flatten() {
        if entry.file_type()?.is_file() {
            std::fs::copy(entry.path(), to.join(entry.file_name()))?;
        }
    }
    Ok(())
}
