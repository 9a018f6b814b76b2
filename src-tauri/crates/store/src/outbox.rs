//! The second copy of every operation no hub has acknowledged yet.
//!
//! A flipped bit in SQLite's write-ahead log drops committed rows without an error (sync.md §0.2), so an
//! operation is written and synced here before the database commits it. A frame is
//! `length (4 bytes, little end first) | seal`, the seal's context being the frame before it: frames cannot be
//! dropped, swapped or altered unnoticed. A commit that failed is followed by a cancel frame. The key of an attached file
//! lies here too: an operation put back would else speak of a file that nobody can open any more.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use domain::digest::{ByteString, Digest};
use domain::operation::Operation;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use zeroize::{Zeroize as _, Zeroizing};

use crate::error::StoreError;
use crate::folder::sync_folder;
use crate::seal;

#[derive(Serialize, Deserialize)]
enum Frame {
    Operation(Box<Operation>),
    /// The database did not take these.
    Cancel(Vec<Uuid>),
    /// A file that was sealed.
    File(FileRow),
}

/// What the database knows of an attached file.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FileRow {
    /// SHA-256 of its plain bytes.
    pub(crate) sha256: Digest,
    /// Plain size in bytes.
    pub(crate) size: u64,
    /// The key it is sealed under.
    pub(crate) key: ByteString,
}

impl Drop for FileRow {
    fn drop(&mut self) {
        self.key.0.zeroize();
    }
}

/// A frame larger than this was never written: a length field is damaged.
const FRAME_LIMIT: u32 = 64 * 1024 * 1024;

/// The open outbox file.
pub(crate) struct Outbox {
    path: PathBuf,
    file: File,
    key: Zeroizing<[u8; 32]>,
    /// Digest of the last frame's sealed bytes; zeros at the start.
    tail: Digest,
    /// Where the next frame goes.
    end: u64,
}

/// What the file held when it was opened.
pub(crate) struct Found {
    /// Operations written and not cancelled, in order.
    pub(crate) operations: Vec<Operation>,
    /// Files sealed.
    pub(crate) files: Vec<FileRow>,
    /// Whether bytes at the end had to be cut: a write that never finished, or damage.
    pub(crate) cut: u64,
}

impl Outbox {
    /// Opens or creates the file and reads what it holds; an unfinished last frame is cut off.
    pub(crate) fn open(path: &Path, key: Zeroizing<[u8; 32]>) -> Result<(Self, Found), StoreError> {
        let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let mut outbox = Outbox { path: path.to_owned(), file, key, tail: Digest::default(), end: 0 };
        let (mut operations, mut files): (Vec<Operation>, Vec<FileRow>) = Default::default();
        let mut rest = bytes.as_slice();
        while let Some((sealed, after)) = split_frame(rest) {
            let Ok(frame) = outbox.read_frame(sealed) else { break };
            match frame {
                Frame::Operation(operation) => {
                    // Signed again as a new incarnation: the later signature counts.
                    operations.retain(|known| known.id != operation.id);
                    operations.push(*operation);
                }
                Frame::Cancel(ids) => operations.retain(|operation| !ids.contains(&operation.id)),
                Frame::File(file) => files.push(file),
            }
            outbox.tail = Digest::of(sealed);
            outbox.end += (rest.len() - after.len()) as u64;
            rest = after;
        }
        let cut = bytes.len() as u64 - outbox.end;
        if cut > 0 {
            // Kept beside the file: it may still say what was lost.
            std::fs::write(path.with_extension("cut"), rest)?;
            outbox.file.set_len(outbox.end)?;
            outbox.file.sync_all()?;
        }
        Ok((outbox, Found { operations, files, cut }))
    }

    fn read_frame(&self, sealed: &[u8]) -> Result<Frame, StoreError> {
        let plain = Zeroizing::new(seal::open(&self.key, sealed, &self.tail.0)?);
        ciborium::from_reader(plain.as_slice()).map_err(|_| StoreError::Encoding)
    }

    /// Writes operations and waits until the disk has them.
    pub(crate) fn append(&mut self, operations: &[Operation]) -> Result<(), StoreError> {
        self.write(frames(operations).collect())
    }

    /// As [`Outbox::append`] for a file.
    pub(crate) fn append_file(&mut self, file: FileRow) -> Result<(), StoreError> {
        self.write(vec![Frame::File(file)])
    }

    /// Takes back operations that the database refused.
    pub(crate) fn cancel(&mut self, operations: &[Operation]) -> Result<(), StoreError> {
        self.write(vec![Frame::Cancel(operations.iter().map(|operation| operation.id).collect())])
    }

    /// Replaces the file by one that holds these only. A power cut leaves the old file or the new one.
    pub(crate) fn rewrite(
        &mut self,
        operations: &[Operation],
        files: Vec<FileRow>,
    ) -> Result<(), StoreError> {
        let path = self.path.with_extension("new");
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(true).open(&path)?;
        let key = self.key.clone();
        let mut fresh = Outbox { path: self.path.clone(), file, key, tail: Digest::default(), end: 0 };
        fresh.write(files.into_iter().map(Frame::File).chain(frames(operations)).collect())?;
        fresh.file.sync_all()?;
        std::fs::rename(&path, &self.path)?;
        sync_folder(&self.path);
        *self = fresh;
        Ok(())
    }

    fn write(&mut self, frames: Vec<Frame>) -> Result<(), StoreError> {
        let mut tail = self.tail;
        let mut bytes = Vec::new();
        for frame in frames {
            let mut plain = Zeroizing::new(Vec::new());
            ciborium::into_writer(&frame, &mut *plain).map_err(|_| StoreError::Encoding)?;
            let sealed = seal::seal(&self.key, &plain, &tail.0)?;
            let length = u32::try_from(sealed.len()).map_err(|_| StoreError::Encoding)?;
            if length > FRAME_LIMIT {
                return Err(StoreError::Encoding);
            }
            bytes.extend(length.to_le_bytes());
            bytes.extend(&sealed);
            tail = Digest::of(&sealed);
        }
        self.file.seek(SeekFrom::Start(self.end))?;
        let written = self.file.write_all(&bytes).and_then(|()| self.file.sync_data());
        if let Err(error) = written {
            // A half-written frame (a full disk) must not hide the frames written after it.
            self.file.set_len(self.end)?;
            return Err(error.into());
        }
        self.tail = tail;
        self.end += bytes.len() as u64;
        Ok(())
    }
}

fn frames(operations: &[Operation]) -> impl Iterator<Item = Frame> {
    operations.iter().map(|operation| Frame::Operation(Box::new(operation.clone())))
}

fn split_frame(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    let length = u32::from_le_bytes(*length);
    if length > FRAME_LIMIT {
        return None;
    }
    rest.split_at_checked(usize::try_from(length).ok()?)
}
