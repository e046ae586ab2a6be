//! The identity that one application presents to another in signed calls.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

/// A consumer: its key, and the public half of what it signs with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consumer {
    /// The consumer key; opaque.
    pub key: String,
    /// Its public key, where it has one that can be read.
    pub public_key: Option<PublicKey>,
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
    /// The SHA-256 of the DER bytes in hex.
    pub fn fingerprint(&self) -> String {
        Sha256::digest(&self.der)
            .iter()
            .fold(String::with_capacity(64), |mut text, byte| {
                let _ = write!(text, "{byte:02x}");
                text
            })
    }
}
