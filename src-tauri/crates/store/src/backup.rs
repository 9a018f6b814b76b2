//! Copies of a profile in another folder, and a profile from such a copy (004-06).
//!
//! A backup is as sealed as the profile: the database is copied under its key, files under theirs, the key itself only
//! in the slot of the recovery code. Work goes on meanwhile: the copy is read from one snapshot of the database.
//!
//! `CHOSEN/PROFILE-ID/` holds `profile.json`, `recovery.slot`, `files/` and one `desk-YYYYMMDD-HHMMSS.db` per backup.

use std::fs::File;
use std::path::{Path, PathBuf};

use domain::{Code, Refusal};

use crate::error::StoreError;
use crate::folder::{Card, Folder, FolderState, copy_whole, sync_folder, write_whole};
use crate::keys::RecoveryCode;
use crate::store::Store;
use crate::table::meta;

/// Snapshots of the database that are kept; an older one goes when a newer is whole.
const KEPT: usize = 7;

/// What a backup did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupReport {
    /// The folder of this profile's backups.
    pub folder: PathBuf,
    /// The file name of the database's copy.
    pub snapshot: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// Attached files that were not there yet.
    pub files: u64,
}

/// What [`Store::remember`] keeps: facts of this desk alone, no records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LocalFact {
    /// The folder chosen for backups.
    BackupFolder,
    /// When the last backup was whole, RFC 3339.
    BackupAt,
    /// The hub's clock less this desk's when they last met, in seconds.
    HubClockOffset,
    /// What the hub last said of the branch's devices, JSON.
    DevicesSeen,
}

impl LocalFact {
    fn key(self) -> &'static str {
        match self {
            LocalFact::BackupFolder => "backup_folder",
            LocalFact::BackupAt => "backup_at",
            LocalFact::HubClockOffset => "hub_clock_offset",
            LocalFact::DevicesSeen => "devices_seen",
        }
    }
}

impl Store {
    /// A fact of this desk.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn recall(&self, fact: LocalFact) -> Result<Option<String>, StoreError> {
        let mut reader = self.reader().await?;
        meta::get(&mut reader, fact.key()).await
    }

    /// Keeps a fact of this desk.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn remember(&self, fact: LocalFact, value: &str) -> Result<(), StoreError> {
        meta::set(&mut self.writer().await.db, fact.key(), value).await
    }

    /// Copies the profile into a folder of its own under `chosen`. `stamp` (`YYYYMMDD-HHMMSS`) names the copy.
    ///
    /// # Errors
    /// [`Code::StorageBackupInside`], [`Code::StorageBackupDamaged`], and what the disk refuses; then earlier
    /// backups are as they were.
    pub async fn backup(&self, chosen: &Path, stamp: &str) -> Result<BackupReport, StoreError> {
        std::fs::create_dir_all(chosen)?;
        if chosen.canonicalize()?.starts_with(self.folder().path().canonicalize()?) {
            return Err(Refusal::new(Code::StorageBackupInside).into());
        }
        let card = self.folder().read_card()?;
        let folder = chosen.join(card.profile.to_string());
        std::fs::create_dir_all(folder.join("files"))?;
        // Files first: a database must never speak of files its backup does not have.
        let files = copy_files(&self.folder().blobs(), &folder.join("files"))?;
        let snapshot = format!("desk-{stamp}.db");
        let unfinished = folder.join("desk.unfinished");
        if unfinished.exists() {
            std::fs::remove_file(&unfinished)?;
        }
        self.snapshot(&unfinished).await?;
        File::open(&unfinished)?.sync_all()?;
        let bytes = std::fs::metadata(&unfinished)?.len();
        write_whole(&folder.join("recovery.slot"), &self.folder().read_slot()?)?;
        write_whole(&folder.join("profile.json"), &serde_json::to_vec(&card)?)?;
        let finished = folder.join(&snapshot);
        std::fs::rename(&unfinished, &finished)?;
        sync_folder(&finished);
        for old in snapshots(&folder)?.iter().rev().skip(KEPT) {
            std::fs::remove_file(folder.join(old))?;
        }
        Ok(BackupReport { folder, snapshot, bytes, files })
    }

    /// A copy of the database as it is at this moment, under the same key, read through once.
    async fn snapshot(&self, path: &Path) -> Result<(), StoreError> {
        let target = path.to_string_lossy().into_owned();
        let mut reader = self.reader().await?;
        // run-time queries: the schema database knows neither files beside it nor SQLCipher's keys
        sqlx::query("vacuum into ?1").bind(&target).execute(&mut *reader).await?;
        sqlx::query("attach ?1 as copy").bind(&target).execute(&mut *reader).await?;
        let checked: Result<String, sqlx::Error> =
            sqlx::query_scalar("pragma copy.quick_check").fetch_one(&mut *reader).await;
        sqlx::query("detach copy").execute(&mut *reader).await?;
        match checked {
            Ok(answer) if answer == "ok" => Ok(()),
            Ok(answer) => Err(Refusal::new(Code::StorageBackupDamaged).with("reason", answer).into()),
            Err(error) => Err(Refusal::new(Code::StorageBackupDamaged).with("reason", error).into()),
        }
    }
}

impl Folder {
    /// Makes a profile from a backup: `from` is the folder of one profile's backups or the chosen folder above it,
    /// `snapshot` one of its copies, the newest when left out. Opening it starts a new incarnation. The code is tried
    /// first: a profile that nobody can open is not made.
    ///
    /// # Errors
    /// [`Code::StorageProfileExists`], [`Code::StorageBackupNone`], [`Code::StorageRecoveryCodeWrong`], and what the
    /// disk refuses.
    pub fn restore(
        &self,
        from: &Path,
        snapshot: Option<&str>,
        code: &RecoveryCode,
    ) -> Result<String, StoreError> {
        let _lock = self.lock()?;
        if self.state()? != FolderState::Absent {
            return Err(Refusal::new(Code::StorageProfileExists).into());
        }
        let none = || Refusal::new(Code::StorageBackupNone);
        let from = one_profile(from).ok_or_else(none)?;
        let backup = Folder::new(&from);
        let card = backup.read_card().map_err(|_| none())?;
        let known = snapshots(&from)?;
        let snapshot = match snapshot {
            Some(name) => known.iter().find(|known| *known == name),
            None => known.last(),
        }
        .ok_or_else(none)?;
        backup.parse_slot()?.open(code, card.profile)?;
        self.clear_unfinished()?;
        self.write_card(&Card { profile: card.profile, complete: false })?;
        self.write_slot(&backup.read_slot()?)?;
        copy_files(&from.join("files"), &self.blobs())?;
        std::fs::copy(from.join(snapshot), self.database())?;
        File::open(self.database())?.sync_all()?;
        self.write_card(&Card { profile: card.profile, complete: true })?;
        Ok(snapshot.clone())
    }
}

/// The folder itself when it holds a backup, or the only one below it that does.
fn one_profile(folder: &Path) -> Option<PathBuf> {
    if folder.join("profile.json").is_file() {
        return Some(folder.to_owned());
    }
    let mut below = std::fs::read_dir(folder)
        .ok()?
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.join("profile.json").is_file());
    let found = below.next()?;
    below.next().is_none().then_some(found)
}

/// The whole copies in a folder of backups, oldest first.
fn snapshots(folder: &Path) -> Result<Vec<String>, StoreError> {
    let mut names: Vec<String> = std::fs::read_dir(folder)?
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| name.starts_with("desk-") && name.ends_with(".db"))
        .collect();
    names.sort();
    Ok(names)
}

/// Copies sealed files that are not there yet; their names are their contents, so none is ever replaced.
fn copy_files(from: &Path, to: &Path) -> Result<u64, StoreError> {
    let mut copied = 0;
    let Ok(shelves) = std::fs::read_dir(from) else { return Ok(0) };
    for shelf in shelves.flatten() {
        let target = to.join(shelf.file_name());
        let Ok(files) = std::fs::read_dir(shelf.path()) else { continue };
        std::fs::create_dir_all(&target)?;
        for file in files.flatten() {
            let path = target.join(file.file_name());
            // Half-written files of the profile end in `.new` or `.part` and are nobody's yet.
            if path.exists() || path.extension().is_some() {
                continue;
            }
            copy_whole(&file.path(), &path)?;
            copied += 1;
        }
    }
    Ok(copied)
}
