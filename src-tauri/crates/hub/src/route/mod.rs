//! The routes of `wire`, and what surrounds each request: a time limit, a line in the log, a count.

mod chunks;
mod enrol;
mod files;
mod health;
mod pull;
mod push;

use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post, put};
use domain::Code;
use domain::digest::{Digest, unhex};
use serde::Serialize;

use crate::error::{HubError, refused};
use crate::state::Hub;

/// A request that takes longer is given up; the asker's own patience ends at a minute.
const PATIENCE: Duration = Duration::from_secs(60);

/// The hub as a service.
pub fn router(hub: Hub) -> Router {
    Router::new()
        .route("/healthz", get(health::healthz))
        .route("/metrics", get(health::metrics))
        .route("/v1/hello", get(enrol::hello))
        .route("/v1/enrol", post(enrol::enrol))
        .route("/v1/push", post(push::push))
        .route("/v1/pull", post(pull::pull))
        .route("/v1/heads", post(pull::heads))
        .route("/v1/snapshot", post(pull::snapshot))
        .route("/v1/files", post(files::save))
        .route("/v1/files/{sha256}", get(files::get))
        .route("/v1/chunks/missing", post(chunks::missing))
        .route("/v1/chunks/{sha256}", put(chunks::save).get(chunks::get))
        .fallback(unknown)
        .method_not_allowed_fallback(unknown)
        .layer(from_fn_with_state(hub.clone(), surround))
        .with_state(hub)
}

async fn unknown() -> HubError {
    refused(StatusCode::NOT_FOUND, Code::SyncRequestWrong)
}

async fn surround(State(hub): State<Hub>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let route = route.unwrap_or_else(|| "other".to_owned());
    let method = request.method().as_str().to_owned();
    let response = match tokio::time::timeout(PATIENCE, next.run(request)).await {
        Ok(response) => response,
        Err(_) => refused(StatusCode::REQUEST_TIMEOUT, Code::SyncHubBusy).into_response(),
    };
    let millis = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    let status = response.status().as_u16();
    hub.metrics.answered(&route, status, millis);
    if route.starts_with("/v1/") {
        tracing::info!(route, method, status, millis, "a request was answered");
    }
    response
}

/// An answer.
fn answer(status: StatusCode, message: &impl Serialize) -> Result<Response, HubError> {
    // Our own message is too large only when a limit of ours is wrong.
    let body = wire::encode(message).map_err(|_| HubError::Encoding)?;
    Ok(bytes(status, "application/cbor", body))
}

fn bytes(status: StatusCode, kind: &'static str, body: impl Into<Body>) -> Response {
    (status, [(header::CONTENT_TYPE, kind)], body.into()).into_response()
}

/// The digest a path ends in.
fn named(path: &str) -> Result<Digest, HubError> {
    path.rsplit('/')
        .next()
        .filter(|name| name.len() == 64 && !name.bytes().any(|byte| byte.is_ascii_uppercase()))
        .and_then(unhex)
        .and_then(|bytes| bytes.try_into().ok())
        .map(Digest)
        .ok_or(refused(StatusCode::BAD_REQUEST, Code::SyncRequestWrong))
}
