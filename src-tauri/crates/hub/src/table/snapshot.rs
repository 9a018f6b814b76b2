//! The snapshots there are of each stream.

use sqlx::PgConnection;
use wire::Snapshot;

use super::signed;
use crate::error::HubError;

fn read(bytes: &[u8]) -> Result<Snapshot, HubError> {
    ciborium::from_reader(bytes).map_err(|_| HubError::Row("snapshot"))
}

/// The newest one.
pub(crate) async fn newest(db: &mut PgConnection, stream: &str) -> Result<Option<Snapshot>, HubError> {
    let found: Option<Vec<u8>> =
        sqlx::query_scalar("select manifest from snapshot where stream = $1 order by seq desc limit 1")
            .bind(stream)
            .fetch_optional(db)
            .await?;
    found.map(|bytes| read(&bytes)).transpose()
}

pub(crate) async fn insert(db: &mut PgConnection, snapshot: &Snapshot) -> Result<(), HubError> {
    let mut manifest = Vec::new();
    ciborium::into_writer(snapshot, &mut manifest).map_err(|_| HubError::Encoding)?;
    sqlx::query("insert into snapshot (stream, seq, manifest) values ($1, $2, $3) on conflict do nothing")
        .bind(&snapshot.stream)
        .bind(signed(snapshot.seq)?)
        .bind(manifest)
        .execute(db)
        .await?;
    Ok(())
}

/// Takes all but the newest `keep` away, and gives them.
pub(crate) async fn retire(
    db: &mut PgConnection,
    stream: &str,
    keep: i64,
) -> Result<Vec<Snapshot>, HubError> {
    let gone: Vec<Vec<u8>> = sqlx::query_scalar(
        "delete from snapshot where stream = $1
         and seq not in (select seq from snapshot where stream = $1 order by seq desc limit $2)
         returning manifest",
    )
    .bind(stream)
    .bind(keep)
    .fetch_all(db)
    .await?;
    gone.iter().map(|bytes| read(bytes)).collect()
}

/// Forgets those that need a chunk.
pub(crate) async fn forget(
    db: &mut PgConnection,
    stream: &str,
    needs: impl Fn(&Snapshot) -> bool,
) -> Result<(), HubError> {
    let kept: Vec<Vec<u8>> = sqlx::query_scalar("select manifest from snapshot where stream = $1")
        .bind(stream)
        .fetch_all(&mut *db)
        .await?;
    for bytes in kept {
        let snapshot = read(&bytes)?;
        if needs(&snapshot) {
            sqlx::query("delete from snapshot where stream = $1 and seq = $2")
                .bind(stream)
                .bind(signed(snapshot.seq)?)
                .execute(&mut *db)
                .await?;
        }
    }
    Ok(())
}

/// Streams that have grown by so many operations since their newest snapshot.
pub(crate) async fn due(db: &mut PgConnection, every: i64) -> Result<Vec<String>, HubError> {
    Ok(sqlx::query_scalar(
        "select head.stream from head
         left join (select stream, max(seq) as seq from snapshot group by stream) as last on last.stream = head.stream
         where head.seq - coalesce(last.seq, 0) >= $1 order by head.stream",
    )
    .bind(every)
    .fetch_all(db)
    .await?)
}
