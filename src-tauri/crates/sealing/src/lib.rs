//! Sealing bytes under a 256-bit key: XChaCha20-Poly1305, no randomness, no IO.
//!
//! A crate of its own for the tests' sake: the cipher is generic and compiled where it is used, and without
//! optimisation it seals 3 MB a second, which a large attachment cannot be tested with. Here the profile optimises it.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};

/// A key's bytes.
pub const KEY: usize = 32;
/// A nonce's bytes.
pub const NONCE: usize = 24;
/// What sealing adds.
pub const TAG: usize = 16;

/// What does not open: key, nonce, context or a single bit differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Broken;

/// Seals `plain`; key, nonce and `context` must be given again to open it. A nonce never serves two texts.
///
/// # Errors
/// For more bytes than the cipher takes (256 GiB).
pub fn seal(key: &[u8; KEY], nonce: [u8; NONCE], plain: &[u8], context: &[u8]) -> Result<Vec<u8>, Broken> {
    XChaCha20Poly1305::new(key.into())
        .encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: context })
        .map_err(|_| Broken)
}

/// Opens what [`seal`] made.
///
/// # Errors
/// [`Broken`].
pub fn open(key: &[u8; KEY], nonce: [u8; NONCE], sealed: &[u8], context: &[u8]) -> Result<Vec<u8>, Broken> {
    XChaCha20Poly1305::new(key.into())
        .decrypt(&XNonce::from(nonce), Payload { msg: sealed, aad: context })
        .map_err(|_| Broken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_key_nonce_and_context_open_it() {
        let (key, nonce) = ([1; KEY], [2; NONCE]);
        let sealed = seal(&key, nonce, b"text", b"context").unwrap();
        assert_eq!(sealed.len(), 4 + TAG);
        assert_eq!(open(&key, nonce, &sealed, b"context").unwrap(), b"text");
        assert_eq!(open(&[3; KEY], nonce, &sealed, b"context"), Err(Broken));
        assert_eq!(open(&key, [3; NONCE], &sealed, b"context"), Err(Broken));
        assert_eq!(open(&key, nonce, &sealed, b"other"), Err(Broken));
        for bit in 0..sealed.len() * 8 {
            let mut flipped = sealed.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(open(&key, nonce, &flipped, b"context"), Err(Broken));
        }
        assert_eq!(open(&key, nonce, &sealed[..10], b"context"), Err(Broken));
    }

    #[test]
    fn it_is_the_cipher_of_its_name() {
        // draft-irtf-cfrg-xchacha-03, A.3.1.
        let key: [u8; KEY] = std::array::from_fn(|place| 0x80 + u8::try_from(place).unwrap());
        let nonce: [u8; NONCE] = std::array::from_fn(|place| 0x40 + u8::try_from(place).unwrap());
        let context = [0x50, 0x51, 0x52, 0x53, 0xc0, 0xc1, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7];
        let text: &[u8] = b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.";
        let sealed = seal(&key, nonce, text, &context).unwrap();
        assert_eq!(sealed[..8], [0xbd, 0x6d, 0x17, 0x9d, 0x3e, 0x83, 0xd4, 0x3b]);
        assert_eq!(sealed[text.len()..][..4], [0xc0, 0x87, 0x59, 0x24]);
    }
}
