//! The product catalogue: which product is handled by which claim template.

use domain::record::Record;
use serde_json::json;
use sqlx::SqliteConnection;
use uuid::Uuid;

use super::{id, optional, rows, uuid};
use crate::error::StoreError;

pub(crate) async fn project(
    db: &mut SqliteConnection,
    products: &[(Uuid, &Record)],
    at: &str,
) -> Result<(), StoreError> {
    let batch = rows(
        products
            .iter()
            .map(|(product, record)| {
                json!([
                    id(*product),
                    record.text("code"),
                    record.text("name"),
                    optional(record, "template"),
                    at
                ])
            })
            .collect(),
    );
    sqlx::query!(
        "insert into product (id, code, name, template, created_at, updated_at)
         select unhex(value ->> 0), value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 4
         from json_each(?1) where true
         on conflict (id) do update
         set code = excluded.code, name = excluded.name, template = excluded.template,
             updated_at = excluded.updated_at",
        batch
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The products with these codes: (code, product).
pub(crate) async fn by_codes(
    db: &mut SqliteConnection,
    codes: &[String],
) -> Result<Vec<(String, Uuid)>, StoreError> {
    let wanted = json!(codes).to_string();
    let found = sqlx::query!(
        "select code, id from product where code in (select value from json_each(?1)) order by id desc",
        wanted
    )
    .fetch_all(db)
    .await?;
    found.into_iter().map(|row| Ok((row.code, uuid(&row.id)?))).collect()
}

/// A product's name and template by its code.
pub(crate) async fn named(
    db: &mut SqliteConnection,
    code: &str,
) -> Result<Option<(String, Option<String>)>, StoreError> {
    let found = sqlx::query!("select name, template from product where code = ?1 order by id limit 1", code)
        .fetch_optional(db)
        .await?;
    Ok(found.map(|row| (row.name, row.template)))
}
