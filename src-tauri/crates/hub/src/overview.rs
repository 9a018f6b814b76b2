//! What an administrator sees: devices and open conflicts.

use domain::settle::{CONFLICT, WANTED, is_open};
use serde::Serialize;
use serde_json::{Map, Value};
use sqlx::PgPool;
use uuid::Uuid;

use crate::error::HubError;
use crate::table::{device, record};

/// A device.
#[derive(Debug, Clone, Serialize)]
pub struct DeviceLine {
    /// Its id.
    pub device: Uuid,
    /// Its branch.
    pub stream: String,
    /// Its code in case numbers.
    pub device_code: String,
    /// The role its code was made for.
    pub role: Option<String>,
    /// Whether it was revoked.
    pub revoked: bool,
}

/// A conflict that waits for a decision.
#[derive(Debug, Clone, Serialize)]
pub struct ConflictLine {
    /// The branch.
    pub stream: String,
    /// The conflict record.
    pub id: Uuid,
    /// The contested record's kind.
    pub kind: String,
    /// The contested record.
    pub record: String,
    /// What each operation wanted, by its id.
    pub wanted: Map<String, Value>,
}

/// Every device.
///
/// # Errors
/// When the database does not answer.
pub async fn devices(pool: &PgPool) -> Result<Vec<DeviceLine>, HubError> {
    let mut db = pool.acquire().await?;
    let line = |device: device::Device| DeviceLine {
        device: device.id,
        stream: device.stream,
        device_code: device.device_code,
        role: device.role,
        revoked: device.revoked,
    };
    Ok(device::list(&mut db).await?.into_iter().map(line).collect())
}

/// Revokes a device: it may pull no more, and what it pushes goes into quarantine. Whether there is such a one.
///
/// # Errors
/// When the database does not answer.
pub async fn revoke(pool: &PgPool, id: Uuid) -> Result<bool, HubError> {
    let mut db = pool.acquire().await?;
    device::revoke(&mut db, id).await
}

/// Every conflict that is open.
///
/// # Errors
/// When the database does not answer.
pub async fn conflicts(pool: &PgPool) -> Result<Vec<ConflictLine>, HubError> {
    let mut db = pool.acquire().await?;
    let all = record::of_kind(&mut db, CONFLICT).await?;
    let open = all.into_iter().filter(|(_, _, record)| is_open(record));
    let line = |(stream, id, record): (String, Uuid, domain::record::Record)| ConflictLine {
        stream,
        id,
        kind: record.text("kind").to_owned(),
        record: record.text("record").to_owned(),
        wanted: record.under(WANTED),
    };
    Ok(open.map(line).collect())
}
