//! Opening a profile: keys, lock, database, outbox, and what was repaired on the way.

use std::sync::Arc;

use domain::digest::{Digest, hex, unhex};
use domain::operation::Operation;
use domain::{Code, Refusal};
use ed25519_dalek::SigningKey;
use sqlx::pool::PoolConnection;
use sqlx::{Sqlite, SqlitePool};
use tokio::sync::{Mutex, MutexGuard, Notify};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::blob_file;
use crate::checkpoint::Checkpointer;
use crate::db::{open_readers, open_writer};
use crate::error::StoreError;
use crate::folder::{Card, Folder, FolderState, Lock};
use crate::keys::{RecoveryCode, RootKey, Slot, keyring_load, keyring_store};
use crate::outbox::Outbox;
use crate::sync::Moving;
use crate::table::operation::OperationState;
use crate::table::{meta, operation};
use crate::write::{Device, NewOperation, Writer};

/// Which key slot opens the profile.
pub enum Unlock {
    /// The operating system's keyring.
    Keyring,
    /// The recovery code; the keyring is repaired if there is one.
    Recovery(RecoveryCode),
    /// The key itself: tests open profiles by the thousand, and a slot takes as long as a guess must.
    #[cfg(feature = "tamper")]
    Key(crate::keys::RootKey),
}

/// An open profile. Dropping it frees the profile's lock.
pub struct Store {
    folder: Folder,
    profile: Uuid,
    device_id: Uuid,
    writer: Arc<Mutex<Writer>>,
    checkpointer: Checkpointer,
    readers: SqlitePool,
    /// Whether the profile lies elsewhere than when it was last used.
    pub(crate) moved: bool,
    /// Woken by every commit.
    changed: Arc<Notify>,
    /// One file at a time is sealed: two of the same content would write the same part.
    pub(crate) sealing: Mutex<()>,
    pub(crate) moving: std::sync::Mutex<Moving>,
    /// The connections were closed and waited for.
    closed: bool,
    /// The profile's, held until the last connection is closed.
    lock: Arc<Lock>,
}

/// A store that nobody closed keeps its connections until the process ends. Dropped, they would be closed by threads of
/// their own, and SQLCipher takes its memory away from them when the process ends meanwhile: the process would die of a
/// segmentation fault after its work was done.
impl Drop for Store {
    fn drop(&mut self) {
        if !self.closed {
            std::mem::forget((Arc::clone(&self.writer), self.readers.clone()));
        }
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Store").field("profile", &self.profile).finish_non_exhaustive()
    }
}

/// A store just opened, with what should be told to someone.
#[derive(Debug)]
pub struct Opened {
    /// The store.
    pub store: Store,
    /// Repairs made, slots that could not be written.
    pub warnings: Vec<Refusal>,
}

/// A store just created.
pub struct Created {
    /// The store; [`Store::finish_creation`] makes it last.
    pub store: Store,
    /// The code to be printed once.
    pub recovery: RecoveryCode,
    /// A keyring that is not available.
    pub warnings: Vec<Refusal>,
    /// The database key, for [`Unlock::Key`].
    #[cfg(feature = "tamper")]
    pub key: crate::keys::RootKey,
}

/// What blocks (the keyring on D-Bus, a large file on the disk) must not do so on a thread of the runtime.
pub(crate) async fn on_thread<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, StoreError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| std::io::Error::other(error).into())
}

const META_PROFILE: &str = "profile";
const META_DEVICE: &str = "device";
const META_DEVICE_KEY: &str = "device_key";
pub(crate) const META_INCARNATION: &str = "incarnation";
pub(crate) const META_STREAM: &str = "stream";
pub(crate) const META_DEVICE_CODE: &str = "device_code";
const META_SLOT: &str = "recovery_slot";
const META_SLOT_HASH: &str = "recovery_slot_sha256";

impl Store {
    /// Makes a new profile for a branch: keys, slots, an empty encrypted database.
    ///
    /// The caller commits the first operation and then calls [`Store::finish_creation`]; until then the folder
    /// counts as empty.
    ///
    /// # Errors
    /// [`Code::StorageProfileExists`], [`Code::StorageProfileBusy`], and what the disk refuses.
    pub async fn create(folder: Folder, branch: &str, use_keyring: bool) -> Result<Created, StoreError> {
        let lock = folder.lock()?;
        folder.clear_unfinished()?;
        let profile = Uuid::now_v7();
        let key = RootKey::new()?;
        let recovery = RecoveryCode::new()?;
        let slot = {
            let (key, recovery) = (key.clone(), recovery.clone());
            on_thread(move || Slot::seal(&key, &recovery, profile)).await??
        };
        let slot = serde_json::to_vec_pretty(&slot)?;
        folder.write_card(&Card { profile, complete: false })?;
        folder.write_slot(&slot)?;

        let mut db = open_writer(&folder.database(), &key, true).await?;
        let device_key: Zeroizing<[u8; 32]> = Zeroizing::new(crate::seal::random()?);
        let device = Uuid::now_v7();
        for (name, value) in [
            (META_PROFILE, profile.to_string()),
            (META_DEVICE, device.to_string()),
            (META_DEVICE_KEY, hex(device_key.as_slice())),
            (META_INCARNATION, "1".to_owned()),
            (META_STREAM, branch.to_owned()),
            (META_SLOT, String::from_utf8_lossy(&slot).into_owned()),
            (META_SLOT_HASH, Digest::of(&slot).hex()),
        ] {
            meta::set(&mut db, name, &value).await?;
        }

        let mut warnings = Vec::new();
        if use_keyring {
            let key = key.clone();
            if let Err(refusal) = on_thread(move || keyring_store(profile, &key)).await? {
                warnings.push(refusal);
            }
        }
        let opened = Self::assemble(folder, lock, profile, &key, db).await?;
        warnings.extend(opened.warnings);
        Ok(Created {
            store: opened.store,
            recovery,
            warnings,
            #[cfg(feature = "tamper")]
            key,
        })
    }

    /// Marks a new profile as one that holds something.
    ///
    /// # Errors
    /// What the disk refuses.
    pub fn finish_creation(&self) -> Result<(), StoreError> {
        self.folder.write_card(&Card { profile: self.profile, complete: true })
    }

    /// Opens a profile, replays what the database lost, and repairs a key slot through the other.
    ///
    /// # Errors
    /// [`Code::StorageProfileAbsent`], [`Code::StorageProfileBusy`], [`Code::StorageNoKey`],
    /// [`Code::StorageRecoveryCodeWrong`], [`Code::StorageDatabaseDamaged`], [`Code::StorageDatabaseNewer`],
    /// [`Code::StorageNotEncrypted`]. Nothing is deleted or overwritten by a failed opening.
    pub async fn open(folder: Folder, unlock: Unlock) -> Result<Opened, StoreError> {
        if folder.state()? == FolderState::Absent {
            return Err(Refusal::new(Code::StorageProfileAbsent).into());
        }
        let lock = folder.lock()?;
        let profile = folder.read_card()?.profile;
        // SQLite would take a missing or empty file for a new database and quietly start over.
        let size = std::fs::metadata(folder.database()).map(|file| file.len()).unwrap_or_default();
        if size == 0 {
            return Err(Refusal::new(Code::StorageDatabaseDamaged).with("reason", "desk.db: 0").into());
        }
        let mut warnings = Vec::new();
        let key = match unlock {
            Unlock::Keyring => on_thread(move || keyring_load(profile)).await??,
            Unlock::Recovery(code) => {
                let slot = folder.parse_slot()?;
                let key = on_thread(move || slot.open(&code, profile)).await??;
                warnings.extend(repair_keyring(profile, &key).await?);
                key
            }
            #[cfg(feature = "tamper")]
            Unlock::Key(key) => key,
        };
        let mut db = open_writer(&folder.database(), &key, false).await?;
        warnings.extend(repair_slot(&folder, &mut db).await?);
        let mut opened = Self::assemble(folder, lock, profile, &key, db).await?;
        opened.warnings.splice(0..0, warnings);
        Ok(opened)
    }

    async fn assemble(
        folder: Folder,
        lock: Lock,
        profile: Uuid,
        key: &RootKey,
        mut db: sqlx::SqliteConnection,
    ) -> Result<Opened, StoreError> {
        let damaged = |what: &str| Refusal::new(Code::StorageDatabaseDamaged).with("reason", what);
        let known = |value: Option<String>, what| value.ok_or_else(|| damaged(what));
        let stored = known(meta::get(&mut db, META_PROFILE).await?, META_PROFILE)?;
        if stored != profile.to_string() {
            return Err(damaged("profile.json").into());
        }
        let id = known(meta::get(&mut db, META_DEVICE).await?, META_DEVICE)?;
        let id = Uuid::parse_str(&id).map_err(|_| damaged(META_DEVICE))?;
        let secret = Zeroizing::new(known(meta::get(&mut db, META_DEVICE_KEY).await?, META_DEVICE_KEY)?);
        let secret: [u8; 32] =
            unhex(&secret).and_then(|bytes| bytes.try_into().ok()).ok_or_else(|| damaged(META_DEVICE_KEY))?;
        let incarnation = known(meta::get(&mut db, META_INCARNATION).await?, META_INCARNATION)?;
        let incarnation: u32 = incarnation.parse().map_err(|_| damaged(META_INCARNATION))?;
        let stream = known(meta::get(&mut db, META_STREAM).await?, META_STREAM)?;
        let (seq, head) = operation::head(&mut db, id, incarnation).await?;

        let (outbox, found) = Outbox::open(&folder.outbox(), key.derive("outbox"))?;
        let device = Device { id, incarnation, key: SigningKey::from_bytes(&secret), stream };
        let committed = Arc::new(Notify::new());
        let mut writer = Writer { db, outbox, device, seq, head, hlc: 0, committed: Arc::clone(&committed) };
        let mut warnings = Vec::new();
        if found.cut > 0 {
            tracing::warn!(bytes = found.cut, "the end of the outbox was unreadable and was cut off");
            warnings.push(Refusal::new(Code::StorageOutboxDamaged).with("count", 1));
        }
        let moment = found.operations.last().map(|made| made.at.to_rfc3339()).unwrap_or_default();
        let files = blob_file::replay(&mut writer.db, &folder, found.files, &moment).await?;
        let replayed = writer.replay(found.operations).await? + files;
        if replayed > 0 {
            tracing::warn!(replayed, "operations and files were restored from the outbox");
            warnings.push(Refusal::new(Code::StorageRepaired).with("what", format!("outbox: {replayed}")));
        }
        if found.cut > 0 {
            // What was cut off had its second copy there; the next damage may be the database's.
            let unsent = operation::pending(&mut writer.db, id, true).await?;
            writer.keep(&unsent).await?;
        }
        let moved = crate::sync::moved(&mut writer.db, folder.path()).await?;
        let readers = open_readers(&folder.database(), key).await?;
        let (writer, changed) = (Arc::new(Mutex::new(writer)), Arc::new(Notify::new()));
        let checkpointer = Checkpointer::start(&writer, committed);
        let device_id = id;
        let lock = Arc::new(lock);
        let store = Store {
            folder,
            profile,
            device_id,
            writer,
            checkpointer,
            readers,
            moved,
            changed,
            sealing: Mutex::default(),
            moving: std::sync::Mutex::default(),
            closed: false,
            lock,
        };
        Ok(Opened { store, warnings })
    }

    /// Commits one command as one operation. `None` when nothing would change.
    ///
    /// # Errors
    /// What the disk or the database refuse; then nothing has changed.
    pub async fn commit(&self, command: NewOperation) -> Result<Option<Operation>, StoreError> {
        let made = self.writer().await.commit(vec![command], OperationState::Unsent).await?.pop();
        self.changed.notify_one();
        Ok(made)
    }

    /// Commits many commands in one transaction, each its own operation (an import).
    ///
    /// # Errors
    /// As [`Store::commit`]; then none of them has been taken.
    pub async fn commit_all(&self, commands: Vec<NewOperation>) -> Result<Vec<Operation>, StoreError> {
        let made = self.writer().await.commit(commands, OperationState::Unsent).await?;
        self.changed.notify_one();
        Ok(made)
    }

    /// Commits a synthetic branch's commands as if they had come from a hub.
    ///
    /// # Errors
    /// As [`Store::commit`].
    pub async fn commit_synthetic(&self, commands: Vec<NewOperation>) -> Result<Vec<Operation>, StoreError> {
        // A hub does not know them: a desk that has one must send them.
        let enrolled = self.hub().await?.is_some();
        let state = if enrolled { OperationState::Unsent } else { OperationState::Confirmed };
        self.writer().await.commit(commands, state).await
    }

    /// Brings the search index into order after a bulk of commits.
    ///
    /// # Errors
    /// What the disk or the database refuse; what was committed is safe all the same.
    pub async fn finish_bulk(&self) -> Result<(), StoreError> {
        crate::checkpoint::finish_bulk(&mut self.writer().await.db).await
    }

    /// Commits a command that takes the next number of a counter of this device. The counter is a field of the
    /// device's record, so number and use are one operation.
    ///
    /// # Errors
    /// What `build` refuses, and as [`Store::commit`].
    pub async fn commit_numbered<T>(
        &self,
        counter: &str,
        build: impl FnOnce(&str, u32) -> Result<(NewOperation, T), Refusal>,
    ) -> Result<T, StoreError> {
        let mut writer = self.writer().await;
        let device = crate::table::record::get(&mut writer.db, "device", self.device_id).await?;
        let code = device_code(&mut writer.db, device.as_ref()).await?;
        // Each incarnation has a code of its own and counts for itself.
        let counter = match writer.device.incarnation {
            1 => counter.to_owned(),
            incarnation => format!("{counter}.{incarnation}"),
        };
        // This desk's own memory of it: a twin's work may stand over the record.
        let kept = meta::get(&mut writer.db, &counter).await?.and_then(|kept| kept.parse().ok());
        let last = device.map_or(0, |record| record.number(&counter)).max(kept.unwrap_or_default());
        let next = u32::try_from(last + 1).map_err(|_| StoreError::Encoding)?;
        let (mut command, result) = build(&code, next)?;
        command.set("device", self.device_id, counter, next);
        writer.commit(vec![command], OperationState::Unsent).await?;
        self.changed.notify_one();
        Ok(result)
    }

    /// The folder of the profile.
    pub fn folder(&self) -> &Folder {
        &self.folder
    }

    /// This device's id: its record in the log.
    pub fn device_id(&self) -> Uuid {
        self.device_id
    }

    /// This desk's code in case numbers. The desk's own memory counts, not the record: a clone shares the record.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn device_code(&self) -> Result<String, StoreError> {
        let device = self.record("device", self.device_id).await?;
        device_code(&mut *self.reader().await?, device.as_ref()).await
    }

    /// Takes the device code that the hub confirmed.
    ///
    /// # Errors
    /// As [`Store::commit`].
    pub async fn set_device_code(&self, mut command: NewOperation, code: &str) -> Result<(), StoreError> {
        let mut writer = self.writer().await;
        command.set("device", self.device_id, code_field(writer.device.incarnation), code);
        writer.commit(vec![command], OperationState::Unsent).await?;
        meta::set(&mut writer.db, META_DEVICE_CODE, code).await
    }

    /// The device's public key, hexadecimal, and its incarnation.
    pub async fn device_identity(&self) -> (String, u32) {
        let writer = self.writer().await;
        (hex(writer.device.key.verifying_key().as_bytes()), writer.device.incarnation)
    }

    /// How many operations no hub has acknowledged, and the hash of the newest.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn log_head(&self) -> Result<(u32, Digest), StoreError> {
        let head = self.writer().await.head;
        let mut reader = self.reader().await?;
        Ok((operation::unsent(&mut reader).await?, head))
    }

    /// Woken after every commit, for whoever brings them to the hub.
    pub fn changed(&self) -> Arc<Notify> {
        Arc::clone(&self.changed)
    }

    pub(crate) async fn writer(&self) -> MutexGuard<'_, Writer> {
        self.writer.lock().await
    }

    pub(crate) async fn reader(&self) -> Result<PoolConnection<Sqlite>, StoreError> {
        Ok(self.readers.acquire().await?)
    }

    /// Closes the connections, so that the files can be copied or removed.
    pub async fn close(mut self) {
        self.readers.close().await;
        self.checkpointer.stop().await;
        let (writer, _held) = (Arc::clone(&self.writer), Arc::clone(&self.lock));
        self.closed = true;
        drop(self);
        let Some(writer) = Arc::into_inner(writer) else { return };
        if let Err(error) = sqlx::Connection::close(writer.into_inner().db).await {
            tracing::warn!(%error, "the database did not close cleanly");
        }
    }
}

async fn device_code(
    db: &mut sqlx::SqliteConnection,
    device: Option<&domain::record::Record>,
) -> Result<String, StoreError> {
    let kept = meta::get(db, META_DEVICE_CODE).await?;
    Ok(kept.unwrap_or_else(|| device.map(|device| device.text("code").to_owned()).unwrap_or_default()))
}

/// The field of a device's record that holds the code of an incarnation.
pub(crate) fn code_field(incarnation: u32) -> String {
    if incarnation == 1 { "code".to_owned() } else { format!("code.{incarnation}") }
}

/// The code a device's record ends with, and of which incarnation it is; the first one's when it holds none.
pub fn newest_code(device: &domain::record::Record) -> (String, u32) {
    let later = device.under("code.").into_iter().filter_map(|(incarnation, code)| {
        Some((code.as_str()?.to_owned(), incarnation.parse::<u32>().ok()?))
    });
    later.max_by_key(|(_, incarnation)| *incarnation).unwrap_or_else(|| (device.text("code").to_owned(), 1))
}

/// Puts the key back into a keyring that lost it.
async fn repair_keyring(profile: Uuid, key: &RootKey) -> Result<Option<Refusal>, StoreError> {
    let key = key.clone();
    on_thread(move || match keyring_load(profile) {
        Ok(_) => None,
        Err(refusal) if refusal.code == Code::StorageNoKey => Some(match keyring_store(profile, &key) {
            Ok(()) => Refusal::new(Code::StorageRepaired).with("what", "keyring"),
            Err(refusal) => refusal,
        }),
        Err(refusal) => Some(refusal),
    })
    .await
}

/// Compares the recovery slot's file with what the database remembers, and writes it again when it differs.
async fn repair_slot(
    folder: &Folder,
    db: &mut sqlx::SqliteConnection,
) -> Result<Option<Refusal>, StoreError> {
    let (Some(slot), Some(hash)) = (meta::get(db, META_SLOT).await?, meta::get(db, META_SLOT_HASH).await?)
    else {
        return Ok(None);
    };
    if folder.read_slot().is_ok_and(|bytes| Digest::of(&bytes).hex() == hash) {
        return Ok(None);
    }
    folder.write_slot(slot.as_bytes())?;
    tracing::warn!("the recovery slot's file was damaged and has been written again");
    Ok(Some(Refusal::new(Code::StorageRepaired).with("what", "recovery.slot")))
}
