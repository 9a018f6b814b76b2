//! Forms under way that are no visits, whole, one row each.

use serde_json::Value;
use sqlx::SqliteConnection;
use uuid::Uuid;

use crate::error::StoreError;

pub(crate) async fn get(
    db: &mut SqliteConnection,
    account: Uuid,
    place: &str,
) -> Result<Option<Value>, StoreError> {
    let found =
        sqlx::query_scalar!("select value from typed where account = ?1 and place = ?2", account, place)
            .fetch_optional(db)
            .await?;
    Ok(found.map(|value| serde_json::from_str(&value)).transpose()?)
}

/// Saves a form; `null` forgets it.
pub(crate) async fn save(
    db: &mut SqliteConnection,
    account: Uuid,
    place: &str,
    value: &Value,
    at: &str,
) -> Result<(), StoreError> {
    if value.is_null() {
        sqlx::query!("delete from typed where account = ?1 and place = ?2", account, place)
            .execute(db)
            .await?;
        return Ok(());
    }
    let value = value.to_string();
    sqlx::query!(
        "insert into typed (account, place, value, updated_at) values (?1, ?2, ?3, ?4)
         on conflict (account, place) do update set value = excluded.value, updated_at = excluded.updated_at",
        account,
        place,
        value,
        at
    )
    .execute(db)
    .await?;
    Ok(())
}
