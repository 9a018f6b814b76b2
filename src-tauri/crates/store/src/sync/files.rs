//! Attached files on their way to the hub and from it: cut into chunks, each sealed under the file's own key.
//!
//! A chunk's nonce follows from key and position, so the same chunk sealed again has the same name and an interrupted
//! upload goes on where it stopped. The key belongs to one content alone, so no nonce ever meets another text.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use domain::digest::{ByteString, Digest};
use domain::{Code, Refusal};
use wire::{CHUNK, FileManifest};
use zeroize::Zeroizing;

use crate::error::StoreError;
use crate::folder::write_whole;
use crate::store::Store;

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

    /// A file as it travels: its manifest and its sealed chunks.
    ///
    /// # Errors
    /// As [`Store::file`].
    pub async fn file_chunks(&self, file: &Digest) -> Result<(FileManifest, Vec<Vec<u8>>), StoreError> {
        let plain = self.file(file).await?;
        let sha256 = file.0.to_vec();
        let key = sqlx::query_scalar!("select key from blob_file where sha256 = ?1", sha256)
            .fetch_one(&mut *self.reader().await?)
            .await?;
        let key: Zeroizing<[u8; 32]> = Zeroizing::new(key.try_into().map_err(|_| StoreError::Encoding)?);
        let chunks: Vec<Vec<u8>> = plain
            .chunks(CHUNK)
            .enumerate()
            .map(|(index, chunk)| seal_chunk(&key, file, index, chunk))
            .collect::<Result<_, _>>()?;
        let manifest = FileManifest {
            sha256: *file,
            size: plain.len() as u64,
            key: ByteString(key.to_vec()),
            chunks: chunks.iter().map(|chunk| Digest::of(chunk)).collect(),
        };
        Ok((manifest, chunks))
    }

    /// Which chunks of a file are not here yet; those of an interrupted download are.
    pub fn chunks_missing(&self, manifest: &FileManifest) -> Vec<Digest> {
        let kept = |chunk: &&Digest| {
            std::fs::read(self.chunk_path(chunk)).is_ok_and(|bytes| Digest::of(&bytes) == **chunk)
        };
        manifest.chunks.iter().filter(|chunk| !kept(chunk)).copied().collect()
    }

    /// Keeps a sealed chunk until its file is whole.
    ///
    /// # Errors
    /// [`Code::AttachmentDamaged`] when it is not the chunk that was asked for.
    pub fn keep_chunk(&self, chunk: &Digest, bytes: &[u8]) -> Result<(), StoreError> {
        if Digest::of(bytes) != *chunk {
            return Err(Refusal::new(Code::AttachmentDamaged).with("name", chunk.hex()).into());
        }
        let path = self.chunk_path(chunk);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        write_whole(&path, bytes)
    }

    /// Puts a file together from its chunks and takes it in.
    ///
    /// # Errors
    /// [`Code::AttachmentDamaged`] when it is not what the operations refer to.
    pub async fn take_file(&self, manifest: &FileManifest, at: &str) -> Result<(), StoreError> {
        let damaged = || Refusal::new(Code::AttachmentDamaged).with("name", manifest.sha256.hex());
        let key: [u8; 32] = manifest.key.0.clone().try_into().map_err(|_| damaged())?;
        let key = Zeroizing::new(key);
        let mut plain = Vec::new();
        for (index, chunk) in manifest.chunks.iter().enumerate() {
            let sealed = std::fs::read(self.chunk_path(chunk))?;
            plain.extend(open_chunk(&key, &manifest.sha256, index, &sealed).map_err(|_| damaged())?);
        }
        if Digest::of(&plain) != manifest.sha256 {
            return Err(damaged().into());
        }
        self.put_file(&plain, at).await?;
        self.file_sent(&manifest.sha256, at).await?;
        for chunk in &manifest.chunks {
            // A chunk that cannot be removed costs room and nothing else.
            if let Err(error) = std::fs::remove_file(self.chunk_path(chunk)) {
                tracing::debug!(kind = ?error.kind(), "a chunk stays");
            }
        }
        Ok(())
    }

    fn chunk_path(&self, chunk: &Digest) -> std::path::PathBuf {
        self.folder().path().join("chunks").join(chunk.hex())
    }
}

fn digest(bytes: Vec<u8>) -> Result<Digest, StoreError> {
    Ok(Digest(bytes.try_into().map_err(|_| StoreError::Encoding)?))
}

fn nonce(key: &[u8; 32], index: u64) -> XNonce {
    let whole = Digest::of(&[b"claims-desk chunk 1\n".as_slice(), key, &index.to_be_bytes()].concat()).0;
    let mut nonce = [0; 24];
    nonce.iter_mut().zip(whole).for_each(|(byte, value)| *byte = value);
    XNonce::from(nonce)
}

fn context(file: &Digest, index: u64) -> Vec<u8> {
    [file.0.as_slice(), &index.to_be_bytes()].concat()
}

fn seal_chunk(key: &[u8; 32], file: &Digest, index: usize, plain: &[u8]) -> Result<Vec<u8>, StoreError> {
    let index = index as u64;
    XChaCha20Poly1305::new(key.into())
        .encrypt(&nonce(key, index), Payload { msg: plain, aad: &context(file, index) })
        .map_err(|_| StoreError::Sealed)
}

fn open_chunk(key: &[u8; 32], file: &Digest, index: usize, sealed: &[u8]) -> Result<Vec<u8>, StoreError> {
    let index = index as u64;
    XChaCha20Poly1305::new(key.into())
        .decrypt(&nonce(key, index), Payload { msg: sealed, aad: &context(file, index) })
        .map_err(|_| StoreError::Sealed)
}
