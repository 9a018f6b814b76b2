//! The Merkle log over each stream: as many entries as the stream has, changed under the lock of its head.

use sqlx::PgConnection;
use wire::log::{Tree, leaf};

use super::{head, operation};
use crate::error::HubError;

/// Entries read at once.
const RUN: i64 = 1_000;

fn read(bytes: Option<Vec<u8>>) -> Result<Tree, HubError> {
    bytes.map_or_else(|| Ok(Tree::default()), |bytes| Tree::from_bytes(&bytes).ok_or(HubError::Row("a log")))
}

/// The log of a stream.
pub(crate) async fn get(db: &mut PgConnection, stream: &str) -> Result<Tree, HubError> {
    let found =
        sqlx::query_scalar("select tree from log where stream = $1").bind(stream).fetch_optional(db).await?;
    read(found)
}

/// The log with its stream's head, of one moment.
pub(crate) async fn with_head(
    db: &mut PgConnection,
    stream: &str,
) -> Result<Option<(head::Head, Tree)>, HubError> {
    let row: Option<(i64, Vec<u8>, Option<Vec<u8>>)> = sqlx::query_as(
        "select head.seq, head.digest, log.tree from head left join log on log.stream = head.stream
         where head.stream = $1",
    )
    .bind(stream)
    .fetch_optional(db)
    .await?;
    row.map(|(seq, sum, tree)| Ok((head::Head::read((seq, sum))?, read(tree)?))).transpose()
}

/// Grows the log by what the stream has beyond it; the caller holds the lock of the stream's head.
pub(crate) async fn follow(db: &mut PgConnection, stream: &str) -> Result<(), HubError> {
    let mut tree = get(db, stream).await?;
    loop {
        let run = operation::entries(db, stream, tree.size(), RUN).await?;
        if run.is_empty() {
            return save(db, stream, &tree).await;
        }
        for (at, hash, verdict) in run {
            if at != tree.size() + 1 {
                return Err(HubError::Row("a stream without gaps"));
            }
            tree.push(leaf(at, &hash, &verdict)?);
        }
    }
}

async fn save(db: &mut PgConnection, stream: &str, tree: &Tree) -> Result<(), HubError> {
    sqlx::query(
        "insert into log (stream, tree) values ($1, $2)
         on conflict (stream) do update set tree = excluded.tree, updated_at = now()",
    )
    .bind(stream)
    .bind(tree.to_bytes())
    .execute(db)
    .await?;
    Ok(())
}

/// Makes the logs of streams that are older than logs.
pub(crate) async fn make_missing(db: &mut PgConnection) -> Result<(), HubError> {
    let without: Vec<String> = sqlx::query_scalar(
        "select head.stream from head left join log on log.stream = head.stream
         where head.seq > 0 and log.stream is null order by head.stream",
    )
    .fetch_all(&mut *db)
    .await?;
    for stream in without {
        head::lock(db, &stream).await?;
        follow(db, &stream).await?;
    }
    Ok(())
}
