//! A stream's records as they stand at one number, in sealed chunks: what a desk that never followed the stream begins
//! with, in place of every operation since the first.
//!
//! A chunk is a sequence of CBOR items (RFC 8742), one a record, deflated and sealed. Key and nonces follow from the
//! stream's state and the hub's secret, so the same snapshot made twice has the same chunks.

use domain::digest::{ByteString, Digest};
use domain::record::{Record, Records};
use domain::settle::StateDigest;
use sealing::{KEY, NONCE};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::encoding::{WireError, pack, unpack};
use crate::log::{Checkpoint, Tree, origin};
use crate::message::DeviceHead;

/// Bytes of records in one chunk before packing; the last record may go over it.
pub const CHUNK_BYTES: usize = 1024 * 1024;

/// What a snapshot is put together from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The stream.
    pub stream: String,
    /// The number of the last operation in it.
    pub seq: u64,
    /// The sum over its records.
    pub digest: StateDigest,
    /// The stream's log up to there ([`Tree::to_bytes`]).
    pub tree: ByteString,
    /// The hub's signed word about that log, as a note.
    pub checkpoint: String,
    /// How far each chain of the stream goes.
    pub heads: Vec<DeviceHead>,
    /// How many records.
    pub records: u64,
    /// The key its chunks are sealed under, 32 bytes.
    pub key: ByteString,
    /// SHA-256 of each sealed chunk, in order.
    pub chunks: Vec<Digest>,
}

/// Answer of `POST /v1/snapshot` (empty body): the newest one of the asking desk's branch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotAnswer {
    /// The hub's schema.
    pub schema: u16,
    /// As in [`crate::Hello`].
    pub epoch: Uuid,
    /// None where following the stream is as fast.
    pub snapshot: Option<Snapshot>,
}

impl Snapshot {
    /// The log of the stream at this number, if the hub with this key signed it.
    ///
    /// # Errors
    /// [`WireError::Unsigned`], and [`WireError::Malformed`] when its parts do not fit each other.
    pub fn log(&self, hub_key: &[u8]) -> Result<Tree, WireError> {
        let said = Checkpoint::open(&self.checkpoint, hub_key)?;
        let tree = Tree::from_bytes(&self.tree.0).ok_or(WireError::Malformed)?;
        if said.origin != origin(hub_key, &self.stream) {
            return Err(WireError::Unsigned);
        }
        let same = (said.size, said.root) == (tree.size(), tree.root()) && said.size == self.seq;
        if same { Ok(tree) } else { Err(WireError::Malformed) }
    }

    /// Opens a chunk and reads its records.
    ///
    /// # Errors
    /// [`WireError::Malformed`] when a bit of it is another one, or it is not this chunk.
    pub fn open(&self, index: usize, sealed: &[u8]) -> Result<Records, WireError> {
        let named = self.chunks.get(index).is_some_and(|name| *name == Digest::of(sealed));
        let key: &[u8; KEY] = self.key.0.as_slice().try_into().map_err(|_| WireError::Malformed)?;
        if !named {
            return Err(WireError::Malformed);
        }
        let packed = sealing::open(key, nonce(key, index), sealed, self.stream.as_bytes())
            .map_err(|_| WireError::Malformed)?;
        let plain = unpack(&packed)?;
        let (mut rest, mut records) = (plain.as_slice(), Records::new());
        while !rest.is_empty() {
            let (kind, id, fields): (String, Uuid, _) =
                ciborium::from_reader(&mut rest).map_err(|_| WireError::Malformed)?;
            records.insert((kind, id), Record { fields });
        }
        Ok(records)
    }
}

fn nonce(key: &[u8; KEY], index: usize) -> [u8; NONCE] {
    let told = [b"claims-desk snapshot chunk 1\n", key.as_slice(), &(index as u64).to_be_bytes()].concat();
    let whole = Digest::of(&told).0;
    let mut nonce = [0; NONCE];
    nonce.iter_mut().zip(whole).for_each(|(byte, value)| *byte = value);
    nonce
}

/// Makes the chunks of a snapshot, one after the other.
#[derive(Debug)]
pub struct Packer {
    snapshot: Snapshot,
    key: [u8; KEY],
    part: Vec<u8>,
    chunk_bytes: usize,
}

impl Packer {
    /// Of a stream at one moment: its log, the hub's word about it, the sum over its records, its chains. `secret` is
    /// known to the hub alone.
    pub fn new(
        stream: &str,
        (tree, checkpoint): (&Tree, String),
        digest: StateDigest,
        heads: Vec<DeviceHead>,
        secret: &[u8],
    ) -> Self {
        // Another history or another sum is another key: no nonce meets two texts, whatever a restored hub makes.
        let told = [
            b"claims-desk snapshot key 1\n".as_slice(),
            secret,
            stream.as_bytes(),
            checkpoint.as_bytes(),
            &digest.0.0,
        ];
        let key = Digest::of(&told.concat()).0;
        let snapshot = Snapshot {
            stream: stream.to_owned(),
            seq: tree.size(),
            digest,
            tree: ByteString(tree.to_bytes()),
            checkpoint,
            heads,
            records: 0,
            key: ByteString(key.to_vec()),
            chunks: Vec::new(),
        };
        Packer { snapshot, key, part: Vec::new(), chunk_bytes: CHUNK_BYTES }
    }

    /// With chunks of another size: a few records make a snapshot of several.
    #[must_use]
    pub fn in_chunks_of(self, chunk_bytes: usize) -> Self {
        Packer { chunk_bytes, ..self }
    }

    /// Adds a record; gives a chunk when one is full.
    ///
    /// # Errors
    /// When the record cannot be written.
    pub fn add(&mut self, kind: &str, id: Uuid, record: &Record) -> Result<Option<Vec<u8>>, WireError> {
        let row = (kind, id, &record.fields);
        ciborium::into_writer(&row, &mut self.part).map_err(|_| WireError::Malformed)?;
        self.snapshot.records += 1;
        if self.part.len() < self.chunk_bytes { Ok(None) } else { self.seal().map(Some) }
    }

    /// The last chunk, if there is one, and what the snapshot is put together from.
    ///
    /// # Errors
    /// When it cannot be sealed.
    pub fn finish(mut self) -> Result<(Option<Vec<u8>>, Snapshot), WireError> {
        let last = if self.part.is_empty() { None } else { Some(self.seal()?) };
        Ok((last, self.snapshot))
    }

    fn seal(&mut self) -> Result<Vec<u8>, WireError> {
        let packed = pack(&std::mem::take(&mut self.part))?;
        let index = self.snapshot.chunks.len();
        let context = self.snapshot.stream.as_bytes();
        let sealed = sealing::seal(&self.key, nonce(&self.key, index), &packed, context)
            .map_err(|_| WireError::TooLarge)?;
        self.snapshot.chunks.push(Digest::of(&sealed));
        Ok(sealed)
    }
}

#[cfg(test)]
mod tests {
    use domain::record::Field;
    use ed25519_dalek::SigningKey;

    use super::*;

    const STREAM: &str = "SH01";

    fn records(count: u128) -> Records {
        (0..count)
            .map(|number| {
                let value = "损失经过".repeat(200).into();
                let field = Field { value, revision: Uuid::from_u128(number) };
                let fields = [("story".to_owned(), field)].into();
                (("claim".to_owned(), Uuid::from_u128(number)), Record { fields })
            })
            .collect()
    }

    fn made(records: &Records) -> (Snapshot, Vec<Vec<u8>>, SigningKey) {
        let key = SigningKey::from_bytes(&[7; 32]);
        let mut tree = Tree::default();
        tree.push(Digest([1; 32]));
        let origin = origin(&key.verifying_key().to_bytes(), STREAM);
        let note = Checkpoint { origin, size: tree.size(), root: tree.root() }.sign(&key);
        let mut digest = StateDigest::default();
        digest.add_all(records).unwrap();
        let mut packer = Packer::new(STREAM, (&tree, note), digest, Vec::new(), b"secret");
        let mut chunks = Vec::new();
        for ((kind, id), record) in records {
            chunks.extend(packer.add(kind, *id, record).unwrap());
        }
        let (last, snapshot) = packer.finish().unwrap();
        chunks.extend(last);
        (snapshot, chunks, key)
    }

    #[test]
    fn what_was_packed_is_read_again_chunk_by_chunk() {
        let records = records(2_000);
        let (snapshot, chunks, key) = made(&records);
        assert!(chunks.len() > 2 && chunks.len() == snapshot.chunks.len(), "{} chunks", chunks.len());
        assert_eq!(snapshot.records, 2_000);
        let (mut read, mut digest) = (Records::new(), StateDigest::default());
        for (index, chunk) in chunks.iter().enumerate() {
            let part = snapshot.open(index, chunk).unwrap();
            digest.add_all(&part).unwrap();
            read.extend(part);
        }
        assert_eq!((read, digest), (records.clone(), snapshot.digest));
        assert_eq!(snapshot.log(&key.verifying_key().to_bytes()).unwrap().size(), 1);
        assert_eq!(made(&records).1, chunks, "made again it is the same");
    }

    #[test]
    fn an_empty_stream_has_no_chunks() {
        let (snapshot, chunks, _) = made(&Records::new());
        assert!(chunks.is_empty() && snapshot.chunks.is_empty());
    }

    #[test]
    fn another_bit_place_stream_or_hub_is_told() {
        let (snapshot, chunks, key) = made(&records(1_500));
        let public = key.verifying_key().to_bytes();
        assert_eq!(snapshot.open(1, &chunks[0]), Err(WireError::Malformed), "another place");
        for at in (0..chunks[0].len()).step_by(chunks[0].len() / 40) {
            let mut flipped = chunks[0].clone();
            flipped[at] ^= 4;
            assert_eq!(snapshot.open(0, &flipped), Err(WireError::Malformed));
            // Also when whoever flipped it named it anew: the seal holds for itself.
            let mut renamed = snapshot.clone();
            renamed.chunks[0] = Digest::of(&flipped);
            assert_eq!(renamed.open(0, &flipped), Err(WireError::Malformed));
        }
        let moved = Snapshot { stream: "SH02".into(), ..snapshot.clone() };
        assert_eq!(moved.open(0, &chunks[0]), Err(WireError::Malformed));
        assert_eq!(moved.log(&public), Err(WireError::Unsigned));
        assert_eq!(snapshot.log(&[3; 32]), Err(WireError::Unsigned));
        let later = Snapshot { seq: 2, ..snapshot };
        assert_eq!(later.log(&public), Err(WireError::Malformed));
    }
}
