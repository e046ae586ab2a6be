//! Reads RSA keys from files.

use std::path::Path;

use zeroize::Zeroizing;

use super::error::KeyError;

use super::{files, formats};
use crate::domain::PublicKey;
use crate::error::Error;

pub use super::private_key::{DEFAULT_BITS, LEAST_BITS, PrivateKey};

impl PrivateKey {
    /// Reads an unencrypted private key that only its owner can read.
    pub fn load(path: &Path) -> Result<Self, Error> {
        Self::load_with(path, || Err(KeyError::Encrypted.at(path)))
    }

    /// The same; the passphrase of an encrypted key is asked for when it is needed.
    pub fn load_with(
        path: &Path,
        passphrase: impl FnOnce() -> Result<Zeroizing<String>, Error>,
    ) -> Result<Self, Error> {
        let found = open(path).map_err(|fault| fault.at(path))?;
        let key = match found.private(None) {
            Err(KeyError::Encrypted) => {
                let passphrase = passphrase()?;
                found.private(Some(passphrase.as_bytes()))
            }
            other => other,
        };
        key.map_err(|fault| fault.at(path))
    }
}

/// What is in a key file; refused when it is a private key that others can read.
pub fn open(path: &Path) -> Result<formats::KeyBundle, KeyError> {
    let file = files::read(path)?;
    let found = formats::read(&file.bytes)?;
    if found.is_private() {
        file.check_private(path)?;
    }
    Ok(found)
}

/// Reads a public key that is to be sent: in any form, but not together with the private one.
pub fn load_public(path: &Path) -> Result<PublicKey, Error> {
    let read = || {
        let found = formats::read(&files::read(path)?.bytes)?;
        if found.is_private() {
            return Err(KeyError::PrivateHalf);
        }
        found.public(None)
    };
    read().map_err(|fault| fault.at(path))
}
