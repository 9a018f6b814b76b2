//! Facts about this database file.

use sqlx::SqliteConnection;

use crate::error::StoreError;

pub(crate) async fn get(db: &mut SqliteConnection, key: &str) -> Result<Option<String>, StoreError> {
    Ok(sqlx::query_scalar!("select value from meta where key = ?1", key).fetch_optional(db).await?)
}

pub(crate) async fn set(db: &mut SqliteConnection, key: &str, value: &str) -> Result<(), StoreError> {
    sqlx::query!(
        "insert into meta (key, value) values (?1, ?2) on conflict (key) do update set value = excluded.value",
        key,
        value
    )
    .execute(db)
    .await?;
    Ok(())
}
