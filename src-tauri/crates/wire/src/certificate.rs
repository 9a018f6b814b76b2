//! The hub's word that a device's key belongs to a branch.

use domain::digest::ByteString;
use domain::role::Role;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::encoding::WireError;

const PURPOSE: &[u8] = b"claims-desk certificate 1\n";

/// What a certificate says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateBody {
    /// The device.
    pub device: Uuid,
    /// Its Ed25519 key, 32 bytes.
    pub public_key: ByteString,
    /// The branch it may write to.
    pub stream: String,
    /// The four characters in its case numbers, unique in the branch.
    pub device_code: String,
    /// Milliseconds since 1970 by the hub's clock.
    pub issued_at: i64,
    /// The only role, beside the administrator's, whose work the hub takes from it; any where none is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
}

/// A certificate: its body as signed, and the hub's signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// [`CertificateBody`] in CBOR.
    pub body: ByteString,
    /// Ed25519 over the body.
    pub signature: ByteString,
}

impl Certificate {
    /// Signs a body.
    ///
    /// # Errors
    /// When it cannot be written as CBOR.
    pub fn issue(hub: &SigningKey, body: &CertificateBody) -> Result<Self, WireError> {
        let mut bytes = Vec::new();
        ciborium::into_writer(body, &mut bytes).map_err(|_| WireError::Malformed)?;
        let signature = hub.sign(&[PURPOSE, &bytes].concat());
        Ok(Certificate { body: ByteString(bytes), signature: ByteString(signature.to_bytes().to_vec()) })
    }

    /// What it says, if the hub with this key said it.
    ///
    /// # Errors
    /// [`WireError::Unsigned`], [`WireError::Malformed`].
    pub fn open(&self, hub_key: &[u8]) -> Result<CertificateBody, WireError> {
        let key = hub_key.try_into().map_err(|_| WireError::Unsigned)?;
        let key = VerifyingKey::from_bytes(key).map_err(|_| WireError::Unsigned)?;
        let signature = Signature::from_slice(&self.signature.0).map_err(|_| WireError::Unsigned)?;
        key.verify_strict(&[PURPOSE, &self.body.0].concat(), &signature).map_err(|_| WireError::Unsigned)?;
        ciborium::from_reader(self.body.0.as_slice()).map_err(|_| WireError::Malformed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_holds_only_as_it_was_signed() {
        let hub = SigningKey::from_bytes(&[6; 32]);
        let body = CertificateBody {
            device: Uuid::from_u128(1),
            public_key: ByteString(vec![1; 32]),
            stream: "SH01".into(),
            device_code: "A7K2".into(),
            issued_at: 5,
            role: Some(Role::CounterClerk),
        };
        let certificate = Certificate::issue(&hub, &body).unwrap();
        let key = hub.verifying_key().to_bytes();
        assert_eq!(certificate.open(&key), Ok(body));
        let mut forged = certificate.clone();
        forged.body.0[10] ^= 1;
        assert_eq!(forged.open(&key), Err(WireError::Unsigned));
        assert_eq!(certificate.open(&[0; 32]), Err(WireError::Unsigned));
    }
}
