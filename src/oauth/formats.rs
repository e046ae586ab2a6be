//! Reads the keys of a file, whatever program wrote it.
//!
//! PEM labels are often wrong, so the bytes decide what a key is. Nothing is computed with numbers
//! that no RSA key has.

use rsa::pkcs1::{self, UintRef};
use rsa::pkcs8::der::asn1::{AnyRef, BitStringRef};
use rsa::pkcs8::der::{Decode as _, Encode as _, Error as DerError, Tag, Tagged as _};
use rsa::pkcs8::pkcs5::pbes2::PBES2_OID;
use rsa::pkcs8::{
    self, EncryptedPrivateKeyInfoRef, ObjectIdentifier, SubjectPublicKeyInfoRef, pkcs5,
};
use x509_cert::Certificate;
use zeroize::Zeroizing;

use super::error::KeyError;
use super::private_key::{self, PrivateKey, check_numbers};
use super::rsa_numbers::{self, Element, PublicNumbers, elements, integers};
use super::{openssh, pem};
use crate::domain::PublicKey;

/// RSASSA-PSS (RFC 8017).
const PSS_OID: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
/// Keys on elliptic curves (RFC 5480).
const EC_OID: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
/// Ed25519 (RFC 8410).
const ED25519_OID: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
/// DSA (RFC 3279).
const DSA_OID: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10040.4.1");

/// The most memory that trying a passphrase may take, in bytes: 1 GiB. No real key takes more.
const MOST_MEMORY: u64 = 1 << 30;

/// One key of a file.
enum BundledKey {
    Private(Box<PrivateKey>),
    /// The whole `EncryptedPrivateKeyInfo`.
    Encrypted(Zeroizing<Vec<u8>>),
    Public(PublicKey),
    Certificate(PublicKey),
}

/// The keys of a file.
pub struct KeyBundle {
    keys: Vec<BundledKey>,
}

/// Reads the bytes of a key file: PEM with one block or several, bare base64, DER, or a line of
/// OpenSSH.
pub fn read(bytes: &[u8]) -> Result<KeyBundle, KeyError> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(KeyError::Utf16);
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Ok(single_key(classify(bytes)?));
    };
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return Err(KeyError::Empty);
    }
    let blocks = pem::blocks(text)?;
    if !blocks.is_empty() {
        let keys: Vec<BundledKey> = blocks
            .iter()
            .filter_map(of_block)
            .collect::<Result<_, _>>()?;
        return if keys.is_empty() {
            Err(KeyError::NotAKey)
        } else {
            Ok(KeyBundle { keys })
        };
    }
    if let Some(numbers) = openssh::public(text) {
        let (modulus, exponent) = numbers?;
        return Ok(single_key(BundledKey::Public(public_of(PublicNumbers {
            modulus: &modulus,
            exponent: &exponent,
        })?)));
    }
    // A short DER file may happen to be UTF-8; text never begins like this one and fits.
    if let Some(key) = pem::decode(text).map(|bytes| classify(&bytes)) {
        return Ok(single_key(key?));
    }
    Err(KeyError::NotAKey)
}

fn private(key: PrivateKey) -> BundledKey {
    BundledKey::Private(Box::new(key))
}

fn single_key(key: BundledKey) -> KeyBundle {
    KeyBundle { keys: vec![key] }
}

/// What a PEM block is; nothing if it only accompanies a key.
fn of_block(block: &pem::PemBlock) -> Option<Result<BundledKey, KeyError>> {
    match block.label.as_str() {
        "EC PARAMETERS" | "DH PARAMETERS" | "X509 CRL" => return None,
        "OPENSSH PRIVATE KEY" => {
            return Some(openssh::private(&block.bytes).map(private));
        }
        "DSA PRIVATE KEY" => return Some(Err(KeyError::Algorithm("a DSA"))),
        _ if block.has_headers => {
            return Some(Err(KeyError::Encryption("the old way of PEM headers")));
        }
        _ => {}
    }
    let name = || block.label.to_ascii_lowercase();
    Some(classify(&block.bytes).map_err(|fault| match fault {
        KeyError::NotAKey if block.label.ends_with("KEY") || block.label == "CERTIFICATE" => {
            KeyError::Damaged(name())
        }
        fault => fault,
    }))
}

/// Finds out by its shape what some DER is.
fn classify(bytes: &[u8]) -> Result<BundledKey, KeyError> {
    use Tag::{BitString, Integer, OctetString, Sequence};
    let elements = elements(bytes).ok_or(KeyError::NotAKey)?;
    match elements.as_slice() {
        // A version, an algorithm and a key: PKCS #8.
        [(Integer, _), (Sequence, algorithm), (OctetString, key), ..] => {
            require_rsa(algorithm_oid(algorithm)?)?;
            pkcs1(key)
        }
        // A version and contents with a type: PKCS #12.
        [(Integer, _), (Sequence, content), ..] => {
            algorithm_oid(content)?;
            Err(KeyError::Store)
        }
        [(Integer, _), (OctetString, _), ..] => Err(KeyError::Algorithm("an elliptic-curve")),
        [(Integer, _), ..] => from_integers(&elements),
        [(Sequence, algorithm), (OctetString, _), ..] => match algorithm_oid(algorithm)? {
            PBES2_OID => Ok(BundledKey::Encrypted(Zeroizing::new(bytes.to_vec()))),
            _ => Err(KeyError::Encryption("an old scheme")),
        },
        [(Sequence, algorithm), (BitString, _), ..] => {
            require_rsa(algorithm_oid(algorithm)?)?;
            spki(bytes).map(BundledKey::Public)
        }
        [(Sequence, signed), ..] => match Certificate::from_der(bytes) {
            Ok(certificate) => {
                let key = certificate.tbs_certificate().subject_public_key_info();
                require_rsa(key.algorithm.oid)?;
                let der = key.to_der().map_err(|_| KeyError::NotAKey)?;
                spki(&der).map(BundledKey::Certificate)
            }
            // Signed like a certificate, and begins with a version: PKCS #10.
            Err(_)
                if AnyRef::from_der_partial(signed)
                    .is_ok_and(|(first, _)| first.tag() == Integer) =>
            {
                Err(KeyError::Request)
            }
            Err(_) => Err(KeyError::NotAKey),
        },
        _ => Err(KeyError::NotAKey),
    }
}

/// Which key a list of integers is: only their count tells.
fn from_integers(elements: &[Element<'_>]) -> Result<BundledKey, KeyError> {
    match integers(elements).as_slice() {
        [modulus, exponent] => {
            public_of(PublicNumbers { modulus, exponent }).map(BundledKey::Public)
        }
        [_, _, _, _, _, _] => Err(KeyError::Algorithm("a DSA")),
        [version, modulus, exponent, d, p, q, _, _, _] => {
            if !version.is_empty() || elements.len() > 9 {
                return Err(KeyError::Numbers("it has more than two primes"));
            }
            private_key::assemble(PublicNumbers { modulus, exponent }, d, [p, q]).map(private)
        }
        _ => Err(KeyError::NotAKey),
    }
}

/// The key inside PKCS #8.
fn pkcs1(der: &[u8]) -> Result<BundledKey, KeyError> {
    match from_integers(&elements(der).ok_or(KeyError::NotAKey)?)? {
        key @ BundledKey::Private(_) => Ok(key),
        _ => Err(KeyError::NotAKey),
    }
}

/// The type that stands first in the content of an `AlgorithmIdentifier`.
fn algorithm_oid(content: &[u8]) -> Result<ObjectIdentifier, KeyError> {
    match ObjectIdentifier::from_der_partial(content) {
        Ok((oid, _)) => Ok(oid),
        Err(_) => Err(KeyError::NotAKey),
    }
}

fn require_rsa(algorithm: ObjectIdentifier) -> Result<(), KeyError> {
    Err(KeyError::Algorithm(match algorithm {
        pkcs1::ALGORITHM_OID => return Ok(()),
        PSS_OID => "an RSASSA-PSS",
        EC_OID => "an elliptic-curve",
        ED25519_OID => "an Ed25519",
        DSA_OID => "a DSA",
        _ => "another kind of",
    }))
}

/// A `SubjectPublicKeyInfo` as it is, so that its fingerprint is the one that others compute.
fn spki(der: &[u8]) -> Result<PublicKey, KeyError> {
    let numbers = PublicNumbers::of_spki(der).ok_or(KeyError::NotAKey)?;
    check_numbers(numbers)?;
    Ok(PublicKey {
        der: der.to_vec(),
        bits: rsa_numbers::bits(numbers.modulus),
    })
}

/// A public key from its two numbers.
fn public_of(numbers: PublicNumbers<'_>) -> Result<PublicKey, KeyError> {
    check_numbers(numbers)?;
    let encode = || -> Result<Vec<u8>, DerError> {
        let key = pkcs1::RsaPublicKeyRef {
            modulus: UintRef::new(numbers.modulus)?,
            public_exponent: UintRef::new(numbers.exponent)?,
        }
        .to_der()?;
        SubjectPublicKeyInfoRef {
            algorithm: pkcs1::ALGORITHM_ID,
            subject_public_key: BitStringRef::new(0, &key)?,
        }
        .to_der()
    };
    Ok(PublicKey {
        der: encode().map_err(|_| KeyError::NotAKey)?,
        bits: rsa_numbers::bits(numbers.modulus),
    })
}

/// Decrypts and reads an encrypted PKCS #8 key.
fn decrypt(bytes: &[u8], passphrase: &[u8]) -> Result<PrivateKey, KeyError> {
    let opened = open_pkcs8(bytes, passphrase)?;
    match classify(opened.as_bytes()) {
        Ok(BundledKey::Private(key)) => Ok(*key),
        // A wrong passphrase sometimes yields garbage with valid padding.
        Ok(_) | Err(KeyError::NotAKey) => Err(KeyError::Passphrase),
        Err(fault) => Err(fault),
    }
}

/// Decrypts an encrypted PKCS #8 key.
pub(super) fn open_pkcs8(
    bytes: &[u8],
    passphrase: &[u8],
) -> Result<pkcs8::SecretDocument, KeyError> {
    let info = EncryptedPrivateKeyInfoRef::try_from(bytes)
        .map_err(|_| KeyError::Encryption("an unknown scheme"))?;
    let scrypt = info
        .encryption_algorithm
        .pbes2()
        .and_then(|scheme| scheme.kdf.scrypt());
    if scrypt.is_some_and(|scrypt| {
        let blocks = u64::from(scrypt.block_size) * u64::from(scrypt.parallelization);
        scrypt.cost_parameter.saturating_mul(128 * blocks) > MOST_MEMORY
    }) {
        return Err(KeyError::Encryption("more than 1 GiB for the passphrase"));
    }
    info.decrypt(passphrase).map_err(|error| match error {
        pkcs8::Error::EncryptedPrivateKey(
            pkcs5::Error::UnsupportedAlgorithm { .. }
            | pkcs5::Error::AlgorithmParametersInvalid { .. }
            | pkcs5::Error::NoPbes1CryptSupport,
        ) => KeyError::Encryption("an unknown scheme"),
        _ => KeyError::Passphrase,
    })
}

impl KeyBundle {
    /// Whether there is a private key, encrypted or not.
    pub fn is_private(&self) -> bool {
        self.secrets().next().is_some()
    }

    fn secrets(&self) -> impl Iterator<Item = &BundledKey> {
        self.keys
            .iter()
            .filter(|key| matches!(key, BundledKey::Private(_) | BundledKey::Encrypted(_)))
    }

    fn publics(&self) -> impl Iterator<Item = &PublicKey> {
        self.keys.iter().filter_map(|key| match key {
            BundledKey::Public(key) | BundledKey::Certificate(key) => Some(key),
            _ => None,
        })
    }

    /// The private key. A certificate or public key beside it must be its own: of a chain, the
    /// first one.
    pub fn private(&self, passphrase: Option<&[u8]>) -> Result<PrivateKey, KeyError> {
        let secrets: Vec<&BundledKey> = self.secrets().collect();
        let key = match (secrets.as_slice(), self.keys.first()) {
            ([BundledKey::Private(key)], _) => (**key).clone(),
            ([BundledKey::Encrypted(bytes)], _) => {
                decrypt(bytes, passphrase.ok_or(KeyError::Encrypted)?)?
            }
            ([], Some(BundledKey::Certificate(_))) => return Err(KeyError::Certificate),
            ([], Some(_)) => return Err(KeyError::PublicHalf),
            ([], None) => return Err(KeyError::NotAKey),
            (several, _) => return Err(KeyError::Several(several.len())),
        };
        match self.publics().next() {
            Some(public) if !key.matches(public) => Err(KeyError::Strangers),
            _ => Ok(key),
        }
    }

    /// The public key: the half of the private one, else the first there is.
    pub fn public(&self, passphrase: Option<&[u8]>) -> Result<PublicKey, KeyError> {
        if self.is_private() {
            return self.private(passphrase).map(|key| key.public().clone());
        }
        self.publics().next().cloned().ok_or(KeyError::NotAKey)
    }
}

#[cfg(test)]
#[path = "formats_tests.rs"]
mod tests;
