//! The profile's folder: which files it has, and the lock that lets one process own it.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};

use domain::{Code, Refusal};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::StoreError;
use crate::keys::Slot;

/// What a folder holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FolderState {
    /// No profile, or one whose first set-up never finished.
    Absent,
    /// A profile.
    Present,
}

/// Where a profile's files lie.
#[derive(Debug, Clone)]
pub struct Folder {
    root: PathBuf,
}

/// The only plain file: which profile this is. It carries no secret and no personal data.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Card {
    pub(crate) profile: Uuid,
    /// False until the first operation is committed; such a profile holds nothing yet.
    pub(crate) complete: bool,
}

impl Folder {
    /// The folder at a path; nothing is read or made yet.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Folder { root: root.into() }
    }

    /// The folder's path.
    pub fn path(&self) -> &Path {
        &self.root
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.root.join("desk.db")
    }

    pub(crate) fn outbox(&self) -> PathBuf {
        self.root.join("outbox.log")
    }

    pub(crate) fn blobs(&self) -> PathBuf {
        self.root.join("files")
    }

    fn card(&self) -> PathBuf {
        self.root.join("profile.json")
    }

    fn slot(&self) -> PathBuf {
        self.root.join("recovery.slot")
    }

    /// What the folder holds.
    ///
    /// # Errors
    /// [`Code::StorageDatabaseDamaged`] when there is a database without its card, or a card that is unreadable:
    /// the program never takes such a folder for an empty one.
    pub fn state(&self) -> Result<FolderState, Refusal> {
        let damaged = |reason: &str| Refusal::new(Code::StorageDatabaseDamaged).with("reason", reason);
        match std::fs::read(self.card()) {
            Ok(bytes) => {
                let card: Card = serde_json::from_slice(&bytes).map_err(|_| damaged("profile.json"))?;
                Ok(if card.complete { FolderState::Present } else { FolderState::Absent })
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                if self.database().exists() {
                    return Err(damaged("profile.json"));
                }
                Ok(FolderState::Absent)
            }
            Err(error) => Err(StoreError::Io(error).into()),
        }
    }

    pub(crate) fn read_card(&self) -> Result<Card, StoreError> {
        let bytes = std::fs::read(self.card())?;
        serde_json::from_slice(&bytes)
            .map_err(|_| Refusal::new(Code::StorageDatabaseDamaged).with("reason", "profile.json").into())
    }

    pub(crate) fn write_card(&self, card: &Card) -> Result<(), StoreError> {
        write_whole(&self.card(), &serde_json::to_vec(card)?)
    }

    pub(crate) fn read_slot(&self) -> Result<Vec<u8>, StoreError> {
        Ok(std::fs::read(self.slot())?)
    }

    pub(crate) fn write_slot(&self, bytes: &[u8]) -> Result<(), StoreError> {
        write_whole(&self.slot(), bytes)
    }

    pub(crate) fn parse_slot(&self) -> Result<Slot, StoreError> {
        let damaged = || Refusal::new(Code::StorageKeySlotDamaged);
        let bytes = self.read_slot().map_err(|_| damaged())?;
        Ok(serde_json::from_slice(&bytes).map_err(|_| damaged())?)
    }

    /// Makes the folder and takes its lock.
    pub(crate) fn lock(&self) -> Result<Lock, StoreError> {
        std::fs::create_dir_all(&self.root)?;
        let file =
            OpenOptions::new().write(true).create(true).truncate(false).open(self.root.join("desk.lock"))?;
        match file.try_lock() {
            Ok(()) => Ok(Lock { _file: file }),
            Err(std::fs::TryLockError::WouldBlock) => Err(Refusal::new(Code::StorageProfileBusy).into()),
            Err(std::fs::TryLockError::Error(error)) => Err(error.into()),
        }
    }

    /// Removes what an unfinished first set-up left; it holds no acknowledged work.
    pub(crate) fn clear_unfinished(&self) -> Result<(), StoreError> {
        if self.state()? != FolderState::Absent {
            return Err(Refusal::new(Code::StorageProfileExists).into());
        }
        for name in ["desk.db", "desk.db-wal", "desk.db-shm", "outbox.log", "recovery.slot"] {
            match std::fs::remove_file(self.root.join(name)) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
                _ => {}
            }
        }
        Ok(())
    }
}

/// The profile's lock, held as long as the store is open; the system frees it when the process dies.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

/// Writes a small file so that a power cut leaves either the old or the new one.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    use std::io::Write as _;
    let temporary = path.with_extension("new");
    let mut file = File::create(&temporary)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&temporary, path)?;
    sync_folder(path);
    Ok(())
}

/// As [`write_whole`] for a file of any size.
pub(crate) fn copy_whole(from: &Path, to: &Path) -> Result<(), StoreError> {
    let temporary = to.with_extension("new");
    std::fs::copy(from, &temporary)?;
    // Opened for writing: Windows syncs no other.
    OpenOptions::new().write(true).open(&temporary)?.sync_all()?;
    std::fs::rename(&temporary, to)?;
    sync_folder(to);
    Ok(())
}

/// Makes a rename last. Windows has no such call and needs none.
pub(crate) fn sync_folder(path: &Path) {
    if let Some(parent) = path.parent()
        && let Ok(folder) = File::open(parent)
        && let Err(error) = folder.sync_all()
    {
        tracing::warn!(%error, "the folder could not be synced");
    }
}
