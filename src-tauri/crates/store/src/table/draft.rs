//! Drafts: every field as it is typed, committed at once.

use std::collections::BTreeMap;

use serde_json::Value;
use sqlx::SqliteConnection;
use uuid::Uuid;

use super::uuid;
use crate::error::StoreError;

/// A draft without its fields.
#[derive(Debug, Clone)]
pub struct DraftListed {
    /// The draft.
    pub id: Uuid,
    /// Whose it is.
    pub account: Uuid,
    /// The template it was begun with.
    pub template: String,
    /// And that template's version, which it keeps.
    pub template_version: u32,
    /// When a field was last saved.
    pub updated_at: String,
}

pub(crate) async fn create(
    db: &mut SqliteConnection,
    draft: &DraftListed,
    fields: &BTreeMap<String, Value>,
) -> Result<(), StoreError> {
    sqlx::query!(
        "insert into draft (id, account, template, template_version, created_at, updated_at)
         values (?1, ?2, ?3, ?4, ?5, ?5)",
        draft.id,
        draft.account,
        draft.template,
        draft.template_version,
        draft.updated_at
    )
    .execute(&mut *db)
    .await?;
    save(db, draft.id, fields, &draft.updated_at).await
}

/// Saves fields; `null` takes one out.
pub(crate) async fn save(
    db: &mut SqliteConnection,
    draft: Uuid,
    fields: &BTreeMap<String, Value>,
    at: &str,
) -> Result<(), StoreError> {
    for (path, value) in fields {
        if value.is_null() {
            sqlx::query!("delete from draft_field where draft = ?1 and path = ?2", draft, path)
                .execute(&mut *db)
                .await?;
            continue;
        }
        let value = value.to_string();
        sqlx::query!(
            "insert into draft_field (draft, path, value, updated_at) values (?1, ?2, ?3, ?4)
             on conflict (draft, path) do update set value = excluded.value, updated_at = excluded.updated_at",
            draft,
            path,
            value,
            at
        )
        .execute(&mut *db)
        .await?;
    }
    sqlx::query!("update draft set updated_at = ?2 where id = ?1", draft, at).execute(db).await?;
    Ok(())
}

/// Another template for the same visit; what was typed stays.
pub(crate) async fn set_template(
    db: &mut SqliteConnection,
    draft: Uuid,
    template: &str,
    version: u32,
) -> Result<(), StoreError> {
    sqlx::query!(
        "update draft set template = ?2, template_version = ?3 where id = ?1",
        draft,
        template,
        version
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(crate) async fn get(
    db: &mut SqliteConnection,
    draft: Uuid,
) -> Result<Option<(DraftListed, BTreeMap<String, Value>)>, StoreError> {
    let Some(row) = sqlx::query!(
        "select account, template, template_version, updated_at from draft where id = ?1",
        draft
    )
    .fetch_optional(&mut *db)
    .await?
    else {
        return Ok(None);
    };
    let listed = DraftListed {
        id: draft,
        account: uuid(&row.account)?,
        template: row.template,
        template_version: u32::try_from(row.template_version).map_err(|_| StoreError::Encoding)?,
        updated_at: row.updated_at,
    };
    let fields =
        sqlx::query!("select path, value from draft_field where draft = ?1", draft).fetch_all(db).await?;
    let fields = fields
        .into_iter()
        .map(|row| Ok((row.path, serde_json::from_str(&row.value)?)))
        .collect::<Result<_, StoreError>>()?;
    Ok(Some((listed, fields)))
}

pub(crate) async fn list(db: &mut SqliteConnection, account: Uuid) -> Result<Vec<Uuid>, StoreError> {
    let found = sqlx::query_scalar!(
        "select id from draft where account = ?1 order by updated_at desc limit 200",
        account
    )
    .fetch_all(db)
    .await?;
    found.iter().map(|found| uuid(found)).collect()
}

pub(crate) async fn delete(db: &mut SqliteConnection, draft: Uuid) -> Result<(), StoreError> {
    sqlx::query!("delete from draft where id = ?1", draft).execute(db).await?;
    Ok(())
}
