//! The bytes of an operation as the log keeps them: packed, because each change repeats its kind, id and field names.

use std::io::{Read as _, Write as _};

use domain::operation::Operation;
use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;

use crate::error::StoreError;

/// How a zlib stream begins. Canonical CBOR of an operation begins with a map and never with this.
const ZLIB: u8 = 0x78;

/// What of an operation the log keeps.
pub(crate) fn pack(bytes: &[u8]) -> Result<Vec<u8>, StoreError> {
    let mut packed = ZlibEncoder::new(Vec::with_capacity(bytes.len() / 2), Compression::fast());
    packed.write_all(bytes)?;
    Ok(packed.finish()?)
}

/// The operation's bytes as they were signed; what an older version kept as it was is returned as it is.
pub(crate) fn unpack(kept: Vec<u8>) -> Result<Vec<u8>, StoreError> {
    if kept.first() != Some(&ZLIB) {
        return Ok(kept);
    }
    let mut bytes = Vec::with_capacity(kept.len() * 3);
    ZlibDecoder::new(kept.as_slice()).read_to_end(&mut bytes).map_err(|_| StoreError::Encoding)?;
    Ok(bytes)
}

/// Reads the operation itself.
pub(crate) fn read(kept: Vec<u8>) -> Result<Operation, StoreError> {
    Ok(Operation::from_cbor(&unpack(kept)?)?)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_was_signed_comes_back(mut bytes in proptest::collection::vec(any::<u8>(), 1..4_000)) {
            // An operation begins with a map.
            if let Some(first) = bytes.first_mut() { *first = 0xb0; }
            let packed = pack(&bytes)?;
            prop_assert_eq!(unpack(packed)?, bytes.clone());
            prop_assert_eq!(unpack(bytes.clone())?, bytes, "as an older version kept it");
        }

        #[test]
        fn damaged_bytes_are_no_panic(mut bytes in proptest::collection::vec(any::<u8>(), 1..400)) {
            if let Some(first) = bytes.first_mut() { *first = ZLIB; }
            prop_assert!(read(bytes).is_err());
        }
    }
}
