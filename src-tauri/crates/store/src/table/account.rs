//! Accounts by user name, and failed log-ins.

use domain::record::Record;
use serde_json::json;
use sqlx::SqliteConnection;
use uuid::Uuid;

use super::{id, rows, uuid};
use crate::error::StoreError;

pub(crate) async fn project(
    db: &mut SqliteConnection,
    accounts: &[(Uuid, &Record)],
    at: &str,
) -> Result<(), StoreError> {
    let batch = rows(
        accounts.iter().map(|(account, record)| json!([id(*account), record.text("user"), at])).collect(),
    );
    sqlx::query!(
        "insert into account (id, user, created_at, updated_at)
         select unhex(value ->> 0), value ->> 1, value ->> 2, value ->> 2 from json_each(?1) where true
         on conflict (id) do update set user = excluded.user, updated_at = excluded.updated_at",
        batch
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The accounts of a user name; desks that never met may have one each.
pub(crate) async fn by_user(db: &mut SqliteConnection, user: &str) -> Result<Vec<Uuid>, StoreError> {
    let found =
        sqlx::query_scalar!("select id from account where user = ?1 order by id", user).fetch_all(db).await?;
    found.iter().map(|found| uuid(found)).collect()
}

/// How often log-in failed in a row for a user name, and when last.
pub(crate) async fn failures(
    db: &mut SqliteConnection,
    user: &str,
) -> Result<Option<(i64, String)>, StoreError> {
    let found = sqlx::query!("select failures, last_at from login_failure where user = ?1", user)
        .fetch_optional(db)
        .await?;
    Ok(found.map(|row| (row.failures, row.last_at)))
}

pub(crate) async fn failed(db: &mut SqliteConnection, user: &str, at: &str) -> Result<(), StoreError> {
    sqlx::query!(
        "insert into login_failure (user, failures, last_at) values (?1, 1, ?2)
         on conflict (user) do update set failures = failures + 1, last_at = excluded.last_at",
        user,
        at
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(crate) async fn succeeded(db: &mut SqliteConnection, user: &str) -> Result<(), StoreError> {
    sqlx::query!("delete from login_failure where user = ?1", user).execute(db).await?;
    Ok(())
}
