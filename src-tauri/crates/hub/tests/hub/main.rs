//! The hub on a real PostgreSQL, through HTTP.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests say what went wrong")]

mod admin;
mod conflict;
mod desk;
mod files;
mod hostile;
mod order;
mod program;
mod push;
mod server;
mod snapshot;
mod storm;
