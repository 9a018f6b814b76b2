//! `POST /v1/files` and `GET /v1/files/{sha256}`: how a file is put together.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::Code;
use wire::{CHUNK, FileManifest};

use super::{answer, named};
use crate::auth::signed;
use crate::error::{HubError, refused};
use crate::state::Hub;
use crate::table::{chunk, file};

/// A manifest: 32 bytes for each 4 MiB of the file.
const LIMIT: usize = 1024 * 1024;

/// Keeps a manifest once every chunk is here. Answers with the one that stands.
pub(super) async fn save(State(hub): State<Hub>, request: Request) -> Result<Response, HubError> {
    let asker = signed(&hub, request, LIMIT, false).await?;
    let manifest: FileManifest = wire::decode(&asker.body)?;
    let chunk_size = u64::try_from(CHUNK).map_err(|_| HubError::Encoding)?;
    let chunks = u64::try_from(manifest.chunks.len()).map_err(|_| HubError::Encoding)?;
    if manifest.key.0.len() != 32 || manifest.size.div_ceil(chunk_size) != chunks {
        return Err(refused(StatusCode::BAD_REQUEST, Code::SyncRequestWrong));
    }
    let mut db = hub.pool.acquire().await?;
    let stream = &asker.device.stream;
    if !chunk::missing(&mut db, stream, &manifest.chunks).await?.is_empty() {
        return Err(refused(StatusCode::CONFLICT, Code::SyncChunksMissing));
    }
    let mut bytes = Vec::new();
    ciborium::into_writer(&manifest, &mut bytes).map_err(|_| HubError::Encoding)?;
    file::insert(&mut db, stream, &manifest.sha256, &bytes).await?;
    let kept = file::get(&mut db, stream, &manifest.sha256).await?.unwrap_or(bytes);
    answer(StatusCode::OK, &read(&kept)?)
}

pub(super) async fn get(State(hub): State<Hub>, request: Request) -> Result<Response, HubError> {
    let file = named(request.uri().path())?;
    let asker = signed(&hub, request, LIMIT, false).await?;
    let mut db = hub.pool.acquire().await?;
    let kept = file::get(&mut db, &asker.device.stream, &file)
        .await?
        .ok_or(refused(StatusCode::NOT_FOUND, Code::SyncFileUnknown))?;
    answer(StatusCode::OK, &read(&kept)?)
}

fn read(bytes: &[u8]) -> Result<FileManifest, HubError> {
    ciborium::from_reader(bytes).map_err(|_| HubError::Row("file"))
}
