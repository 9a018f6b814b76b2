//! Requests nobody honest makes: refused with a 4xx, whatever they are, and no other branch is reached.

use domain::digest::{ByteString, Digest, hex};
use ed25519_dalek::SigningKey;
use reqwest::StatusCode;
use uuid::Uuid;
use wire::{
    Asked, CHALLENGE_HEADER, DEVICE_HEADER, EnrolRequest, FileManifest, MissingRequest, PullAnswer,
    PullRequest, PushRequest, Refused, SIGNATURE_HEADER, WIRE_SCHEMA,
};

use crate::desk::{Desk, request};
use crate::server::{self, Server};

const PER_ROUTE: usize = 1_000;

/// Splitmix: the same numbers in every run.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit.max(1) as u64).unwrap()
    }

    fn bytes(&mut self, most: usize) -> Vec<u8> {
        (0..self.below(most)).map(|_| self.next().to_le_bytes()[0]).collect()
    }

    /// Some bytes with something wrong.
    fn spoiled(&mut self, mut bytes: Vec<u8>) -> Vec<u8> {
        match self.below(5) {
            0 => bytes.truncate(self.below(bytes.len())),
            1 => bytes.extend(self.bytes(40)),
            2 => bytes = self.bytes(300),
            _ => {
                for _ in 0..=self.below(3) {
                    let place = self.below(bytes.len());
                    if let Some(byte) = bytes.get_mut(place) {
                        *byte ^= 1 << self.below(8);
                    }
                }
            }
        }
        bytes
    }
}

/// Each route with a body that would be right, made worse before it is packed or after.
fn body(dice: &mut Dice, route: &str, desk: &mut Desk, foreign: &PushRequest) -> Vec<u8> {
    let message = match route {
        "/v1/enrol" => plain(&EnrolRequest {
            schema: WIRE_SCHEMA,
            code: format!("{:012}", dice.next()),
            device: desk.id,
            public_key: ByteString(dice.bytes(40)),
            stream: "BJ01".into(),
            device_code: "ZZZZ".into(),
        }),
        "/v1/push" if dice.below(4) == 0 => plain(foreign),
        "/v1/push" => {
            let before = (desk.seq, desk.head);
            let operations = desk.events(1 + dice.below(3));
            (desk.seq, desk.head) = before;
            let mut pushed = request("SH01", [1, 0, 2, u64::MAX, 1 << 63][dice.below(5)], &operations);
            pushed.incarnation = [1, 0, u32::MAX][dice.below(3)];
            if dice.below(2) == 0 {
                let worse = dice.spoiled(pushed.operations[0].0.clone());
                pushed.operations[0] = ByteString(worse);
            }
            plain(&pushed)
        }
        "/v1/pull" => {
            let streams = ["SH01", "BJ01", "@org", "", "SH01\0", "' or 1=1 --"];
            let cursors =
                (0..dice.below(3)).map(|_| (streams[dice.below(6)].to_owned(), dice.next())).collect();
            let limit = [0, 1, u32::MAX][dice.below(3)];
            plain(&PullRequest { schema: WIRE_SCHEMA, cursors, limit, own: true })
        }
        "/v1/files" => plain(&FileManifest {
            sha256: Digest::of(&dice.bytes(4)),
            size: dice.next(),
            key: ByteString(dice.bytes(40)),
            chunks: vec![Digest::of(&dice.bytes(4)); dice.below(3)],
        }),
        "/v1/chunks/missing" => {
            plain(&MissingRequest { chunks: vec![Digest::of(&dice.bytes(4)); dice.below(2000)] })
        }
        _ => dice.bytes(100),
    };
    match dice.below(4) {
        0 => deflated(&dice.spoiled(message)),
        1 => {
            let packed = deflated(&message);
            dice.spoiled(packed)
        }
        2 => dice.spoiled(message),
        _ => deflated(&message),
    }
}

fn plain(message: &impl serde::Serialize) -> Vec<u8> {
    let mut bytes = Vec::new();
    ciborium::into_writer(message, &mut bytes).unwrap();
    bytes
}

/// Stored deflate blocks: what `wire::encode` gives, for bytes that are no message.
fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut packed = Vec::new();
    let mut parts = bytes.chunks(65_535).peekable();
    if parts.peek().is_none() {
        return vec![1, 0, 0, 0xff, 0xff];
    }
    while let Some(part) = parts.next() {
        let length = u16::try_from(part.len()).unwrap();
        packed.push(u8::from(parts.peek().is_none()));
        packed.extend(length.to_le_bytes());
        packed.extend((!length).to_le_bytes());
        packed.extend(part);
    }
    packed
}

/// What was signed and by whom, in seven ways of being wrong and one of being right.
async fn send(
    dice: &mut Dice,
    desk: &Desk,
    old: &[u8],
    method: &str,
    path: &str,
    body: Vec<u8>,
) -> (StatusCode, Vec<u8>) {
    let (mut device, mut key, mut challenge) =
        (desk.id.to_string(), desk.key.clone(), desk.challenge.clone());
    let (mut signed_path, mut signed_body) = (path.to_owned(), body.clone());
    match dice.below(9) {
        0 => device = Uuid::from_u128(u128::from(dice.next())).to_string(),
        1 => {
            device = String::from_utf8_lossy(&dice.bytes(20)).chars().filter(char::is_ascii_graphic).collect()
        }
        2 => key = SigningKey::from_bytes(&[9; 32]),
        3 => challenge = old.to_vec(),
        4 => challenge = dice.bytes(90),
        5 => signed_path.push('x'),
        6 => signed_body.push(0),
        _ => {}
    }
    let asked_device = Uuid::parse_str(&device).unwrap_or_default();
    let asked =
        Asked { device: asked_device, challenge: &challenge, method, path: &signed_path, body: &signed_body };
    let signature = wire::sign(&key, &asked);
    let mut request = desk
        .http
        .request(reqwest::Method::from_bytes(method.as_bytes()).unwrap(), format!("{}{path}", desk.url))
        .body(body);
    let headers =
        [(DEVICE_HEADER, device), (CHALLENGE_HEADER, hex(&challenge)), (SIGNATURE_HEADER, hex(&signature))];
    for (name, value) in headers {
        if dice.below(40) > 0 {
            request = request.header(name, value);
        }
    }
    // A hub may close a kept connection in the moment it is used again; asked on a new one it must answer.
    let again = request.try_clone().unwrap();
    let response = match request.send().await {
        Ok(response) => response,
        Err(_) => again.header("connection", "close").send().await.unwrap(),
    };
    (response.status(), response.bytes().await.unwrap().to_vec())
}

/// Everything another branch has.
async fn rows_of(server: &Server, stream: &str) -> Vec<i64> {
    let counts = [
        "select count(*) from operation where stream = $1",
        "select coalesce(sum(seq), 0)::bigint from head where stream = $1",
        "select count(*) from chain where stream = $1",
        "select count(*) from record where stream = $1",
        "select count(*) from chunk where stream = $1",
        "select count(*) from file where stream = $1",
        "select count(*) from device where stream = $1",
        "select coalesce(sum(hashtext(r::text)), 0)::bigint from record r where stream = $1",
    ];
    let mut found = Vec::new();
    for count in counts {
        found.push(sqlx::query_scalar(count).bind(stream).fetch_one(&server.pool).await.unwrap());
    }
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_a_request_holds_makes_the_hub_stumble() {
    let server = server::start().await;
    let mut victim = Desk::enrolled(&server, "BJ01").await;
    let secret = "A-SENTENCE-OF-ANOTHER-BRANCH";
    let operations = vec![victim.event(secret), victim.event(secret)];
    victim.push(&operations).await;
    let sealed = secret.repeat(40).into_bytes();
    let chunk = Digest::of(&sealed);
    victim.send("PUT", &format!("/v1/chunks/{}", chunk.hex()), sealed).await;
    let file = FileManifest {
        sha256: Digest([8; 32]),
        size: 1,
        key: ByteString(secret.repeat(2).into_bytes()[..32].to_vec()),
        chunks: vec![chunk],
    };
    victim.post::<FileManifest>("/v1/files", &file).await.unwrap();
    hub::make_snapshot(&server.hub, "BJ01").await.unwrap().unwrap();
    let more = victim.events(1);
    let foreign = request("BJ01", 3, &more);
    let before = rows_of(&server, "BJ01").await;

    let mut desk = Desk::enrolled(&server, "SH01").await;
    let old = desk.challenge.clone();
    let mut replayed = old.clone();
    replayed[..8].copy_from_slice(&1_000i64.to_be_bytes());
    let mut dice = Dice(1);
    let routes = [
        ("POST", "/v1/enrol"),
        ("POST", "/v1/push"),
        ("POST", "/v1/pull"),
        ("POST", "/v1/heads"),
        ("POST", "/v1/snapshot"),
        ("POST", "/v1/files"),
        ("POST", "/v1/chunks/missing"),
        ("PUT", "/v1/chunks/"),
        ("GET", "/v1/chunks/"),
        ("GET", "/v1/files/"),
    ];
    let (mut taken, mut refused) = (0, 0);
    for (method, route) in routes {
        for round in 0..PER_ROUTE {
            let body = body(&mut dice, route, &mut desk, &foreign);
            let path = if route.ends_with('/') {
                let name = match dice.below(5) {
                    0 => chunk.hex(),
                    1 => file.sha256.hex(),
                    2 => chunk.hex().to_uppercase(),
                    3 => "..%2f..%2fetc%2fpasswd".into(),
                    _ => Digest::of(&body).hex(),
                };
                format!("{route}{name}")
            } else {
                route.to_owned()
            };
            let (status, answer) = send(&mut dice, &desk, &replayed, method, &path, body).await;
            assert!(status.as_u16() < 500, "{method} {path} round {round}: {status}");
            if status.is_success() {
                taken += 1;
            } else {
                refused += 1;
                let push = route == "/v1/push" && status == StatusCode::CONFLICT;
                let code = wire::decode::<Refused>(&answer);
                assert!(
                    push || code.is_ok_and(|said| said.code.starts_with("sync.")),
                    "{method} {path} {status}"
                );
            }
            if let Ok(pulled) = wire::decode::<PullAnswer>(&answer) {
                assert!(pulled.pages.iter().all(|page| page.stream != "BJ01"));
            }
            let found = answer.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "{method} {path}: another branch's words");
        }
    }
    assert!(taken > 300 && refused > 5_000, "both sides are met: {taken} {refused}");
    assert_eq!(rows_of(&server, "BJ01").await, before, "another branch is as it was");
    assert_eq!(server.hub.metrics().answers(5), 0);
    assert_eq!(hub::verify(&server.pool).await.unwrap().problems, Vec::<String>::new());
    let fine = desk.pull(&[("SH01", 0)], 10).await;
    assert!(fine.is_ok(), "honest requests go on");
}

#[tokio::test]
async fn bombs_and_endless_lists_do_not_fill_the_memory() {
    let server = server::start().await;
    let desk = Desk::enrolled(&server, "SH01").await;
    let peak = || {
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
    };
    let before = peak();
    // Sixty million empty operations, packed into little.
    let mut list = vec![0xa5];
    let mut named = plain(&PushRequest {
        schema: WIRE_SCHEMA,
        device: desk.id,
        incarnation: 1,
        from_seq: 1,
        operations: vec![],
        certificate: None,
    });
    assert_eq!((named.remove(0), named.pop()), (0xa5, Some(0x80)));
    list.append(&mut named);
    list.extend([0x9a, 0x03, 0xff, 0xff, 0xff]);
    list.resize(60 * 1024 * 1024, 0x40);
    let packed = {
        use std::io::Write as _;
        let mut packed = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(&list).unwrap();
        packed.finish().unwrap()
    };
    drop(list);
    for _ in 0..3 {
        let (status, _) = desk.send("POST", "/v1/push", packed.clone()).await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        let (status, _) = desk.send("POST", "/v1/enrol", packed.clone()).await;
        assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    }
    let (status, _) = desk.send("POST", "/v1/push", vec![0; 17 * 1024 * 1024]).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    let after = peak();
    assert!(after < before + 400, "{before} MiB before, {after} MiB after");
    assert_eq!(server.hub.metrics().answers(5), 0);
}

#[tokio::test]
async fn a_recorded_request_is_worthless_later_and_elsewhere() {
    let server = server::start().await;
    let desk = Desk::enrolled(&server, "SH01").await;
    assert!(desk.pull(&[("SH01", 0)], 1).await.is_ok());
    server.pass(wire::CHALLENGE_SECONDS * 1000 + 1);
    assert_eq!(desk.pull(&[("SH01", 0)], 1).await.unwrap_err(), "sync.challenge-old");
    let elsewhere = server::start().await;
    let mut visitor = Desk::enrolled(&elsewhere, "SH01").await;
    visitor.challenge.clone_from(&desk.challenge);
    assert_eq!(visitor.pull(&[("SH01", 0)], 1).await.unwrap_err(), "sync.unsigned");
}

#[tokio::test]
async fn counters_and_health_are_there_for_whoever_watches() {
    let server = server::start().await;
    let mut desk = Desk::enrolled(&server, "SH01").await;
    let operations = desk.events(3);
    desk.push(&operations).await;
    let get = async |path: &str| desk.http.get(format!("{}{path}", server.url)).send().await.unwrap();
    assert_eq!(get("/healthz").await.status(), 200);
    let text = get("/metrics").await.text().await.unwrap();
    assert!(text.contains("claims_hub_operations_applied_total 3\n"), "{text}");
    assert!(text.contains("claims_hub_requests_total{route=\"/v1/push\",status=\"2xx\"} 1\n"), "{text}");
    assert!(!text.contains("SH01") && !text.contains(&desk.id.to_string()));
    assert_eq!(get("/v1/push").await.status(), 404);
    assert_eq!(get("/nothing").await.status(), 404);
}
