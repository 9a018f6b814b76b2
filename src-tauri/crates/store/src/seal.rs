//! Sealing bytes under a 256-bit key, with a random nonce in front.

use sealing::NONCE;

use crate::error::StoreError;

/// Random bytes of the operating system.
///
/// # Errors
/// When the operating system has none to give.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], StoreError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| std::io::Error::other("no randomness"))?;
    Ok(bytes)
}

/// Seals `plain`; `context` must be given again to open it.
///
/// # Errors
/// When there is no randomness.
pub(crate) fn seal(key: &[u8; 32], plain: &[u8], context: &[u8]) -> Result<Vec<u8>, StoreError> {
    let nonce = random::<NONCE>()?;
    let sealed = sealing::seal(key, nonce, plain, context).map_err(|_| StoreError::Sealed)?;
    Ok([nonce.as_slice(), &sealed].concat())
}

/// Opens what [`seal`] made.
///
/// # Errors
/// When key, context or a single bit differ.
pub(crate) fn open(key: &[u8; 32], sealed: &[u8], context: &[u8]) -> Result<Vec<u8>, StoreError> {
    let (nonce, body) = sealed.split_first_chunk::<NONCE>().ok_or(StoreError::Sealed)?;
    sealing::open(key, *nonce, body, context).map_err(|_| StoreError::Sealed)
}
