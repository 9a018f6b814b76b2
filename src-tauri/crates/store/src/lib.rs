//! The encrypted local database: operation log, outbox, records, search, attached files, key slots.
//!
//! The only crate besides the hub that contains SQL, and the only one that handles key bytes.

mod backup;
mod blob_file;
mod checkpoint;
mod db;
mod error;
mod folder;
mod keys;
mod outbox;
mod read;
mod seal;
mod sealed_file;
mod search;
mod store;
mod sync;
mod table;
mod verify;
mod write;

pub use backup::{BackupReport, LocalFact};
pub use error::StoreError;
pub use folder::{Folder, FolderState};
pub use keys::{RecoveryCode, RootKey};
pub use sealed_file::FileReader;
pub use search::{SearchHit, SearchKind, SearchText};
pub use store::{Created, Opened, Store, Unlock, newest_code};
pub use sync::{Acknowledged, Applied, Hub, Incident, ParkedOperation, SyncFacts, Took};
pub use table::claim::{COUNT_LIMIT, ClaimListed, ClaimQuery};
pub use table::complaint::{ComplaintListed, ComplaintQuery};
pub use table::complaint_count::ComplaintCounted;
pub use table::draft::DraftListed;
pub use table::operation::UnsentListed;
pub use verify::{Fault, FaultKind, Verification};
pub use write::{Edit, NewOperation};
