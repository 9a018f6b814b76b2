//! One-time codes.

use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::HubError;

pub(crate) async fn insert(
    db: &mut PgConnection,
    code_hash: &[u8],
    stream: &str,
    role: Option<&str>,
    expires_at: i64,
) -> Result<(), HubError> {
    sqlx::query("insert into enrolment (code_hash, stream, role, expires_at) values ($1, $2, $3, $4)")
        .bind(code_hash)
        .bind(stream)
        .bind(role)
        .bind(expires_at)
        .execute(db)
        .await?;
    Ok(())
}

/// Redeems a code for a device and its key: once, or again by the same.
pub(crate) async fn redeem(
    db: &mut PgConnection,
    code_hash: &[u8],
    now: i64,
    device: Uuid,
    key: &[u8],
) -> Result<Option<(String, Option<String>)>, HubError> {
    let found = sqlx::query_as(
        "update enrolment set used_by = $3, used_key = $4, updated_at = now()
         where code_hash = $1 and expires_at > $2
           and (used_by is null or (used_by = $3 and used_key = $4))
         returning stream, role",
    )
    .bind(code_hash)
    .bind(now)
    .bind(device)
    .bind(key)
    .fetch_optional(db)
    .await?;
    Ok(found)
}
