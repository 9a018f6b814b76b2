//! A backup while working, and a profile from it.

use domain::Code;
use domain::role::Role;
use store::{Folder, NewOperation, RecoveryCode, Store, StoreError, Unlock};
use uuid::Uuid;

fn note(claim: Uuid, text: &str) -> NewOperation {
    let at = chrono::DateTime::parse_from_rfc3339("2026-11-23T09:00:00+08:00").unwrap_or_default();
    let mut command = NewOperation::new(Uuid::nil(), Role::CounterClerk, "test.note", at);
    command.set("event", claim, "text", text);
    command
}

fn code(error: StoreError) -> Code {
    domain::Refusal::from(error).code
}

#[tokio::test]
async fn a_profile_comes_back_from_its_backup_with_its_files() {
    let folder = tempfile::tempdir().unwrap();
    let (profile, backups) = (folder.path().join("profile"), folder.path().join("backups"));
    let created = Store::create(Folder::new(&profile), "SH01", false).await.unwrap();
    let code = created.recovery.text();
    let store = created.store;
    let (first, second) = (Uuid::now_v7(), Uuid::now_v7());
    store.commit(note(first, "张三的陈述")).await.unwrap();
    store.finish_creation().unwrap();
    let file = store.put_file(b"a scan of a licence", "2026-11-23T09:00:00+08:00").await.unwrap();

    let report = store.backup(&backups, "20261123-090000").await.unwrap();
    assert_eq!((report.files, report.snapshot.as_str()), (1, "desk-20261123-090000.db"));
    store.commit(note(second, "after the backup")).await.unwrap();
    let again = store.backup(&backups, "20261123-100000").await.unwrap();
    assert_eq!(again.files, 0, "a file that is there is not copied again");
    store.close().await;

    for bytes in [report.snapshot, again.snapshot].map(|name| std::fs::read(again.folder.join(name)).unwrap())
    {
        assert!(!bytes.starts_with(b"SQLite format 3"), "the copy is as encrypted as the database");
        assert!(!bytes.windows("张三".len()).any(|window| window == "张三".as_bytes()));
    }

    let recovery = RecoveryCode::parse(&code).unwrap();
    let restored = Folder::new(folder.path().join("restored"));
    assert_eq!(restored.restore(&backups, None, &recovery).unwrap(), "desk-20261123-100000.db");
    let unlock = || Unlock::Recovery(RecoveryCode::parse(&code).unwrap());
    let store = Store::open(restored, unlock()).await.unwrap().store;
    let text = |record: Option<domain::record::Record>| record.map(|record| record.text("text").to_owned());
    assert_eq!(text(store.record("event", first).await.unwrap()).as_deref(), Some("张三的陈述"));
    assert_eq!(text(store.record("event", second).await.unwrap()).as_deref(), Some("after the backup"));
    assert_eq!(store.file(&file).await.unwrap(), b"a scan of a licence");
    assert_eq!(store.verify().await.unwrap().faults, []);
    store.close().await;

    let earlier = Folder::new(folder.path().join("earlier"));
    earlier.restore(&backups, Some("desk-20261123-090000.db"), &recovery).unwrap();
    let store = Store::open(earlier, unlock()).await.unwrap().store;
    assert!(store.record("event", first).await.unwrap().is_some());
    assert!(store.record("event", second).await.unwrap().is_none(), "it is the state of nine o'clock");
}

#[tokio::test]
async fn what_is_no_backup_or_no_place_for_one_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let profile = folder.path().join("profile");
    let created = Store::create(Folder::new(&profile), "SH01", false).await.unwrap();
    let (store, recovery) = (created.store, created.recovery);
    store.commit(note(Uuid::now_v7(), "x")).await.unwrap();
    store.finish_creation().unwrap();
    let inside = store.backup(&profile.join("backups"), "20261123-090000").await;
    assert_eq!(inside.map_err(code), Err(Code::StorageBackupInside));

    let empty = folder.path().join("empty");
    std::fs::create_dir(&empty).unwrap();
    let target = Folder::new(folder.path().join("target"));
    assert_eq!(target.restore(&empty, None, &recovery).map_err(code), Err(Code::StorageBackupNone));

    let backups = folder.path().join("backups");
    for hour in 10..20 {
        store.backup(&backups, &format!("20261123-{hour}0000")).await.unwrap();
    }
    let report = store.backup(&backups, "20261124-090000").await.unwrap();
    let kept = std::fs::read_dir(&report.folder).unwrap().flatten();
    let kept = kept.filter(|entry| entry.file_name().to_string_lossy().starts_with("desk-")).count();
    assert_eq!(kept, 7, "a week of daily copies");
    let missing = target.restore(&backups, Some("desk-20261123-100000.db"), &recovery);
    assert_eq!(missing.map_err(code), Err(Code::StorageBackupNone), "the oldest are gone");
    let other =
        Store::create(Folder::new(folder.path().join("other")), "SH02", false).await.unwrap().recovery;
    let wrong = Folder::new(folder.path().join("wrong"));
    assert_eq!(wrong.restore(&backups, None, &other).map_err(code), Err(Code::StorageRecoveryCodeWrong));
    assert!(!wrong.path().join("desk.db").exists(), "nothing is made that nobody can open");
    store.close().await;
    assert_eq!(
        Folder::new(&profile).restore(&backups, None, &recovery).map_err(code),
        Err(Code::StorageProfileExists),
        "a profile is never written over"
    );
}
