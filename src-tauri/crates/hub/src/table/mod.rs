//! The SQL, one file per table.
//!
//! Run-time queries, not the compile-checked macros: those need a PostgreSQL wherever `.sqlx` is written. Every text is
//! a literal, and the tests run every statement on a real server.

pub(crate) mod chain;
pub(crate) mod chunk;
pub(crate) mod device;
pub(crate) mod enrolment;
pub(crate) mod file;
pub(crate) mod head;
pub(crate) mod hub;
pub(crate) mod log;
pub(crate) mod operation;
pub(crate) mod record;
pub(crate) mod seen;
pub(crate) mod snapshot;

use domain::digest::Digest;

use crate::error::HubError;

pub(crate) fn digest(bytes: Vec<u8>) -> Result<Digest, HubError> {
    bytes.try_into().map(Digest).map_err(|_| HubError::Row("a hash"))
}

pub(crate) fn signed(number: u64) -> Result<i64, HubError> {
    i64::try_from(number).map_err(|_| HubError::Row("a number"))
}

pub(crate) fn unsigned(number: i64) -> Result<u64, HubError> {
    u64::try_from(number).map_err(|_| HubError::Row("a number"))
}

pub(crate) fn incarnation(number: i64) -> Result<u32, HubError> {
    u32::try_from(number).map_err(|_| HubError::Row("an incarnation"))
}
