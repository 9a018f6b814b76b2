//! What records are in the hub's order, while this desk's own unconfirmed work stands over them.

use std::collections::BTreeMap;

use domain::record::{Record, Records};
use serde_json::json;
use sqlx::SqliteConnection;
use uuid::Uuid;

use super::record::{decode, encode};
use super::{id, rows, uuid};
use crate::error::StoreError;

/// The shadows of some records; a record without shadow is left out, one that was not there is `None`.
pub(crate) async fn load(
    db: &mut SqliteConnection,
    keys: &[(String, Uuid)],
) -> Result<BTreeMap<(String, Uuid), Option<Record>>, StoreError> {
    let keys = rows(keys.iter().map(|(kind, record)| json!([kind, id(*record)])).collect());
    let found = sqlx::query!(
        "select shadow.kind, shadow.id, shadow.doc
         from json_each(?1) as wanted
         join shadow on shadow.kind = wanted.value ->> 0 and shadow.id = unhex(wanted.value ->> 1)",
        keys
    )
    .fetch_all(db)
    .await?;
    found
        .into_iter()
        .map(|row| {
            let doc = row.doc.map(|doc| decode(&doc)).transpose()?;
            Ok(((row.kind, uuid(&row.id)?), doc))
        })
        .collect()
}

/// Writes shadows as they now are.
pub(crate) async fn write(db: &mut SqliteConnection, shadows: &Records, at: &str) -> Result<(), StoreError> {
    let batch = rows(
        shadows
            .iter()
            .map(|((kind, record), shadow)| {
                let doc = (!shadow.fields.is_empty()).then(|| encode(shadow).to_string());
                json!([kind, id(*record), doc, at])
            })
            .collect(),
    );
    sqlx::query!(
        "insert into shadow (kind, id, doc, created_at)
         select value ->> 0, unhex(value ->> 1), value ->> 2, value ->> 3 from json_each(?1) where true
         on conflict (kind, id) do update set doc = excluded.doc",
        batch
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Takes shadows away: nothing unconfirmed stands over these records any more.
pub(crate) async fn delete(db: &mut SqliteConnection, keys: &[(String, Uuid)]) -> Result<(), StoreError> {
    let keys = rows(keys.iter().map(|(kind, record)| json!([kind, id(*record)])).collect());
    sqlx::query!(
        "delete from shadow where (kind, id) in (select value ->> 0, unhex(value ->> 1) from json_each(?1))",
        keys
    )
    .execute(db)
    .await?;
    Ok(())
}

/// No record is confirmed: a desk that meets its first hub.
pub(crate) async fn nothing_confirmed(db: &mut SqliteConnection, at: &str) -> Result<(), StoreError> {
    sqlx::query!(
        "insert into shadow (kind, id, doc, created_at) select kind, id, null, ?1 from record where true
         on conflict (kind, id) do update set doc = null",
        at
    )
    .execute(db)
    .await?;
    Ok(())
}

/// One page of confirmed records in the order of their keys.
pub(crate) async fn confirmed_page(
    db: &mut SqliteConnection,
    after: &(String, Uuid),
    limit: u32,
) -> Result<Vec<((String, Uuid), Option<Record>)>, StoreError> {
    let (kind, record) = (&after.0, after.1);
    let found = sqlx::query!(
        "select record.kind, record.id, iif(shadow.kind is null, record.doc, shadow.doc) as \"doc: String\"
         from record left join shadow on shadow.kind = record.kind and shadow.id = record.id
         where (record.kind, record.id) > (?1, ?2) order by record.kind, record.id limit ?3",
        kind,
        record,
        limit
    )
    .fetch_all(db)
    .await?;
    found
        .into_iter()
        .map(|row| {
            let doc = row.doc.map(|doc| decode(&doc)).transpose()?;
            Ok(((row.kind, uuid(&row.id)?), doc))
        })
        .collect()
}
