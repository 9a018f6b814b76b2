//! What a desk that joins begins with.

use std::sync::Arc;

use domain::record::Records;
use domain::settle::StateDigest;
use futures_util::StreamExt as _;
use object_store::{ObjectStore as _, ObjectStoreExt as _};
use reqwest::StatusCode;
use wire::{Snapshot, SnapshotAnswer};

use crate::desk::{Desk, read};
use crate::server::{self, Server};

async fn newest(desk: &Desk) -> Option<Snapshot> {
    desk.post::<SnapshotAnswer>("/v1/snapshot", &()).await.unwrap().snapshot
}

async fn made(server: &Server) -> Snapshot {
    hub::make_snapshot(&server.hub, "SH01").await.unwrap().unwrap()
}

async fn chunk(desk: &Desk, snapshot: &Snapshot, index: usize) -> (StatusCode, Vec<u8>) {
    desk.send("GET", &format!("/v1/chunks/{}", snapshot.chunks[index].hex()), vec![]).await
}

async fn records(desk: &Desk, snapshot: &Snapshot) -> Records {
    let mut records = Records::new();
    for index in 0..snapshot.chunks.len() {
        let (status, bytes) = chunk(desk, snapshot, index).await;
        assert_eq!(status, StatusCode::OK);
        records.extend(snapshot.open(index, &bytes).unwrap());
    }
    records
}

#[tokio::test]
async fn it_is_the_stream_at_one_number_and_of_one_branch() {
    let server = server::start().await;
    let mut desk = Desk::enrolled(&server, "SH01").await;
    let stranger = Desk::enrolled(&server, "BJ01").await;
    assert_eq!(hub::make_snapshot(&server.hub, "SH01").await.unwrap(), None, "nothing happened there yet");
    assert_eq!(hub::make_snapshot(&server.hub, "NONE").await.unwrap(), None);
    // More than one chunk.
    let operations: Vec<_> = (0..40).map(|_| desk.event(&"x".repeat(40_000))).collect();
    desk.push(&operations).await;
    assert_eq!(newest(&desk).await, None);
    let told = made(&server).await;
    let snapshot = newest(&desk).await.unwrap();
    assert_eq!(snapshot, told);
    assert!(snapshot.chunks.len() > 1, "{} chunks", snapshot.chunks.len());
    assert_eq!((snapshot.seq, snapshot.records, snapshot.heads[0].seq), (40, 40, 40));
    assert_eq!(snapshot.heads[0].hash, Some(desk.head));
    let hub_key = desk.hello().await.hub_key.0;
    assert_eq!(snapshot.log(&hub_key).unwrap().size(), 40);
    assert_eq!(records(&desk, &snapshot).await, desk.records().await);
    // Another branch sees nothing of it.
    assert_eq!(newest(&stranger).await, None);
    assert_eq!(chunk(&stranger, &snapshot, 0).await.0, StatusCode::NOT_FOUND);
    assert_eq!(made(&server).await, snapshot, "of the same state it is the same");
    assert_eq!(hub::make_snapshot(&server.hub, "BJ01").await.unwrap(), None);
}

#[tokio::test]
async fn the_last_two_can_be_fetched_and_what_is_damaged_is_offered_no_more() {
    let server = server::start().await;
    let mut desk = Desk::enrolled(&server, "SH01").await;
    let mut snapshots = Vec::new();
    for _ in 0..3 {
        let event = desk.event("one more");
        desk.push(&[event]).await;
        snapshots.push(made(&server).await);
    }
    let stored = || async { server.files.list(None).count().await };
    assert_eq!(stored().await, 2, "nothing of the first is left");
    assert_eq!(chunk(&desk, &snapshots[0], 0).await.0, StatusCode::NOT_FOUND);
    assert_eq!(chunk(&desk, &snapshots[1], 0).await.0, StatusCode::OK);
    let name = snapshots[2].chunks[0].hex();
    let path = object_store::path::Path::from_iter(["SH01", &name[..2], &name]);
    let mut bytes = server.files.get(&path).await.unwrap().bytes().await.unwrap().to_vec();
    bytes[20] ^= 1;
    server.files.put(&path, bytes.into()).await.unwrap();
    let refused = read::<()>(chunk(&desk, &snapshots[2], 0).await).unwrap_err();
    assert_eq!(refused, "sync.file-unknown");
    assert_eq!(newest(&desk).await.unwrap(), snapshots[1]);
    assert_eq!(made(&server).await, snapshots[2], "made anew it is whole");
    assert_eq!(chunk(&desk, &snapshots[2], 0).await.0, StatusCode::OK);
}

#[tokio::test]
async fn it_is_of_one_moment_while_desks_push() {
    let server = Arc::new(server::start().await);
    let pushing = tokio::spawn({
        let server = Arc::clone(&server);
        async move {
            let mut desk = Desk::enrolled(&server, "SH01").await;
            for _ in 0..60 {
                let events = desk.events(3);
                desk.push(&events).await;
            }
        }
    });
    let reader = Desk::enrolled(&server, "SH01").await;
    let mut sizes = Vec::new();
    while !pushing.is_finished() {
        let Some(snapshot) = hub::make_snapshot(&server.hub, "SH01").await.unwrap() else { continue };
        let mut sum = StateDigest::default();
        sum.add_all(&records(&reader, &snapshot).await).unwrap();
        assert_eq!(sum, snapshot.digest, "at {}", snapshot.seq);
        assert_eq!(snapshot.records, snapshot.seq, "each event is a record");
        sizes.push(snapshot.seq);
    }
    pushing.await.unwrap();
    sizes.dedup();
    assert!(sizes.len() > 1, "made while the stream grew: {sizes:?}");
}
