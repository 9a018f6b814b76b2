//! The records of each stream, as the hub's order of operations leaves them.

use std::collections::BTreeSet;

use domain::record::{Record, Records};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::HubError;

fn read(rows: Vec<(String, Uuid, Vec<u8>)>) -> Result<Records, HubError> {
    rows.into_iter()
        .map(|(kind, id, fields)| {
            let fields = ciborium::from_reader(fields.as_slice()).map_err(|_| HubError::Row("record"))?;
            Ok(((kind, id), Record { fields }))
        })
        .collect()
}

/// Those of the keys that there are, in one query.
pub(crate) async fn load(
    db: &mut PgConnection,
    stream: &str,
    keys: &BTreeSet<(String, Uuid)>,
) -> Result<Records, HubError> {
    let (kinds, ids): (Vec<String>, Vec<Uuid>) = keys.iter().cloned().unzip();
    let rows = sqlx::query_as(
        "select r.kind, r.id, r.fields from unnest($2::text[], $3::uuid[]) as wanted (kind, id)
         join record r on r.stream = $1 and r.kind = wanted.kind and r.id = wanted.id",
    )
    .bind(stream)
    .bind(kinds)
    .bind(ids)
    .fetch_all(db)
    .await?;
    read(rows)
}

/// A run of a stream's records in the order of their keys.
pub(crate) async fn page(
    db: &mut PgConnection,
    stream: &str,
    after: &(String, Uuid),
    limit: i64,
) -> Result<Vec<((String, Uuid), Record)>, HubError> {
    let rows: Vec<(String, Uuid, Vec<u8>)> = sqlx::query_as(
        "select kind, id, fields from record where stream = $1 and (kind, id) > ($2, $3)
         order by kind, id limit $4",
    )
    .bind(stream)
    .bind(&after.0)
    .bind(after.1)
    .bind(limit)
    .fetch_all(db)
    .await?;
    rows.into_iter()
        .map(|(kind, id, fields)| {
            let fields = ciborium::from_reader(fields.as_slice()).map_err(|_| HubError::Row("record"))?;
            Ok(((kind, id), Record { fields }))
        })
        .collect()
}

/// Every record of a stream, for `verify`.
pub(crate) async fn all(db: &mut PgConnection, stream: &str) -> Result<Records, HubError> {
    let rows = sqlx::query_as("select kind, id, fields from record where stream = $1")
        .bind(stream)
        .fetch_all(db)
        .await?;
    read(rows)
}

/// Every record of a kind, with its stream.
pub(crate) async fn of_kind(
    db: &mut PgConnection,
    kind: &str,
) -> Result<Vec<(String, Uuid, Record)>, HubError> {
    let rows: Vec<(String, Uuid, Vec<u8>)> = sqlx::query_as(
        "select stream, id, fields from record where kind = $1 order by stream, created_at, id",
    )
    .bind(kind)
    .fetch_all(db)
    .await?;
    rows.into_iter()
        .map(|(stream, id, fields)| {
            let fields = ciborium::from_reader(fields.as_slice()).map_err(|_| HubError::Row("record"))?;
            Ok((stream, id, Record { fields }))
        })
        .collect()
}

/// Writes what changed, in one statement.
pub(crate) async fn save(
    db: &mut PgConnection,
    stream: &str,
    before: &Records,
    after: &Records,
) -> Result<(), HubError> {
    let (mut kinds, mut ids, mut bodies) = (Vec::new(), Vec::new(), Vec::new());
    for ((kind, id), record) in after {
        if record.fields.is_empty() || before.get(&(kind.clone(), *id)) == Some(record) {
            continue;
        }
        let mut body = Vec::new();
        ciborium::into_writer(&record.fields, &mut body).map_err(|_| HubError::Encoding)?;
        kinds.push(kind.clone());
        ids.push(*id);
        bodies.push(body);
    }
    if ids.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "insert into record (stream, kind, id, fields)
         select $1, kind, id, fields from unnest($2::text[], $3::uuid[], $4::bytea[]) as new (kind, id, fields)
         on conflict (stream, kind, id) do update set fields = excluded.fields, updated_at = now()",
    )
    .bind(stream)
    .bind(kinds)
    .bind(ids)
    .bind(bodies)
    .execute(db)
    .await?;
    Ok(())
}
