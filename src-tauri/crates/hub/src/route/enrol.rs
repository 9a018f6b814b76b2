//! The first words, and how a device joins its branch.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::Code;
use domain::case_number::{DEVICE_ALPHABET, check_device_code};
use domain::digest::ByteString;
use domain::role::Role;
use sqlx::PgConnection;
use wire::{Certificate, CertificateBody, EnrolAnswer, EnrolRequest, Hello, WIRE_SCHEMA, challenge};

use super::answer;
use crate::auth::{body, claimed, line};
use crate::enrolment::code_hash;
use crate::error::{HubError, refused};
use crate::state::{Hub, random};
use crate::table::device::{self, Device};
use crate::table::{enrolment, head, hub};

/// Who is not enrolled yet makes the hub unpack no more than a thousand times this.
const LIMIT: usize = 4096;

pub(super) async fn hello(State(hub): State<Hub>) -> Result<Response, HubError> {
    let mut db = hub.pool.acquire().await?;
    let at = hub.now();
    let hello = Hello {
        schema: WIRE_SCHEMA,
        epoch: hub::epoch(&mut db).await?,
        challenge: ByteString(challenge(&hub.key, at)),
        at,
        hub_key: ByteString(hub.key.verifying_key().to_bytes().to_vec()),
    };
    answer(StatusCode::OK, &hello)
}

pub(super) async fn enrol(State(hub): State<Hub>, request: Request) -> Result<Response, HubError> {
    let claimed = claimed(&hub, request.headers())?;
    let (method, path) = line(&request);
    let body = body(request, LIMIT).await?;
    let asked: EnrolRequest = wire::decode(&body)?;
    claimed.check(&asked.public_key.0, (&method, &path), &body)?;
    if asked.device != claimed.device {
        return Err(refused(StatusCode::BAD_REQUEST, Code::SyncRequestWrong));
    }
    let mut transaction = hub.pool.begin().await?;
    let certificate = redeem(&hub, &mut transaction, &asked).await?;
    let epoch = hub::epoch(&mut transaction).await?;
    transaction.commit().await?;
    tracing::info!(device = %asked.device, "a device was enrolled");
    let branch_key = hub.branch_key(&asked.stream);
    answer(StatusCode::OK, &EnrolAnswer { schema: WIRE_SCHEMA, epoch, certificate, branch_key })
}

async fn redeem(hub: &Hub, db: &mut PgConnection, asked: &EnrolRequest) -> Result<Certificate, HubError> {
    let now = hub.now();
    let (stream, role) =
        enrolment::redeem(db, &code_hash(&asked.code), now, asked.device, &asked.public_key.0)
            .await?
            .ok_or(refused(StatusCode::FORBIDDEN, Code::SyncEnrolCode))?;
    if stream != asked.stream {
        return Err(refused(StatusCode::FORBIDDEN, Code::SyncEnrolBranch));
    }
    device::lock(db, asked.device).await?;
    if let Some(before) = device::get(db, asked.device).await?
        && (before.stream != stream || before.public_key != asked.public_key.0)
    {
        // Whoever holds a code may not take over another desk's name.
        return Err(refused(StatusCode::FORBIDDEN, Code::SyncEnrolDevice));
    }
    // Two desks of a branch enrol one after the other, or both might be given one code.
    head::make(db, &stream).await?;
    head::lock(db, &stream).await?;
    let device_code = free_code(db, &stream, asked).await?;
    let body = CertificateBody {
        device: asked.device,
        public_key: asked.public_key.clone(),
        stream,
        device_code,
        issued_at: now,
        role: role.as_deref().and_then(Role::named),
    };
    let certificate = Certificate::issue(&hub.key, &body)?;
    device::save(db, &Device::certified(body, certificate.clone())).await?;
    Ok(certificate)
}

/// The code the desk drew if it is free, else another.
async fn free_code(db: &mut PgConnection, stream: &str, asked: &EnrolRequest) -> Result<String, HubError> {
    let mut code = check_device_code(&asked.device_code)
        .map_err(|_| refused(StatusCode::BAD_REQUEST, Code::SyncRequestWrong))?;
    // A million codes are there for the desks of one branch.
    for _ in 0..1000 {
        if !device::code_taken(db, stream, &code, asked.device).await? {
            return Ok(code);
        }
        code = draw()?;
    }
    Err(refused(StatusCode::CONFLICT, Code::SyncEnrolDevice))
}

fn draw() -> Result<String, HubError> {
    let mut bytes = [0; 4];
    random(&mut bytes)?;
    let letters = DEVICE_ALPHABET.as_bytes();
    Ok(bytes
        .iter()
        .filter_map(|byte| letters.get(usize::from(*byte) % letters.len()))
        .map(|&l| char::from(l))
        .collect())
}
