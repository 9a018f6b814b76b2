//! Issue 3, proof 6: one bit is flipped in a file of a profile that was killed. Opening and looking through it must tell
//! of it, or everything that was committed must be there. 50 flips of each file; all of them: `CLAIMS_FLIPS=1000`.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "the functions around the tests may fail like tests"
)]

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use chrono::{DateTime, FixedOffset};
use domain::digest::Digest;
use domain::role::Role;
use fastrand::Rng;
use store::{Folder, NewOperation, RootKey, Store, StoreError, Unlock};
use tempfile::TempDir;
use uuid::Uuid;

const AT: &str = "2026-11-22T09:30:00+08:00";

fn at() -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339(AT).expect("a moment")
}

fn flips() -> usize {
    std::env::var("CLAIMS_FLIPS").ok().and_then(|number| number.parse().ok()).unwrap_or(50)
}

/// A profile as a kill leaves it.
struct Killed {
    files: BTreeMap<PathBuf, Vec<u8>>,
    key: RootKey,
    parties: Vec<Uuid>,
    attachment: Digest,
    /// Keeps the inode numbers' folder; the store knows where it lay.
    folder: TempDir,
}

fn party(number: usize) -> (Uuid, NewOperation) {
    let id = Uuid::now_v7();
    let mut command = NewOperation::new(Uuid::from_u128(9), Role::CounterClerk, "party.create", at());
    command.set("party", id, "kind", "person");
    command.set("party", id, "name", format!("王小芳{number}"));
    command.set("party", id, "mobile", format!("138{number:08}"));
    (id, command)
}

/// `checkpointed`: the log had been brought into the database, and is still there.
async fn killed(checkpointed: bool) -> Killed {
    let folder = TempDir::new().expect("a folder");
    let created = Store::create(Folder::new(folder.path()), "SH01", false).await.expect("a profile");
    let (store, key) = (created.store, created.key);
    let mut first = NewOperation::new(Uuid::now_v7(), Role::Administrator, "profile.create", at());
    first.set("device", store.device_id(), "public_key", store.device_identity().await.0);
    store.commit(first).await.expect("the first operation");
    store.finish_creation().expect("the card");
    // What was there before the log began.
    let mut parties = Vec::new();
    for number in 0..20 {
        let (id, command) = party(number);
        store.commit(command).await.expect("a commit");
        parties.push(id);
    }
    store.close().await;
    let store = open(folder.path(), &key).await.expect("the profile opens").store;
    for number in 20..60 {
        let (id, command) = party(number);
        store.commit(command).await.expect("a commit");
        parties.push(id);
    }
    let attachment = store.put_file(&vec![7; 100_000], AT).await.expect("a file");
    if checkpointed {
        store.pause().await;
    }
    let files = read_all(folder.path());
    store.close().await;
    Killed { files, key, parties, attachment, folder }
}

async fn open(folder: &Path, key: &RootKey) -> Result<store::Opened, StoreError> {
    Store::open(Folder::new(folder), Unlock::Key(key.clone())).await
}

fn read_all(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            files.extend(read_all(&path));
        } else {
            files.insert(path.clone(), std::fs::read(&path).expect("a file"));
        }
    }
    files
}

/// What looking through a profile says.
#[derive(Debug, PartialEq, Eq)]
enum Seen {
    Told,
    Whole,
}

impl Killed {
    /// Puts everything back as it was at the kill, but for one bit of one file.
    fn flip(&self, name: &str, rng: &mut Rng) {
        std::fs::remove_dir_all(self.folder.path()).expect("the folder goes");
        for (path, bytes) in &self.files {
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            let mut bytes = bytes.clone();
            let chosen = path.strip_prefix(self.folder.path()).is_ok_and(|path| path.starts_with(name));
            if chosen {
                let place = rng.usize(0..bytes.len());
                let byte = bytes.get_mut(place).expect("a byte");
                *byte ^= 1 << rng.u8(0..8);
            }
            // The index of the log is memory that a kill of the machine loses.
            if !path.ends_with("desk.db-shm") {
                std::fs::write(path, bytes).expect("a file");
            }
        }
    }

    /// Opens, reads everything, and backs up: what a day at the counter does.
    async fn look(&self) -> Result<Seen, StoreError> {
        let opened = open(self.folder.path(), &self.key).await?;
        let seen = self.look_through(&opened.store).await;
        opened.store.close().await;
        seen
    }

    async fn look_through(&self, store: &Store) -> Result<Seen, StoreError> {
        let verified = store.verify().await?;
        let backups = TempDir::new()?;
        store.backup(backups.path(), "20261122-093000").await?;
        if !verified.faults.is_empty() {
            return Ok(Seen::Told);
        }
        let there = store.records_of("party", &self.parties).await?;
        assert_eq!(there.len(), self.parties.len(), "something is lost and nobody tells");
        store.file_reader(&self.attachment).await?.read_to_end(&mut Vec::new())?;
        Ok(Seen::Whole)
    }

    async fn told_or_whole(&self, name: &str) -> usize {
        let seed = fastrand::u64(..);
        let mut rng = Rng::with_seed(seed);
        let mut told = 0;
        for number in 0..flips() {
            self.flip(name, &mut rng);
            match self.look().await {
                Err(error) => {
                    println!("{error}");
                    told += 1;
                }
                Ok(Seen::Told) => told += 1,
                Ok(Seen::Whole) => {}
            }
            // What a failed opening left is no worse than before.
            assert!(self.folder.path().join("desk.db").exists(), "{name} {seed} {number}");
        }
        println!(
            "{name}: {} flips from seed {seed}, {told} told, the others made whole or harmless",
            flips()
        );
        told
    }
}

#[tokio::test]
async fn a_bit_of_the_database() {
    let killed = killed(true).await;
    assert!(killed.told_or_whole("desk.db").await > 0);
}

#[tokio::test]
async fn a_bit_of_the_write_ahead_log() {
    killed(false).await.told_or_whole("desk.db-wal").await;
}

/// A bit flipped in a log that is in the database already would bring older pages back over newer ones.
#[tokio::test]
async fn a_write_ahead_log_that_was_brought_in_is_empty() {
    let killed = killed(true).await;
    assert_eq!(killed.files.get(&killed.folder.path().join("desk.db-wal")), Some(&Vec::new()));
}

#[tokio::test]
async fn a_bit_of_the_outbox() {
    killed(false).await.told_or_whole("outbox.log").await;
}

#[tokio::test]
async fn a_bit_of_an_attachment() {
    let told = killed(false).await.told_or_whole("files").await;
    assert_eq!(told, flips(), "nobody would notice by looking at the rest");
}

/// The outbox was damaged, later the database's log: each alone can be mended from the other, if it is mended at once.
#[tokio::test]
async fn a_damaged_outbox_is_written_again() {
    let killed = killed(false).await;
    let mut rng = Rng::with_seed(7);
    for _ in 0..flips().min(100) {
        killed.flip("outbox.log", &mut rng);
        let opened = open(killed.folder.path(), &killed.key).await.expect("the profile opens");
        opened.store.close().await;
        let outbox = std::fs::read(killed.folder.path().join("outbox.log")).expect("the outbox");
        killed.flip("nothing", &mut rng);
        std::fs::remove_file(killed.folder.path().join("desk.db-wal")).expect("the log goes");
        std::fs::write(killed.folder.path().join("outbox.log"), outbox).expect("the outbox");
        assert_eq!(killed.look().await.expect("it opens"), Seen::Whole);
    }
}
