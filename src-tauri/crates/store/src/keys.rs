//! The database key and its two slots: the operating system's keyring, and the recovery code.
//!
//! The key is 256 random bits. Outbox and attachments use keys derived from it, so one slot opens everything.

use argon2::{Algorithm, Argon2, Params, Version};
use domain::digest::{Digest, hex, unhex};
use domain::{Code, Refusal};
use hkdf::Hkdf;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::error::StoreError;
use crate::seal;

/// The database key. Never printed, never logged.
#[derive(Clone)]
pub struct RootKey(Zeroizing<[u8; 32]>);

impl std::fmt::Debug for RootKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("RootKey(redacted)")
    }
}

impl RootKey {
    pub(crate) fn new() -> Result<Self, StoreError> {
        Ok(RootKey(Zeroizing::new(seal::random()?)))
    }

    fn from_bytes(bytes: &[u8]) -> Result<Self, StoreError> {
        let bytes: [u8; 32] = bytes.try_into().map_err(|_| StoreError::Sealed)?;
        Ok(RootKey(Zeroizing::new(bytes)))
    }

    /// The value of SQLCipher's `PRAGMA key`: a raw key, so no derivation runs at each opening.
    pub(crate) fn pragma(&self) -> Zeroizing<String> {
        Zeroizing::new(format!("\"x'{}'\"", hex(self.0.as_slice())))
    }

    /// A key for one purpose (RFC 5869).
    pub(crate) fn derive(&self, purpose: &str) -> Zeroizing<[u8; 32]> {
        let mut key = Zeroizing::new([0; 32]);
        // 32 bytes is below the 8,160 that HKDF-SHA-256 can give, the only way this can fail.
        let expanded = Hkdf::<Sha256>::new(None, self.0.as_slice()).expand(purpose.as_bytes(), key.as_mut());
        debug_assert!(expanded.is_ok());
        key
    }
}

/// Letters and digits that are not mistaken for each other (Crockford's base 32).
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The code that opens the database without the keyring: 144 random bits and a checksum, eight groups of four.
#[derive(Clone)]
pub struct RecoveryCode(Zeroizing<[u8; 18]>);

impl std::fmt::Debug for RecoveryCode {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("RecoveryCode(redacted)")
    }
}

impl RecoveryCode {
    pub(crate) fn new() -> Result<Self, StoreError> {
        Ok(RecoveryCode(Zeroizing::new(seal::random()?)))
    }

    /// The code as it is printed.
    pub fn text(&self) -> Zeroizing<String> {
        let check = Digest::of(self.0.as_slice());
        let bytes: Vec<u8> = self.0.iter().chain(check.0.iter().take(2)).copied().collect();
        let mut text = Zeroizing::new(String::with_capacity(39));
        for (index, chunk) in bytes.chunks(5).enumerate() {
            let number = chunk.iter().fold(0u64, |number, byte| (number << 8) | u64::from(*byte));
            for position in 0..8 {
                if position % 4 == 0 && (index, position) != (0, 0) {
                    text.push('-');
                }
                let digit = (number >> (35 - 5 * position)) & 31;
                let letter = usize::try_from(digit).ok().and_then(|digit| ALPHABET.get(digit));
                text.push(letter.copied().map_or('0', char::from));
            }
        }
        text
    }

    /// Reads a typed code; case, spaces, dashes and the letters O, I and L do not matter.
    ///
    /// # Errors
    /// [`Code::StorageRecoveryCodeMistyped`] when length or checksum are wrong.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let mistyped = || Refusal::new(Code::StorageRecoveryCodeMistyped);
        let mut digits = Vec::with_capacity(32);
        for letter in text.chars().filter(|letter| !letter.is_whitespace() && *letter != '-') {
            let letter = match letter.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                letter => letter,
            };
            let digit =
                ALPHABET.iter().position(|known| char::from(*known) == letter).ok_or_else(mistyped)?;
            digits.push(u64::try_from(digit).map_err(|_| mistyped())?);
        }
        if digits.len() != 32 {
            return Err(mistyped());
        }
        let mut bytes = Zeroizing::new(Vec::with_capacity(20));
        for chunk in digits.chunks(8) {
            let number = chunk.iter().fold(0u64, |number, digit| (number << 5) | digit);
            bytes.extend(number.to_be_bytes().into_iter().skip(3));
        }
        let (code, check) = bytes.split_at_checked(18).ok_or_else(mistyped)?;
        if Digest::of(code).0.get(..2) != Some(check) {
            return Err(mistyped());
        }
        let code: [u8; 18] = code.try_into().map_err(|_| mistyped())?;
        Ok(RecoveryCode(Zeroizing::new(code)))
    }
}

/// The recovery slot: the database key sealed under the recovery code, as the file beside the database holds it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Slot {
    version: u8,
    kdf: String,
    memory_kib: u32,
    passes: u32,
    lanes: u32,
    salt: String,
    sealed: String,
}

/// Argon2id with RFC 9106's second recommended setting (64 MiB, 3 passes).
const MEMORY_KIB: u32 = 64 * 1024;
const PASSES: u32 = 3;
const LANES: u32 = 4;

impl Slot {
    pub(crate) fn seal(key: &RootKey, code: &RecoveryCode, profile: Uuid) -> Result<Self, StoreError> {
        let salt: [u8; 16] = seal::random()?;
        let mut slot = Slot {
            version: 1,
            kdf: "argon2id".to_owned(),
            memory_kib: MEMORY_KIB,
            passes: PASSES,
            lanes: LANES,
            salt: hex(&salt),
            sealed: String::new(),
        };
        let wrapping = slot.wrapping_key(code)?;
        slot.sealed = hex(&seal::seal(&wrapping, key.0.as_slice(), profile.as_bytes())?);
        Ok(slot)
    }

    pub(crate) fn open(&self, code: &RecoveryCode, profile: Uuid) -> Result<RootKey, StoreError> {
        let damaged = || Refusal::new(Code::StorageKeySlotDamaged);
        let wrapping = self.wrapping_key(code)?;
        let sealed = unhex(&self.sealed).ok_or_else(damaged)?;
        let bytes = seal::open(&wrapping, &sealed, profile.as_bytes())
            .map_err(|_| Refusal::new(Code::StorageRecoveryCodeWrong))?;
        RootKey::from_bytes(&Zeroizing::new(bytes))
    }

    fn wrapping_key(&self, code: &RecoveryCode) -> Result<Zeroizing<[u8; 32]>, StoreError> {
        let damaged = || Refusal::new(Code::StorageKeySlotDamaged);
        // A damaged file must not make the program ask for terabytes.
        if self.kdf != "argon2id" || self.memory_kib > 1024 * 1024 || self.passes > 32 || self.lanes > 64 {
            return Err(damaged().into());
        }
        let salt = unhex(&self.salt).ok_or_else(damaged)?;
        let params =
            Params::new(self.memory_kib, self.passes, self.lanes, Some(32)).map_err(|_| damaged())?;
        let mut key = Zeroizing::new([0; 32]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(code.0.as_slice(), &salt, key.as_mut())
            .map_err(|_| damaged())?;
        Ok(key)
    }
}

/// The name under which the keyring lists the key.
const SERVICE: &str = "claims-desk";

/// Puts the key into the operating system's keyring. Blocks; run it on a thread of its own.
///
/// # Errors
/// [`Code::StorageKeyringUnavailable`] with the store's reason.
pub(crate) fn keyring_store(profile: Uuid, key: &RootKey) -> Result<(), Refusal> {
    keyring::Entry::new(SERVICE, &profile.to_string())
        .and_then(|entry| entry.set_secret(key.0.as_slice()))
        .map_err(|error| unavailable(&error))
}

/// Reads the key from the keyring. Blocks.
///
/// # Errors
/// [`Code::StorageNoKey`] when the keyring has no such key, [`Code::StorageKeyringUnavailable`] when there is
/// no keyring.
pub(crate) fn keyring_load(profile: Uuid) -> Result<RootKey, Refusal> {
    let secret = keyring::Entry::new(SERVICE, &profile.to_string()).and_then(|entry| entry.get_secret());
    match secret {
        Ok(secret) => {
            RootKey::from_bytes(&Zeroizing::new(secret)).map_err(|_| Refusal::new(Code::StorageNoKey))
        }
        Err(keyring::Error::NoEntry) => Err(Refusal::new(Code::StorageNoKey)),
        Err(error) => Err(unavailable(&error)),
    }
}

fn unavailable(error: &keyring::Error) -> Refusal {
    // Only the kind: a keyring's own message may carry what was stored.
    let reason = match error {
        keyring::Error::NoDefaultStore => "no keyring",
        keyring::Error::NoStorageAccess(_) => "locked or refused",
        keyring::Error::PlatformFailure(_) => "the keyring failed",
        _ => "unknown",
    };
    Refusal::new(Code::StorageKeyringUnavailable).with("reason", reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recovery_code_survives_typing() {
        let code = RecoveryCode::new().unwrap();
        let text = code.text();
        assert_eq!(text.len(), 39, "eight groups of four: {}", text.len());
        let typed = text.to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l");
        assert_eq!(RecoveryCode::parse(&typed).unwrap().0.as_slice(), code.0.as_slice());
    }

    #[test]
    fn a_mistyped_code_is_told_from_a_wrong_one() {
        let code = RecoveryCode::new().unwrap();
        let mut text = code.text().to_string();
        let last = if text.ends_with('2') { "3" } else { "2" };
        text.replace_range(38..39, last);
        assert_eq!(RecoveryCode::parse(&text).unwrap_err().code, Code::StorageRecoveryCodeMistyped);
        assert_eq!(RecoveryCode::parse("").unwrap_err().code, Code::StorageRecoveryCodeMistyped);

        let profile = Uuid::now_v7();
        let key = RootKey::new().unwrap();
        let slot = Slot::seal(&key, &code, profile).unwrap();
        assert_eq!(slot.open(&code, profile).unwrap().0.as_slice(), key.0.as_slice());
        let other = RecoveryCode::new().unwrap();
        let refusal: Refusal = slot.open(&other, profile).unwrap_err().into();
        assert_eq!(refusal.code, Code::StorageRecoveryCodeWrong);
    }

    #[test]
    fn keys_are_never_printed() {
        assert_eq!(format!("{:?}", RootKey::new().unwrap()), "RootKey(redacted)");
        assert_eq!(format!("{:?}", RecoveryCode::new().unwrap()), "RecoveryCode(redacted)");
    }
}
