//! Sealed chunks, named by SHA-256 of their bytes.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::Code;
use domain::digest::Digest;
use object_store::{ObjectStoreExt as _, PutMode};
use wire::{CHUNK, MissingAnswer, MissingRequest};

use super::{answer, bytes, named};
use crate::auth::signed;
use crate::error::{HubError, refused};
use crate::metrics::add;
use crate::state::{Hub, chunk_path};
use crate::table::{chunk, snapshot};

/// A chunk and what sealing adds to it.
const LIMIT: usize = CHUNK + 4096;
/// A list of names.
const NAMES_LIMIT: usize = 1024 * 1024;
/// Names in one list: files of 40 GB.
const MOST_NAMES: usize = 10_000;

pub(super) async fn missing(State(hub): State<Hub>, request: Request) -> Result<Response, HubError> {
    let asker = signed(&hub, request, NAMES_LIMIT, false).await?;
    let asked: MissingRequest = wire::decode(&asker.body)?;
    if asked.chunks.len() > MOST_NAMES {
        return Err(refused(StatusCode::PAYLOAD_TOO_LARGE, Code::SyncRequestTooLarge));
    }
    let mut db = hub.pool.acquire().await?;
    let chunks = chunk::missing(&mut db, &asker.device.stream, &asked.chunks).await?;
    answer(StatusCode::OK, &MissingAnswer { chunks })
}

/// Keeps a chunk. One that is there already stays as it is.
pub(super) async fn save(State(hub): State<Hub>, request: Request) -> Result<Response, HubError> {
    let name = named(request.uri().path())?;
    let _held = hub.bodies.acquire().await.map_err(|_| HubError::Task)?;
    let asker = signed(&hub, request, LIMIT, false).await?;
    if Digest::of(&asker.body) != name {
        return Err(refused(StatusCode::UNPROCESSABLE_ENTITY, Code::SyncChunkWrong));
    }
    let (stream, length) = (&asker.device.stream, asker.body.len());
    let path = chunk_path(stream, &name);
    match hub.files.put_opts(&path, asker.body.into(), PutMode::Create.into()).await {
        Ok(_) | Err(object_store::Error::AlreadyExists { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    add(&hub.metrics.chunk_bytes, length);
    let mut db = hub.pool.acquire().await?;
    chunk::insert(&mut db, stream, &name, i64::try_from(length).unwrap_or(i64::MAX)).await?;
    Ok(bytes(StatusCode::OK, "application/cbor", Vec::new()))
}

/// Hands a chunk out. One that is lost or damaged is forgotten, so that a desk that has it brings it again; a
/// snapshot that needs it is handed out no more.
pub(super) async fn get(State(hub): State<Hub>, request: Request) -> Result<Response, HubError> {
    let name = named(request.uri().path())?;
    let asker = signed(&hub, request, LIMIT, false).await?;
    let _held = hub.bodies.acquire().await.map_err(|_| HubError::Task)?;
    let stream = &asker.device.stream;
    let path = chunk_path(stream, &name);
    let found = match hub.files.get(&path).await {
        Ok(found) => Some(found.bytes().await?),
        Err(object_store::Error::NotFound { .. }) => None,
        Err(error) => return Err(error.into()),
    };
    if let Some(found) = &found
        && Digest::of(found) == name
    {
        return Ok(bytes(StatusCode::OK, "application/octet-stream", found.clone()));
    }
    let damaged = found.is_some();
    let mut db = hub.pool.acquire().await?;
    chunk::remove(&mut db, stream, &name).await?;
    snapshot::forget(&mut db, stream, |snapshot| snapshot.chunks.contains(&name)).await?;
    if damaged {
        tracing::error!(chunk = %name.hex(), "a chunk was damaged in the object store");
        hub.files.delete(&path).await?;
    }
    Err(refused(StatusCode::NOT_FOUND, Code::SyncFileUnknown))
}
