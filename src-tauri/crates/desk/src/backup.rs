//! Backups of the profile: by hand, and once a day while someone works (004-06).

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Duration};
use domain::role::Right;
use domain::{Code, Refusal};
use serde::Serialize;
use specta::Type;
use store::{Folder, LocalFact, RecoveryCode};

use crate::clock::Clock;
use crate::desk::{Actor, Desk};
use crate::error::DeskError;
use crate::setup::OpenedDesk;

/// Where backups go and when the last one was whole.
#[derive(Debug, Clone, Serialize, Type)]
pub struct BackupState {
    /// The chosen folder; none before someone chose.
    pub folder: Option<String>,
    /// RFC 3339.
    pub last_at: Option<String>,
    /// Whether the last one is more than a day old.
    pub due: bool,
}

/// A backup just made.
#[derive(Debug, Clone, Serialize, Type)]
pub struct BackupMade {
    /// The folder of this profile's backups.
    pub folder: String,
    /// The copy's file name.
    pub snapshot: String,
    /// Size of the database's copy in KiB.
    pub kib: u32,
    /// Attached files copied this time.
    pub files: u32,
}

/// A daily backup is due when the last is older than this: a little less than a day, so that the time of day at
/// which a branch opens does not push it further each morning.
const DAILY: Duration = Duration::hours(20);

impl Desk {
    /// Where backups go and when the last one was whole.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn backup_state(&self) -> Result<BackupState, DeskError> {
        let folder = self.store.recall(LocalFact::BackupFolder).await?;
        let last_at = self.store.recall(LocalFact::BackupAt).await?;
        let last = last_at.as_deref().and_then(|at| DateTime::parse_from_rfc3339(at).ok());
        let due = last.is_none_or(|last| self.now() - last > DAILY);
        Ok(BackupState { folder, last_at, due })
    }

    /// Chooses the folder and makes the first backup there; a folder that cannot take one is not kept.
    ///
    /// # Errors
    /// Without the right to settings, and as [`store::Store::backup`].
    pub async fn backup_to(&self, actor: &Actor, folder: &Path) -> Result<BackupMade, DeskError> {
        actor.need(Right::Settings)?;
        let folder = std::path::absolute(folder).map_err(store::StoreError::from)?;
        let made = self.back_up(&folder).await?;
        self.store.remember(LocalFact::BackupFolder, &folder.to_string_lossy()).await?;
        Ok(made)
    }

    /// A backup into the folder chosen before.
    ///
    /// # Errors
    /// Without the right to settings, [`Code::StorageBackupNoFolder`], and as [`store::Store::backup`].
    pub async fn backup_now(&self, actor: &Actor) -> Result<BackupMade, DeskError> {
        actor.need(Right::Settings)?;
        let folder = self.store.recall(LocalFact::BackupFolder).await?;
        let folder = folder.ok_or_else(|| Refusal::new(Code::StorageBackupNoFolder))?;
        self.back_up(&PathBuf::from(folder)).await
    }

    /// The day's backup, if a folder was chosen and the last one is old: what the window calls now and then.
    ///
    /// # Errors
    /// As [`store::Store::backup`].
    pub async fn backup_if_due(&self) -> Result<Option<BackupMade>, DeskError> {
        let state = self.backup_state().await?;
        match state.folder.filter(|_| state.due) {
            Some(folder) => self.back_up(&PathBuf::from(folder)).await.map(Some),
            None => Ok(None),
        }
    }

    async fn back_up(&self, folder: &Path) -> Result<BackupMade, DeskError> {
        let now = self.now();
        let report = self.store.backup(folder, &now.format("%Y%m%d-%H%M%S").to_string()).await?;
        self.store.remember(LocalFact::BackupAt, &now.to_rfc3339()).await?;
        Ok(BackupMade {
            folder: report.folder.to_string_lossy().into_owned(),
            snapshot: report.snapshot,
            kib: u32::try_from(report.bytes / 1024).unwrap_or(u32::MAX),
            files: u32::try_from(report.files).unwrap_or(u32::MAX),
        })
    }

    /// A new profile from a backup, opened by its recovery code so that nobody finds out too late that the code is
    /// lost. It works as a device of its own from now on: the one it is a copy of may still be in use.
    ///
    /// # Errors
    /// As [`Folder::restore`] and [`store::Store::open`]; after a wrong code the folder is as it was.
    pub async fn restore(
        from: &Path,
        snapshot: Option<&str>,
        profile: &Path,
        recovery_code: &str,
        clock: Arc<dyn Clock>,
    ) -> Result<OpenedDesk, DeskError> {
        let code = RecoveryCode::parse(recovery_code)?;
        let (from, snapshot) = (from.to_owned(), snapshot.map(str::to_owned));
        let target = Folder::new(profile);
        // Copying a branch's files takes its time, and so does the code's key derivation.
        tokio::task::spawn_blocking(move || target.restore(&from, snapshot.as_deref(), &code))
            .await
            .map_err(|error| store::StoreError::from(std::io::Error::other(error)))??;
        Desk::open(profile, Some(recovery_code), clock).await
    }
}
