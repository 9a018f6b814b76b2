//! Push and pull: exactly once, in order, nothing refused that can be kept.

use domain::digest::{ByteString, Digest};
use domain::operation::Operation;
use domain::role::Role;
use uuid::Uuid;
use wire::{ParkReason, Parked, PullRequest, PushOutcome, WIRE_SCHEMA};

use crate::desk::{Desk, request};
use crate::server;

fn parked(seq: u64, reason: ParkReason) -> Parked {
    Parked { seq, reason }
}

#[tokio::test]
async fn a_push_has_its_effect_once_however_often_it_comes() {
    let server = server::start().await;
    let mut desk = Desk::enrolled(&server, "SH01").await;
    let operations = desk.events(20);
    for run in [&operations[..5], &operations[3..8], &operations[..1], &operations[..20], &operations[19..]] {
        let answer = desk.push(run).await;
        assert_eq!(answer.outcome, PushOutcome::Taken);
        assert!(answer.parked.is_empty());
    }
    for round in 0..10 {
        assert_eq!(desk.push(&operations[round..]).await.expected, 21);
    }
    let answer = desk.pull(&[("SH01", 0)], 1000).await.unwrap();
    let ids: Vec<Uuid> = answer.pages[0].entries.iter().map(|entry| entry.id).collect();
    assert_eq!(ids, operations.iter().map(|one| one.id).collect::<Vec<_>>());
    assert_eq!(desk.records().await.len(), 20);
}

#[tokio::test]
async fn a_gap_is_answered_with_the_number_that_is_expected() {
    let server = server::start().await;
    let mut desk = Desk::enrolled(&server, "SH01").await;
    let operations = desk.events(5);
    let answer = desk.push(&operations[2..]).await;
    assert_eq!((answer.outcome, answer.expected), (PushOutcome::Gap, 1));
    assert_eq!(desk.push(&operations[..2]).await.expected, 3);
    let answer = desk.push(&operations[3..]).await;
    assert_eq!((answer.outcome, answer.expected), (PushOutcome::Gap, 3));
    assert_eq!(desk.push(&operations).await.expected, 6);
    assert_eq!(desk.records().await.len(), 5);
}

#[tokio::test]
async fn a_fork_is_kept_apart_and_goes_on_as_a_new_incarnation() {
    let server = server::start().await;
    let mut desk = Desk::enrolled(&server, "SH01").await;
    let common = desk.events(3);
    desk.push(&common).await;
    let (seq, head) = (desk.seq, desk.head);
    let first = desk.events(2);
    desk.push(&first).await;
    // The clone does not know of the two.
    (desk.seq, desk.head) = (seq, head);
    let clone = desk.events(3);
    for _ in 0..2 {
        let answer = desk.push(&[&common[..], &clone[..]].concat()).await;
        assert_eq!(answer.outcome, PushOutcome::Fork { incarnation: 2 });
        assert_eq!(answer.expected, 6);
    }
    assert_eq!(desk.records().await.len(), 5, "nothing of the fork was applied");
    assert_eq!(hub::quarantine(&server.pool).await.unwrap().len(), 3, "and nothing of it is lost");
    // The same operations under the new name; one it could not know to be acknowledged comes again too.
    (desk.incarnation, desk.seq, desk.head) = (2, 0, Digest::default());
    let mut renamed = Vec::new();
    for mut operation in [&common[2..], &clone[..]].concat() {
        (operation.incarnation, operation.seq, operation.prev_hash) = (2, desk.seq + 1, desk.head);
        let operation = desk.sign(operation);
        (desk.seq, desk.head) = (operation.seq, operation.hash);
        renamed.push(operation);
    }
    let answer = desk.push(&renamed).await;
    assert_eq!((answer.outcome, answer.expected, answer.parked.len()), (PushOutcome::Taken, 5, 0));
    assert_eq!(desk.records().await.len(), 8, "the one it sent twice counts once");
    assert_eq!(hub::verify(&server.pool).await.unwrap().problems, Vec::<String>::new());
}

#[tokio::test]
async fn what_cannot_be_applied_is_parked_and_never_blocks() {
    let server = server::start().await;
    let mut desk = Desk::enrolled(&server, "SH01").await;
    let good = desk.event("1");
    let unsigned = {
        let mut operation = desk.event("2");
        operation.sig.0[3] ^= 1;
        operation
    };
    let foreign = {
        desk.stream = "BJ01".into();
        let operation = desk.event("3");
        desk.stream = "SH01".into();
        operation
    };
    let unlinked = {
        desk.head = Digest([9; 32]);
        desk.event("4")
    };
    let mut newer = desk.event("5");
    newer.schema += 1;
    let newer = desk.sign(newer);
    desk.head = newer.hash;
    let altered = {
        let mut operation = desk.event("6");
        operation.changes[0].value = Some("another".into());
        operation
    };
    let after = desk.event("7");
    let mut pushed = request("SH01", 1, &[good, unsigned, foreign, unlinked, newer, altered, after.clone()]);
    pushed.operations.push(ByteString(b"no operation".to_vec()));
    (desk.seq, desk.head) = (8, Digest([1; 32]));
    let last = desk.event("9");
    pushed.operations.push(ByteString(last.to_cbor().unwrap()));
    let expected = [
        parked(2, ParkReason::Unsigned),
        parked(3, ParkReason::Scope),
        parked(4, ParkReason::Link),
        parked(5, ParkReason::Newer),
        parked(6, ParkReason::Unsigned),
        parked(8, ParkReason::Malformed),
    ];
    for round in 0..2 {
        let answer = desk.push_request(&pushed).await.unwrap();
        assert_eq!(answer.outcome, PushOutcome::Taken);
        assert_eq!(answer.parked, expected, "round {round}");
        assert_eq!(answer.expected, 10);
    }
    let ids: Vec<Uuid> =
        desk.pull(&[("SH01", 0)], 100).await.unwrap().pages[0].entries.iter().map(|e| e.id).collect();
    assert_eq!(ids.len(), 3);
    assert_eq!(ids[1..], [after.id, last.id]);
    assert_eq!(hub::verify(&server.pool).await.unwrap().problems, Vec::<String>::new());
}

#[tokio::test]
async fn another_desk_of_the_branch_may_carry_a_chain_but_not_forge_one() {
    let server = server::start().await;
    let mut maker = Desk::enrolled(&server, "SH01").await;
    let bringer = Desk::enrolled(&server, "SH01").await;
    let stranger = Desk::enrolled(&server, "BJ01").await;
    let operations = maker.events(3);
    let pushed = request("SH01", 1, &operations);
    assert_eq!(stranger.push_request(&pushed).await.unwrap_err(), "sync.scope");
    let mut forged = pushed.clone();
    forged.operations[1].0[100] ^= 1;
    assert_eq!(bringer.push_request(&forged).await.unwrap_err(), "sync.unsigned");
    assert_eq!(bringer.push_request(&pushed).await.unwrap().expected, 4);
    assert_eq!(maker.push(&operations).await.outcome, PushOutcome::Taken, "its own push is no fork");
    assert_eq!(maker.records().await.len(), 3);
}

#[tokio::test]
async fn a_revoked_desk_receives_nothing_and_its_late_work_waits_for_review() {
    let server = server::start().await;
    let mut desk = Desk::enrolled(&server, "SH01").await;
    let other = Desk::enrolled(&server, "SH01").await;
    let operations = desk.events(4);
    desk.push(&operations[..2]).await;
    assert!(hub::revoke(&server.pool, desk.id).await.unwrap());
    assert_eq!(desk.pull(&[("SH01", 0)], 10).await.unwrap_err(), "sync.device-revoked");
    let answer = desk.push(&operations).await;
    assert_eq!(answer.expected, 5, "acknowledged: its queue never blocks");
    assert_eq!(answer.parked, [parked(3, ParkReason::Revoked), parked(4, ParkReason::Revoked)]);
    assert_eq!(other.records().await.len(), 2);
    let waiting = hub::quarantine(&server.pool).await.unwrap();
    assert_eq!(waiting.len(), 2);
    let released = hub::release(&server.pool, &waiting[0].hash).await.unwrap();
    assert_eq!(released, hub::Released::Applied { at: 3, contested: false });
    assert_eq!(hub::release(&server.pool, &waiting[0].hash).await.unwrap(), hub::Released::Unknown);
    assert_eq!(other.records().await.len(), 3);
    assert_eq!(hub::verify(&server.pool).await.unwrap().problems, Vec::<String>::new());
}

#[tokio::test]
async fn two_processes_on_one_database_are_one_hub() {
    let server = server::start().await;
    let replica = server.replica().await;
    let mut desk = Desk::enrolled(&server, "SH01").await;
    let operations = desk.events(30);
    assert_eq!(desk.hello().await.hub_key, Desk::stranger(&replica.url, "SH01").await.hello().await.hub_key);
    for (number, operation) in operations.iter().enumerate() {
        // The challenge of the one is good at the other.
        desk.url.clone_from(if number % 2 == 0 { &replica.url } else { &server.url });
        assert_eq!(desk.push(std::slice::from_ref(operation)).await.expected, operation.seq + 1);
    }
    // The same run at both at once.
    let more = desk.events(50);
    let pushed = request("SH01", more[0].seq, &more);
    let mut twin = Desk::stranger(&replica.url, "SH01").await;
    (twin.id, twin.key) = (desk.id, desk.key.clone());
    desk.url.clone_from(&server.url);
    let (one, two) = tokio::join!(desk.push_request(&pushed), twin.push_request(&pushed));
    assert_eq!((one.unwrap().expected, two.unwrap().expected), (81, 81));
    assert_eq!(desk.records().await.len(), 80);
    assert_eq!(hub::verify(&server.pool).await.unwrap().problems, Vec::<String>::new());
}

#[tokio::test]
async fn own_bytes_are_left_out_and_pages_keep_to_their_limit() {
    let server = server::start().await;
    let mut desk = Desk::enrolled(&server, "SH01").await;
    let mut other = Desk::enrolled(&server, "SH01").await;
    let mine = desk.events(6);
    desk.push(&mine).await;
    let theirs = other.events(6);
    other.push(&theirs).await;
    let asked = PullRequest {
        schema: WIRE_SCHEMA,
        cursors: [("SH01".to_owned(), 2), ("@org".to_owned(), 0)].into(),
        limit: 7,
        own: false,
    };
    let answer: wire::PullAnswer = desk.post("/v1/pull", &asked).await.unwrap();
    let page = answer.pages.iter().find(|page| page.stream == "SH01").unwrap();
    assert_eq!(page.entries.iter().map(|entry| entry.at).collect::<Vec<_>>(), [3, 4, 5, 6, 7, 8, 9]);
    assert!(page.entries[..4].iter().all(|entry| entry.operation.is_none()));
    assert!(page.entries[4..].iter().all(|entry| entry.operation.is_some()));
    assert_eq!((page.head, answer.certificates.len()), (12, 2));
    // Bytes of a newer version's fields come out as they went in.
    let body = &page.entries[4].operation.as_ref().unwrap().0;
    assert_eq!(*body, theirs[0].to_cbor().unwrap());
}

#[tokio::test]
async fn large_operations_come_in_pages_of_bounded_size() {
    let server = server::start().await;
    let mut desk = Desk::enrolled(&server, "SH01").await;
    let text = "x".repeat(5 * 1024 * 1024);
    for _ in 0..6 {
        let operation = desk.event(&text);
        desk.push(&[operation]).await;
    }
    let page = desk.pull(&[("SH01", 0)], 100).await.unwrap().pages.remove(0);
    assert_eq!(page.entries.len(), 3, "three times 5 MiB are within 16 MiB");
    assert_eq!(desk.records().await.len(), 6);
}

#[tokio::test]
async fn a_desk_enrolled_for_one_role_brings_no_other_ones_work() {
    let server = server::start().await;
    let mut desk = Desk::stranger(&server.url, "SH01").await;
    let answer = desk.enrol(&server.code_for("SH01", Some("manager")).await, "A7K2").await.unwrap();
    let certified = answer.certificate.open(&desk.hello().await.hub_key.0).unwrap();
    assert_eq!(certified.role, Some(Role::Manager));
    // The tests' desk works as a counter clerk.
    let clerks = desk.events(2);
    let mut others = Vec::new();
    for role in [Role::Manager, Role::Administrator] {
        let mut operation = desk.event("by somebody else");
        operation.role = role;
        (operation.seq, operation.prev_hash) = (3 + others.len() as u64, clerks[1].hash);
        if let Some(before) = others.last() {
            let before: &Operation = before;
            operation.prev_hash = before.hash;
        }
        others.push(desk.sign(operation));
    }
    let answer = desk.push(&[&clerks[..], &others[..]].concat()).await;
    assert_eq!((answer.outcome, answer.expected), (PushOutcome::Taken, 5), "no queue is blocked");
    assert_eq!(answer.parked, [parked(1, ParkReason::Role), parked(2, ParkReason::Role)]);
    assert_eq!(desk.records().await.len(), 2);
    assert_eq!(hub::verify(&server.pool).await.unwrap().problems, Vec::<String>::new());
    // Late work of before it was enrolled so is let in by whoever looked at it.
    assert!(matches!(
        hub::release(&server.pool, &clerks[0].hash).await.unwrap(),
        hub::Released::Applied { at: 3, .. }
    ));
    assert_eq!(desk.records().await.len(), 3);
}
