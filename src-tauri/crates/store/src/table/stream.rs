//! How far each stream was followed, what waits in it, and what went wrong with it.

use domain::digest::{Digest, unhex};
use domain::settle::StateDigest;
use sqlx::SqliteConnection;
use uuid::Uuid;
use wire::log::Tree;

use crate::error::StoreError;

/// How far a stream was followed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Followed {
    pub(crate) cursor: u64,
    pub(crate) head: u64,
    pub(crate) digest: StateDigest,
    pub(crate) rebuilding: bool,
    /// The stream's log up to the cursor; shorter in a profile that is older than logs.
    pub(crate) tree: Tree,
    /// The hub's last signed word about the log that fitted.
    pub(crate) checkpoint: Option<String>,
}

pub(crate) async fn get(db: &mut SqliteConnection, name: &str) -> Result<Followed, StoreError> {
    let row = sqlx::query!(
        "select cursor, head, digest, rebuilding, tree, checkpoint from stream where name = ?1",
        name
    )
    .fetch_optional(db)
    .await?;
    let Some(row) = row else { return Ok(Followed::default()) };
    let digest = unhex(&row.digest).and_then(|bytes| bytes.try_into().ok()).ok_or(StoreError::Encoding)?;
    Ok(Followed {
        cursor: u64::try_from(row.cursor).map_err(|_| StoreError::Encoding)?,
        head: u64::try_from(row.head).map_err(|_| StoreError::Encoding)?,
        digest: StateDigest(Digest(digest)),
        rebuilding: row.rebuilding != 0,
        tree: match row.tree {
            Some(bytes) => Tree::from_bytes(&bytes).ok_or(StoreError::Encoding)?,
            None => Tree::default(),
        },
        checkpoint: row.checkpoint,
    })
}

pub(crate) async fn set(
    db: &mut SqliteConnection,
    name: &str,
    followed: &Followed,
    at: &str,
) -> Result<(), StoreError> {
    let cursor = i64::try_from(followed.cursor).map_err(|_| StoreError::Encoding)?;
    let head = i64::try_from(followed.head).map_err(|_| StoreError::Encoding)?;
    let digest = followed.digest.0.hex();
    let rebuilding = i64::from(followed.rebuilding);
    let tree = followed.tree.to_bytes();
    sqlx::query!(
        "insert into stream (name, cursor, head, digest, rebuilding, tree, checkpoint, created_at, updated_at)
         values (?1, ?2, ?3, ?4, ?5, ?7, ?8, ?6, ?6)
         on conflict (name) do update
         set cursor = excluded.cursor, head = excluded.head, digest = excluded.digest,
             rebuilding = excluded.rebuilding, tree = excluded.tree, checkpoint = excluded.checkpoint,
             updated_at = excluded.updated_at",
        name,
        cursor,
        head,
        digest,
        rebuilding,
        at,
        tree,
        followed.checkpoint
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Keeps an operation of a newer version.
pub(crate) async fn wait(
    db: &mut SqliteConnection,
    name: &str,
    position: u64,
    id: Uuid,
    body: &[u8],
    at: &str,
) -> Result<(), StoreError> {
    let position = i64::try_from(position).map_err(|_| StoreError::Encoding)?;
    sqlx::query!(
        "insert into waiting (stream, position, id, body, created_at) values (?1, ?2, ?3, ?4, ?5)
         on conflict (stream, position) do update set id = excluded.id, body = excluded.body",
        name,
        position,
        id,
        body,
        at
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The bytes that wait for an upgrade, in a stream.
pub(crate) async fn waiting(db: &mut SqliteConnection, name: &str) -> Result<Vec<Vec<u8>>, StoreError> {
    Ok(sqlx::query_scalar!("select body from waiting where stream = ?1 order by position", name)
        .fetch_all(db)
        .await?)
}

pub(crate) async fn clear_waiting(db: &mut SqliteConnection, name: &str) -> Result<(), StoreError> {
    sqlx::query!("delete from waiting where stream = ?1", name).execute(db).await?;
    Ok(())
}

/// Remembers that something did not fit.
pub(crate) async fn incident(
    db: &mut SqliteConnection,
    kind: &str,
    detail: &str,
    at: &str,
) -> Result<(), StoreError> {
    sqlx::query!("insert into incident (kind, detail, created_at) values (?1, ?2, ?3)", kind, detail, at)
        .execute(db)
        .await?;
    Ok(())
}

/// The newest incidents: kind, detail, moment.
pub(crate) async fn incidents(
    db: &mut SqliteConnection,
) -> Result<Vec<(String, String, String)>, StoreError> {
    let found = sqlx::query!("select kind, detail, created_at from incident order by entry desc limit 100")
        .fetch_all(db)
        .await?;
    Ok(found.into_iter().map(|row| (row.kind, row.detail, row.created_at)).collect())
}
