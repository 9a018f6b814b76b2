//! How files are put together from chunks.

use domain::digest::Digest;
use sqlx::PgConnection;

use crate::error::HubError;

/// The first manifest of a file stands: a second desk that sealed the same file under another key reads the first.
pub(crate) async fn insert(
    db: &mut PgConnection,
    stream: &str,
    file: &Digest,
    manifest: &[u8],
) -> Result<(), HubError> {
    sqlx::query("insert into file (stream, sha256, manifest) values ($1, $2, $3) on conflict do nothing")
        .bind(stream)
        .bind(file.0.as_slice())
        .bind(manifest)
        .execute(db)
        .await?;
    Ok(())
}

pub(crate) async fn get(
    db: &mut PgConnection,
    stream: &str,
    file: &Digest,
) -> Result<Option<Vec<u8>>, HubError> {
    let found = sqlx::query_scalar("select manifest from file where stream = $1 and sha256 = $2")
        .bind(stream)
        .bind(file.0.as_slice())
        .fetch_optional(db)
        .await?;
    Ok(found)
}
