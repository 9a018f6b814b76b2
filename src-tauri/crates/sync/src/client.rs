//! One request at a time to the hub. Who signs is not its business: the key never leaves the store.

use std::time::Duration;

use domain::digest::{ByteString, Digest};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;
use wire::{
    CHALLENGE_HEADER, DEVICE_HEADER, EnrolAnswer, EnrolRequest, FileManifest, HeadsAnswer, Hello,
    MESSAGE_LIMIT, MissingAnswer, MissingRequest, PullAnswer, PullRequest, PushAnswer, PushRequest, Refused,
    SIGNATURE_HEADER,
};

/// A connection that takes longer is none.
const CONNECT: Duration = Duration::from_secs(10);
/// An answer that takes longer will not come.
const ANSWER: Duration = Duration::from_secs(60);

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClientError {
    /// Nothing was reached; a kind, no address.
    #[error("the hub was not reached: {0}")]
    Offline(String),
    /// The hub said no.
    #[error("the hub refused: {0}")]
    Refused(String),
    /// An answer that cannot be read.
    #[error("the hub's answer cannot be read: {0}")]
    Answer(String),
    /// The address is none.
    #[error("the address is no http or https address")]
    Url,
}

/// A signature over a request: challenge, device, signature.
#[derive(Debug, Clone)]
pub struct Signed {
    /// What the hub gave out to be signed.
    pub challenge: ByteString,
    /// Who asks.
    pub device: Uuid,
    /// The signature.
    pub signature: Vec<u8>,
}

/// A connection to one hub.
#[derive(Debug, Clone)]
pub struct Client {
    base: reqwest::Url,
    http: reqwest::Client,
}

/// An encoded request, to be signed and sent.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// `GET`, `POST`, `PUT`.
    pub method: &'static str,
    /// From the first slash.
    pub path: String,
    /// The body as it travels.
    pub body: Vec<u8>,
}

impl Prepared {
    fn post(path: &str, message: &impl Serialize) -> Result<Self, ClientError> {
        let body = wire::encode(message).map_err(|error| ClientError::Answer(error.to_string()))?;
        Ok(Prepared { method: "POST", path: path.to_owned(), body })
    }

    /// `/v1/enrol`.
    ///
    /// # Errors
    /// When the message cannot be written.
    pub fn enrol(message: &EnrolRequest) -> Result<Self, ClientError> {
        Self::post("/v1/enrol", message)
    }

    /// `/v1/push`.
    ///
    /// # Errors
    /// When the message cannot be written.
    pub fn push(message: &PushRequest) -> Result<Self, ClientError> {
        Self::post("/v1/push", message)
    }

    /// `/v1/pull`.
    ///
    /// # Errors
    /// When the message cannot be written.
    pub fn pull(message: &PullRequest) -> Result<Self, ClientError> {
        Self::post("/v1/pull", message)
    }

    /// `/v1/chunks/missing`.
    ///
    /// # Errors
    /// When the message cannot be written.
    pub fn missing(message: &MissingRequest) -> Result<Self, ClientError> {
        Self::post("/v1/chunks/missing", message)
    }

    /// `/v1/files`.
    ///
    /// # Errors
    /// When the message cannot be written.
    pub fn file(message: &FileManifest) -> Result<Self, ClientError> {
        Self::post("/v1/files", message)
    }

    /// `/v1/heads`.
    pub fn heads() -> Self {
        Prepared { method: "POST", path: "/v1/heads".to_owned(), body: Vec::new() }
    }

    /// What a new desk begins with.
    pub fn snapshot() -> Self {
        Prepared { method: "POST", path: "/v1/snapshot".to_owned(), body: Vec::new() }
    }

    /// The manifest of a file.
    pub fn manifest(file: &Digest) -> Self {
        Prepared { method: "GET", path: format!("/v1/files/{}", file.hex()), body: Vec::new() }
    }

    /// A sealed chunk.
    pub fn chunk(chunk: &Digest) -> Self {
        Prepared { method: "GET", path: format!("/v1/chunks/{}", chunk.hex()), body: Vec::new() }
    }

    /// A sealed chunk to be kept.
    pub fn put_chunk(chunk: &Digest, body: Vec<u8>) -> Self {
        Prepared { method: "PUT", path: format!("/v1/chunks/{}", chunk.hex()), body }
    }
}

impl Client {
    /// A client of the hub at an address. A hub on this machine is asked without proxy.
    ///
    /// # Errors
    /// [`ClientError::Url`], or when TLS cannot be set up.
    pub fn new(url: &str) -> Result<Self, ClientError> {
        let base = reqwest::Url::parse(url).map_err(|_| ClientError::Url)?;
        let host = base.host_str().unwrap_or_default();
        if !matches!(base.scheme(), "http" | "https") || host.is_empty() {
            return Err(ClientError::Url);
        }
        let loopback = host == "localhost" || host == "[::1]" || host.starts_with("127.");
        // A second provider is refused; the first one stays, and it is ours.
        let _known = rustls::crypto::ring::default_provider().install_default();
        let mut builder = reqwest::Client::builder()
            .connect_timeout(CONNECT)
            .timeout(ANSWER)
            .redirect(reqwest::redirect::Policy::none());
        if loopback {
            builder = builder.no_proxy();
        }
        let http = builder.build().map_err(|error| offline(&error))?;
        Ok(Client { base, http })
    }

    /// `GET /v1/hello`.
    ///
    /// # Errors
    /// As [`ClientError`] says.
    pub async fn hello(&self) -> Result<Hello, ClientError> {
        let url = self.url("/v1/hello")?;
        let response = self.http.get(url).send().await.map_err(|error| offline(&error))?;
        read(response).await
    }

    /// Sends a signed request and reads its answer.
    ///
    /// # Errors
    /// As [`ClientError`] says.
    pub async fn ask<T: DeserializeOwned>(
        &self,
        prepared: Prepared,
        signed: &Signed,
    ) -> Result<T, ClientError> {
        read(self.send(prepared, signed).await?).await
    }

    /// Enrols.
    ///
    /// # Errors
    /// As [`ClientError`] says.
    pub async fn enrol(&self, prepared: Prepared, signed: &Signed) -> Result<EnrolAnswer, ClientError> {
        self.ask(prepared, signed).await
    }

    /// Pushes; a gap or a fork is an answer, not an error.
    ///
    /// # Errors
    /// As [`ClientError`] says.
    pub async fn push(&self, prepared: Prepared, signed: &Signed) -> Result<PushAnswer, ClientError> {
        let response = self.send(prepared, signed).await?;
        if response.status() == reqwest::StatusCode::CONFLICT {
            return decode(&whole(response).await?);
        }
        read(response).await
    }

    /// Pulls.
    ///
    /// # Errors
    /// As [`ClientError`] says.
    pub async fn pull(&self, prepared: Prepared, signed: &Signed) -> Result<PullAnswer, ClientError> {
        self.ask(prepared, signed).await
    }

    /// Heads.
    ///
    /// # Errors
    /// As [`ClientError`] says.
    pub async fn heads(&self, signed: &Signed) -> Result<HeadsAnswer, ClientError> {
        self.ask(Prepared::heads(), signed).await
    }

    /// Which chunks the hub lacks.
    ///
    /// # Errors
    /// As [`ClientError`] says.
    pub async fn missing(&self, prepared: Prepared, signed: &Signed) -> Result<MissingAnswer, ClientError> {
        self.ask(prepared, signed).await
    }

    /// Sends a signed request whose answer has nothing to say.
    ///
    /// # Errors
    /// As [`ClientError`] says.
    pub async fn tell(&self, prepared: Prepared, signed: &Signed) -> Result<(), ClientError> {
        bytes(self.send(prepared, signed).await?).await.map(|_| ())
    }

    /// Sends a signed request whose answer is bytes.
    ///
    /// # Errors
    /// As [`ClientError`] says.
    pub async fn fetch(&self, prepared: Prepared, signed: &Signed) -> Result<Vec<u8>, ClientError> {
        bytes(self.send(prepared, signed).await?).await
    }

    fn url(&self, path: &str) -> Result<reqwest::Url, ClientError> {
        let base = self.base.as_str().trim_end_matches('/');
        reqwest::Url::parse(&format!("{base}{path}")).map_err(|_| ClientError::Url)
    }

    async fn send(&self, prepared: Prepared, signed: &Signed) -> Result<reqwest::Response, ClientError> {
        let url = self.url(&prepared.path)?;
        let request = match prepared.method {
            "GET" => self.http.get(url),
            "PUT" => self.http.put(url),
            _ => self.http.post(url),
        };
        request
            .header("content-type", "application/cbor")
            .header(DEVICE_HEADER, signed.device.to_string())
            .header(CHALLENGE_HEADER, domain::digest::hex(&signed.challenge.0))
            .header(SIGNATURE_HEADER, domain::digest::hex(&signed.signature))
            .body(prepared.body)
            .send()
            .await
            .map_err(|error| offline(&error))
    }
}

/// The kind of a failure: the error's own text holds the address.
fn offline(error: &reqwest::Error) -> ClientError {
    let kind = if error.is_timeout() {
        "timeout"
    } else if error.is_connect() {
        "connect"
    } else if error.is_body() || error.is_decode() {
        "cut"
    } else {
        "request"
    };
    ClientError::Offline(kind.to_owned())
}

/// A body no larger than a message may be; a hub that sends without end does not fill the memory.
async fn whole(mut response: reqwest::Response) -> Result<Vec<u8>, ClientError> {
    let announced = response.content_length().and_then(|length| usize::try_from(length).ok());
    let mut bytes = Vec::with_capacity(announced.unwrap_or_default().min(MESSAGE_LIMIT));
    while let Some(part) = response.chunk().await.map_err(|error| offline(&error))? {
        bytes.extend_from_slice(&part);
        if bytes.len() > MESSAGE_LIMIT {
            return Err(ClientError::Answer("size".to_owned()));
        }
    }
    Ok(bytes)
}

async fn bytes(response: reqwest::Response) -> Result<Vec<u8>, ClientError> {
    let status = response.status();
    let bytes = whole(response).await?;
    if status.is_success() {
        return Ok(bytes);
    }
    match wire::decode::<Refused>(&bytes) {
        Ok(refused) if status.is_client_error() => Err(ClientError::Refused(refused.code)),
        _ if status.is_server_error() || status.as_u16() == 429 => {
            Err(ClientError::Offline(status.as_u16().to_string()))
        }
        _ => Err(ClientError::Answer(status.as_u16().to_string())),
    }
}

async fn read<T: DeserializeOwned>(response: reqwest::Response) -> Result<T, ClientError> {
    decode(&bytes(response).await?)
}

fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ClientError> {
    wire::decode(bytes).map_err(|error| ClientError::Answer(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_http_addresses_are_taken() {
        for url in ["", "hub", "ftp://hub", "file:///etc/passwd", "http://"] {
            assert!(matches!(Client::new(url), Err(ClientError::Url)), "{url}");
        }
        let client = Client::new("http://127.0.0.1:1/base/").unwrap();
        assert_eq!(client.url("/v1/hello").unwrap().as_str(), "http://127.0.0.1:1/base/v1/hello");
    }
}
