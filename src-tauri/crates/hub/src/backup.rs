//! The tables as files, and back. Sealed chunks are not in it: they are copied with the object store's own means.

use std::path::Path;

use futures_util::TryStreamExt as _;
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, PgPool};
use tokio::io::AsyncWriteExt as _;
use uuid::Uuid;

use crate::error::HubError;
use crate::table::{hub, log};

/// Each table with how it is written out and read in; the columns are named, because a later version may have more.
const TABLES: [(&str, &str, &str); 9] = [
    (
        "hub",
        "copy hub (single, epoch, device, secret_key, created_at, updated_at) to stdout (format binary)",
        "copy hub (single, epoch, device, secret_key, created_at, updated_at) from stdin (format binary)",
    ),
    (
        "device",
        "copy device (id, stream, role, public_key, device_code, certificate_body, certificate_signature, revoked_at,
         created_at, updated_at) to stdout (format binary)",
        "copy device (id, stream, role, public_key, device_code, certificate_body, certificate_signature, revoked_at,
         created_at, updated_at) from stdin (format binary)",
    ),
    (
        "enrolment",
        "copy enrolment (code_hash, stream, role, expires_at, used_by, used_key, created_at, updated_at)
         to stdout (format binary)",
        "copy enrolment (code_hash, stream, role, expires_at, used_by, used_key, created_at, updated_at)
         from stdin (format binary)",
    ),
    (
        "head",
        "copy head (stream, seq, digest, created_at, updated_at) to stdout (format binary)",
        "copy head (stream, seq, digest, created_at, updated_at) from stdin (format binary)",
    ),
    (
        "chain",
        "copy chain (stream, device, incarnation, seq, hash, created_at, updated_at) to stdout (format binary)",
        "copy chain (stream, device, incarnation, seq, hash, created_at, updated_at) from stdin (format binary)",
    ),
    (
        "operation",
        "copy operation (stream, device, incarnation, seq, hash, id, at, verdict, parked, forked, body, received_at,
         created_at, updated_at) to stdout (format binary)",
        "copy operation (stream, device, incarnation, seq, hash, id, at, verdict, parked, forked, body, received_at,
         created_at, updated_at) from stdin (format binary)",
    ),
    (
        "record",
        "copy record (stream, kind, id, fields, created_at, updated_at) to stdout (format binary)",
        "copy record (stream, kind, id, fields, created_at, updated_at) from stdin (format binary)",
    ),
    (
        "chunk",
        "copy chunk (stream, sha256, size, created_at, updated_at) to stdout (format binary)",
        "copy chunk (stream, sha256, size, created_at, updated_at) from stdin (format binary)",
    ),
    (
        "file",
        "copy file (stream, sha256, manifest, created_at, updated_at) to stdout (format binary)",
        "copy file (stream, sha256, manifest, created_at, updated_at) from stdin (format binary)",
    ),
];

/// Written last: a folder without it is no whole backup.
const MARK: &str = "backup.json";

#[derive(Serialize, Deserialize)]
struct Mark {
    format: u16,
    epoch: Uuid,
}

const FORMAT: u16 = 1;

fn failed(message: impl Into<String>) -> HubError {
    HubError::Io(std::io::Error::other(message.into()))
}

/// Writes every table into a new folder, in one snapshot; desks go on meanwhile. The folder holds the hub's key.
///
/// # Errors
/// When the folder is there already or cannot be written, or the database does not answer.
pub async fn backup(pool: &PgPool, folder: &Path) -> Result<(), HubError> {
    make_private(folder)?;
    let mut transaction = pool.begin().await?;
    sqlx::query("set transaction isolation level repeatable read, read only")
        .execute(&mut *transaction)
        .await?;
    for (name, out, _) in TABLES {
        let mut file = tokio::fs::File::create(folder.join(name)).await?;
        let mut parts = transaction.copy_out_raw(out).await?;
        while let Some(part) = parts.try_next().await? {
            file.write_all(&part).await?;
        }
        file.sync_all().await?;
    }
    let mark = Mark { format: FORMAT, epoch: hub::epoch(&mut transaction).await? };
    let text = serde_json::to_vec(&mark).map_err(|_| HubError::Encoding)?;
    let mut file = tokio::fs::File::create(folder.join(MARK)).await?;
    file.write_all(&text).await?;
    file.sync_all().await?;
    Ok(())
}

fn make_private(folder: &Path) -> Result<(), HubError> {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "only Unix folders have a mode"))]
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    Ok(builder.create(folder)?)
}

/// Reads a backup into a database without data, whose migrations have run, and raises the epoch: desks then compare
/// what the hub holds with what they keep, and bring what it lost.
///
/// # Errors
/// When the folder is no whole backup, the database has data, or it does not answer; then nothing was changed.
pub async fn restore(pool: &PgPool, folder: &Path) -> Result<Uuid, HubError> {
    let mark =
        tokio::fs::read(folder.join(MARK)).await.map_err(|_| failed("the folder is no whole backup"))?;
    let mark: Mark = serde_json::from_slice(&mark).map_err(|_| failed("backup.json cannot be read"))?;
    if mark.format != FORMAT {
        return Err(failed(format!("the backup's format is {}, this version reads {FORMAT}", mark.format)));
    }
    let mut transaction = pool.begin().await?;
    let db: &mut PgConnection = &mut transaction;
    if hub::load(db).await?.is_some() {
        return Err(failed("the database has data already; restore into a new one"));
    }
    for (name, _, into) in TABLES {
        let file = tokio::fs::File::open(folder.join(name)).await?;
        let mut copy = db.copy_in_raw(into).await?;
        copy.read_from(file).await?;
        copy.finish().await?;
    }
    // The logs are not in the backup: they follow from the operations.
    log::make_missing(db).await?;
    let epoch = Uuid::now_v7();
    hub::raise_epoch(db, epoch).await?;
    transaction.commit().await?;
    Ok(epoch)
}
