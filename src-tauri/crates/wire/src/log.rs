//! The Merkle log over a stream: what the hub signs is a root from which no entry can be taken, changed or moved without
//! every desk that kept an earlier one seeing it.
//!
//! Hashes are those of RFC 6962 (2.1), a checkpoint is a signed note of C2SP (tlog-checkpoint, signed-note). Proofs are
//! not needed: a desk reads every entry of its stream, so it grows the tree itself and compares roots.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::digest::{CborError, Digest, canonical_cbor};
use domain::settle::Verdict;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};

use crate::encoding::WireError;
use crate::message::Page;
use crate::page::fresh;

/// Signed notes of kind Ed25519.
const ED25519: u8 = 1;

/// The hash of an entry: its number, its operation's hash, what the hub decided.
///
/// # Errors
/// When it cannot be written as CBOR.
pub fn leaf(at: u64, operation: &Digest, verdict: &Verdict) -> Result<Digest, CborError> {
    let mut data = vec![0];
    data.extend(canonical_cbor(&(at, operation, verdict))?);
    Ok(Digest::of(&data))
}

fn node(left: &Digest, right: &Digest) -> Digest {
    Digest::of(&[&[1], left.0.as_slice(), right.0.as_slice()].concat())
}

/// A tree of which only the roots of its whole parts are kept: enough to grow it and to know its root.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tree {
    size: u64,
    /// The largest part first; one for each bit of the size.
    parts: Vec<Digest>,
}

impl Tree {
    /// How many entries it has.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds the next entry.
    pub fn push(&mut self, leaf: Digest) {
        let mut grown = leaf;
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.parts.pop() {
                grown = node(&left, &grown);
            }
        }
        self.parts.push(grown);
        self.size += 1;
    }

    /// The hash over all entries.
    pub fn root(&self) -> Digest {
        let mut parts = self.parts.iter().rev();
        let Some(last) = parts.next() else { return Digest::of(&[]) };
        parts.fold(*last, |right, left| node(left, &right))
    }

    /// As it is kept: the size, then the parts.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.size.to_be_bytes().to_vec();
        bytes.extend(self.parts.iter().flat_map(|part| part.0));
        bytes
    }

    /// Reads what [`Tree::to_bytes`] wrote; none for anything else.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (size, parts) = bytes.split_first_chunk()?;
        let size = u64::from_be_bytes(*size);
        let (parts, rest) = parts.as_chunks();
        let fits = rest.is_empty() && u32::try_from(parts.len()).ok()? == size.count_ones();
        fits.then(|| Tree { size, parts: parts.iter().map(|part| Digest(*part)).collect() })
    }
}

/// What a hub says a stream's log is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log: the hub by its key, and the stream.
    pub origin: String,
    /// Its entries.
    pub size: u64,
    /// [`Tree::root`].
    pub root: Digest,
}

/// The name of a stream's log.
pub fn origin(hub_key: &[u8], stream: &str) -> String {
    let hub = Digest::of(hub_key).hex();
    format!("claims-desk/{}/{stream}", hub.get(..16).unwrap_or_default())
}

impl Checkpoint {
    fn body(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, STANDARD.encode(self.root.0))
    }

    /// The signed note.
    pub fn sign(&self, key: &SigningKey) -> String {
        let body = self.body();
        let mut signature = key_id(&self.origin, &key.verifying_key().to_bytes()).to_vec();
        signature.extend(key.sign(body.as_bytes()).to_bytes());
        format!("{body}\n\u{2014} {} {}\n", self.origin, STANDARD.encode(signature))
    }

    /// Reads a note that `hub_key` signed. Other signatures beside are passed over.
    ///
    /// # Errors
    /// [`WireError::Malformed`], and [`WireError::Unsigned`] when the hub's signature is not there or does not hold.
    pub fn open(note: &str, hub_key: &[u8]) -> Result<Self, WireError> {
        let malformed = || WireError::Malformed;
        let (text, signatures) = note.split_once("\n\n").ok_or_else(malformed)?;
        let mut lines = text.lines();
        let mut line = || lines.next().ok_or_else(malformed);
        let (origin, size, root) = (line()?, line()?, line()?);
        let root = STANDARD.decode(root).ok().and_then(|root| root.try_into().ok()).ok_or_else(malformed)?;
        let size = size.parse().map_err(|_| malformed())?;
        let checkpoint = Checkpoint { origin: origin.to_owned(), size, root: Digest(root) };
        let key: VerifyingKey = hub_key
            .try_into()
            .ok()
            .and_then(|bytes| VerifyingKey::from_bytes(bytes).ok())
            .ok_or(WireError::Unsigned)?;
        let id = key_id(origin, &key.to_bytes());
        let body = format!("{text}\n");
        let holds = signatures.lines().any(|line| {
            let signature = line.strip_prefix("\u{2014} ").and_then(|line| line.strip_prefix(origin));
            let signature = signature.and_then(|signature| STANDARD.decode(signature.trim_start()).ok());
            signature.as_deref().and_then(|bytes| bytes.strip_prefix(id.as_slice())).is_some_and(|bytes| {
                Signature::from_slice(bytes)
                    .is_ok_and(|signature| key.verify_strict(body.as_bytes(), &signature).is_ok())
            })
        });
        if holds { Ok(checkpoint) } else { Err(WireError::Unsigned) }
    }
}

/// Why a desk does not go on with a hub's log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unmet {
    /// The hub signs another log than the one that was followed.
    Rewritten,
    /// Its word is not there or not its own.
    Unsigned,
    /// An entry cannot be written as CBOR.
    Encoding,
}

/// Grows the log that a desk follows, up to `cursor` until now, by a page; where that ends at the stream's head, the hub
/// must have signed the same.
///
/// # Errors
/// See [`Unmet`]; the tree is no more of use then.
pub fn follow(tree: &mut Tree, page: &Page, cursor: u64, hub_key: &[u8]) -> Result<(), Unmet> {
    // A profile that is older than logs has none up to its cursor, and follows anew.
    if tree.size() != cursor {
        return Err(Unmet::Rewritten);
    }
    for entry in fresh(page, cursor) {
        tree.push(leaf(entry.at, &entry.hash, &entry.verdict).map_err(|_| Unmet::Encoding)?);
    }
    if tree.size() != page.head {
        return Ok(());
    }
    let said = Checkpoint::open(&page.checkpoint, hub_key).map_err(|_| Unmet::Unsigned)?;
    if said.origin != origin(hub_key, &page.stream) {
        return Err(Unmet::Unsigned);
    }
    let same = (said.size, said.root) == (tree.size(), tree.root());
    if same { Ok(()) } else { Err(Unmet::Rewritten) }
}

/// The first four bytes by which a note's signature names its key.
fn key_id(name: &str, key: &[u8; 32]) -> [u8; 4] {
    let told = [name.as_bytes(), b"\n", &[ED25519], key].concat();
    let [a, b, c, d, ..] = Digest::of(&told).0;
    [a, b, c, d]
}

#[cfg(test)]
mod tests {
    use domain::digest::unhex;

    use super::*;

    /// The definition of RFC 6962, 2.1: split at the largest power of two below the size.
    fn defined(leaves: &[Digest]) -> Digest {
        match leaves {
            [] => Digest::of(&[]),
            [leaf] => *leaf,
            _ => {
                let half = leaves.len().next_power_of_two() / 2;
                node(&defined(&leaves[..half]), &defined(&leaves[half..]))
            }
        }
    }

    fn plain(data: &[u8]) -> Digest {
        Digest::of(&[&[0], data].concat())
    }

    #[test]
    fn roots_are_those_of_certificate_transparency() {
        // The test vectors of the reference implementation (google/certificate-transparency, merkle_tree_test).
        let inputs = [
            "",
            "00",
            "10",
            "2021",
            "3031",
            "40414243",
            "5051525354555657",
            "606162636465666768696a6b6c6d6e6f",
        ];
        let roots = [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ];
        let mut tree = Tree::default();
        assert_eq!(tree.root(), Digest::of(&[]));
        for (input, root) in inputs.into_iter().zip(roots) {
            tree.push(plain(&unhex(input).unwrap()));
            assert_eq!(tree.root().hex(), root, "after {input}");
        }
    }

    #[test]
    fn a_tree_grown_and_kept_has_the_defined_root_at_every_size() {
        let leaves: Vec<Digest> = (0..200u64).map(|at| plain(&at.to_be_bytes())).collect();
        let mut tree = Tree::default();
        for (index, leaf) in leaves.iter().enumerate() {
            assert_eq!(tree.root(), defined(&leaves[..index]), "{index}");
            tree = Tree::from_bytes(&tree.to_bytes()).unwrap();
            tree.push(*leaf);
        }
        let bytes = tree.to_bytes();
        assert_eq!(Tree::from_bytes(&bytes[..bytes.len() - 32]), None, "a part is missing");
        assert_eq!(Tree::from_bytes(&bytes[..7]), None);
    }

    #[test]
    fn another_number_verdict_or_operation_is_another_leaf() {
        let (one, other) = (Digest([1; 32]), Digest([2; 32]));
        let contested = Verdict { contested: vec![0], overrode: vec![] };
        let leaves = [
            leaf(1, &one, &Verdict::default()),
            leaf(2, &one, &Verdict::default()),
            leaf(1, &other, &Verdict::default()),
            leaf(1, &one, &contested),
        ]
        .map(Result::unwrap);
        for (index, leaf) in leaves.iter().enumerate() {
            assert!(!leaves[..index].contains(leaf));
        }
    }

    #[test]
    fn a_note_opens_with_its_key_and_unchanged() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let public = key.verifying_key().to_bytes();
        let said = Checkpoint { origin: origin(&public, "SH01"), size: 3, root: Digest([9; 32]) };
        let note = said.sign(&key);
        assert_eq!(note.lines().count(), 5, "{note}");
        assert_eq!(Checkpoint::open(&note, &public), Ok(said));
        let with_witness = format!("{note}\u{2014} witness.example {}\n", STANDARD.encode([0; 68]));
        assert!(Checkpoint::open(&with_witness, &public).is_ok(), "a witness may sign beside");
        let other = SigningKey::from_bytes(&[8; 32]).verifying_key().to_bytes();
        assert_eq!(Checkpoint::open(&note, &other), Err(WireError::Unsigned));
        assert_eq!(Checkpoint::open(&note.replacen("\n3\n", "\n4\n", 1), &public), Err(WireError::Unsigned));
        for cut in 0..note.len() - 1 {
            if let Some(half) = note.get(..cut) {
                assert!(Checkpoint::open(half, &public).is_err(), "{cut}");
            }
        }
    }
}
