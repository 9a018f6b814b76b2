//! Who asks: every request is signed by its desk over a challenge the hub gave out.
//!
//! The challenge carries the hub's own time, so a desk whose clock is years off is still let in (sync.md, Time), and
//! a recorded request is worthless after [`CHALLENGE_SECONDS`].

use domain::digest::Digest;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use uuid::Uuid;

use crate::encoding::WireError;

/// Header: the device's id.
pub const DEVICE_HEADER: &str = "x-claims-device";
/// Header: the challenge, hexadecimal.
pub const CHALLENGE_HEADER: &str = "x-claims-challenge";
/// Header: the signature, hexadecimal.
pub const SIGNATURE_HEADER: &str = "x-claims-signature";

/// How long a challenge may be used.
pub const CHALLENGE_SECONDS: i64 = 600;

const REQUEST: &[u8] = b"claims-desk request 1\n";
const CHALLENGE: &[u8] = b"claims-desk challenge 1\n";

/// What is signed.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The device's id.
    pub device: Uuid,
    /// The challenge, as the hub gave it out.
    pub challenge: &'a [u8],
    /// `GET`, `POST`, `PUT`.
    pub method: &'a str,
    /// Path and query, from the first slash.
    pub path: &'a str,
    /// The body as it travels.
    pub body: &'a [u8],
}

impl Asked<'_> {
    fn bytes(&self) -> Vec<u8> {
        let mut bytes = REQUEST.to_vec();
        bytes.extend(self.device.as_bytes());
        bytes.extend(Digest::of(self.challenge).0);
        bytes.extend(Digest::of(self.method.as_bytes()).0);
        bytes.extend(Digest::of(self.path.as_bytes()).0);
        bytes.extend(Digest::of(self.body).0);
        bytes
    }
}

/// A request's signature.
pub fn sign(key: &SigningKey, asked: &Asked<'_>) -> Vec<u8> {
    key.sign(&asked.bytes()).to_bytes().to_vec()
}

/// Checks a request's signature.
///
/// # Errors
/// [`WireError::Unsigned`].
pub fn verify(public_key: &[u8], asked: &Asked<'_>, signature: &[u8]) -> Result<(), WireError> {
    let key = public_key.try_into().map_err(|_| WireError::Unsigned)?;
    let key = VerifyingKey::from_bytes(key).map_err(|_| WireError::Unsigned)?;
    let signature = Signature::from_slice(signature).map_err(|_| WireError::Unsigned)?;
    key.verify_strict(&asked.bytes(), &signature).map_err(|_| WireError::Unsigned)
}

/// A challenge: the hub's time in milliseconds since 1970 and the hub's signature of it, so that any replica knows
/// the challenges of the others.
pub fn challenge(hub: &SigningKey, at_millis: i64) -> Vec<u8> {
    let time = at_millis.to_be_bytes();
    let signature = hub.sign(&[CHALLENGE, &time].concat());
    [time.as_slice(), &signature.to_bytes()].concat()
}

/// How many milliseconds ago the hub gave out a challenge.
///
/// # Errors
/// [`WireError::Unsigned`] when it is not this hub's.
pub fn challenge_age(hub: &VerifyingKey, challenge: &[u8], now_millis: i64) -> Result<i64, WireError> {
    let (time, signature) = challenge.split_first_chunk::<8>().ok_or(WireError::Unsigned)?;
    let signature = Signature::from_slice(signature).map_err(|_| WireError::Unsigned)?;
    hub.verify_strict(&[CHALLENGE, time.as_slice()].concat(), &signature).map_err(|_| WireError::Unsigned)?;
    Ok(now_millis.saturating_sub(i64::from_be_bytes(*time)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_covers_every_part() {
        let key = SigningKey::from_bytes(&[3; 32]);
        let public = key.verifying_key().to_bytes();
        let asked = Asked {
            device: Uuid::from_u128(1),
            challenge: b"c",
            method: "POST",
            path: "/v1/push",
            body: b"b",
        };
        let signature = sign(&key, &asked);
        assert_eq!(verify(&public, &asked, &signature), Ok(()));
        let others = [
            Asked { device: Uuid::from_u128(2), ..asked },
            Asked { challenge: b"d", ..asked },
            Asked { method: "GET", ..asked },
            Asked { path: "/v1/pull", ..asked },
            Asked { body: b"", ..asked },
        ];
        for other in others {
            assert_eq!(verify(&public, &other, &signature), Err(WireError::Unsigned), "{other:?}");
        }
        assert_eq!(verify(&public, &asked, &[0; 64]), Err(WireError::Unsigned));
        assert_eq!(verify(&[1], &asked, &signature), Err(WireError::Unsigned));
    }

    #[test]
    fn only_the_hub_s_own_challenges_count() {
        let hub = SigningKey::from_bytes(&[4; 32]);
        let given = challenge(&hub, 1_000);
        assert_eq!(challenge_age(&hub.verifying_key(), &given, 61_000), Ok(60_000));
        let other = SigningKey::from_bytes(&[5; 32]);
        assert_eq!(challenge_age(&other.verifying_key(), &given, 1_000), Err(WireError::Unsigned));
        assert_eq!(challenge_age(&hub.verifying_key(), b"short", 1_000), Err(WireError::Unsigned));
    }
}
