//! Records that no own operation touches: a stream being built anew, and the organisation's reference data.

use domain::record::{Record, Records};
use serde_json::json;
use sqlx::SqliteConnection;
use uuid::Uuid;

use super::record::{decode, encode};
use super::{id, rows, uuid};
use crate::error::StoreError;

fn wanted(keys: &[(String, Uuid)]) -> String {
    rows(keys.iter().map(|(kind, record)| json!([kind, id(*record)])).collect())
}

fn batch(records: &Records, at: &str) -> String {
    let filled = records.iter().filter(|(_, record)| !record.fields.is_empty());
    rows(
        filled
            .map(|((kind, record_id), record)| json!([kind, id(*record_id), encode(record).to_string(), at]))
            .collect(),
    )
}

/// Records of the stream being built anew.
pub(crate) async fn load(db: &mut SqliteConnection, keys: &[(String, Uuid)]) -> Result<Records, StoreError> {
    let keys = wanted(keys);
    let found = sqlx::query!(
        "select rebuilt.kind, rebuilt.id, rebuilt.doc from json_each(?1) as wanted
         join rebuilt on rebuilt.kind = wanted.value ->> 0 and rebuilt.id = unhex(wanted.value ->> 1)",
        keys
    )
    .fetch_all(db)
    .await?;
    found.into_iter().map(|row| Ok(((row.kind, uuid(&row.id)?), decode(&row.doc)?))).collect()
}

pub(crate) async fn write(db: &mut SqliteConnection, records: &Records, at: &str) -> Result<(), StoreError> {
    let batch = batch(records, at);
    sqlx::query!(
        "insert into rebuilt (kind, id, doc, created_at)
         select value ->> 0, unhex(value ->> 1), value ->> 2, value ->> 3 from json_each(?1) where true
         on conflict (kind, id) do update set doc = excluded.doc",
        batch
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(crate) async fn clear(db: &mut SqliteConnection) -> Result<(), StoreError> {
    sqlx::query!("delete from rebuilt").execute(db).await?;
    Ok(())
}

/// One page of the keys of all records, old and rebuilt, in order.
pub(crate) async fn keys(
    db: &mut SqliteConnection,
    after: &(String, Uuid),
    limit: u32,
) -> Result<Vec<(String, Uuid)>, StoreError> {
    let (kind, record) = (&after.0, after.1);
    let found = sqlx::query!(
        "select kind as \"kind!: String\", id as \"id!: Vec<u8>\"
         from (select kind, id from record union select kind, id from rebuilt)
         where (kind, id) > (?1, ?2) order by kind, id limit ?3",
        kind,
        record,
        limit
    )
    .fetch_all(db)
    .await?;
    found.into_iter().map(|row| Ok((row.kind, uuid(&row.id)?))).collect()
}

/// Reference records by key.
pub(crate) async fn load_reference(
    db: &mut SqliteConnection,
    keys: &[(String, Uuid)],
) -> Result<Records, StoreError> {
    let keys = wanted(keys);
    let found = sqlx::query!(
        "select reference.kind, reference.id, reference.doc from json_each(?1) as wanted
         join reference on reference.kind = wanted.value ->> 0 and reference.id = unhex(wanted.value ->> 1)",
        keys
    )
    .fetch_all(db)
    .await?;
    found.into_iter().map(|row| Ok(((row.kind, uuid(&row.id)?), decode(&row.doc)?))).collect()
}

pub(crate) async fn write_reference(
    db: &mut SqliteConnection,
    records: &Records,
    at: &str,
) -> Result<(), StoreError> {
    let batch = batch(records, at);
    sqlx::query!(
        "insert into reference (kind, id, doc, created_at)
         select value ->> 0, unhex(value ->> 1), value ->> 2, value ->> 3 from json_each(?1) where true
         on conflict (kind, id) do update set doc = excluded.doc",
        batch
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(crate) async fn clear_reference(db: &mut SqliteConnection) -> Result<(), StoreError> {
    sqlx::query!("delete from reference").execute(db).await?;
    Ok(())
}

/// Every reference record of a kind; of all kinds for an empty one.
pub(crate) async fn references(
    db: &mut SqliteConnection,
    kind: &str,
) -> Result<Vec<((String, Uuid), Record)>, StoreError> {
    let found = sqlx::query!(
        "select kind, id, doc from reference where ?1 = '' or kind = ?1 order by kind, id",
        kind
    )
    .fetch_all(db)
    .await?;
    found.into_iter().map(|row| Ok(((row.kind, uuid(&row.id)?), decode(&row.doc)?))).collect()
}
