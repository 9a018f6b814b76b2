//! As much of a desk as the hub sees.

use std::collections::BTreeMap;

use domain::digest::{ByteString, Digest, hex};
use domain::operation::{Change, OPERATION_SCHEMA, Operation};
use domain::record::Records;
use domain::role::Role;
use domain::settle::{StateDigest, settle};
use ed25519_dalek::{Signer as _, SigningKey};
use reqwest::StatusCode;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;
use wire::log::{Checkpoint, Tree, leaf, origin};
use wire::{
    Asked, CHALLENGE_HEADER, DEVICE_HEADER, EnrolAnswer, EnrolRequest, Hello, PullAnswer, PullRequest,
    PushAnswer, PushRequest, Refused, SIGNATURE_HEADER, WIRE_SCHEMA,
};

use crate::server::Server;

pub(crate) struct Desk {
    pub(crate) id: Uuid,
    pub(crate) key: SigningKey,
    pub(crate) stream: String,
    pub(crate) url: String,
    pub(crate) challenge: Vec<u8>,
    pub(crate) http: reqwest::Client,
    pub(crate) incarnation: u32,
    pub(crate) seq: u64,
    pub(crate) head: Digest,
    pub(crate) certificate: Option<wire::CertificateBody>,
}

pub(crate) fn request(stream: &str, from_seq: u64, operations: &[Operation]) -> PushRequest {
    let first = &operations[0];
    assert!(!stream.is_empty());
    PushRequest {
        schema: WIRE_SCHEMA,
        device: first.device,
        incarnation: first.incarnation,
        from_seq,
        operations: operations.iter().map(|one| ByteString(one.to_cbor().unwrap())).collect(),
        certificate: None,
    }
}

impl Desk {
    pub(crate) async fn stranger(url: &str, stream: &str) -> Desk {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        Desk::stranger_with(http, url, stream).await
    }

    pub(crate) async fn stranger_with(http: reqwest::Client, url: &str, stream: &str) -> Desk {
        let hello = http.get(format!("{url}/v1/hello")).send().await.unwrap().bytes().await.unwrap();
        let hello: Hello = wire::decode(&hello).unwrap();
        let id = Uuid::now_v7();
        let secret = Digest::of(id.as_bytes()).0;
        Desk {
            id,
            key: SigningKey::from_bytes(&secret),
            stream: stream.to_owned(),
            url: url.to_owned(),
            challenge: hello.challenge.0,
            http,
            incarnation: 1,
            seq: 0,
            head: Digest::default(),
            certificate: None,
        }
    }

    pub(crate) async fn enrolled(server: &Server, stream: &str) -> Desk {
        let mut desk = Desk::stranger(&server.url, stream).await;
        let answer = desk.enrol(&server.code(stream).await, "A7K2").await.unwrap();
        desk.certificate = Some(answer.certificate.open(&desk.hello().await.hub_key.0).unwrap());
        desk
    }

    pub(crate) async fn hello(&self) -> Hello {
        let bytes =
            self.http.get(format!("{}/v1/hello", self.url)).send().await.unwrap().bytes().await.unwrap();
        wire::decode(&bytes).unwrap()
    }

    pub(crate) async fn enrol(&self, code: &str, device_code: &str) -> Result<EnrolAnswer, String> {
        let asked = EnrolRequest {
            schema: WIRE_SCHEMA,
            code: code.to_owned(),
            device: self.id,
            public_key: ByteString(self.key.verifying_key().to_bytes().to_vec()),
            stream: self.stream.clone(),
            device_code: device_code.to_owned(),
        };
        self.post("/v1/enrol", &asked).await
    }

    pub(crate) async fn send(&self, method: &str, path: &str, body: Vec<u8>) -> (StatusCode, Vec<u8>) {
        let asked = Asked { device: self.id, challenge: &self.challenge, method, path, body: &body };
        let signature = wire::sign(&self.key, &asked);
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let response = self
            .http
            .request(method, format!("{}{path}", self.url))
            .header(DEVICE_HEADER, self.id.to_string())
            .header(CHALLENGE_HEADER, hex(&self.challenge))
            .header(SIGNATURE_HEADER, hex(&signature))
            .body(body)
            .send()
            .await
            .unwrap();
        (response.status(), response.bytes().await.unwrap().to_vec())
    }

    pub(crate) async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        message: &impl Serialize,
    ) -> Result<T, String> {
        read(self.send("POST", path, wire::encode(message).unwrap()).await)
    }

    pub(crate) async fn push(&self, operations: &[Operation]) -> PushAnswer {
        self.push_request(&request(&self.stream, operations[0].seq, operations)).await.unwrap()
    }

    pub(crate) async fn push_request(&self, request: &PushRequest) -> Result<PushAnswer, String> {
        let (status, bytes) = self.send("POST", "/v1/push", wire::encode(request).unwrap()).await;
        if status == StatusCode::CONFLICT {
            return Ok(wire::decode(&bytes).unwrap());
        }
        read((status, bytes))
    }

    pub(crate) async fn pull(&self, cursors: &[(&str, u64)], limit: u32) -> Result<PullAnswer, String> {
        let cursors: BTreeMap<String, u64> =
            cursors.iter().map(|(stream, at)| ((*stream).to_owned(), *at)).collect();
        self.post("/v1/pull", &PullRequest { schema: WIRE_SCHEMA, cursors, limit, own: true }).await
    }

    /// Every record of the desk's branch as the entries make them; the hub's sum must say the same.
    pub(crate) async fn records(&self) -> Records {
        let mut records = Records::new();
        let (mut at, mut tree) = (0, Tree::default());
        let hub_key = self.hello().await.hub_key.0;
        loop {
            let answer = self.pull(&[(&self.stream, at)], 500).await.unwrap();
            let page = &answer.pages[0];
            for entry in &page.entries {
                assert_eq!(entry.at, at + 1, "numbers are dense");
                at = entry.at;
                let operation = Operation::from_cbor(&entry.operation.as_ref().unwrap().0).unwrap();
                assert_eq!((operation.id, operation.hash), (entry.id, entry.hash));
                settle(&mut records, &operation, &entry.verdict);
                tree.push(leaf(at, &entry.hash, &entry.verdict).unwrap());
            }
            if at == page.head {
                let said = Checkpoint::open(&page.checkpoint, &hub_key).unwrap();
                let grown =
                    Checkpoint { origin: origin(&hub_key, &self.stream), size: at, root: tree.root() };
                assert_eq!(said, grown, "the hub signs the log that its entries make");
                let mut sum = StateDigest::default();
                sum.follow(&Records::new(), &records).unwrap();
                assert_eq!(sum, page.digest, "the records add up to what the hub says");
                return records;
            }
        }
    }

    pub(crate) fn change(field: (&str, Uuid, &str), base: Option<Uuid>, value: Value) -> Change {
        Change::new(field.0, field.1, field.2, base, value, [7; 16]).unwrap()
    }

    pub(crate) fn make(&mut self, command: &str, changes: Vec<Change>) -> Operation {
        let operation = self.sign(Operation {
            id: Uuid::now_v7(),
            device: self.id,
            incarnation: self.incarnation,
            seq: self.seq + 1,
            prev_hash: self.head,
            hash: Digest::default(),
            actor: Uuid::from_u128(3),
            role: Role::CounterClerk,
            stream: self.stream.clone(),
            command: command.to_owned(),
            changes,
            blob_refs: vec![],
            at: chrono::DateTime::parse_from_rfc3339("2026-11-22T09:00:00+08:00").unwrap(),
            hlc: self.seq + 1,
            schema: OPERATION_SCHEMA,
            sig: ByteString::default(),
        });
        self.seq = operation.seq;
        self.head = operation.hash;
        operation
    }

    pub(crate) fn sign(&self, mut operation: Operation) -> Operation {
        operation.hash = operation.computed_hash().unwrap();
        operation.sig = ByteString(self.key.sign(&operation.hash.0).to_bytes().to_vec());
        operation
    }

    /// An operation that registers something small.
    pub(crate) fn event(&mut self, text: &str) -> Operation {
        let change = Desk::change(("event", Uuid::now_v7(), "text"), None, text.into());
        self.make("event.add", vec![change])
    }

    pub(crate) fn events(&mut self, count: usize) -> Vec<Operation> {
        (0..count).map(|number| self.event(&format!("event {number}"))).collect()
    }
}

pub(crate) fn read<T: DeserializeOwned>((status, bytes): (StatusCode, Vec<u8>)) -> Result<T, String> {
    if status.is_success() {
        return Ok(wire::decode(&bytes).unwrap());
    }
    let refused: Refused = wire::decode(&bytes).unwrap();
    assert!(status.is_client_error(), "{status} {}", refused.code);
    Err(refused.code)
}
