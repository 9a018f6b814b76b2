//! Records as documents, with the revision of each field, and their confirmed shadow.

use std::collections::BTreeMap;

use domain::digest::hex;
use domain::record::{Field, Record, Records, owner_field};
use serde_json::{Map, Value, json};
use sqlx::SqliteConnection;
use uuid::Uuid;

use super::{id, ids, rows, uuid};
use crate::error::StoreError;

/// `{"r":[revisions],"f":{field:[value, index of its revision]}}`: most fields share one revision.
pub(crate) fn encode(record: &Record) -> Value {
    let mut revisions: Vec<Uuid> = Vec::new();
    let mut fields = Map::new();
    for (name, field) in &record.fields {
        let index = revisions.iter().position(|known| *known == field.revision).unwrap_or_else(|| {
            revisions.push(field.revision);
            revisions.len() - 1
        });
        fields.insert(name.clone(), json!([field.value, index]));
    }
    json!({ "r": revisions, "f": fields })
}

pub(crate) fn decode(doc: &str) -> Result<Record, StoreError> {
    #[derive(serde::Deserialize)]
    struct Doc {
        r: Vec<Uuid>,
        f: BTreeMap<String, (Value, usize)>,
    }
    let doc: Doc = serde_json::from_str(doc)?;
    let mut record = Record::default();
    for (name, (value, index)) in doc.f {
        let revision = *doc.r.get(index).ok_or(StoreError::Encoding)?;
        record.fields.insert(name, Field { value, revision });
    }
    Ok(record)
}

pub(crate) async fn get(
    db: &mut SqliteConnection,
    kind: &str,
    record: Uuid,
) -> Result<Option<Record>, StoreError> {
    let doc = sqlx::query_scalar!("select doc from record where kind = ?1 and id = ?2", kind, record)
        .fetch_optional(db)
        .await?;
    doc.map(|doc| decode(&doc)).transpose()
}

/// The records of some keys; a key that is not there is left out.
pub(crate) async fn load(db: &mut SqliteConnection, keys: &[(String, Uuid)]) -> Result<Records, StoreError> {
    let keys = rows(keys.iter().map(|(kind, record)| json!([kind, id(*record)])).collect());
    let found = sqlx::query!(
        "select record.kind, record.id, record.doc
         from json_each(?1) as wanted
         join record on record.kind = wanted.value ->> 0 and record.id = unhex(wanted.value ->> 1)",
        keys
    )
    .fetch_all(db)
    .await?;
    found.into_iter().map(|row| Ok(((row.kind, uuid(&row.id)?), decode(&row.doc)?))).collect()
}

/// Every record of a kind that belongs to `owner`, oldest first (ids rise with time).
pub(crate) async fn owned(
    db: &mut SqliteConnection,
    owner: Uuid,
    kind: &str,
) -> Result<Vec<(Uuid, Record)>, StoreError> {
    let found = sqlx::query!(
        "select id, doc from record indexed by record_owner where owner = ?1 and kind = ?2 order by id",
        owner,
        kind
    )
    .fetch_all(db)
    .await?;
    found.into_iter().map(|row| Ok((uuid(&row.id)?, decode(&row.doc)?))).collect()
}

/// Every record of a kind that belongs to one of `owners`.
pub(crate) async fn owned_by_any(
    db: &mut SqliteConnection,
    owners: &[Uuid],
    kind: &str,
) -> Result<Vec<(Uuid, Record)>, StoreError> {
    let owners = ids(owners.iter().copied());
    let found = sqlx::query!(
        "select id, doc from record indexed by record_owner
         where kind = ?2 and owner in (select unhex(value) from json_each(?1)) order by id",
        owners,
        kind
    )
    .fetch_all(db)
    .await?;
    found.into_iter().map(|row| Ok((uuid(&row.id)?, decode(&row.doc)?))).collect()
}

/// Every record of a kind.
pub(crate) async fn all(db: &mut SqliteConnection, kind: &str) -> Result<Vec<(Uuid, Record)>, StoreError> {
    let found =
        sqlx::query!("select id, doc from record where kind = ?1 order by id", kind).fetch_all(db).await?;
    found.into_iter().map(|row| Ok((uuid(&row.id)?, decode(&row.doc)?))).collect()
}

/// Writes records as they now are.
pub(crate) async fn write(db: &mut SqliteConnection, records: &Records, at: &str) -> Result<(), StoreError> {
    let batch = rows(
        records
            .iter()
            .map(|((kind, record_id), record)| {
                let owner = owner_field(kind).and_then(|field| record.id(field)).map(id);
                json!([kind, id(*record_id), owner, encode(record).to_string(), at])
            })
            .collect(),
    );
    sqlx::query!(
        "insert into record (kind, id, owner, doc, updated_at)
         select value ->> 0, unhex(value ->> 1), unhex(value ->> 2), value ->> 3, value ->> 4
         from json_each(?1) where true
         on conflict (kind, id) do update
         set owner = excluded.owner, doc = excluded.doc, updated_at = excluded.updated_at",
        batch
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Keeps what records were before the first unacknowledged change, unless that is kept already.
pub(crate) async fn shadow(
    db: &mut SqliteConnection,
    keys: impl Iterator<Item = &(String, Uuid)>,
    before: &Records,
    at: &str,
) -> Result<(), StoreError> {
    let batch = rows(
        keys.map(|key| {
            let doc = before.get(key).map(|record| encode(record).to_string());
            json!([key.0, hex(key.1.as_bytes()), doc, at])
        })
        .collect(),
    );
    sqlx::query!(
        "insert into shadow (kind, id, doc, created_at)
         select value ->> 0, unhex(value ->> 1), value ->> 2, value ->> 3 from json_each(?1) where true
         on conflict (kind, id) do nothing",
        batch
    )
    .execute(db)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_returns_what_went_in() {
        let mut record = Record::default();
        for (index, name) in ["a", "b", "c"].into_iter().enumerate() {
            let revision = Uuid::from_u128(index as u128 / 2);
            record.fields.insert(name.into(), Field { value: json!({ "x": [index, null, "𠮷"] }), revision });
        }
        assert_eq!(decode(&encode(&record).to_string()).unwrap(), record);
    }
}
