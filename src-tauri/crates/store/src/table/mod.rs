//! One file per table: how it is written from operations, and how it is read.
//!
//! Writes take many rows at once as one JSON list (`json_each`): one statement per table whether one claim is
//! registered or ten thousand policies are imported, several times faster than a statement per row.

pub(crate) mod account;
pub(crate) mod body;
pub(crate) mod claim;
pub(crate) mod complaint;
pub(crate) mod complaint_count;
pub(crate) mod draft;
pub(crate) mod file_ref;
pub(crate) mod meta;
pub(crate) mod operation;
pub(crate) mod party;
pub(crate) mod policy;
pub(crate) mod product;
pub(crate) mod rebuilt;
pub(crate) mod record;
pub(crate) mod relay;
pub(crate) mod shadow;
pub(crate) mod snapshot;
pub(crate) mod stream;
pub(crate) mod typed;

use domain::record::Record;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::error::StoreError;

/// A blob inside a JSON row; SQL turns it back with `unhex`.
pub(crate) fn blob(bytes: &[u8]) -> Value {
    Value::String(domain::digest::hex(bytes))
}

/// An id inside a JSON row.
pub(crate) fn id(id: Uuid) -> Value {
    blob(id.as_bytes())
}

/// A text field, or null when it is empty.
pub(crate) fn optional(record: &Record, field: &str) -> Value {
    record.optional(field).map_or(Value::Null, Value::String)
}

/// Rows as the one parameter of a batched statement.
pub(crate) fn rows(rows: Vec<Value>) -> String {
    Value::Array(rows).to_string()
}

/// The hexadecimal of many ids as a JSON list, for `id in (select unhex(value) from json_each(?1))`.
pub(crate) fn ids(ids: impl IntoIterator<Item = Uuid>) -> String {
    json!(ids.into_iter().map(|id| domain::digest::hex(id.as_bytes())).collect::<Vec<_>>()).to_string()
}

/// An id from its column.
pub(crate) fn uuid(bytes: &[u8]) -> Result<Uuid, StoreError> {
    Uuid::from_slice(bytes).map_err(|_| StoreError::Encoding)
}
