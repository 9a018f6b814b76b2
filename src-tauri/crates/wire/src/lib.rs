//! What desk and hub say to each other over HTTP: CBOR, deflated, one struct per message.
//!
//! Operations travel as the bytes their desk signed, so fields of a newer version pass through an older hub or desk
//! unharmed. Every message carries the schema of its sender. No IO here.

mod auth;
mod certificate;
mod encoding;
pub mod log;
mod message;
pub mod outgoing;
pub mod page;
pub mod snapshot;
pub mod spread;

pub use auth::{Asked, CHALLENGE_SECONDS, DEVICE_HEADER, challenge, challenge_age, sign, verify};
pub use auth::{CHALLENGE_HEADER, SIGNATURE_HEADER};
pub use certificate::{Certificate, CertificateBody};
pub use encoding::{MESSAGE_LIMIT, WireError, decode, encode};
pub use message::{
    DeviceHead, EnrolAnswer, EnrolRequest, Entry, FileManifest, HeadsAnswer, Hello, MissingAnswer,
    MissingRequest, Page, ParkReason, Parked, PullAnswer, PullRequest, PushAnswer, PushOutcome, PushRequest,
    Refused, SeenDevice,
};
pub use snapshot::{Snapshot, SnapshotAnswer};

/// The version of the messages.
pub const WIRE_SCHEMA: u16 = 1;

/// The stream of reference data that every desk receives; a branch code has no such character.
pub const ORGANISATION: &str = "@org";

/// Bytes of one chunk of an attached file, before sealing (sync.md, Attachments).
pub const CHUNK: usize = 4 * 1024 * 1024;
