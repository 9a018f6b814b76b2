//! The hub's own row.

use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::HubError;

/// The row.
pub(crate) struct Row {
    pub(crate) epoch: Uuid,
    pub(crate) device: Uuid,
    pub(crate) secret_key: Vec<u8>,
}

pub(crate) async fn load(db: &mut PgConnection) -> Result<Option<Row>, HubError> {
    let row: Option<(Uuid, Uuid, Vec<u8>)> =
        sqlx::query_as("select epoch, device, secret_key from hub").fetch_optional(db).await?;
    Ok(row.map(|(epoch, device, secret_key)| Row { epoch, device, secret_key }))
}

/// The first of several processes that start at once makes the row.
pub(crate) async fn make(db: &mut PgConnection, row: &Row) -> Result<(), HubError> {
    sqlx::query(
        "insert into hub (epoch, device, secret_key) values ($1, $2, $3) on conflict (single) do nothing",
    )
    .bind(row.epoch)
    .bind(row.device)
    .bind(&row.secret_key)
    .execute(db)
    .await?;
    Ok(())
}

pub(crate) async fn epoch(db: &mut PgConnection) -> Result<Uuid, HubError> {
    Ok(sqlx::query_scalar("select epoch from hub").fetch_one(db).await?)
}

pub(crate) async fn raise_epoch(db: &mut PgConnection, epoch: Uuid) -> Result<(), HubError> {
    sqlx::query("update hub set epoch = $1, updated_at = now()").bind(epoch).execute(db).await?;
    Ok(())
}
