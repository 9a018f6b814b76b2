//! The messages, route by route.
//!
//! `GET /v1/hello`, then signed: `POST /v1/enrol`, `/v1/push`, `/v1/pull`, `/v1/heads`, `/v1/snapshot`,
//! `/v1/files`, `/v1/chunks/missing`; `PUT` and `GET /v1/chunks/{sha256}`, `GET /v1/files/{sha256}`.

use std::collections::BTreeMap;

use domain::digest::{ByteString, Digest};
use domain::settle::{StateDigest, Verdict};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::certificate::Certificate;

/// Answer of `GET /v1/hello`, the first word of each contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// The hub's [`crate::WIRE_SCHEMA`].
    pub schema: u16,
    /// Changes whenever the hub was restored: desks then compare what it holds with what they keep.
    pub epoch: Uuid,
    /// To be signed with each request.
    pub challenge: ByteString,
    /// Milliseconds since 1970 by the hub's clock.
    pub at: i64,
    /// The hub's Ed25519 key; a desk keeps the one it enrolled with and refuses another.
    pub hub_key: ByteString,
}

/// Body of `POST /v1/enrol`, signed with the key it brings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolRequest {
    /// The desk's [`crate::WIRE_SCHEMA`].
    pub schema: u16,
    /// The one-time code of `claims-hub enrol`.
    pub code: String,
    /// The device.
    pub device: Uuid,
    /// Its Ed25519 key, 32 bytes.
    pub public_key: ByteString,
    /// The branch the profile was made for; must be the code's.
    pub stream: String,
    /// The code it drew at first run.
    pub device_code: String,
}

/// Answer of `POST /v1/enrol`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolAnswer {
    /// The hub's schema.
    pub schema: u16,
    /// As in [`Hello`].
    pub epoch: Uuid,
    /// Holds the confirmed or replaced device code.
    pub certificate: Certificate,
    /// 32 bytes, the same for every desk of the branch and for no other branch: seals files of unsent work that are
    /// carried from desk to desk by hand. The hub derives it, such as SHA-256 of its secret key, a purpose and the
    /// stream, so that it need not keep it.
    pub branch_key: ByteString,
}

/// Body of `POST /v1/push`: a run of one device's chain. Another enrolled desk of the branch may bring it (a file
/// carried over by hand, or a hub that lost its newest hours).
///
/// An operation whose id the hub holds already under another number (a desk that was cloned signs what it could not
/// know to be acknowledged again, as a new incarnation) is acknowledged and does not enter the feed a second time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushRequest {
    /// The desk's schema.
    pub schema: u16,
    /// Whose chain.
    pub device: Uuid,
    /// Which incarnation of it.
    pub incarnation: u32,
    /// Number of the first operation.
    pub from_seq: u64,
    /// Operations in canonical CBOR, in order.
    pub operations: Vec<ByteString>,
    /// The maker's certificate, where another desk brings the run: a hub put back to before that desk joined knows it no
    /// more, and its work must not wait in anybody's queue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<Certificate>,
}

/// Why an operation was taken into keeping and not applied. It is acknowledged all the same: a queue never blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ParkReason {
    /// The bytes are no operation.
    Malformed,
    /// Made by a newer version than the hub's.
    Newer,
    /// Hash, commitment or signature do not hold.
    Unsigned,
    /// It does not follow the operation before it.
    Link,
    /// Its stream is not the device's.
    Scope,
    /// Its role is not the one the device was enrolled for.
    Role,
    /// The device was revoked.
    Revoked,
    /// Another operation with its number is known: the database was cloned or restored.
    Fork,
}

/// An operation that was parked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parked {
    /// Its number.
    pub seq: u64,
    /// Why.
    pub reason: ParkReason,
}

/// What became of a push.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PushOutcome {
    /// Everything below `expected` is durable at the hub.
    Taken,
    /// Operations before `from_seq` are missing: push again from `expected` (HTTP 409).
    Gap,
    /// The hub knows other operations under these numbers: go on as this incarnation (HTTP 409).
    Fork {
        /// The first free one.
        incarnation: u32,
    },
}

/// Answer of `POST /v1/push`, given after the commit is durable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushAnswer {
    /// The hub's schema.
    pub schema: u16,
    /// As in [`Hello`].
    pub epoch: Uuid,
    /// What became of it.
    pub outcome: PushOutcome,
    /// The next number the hub expects of this chain.
    pub expected: u64,
    /// What was parked of this push.
    pub parked: Vec<Parked>,
}

/// Body of `POST /v1/pull`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PullRequest {
    /// The desk's schema.
    pub schema: u16,
    /// For each wanted stream the last number applied; zero for none.
    pub cursors: BTreeMap<String, u64>,
    /// At most this many entries in all.
    pub limit: u32,
    /// Whether the desk wants its own operations' bytes too (it lost them).
    pub own: bool,
}

/// One operation as the hub committed it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its number in the stream: dense, from 1.
    pub at: u64,
    /// The operation.
    pub id: Uuid,
    /// Its hash.
    pub hash: Digest,
    /// What the hub decided.
    pub verdict: Verdict,
    /// Milliseconds since 1970 by the hub's clock.
    pub received_at: i64,
    /// Its bytes as signed; left out when the asking desk made it.
    pub operation: Option<ByteString>,
}

/// A run of one stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// The stream.
    pub stream: String,
    /// In order, without gaps, from the cursor on.
    pub entries: Vec<Entry>,
    /// The last number the stream has.
    pub head: u64,
    /// The sum over the stream's records after `head`.
    pub digest: StateDigest,
    /// What the hub signs the log to be at `head`: [`crate::log::Checkpoint`] as a note.
    #[serde(default)]
    pub checkpoint: String,
}

/// Answer of `POST /v1/pull`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PullAnswer {
    /// The hub's schema.
    pub schema: u16,
    /// As in [`Hello`].
    pub epoch: Uuid,
    /// One per wanted stream that the desk may read.
    pub pages: Vec<Page>,
    /// Of the devices whose operations are in the pages.
    pub certificates: Vec<Certificate>,
}

/// How far the hub knows one chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceHead {
    /// The device.
    pub device: Uuid,
    /// Its incarnation.
    pub incarnation: u32,
    /// The last number known.
    pub seq: u64,
    /// The hash of the operation there: a desk's double may have brought another one. None when it could not be read, or
    /// from an older hub.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hash: Option<Digest>,
}

/// Answer of `POST /v1/heads` (empty body): every chain of the asking desk's branch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeadsAnswer {
    /// The hub's schema.
    pub schema: u16,
    /// As in [`Hello`].
    pub epoch: Uuid,
    /// The chains.
    pub heads: Vec<DeviceHead>,
    /// The branch's devices; an older hub tells nothing of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub devices: Vec<SeenDevice>,
}

/// What the hub knows of a device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenDevice {
    /// The device.
    pub device: Uuid,
    /// Its code in case numbers.
    pub device_code: String,
    /// Whether it was shut out.
    pub revoked: bool,
    /// When it last pulled, in milliseconds since 1970 by the hub's clock, to the minute; none before it did.
    pub seen_at: Option<i64>,
}

/// Body of `POST /v1/chunks/missing`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MissingRequest {
    /// SHA-256 of sealed chunks.
    pub chunks: Vec<Digest>,
}

/// Answer of `POST /v1/chunks/missing`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MissingAnswer {
    /// Those the hub does not hold.
    pub chunks: Vec<Digest>,
}

/// Body of `POST /v1/files`, answer of `GET /v1/files/{sha256}`: how a file is put together from its chunks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileManifest {
    /// SHA-256 of the plain bytes.
    pub sha256: Digest,
    /// Plain size in bytes.
    pub size: u64,
    /// The key its chunks are sealed under.
    pub key: ByteString,
    /// SHA-256 of each sealed chunk, in order.
    pub chunks: Vec<Digest>,
}

/// Body of an answer with another status than 200, 409 of a push excepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// A [`domain::Code`] as text; a newer hub may know more of them.
    pub code: String,
}
