//! The hub: receives what the desks of each branch did, puts it into one order, and hands it out.
//!
//! Any number of processes on one PostgreSQL are one hub; what lasts is in its tables and in the object store. Nothing
//! a request holds can make it answer with a 5xx: that is kept for a database or store that fails.

mod accept;
mod auth;
mod backup;
pub mod decide;
mod enrolment;
mod error;
mod metrics;
mod overview;
mod publish;
mod push;
mod quarantine;
mod route;
mod serve;
mod snapshot;
mod state;
mod table;
mod verify;

pub use backup::{backup, restore};
pub use enrolment::{CODE_MILLIS, make_code};
pub use error::HubError;
pub use metrics::Metrics;
pub use overview::{ConflictLine, DeviceLine, conflicts, devices, revoke};
pub use publish::{Publication, PublishedFiles, publish, publish_files, published};
pub use quarantine::{ParkedLine, Released, list as quarantine, release};
pub use route::router;
pub use serve::{address, serve, tls};
pub use snapshot::{keep_snapshots, make_snapshot};
pub use state::{Clock, Hub, connect, migrate, open_files, system_clock};
pub use verify::{Report, verify};
