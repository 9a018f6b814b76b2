//! What can go wrong, and what of it is told to the one who asked.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::Code;
use domain::digest::CborError;
use wire::{Refused, WireError};

/// A request or command that was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum HubError {
    /// The asker's doing: said with its code.
    #[error("refused: {1}")]
    Refused(StatusCode, Code),
    /// The database.
    #[error("the database: {0}")]
    Database(#[from] sqlx::Error),
    /// The migrations.
    #[error("the migrations: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// The files.
    #[error("the files: {0}")]
    Files(#[from] object_store::Error),
    /// Something of ours cannot be written.
    #[error("a value cannot be written as CBOR")]
    Encoding,
    /// A row that this version did not write.
    #[error("a row of {0} is not what was written")]
    Row(&'static str),
    /// A task of ours ended early.
    #[error("a task ended early")]
    Task,
    /// The system.
    #[error("{0}")]
    Io(#[from] std::io::Error),
}

impl From<CborError> for HubError {
    fn from(_: CborError) -> Self {
        HubError::Encoding
    }
}

impl From<WireError> for HubError {
    fn from(error: WireError) -> Self {
        match error {
            WireError::Malformed => refused(StatusCode::BAD_REQUEST, Code::SyncRequestWrong),
            WireError::TooLarge => refused(StatusCode::PAYLOAD_TOO_LARGE, Code::SyncRequestTooLarge),
            WireError::Unsigned => refused(StatusCode::UNAUTHORIZED, Code::SyncUnsigned),
        }
    }
}

pub(crate) fn refused(status: StatusCode, code: Code) -> HubError {
    HubError::Refused(status, code)
}

impl HubError {
    /// Whether the transaction met another one and is to be tried again.
    pub(crate) fn met_another(&self) -> bool {
        let HubError::Database(sqlx::Error::Database(error)) = self else { return false };
        // Serialisation failure, deadlock; a row that another transaction wrote first.
        matches!(error.code().as_deref(), Some("40001" | "40P01" | "23505"))
    }

    fn status(&self) -> StatusCode {
        match self {
            HubError::Refused(status, _) => *status,
            HubError::Database(sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_)) => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            error if error.met_another() => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl IntoResponse for HubError {
    fn into_response(self) -> Response {
        let status = self.status();
        let code = match &self {
            HubError::Refused(_, code) => *code,
            error => {
                // The cause is for the log; the asker learns that it was not their doing.
                tracing::error!(cause = %error, "a request failed");
                Code::SyncHubBusy
            }
        };
        let body = wire::encode(&Refused { code: code.as_str().to_owned() }).unwrap_or_default();
        let mut response = (status, body).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/cbor"));
        response
    }
}
