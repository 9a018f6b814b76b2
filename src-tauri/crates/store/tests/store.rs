//! The store as its callers see it: what is committed stays, what is damaged is noticed.

#![expect(clippy::expect_used, reason = "the functions around the tests may fail like tests")]

use std::path::Path;

use chrono::{DateTime, FixedOffset};
use domain::role::Role;
use domain::{Code, Refusal};
use serde_json::json;
use store::{FaultKind, Folder, NewOperation, RecoveryCode, Store, StoreError, Unlock};
use tempfile::TempDir;
use uuid::Uuid;

fn at() -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339("2026-11-22T09:30:00+08:00").expect("a moment")
}

/// A new profile whose first operation states the device's key, as the desk makes it.
async fn profile(folder: &Path) -> (Store, RecoveryCode) {
    let created = Store::create(Folder::new(folder), "SH01", false).await.expect("a new profile");
    let store = created.store;
    let mut first = NewOperation::new(Uuid::now_v7(), Role::Administrator, "profile.create", at());
    first.set("device", store.device_id(), "public_key", store.device_identity().await.0);
    store.commit(first).await.expect("the first operation");
    store.finish_creation().expect("the card");
    (store, created.recovery)
}

async fn reopen(folder: &Path, code: &RecoveryCode) -> Result<store::Opened, StoreError> {
    Store::open(Folder::new(folder), Unlock::Recovery(code.clone())).await
}

fn party(name: &str, mobile: &str) -> (Uuid, NewOperation) {
    let id = Uuid::now_v7();
    let mut command = NewOperation::new(Uuid::now_v7(), Role::CounterClerk, "party.create", at());
    command.set("party", id, "kind", "person");
    command.set("party", id, "name", name);
    command.set("party", id, "mobile", mobile);
    command.set("party", id, "id_no", "310101199001011237");
    (id, command)
}

/// A change of one field of a person.
fn change(id: Uuid, field: &str, value: &str) -> NewOperation {
    let mut command = NewOperation::new(Uuid::now_v7(), Role::CounterClerk, "party.change", at());
    command.set("party", id, field, value);
    command
}

fn refused<T: std::fmt::Debug>(result: Result<T, StoreError>) -> Code {
    Refusal::from(result.expect_err("a refusal")).code
}

#[tokio::test]
async fn what_is_committed_is_there_after_reopening() {
    let folder = TempDir::new().unwrap();
    let (store, code) = profile(folder.path()).await;
    let (id, command) = party("王小芳", "13812345678");
    let operation = store.commit(command.clone()).await.unwrap().expect("an operation");
    assert_eq!(operation.seq, 2);
    assert!(store.commit(command).await.unwrap().is_none(), "the same values again change nothing");
    store.close().await;

    let opened = reopen(folder.path(), &code).await.unwrap();
    let record = opened.store.record("party", id).await.unwrap().expect("the person");
    assert_eq!(record.text("name"), "王小芳");
    let verification = opened.store.verify().await.unwrap();
    assert_eq!((verification.operations, verification.faults), (2, vec![]));
}

#[tokio::test]
async fn search_writes_an_entry_again_only_when_it_says_something_else() {
    let folder = TempDir::new().unwrap();
    let (store, _) = profile(folder.path()).await;
    let (id, command) = party("王小芳", "13812345678");
    store.commit(command).await.unwrap();
    store.tamper("update search_entry set subtitle = 'as it was'").await;
    let subtitle = async |query: &str| {
        let hits = store.search(query, None, 10).await.unwrap();
        hits.first().map(|hit| hit.subtitle.clone())
    };
    store.commit(change(id, "address", "上海市徐汇区漕溪路 1 号")).await.unwrap();
    assert_eq!(subtitle("王小芳").await.as_deref(), Some("as it was"));
    store.commit(change(id, "name", "王小方")).await.unwrap();
    assert_eq!(subtitle("王小方").await.as_deref(), Some("138****5678 · 310****1237"));
    assert_eq!(subtitle("王小芳").await, None, "the old words find nothing");
    assert_eq!(store.verify().await.unwrap().faults, vec![]);
}

#[tokio::test]
async fn search_finds_by_character_pinyin_initials_and_tail() {
    let folder = TempDir::new().unwrap();
    let (store, _) = profile(folder.path()).await;
    for (name, mobile) in
        [("王小芳", "13812345678"), ("𠮷田䶮", "13900000000"), ("阿依古丽·买买提", "13700007777")]
    {
        store.commit(party(name, mobile).1).await.unwrap();
    }
    let check = async |query: &str, expect: &[&str]| {
        let hits = store.search(query, None, 10).await.unwrap();
        let titles: Vec<&str> = hits.iter().map(|hit| hit.title.as_str()).collect();
        assert_eq!(titles, expect, "{query}");
    };
    check("王", &["王小芳"]).await;
    check("小芳", &["王小芳"]).await;
    check("王小芳", &["王小芳"]).await;
    check("wangxiao", &["王小芳"]).await;
    check("wxf", &["王小芳"]).await;
    check("5678", &["王小芳"]).await;
    check("138", &["王小芳"]).await;
    check("王 5678", &["王小芳"]).await;
    check("王 7777", &[]).await;
    check("𠮷", &["𠮷田䶮"]).await;
    check("䶮", &["𠮷田䶮"]).await;
    check("买买提", &["阿依古丽·买买提"]).await;
    check("'; drop table party; --", &[]).await;
    check("\"", &[]).await;
    check("", &[]).await;
}

#[tokio::test]
async fn a_renamed_person_is_found_by_the_new_name_only() {
    let folder = TempDir::new().unwrap();
    let (store, _) = profile(folder.path()).await;
    let (id, command) = party("王小芳", "13812345678");
    store.commit(command).await.unwrap();
    let mut rename = NewOperation::new(Uuid::now_v7(), Role::Administrator, "party.rename", at());
    rename.set("party", id, "name", "李大明");
    store.commit(rename).await.unwrap();
    assert!(store.search("王小芳", None, 5).await.unwrap().is_empty());
    assert!(store.search("wxf", None, 5).await.unwrap().is_empty());
    assert_eq!(store.search("ldm", None, 5).await.unwrap().len(), 1);
}

#[tokio::test]
async fn the_outbox_restores_what_the_database_lost() {
    let folder = TempDir::new().unwrap();
    let (store, code) = profile(folder.path()).await;
    store.close().await;
    let database = folder.path().join("desk.db");
    let before = std::fs::read(&database).unwrap();
    let store = reopen(folder.path(), &code).await.unwrap().store;
    let (id, command) = party("王小芳", "13812345678");
    store.commit(command).await.unwrap();
    store.close().await;
    // The database as it was before the commit: what a damaged write-ahead log amounts to.
    std::fs::write(&database, before).unwrap();
    for leftover in ["desk.db-wal", "desk.db-shm"] {
        let _ = std::fs::remove_file(folder.path().join(leftover));
    }
    let opened = reopen(folder.path(), &code).await.unwrap();
    assert!(opened.warnings.iter().any(|warning| warning.code == Code::StorageRepaired));
    assert!(opened.store.record("party", id).await.unwrap().is_some());
    assert_eq!(opened.store.verify().await.unwrap().faults, vec![]);
}

#[tokio::test]
async fn a_cut_outbox_is_noticed_and_work_goes_on() {
    let folder = TempDir::new().unwrap();
    let (store, code) = profile(folder.path()).await;
    store.commit(party("王小芳", "13812345678").1).await.unwrap();
    store.close().await;
    let outbox = folder.path().join("outbox.log");
    let bytes = std::fs::read(&outbox).unwrap();
    std::fs::write(&outbox, &bytes[..bytes.len() - 7]).unwrap();
    let opened = reopen(folder.path(), &code).await.unwrap();
    assert!(opened.warnings.iter().any(|warning| warning.code == Code::StorageOutboxDamaged));
    opened.store.commit(party("李大明", "13900000000").1).await.unwrap();
    assert_eq!(opened.store.verify().await.unwrap().faults, vec![]);
}

#[tokio::test]
async fn an_altered_log_is_found() {
    let folder = TempDir::new().unwrap();
    let (store, _) = profile(folder.path()).await;
    store.commit(party("王小芳", "13812345678").1).await.unwrap();
    let (from, to) = ("王".as_bytes(), "李".as_bytes());
    store
        .tamper_body(2, |mut body| {
            let at = body.windows(from.len()).position(|window| window == from).unwrap();
            body[at..at + from.len()].copy_from_slice(to);
            body
        })
        .await;
    let faults = store.verify().await.unwrap().faults;
    assert!(faults.iter().any(|fault| fault.what == FaultKind::Value), "{faults:?}");
    store.tamper("delete from operation where seq = 1").await;
    let faults = store.verify().await.unwrap().faults;
    assert!(faults.iter().any(|fault| fault.what == FaultKind::Gap), "{faults:?}");
}

#[tokio::test]
async fn an_altered_record_is_found() {
    let folder = TempDir::new().unwrap();
    let (store, _) = profile(folder.path()).await;
    store.commit(party("王小芳", "13812345678").1).await.unwrap();
    store.tamper("update record set doc = replace(doc, '王小芳', '李小芳') where kind = 'party'").await;
    let faults = store.verify().await.unwrap().faults;
    assert!(faults.iter().any(|fault| fault.what == FaultKind::Record), "{faults:?}");
}

#[tokio::test]
async fn files_are_sealed_and_stored_once() {
    let folder = TempDir::new().unwrap();
    let (store, _) = profile(folder.path()).await;
    let bytes = "张三的病历".repeat(100).into_bytes();
    let digest = store.put_file(&bytes, "2026-11-22").await.unwrap();
    assert_eq!(store.put_file(&bytes, "2026-11-22").await.unwrap(), digest);
    assert_eq!(store.file_digests().await.unwrap().len(), 1);
    assert_eq!(store.file(&digest).await.unwrap(), bytes);

    let name = digest.hex();
    let path = folder.path().join("files").join(&name[..2]).join(&name);
    let mut sealed = std::fs::read(&path).unwrap();
    assert!(!sealed.windows(6).any(|window| window == "张三".as_bytes()), "the file is readable");
    sealed[30] ^= 1;
    std::fs::write(&path, sealed).unwrap();
    assert_eq!(refused(store.file(&digest).await), Code::AttachmentDamaged);
    assert!(store.verify().await.unwrap().faults.iter().any(|fault| fault.what == FaultKind::File));
}

#[tokio::test]
async fn a_file_on_the_disk_is_sealed_in_chunks_and_read_in_chunks() {
    use std::io::Read as _;
    let folder = TempDir::new().unwrap();
    let (store, _) = profile(folder.path()).await;
    let chunk = wire::CHUNK;
    for size in [0, 1, chunk - 1, chunk, chunk + 1] {
        let bytes = vec![u8::try_from(size % 251).unwrap(); size];
        let source = folder.path().join("source");
        std::fs::write(&source, &bytes).unwrap();
        let digest = store.put_file_from(&source, "2026-11-25").await.unwrap();
        assert_eq!(store.put_file(&bytes, "2026-11-25").await.unwrap(), digest);
        let mut reader = store.file_reader(&digest).await.unwrap();
        let mut read = Vec::new();
        reader.read_to_end(&mut read).unwrap();
        assert!(read == bytes && reader.size() == size as u64, "{size}");
        if size < chunk {
            continue;
        }
        let name = digest.hex();
        let path = folder.path().join("files").join(&name[..2]).join(&name);
        let sealed = std::fs::read(&path).unwrap();
        for wrong in [sealed[..sealed.len() - 1].to_vec(), [&sealed[..], b"x"].concat(), {
            let mut flipped = sealed.clone();
            flipped[size] ^= 1;
            flipped
        }] {
            std::fs::write(&path, wrong).unwrap();
            assert_eq!(refused(store.file(&digest).await), Code::AttachmentDamaged);
        }
        // Lost, and attached again: the same bytes as a copy in a backup.
        std::fs::remove_file(&path).unwrap();
        store.put_file(&bytes, "2026-11-25").await.unwrap();
        assert!(std::fs::read(&path).unwrap() == sealed);
    }
    let missing = store.put_file_from(&folder.path().join("nowhere"), "2026-11-25").await;
    assert_eq!(refused(missing), Code::AttachmentUnreadable);
}

#[tokio::test]
async fn a_file_sealed_whole_by_an_older_version_still_opens_and_travels() {
    let folder = TempDir::new().unwrap();
    let (store, code) = profile(folder.path()).await;
    let bytes: Vec<u8> = (0..5_000_000u32).map(|place| (place % 241) as u8).collect();
    let digest = store.put_file(&bytes, "2026-11-25").await.unwrap();
    let new = store.file_manifest(&digest).await.unwrap();
    let key: [u8; 32] = new.key.0.as_slice().try_into().unwrap();
    // As versions before chunks wrote it: a nonce, and the file sealed at once.
    let nonce = [7u8; 24];
    let sealed = sealing::seal(&key, nonce, &bytes, &digest.0).unwrap();
    let name = digest.hex();
    let path = folder.path().join("files").join(&name[..2]).join(&name);
    std::fs::write(&path, [nonce.as_slice(), &sealed].concat()).unwrap();
    store.close().await;
    let store = reopen(folder.path(), &code).await.unwrap().store;
    assert!(store.file(&digest).await.unwrap() == bytes);
    let old = store.file_manifest(&digest).await.unwrap();
    assert_eq!(old, new, "its chunks have the same names as ever");
    for index in 0..old.chunks.len() {
        store.file_chunk(&old, index).await.unwrap();
    }
    assert_eq!(store.verify().await.unwrap().faults, []);
}

#[tokio::test]
async fn nothing_personal_lies_in_the_clear() {
    let folder = TempDir::new().unwrap();
    let (store, _) = profile(folder.path()).await;
    store.commit(party("王小芳", "13812345678").1).await.unwrap();
    store.put_file("王小芳的病历 13812345678".as_bytes(), "2026-11-22").await.unwrap();
    let mut stack = vec![folder.path().to_path_buf()];
    let mut files = 0;
    while let Some(path) = stack.pop() {
        if path.is_dir() {
            stack.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        files += 1;
        let bytes = std::fs::read(&path).unwrap();
        for secret in ["王小芳", "13812345678", "SQLite format 3"] {
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "{secret} lies in {}", path.display());
        }
    }
    assert!(files >= 5, "only {files} files were looked at");
}

#[tokio::test]
async fn openings_that_must_fail_fail_and_delete_nothing() {
    let folder = TempDir::new().unwrap();
    let (store, code) = profile(folder.path()).await;
    assert_eq!(refused(reopen(folder.path(), &code).await), Code::StorageProfileBusy);
    store.close().await;

    let other = TempDir::new().unwrap();
    let (other_store, other_code) = profile(other.path()).await;
    other_store.close().await;
    assert_eq!(refused(reopen(folder.path(), &other_code).await), Code::StorageRecoveryCodeWrong);

    let database = folder.path().join("desk.db");
    let whole = std::fs::read(&database).unwrap();
    for (cut, why) in [(0, "an empty file"), (100, "a cut header"), (whole.len() / 2, "half a file")] {
        std::fs::write(&database, &whole[..cut]).unwrap();
        let code = refused(reopen(folder.path(), &code).await);
        assert_eq!(code, Code::StorageDatabaseDamaged, "{why}");
        assert_eq!(std::fs::metadata(&database).unwrap().len() as usize, cut, "{why} was changed");
    }
    std::fs::write(&database, &whole).unwrap();
    assert_eq!(reopen(folder.path(), &code).await.unwrap().warnings.len(), 1, "only the missing keyring");

    std::fs::remove_file(folder.path().join("profile.json")).unwrap();
    assert_eq!(refused(reopen(folder.path(), &code).await), Code::StorageDatabaseDamaged);
    let again = Store::create(Folder::new(folder.path()), "SH01", false).await;
    assert_eq!(refused(again.map(|created| created.store)), Code::StorageDatabaseDamaged);
    assert_eq!(std::fs::read(&database).unwrap().len(), whole.len());
}

#[tokio::test]
async fn a_damaged_recovery_slot_says_so() {
    let folder = TempDir::new().unwrap();
    let (store, code) = profile(folder.path()).await;
    store.close().await;
    std::fs::write(folder.path().join("recovery.slot"), b"{}").unwrap();
    assert_eq!(refused(reopen(folder.path(), &code).await), Code::StorageKeySlotDamaged);
}

#[tokio::test]
async fn a_profile_never_finished_counts_as_absent() {
    let folder = TempDir::new().unwrap();
    let created = Store::create(Folder::new(folder.path()), "SH01", false).await.unwrap();
    created.store.close().await;
    assert_eq!(Folder::new(folder.path()).state().unwrap(), store::FolderState::Absent);
    let (store, _) = profile(folder.path()).await;
    assert_eq!(Folder::new(folder.path()).state().unwrap(), store::FolderState::Present);
    drop(store);
}

#[tokio::test]
async fn numbers_are_never_given_twice() {
    let folder = TempDir::new().unwrap();
    let (store, code) = profile(folder.path()).await;
    let take = async |store: &Store| {
        store
            .commit_numbered("counter.26", |_, number| {
                let mut command = NewOperation::new(Uuid::nil(), Role::CounterClerk, "claim.register", at());
                command.set("claim", Uuid::now_v7(), "no", json!(number.to_string()));
                Ok((command, number))
            })
            .await
    };
    assert_eq!(take(&store).await.unwrap(), 1);
    assert_eq!(take(&store).await.unwrap(), 2);
    let refusal: Result<(), _> =
        store.commit_numbered("counter.26", |_, _| Err(Refusal::new(Code::ClaimPolicyMissing))).await;
    assert_eq!(refused(refusal), Code::ClaimPolicyMissing);
    store.close().await;
    let store = reopen(folder.path(), &code).await.unwrap().store;
    assert_eq!(take(&store).await.unwrap(), 3, "a refused registration uses no number");
}
