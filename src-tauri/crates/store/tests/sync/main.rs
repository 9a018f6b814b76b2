//! Desks that work apart and meet at a hub: nothing is lost, nothing is overwritten in silence, all end up equal.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "the functions around the tests may fail like tests"
)]

mod log;
mod support;

use domain::digest::Digest;
use domain::record::MergeClass;
use domain::role::Role;
use domain::settle::{CONFLICT, DECIDE, conflict_id};
use proptest::prelude::*;
use serde_json::{Value, json};
use store::{Acknowledged, Applied, NewOperation, Store};
use support::{AT, Hub, at, desk, enrol, open, pull_once, push_once, round, two_desks};
use tempfile::TempDir;
use uuid::Uuid;

const CLAIM: Uuid = Uuid::from_u128(100);

fn edit(kind: &'static str, id: Uuid, fields: &[(&str, Value)]) -> NewOperation {
    let mut command = NewOperation::new(Uuid::from_u128(1), Role::CounterClerk, "test.edit", at());
    for (field, value) in fields {
        command.set(kind, id, *field, value.clone());
    }
    command
}

async fn value(store: &Store, kind: &str, id: Uuid, field: &str) -> Option<Value> {
    store.record(kind, id).await.unwrap().and_then(|record| record.get(field).cloned())
}

async fn sound(store: &Store) {
    let verification = store.verify().await.unwrap();
    assert_eq!(verification.faults, [], "{verification:?}");
}

async fn equal(hub: &mut Hub, stores: &[&Store]) {
    for store in stores.iter().chain(stores) {
        round(hub, store).await;
    }
    for store in stores {
        assert_eq!(store.state_digest().await.unwrap(), hub.digest(), "confirmed records are the hub's");
        sound(store).await;
    }
}

#[tokio::test]
async fn two_desks_edit_offline_conflict_and_decide() {
    let (one, two) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let ((one, _), (two, _)) = (desk(one.path()).await, desk(two.path()).await);
    let mut hub = Hub::new();
    one.commit(edit("claim", CLAIM, &[("cause", json!("rain")), ("no", json!("A"))])).await.unwrap();
    enrol(&mut hub, &one).await;
    enrol(&mut hub, &two).await;
    round(&mut hub, &one).await;
    round(&mut hub, &two).await;
    assert_eq!(
        value(&two, "claim", CLAIM, "cause").await,
        Some(json!("rain")),
        "the other desk's work arrives"
    );
    equal(&mut hub, &[&one, &two]).await;

    // Both change the cause; a person's mobile is changed by both, too.
    let person = Uuid::from_u128(5);
    for (store, cause, mobile) in [(&one, "hail", "1"), (&two, "storm", "2")] {
        store.commit(edit("claim", CLAIM, &[("cause", json!(cause))])).await.unwrap();
        store.commit(edit("party", person, &[("mobile", json!(mobile))])).await.unwrap();
    }
    round(&mut hub, &one).await;
    assert_eq!(
        value(&two, "claim", CLAIM, "cause").await,
        Some(json!("storm")),
        "own work shows until it is judged"
    );
    round(&mut hub, &two).await;
    round(&mut hub, &one).await;
    equal(&mut hub, &[&one, &two]).await;
    let conflict = conflict_id("claim", CLAIM);
    for store in [&one, &two] {
        assert_eq!(
            value(store, "claim", CLAIM, "cause").await,
            Some(json!("hail")),
            "the first accepted stands"
        );
        assert_eq!(value(store, CONFLICT, conflict, "status").await, Some(json!("open")));
        assert_eq!(value(store, "party", person, "mobile").await, Some(json!("2")), "the later one shows");
        assert!(value(store, "party", person, "overridden.mobile").await.is_some(), "the loser is kept");
    }

    let mut decision = edit("claim", CLAIM, &[("cause", json!("storm"))]);
    decision.command = DECIDE.to_owned();
    decision.set(CONFLICT, conflict, "status", "decided");
    two.commit(decision).await.unwrap();
    round(&mut hub, &two).await;
    round(&mut hub, &one).await;
    equal(&mut hub, &[&one, &two]).await;
    assert_eq!(value(&one, "claim", CLAIM, "cause").await, Some(json!("storm")));
    assert_eq!(value(&one, CONFLICT, conflict, "status").await, Some(json!("decided")));
    one.free_outbox().await.unwrap();
    sound(&one).await;
}

#[tokio::test]
async fn pages_again_or_half_change_nothing_twice() {
    let (one, two) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let ((one, _), (two, code)) = (desk(one.path()).await, desk(two.path()).await);
    let mut hub = Hub::new();
    enrol(&mut hub, &one).await;
    enrol(&mut hub, &two).await;
    for number in 0..7 {
        one.commit(edit("event", Uuid::from_u128(number), &[("text", json!(number.to_string()))]))
            .await
            .unwrap();
    }
    round(&mut hub, &one).await;
    let request = two.pull_request(4, false).await.unwrap();
    let answer = hub.pull(two.device_id(), &request);
    for _ in 0..3 {
        let applied = two.apply_page(&answer.pages[0], &answer.certificates, AT).await.unwrap();
        assert_eq!(applied, Applied::More);
    }
    let mut holed = hub.pull(two.device_id(), &two.pull_request(4, false).await.unwrap());
    holed.pages[0].entries.remove(0);
    assert!(two.apply_page(&holed.pages[0], &holed.certificates, AT).await.is_err(), "a gap is refused");
    let mut forged = hub.pull(two.device_id(), &two.pull_request(4, false).await.unwrap());
    if let Some(bytes) = forged.pages[0].entries[0].operation.as_mut() {
        let last = bytes.0.len() - 1;
        bytes.0[last] ^= 1;
    }
    assert!(
        two.apply_page(&forged.pages[0], &forged.certificates, AT).await.is_err(),
        "a forgery is refused"
    );

    // The same push twice, its answer lost the first time.
    let push = two.next_push(100_000, &std::collections::BTreeSet::new()).await.unwrap().unwrap();
    let _lost = hub.push(&push);
    let length = hub.len();
    assert_eq!(push_once(&mut hub, &two).await, Some(Acknowledged::Taken));
    assert_eq!(hub.len(), length, "nothing entered twice");
    let folder = two.folder().path().to_owned();
    two.close().await;
    let two = open(&folder, &code).await;
    round(&mut hub, &two).await;
    round(&mut hub, &one).await;
    equal(&mut hub, &[&one, &two]).await;
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target)
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// The number a desk gives next.
async fn number(store: &Store) -> String {
    let id = Uuid::now_v7();
    let build =
        |code: &str, number| Ok((edit("event", id, &[("n", json!(number))]), format!("{code}-{number}")));
    store.commit_numbered("counter.26", build).await.unwrap()
}

#[tokio::test]
async fn a_copied_profile_gives_no_number_twice_and_both_come_to_the_hub() {
    let (root, mut hub) = (TempDir::new().unwrap(), Hub::new());
    let (first, second) = (root.path().join("one"), root.path().join("two"));
    let (one, code) = desk(&first).await;
    enrol(&mut hub, &one).await;
    round(&mut hub, &one).await;
    let mut numbers = vec![number(&one).await];
    one.close().await;
    copy(&first, &second);
    let one = open(&first, &code).await;
    assert!(!one.moved(), "it lies where it lay");
    let two = open(&second, &code).await;
    assert!(two.moved(), "a copy knows that it is one");
    assert_eq!(two.new_incarnation(None, "B2B2", at()).await.unwrap(), 2);
    for store in [&one, &two, &one, &two] {
        numbers.push(number(store).await);
    }
    let mut distinct = numbers.clone();
    distinct.sort();
    distinct.dedup();
    assert_eq!(distinct.len(), numbers.len(), "{numbers:?}");
    round(&mut hub, &two).await;
    round(&mut hub, &one).await;
    round(&mut hub, &two).await;
    let ids = hub.feed_ids();
    assert_eq!(ids.len(), hub.len(), "no operation entered twice");
    round(&mut hub, &one).await;
    round(&mut hub, &two).await;
    equal(&mut hub, &[&one, &two]).await;
    two.close().await;
    assert!(!open(&second, &code).await.moved(), "the warning comes once");
}

#[tokio::test]
async fn a_twin_nobody_noticed_is_told_to_go_on_under_another_name() {
    let (root, mut hub) = (TempDir::new().unwrap(), Hub::new());
    let (first, second) = (root.path().join("one"), root.path().join("two"));
    let (one, code) = desk(&first).await;
    enrol(&mut hub, &one).await;
    round(&mut hub, &one).await;
    one.commit(edit("event", Uuid::from_u128(50), &[("text", json!("before the copy"))])).await.unwrap();
    one.close().await;
    copy(&first, &second);
    let (one, two) = (open(&first, &code).await, open(&second, &code).await);
    // As if the machine were copied whole: nothing tells the copy what it is.
    one.commit(edit("event", Uuid::from_u128(51), &[("text", json!("one"))])).await.unwrap();
    two.commit(edit("event", Uuid::from_u128(52), &[("text", json!("two"))])).await.unwrap();
    round(&mut hub, &one).await;
    round(&mut hub, &two).await;
    assert_eq!(hub.forked, 1);
    round(&mut hub, &one).await;
    round(&mut hub, &two).await;
    round(&mut hub, &one).await;
    assert_eq!(hub.feed_ids().len(), hub.len(), "what both held entered once");
    equal(&mut hub, &[&one, &two]).await;
    for (id, text) in [(50, "before the copy"), (51, "one"), (52, "two")] {
        for store in [&one, &two] {
            assert_eq!(value(store, "event", Uuid::from_u128(id), "text").await, Some(json!(text)));
        }
    }
    // The outbox holds the new names: a reopened desk knows them.
    two.close().await;
    sound(&open(&second, &code).await).await;
}

#[tokio::test]
async fn a_hub_that_lost_its_newest_hours_gets_them_back() {
    let (_folders, mut hub, one, two) = two_desks().await;
    round(&mut hub, &one).await;
    round(&mut hub, &two).await;
    let old = hub.clone();
    for number in 0..5 {
        one.commit(edit("event", Uuid::from_u128(60 + number), &[("text", json!("one"))])).await.unwrap();
        two.commit(edit("claim", CLAIM, &[("cause", json!(number.to_string()))])).await.unwrap();
    }
    round(&mut hub, &one).await;
    round(&mut hub, &two).await;
    round(&mut hub, &one).await;
    let before = hub.feed_ids();
    let mut hub = old.restored();
    assert!(hub.feed_ids().len() < before.len());
    // Only one of the two comes back: it brings the other's work, too.
    round(&mut hub, &one).await;
    assert!(before.is_subset(&hub.feed_ids()), "nothing acknowledged is lost");
    round(&mut hub, &two).await;
    round(&mut hub, &one).await;
    equal(&mut hub, &[&one, &two]).await;
    assert_eq!(value(&one, "claim", CLAIM, "cause").await, Some(json!("4")));
}

#[tokio::test]
async fn records_that_do_not_add_up_are_fetched_anew() {
    let (_folders, mut hub, one, two) = two_desks().await;
    let party = Uuid::from_u128(7);
    one.commit(edit("party", party, &[("name", json!("王小芳")), ("kind", json!("person"))])).await.unwrap();
    round(&mut hub, &one).await;
    round(&mut hub, &two).await;
    two.tamper("update record set doc = replace(doc, '王小芳', '李小芳') where kind = 'party'").await;
    two.tamper("update stream set digest = replace(digest, substr(digest, 1, 2), 'zz') where name = 'x'")
        .await;
    two.tamper("update stream set digest = '00' || substr(digest, 3) where substr(digest, 1, 2) <> '00'")
        .await;
    one.commit(edit("party", party, &[("mobile", json!("13812345678"))])).await.unwrap();
    round(&mut hub, &one).await;
    two.commit(edit("event", Uuid::from_u128(8), &[("text", json!("own work"))])).await.unwrap();
    round(&mut hub, &two).await;
    round(&mut hub, &one).await;
    equal(&mut hub, &[&one, &two]).await;
    assert_eq!(value(&two, "party", party, "name").await, Some(json!("王小芳")));
    assert_eq!(two.search("王小芳", None, 5).await.unwrap().len(), 1, "lists and search follow");
}

#[tokio::test]
async fn unsent_work_travels_by_file() {
    let (one, two) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let ((one, _), (two, _)) = (desk(one.path()).await, desk(two.path()).await);
    let mut hub = Hub::new();
    assert!(one.export_unsent(&mut Vec::new()).await.is_err(), "nobody could open it");
    enrol(&mut hub, &one).await;
    enrol(&mut hub, &two).await;
    one.commit(edit("event", Uuid::from_u128(70), &[("text", json!("by hand"))])).await.unwrap();
    let mut file = Vec::new();
    let count = one.export_unsent(&mut file).await.unwrap();
    assert!(!file.windows(7).any(|window| window == b"by hand"), "it is sealed");
    for wrong in
        [file[..file.len() - 1].to_vec(), [&file[..], b"x"].concat(), file[..30].to_vec(), Vec::new()]
    {
        assert!(two.import_carried(&mut &wrong[..]).await.is_err());
    }
    for place in [3, 24, 41, 45, 100, file.len() - 1] {
        let mut damaged = file.clone();
        damaged[place] ^= 1;
        assert!(two.import_carried(&mut &damaged[..]).await.is_err(), "{place}");
    }
    assert_eq!(two.sync_facts().await.unwrap().relayed, 0, "all of a file or nothing");
    assert_eq!(two.import_carried(&mut &file[..]).await.unwrap(), count);
    round(&mut hub, &two).await;
    assert_eq!(value(&two, "event", Uuid::from_u128(70), "text").await, Some(json!("by hand")));
    let length = hub.len();
    round(&mut hub, &one).await;
    assert_eq!(hub.len(), length, "brought twice, taken once");
    equal(&mut hub, &[&one, &two]).await;
}

/// Twenty and more megabytes: several parts, and a part taken alone is no file.
#[tokio::test]
async fn a_large_carried_file_is_taken_part_by_part() {
    let (_folders, mut hub, one, two) = two_desks().await;
    // What deflating does not make smaller.
    let mut seed = 7u64;
    let mut text = || -> String {
        let letter = |_| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            char::from_u32(0x4e00 + u32::try_from(seed >> 33).unwrap() % 20_000).unwrap()
        };
        (0..500_000).map(letter).collect()
    };
    for place in 0..5 {
        one.commit(edit("event", Uuid::from_u128(300 + place), &[("text", json!(text()))])).await.unwrap();
    }
    let mut file = Vec::new();
    let count = one.export_unsent(&mut file).await.unwrap();
    assert!(count > 5 && file.len() > 4 * 1024 * 1024, "{} bytes", file.len());
    let first = 38 + 4 + usize::try_from(u32::from_be_bytes(file[38..42].try_into().unwrap())).unwrap();
    assert!(first < file.len() / 2, "several parts");
    assert!(two.import_carried(&mut &file[..first]).await.is_err());
    let swapped = [&file[..38], &file[first..], &file[38..first]].concat();
    assert!(two.import_carried(&mut &swapped[..]).await.is_err());
    assert_eq!(two.sync_facts().await.unwrap().relayed, 0);
    assert_eq!(two.import_carried(&mut &file[..]).await.unwrap(), count);
    round(&mut hub, &two).await;
    equal(&mut hub, &[&two]).await;
    assert_eq!(
        value(&two, "event", Uuid::from_u128(304), "text").await.map(|text| text.to_string().len()),
        Some(1_500_002)
    );
}

#[tokio::test]
async fn files_are_cut_sealed_and_put_together() {
    let (_folders, mut hub, one, two) = two_desks().await;
    let plain: Vec<u8> = (0..9_000_000u32).map(|number| number.to_le_bytes()[1]).collect();
    let file = one.put_file(&plain, AT).await.unwrap();
    let mut command = edit("attachment", Uuid::from_u128(80), &[("sha256", json!(file.hex()))]);
    command.blob_refs.push(file);
    one.commit(command).await.unwrap();
    assert_eq!(one.files_to_send().await.unwrap(), [file]);
    round(&mut hub, &one).await;
    round(&mut hub, &two).await;
    assert_eq!(two.files_to_fetch().await.unwrap(), [file]);
    assert!(two.file_waits(&file).await.unwrap() && one.file_waits(&file).await.unwrap());
    let code = domain::Refusal::from(two.file(&file).await.unwrap_err()).code;
    assert_eq!(code, domain::Code::SyncFileWaiting);
    let manifest = one.file_manifest(&file).await.unwrap();
    let mut chunks = Vec::new();
    for index in 0..3 {
        chunks.push(one.file_chunk(&manifest, index).await.unwrap());
    }
    let names: Vec<Digest> = chunks.iter().map(|chunk| Digest::of(chunk)).collect();
    assert_eq!(manifest.chunks, names);
    assert_eq!(two.chunks_kept(&manifest).await.unwrap(), 0);
    assert!(two.keep_chunk(&manifest, 0, &chunks[2]).is_err());
    two.keep_chunk(&manifest, 0, &chunks[0]).unwrap();
    assert!(two.take_file(&manifest, AT).await.is_err(), "a part is no file, and what is no file goes");
    assert!(two.file_waits(&file).await.unwrap());
    for (index, chunk) in chunks.iter().enumerate() {
        assert_eq!(two.chunks_kept(&manifest).await.unwrap(), index, "it goes on where it stopped");
        two.keep_chunk(&manifest, index, chunk).unwrap();
    }
    two.take_file(&manifest, AT).await.unwrap();
    assert_eq!(two.file(&file).await.unwrap(), plain);
    one.file_sent(&file, AT).await.unwrap();
    assert!(!one.file_waits(&file).await.unwrap());
    assert_eq!(one.file(&file).await.unwrap(), plain, "nothing here is removed");
    let again = two.file_manifest(&file).await.unwrap();
    assert_eq!(again, manifest, "who fetched it could bring it again");
    assert_eq!(two.files_to_send().await.unwrap(), []);
    let heads = hub.heads();
    two.refill(&heads).await.unwrap();
    assert_eq!(two.files_to_send().await.unwrap(), [file], "a restored hub is offered every file again");
    assert_eq!(one.files_to_send().await.unwrap(), []);
    enrol(&mut Hub::another(), &one).await;
    assert_eq!(one.files_to_send().await.unwrap(), [file], "so is another hub");
}

#[tokio::test]
async fn an_interrupted_download_goes_on_after_a_kill() {
    let (one, two) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let (store, _) = desk(one.path()).await;
    let (fetching, code) = desk(two.path()).await;
    let plain: Vec<u8> = (0..9_000_000u32).map(|number| number.to_le_bytes()[1]).collect();
    let file = store.put_file(&plain, AT).await.unwrap();
    let manifest = store.file_manifest(&file).await.unwrap();
    for index in 0..2 {
        let chunk = store.file_chunk(&manifest, index).await.unwrap();
        assert_eq!(fetching.chunks_kept(&manifest).await.unwrap(), index);
        fetching.keep_chunk(&manifest, index, &chunk).unwrap();
    }
    fetching.close().await;
    let name = file.hex();
    let part = two.path().join("files").join(&name[..2]).join(format!("{name}.part"));
    let mut bytes = std::fs::read(&part).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    std::fs::write(&part, &bytes).unwrap();
    let fetching = open(two.path(), &code).await;
    assert_eq!(
        fetching.chunks_kept(&manifest).await.unwrap(),
        1,
        "a torn chunk comes again, a whole one does not"
    );
    for index in 1..3 {
        fetching.keep_chunk(&manifest, index, &store.file_chunk(&manifest, index).await.unwrap()).unwrap();
    }
    // Killed between the file's name and its row: nothing comes again.
    std::fs::rename(&part, part.with_extension("")).unwrap();
    fetching.close().await;
    let fetching = open(two.path(), &code).await;
    assert_eq!(fetching.chunks_kept(&manifest).await.unwrap(), 3);
    fetching.take_file(&manifest, AT).await.unwrap();
    assert_eq!(fetching.file(&file).await.unwrap(), plain);
    assert!(!part.exists());
}

#[tokio::test]
async fn a_branch_that_worked_for_long_before_its_first_hub_brings_everything() {
    let (one, two) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let ((one, _), (two, _)) = (desk(one.path()).await, desk(two.path()).await);
    let mut hub = Hub::new();
    let many: Vec<NewOperation> = (0..700u128)
        .map(|n| edit("policy", Uuid::from_u128(1000 + n), &[("no", json!(n.to_string()))]))
        .collect();
    one.commit_synthetic(many).await.unwrap();
    one.commit(edit("policy", Uuid::from_u128(1000), &[("plate", json!("x"))])).await.unwrap();
    assert_eq!(one.sync_facts().await.unwrap().unsent, 2);
    enrol(&mut hub, &one).await;
    enrol(&mut hub, &two).await;
    assert_eq!(one.sync_facts().await.unwrap().unsent, 702);
    round(&mut hub, &one).await;
    round(&mut hub, &two).await;
    round(&mut hub, &one).await;
    equal(&mut hub, &[&one, &two]).await;
    assert_eq!(MergeClass::Convenience, domain::record::merge_class("policy", "plate"));
    assert_eq!(value(&two, "policy", Uuid::from_u128(1000), "plate").await, Some(json!("x")));
}

/// What a desk does next in the test below.
#[derive(Debug, Clone)]
enum Move {
    /// Writes a field: kind, record, field, value.
    Edit(usize, u128, usize, u8),
    /// Sends what it has; the answer may be lost on the way.
    Push { lost: bool },
    /// Takes a page of so many entries.
    Pull(u32),
    /// Loses its power.
    Restart,
}

fn moves() -> impl Strategy<Value = Vec<(usize, Move)>> {
    let next = prop_oneof![
        6 => (0..3usize, 1..4u128, 0..2usize, any::<u8>())
            .prop_map(|(kind, record, field, value)| Move::Edit(kind, record, field, value % 4)),
        3 => any::<bool>().prop_map(|lost| Move::Push { lost }),
        3 => (1..6u32).prop_map(Move::Pull),
        1 => Just(Move::Restart),
    ];
    proptest::collection::vec((0..3usize, next), 10..40)
}

async fn play(moves: &[(usize, Move)]) {
    let mut hub = Hub::new();
    let (mut folders, mut desks, mut codes) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..3 {
        let folder = TempDir::new().unwrap();
        let (store, code) = desk(folder.path()).await;
        enrol(&mut hub, &store).await;
        desks.push(Some(store));
        codes.push(code);
        folders.push(folder);
    }
    let mut acknowledged = Vec::new();
    for (who, next) in moves {
        let store = desks[*who].as_ref().unwrap();
        match next {
            Move::Edit(kind, record, field, value) => {
                let kind = ["claim", "party", "event"][*kind];
                let field = ["cause", "note"][*field];
                let made = store.commit(edit(kind, Uuid::from_u128(*record), &[(field, json!(value))])).await;
                acknowledged.extend(made.unwrap().map(|operation| operation.id));
            }
            Move::Push { lost: false } => {
                push_once(&mut hub, store).await;
            }
            Move::Push { lost: true } => {
                if let Some(request) =
                    store.next_push(100_000, &std::collections::BTreeSet::new()).await.unwrap()
                {
                    hub.push(&request);
                }
            }
            Move::Pull(limit) => {
                pull_once(&hub, store, *limit, false).await;
            }
            Move::Restart => {
                let store = desks[*who].take().unwrap();
                store.close().await;
                desks[*who] = Some(open(folders[*who].path(), &codes[*who]).await);
            }
        }
    }
    let desks: Vec<&Store> = desks.iter().flatten().collect();
    equal(&mut hub, &desks).await;
    equal(&mut hub, &desks).await;
    let fed = hub.feed_ids();
    assert!(acknowledged.iter().all(|id| fed.contains(id)), "what was told to be saved is at the hub");
    for store in &desks {
        assert_eq!(store.sync_facts().await.unwrap().unsent, 0);
        for record in 1..4u128 {
            let one = store.record("claim", Uuid::from_u128(record)).await.unwrap();
            let other = desks[0].record("claim", Uuid::from_u128(record)).await.unwrap();
            assert_eq!(one, other, "what is shown is equal, too");
        }
    }
}

proptest! {
    // Few, because each case opens three encrypted profiles and restarts them.
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn three_desks_in_any_order_end_up_equal(moves in moves()) {
        tokio::runtime::Runtime::new().unwrap().block_on(play(&moves));
    }
}
