//! The Merkle log over each stream: as many entries as the stream has, changed under the lock of its head.

use domain::digest::Digest;
use domain::settle::Verdict;
use sqlx::PgConnection;
use wire::log::{Tree, leaf};

use super::{head, operation};
use crate::error::HubError;

/// Entries read at once of a stream that had no log.
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

/// Adds entries, each with its number; the caller holds the lock of the stream's head.
pub(crate) async fn append(
    db: &mut PgConnection,
    stream: &str,
    entries: impl IntoIterator<Item = (u64, Digest, Verdict)>,
) -> Result<(), HubError> {
    let mut tree = get(db, stream).await?;
    for (at, hash, verdict) in entries {
        if at != tree.size() + 1 {
            return Err(HubError::Row("a log as long as its stream"));
        }
        tree.push(leaf(at, &hash, &verdict)?);
    }
    save(db, stream, &tree).await
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

/// Brings the logs of streams that are older than logs to their streams' heads.
pub(crate) async fn catch_up(db: &mut PgConnection) -> Result<(), HubError> {
    let without: Vec<String> = sqlx::query_scalar(
        "select head.stream from head left join log on log.stream = head.stream
         where head.seq > 0 and log.stream is null order by head.stream",
    )
    .fetch_all(&mut *db)
    .await?;
    for stream in without {
        let head = head::lock(db, &stream).await?;
        // Under the lock: another process of the hub may have done it meanwhile.
        let mut tree = get(db, &stream).await?;
        while tree.size() < head.seq {
            let run = operation::stream_run(db, &stream, tree.size(), RUN).await?;
            if run.is_empty() {
                return Err(HubError::Row("a stream as long as its head says"));
            }
            for row in run {
                if row.at != Some(tree.size() + 1) {
                    return Err(HubError::Row("a stream without gaps"));
                }
                tree.push(leaf(tree.size() + 1, &row.hash, &row.verdict)?);
            }
        }
        save(db, &stream, &tree).await?;
    }
    Ok(())
}
