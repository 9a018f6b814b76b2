//! Attached files: sealed in the profile's folder under a key of their own, one copy per content.

use std::path::PathBuf;

use domain::digest::Digest;
use domain::{Code, Refusal};
use zeroize::Zeroizing;

use crate::error::StoreError;
use crate::folder::{sync_folder, write_whole};
use crate::seal;
use crate::store::Store;

impl Store {
    /// Seals a file and returns the SHA-256 of its plain bytes. The same content is stored once.
    ///
    /// # Errors
    /// A full disk or a read-only folder, as typed refusals.
    pub async fn put_file(&self, bytes: &[u8], at: &str) -> Result<Digest, StoreError> {
        let digest = Digest::of(bytes);
        let path = self.file_path(&digest);
        let mut writer = self.writer().await;
        let sha256 = digest.0.to_vec();
        let known = sqlx::query_scalar!("select key from blob_file where sha256 = ?1", sha256)
            .fetch_optional(&mut writer.db)
            .await?;
        if known.is_some() && path.exists() {
            return Ok(digest);
        }
        let key: Zeroizing<[u8; 32]> = Zeroizing::new(seal::random()?);
        let sealed = seal::seal(&key, bytes, &digest.0)?;
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
            sync_folder(parent);
        }
        // The file first: a row without its file would promise what is not there.
        write_whole(&path, &sealed)?;
        let size = i64::try_from(bytes.len()).map_err(|_| StoreError::Encoding)?;
        let key = key.to_vec();
        sqlx::query!(
            "insert into blob_file (sha256, size, key, created_at) values (?1, ?2, ?3, ?4)
             on conflict (sha256) do update set key = excluded.key",
            sha256,
            size,
            key,
            at
        )
        .execute(&mut writer.db)
        .await?;
        Ok(digest)
    }

    /// The plain bytes of an attached file.
    ///
    /// # Errors
    /// [`Code::AttachmentUnknown`] when there is none, [`Code::AttachmentDamaged`] when it no longer matches.
    pub async fn file(&self, digest: &Digest) -> Result<Vec<u8>, StoreError> {
        let unknown = || Refusal::new(Code::AttachmentUnknown);
        let sha256 = digest.0.to_vec();
        let mut reader = self.reader().await?;
        let key = sqlx::query_scalar!("select key from blob_file where sha256 = ?1", sha256)
            .fetch_optional(&mut *reader)
            .await?;
        let Some(key) = key else {
            drop(reader);
            // An operation refers to it, so some desk has it.
            let waits = self.file_waits(digest).await?;
            return Err(if waits { Refusal::new(Code::SyncFileWaiting) } else { unknown() }.into());
        };
        let key: Zeroizing<[u8; 32]> = Zeroizing::new(key.try_into().map_err(|_| StoreError::Encoding)?);
        let damaged = || Refusal::new(Code::AttachmentDamaged).with("name", digest.hex());
        let sealed = std::fs::read(self.file_path(digest)).map_err(|_| damaged())?;
        let plain = seal::open(&key, &sealed, &digest.0).map_err(|_| damaged())?;
        if Digest::of(&plain) != *digest {
            return Err(damaged().into());
        }
        Ok(plain)
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

    fn file_path(&self, digest: &Digest) -> PathBuf {
        let name = digest.hex();
        let (shelf, _) = name.split_at_checked(2).unwrap_or(("", ""));
        self.folder().blobs().join(shelf).join(&name)
    }
}
