//! Which sealed chunks the object store holds.

use domain::digest::Digest;
use sqlx::PgConnection;

use super::digest;
use crate::error::HubError;

pub(crate) async fn insert(
    db: &mut PgConnection,
    stream: &str,
    chunk: &Digest,
    size: i64,
) -> Result<(), HubError> {
    sqlx::query("insert into chunk (stream, sha256, size) values ($1, $2, $3) on conflict do nothing")
        .bind(stream)
        .bind(chunk.0.as_slice())
        .bind(size)
        .execute(db)
        .await?;
    Ok(())
}

pub(crate) async fn remove(db: &mut PgConnection, stream: &str, chunk: &Digest) -> Result<(), HubError> {
    sqlx::query("delete from chunk where stream = $1 and sha256 = $2")
        .bind(stream)
        .bind(chunk.0.as_slice())
        .execute(db)
        .await?;
    Ok(())
}

/// Those of the chunks that are not held, in the order they were asked for.
pub(crate) async fn missing(
    db: &mut PgConnection,
    stream: &str,
    chunks: &[Digest],
) -> Result<Vec<Digest>, HubError> {
    let names: Vec<Vec<u8>> = chunks.iter().map(|chunk| chunk.0.to_vec()).collect();
    let rows: Vec<Vec<u8>> = sqlx::query_scalar(
        "select wanted.sha256 from unnest($2::bytea[]) with ordinality as wanted (sha256, place)
         left join chunk c on c.stream = $1 and c.sha256 = wanted.sha256
         where c.sha256 is null order by wanted.place",
    )
    .bind(stream)
    .bind(names)
    .fetch_all(db)
    .await?;
    rows.into_iter().map(digest).collect()
}
