//! Attached files: chunks by the name of their bytes, each branch's own.

use domain::digest::{ByteString, Digest};
use object_store::{ObjectStoreExt as _, path::Path};
use reqwest::StatusCode;
use wire::{CHUNK, FileManifest, MissingAnswer, MissingRequest};

use crate::desk::{Desk, read};
use crate::server;

fn code(answer: (StatusCode, Vec<u8>)) -> (u16, String) {
    let status = answer.0.as_u16();
    (status, read::<()>(answer).unwrap_err())
}

#[tokio::test]
async fn chunks_are_kept_once_and_handed_out_as_they_came() {
    let server = server::start().await;
    let desk = Desk::enrolled(&server, "SH01").await;
    let stranger = Desk::enrolled(&server, "BJ01").await;
    let parts: Vec<Vec<u8>> = (0..3u8).map(|part| vec![part; CHUNK + 16]).collect();
    let names: Vec<Digest> = parts.iter().map(|part| Digest::of(part)).collect();
    let manifest = FileManifest {
        sha256: Digest([5; 32]),
        size: 2 * CHUNK as u64 + 1,
        key: ByteString(vec![1; 32]),
        chunks: names.clone(),
    };
    let asked = MissingRequest { chunks: names.clone() };
    for sent in 0..=3 {
        let missing: MissingAnswer = desk.post("/v1/chunks/missing", &asked).await.unwrap();
        assert_eq!(missing.chunks, names[sent..]);
        let kept = desk.post::<FileManifest>("/v1/files", &manifest).await;
        if sent == 3 {
            assert_eq!(kept.unwrap(), manifest);
            break;
        }
        assert_eq!(kept.unwrap_err(), "sync.chunks-missing");
        let path = format!("/v1/chunks/{}", names[sent].hex());
        assert_eq!(
            code(desk.send("PUT", &path, b"other bytes".to_vec()).await),
            (422, "sync.chunk-wrong".into())
        );
        for _ in 0..2 {
            assert_eq!(desk.send("PUT", &path, parts[sent].clone()).await.0, 200);
        }
        assert_eq!(desk.send("GET", &path, vec![]).await, (StatusCode::OK, parts[sent].clone()));
        assert_eq!(code(stranger.send("GET", &path, vec![]).await).0, 404, "another branch's");
    }
    let other = FileManifest { key: ByteString(vec![2; 32]), ..manifest.clone() };
    assert_eq!(desk.post::<FileManifest>("/v1/files", &other).await.unwrap(), manifest, "the first stands");
    let path = format!("/v1/files/{}", manifest.sha256.hex());
    assert_eq!(read::<FileManifest>(desk.send("GET", &path, vec![]).await).unwrap(), manifest);
    assert_eq!(code(stranger.send("GET", &path, vec![]).await), (404, "sync.file-unknown".into()));
    let large = vec![0; CHUNK + 5000];
    let path = format!("/v1/chunks/{}", Digest::of(&large).hex());
    assert_eq!(code(desk.send("PUT", &path, large).await), (413, "sync.request-too-large".into()));
}

#[tokio::test]
async fn a_damaged_chunk_is_asked_for_again() {
    let server = server::start().await;
    let desk = Desk::enrolled(&server, "SH01").await;
    let part = vec![3; 1000];
    let name = Digest::of(&part);
    let path = format!("/v1/chunks/{}", name.hex());
    desk.send("PUT", &path, part.clone()).await;
    let place = Path::from_iter(["SH01", &name.hex()[..2], &name.hex()]);
    server.files.put(&place, vec![4; 1000].into()).await.unwrap();
    assert_eq!(code(desk.send("GET", &path, vec![]).await).0, 404, "no wrong byte is handed out");
    let asked = MissingRequest { chunks: vec![name] };
    let missing: MissingAnswer = desk.post("/v1/chunks/missing", &asked).await.unwrap();
    assert_eq!(missing.chunks, [name]);
    desk.send("PUT", &path, part.clone()).await;
    assert_eq!(desk.send("GET", &path, vec![]).await.1, part);
}
