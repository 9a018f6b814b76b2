//! An attached file as it lies in the profile and as it travels: chunks of [`CHUNK`] plain bytes, each sealed under the
//! file's own key, so that no more than one of them is ever in memory.
//!
//! On disk the chunks follow one another after [`FIRST`]. A file without it was sealed whole, by a version that knew no
//! chunks; it still opens. (There the first bytes are a random nonce, which is not [`FIRST`] by chance.)
//!
//! A chunk's nonce follows from key and position, so the same chunk sealed again has the same name and an interrupted
//! upload goes on where it stopped. The key belongs to one content alone, so no nonce ever meets another text.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;

use domain::digest::Digest;
use sealing::{NONCE, TAG};
use sha2::{Digest as _, Sha256};
use wire::CHUNK;
use zeroize::Zeroizing;

use crate::error::StoreError;
use crate::seal;

/// What a file in chunks begins with.
pub(crate) const FIRST: &[u8; 24] = b"claims-desk file chunks\n";
/// The key a file is sealed under.
pub(crate) type FileKey = Zeroizing<[u8; 32]>;

/// How many chunks a file of a size has.
pub(crate) fn chunk_count(size: u64) -> u64 {
    size.div_ceil(CHUNK as u64)
}

/// How many plain bytes a chunk of a file holds; none behind the last one.
fn plain_length(size: u64, index: u64) -> usize {
    let before = index.saturating_mul(CHUNK as u64);
    usize::try_from(size.saturating_sub(before)).map_or(CHUNK, |left| left.min(CHUNK))
}

/// How many bytes a sealed chunk has.
pub(crate) fn sealed_length(size: u64, index: u64) -> usize {
    plain_length(size, index) + TAG
}

/// Where a sealed chunk begins on the disk.
pub(crate) fn offset(index: u64) -> u64 {
    FIRST.len() as u64 + index * (CHUNK + TAG) as u64
}

/// How many bytes a whole file in chunks has on the disk.
fn length(size: u64) -> u64 {
    FIRST.len() as u64 + size + chunk_count(size) * TAG as u64
}

fn nonce(key: &FileKey, index: u64) -> [u8; NONCE] {
    let told =
        Zeroizing::new([b"claims-desk chunk 1\n".as_slice(), key.as_slice(), &index.to_be_bytes()].concat());
    let whole = Digest::of(&told).0;
    let mut nonce = [0; NONCE];
    nonce.iter_mut().zip(whole).for_each(|(byte, value)| *byte = value);
    nonce
}

fn context(file: &Digest, index: u64) -> Vec<u8> {
    [file.0.as_slice(), &index.to_be_bytes()].concat()
}

/// Seals a chunk.
pub(crate) fn seal_chunk(
    key: &FileKey,
    file: &Digest,
    index: u64,
    plain: &[u8],
) -> Result<Vec<u8>, StoreError> {
    sealing::seal(key, nonce(key, index), plain, &context(file, index)).map_err(|_| StoreError::Sealed)
}

fn open_chunk(key: &FileKey, file: &Digest, index: u64, sealed: &[u8]) -> Result<Vec<u8>, StoreError> {
    sealing::open(key, nonce(key, index), sealed, &context(file, index)).map_err(|_| StoreError::Sealed)
}

/// Reads until the buffer is full or nothing is left.
fn fill(from: &mut impl Read, buffer: &mut [u8]) -> std::io::Result<usize> {
    let mut filled = 0;
    while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match from.read(rest) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// SHA-256 and length of what can be read.
pub(crate) fn measure(from: &mut impl Read) -> Result<(Digest, u64), StoreError> {
    let (mut sum, mut size) = (Sha256::new(), 0);
    let mut buffer = vec![0; 256 * 1024];
    loop {
        let count = fill(from, &mut buffer)?;
        let Some(part) = buffer.get(..count).filter(|part| !part.is_empty()) else { break };
        sum.update(part);
        size += part.len() as u64;
    }
    Ok((Digest(sum.finalize().into()), size))
}

/// Writes what can be read, sealed in chunks, and waits for the disk. Returns what was read: SHA-256 and length.
pub(crate) fn write(
    path: &Path,
    key: &FileKey,
    file: &Digest,
    from: &mut impl Read,
) -> Result<(Digest, u64), StoreError> {
    let mut target = File::create(path)?;
    target.write_all(FIRST)?;
    let (mut sum, mut size) = (Sha256::new(), 0);
    let mut buffer = Zeroizing::new(vec![0; CHUNK]);
    for index in 0.. {
        let count = fill(from, &mut buffer)?;
        let Some(plain) = buffer.get(..count).filter(|plain| !plain.is_empty()) else { break };
        sum.update(plain);
        size += plain.len() as u64;
        target.write_all(&seal_chunk(key, file, index, plain)?)?;
    }
    target.sync_all()?;
    Ok((Digest(sum.finalize().into()), size))
}

/// A sealed file that is open for reading.
pub(crate) struct SealedFile {
    file: Digest,
    key: FileKey,
    size: u64,
    body: Body,
}

enum Body {
    Chunks(File),
    /// Sealed whole: never larger than what the counter takes.
    Whole(Zeroizing<Vec<u8>>),
}

impl SealedFile {
    /// Opens a file whose size and key are known.
    ///
    /// # Errors
    /// When it cannot be read, or is visibly not that file.
    pub(crate) fn open(path: &Path, file: &Digest, key: FileKey, size: u64) -> Result<Self, StoreError> {
        let mut opened = File::open(path)?;
        let mut first = [0; FIRST.len()];
        let count = fill(&mut opened, &mut first)?;
        let body = if count == first.len() && first == *FIRST {
            if opened.metadata()?.len() != length(size) {
                return Err(StoreError::Sealed);
            }
            Body::Chunks(opened)
        } else {
            opened.seek(SeekFrom::Start(0))?;
            let mut sealed = Vec::new();
            // What sealing whole adds: a nonce and a tag.
            opened.take(size + (FIRST.len() + TAG) as u64 + 1).read_to_end(&mut sealed)?;
            let plain = Zeroizing::new(seal::open(&key, &sealed, &file.0)?);
            if plain.len() as u64 != size {
                return Err(StoreError::Sealed);
            }
            Body::Whole(plain)
        };
        Ok(SealedFile { file: *file, key, size, body })
    }

    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    pub(crate) fn key(&self) -> &FileKey {
        &self.key
    }

    pub(crate) fn chunks(&self) -> u64 {
        chunk_count(self.size)
    }

    /// A chunk as it travels.
    pub(crate) fn sealed(&mut self, index: u64) -> Result<Vec<u8>, StoreError> {
        match &mut self.body {
            Body::Chunks(file) => read_sealed(file, self.size, index),
            Body::Whole(plain) => seal_chunk(&self.key, &self.file, index, part(plain, self.size, index)),
        }
    }

    /// A chunk's plain bytes.
    pub(crate) fn plain(&mut self, index: u64) -> Result<Vec<u8>, StoreError> {
        match &mut self.body {
            Body::Chunks(file) => {
                let sealed = read_sealed(file, self.size, index)?;
                open_chunk(&self.key, &self.file, index, &sealed)
            }
            Body::Whole(plain) => Ok(part(plain, self.size, index).to_vec()),
        }
    }
}

/// Reads a sealed chunk from the disk.
pub(crate) fn read_sealed(file: &mut File, size: u64, index: u64) -> Result<Vec<u8>, StoreError> {
    let mut sealed = vec![0; sealed_length(size, index)];
    file.seek(SeekFrom::Start(offset(index)))?;
    file.read_exact(&mut sealed)?;
    Ok(sealed)
}

fn part(plain: &[u8], size: u64, index: u64) -> &[u8] {
    let start = usize::try_from(index).unwrap_or(usize::MAX).saturating_mul(CHUNK);
    plain.get(start..start.saturating_add(plain_length(size, index))).unwrap_or_default()
}

/// Reads an attached file chunk by chunk. The last read fails when the bytes are not those the file is named after.
pub struct FileReader {
    file: SealedFile,
    next: u64,
    plain: Zeroizing<Vec<u8>>,
    read: usize,
    sum: Sha256,
}

impl FileReader {
    pub(crate) fn new(file: SealedFile) -> Self {
        FileReader { file, next: 0, plain: Zeroizing::default(), read: 0, sum: Sha256::new() }
    }

    /// How many bytes there are.
    pub fn size(&self) -> u64 {
        self.file.size()
    }
}

impl Read for FileReader {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let damaged = || std::io::Error::from(std::io::ErrorKind::InvalidData);
        if self.read == self.plain.len() {
            if self.next == self.file.chunks() {
                let whole: [u8; 32] = self.sum.clone().finalize().into();
                return if whole == self.file.file.0 { Ok(0) } else { Err(damaged()) };
            }
            // The old chunk goes before the next one comes.
            self.plain = Zeroizing::default();
            self.plain = Zeroizing::new(self.file.plain(self.next).map_err(|_| damaged())?);
            self.sum.update(&*self.plain);
            (self.next, self.read) = (self.next + 1, 0);
        }
        let left = self.plain.get(self.read..).unwrap_or_default();
        let count = left.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..count), left.get(..count)) {
            to.copy_from_slice(from);
        }
        self.read += count;
        Ok(count)
    }
}
