//! Persons and organisations.

use domain::record::Record;
use serde_json::json;
use sqlx::SqliteConnection;
use uuid::Uuid;

use super::{id, optional, rows, uuid};
use crate::error::StoreError;

pub(crate) async fn project(
    db: &mut SqliteConnection,
    parties: &[(Uuid, &Record)],
    at: &str,
) -> Result<(), StoreError> {
    let batch = rows(
        parties
            .iter()
            .map(|(party, record)| {
                json!([
                    id(*party),
                    record.text("kind"),
                    record.text("name"),
                    optional(record, "id_no"),
                    optional(record, "mobile"),
                    at
                ])
            })
            .collect(),
    );
    sqlx::query!(
        "insert into party (id, kind, name, id_no, mobile, created_at, updated_at)
         select unhex(value ->> 0), value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 5
         from json_each(?1) where true
         on conflict (id) do update
         set kind = excluded.kind, name = excluded.name, id_no = excluded.id_no, mobile = excluded.mobile,
             updated_at = excluded.updated_at",
        batch
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The persons with these identity numbers: (number, name, person).
pub(crate) async fn by_id_nos(
    db: &mut SqliteConnection,
    id_nos: &[String],
) -> Result<Vec<(String, String, Uuid)>, StoreError> {
    let wanted = json!(id_nos).to_string();
    let found = sqlx::query!(
        "select id_no as \"id_no!\", name, id from party where id_no in (select value from json_each(?1))",
        wanted
    )
    .fetch_all(db)
    .await?;
    found.into_iter().map(|row| Ok((row.id_no, row.name, uuid(&row.id)?))).collect()
}

/// The person of a name with a mobile number, for those without an identity number.
pub(crate) async fn by_name_and_mobile(
    db: &mut SqliteConnection,
    name: &str,
    mobile: &str,
) -> Result<Option<Uuid>, StoreError> {
    let found = sqlx::query_scalar!(
        "select id from party where name = ?1 and mobile = ?2 and id_no is null limit 1",
        name,
        mobile
    )
    .fetch_optional(db)
    .await?;
    found.map(|found| uuid(&found)).transpose()
}
