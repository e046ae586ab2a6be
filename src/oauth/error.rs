//! The reasons why a key cannot be used.

use std::io;
use std::path::PathBuf;

use crate::error::{Error, Kind};

/// Why a text or a file is not the key that is needed. It never holds any part of a key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// There is nothing in it.
    #[error("it is empty")]
    Empty,
    /// No key file is as long.
    #[error("it is too long to be a key")]
    TooLong,
    /// Not read as text.
    #[error("it is UTF-16 text; save it as UTF-8 or ASCII")]
    Utf16,
    /// Nothing known.
    #[error("it holds no key in a known form")]
    NotAKey,
    /// A key that ends too early, or with letters in between.
    #[error("the {0} in it is cut off or damaged")]
    Damaged(String),
    /// The public half where the private one is needed.
    #[error("this is the public key; the private one is needed")]
    PublicHalf,
    /// The private half where the public one is needed.
    #[error("this holds the private key, which is never sent; the public one is needed")]
    PrivateHalf,
    /// A certificate where the private key is needed.
    #[error("this is a certificate, which has the public key only; the private key is needed")]
    Certificate,
    /// A request for a certificate.
    #[error("this is a certificate request; the key itself is needed")]
    Request,
    /// PKCS #12.
    #[error("this is a key store (PKCS #12); the private key is to be taken out of it first")]
    Store,
    /// An algorithm that OAuth 1.0a has no use for.
    #[error("this is {0} key; OAuth 1.0a signs with an RSA key (rsaEncryption)")]
    Algorithm(&'static str),
    /// More than one private key.
    #[error("there are {0} private keys in it, and only one can be meant")]
    Several(usize),
    /// A key, and a certificate or public key of another one.
    #[error("the certificate or public key in it belongs to another private key")]
    Strangers,
    /// A passphrase is needed, and none was given.
    #[error("it is encrypted, and its passphrase is not known")]
    Encrypted,
    /// Not with this passphrase.
    #[error("the passphrase does not open it")]
    Passphrase,
    /// An encryption of old, or one that is not implemented.
    #[error("it is encrypted in a way that is not supported ({0})")]
    Encryption(&'static str),
    /// OpenSSH's own encryption.
    #[error("it is encrypted in the way of OpenSSH, which is not supported")]
    OpenSsh,
    /// A modulus that no application should trust.
    #[error("its {bits} bits are fewer than the {least} that are needed")]
    Short {
        /// What it has.
        bits: u32,
        /// What is needed.
        least: u32,
    },
    /// A modulus that would keep everybody busy.
    #[error("its {bits} bits are more than the {most} that are supported")]
    Long {
        /// What it has.
        bits: u32,
        /// What is supported.
        most: u32,
    },
    /// No RSA key has such numbers.
    #[error("its numbers are not those of an RSA key: {0}")]
    Numbers(&'static str),
    /// The operating system gave no random numbers.
    #[error("the operating system gives no random numbers, so no key can be made or used")]
    Random,
    /// The computation failed.
    #[error("the computation with the key failed")]
    Computation,
    /// The file cannot be opened, read or written.
    #[error("it cannot be {doing}: {error}")]
    Io {
        /// What was tried: opened, read, …
        doing: &'static str,
        /// Why not.
        error: io::Error,
    },
    /// There is something of that name.
    #[error("there is {0} of that name already")]
    Exists(&'static str),
    /// No place for a private key, or none that one should be read from.
    #[error("{reason}")]
    Unsafe {
        /// Why.
        reason: String,
        /// What to do.
        hint: String,
    },
}

impl KeyError {
    /// The same as what a person or a script gets: which file, and what to do.
    pub fn at(self, path: impl Into<PathBuf>) -> Error {
        let path = path.into();
        let kind = match &self {
            Self::Encrypted | Self::Passphrase | Self::Unsafe { .. } => Kind::Auth,
            Self::Random | Self::Computation => Kind::Internal,
            Self::Exists(_) => Kind::Conflict,
            _ => Kind::Refused,
        };
        let error = Error::new(kind, format!("{}: {self}", path.display()));
        match self.hint() {
            Some(hint) => error.hint(hint),
            None => error,
        }
    }

    /// What to do.
    pub fn hint(&self) -> Option<&str> {
        Some(match self {
            Self::Encrypted => "name where the passphrase is: --passphrase env:VAR or file:PATH",
            Self::Encryption(_) => {
                "write it anew with a supported one: openssl pkcs8 -topk8 -in OLD -out NEW"
            }
            Self::OpenSsh => "write a copy anew as PKCS #8: ssh-keygen -p -m PKCS8 -f COPY",
            Self::PrivateHalf => "write it: applink key convert FILE --to spki --out FILE.pub",
            Self::Short { .. } | Self::Algorithm(_) => {
                "make one: applink key generate --key-file FILE"
            }
            Self::Request => "the key was written to another file when the request was made",
            Self::Store => "take it out: openssl pkcs12 -in STORE -nocerts -noenc -out FILE",
            Self::Exists(_) => "no key file is ever overwritten: choose another name",
            Self::Unsafe { hint, .. } => hint,
            _ => return None,
        })
    }
}
