//! What can go wrong in the store, and how it is told to a person.

use domain::{Code, Refusal};

/// An error of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A rule said no; the sentence is ready.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The database said no.
    #[error("database: {0}")]
    Sql(#[from] sqlx::Error),
    /// A file could not be read or written.
    #[error("file: {0}")]
    Io(#[from] std::io::Error),
    /// Something sealed did not open: a wrong key or damage.
    #[error("sealed data does not open")]
    Sealed,
    /// A value could not be written as CBOR or JSON.
    #[error("a value cannot be encoded")]
    Encoding,
}

impl From<domain::digest::CborError> for StoreError {
    fn from(_: domain::digest::CborError) -> Self {
        StoreError::Encoding
    }
}

impl From<serde_json::Error> for StoreError {
    fn from(_: serde_json::Error) -> Self {
        StoreError::Encoding
    }
}

impl From<StoreError> for Refusal {
    /// The inner cause is logged, not shown: it may carry what was being written.
    fn from(error: StoreError) -> Refusal {
        match error {
            StoreError::Refused(refusal) => refusal,
            StoreError::Io(error) => io_refusal(&error),
            StoreError::Sql(error) => sql_refusal(&error),
            StoreError::Sealed => Refusal::new(Code::StorageDatabaseDamaged).with("reason", "seal"),
            StoreError::Encoding => Refusal::new(Code::StorageFailed).with("reason", "encoding"),
        }
    }
}

fn io_refusal(error: &std::io::Error) -> Refusal {
    tracing::error!(kind = ?error.kind(), "a file operation failed");
    match error.kind() {
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => {
            Refusal::new(Code::StorageDiskFull)
        }
        std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => {
            Refusal::new(Code::StorageFolderReadOnly).with("reason", error.kind())
        }
        kind => Refusal::new(Code::StorageFailed).with("reason", kind),
    }
}

/// SQLite's primary result codes (sqlite.org/rescode.html).
const SQLITE_IOERR: i32 = 10;
const SQLITE_CORRUPT: i32 = 11;
const SQLITE_FULL: i32 = 13;
const SQLITE_READONLY: i32 = 8;
const SQLITE_NOTADB: i32 = 26;

fn sql_refusal(error: &sqlx::Error) -> Refusal {
    let code = error
        .as_database_error()
        .and_then(|error| error.code())
        .and_then(|code| code.parse::<i32>().ok())
        .map(|code| code & 0xff);
    tracing::error!(code, "the database refused");
    match code {
        Some(SQLITE_FULL) => Refusal::new(Code::StorageDiskFull),
        Some(SQLITE_READONLY) => Refusal::new(Code::StorageFolderReadOnly).with("reason", "read-only"),
        Some(SQLITE_NOTADB | SQLITE_CORRUPT) => {
            Refusal::new(Code::StorageDatabaseDamaged).with("reason", format!("SQLite {}", code.unwrap_or(0)))
        }
        Some(SQLITE_IOERR) => Refusal::new(Code::StorageFailed).with("reason", "SQLite I/O"),
        _ => Refusal::new(Code::StorageFailed)
            .with("reason", code.map_or_else(|| "SQLite".to_owned(), |code| format!("SQLite {code}"))),
    }
}
