//! For whoever watches the hub.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::bytes;
use crate::error::HubError;
use crate::state::Hub;
use crate::table::hub;

/// Whether the database answers.
pub(super) async fn healthz(State(hub): State<Hub>) -> Result<Response, HubError> {
    let mut db = hub.pool.acquire().await?;
    hub::epoch(&mut db).await?;
    Ok(bytes(StatusCode::OK, "text/plain", b"ok\n".to_vec()))
}

pub(super) async fn metrics(State(hub): State<Hub>) -> Response {
    bytes(StatusCode::OK, "text/plain; version=0.0.4", hub.metrics.text().into_bytes())
}
