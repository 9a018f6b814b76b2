//! Attached files on their way to the hub and from it, one sealed chunk at a time (`sealed_file.rs`).

use std::fs::{File, OpenOptions};
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError};

use domain::digest::{ByteString, Digest};
use domain::{Code, Refusal};
use sha2::{Digest as _, Sha256};
use sqlx::SqliteConnection;
use wire::FileManifest;
use zeroize::Zeroizing;

use crate::blob_file::{self, Known, damaged, discard};
use crate::error::StoreError;
use crate::folder::sync_folder;
use crate::sealed_file::{
    FIRST, FileKey, SealedFile, chunk_count, offset, read_sealed, seal_chunk, sealed_length,
};
use crate::store::{Store, on_thread};

/// What this process knows of the files it last sent and fetched, so that going on after a cut reads none of them again.
#[derive(Debug, Default)]
pub(crate) struct Moving {
    sent: Option<Arc<FileManifest>>,
    /// How many chunks of a file are here.
    kept: Option<(Digest, usize)>,
}

impl Store {
    /// Files that operations refer to and the hub does not have whole, as far as they are here.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn files_to_send(&self) -> Result<Vec<Digest>, StoreError> {
        let mut reader = self.reader().await?;
        let found = sqlx::query_scalar!(
            "select file_ref.sha256 from file_ref join blob_file on blob_file.sha256 = file_ref.sha256
             where at_hub = 0 order by file_ref.created_at"
        )
        .fetch_all(&mut *reader)
        .await?;
        found.into_iter().map(digest).collect()
    }

    /// Files that operations refer to and that are not here.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn files_to_fetch(&self) -> Result<Vec<Digest>, StoreError> {
        let mut reader = self.reader().await?;
        let found = sqlx::query_scalar!(
            "select file_ref.sha256 from file_ref left join blob_file on blob_file.sha256 = file_ref.sha256
             where blob_file.sha256 is null order by file_ref.created_at"
        )
        .fetch_all(&mut *reader)
        .await?;
        found.into_iter().map(digest).collect()
    }

    /// Whether a file waits: it is not here, or not whole at the hub. A desk without a hub waits for nothing.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn file_waits(&self, file: &Digest) -> Result<bool, StoreError> {
        let sha256 = file.0.to_vec();
        let mut reader = self.reader().await?;
        let enrolled = super::hub(&mut reader).await?.is_some();
        let row = sqlx::query!(
            "select at_hub, blob_file.sha256 is not null as \"here!: bool\"
             from file_ref left join blob_file on blob_file.sha256 = file_ref.sha256
             where file_ref.sha256 = ?1",
            sha256
        )
        .fetch_optional(&mut *reader)
        .await?;
        Ok(row.is_some_and(|row| !row.here || (enrolled && row.at_hub == 0)))
    }

    /// Remembers that the hub has every chunk of a file.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn file_sent(&self, file: &Digest, at: &str) -> Result<(), StoreError> {
        let sha256 = file.0.to_vec();
        sqlx::query!("update file_ref set at_hub = 1, updated_at = ?2 where sha256 = ?1", sha256, at)
            .execute(&mut self.writer().await.db)
            .await?;
        Ok(())
    }

    /// How a file travels. All of it is read once: what does not match its name is not sent.
    ///
    /// # Errors
    /// As [`Store::file`].
    pub async fn file_manifest(&self, file: &Digest) -> Result<Arc<FileManifest>, StoreError> {
        let last = self.moving.lock().unwrap_or_else(PoisonError::into_inner).sent.clone();
        if let Some(manifest) = last.filter(|manifest| manifest.sha256 == *file) {
            return Ok(manifest);
        }
        let (mut sealed, file) = (self.sealed_file(file).await?, *file);
        let manifest = on_thread(move || manifest(&mut sealed, &file)).await?.map_err(|_| damaged(&file))?;
        let manifest = Arc::new(manifest);
        self.moving.lock().unwrap_or_else(PoisonError::into_inner).sent = Some(Arc::clone(&manifest));
        Ok(manifest)
    }

    /// A sealed chunk of a file that is here, under the key of a manifest: this desk's, or another's that stands at the
    /// hub.
    ///
    /// # Errors
    /// As [`Store::file`]; [`Code::AttachmentDamaged`] when it is not the chunk the manifest names.
    pub async fn file_chunk(&self, manifest: &FileManifest, index: usize) -> Result<Vec<u8>, StoreError> {
        let file = &manifest.sha256;
        let name = manifest.chunks.get(index).ok_or_else(|| damaged(file))?;
        let key = manifest_key(manifest)?;
        let mut sealed = self.sealed_file(file).await?;
        let index = index as u64;
        let chunk = if *sealed.key() == key {
            sealed.sealed(index)
        } else {
            sealed.plain(index).and_then(|plain| seal_chunk(&key, file, index, &plain))
        };
        chunk.ok().filter(|chunk| Digest::of(chunk) == *name).ok_or_else(|| damaged(file))
    }

    /// How many of a file's chunks are here, from the first on; those of an interrupted download are. The next one is
    /// to be given to [`Store::keep_chunk`].
    ///
    /// # Errors
    /// [`Code::AttachmentDamaged`] when the manifest contradicts itself, and what the disk refuses.
    pub async fn chunks_kept(&self, manifest: &FileManifest) -> Result<usize, StoreError> {
        manifest_key(manifest)?;
        let file = manifest.sha256;
        let known = self.moving.lock().unwrap_or_else(PoisonError::into_inner).kept;
        if let Some((_, kept)) = known.filter(|(of, _)| *of == file) {
            return Ok(kept);
        }
        let (part, path) = (self.part_path(&file), self.file_path(&file));
        if let Some(shelf) = part.parent() {
            std::fs::create_dir_all(shelf)?;
            sync_folder(shelf);
        }
        {
            // The process died between naming a file that came whole and writing its row.
            let mut writer = self.writer().await;
            if blob_file::known(&mut writer.db, &file).await?.is_none() && path.exists() && !part.exists() {
                std::fs::rename(&path, &part)?;
            }
        }
        let manifest = manifest.clone();
        let kept = on_thread(move || kept(&part, &manifest)).await??;
        self.moving.lock().unwrap_or_else(PoisonError::into_inner).kept = Some((file, kept));
        Ok(kept)
    }

    /// Keeps the next sealed chunk of a file, durably.
    ///
    /// # Errors
    /// [`Code::AttachmentDamaged`] when it is not the chunk that was asked for, and what the disk refuses.
    pub fn keep_chunk(&self, manifest: &FileManifest, index: usize, bytes: &[u8]) -> Result<(), StoreError> {
        let wanted = manifest.chunks.get(index);
        if wanted != Some(&Digest::of(bytes)) || bytes.len() != sealed_length(manifest.size, index as u64) {
            return Err(damaged(&manifest.sha256));
        }
        let mut part = OpenOptions::new()
            .create(true)
            .write(true)
            .truncate(false)
            .open(self.part_path(&manifest.sha256))?;
        if index == 0 {
            part.write_all(FIRST)?;
        }
        part.seek(SeekFrom::Start(offset(index as u64)))?;
        part.write_all(bytes)?;
        part.sync_data()?;
        self.moving.lock().unwrap_or_else(PoisonError::into_inner).kept = Some((manifest.sha256, index + 1));
        Ok(())
    }

    /// Takes in a file whose chunks are all here.
    ///
    /// # Errors
    /// [`Code::AttachmentDamaged`] when it is not what the operations refer to; then it is fetched anew.
    pub async fn take_file(&self, manifest: &FileManifest, at: &str) -> Result<(), StoreError> {
        let file = manifest.sha256;
        let known = Known { key: manifest_key(manifest)?, size: manifest.size };
        let part = self.part_path(&file);
        self.moving.lock().unwrap_or_else(PoisonError::into_inner).kept = None;
        if manifest.chunks.is_empty() {
            std::fs::write(&part, FIRST)?;
        }
        let whole = {
            let (part, key, size) = (part.clone(), known.key.clone(), known.size);
            on_thread(move || {
                SealedFile::open(&part, &file, key, size).is_ok_and(|mut sealed| is(&mut sealed, &file))
            })
            .await?
        };
        if !whole {
            discard(&part);
            return Err(damaged(&file));
        }
        self.settle_file(&file, &known, &part, at).await?;
        self.file_sent(&file, at).await
    }

    fn part_path(&self, file: &Digest) -> PathBuf {
        self.file_path(file).with_extension("part")
    }
}

/// Another hub, or one that was restored, may lack any file: each is offered again, and only what is missing is sent.
pub(super) async fn nothing_at_hub(db: &mut SqliteConnection) -> Result<(), StoreError> {
    sqlx::query!("update file_ref set at_hub = 0 where at_hub = 1").execute(db).await?;
    Ok(())
}

fn digest(bytes: Vec<u8>) -> Result<Digest, StoreError> {
    Ok(Digest(bytes.try_into().map_err(|_| StoreError::Encoding)?))
}

/// The key of a manifest that does not contradict itself.
fn manifest_key(manifest: &FileManifest) -> Result<FileKey, StoreError> {
    let damaged = || Refusal::new(Code::AttachmentDamaged).with("name", manifest.sha256.hex());
    if chunk_count(manifest.size) != manifest.chunks.len() as u64 {
        return Err(damaged().into());
    }
    Ok(Zeroizing::new(manifest.key.0.as_slice().try_into().map_err(|_| damaged())?))
}

/// Names every chunk of a file that is what its name says.
fn manifest(sealed: &mut SealedFile, file: &Digest) -> Result<FileManifest, StoreError> {
    let mut sum = Sha256::new();
    let mut chunks = Vec::new();
    for index in 0..sealed.chunks() {
        sum.update(&*Zeroizing::new(sealed.plain(index)?));
        chunks.push(Digest::of(&sealed.sealed(index)?));
    }
    if Digest(sum.finalize().into()) != *file {
        return Err(StoreError::Sealed);
    }
    let key = ByteString(sealed.key().to_vec());
    Ok(FileManifest { sha256: *file, size: sealed.size(), key, chunks })
}

/// Whether a file is what its name says.
fn is(sealed: &mut SealedFile, file: &Digest) -> bool {
    let mut sum = Sha256::new();
    for index in 0..sealed.chunks() {
        match sealed.plain(index) {
            Ok(plain) => sum.update(&*Zeroizing::new(plain)),
            Err(_) => return false,
        }
    }
    Digest(sum.finalize().into()) == *file
}

/// How many whole chunks a part holds, from the first on.
fn kept(part: &Path, manifest: &FileManifest) -> Result<usize, StoreError> {
    let mut opened = match File::open(part) {
        Ok(opened) => opened,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(0),
        Err(error) => return Err(error.into()),
    };
    let whole = |(index, name): &(usize, &Digest)| {
        read_sealed(&mut opened, manifest.size, *index as u64).is_ok_and(|bytes| Digest::of(&bytes) == **name)
    };
    Ok(manifest.chunks.iter().enumerate().take_while(whole).count())
}
