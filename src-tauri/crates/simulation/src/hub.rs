//! A hub in memory that decides by the real one's function; its tables are maps.

use std::collections::BTreeMap;

use anyhow::Context as _;
use domain::digest::{ByteString, Digest};
use domain::record::Records;
use ed25519_dalek::SigningKey;
use hub::decide::{Chain, Head, Held, Known, Slot, accept, decide, wanted};
use uuid::Uuid;
use wire::log::{Checkpoint, Tree, leaf, origin};
use wire::snapshot::Packer;
use wire::{
    Certificate, CertificateBody, DeviceHead, EnrolAnswer, EnrolRequest, Entry, HeadsAnswer, ORGANISATION,
    Page, Parked, PullAnswer, PullRequest, PushAnswer, PushRequest, Snapshot, WIRE_SCHEMA,
};

/// The branch of every simulated desk.
pub(crate) const BRANCH: &str = "SH01";

/// Bytes of a snapshot's chunk: several for what a run makes.
const SNAPSHOT_CHUNK: usize = 4_000;

/// What the hub has. A copy of it is a backup.
#[derive(Clone)]
pub(crate) struct Hub {
    key: SigningKey,
    pub(crate) epoch: Uuid,
    devices: BTreeMap<Uuid, (Certificate, Vec<u8>)>,
    chains: BTreeMap<(Uuid, u32), (Chain, Known)>,
    head: Head,
    pub(crate) records: Records,
    /// The stream: each entry with its maker.
    pub(crate) feed: Vec<(Entry, Uuid)>,
    applied: BTreeMap<Uuid, Uuid>,
    tree: Tree,
    /// What is kept for review: its maker, what it is, its bytes.
    pub(crate) parked: Vec<(Uuid, Parked)>,
    pub(crate) forks: usize,
    /// What new desks begin with, and its chunks. Not in a backup.
    snapshot: Option<(Snapshot, Vec<Vec<u8>>)>,
}

impl Hub {
    pub(crate) fn new(epoch: Uuid) -> Self {
        Hub {
            key: SigningKey::from_bytes(&[9; 32]),
            epoch,
            devices: BTreeMap::new(),
            chains: BTreeMap::new(),
            head: Head::default(),
            records: Records::new(),
            feed: Vec::new(),
            applied: BTreeMap::new(),
            tree: Tree::default(),
            parked: Vec::new(),
            forks: 0,
            snapshot: None,
        }
    }

    pub(crate) fn key(&self) -> ByteString {
        ByteString(self.key.verifying_key().to_bytes().to_vec())
    }

    pub(crate) fn knows(&self, device: Uuid) -> bool {
        self.devices.contains_key(&device)
    }

    pub(crate) fn head(&self) -> Head {
        self.head
    }

    pub(crate) fn enrol(&mut self, request: &EnrolRequest) -> anyhow::Result<EnrolAnswer> {
        let body = CertificateBody {
            device: request.device,
            public_key: request.public_key.clone(),
            stream: request.stream.clone(),
            device_code: request.device_code.clone(),
            issued_at: 1,
            role: None,
        };
        let certificate = Certificate::issue(&self.key, &body)?;
        self.devices.insert(request.device, (certificate.clone(), request.public_key.0.clone()));
        let branch_key = ByteString(vec![5; 32]);
        Ok(EnrolAnswer { schema: WIRE_SCHEMA, epoch: self.epoch, certificate, branch_key })
    }

    pub(crate) fn push(&mut self, request: PushRequest) -> anyhow::Result<PushAnswer> {
        let device = request.device;
        // As route/push.rs: a maker this hub forgot is taken by its certificate.
        if let (false, Some(certificate)) = (self.knows(device), &request.certificate) {
            let body = certificate.open(&self.key().0)?;
            self.devices.insert(device, (certificate.clone(), body.public_key.0));
        }
        let (_, public_key) = self.devices.get(&device).context("an enrolled device")?;
        let slot = Slot {
            device,
            incarnation: request.incarnation,
            stream: BRANCH.to_owned(),
            public_key: public_key.clone(),
            role: None,
        };
        let received = accept(&slot, request.from_seq, request.operations);
        let name = (device, slot.incarnation);
        let chain = self.chains.get(&name).map(|(chain, _)| *chain).unwrap_or_default();
        let wanted = wanted(&chain, &received);
        let held = Held {
            revoked: false,
            chain,
            head: self.head,
            highest: self
                .chains
                .keys()
                .filter(|(of, _)| *of == device)
                .map(|(_, n)| *n)
                .max()
                .unwrap_or_default(),
            known: wanted
                .known
                .and_then(|(from, to)| Some(self.chains.get(&name)?.1.range(from..=to)))
                .map(|known| known.map(|(seq, of)| (*seq, *of)).collect())
                .unwrap_or_default(),
            applied: wanted.ids.iter().filter_map(|id| Some((*id, *self.applied.get(id)?))).collect(),
            records: wanted
                .records
                .iter()
                .filter_map(|key| Some((key.clone(), self.records.get(key)?.clone())))
                .collect(),
        };
        let decision = decide(&slot, &held, &received).map_err(|_| anyhow::anyhow!("no CBOR"))?;
        self.forks += decision.counts.forks;
        if let Some(step) = decision.step {
            self.head = step.head;
            let (chain, known) = self.chains.entry(name).or_default();
            *chain = step.chain;
            for row in &decision.rows {
                known.insert(row.seq, (row.hash, row.parked));
            }
            let filled = step.records.into_iter().filter(|(_, record)| !record.fields.is_empty());
            self.records.extend(filled);
        }
        for row in decision.rows {
            let Some(at) = row.at else {
                let reason = row.parked.into_iter();
                self.parked.extend(reason.map(|reason| (device, Parked { seq: row.seq, reason })));
                continue;
            };
            let id = row.id.context("an id")?;
            self.applied.insert(id, device);
            self.tree.push(leaf(at, &row.hash, &row.verdict).map_err(|_| anyhow::anyhow!("no CBOR"))?);
            anyhow::ensure!(at == self.feed.len() as u64 + 1, "numbers are dense");
            let entry = Entry {
                at,
                id,
                hash: row.hash,
                verdict: row.verdict,
                received_at: 1,
                operation: Some(ByteString(row.body)),
            };
            self.feed.push((entry, device));
        }
        Ok(PushAnswer {
            schema: WIRE_SCHEMA,
            epoch: self.epoch,
            outcome: decision.outcome,
            expected: decision.expected,
            parked: decision.parked,
        })
    }

    pub(crate) fn pull(&self, device: Uuid, request: &PullRequest) -> PullAnswer {
        let pages =
            request.cursors.iter().filter(|(stream, _)| *stream != ORGANISATION).map(|(stream, cursor)| {
                let from = usize::try_from(*cursor).unwrap_or(usize::MAX);
                let limit = usize::try_from(request.limit).unwrap_or(usize::MAX);
                let entries = self.feed.iter().skip(from).take(limit).map(|(entry, of)| {
                    let mut entry = entry.clone();
                    if *of == device && !request.own {
                        entry.operation = None;
                    }
                    entry
                });
                Page {
                    stream: stream.clone(),
                    entries: entries.collect(),
                    head: self.head.seq,
                    digest: self.head.digest,
                    checkpoint: self.checkpoint(stream),
                }
            });
        let certificates = self.devices.values().map(|(certificate, _)| certificate.clone()).collect();
        PullAnswer { schema: WIRE_SCHEMA, epoch: self.epoch, pages: pages.collect(), certificates }
    }

    /// As hub/src/snapshot.rs.
    pub(crate) fn make_snapshot(&mut self) -> anyhow::Result<()> {
        if self.head.seq == 0 {
            return Ok(());
        }
        let said = self.checkpoint(BRANCH);
        let heads = self.heads().heads;
        let secret = self.key.to_bytes();
        let packer = Packer::new(BRANCH, (&self.tree, said), self.head.digest, heads, &secret);
        let mut packer = packer.in_chunks_of(SNAPSHOT_CHUNK);
        let mut chunks = Vec::new();
        for ((kind, id), record) in &self.records {
            chunks.extend(packer.add(kind, *id, record)?);
        }
        let (last, snapshot) = packer.finish()?;
        chunks.extend(last);
        self.snapshot = Some((snapshot, chunks));
        Ok(())
    }

    pub(crate) fn snapshot(&self) -> Option<Snapshot> {
        self.snapshot.as_ref().map(|(snapshot, _)| snapshot.clone())
    }

    /// A chunk by its name, if it is one of the newest snapshot.
    pub(crate) fn chunk(&self, name: &Digest) -> Option<Vec<u8>> {
        let (snapshot, chunks) = self.snapshot.as_ref()?;
        chunks.get(snapshot.chunks.iter().position(|chunk| chunk == name)?).cloned()
    }

    /// The hub as a backup of it brings it back.
    pub(crate) fn backup(&self) -> Hub {
        Hub { snapshot: None, ..self.clone() }
    }

    fn checkpoint(&self, stream: &str) -> String {
        let origin = origin(&self.key().0, stream);
        Checkpoint { origin, size: self.tree.size(), root: self.tree.root() }.sign(&self.key)
    }

    pub(crate) fn heads(&self) -> HeadsAnswer {
        let heads = self.chains.iter().map(|((device, incarnation), (chain, _))| DeviceHead {
            device: *device,
            incarnation: *incarnation,
            seq: chain.seq,
            hash: chain.hash,
        });
        HeadsAnswer { schema: WIRE_SCHEMA, epoch: self.epoch, heads: heads.collect(), devices: Vec::new() }
    }
}
