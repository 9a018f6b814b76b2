//! A hub in memory and desks that sync with it, for the store's own tests.
#![expect(clippy::expect_used, reason = "the helpers may fail like tests")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use chrono::{DateTime, FixedOffset};
use domain::digest::{ByteString, Digest};
use domain::operation::Operation;
use domain::record::Records;
use domain::role::Role;
use domain::settle::{StateDigest, judge, settle};
use ed25519_dalek::SigningKey;
use store::{Acknowledged, Applied, Folder, NewOperation, RecoveryCode, Store, Unlock};
use tempfile::TempDir;
use uuid::Uuid;
use wire::log::{Checkpoint, Tree, leaf, origin};
use wire::{
    Certificate, CertificateBody, DeviceHead, EnrolAnswer, EnrolRequest, Entry, HeadsAnswer, Page,
    PullAnswer, PullRequest, PushAnswer, PushOutcome, PushRequest, WIRE_SCHEMA,
};

pub(crate) const AT: &str = "2026-11-24T09:00:00+08:00";

pub(crate) fn at() -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339(AT).expect("a moment")
}

/// A hub as the wire describes it: judges with the same functions, keeps chains, answers after all is kept.
#[derive(Clone)]
pub(crate) struct Hub {
    key: SigningKey,
    epoch: Uuid,
    certificates: BTreeMap<Uuid, Certificate>,
    /// By (device, incarnation): the hashes from number 1 on.
    chains: BTreeMap<(Uuid, u32), Vec<Digest>>,
    known: BTreeSet<Uuid>,
    /// The stream: each entry with its maker.
    pub(crate) feed: Vec<(Entry, Uuid)>,
    records: Records,
    digest: StateDigest,
    pub(crate) forked: usize,
}

impl Hub {
    pub(crate) fn new() -> Self {
        Hub {
            key: SigningKey::from_bytes(&[9; 32]),
            epoch: Uuid::now_v7(),
            certificates: BTreeMap::new(),
            chains: BTreeMap::new(),
            known: BTreeSet::new(),
            feed: Vec::new(),
            records: Records::new(),
            digest: StateDigest::default(),
            forked: 0,
        }
    }

    /// One that knows nothing of the first.
    pub(crate) fn another() -> Self {
        Hub { key: SigningKey::from_bytes(&[8; 32]), ..Hub::new() }
    }

    pub(crate) fn key(&self) -> ByteString {
        ByteString(self.key.verifying_key().to_bytes().to_vec())
    }

    pub(crate) fn enrol(&mut self, request: &EnrolRequest) -> EnrolAnswer {
        let body = CertificateBody {
            device: request.device,
            public_key: request.public_key.clone(),
            stream: request.stream.clone(),
            device_code: request.device_code.clone(),
            issued_at: 1,
            role: None,
        };
        let certificate = Certificate::issue(&self.key, &body).expect("a certificate");
        self.certificates.insert(request.device, certificate.clone());
        EnrolAnswer {
            schema: WIRE_SCHEMA,
            epoch: self.epoch,
            certificate,
            branch_key: ByteString(vec![5; 32]),
        }
    }

    fn answer(&self, outcome: PushOutcome, expected: u64) -> PushAnswer {
        PushAnswer { schema: WIRE_SCHEMA, epoch: self.epoch, outcome, expected, parked: Vec::new() }
    }

    pub(crate) fn push(&mut self, request: &PushRequest) -> PushAnswer {
        let chain = (request.device, request.incarnation);
        let known = self.chains.entry(chain).or_default().clone();
        let next = known.len() as u64 + 1;
        if request.from_seq > next {
            return self.answer(PushOutcome::Gap, next);
        }
        let operations: Vec<Operation> = request
            .operations
            .iter()
            .map(|bytes| Operation::from_cbor(&bytes.0).expect("an operation"))
            .collect();
        let differs = |operation: &Operation| {
            known
                .get(usize::try_from(operation.seq - 1).expect("a number"))
                .is_some_and(|hash| *hash != operation.hash)
        };
        if operations.iter().any(differs) {
            self.forked += 1;
            let last =
                self.chains.keys().filter(|(device, _)| *device == request.device).map(|(_, n)| *n).max();
            let incarnation = last.unwrap_or_default() + 1;
            return self.answer(PushOutcome::Fork { incarnation }, next);
        }
        for (operation, bytes) in operations.iter().zip(&request.operations) {
            if operation.seq < next {
                continue;
            }
            let chain = self.chains.entry(chain).or_default();
            assert_eq!(operation.prev_hash, chain.last().copied().unwrap_or_default(), "the chain holds");
            chain.push(operation.hash);
            // Signed again by a clone: it is in the feed already.
            if !self.known.insert(operation.id) {
                continue;
            }
            let before = self.records.clone();
            let verdict = judge(&self.records, operation);
            settle(&mut self.records, operation, &verdict);
            self.digest.follow(&before, &self.records).expect("a digest");
            let entry = Entry {
                at: self.feed.len() as u64 + 1,
                id: operation.id,
                hash: operation.hash,
                verdict,
                received_at: 1,
                operation: Some(bytes.clone()),
            };
            self.feed.push((entry, operation.device));
        }
        let expected = self.chains.get(&chain).map_or(1, |chain| chain.len() as u64 + 1);
        self.answer(PushOutcome::Taken, expected)
    }

    pub(crate) fn pull(&self, device: Uuid, request: &PullRequest) -> PullAnswer {
        let pages = request
            .cursors
            .iter()
            .filter(|(stream, _)| !stream.starts_with('@'))
            .map(|(stream, cursor)| Page {
                stream: stream.clone(),
                entries: self
                    .feed
                    .iter()
                    .skip(usize::try_from(*cursor).expect("a cursor"))
                    .take(usize::try_from(request.limit).expect("a limit"))
                    .map(|(entry, of)| {
                        let mut entry = entry.clone();
                        if *of == device && !request.own {
                            entry.operation = None;
                        }
                        entry
                    })
                    .collect(),
                head: self.feed.len() as u64,
                digest: self.digest,
                checkpoint: self.checkpoint(stream),
            })
            .collect();
        let certificates = self.certificates.values().cloned().collect();
        PullAnswer { schema: WIRE_SCHEMA, epoch: self.epoch, pages, certificates }
    }

    fn checkpoint(&self, stream: &str) -> String {
        let mut tree = Tree::default();
        for (entry, _) in &self.feed {
            tree.push(leaf(entry.at, &entry.hash, &entry.verdict).expect("a leaf"));
        }
        let origin = origin(&self.key().0, stream);
        Checkpoint { origin, size: tree.size(), root: tree.root() }.sign(&self.key)
    }

    pub(crate) fn heads(&self) -> HeadsAnswer {
        let heads = self
            .chains
            .iter()
            .map(|((device, incarnation), chain)| DeviceHead {
                device: *device,
                incarnation: *incarnation,
                seq: chain.len() as u64,
                hash: chain.last().copied(),
            })
            .collect();
        HeadsAnswer { schema: WIRE_SCHEMA, epoch: self.epoch, heads, devices: Vec::new() }
    }

    /// As after a restoration from an old copy.
    pub(crate) fn restored(mut self) -> Self {
        self.epoch = Uuid::now_v7();
        self
    }

    pub(crate) fn feed_ids(&self) -> BTreeSet<Uuid> {
        self.feed.iter().map(|(entry, _)| entry.id).collect()
    }

    pub(crate) fn len(&self) -> usize {
        self.feed.len()
    }

    pub(crate) fn digest(&self) -> StateDigest {
        self.digest
    }
}

/// A new profile of the branch.
pub(crate) async fn desk(folder: &Path) -> (Store, RecoveryCode) {
    let created = Store::create(Folder::new(folder), "SH01", false).await.expect("a new profile");
    let store = created.store;
    let mut first = NewOperation::new(Uuid::now_v7(), Role::Administrator, "profile.create", at());
    let device = store.device_id();
    first.set("device", device, "public_key", store.device_identity().await.0);
    first.set("device", device, "incarnation", 1);
    first.set("device", device, "code", "A7K2");
    store.commit(first).await.expect("the first operation");
    store.finish_creation().expect("the card");
    (store, created.recovery)
}

pub(crate) async fn open(folder: &Path, code: &RecoveryCode) -> Store {
    Store::open(Folder::new(folder), Unlock::Recovery(code.clone())).await.expect("the profile opens").store
}

pub(crate) async fn enrol(hub: &mut Hub, store: &Store) {
    let answer = hub.enrol(&store.enrol_request("code").await.expect("a request"));
    store.enrolled("http://hub", &hub.key(), &answer, AT).await.expect("enrolled");
}

/// Two new desks of one branch, joined to one hub, and their folders.
pub(crate) async fn two_desks() -> ([TempDir; 2], Hub, Store, Store) {
    let folders = [(); 2].map(|()| TempDir::new().expect("a folder"));
    let [(one, _), (two, _)] = [desk(folders[0].path()).await, desk(folders[1].path()).await];
    let mut hub = Hub::new();
    enrol(&mut hub, &one).await;
    enrol(&mut hub, &two).await;
    (folders, hub, one, two)
}

/// One push, if there is something to push.
pub(crate) async fn push_once(hub: &mut Hub, store: &Store) -> Option<Acknowledged> {
    let request = store.next_push(100_000, &BTreeSet::new()).await.expect("a batch")?;
    let answer = hub.push(&request);
    Some(store.acknowledged(&request, &answer, AT).await.expect("taken"))
}

pub(crate) async fn pull_once(hub: &Hub, store: &Store, limit: u32, own: bool) -> Applied {
    let request = store.pull_request(limit, own).await.expect("a request");
    let answer = hub.pull(store.device_id(), &request);
    let mut applied = Applied::Head;
    for page in &answer.pages {
        applied = store.apply_page(page, &answer.certificates, AT).await.expect("the page holds");
    }
    applied
}

/// Everything a round does, as the engine orders it.
pub(crate) async fn round(hub: &mut Hub, store: &Store) {
    let mut own = false;
    let known = store.hub().await.expect("facts").expect("enrolled").epoch;
    let mut recovering = known != hub.epoch;
    if recovering {
        store.refill(&hub.heads()).await.expect("refilled");
    }
    for _ in 0..1000 {
        match push_once(hub, store).await {
            Some(Acknowledged::Taken) => continue,
            Some(Acknowledged::Fork(next)) => {
                store.new_incarnation(Some(next), "F0RK", at()).await.expect("a new incarnation");
                continue;
            }
            Some(Acknowledged::Behind) => {
                recovering = true;
                store.refill(&hub.heads()).await.expect("refilled");
                continue;
            }
            None if recovering => {
                recovering = false;
                store.set_epoch(hub.epoch).await.expect("the epoch");
                store.restart_stream(AT).await.expect("a restart");
                own = true;
            }
            None => {}
        }
        match pull_once(hub, store, 3, own).await {
            Applied::More => {}
            Applied::Head => {
                if store.sync_facts().await.expect("facts").unsent == 0 {
                    return;
                }
            }
            Applied::NeedOwn => own = true,
            Applied::Fork(next) => {
                store.new_incarnation(Some(next), "F0RK", at()).await.expect("a new incarnation");
            }
            Applied::Behind => {
                recovering = true;
                store.refill(&hub.heads()).await.expect("refilled");
            }
            Applied::Diverged | Applied::Rewritten => {
                store.restart_stream(AT).await.expect("a restart");
                own = true;
            }
        }
    }
    unreachable!("the desk does not come to rest: {:?}", store.sync_facts().await);
}
