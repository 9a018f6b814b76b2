//! Attached files: sealed in the profile's folder under a key of their own, one copy per content.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use domain::digest::{ByteString, Digest};
use domain::{Code, Refusal};
use sqlx::SqliteConnection;
use zeroize::Zeroizing;

use crate::error::StoreError;
use crate::folder::{Folder, sync_folder};
use crate::outbox::FileRow;
use crate::seal;
use crate::sealed_file::{FileKey, FileReader, SealedFile, measure, write};
use crate::store::{Store, on_thread};

/// What the database knows of a file.
pub(crate) struct Known {
    pub(crate) key: FileKey,
    pub(crate) size: u64,
}

pub(crate) async fn known(db: &mut SqliteConnection, file: &Digest) -> Result<Option<Known>, StoreError> {
    let sha256 = file.0.to_vec();
    let row =
        sqlx::query!("select size, key from blob_file where sha256 = ?1", sha256).fetch_optional(db).await?;
    row.map(|row| {
        let key = Zeroizing::new(row.key.try_into().map_err(|_| StoreError::Encoding)?);
        Ok(Known { key, size: u64::try_from(row.size).map_err(|_| StoreError::Encoding)? })
    })
    .transpose()
}

async fn insert(db: &mut SqliteConnection, file: &FileRow, at: &str) -> Result<(), StoreError> {
    let (sha256, key) = (file.sha256.0.to_vec(), file.key.0.clone());
    let size = i64::try_from(file.size).map_err(|_| StoreError::Encoding)?;
    sqlx::query!(
        "insert into blob_file (sha256, size, key, created_at) values (?1, ?2, ?3, ?4)
         on conflict (sha256) do update set key = excluded.key",
        sha256,
        size,
        key,
        at
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Puts back what the outbox knows of files that the database lost. Returns how many.
pub(crate) async fn replay(
    db: &mut SqliteConnection,
    folder: &Folder,
    files: Vec<FileRow>,
    at: &str,
) -> Result<usize, StoreError> {
    let mut replayed = 0;
    for file in files {
        if known(db, &file.sha256).await?.is_none() && path(folder, &file.sha256).exists() {
            insert(db, &file, at).await?;
            replayed += 1;
        }
    }
    Ok(replayed)
}

/// Files the hub does not have.
pub(crate) async fn unsent(db: &mut SqliteConnection) -> Result<Vec<FileRow>, StoreError> {
    let found = sqlx::query!(
        "select blob_file.sha256, blob_file.size, blob_file.key
         from blob_file left join file_ref on file_ref.sha256 = blob_file.sha256
         where coalesce(file_ref.at_hub, 0) = 0"
    )
    .fetch_all(db)
    .await?;
    found
        .into_iter()
        .map(|row| {
            Ok(FileRow {
                sha256: Digest(row.sha256.try_into().map_err(|_| StoreError::Encoding)?),
                size: u64::try_from(row.size).map_err(|_| StoreError::Encoding)?,
                key: ByteString(row.key),
            })
        })
        .collect()
}

fn path(folder: &Folder, digest: &Digest) -> PathBuf {
    let name = digest.hex();
    let (shelf, _) = name.split_at_checked(2).unwrap_or(("", ""));
    folder.blobs().join(shelf).join(&name)
}

pub(crate) fn damaged(file: &Digest) -> StoreError {
    Refusal::new(Code::AttachmentDamaged).with("name", file.hex()).into()
}

impl Store {
    /// Seals a file and returns the SHA-256 of its plain bytes. The same content is stored once.
    ///
    /// # Errors
    /// A full disk or a read-only folder, as typed refusals.
    pub async fn put_file(&self, bytes: &[u8], at: &str) -> Result<Digest, StoreError> {
        let digest = Digest::of(bytes);
        let _sealing = self.sealing.lock().await;
        let Some((key, part)) = self.place(&digest).await? else { return Ok(digest) };
        let written = write(&part, &key, &digest, &mut &*bytes);
        self.finish(&digest, key, &part, written, at).await?;
        Ok(digest)
    }

    /// As [`Store::put_file`] for a file on the disk, however large: it is read twice, a chunk at a time. It must not
    /// change meanwhile.
    ///
    /// # Errors
    /// As [`Store::put_file`]; [`Code::AttachmentUnreadable`] when it cannot be read or changed.
    pub async fn put_file_from(&self, path: &Path, at: &str) -> Result<Digest, StoreError> {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let unreadable = move |reason: String| {
            Refusal::new(Code::AttachmentUnreadable).with("name", &name).with("reason", reason)
        };
        let mut source = File::open(path).map_err(|error| unreadable(error.kind().to_string()))?;
        let (digest, _) = on_thread(move || measure(&mut source)).await??;
        let _sealing = self.sealing.lock().await;
        let Some((key, part)) = self.place(&digest).await? else { return Ok(digest) };
        let mut source = File::open(path).map_err(|error| unreadable(error.kind().to_string()))?;
        let written = {
            let (key, part) = (key.clone(), part.clone());
            on_thread(move || write(&part, &key, &digest, &mut source)).await?
        };
        if written.as_ref().is_ok_and(|(read, _)| *read != digest) {
            discard(&part);
            return Err(unreadable("changed".to_owned()).into());
        }
        self.finish(&digest, key, &part, written, at).await?;
        Ok(digest)
    }

    /// Under which key and where a file is to be written; `None` when it is here. The key of a file that got lost is
    /// used again: copies of it may lie in backups.
    async fn place(&self, digest: &Digest) -> Result<Option<(FileKey, PathBuf)>, StoreError> {
        let path = self.file_path(digest);
        let known = known(&mut *self.reader().await?, digest).await?;
        if known.is_some() && path.exists() {
            return Ok(None);
        }
        if let Some(shelf) = path.parent() {
            std::fs::create_dir_all(shelf)?;
            sync_folder(shelf);
        }
        let key = match known {
            Some(known) => known.key,
            None => Zeroizing::new(seal::random()?),
        };
        Ok(Some((key, path.with_extension("new"))))
    }

    async fn finish(
        &self,
        digest: &Digest,
        key: FileKey,
        part: &Path,
        written: Result<(Digest, u64), StoreError>,
        at: &str,
    ) -> Result<(), StoreError> {
        match written {
            Ok((_, size)) => self.settle_file(digest, &Known { key, size }, part, at).await,
            Err(error) => {
                discard(part);
                Err(error)
            }
        }
    }

    /// Gives a written file its name and its row, unless it came by another way meanwhile.
    pub(crate) async fn settle_file(
        &self,
        digest: &Digest,
        file: &Known,
        part: &Path,
        at: &str,
    ) -> Result<(), StoreError> {
        let path = self.file_path(digest);
        let mut writer = self.writer().await;
        if known(&mut writer.db, digest).await?.is_some() && path.exists() {
            discard(part);
            return Ok(());
        }
        // The file first: a row without its file would promise what is not there.
        std::fs::rename(part, &path)?;
        sync_folder(&path);
        let row = FileRow { sha256: *digest, size: file.size, key: ByteString(file.key.to_vec()) };
        writer.outbox.append_file(row.clone())?;
        insert(&mut writer.db, &row, at).await
    }

    /// The plain bytes of an attached file.
    ///
    /// # Errors
    /// [`Code::AttachmentUnknown`] when there is none, [`Code::AttachmentDamaged`] when it no longer matches.
    pub async fn file(&self, digest: &Digest) -> Result<Vec<u8>, StoreError> {
        let mut reader = self.file_reader(digest).await?;
        let mut plain = Vec::with_capacity(usize::try_from(reader.size()).unwrap_or_default());
        reader.read_to_end(&mut plain).map_err(|_| damaged(digest))?;
        Ok(plain)
    }

    /// An attached file to be read chunk by chunk.
    ///
    /// # Errors
    /// As [`Store::file`]; damage further on fails the read that meets it.
    pub async fn file_reader(&self, digest: &Digest) -> Result<FileReader, StoreError> {
        self.sealed_file(digest).await.map(FileReader::new)
    }

    pub(crate) async fn sealed_file(&self, digest: &Digest) -> Result<SealedFile, StoreError> {
        let known = known(&mut *self.reader().await?, digest).await?;
        let Some(known) = known else {
            // An operation refers to it, so some desk has it.
            let waits = self.file_waits(digest).await?;
            let code = if waits { Code::SyncFileWaiting } else { Code::AttachmentUnknown };
            return Err(Refusal::new(code).into());
        };
        SealedFile::open(&self.file_path(digest), digest, known.key, known.size).map_err(|_| damaged(digest))
    }

    /// Reads a file through; fails as [`Store::file`] does.
    pub(crate) async fn check_file(&self, digest: &Digest) -> Result<(), StoreError> {
        let mut reader = self.file_reader(digest).await?;
        on_thread(move || std::io::copy(&mut reader, &mut std::io::sink()))
            .await?
            .map_err(|_| damaged(digest))?;
        Ok(())
    }

    /// How many different files are kept.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn file_digests(&self) -> Result<Vec<Digest>, StoreError> {
        let mut reader = self.reader().await?;
        let found = sqlx::query_scalar!("select sha256 from blob_file").fetch_all(&mut *reader).await?;
        found
            .into_iter()
            .map(|bytes| Ok(Digest(bytes.try_into().map_err(|_| StoreError::Encoding)?)))
            .collect()
    }

    pub(crate) fn file_path(&self, digest: &Digest) -> PathBuf {
        path(self.folder(), digest)
    }
}

/// Removes a part that is of no use; one that stays costs room and nothing else.
pub(crate) fn discard(part: &Path) {
    if let Err(error) = std::fs::remove_file(part) {
        tracing::debug!(kind = ?error.kind(), "a part of a file stays");
    }
}
