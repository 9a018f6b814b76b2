//! Who asks: a signed request of an enrolled device.

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use domain::Code;
use domain::digest::unhex;
use futures_util::StreamExt as _;
use uuid::Uuid;
use wire::{
    Asked, CHALLENGE_HEADER, CHALLENGE_SECONDS, DEVICE_HEADER, SIGNATURE_HEADER, challenge_age, verify,
};

use crate::error::{HubError, refused};
use crate::state::Hub;
use crate::table::device::{self, Device};

/// The headers of a signed request, with a challenge that is this hub's and not too old.
pub(crate) struct Claimed {
    pub(crate) device: Uuid,
    challenge: Vec<u8>,
    signature: Vec<u8>,
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Result<&'a str, HubError> {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .filter(|value| value.len() <= 200)
        .ok_or(refused(StatusCode::UNAUTHORIZED, Code::SyncUnsigned))
}

pub(crate) fn claimed(hub: &Hub, headers: &HeaderMap) -> Result<Claimed, HubError> {
    let unsigned = || refused(StatusCode::UNAUTHORIZED, Code::SyncUnsigned);
    let device = Uuid::try_parse(header(headers, DEVICE_HEADER)?).map_err(|_| unsigned())?;
    let challenge = unhex(header(headers, CHALLENGE_HEADER)?).ok_or_else(unsigned)?;
    let signature = unhex(header(headers, SIGNATURE_HEADER)?).ok_or_else(unsigned)?;
    let age = challenge_age(&hub.key.verifying_key(), &challenge, hub.now())?;
    // A replica's clock may be a little ahead of this one's.
    if !(-60_000..=CHALLENGE_SECONDS * 1000).contains(&age) {
        return Err(refused(StatusCode::UNAUTHORIZED, Code::SyncChallengeOld));
    }
    Ok(Claimed { device, challenge, signature })
}

impl Claimed {
    /// Whether the signature holds with a key.
    pub(crate) fn check(
        &self,
        key: &[u8],
        (method, path): (&str, &str),
        body: &[u8],
    ) -> Result<(), HubError> {
        let asked = Asked { device: self.device, challenge: &self.challenge, method, path, body };
        Ok(verify(key, &asked, &self.signature)?)
    }
}

/// A request that its device signed.
pub(crate) struct Signed {
    pub(crate) device: Device,
    pub(crate) body: Vec<u8>,
}

/// Method and path as they were signed.
pub(crate) fn line(request: &Request<Body>) -> (String, String) {
    let uri = request.uri();
    let path = uri.path_and_query().map_or_else(|| uri.path(), |whole| whole.as_str());
    (request.method().as_str().to_owned(), path.to_owned())
}

/// Reads a body no larger than a limit.
pub(crate) async fn body(request: Request<Body>, limit: usize) -> Result<Vec<u8>, HubError> {
    let too_large = || refused(StatusCode::PAYLOAD_TOO_LARGE, Code::SyncRequestTooLarge);
    let announced = request
        .headers()
        .get(axum::http::header::CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok())
        .and_then(|length| length.parse::<usize>().ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(too_large());
    }
    // One copy, of the size it was announced with: a chunk of a file is held once, not three times.
    let mut whole = Vec::with_capacity(announced.unwrap_or_default());
    let mut parts = request.into_body().into_data_stream();
    while let Some(part) = parts.next().await {
        let part = part.map_err(|_| too_large())?;
        if whole.len() + part.len() > limit {
            return Err(too_large());
        }
        whole.extend_from_slice(&part);
    }
    Ok(whole)
}

/// Lets an enrolled device in. Nothing of the body is read before the device is known, nothing unpacked before its
/// signature holds. A revoked device gets no further unless the route says so.
pub(crate) async fn signed(
    hub: &Hub,
    request: Request<Body>,
    limit: usize,
    revoked_too: bool,
) -> Result<Signed, HubError> {
    let claimed = claimed(hub, request.headers())?;
    let mut db = hub.pool.acquire().await?;
    let device = device::get(&mut db, claimed.device)
        .await?
        .ok_or(refused(StatusCode::UNAUTHORIZED, Code::SyncDeviceUnknown))?;
    drop(db);
    let (method, path) = line(&request);
    let body = body(request, limit).await?;
    claimed.check(&device.public_key, (&method, &path), &body)?;
    if device.revoked && !revoked_too {
        return Err(refused(StatusCode::FORBIDDEN, Code::SyncDeviceRevoked));
    }
    Ok(Signed { device, body })
}
