//! Connections: one that writes and checkpoints, and read-only ones (architecture.md, Storage facts).

use std::path::Path;
use std::str::FromStr as _;
use std::time::Duration;

use domain::{Code, Refusal};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, SqliteConnection, SqlitePool};

use crate::checkpoint::{LOG_LIMIT_BYTES, LOG_LIMIT_PAGES};
use crate::error::StoreError;
use crate::keys::RootKey;

pub(crate) static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!();

/// Readers beside the one writer: the window asks for a list, a search and a file at once.
const READERS: u32 = 4;

fn options(path: &Path, key: &RootKey) -> Result<SqliteConnectOptions, StoreError> {
    Ok(SqliteConnectOptions::from_str("sqlite:")?
        .filename(path)
        .pragma("key", key.pragma().to_string())
        .pragma("temp_store", "memory")
        .pragma("cache_size", "-65536")
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(10))
        .disable_statement_logging())
}

/// SQLCipher writes to standard error what it then also answers; deskctl promises typed errors there and nothing
/// else. The level is the process's, and a file's own pragmas would come too late for its first page.
async fn quiet() -> Result<(), StoreError> {
    let memory = SqliteConnectOptions::from_str("sqlite::memory:")?.pragma("cipher_log_level", "NONE");
    Ok(sqlx::Connection::close(memory.connect().await?).await?)
}

/// Opens the writer, proves that the file is encrypted and the key right, and brings the schema up to date.
pub(crate) async fn open_writer(
    path: &Path,
    key: &RootKey,
    create: bool,
) -> Result<SqliteConnection, StoreError> {
    quiet().await?;
    // Connecting reads nothing of the file yet: what cannot be read must fail where it is closed and waited for.
    let mut writer = options(path, key)?
        .create_if_missing(create)
        .synchronous(SqliteSynchronous::Full)
        .pragma("wal_autocheckpoint", LOG_LIMIT_PAGES)
        .pragma("cache_size", "-131072")
        .pragma("journal_size_limit", LOG_LIMIT_BYTES)
        .connect()
        .await?;
    match prove_and_migrate(path, &mut writer).await {
        Ok(()) => Ok(writer),
        Err(error) => {
            // Dropped, it would be closed by a thread that the end of the process overtakes (see `Store`).
            if let Err(close) = sqlx::Connection::close(writer).await {
                tracing::warn!(error = %close, "a database that could not be opened did not close cleanly");
            }
            Err(error)
        }
    }
}

async fn prove_and_migrate(path: &Path, writer: &mut SqliteConnection) -> Result<(), StoreError> {
    // run-time query: a pragma
    sqlx::query("pragma journal_mode = wal").execute(&mut *writer).await?;
    // Plain SQLite answers nothing here; the program would otherwise write everything in the clear.
    let cipher: Option<String> =
        // run-time query: a pragma of SQLCipher, which the schema database does not know
        sqlx::query_scalar("pragma cipher_version").fetch_optional(&mut *writer).await?;
    if cipher.is_none_or(|version| version.is_empty()) {
        return Err(Refusal::new(Code::StorageNotEncrypted).into());
    }
    back_up_before_migrating(path, writer).await?;
    // Not `run`: its future is not Send for every lifetime, and the window needs one that is.
    MIGRATIONS.run_direct(None, writer, false).await.map_err(|error| match error {
        sqlx::migrate::MigrateError::VersionMissing(version)
        | sqlx::migrate::MigrateError::VersionMismatch(version) => {
            Refusal::new(Code::StorageDatabaseNewer).with("version", version).into()
        }
        sqlx::migrate::MigrateError::Execute(error) => StoreError::Sql(error),
        other => StoreError::Sql(sqlx::Error::Migrate(Box::new(other))),
    })?;
    Ok(())
}

/// A file of an older version is kept as it was, under its key, before its schema changes.
async fn back_up_before_migrating(path: &Path, writer: &mut SqliteConnection) -> Result<(), StoreError> {
    let newest = MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or_default();
    // run-time queries: the table is sqlx's own, and the schema database knows no files beside it
    let known: i64 = sqlx::query_scalar("select count(*) from sqlite_schema where name = '_sqlx_migrations'")
        .fetch_one(&mut *writer)
        .await?;
    if known == 0 {
        return Ok(());
    }
    let version: Option<i64> =
        sqlx::query_scalar("select max(version) from _sqlx_migrations").fetch_one(&mut *writer).await?;
    let Some(version) = version.filter(|version| *version < newest) else { return Ok(()) };
    let copy = path.with_file_name(format!("desk-before-{newest}.db"));
    if copy.exists() {
        // What a migration that failed left; the file is still of the older version.
        std::fs::remove_file(&copy)?;
    }
    sqlx::query("vacuum into ?1").bind(copy.to_string_lossy().into_owned()).execute(writer).await?;
    std::fs::File::open(&copy)?.sync_all()?;
    tracing::info!(version, newest, "the database was copied before its schema changes");
    Ok(())
}

/// Opens the readers.
pub(crate) async fn open_readers(path: &Path, key: &RootKey) -> Result<SqlitePool, StoreError> {
    let options = options(path, key)?.read_only(true);
    Ok(SqlitePoolOptions::new().max_connections(READERS).connect_with(options).await?)
}
