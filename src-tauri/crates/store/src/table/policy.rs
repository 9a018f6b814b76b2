//! Policies from the core system, and those stated at the counter.

use domain::record::Record;
use serde_json::json;
use sqlx::SqliteConnection;
use uuid::Uuid;

use super::{id, optional, rows, uuid};
use crate::error::StoreError;

pub(crate) async fn project(
    db: &mut SqliteConnection,
    policies: &[(Uuid, &Record)],
    at: &str,
) -> Result<(), StoreError> {
    let batch = rows(
        policies
            .iter()
            .map(|(policy, record)| {
                json!([
                    id(*policy),
                    record.text("no"),
                    record.text("product_code"),
                    record.text("holder_name"),
                    record.text("insured_name"),
                    optional(record, "insured_id_no"),
                    optional(record, "holder_id_no"),
                    optional(record, "plate"),
                    record.text("inception"),
                    record.text("expiry"),
                    at
                ])
            })
            .collect(),
    );
    sqlx::query!(
        "insert into policy (id, no, product_code, holder, insured, insured_id_no, holder_id_no, plate, inception,
                             expiry, created_at, updated_at)
         select unhex(value ->> 0), value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6,
                value ->> 7, value ->> 8, value ->> 9, value ->> 10, value ->> 10
         from json_each(?1) where true
         on conflict (id) do update
         set no = excluded.no, product_code = excluded.product_code, holder = excluded.holder,
             insured = excluded.insured, insured_id_no = excluded.insured_id_no,
             holder_id_no = excluded.holder_id_no, plate = excluded.plate, inception = excluded.inception,
             expiry = excluded.expiry, updated_at = excluded.updated_at",
        batch
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The policies with these numbers: (number, policy).
pub(crate) async fn by_nos(
    db: &mut SqliteConnection,
    nos: &[String],
) -> Result<Vec<(String, Uuid)>, StoreError> {
    let wanted = json!(nos).to_string();
    let found = sqlx::query!(
        "select no, id from policy where no in (select value from json_each(?1)) order by id desc",
        wanted
    )
    .fetch_all(db)
    .await?;
    found.into_iter().map(|row| Ok((row.no, uuid(&row.id)?))).collect()
}

/// The policies a person holds or is insured by.
pub(crate) async fn of_id_no(db: &mut SqliteConnection, id_no: &str) -> Result<Vec<Uuid>, StoreError> {
    let found = sqlx::query_scalar!(
        "select id from policy where insured_id_no = ?1 or holder_id_no = ?1 order by inception desc limit 200",
        id_no
    )
    .fetch_all(db)
    .await?;
    found.iter().map(|found| uuid(found)).collect()
}
