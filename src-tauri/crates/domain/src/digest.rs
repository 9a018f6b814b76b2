//! SHA-256 digests, canonical CBOR, and salted commitments.

use ciborium::Value as Cbor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};

/// A SHA-256 digest: hexadecimal in JSON, 32 bytes in CBOR.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// The digest of some bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Digest(Sha256::digest(bytes).into())
    }

    /// Sixty-four lower-case hexadecimal digits.
    pub fn hex(&self) -> String {
        hex(&self.0)
    }
}

/// Lower-case hexadecimal, by hand: ids and hashes go through here by the thousand in each batch, and formatting is slow.
pub fn hex(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from(if half < 10 { b'0' + half } else { b'a' + half - 10 });
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(digit(byte >> 4));
        text.push(digit(byte & 15));
    }
    text
}

/// The bytes of lower- or upper-case hexadecimal; `None` when it is not that.
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) {
        return None;
    }
    let digits = text.chars().map(|digit| digit.to_digit(16)).collect::<Option<Vec<u32>>>()?;
    digits
        .chunks_exact(2)
        .map(|pair| match pair {
            [high, low] => u8::try_from(high * 16 + low).ok(),
            _ => None,
        })
        .collect()
}

impl std::fmt::Debug for Digest {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.hex())
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.serialize_str(&self.hex())
        } else {
            serializer.serialize_bytes(&self.0)
        }
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let bytes = if deserializer.is_human_readable() {
            unhex(&String::deserialize(deserializer)?)
                .ok_or_else(|| serde::de::Error::custom("64 hexadecimal digits are wanted"))?
        } else {
            ByteString::deserialize(deserializer)?.0
        };
        let bytes = bytes.try_into().map_err(|_| serde::de::Error::custom("32 bytes are wanted"))?;
        Ok(Digest(bytes))
    }
}

/// Bytes that are a byte string in CBOR and hexadecimal in JSON.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct ByteString(pub Vec<u8>);

impl std::fmt::Debug for ByteString {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&hex(&self.0))
    }
}

impl Serialize for ByteString {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.serialize_str(&hex(&self.0))
        } else {
            serializer.serialize_bytes(&self.0)
        }
    }
}

impl<'de> Deserialize<'de> for ByteString {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bytes;
        impl serde::de::Visitor<'_> for Bytes {
            type Value = Vec<u8>;
            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("a byte string")
            }
            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
                Ok(bytes.to_vec())
            }
            fn visit_byte_buf<E>(self, bytes: Vec<u8>) -> Result<Vec<u8>, E> {
                Ok(bytes)
            }
        }
        if deserializer.is_human_readable() {
            unhex(&String::deserialize(deserializer)?)
                .map(ByteString)
                .ok_or_else(|| serde::de::Error::custom("hexadecimal digits are wanted"))
        } else {
            deserializer.deserialize_byte_buf(Bytes).map(ByteString)
        }
    }
}

/// What cannot be written as CBOR: nothing the desk makes, but a caller's type might.
#[derive(Debug, thiserror::Error)]
#[error("the value cannot be written as CBOR")]
pub struct CborError;

/// Deterministic CBOR (RFC 8949, 4.2.1): shortest forms, map keys sorted by their encoded bytes.
///
/// # Errors
/// When the value's type cannot be serialised.
pub fn canonical_cbor(value: &impl Serialize) -> Result<Vec<u8>, CborError> {
    let mut value = Cbor::serialized(value).map_err(|_| CborError)?;
    sort(&mut value)?;
    encode(&value)
}

fn encode(value: &Cbor) -> Result<Vec<u8>, CborError> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).map_err(|_| CborError)?;
    Ok(bytes)
}

fn sort(value: &mut Cbor) -> Result<(), CborError> {
    match value {
        Cbor::Array(items) => items.iter_mut().try_for_each(sort),
        Cbor::Map(entries) => {
            for (_, item) in entries.iter_mut() {
                sort(item)?;
            }
            let mut keyed = Vec::with_capacity(entries.len());
            for (key, item) in entries.drain(..) {
                keyed.push((encode(&key)?, key, item));
            }
            keyed.sort_by(|left, right| left.0.cmp(&right.0));
            entries.extend(keyed.into_iter().map(|(_, key, item)| (key, item)));
            Ok(())
        }
        _ => Ok(()),
    }
}

/// The commitment the chain covers in a value's place: without the salt nobody can tell what an
/// erased value was, and with it the value proves itself.
///
/// # Errors
/// When the value cannot be written as CBOR.
pub fn commitment(salt: &[u8], value: &serde_json::Value) -> Result<Digest, CborError> {
    let mut hasher = Sha256::new();
    hasher.update(salt);
    hasher.update(canonical_cbor(value)?);
    Ok(Digest(hasher.finalize().into()))
}
