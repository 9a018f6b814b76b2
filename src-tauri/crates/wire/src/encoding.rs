//! Messages as bytes: CBOR, deflated, never larger than a limit once unpacked.

use std::io::{Read as _, Write as _};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A message unpacks to no more than this; a larger one is refused before it fills the memory.
pub const MESSAGE_LIMIT: usize = 64 * 1024 * 1024;

/// Bytes that are no message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    /// Not deflated CBOR of the wanted shape.
    #[error("the bytes are not the message that was expected")]
    Malformed,
    /// Larger than [`MESSAGE_LIMIT`] once unpacked.
    #[error("the message is larger than {MESSAGE_LIMIT} bytes")]
    TooLarge,
    /// A signature or challenge that does not hold.
    #[error("the signature does not hold")]
    Unsigned,
}

/// A message as it travels.
///
/// # Errors
/// [`WireError::TooLarge`] when the other side would refuse it.
pub fn encode(message: &impl Serialize) -> Result<Vec<u8>, WireError> {
    let mut plain = Vec::new();
    ciborium::into_writer(message, &mut plain).map_err(|_| WireError::Malformed)?;
    if plain.len() > MESSAGE_LIMIT {
        return Err(WireError::TooLarge);
    }
    pack(&plain)
}

/// Deflated bytes.
pub(crate) fn pack(plain: &[u8]) -> Result<Vec<u8>, WireError> {
    // Branches have slow lines: a kilobyte costs more there than packing it well costs here.
    let mut packed = DeflateEncoder::new(Vec::new(), Compression::default());
    packed.write_all(plain).map_err(|_| WireError::Malformed)?;
    packed.finish().map_err(|_| WireError::Malformed)
}

/// Reads a message.
///
/// # Errors
/// [`WireError::Malformed`] and [`WireError::TooLarge`]; no bytes make it panic or grow without bound.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, WireError> {
    ciborium::from_reader(unpack(bytes)?.as_slice()).map_err(|_| WireError::Malformed)
}

/// What [`pack`] was given, unless it is larger than [`MESSAGE_LIMIT`].
pub(crate) fn unpack(bytes: &[u8]) -> Result<Vec<u8>, WireError> {
    let mut plain = Vec::new();
    let limit = u64::try_from(MESSAGE_LIMIT).map_err(|_| WireError::TooLarge)? + 1;
    DeflateDecoder::new(bytes).take(limit).read_to_end(&mut plain).map_err(|_| WireError::Malformed)?;
    if plain.len() > MESSAGE_LIMIT { Err(WireError::TooLarge) } else { Ok(plain) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::PullRequest;

    #[test]
    fn a_bomb_is_refused_without_unpacking_it_whole() {
        let mut bomb = DeflateEncoder::new(Vec::new(), Compression::best());
        let zeros = vec![0u8; 1024 * 1024];
        for _ in 0..80 {
            bomb.write_all(&zeros).unwrap();
        }
        let bomb = bomb.finish().unwrap();
        assert!(bomb.len() < 200_000, "it is small while packed");
        assert_eq!(decode::<PullRequest>(&bomb), Err(WireError::TooLarge));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_stumble(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            prop_assert!(decode::<PullRequest>(&bytes).is_err());
        }
    }
}
