//! The identity that one application presents to another in signed calls.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::hex::hex;

/// A consumer: its key, and the public half of what it signs with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consumer {
    /// The consumer key; opaque.
    pub key: String,
    /// Its name, where it has one.
    pub name: Option<String>,
    /// Where browsers are sent after a user's consent, where that is stored.
    pub callback: Option<String>,
    /// Whether it may call as itself.
    pub two_legged: bool,
    /// The user as whom its two-legged calls are made, where one is set.
    pub execute_as: Option<String>,
    /// Its public key, where it has one that can be read.
    pub public_key: Option<PublicKey>,
}

impl Consumer {
    /// What identifies it.
    pub fn mark(&self) -> ConsumerIdentity {
        ConsumerIdentity {
            key: self.key.clone(),
            fingerprint: self.public_key.as_ref().map(PublicKey::fingerprint),
            callback: self.callback.clone(),
        }
    }
}

/// What identifies a consumer without its key's bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsumerIdentity {
    /// The consumer key.
    pub key: String,
    /// The SHA-256 of its public key, where that can be read.
    pub fingerprint: Option<String>,
    /// Where browsers are sent after a user's consent.
    #[serde(default)]
    pub callback: Option<String>,
}

/// An RSA public key: its `SubjectPublicKeyInfo`, and the length of its modulus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    /// The DER bytes.
    pub der: Vec<u8>,
    /// The length of the modulus in bits.
    pub bits: u32,
}

impl PublicKey {
    /// The DER bytes in base64, on one line: the form in which applications take it.
    pub fn base64(&self) -> String {
        use base64::Engine as _;
        base64::engine::general_purpose::STANDARD.encode(&self.der)
    }

    /// The SHA-256 of the DER bytes in hex.
    pub fn fingerprint(&self) -> String {
        hex(&Sha256::digest(&self.der))
    }
}
