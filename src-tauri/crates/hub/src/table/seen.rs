//! When each desk last asked.

use sqlx::PgConnection;
use uuid::Uuid;
use wire::SeenDevice;

use crate::error::HubError;

/// To the minute: a desk that asks all the time writes a row once in it.
const MINUTE: i64 = 60_000;

pub(crate) async fn touch(
    db: &mut PgConnection,
    stream: &str,
    device: Uuid,
    now: i64,
) -> Result<(), HubError> {
    sqlx::query(
        "insert into seen (stream, device, seen_at) values ($1, $2, $3)
         on conflict (stream, device) do update set seen_at = excluded.seen_at, updated_at = now()
         where seen.seen_at < excluded.seen_at - $4",
    )
    .bind(stream)
    .bind(device)
    .bind(now)
    .bind(MINUTE)
    .execute(db)
    .await?;
    Ok(())
}

/// A branch's devices.
pub(crate) async fn list(db: &mut PgConnection, stream: &str) -> Result<Vec<SeenDevice>, HubError> {
    let rows: Vec<(Uuid, String, bool, Option<i64>)> = sqlx::query_as(
        "select device.id, device.device_code, device.revoked_at is not null, seen.seen_at
         from device left join seen on seen.stream = device.stream and seen.device = device.id
         where device.stream = $1 order by device.created_at, device.id",
    )
    .bind(stream)
    .fetch_all(db)
    .await?;
    let line = |(device, device_code, revoked, seen_at)| SeenDevice { device, device_code, revoked, seen_at };
    Ok(rows.into_iter().map(line).collect())
}
