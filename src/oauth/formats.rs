//! What is in a key file, whatever wrote it.
//!
//! PEM labels are often wrong, so what the bytes *are* decides. Keys are looked at as far as DER
//! frames go; nothing is computed with one whose numbers are not those of a key.

use rsa::pkcs1::UintRef;
use rsa::pkcs8::der::asn1::BitStringRef;
use rsa::pkcs8::der::{Encode as _, Error as DerError};
use rsa::pkcs8::{self, EncryptedPrivateKeyInfoRef, SubjectPublicKeyInfoRef, pkcs5};
use zeroize::Zeroizing;

use super::fault::KeyFault;
use super::keys::{PrivateKey, check_numbers};
use super::{armour, der, keys, openssh};
use crate::domain::PublicKey;

/// A passphrase that takes more memory than this to try is nobody's: 1 GiB.
const MOST_MEMORY: u64 = 1 << 30;

/// One key of a file.
enum Piece {
    Private(Box<PrivateKey>),
    /// The whole `EncryptedPrivateKeyInfo`.
    Encrypted(Zeroizing<Vec<u8>>),
    Public(PublicKey),
    Certificate(PublicKey),
}

/// The keys of a file.
pub struct Found {
    pieces: Vec<Piece>,
}

/// Reads the bytes of a key file: PEM with one block or several, bare base64, DER, or a line of
/// OpenSSH.
pub fn read(bytes: &[u8]) -> Result<Found, KeyFault> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(KeyFault::Utf16);
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Ok(one(classify(bytes)?));
    };
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return Err(KeyFault::Empty);
    }
    let blocks = armour::blocks(text)?;
    if !blocks.is_empty() {
        let pieces: Vec<Piece> = blocks
            .iter()
            .filter_map(of_block)
            .collect::<Result<_, _>>()?;
        return if pieces.is_empty() {
            Err(KeyFault::NotAKey)
        } else {
            Ok(Found { pieces })
        };
    }
    if let Some(numbers) = openssh::public(text) {
        let (modulus, exponent) = numbers?;
        return Ok(one(Piece::Public(public_of(der::Numbers {
            modulus: &modulus,
            exponent: &exponent,
        })?)));
    }
    // A short DER file may happen to be UTF-8; text never begins like this one and fits.
    if let Some(piece) = armour::decode(text).map(|bytes| classify(&bytes)) {
        return Ok(one(piece?));
    }
    Err(KeyFault::NotAKey)
}

fn private(key: PrivateKey) -> Piece {
    Piece::Private(Box::new(key))
}

fn one(piece: Piece) -> Found {
    Found {
        pieces: vec![piece],
    }
}

/// What a block of PEM is; nothing if it accompanies a key and is none.
fn of_block(block: &armour::Block) -> Option<Result<Piece, KeyFault>> {
    match block.label.as_str() {
        "EC PARAMETERS" | "DH PARAMETERS" | "X509 CRL" => return None,
        "OPENSSH PRIVATE KEY" => {
            return Some(openssh::private(&block.bytes).map(private));
        }
        "DSA PRIVATE KEY" => return Some(Err(KeyFault::Algorithm("a DSA"))),
        _ if block.has_headers => {
            return Some(Err(KeyFault::Encryption("the old way of PEM headers")));
        }
        _ => {}
    }
    let name = || block.label.to_ascii_lowercase();
    Some(classify(&block.bytes).map_err(|fault| match fault {
        KeyFault::NotAKey if block.label.ends_with("KEY") || block.label == "CERTIFICATE" => {
            KeyFault::Damaged(name())
        }
        fault => fault,
    }))
}

/// What some DER is.
fn classify(bytes: &[u8]) -> Result<Piece, KeyFault> {
    use der::{BIT_STRING, INTEGER, OCTET_STRING, OID, SEQUENCE, take};
    let (body, rest) = take(bytes, SEQUENCE).ok_or(KeyFault::NotAKey)?;
    if !rest.is_empty() {
        return Err(KeyFault::NotAKey);
    }
    if let Some((_version, after)) = take(body, INTEGER) {
        if let Some((algorithm, after)) = take(after, SEQUENCE) {
            let (oid, _) = take(algorithm, OID).ok_or(KeyFault::NotAKey)?;
            // A version, an algorithm and a key: PKCS #8. A version and contents: PKCS #12.
            let (key, _) = take(after, OCTET_STRING).ok_or_else(|| {
                if take(algorithm, OID).is_some() {
                    KeyFault::Store
                } else {
                    KeyFault::NotAKey
                }
            })?;
            rsa_only(oid)?;
            return pkcs1(key).map(private);
        }
        if take(after, OCTET_STRING).is_some() {
            return Err(KeyFault::Algorithm("an elliptic-curve"));
        }
        return numbers_only(body);
    }
    let (head, after) = take(body, SEQUENCE).ok_or(KeyFault::NotAKey)?;
    if let Some((oid, _)) = take(head, OID) {
        if take(after, OCTET_STRING).is_some() {
            return if oid == der::PBES2 {
                Ok(Piece::Encrypted(Zeroizing::new(bytes.to_vec())))
            } else {
                Err(KeyFault::Encryption("an old scheme"))
            };
        }
        if take(after, BIT_STRING).is_some() {
            rsa_only(oid)?;
            return spki(bytes).map(Piece::Public);
        }
    }
    match x509_parser::parse_x509_certificate(bytes) {
        Ok((_, certificate)) => {
            let key = certificate.public_key();
            let (info, _) = take(key.raw, SEQUENCE).ok_or(KeyFault::NotAKey)?;
            let (algorithm, _) = take(info, SEQUENCE).ok_or(KeyFault::NotAKey)?;
            rsa_only(take(algorithm, OID).ok_or(KeyFault::NotAKey)?.0)?;
            spki(key.raw).map(Piece::Certificate)
        }
        // Signed like a certificate, and begins with a version: PKCS #10.
        Err(_) if take(head, INTEGER).is_some() => Err(KeyFault::Request),
        Err(_) => Err(KeyFault::NotAKey),
    }
}

/// A row of numbers: which key it is, only their count tells.
fn numbers_only(body: &[u8]) -> Result<Piece, KeyFault> {
    let mut numbers = Vec::new();
    let mut rest = body;
    while let Some((number, after)) = der::take(rest, der::INTEGER) {
        numbers.push(der::digits(number));
        rest = after;
    }
    match numbers.as_slice() {
        [modulus, exponent] => public_of(der::Numbers { modulus, exponent }).map(Piece::Public),
        [_, _, _, _, _, _] => Err(KeyFault::Algorithm("a DSA")),
        [version, modulus, exponent, d, p, q, _, _, _] => {
            if !version.is_empty() || !rest.is_empty() {
                return Err(KeyFault::Numbers("it has more than two primes"));
            }
            keys::assemble(der::Numbers { modulus, exponent }, d, [p, q]).map(private)
        }
        _ => Err(KeyFault::NotAKey),
    }
}

/// The key inside PKCS #8.
fn pkcs1(bytes: &[u8]) -> Result<PrivateKey, KeyFault> {
    let (body, _) = der::take(bytes, der::SEQUENCE).ok_or(KeyFault::NotAKey)?;
    match numbers_only(body)? {
        Piece::Private(key) => Ok(*key),
        _ => Err(KeyFault::NotAKey),
    }
}

fn rsa_only(oid: &[u8]) -> Result<(), KeyFault> {
    Err(KeyFault::Algorithm(match oid {
        der::RSA => return Ok(()),
        der::PSS => "an RSASSA-PSS",
        der::EC => "an elliptic-curve",
        der::ED25519 => "an Ed25519",
        der::DSA => "a DSA",
        _ => "another kind of",
    }))
}

/// A `SubjectPublicKeyInfo` as it is, so that its fingerprint stays what others compute.
fn spki(bytes: &[u8]) -> Result<PublicKey, KeyFault> {
    let numbers = der::numbers(bytes).ok_or(KeyFault::NotAKey)?;
    check_numbers(numbers)?;
    Ok(PublicKey {
        der: bytes.to_vec(),
        bits: der::bits(numbers.modulus),
    })
}

/// A public key from its two numbers.
fn public_of(numbers: der::Numbers<'_>) -> Result<PublicKey, KeyFault> {
    check_numbers(numbers)?;
    let encode = || -> Result<Vec<u8>, DerError> {
        let key = rsa::pkcs1::RsaPublicKeyRef {
            modulus: UintRef::new(numbers.modulus)?,
            public_exponent: UintRef::new(numbers.exponent)?,
        }
        .to_der()?;
        SubjectPublicKeyInfoRef {
            algorithm: rsa::pkcs1::ALGORITHM_ID,
            subject_public_key: BitStringRef::new(0, &key)?,
        }
        .to_der()
    };
    Ok(PublicKey {
        der: encode().map_err(|_| KeyFault::NotAKey)?,
        bits: der::bits(numbers.modulus),
    })
}

/// Opens an encrypted PKCS #8 key.
fn decrypt(bytes: &[u8], passphrase: &[u8]) -> Result<PrivateKey, KeyFault> {
    let opened = open_pkcs8(bytes, passphrase)?;
    match classify(opened.as_bytes()) {
        Ok(Piece::Private(key)) => Ok(*key),
        // What comes out with a wrong passphrase is now and then padded right.
        Ok(_) | Err(KeyFault::NotAKey) => Err(KeyFault::Passphrase),
        Err(fault) => Err(fault),
    }
}

/// What is inside of an encrypted PKCS #8 key.
pub(super) fn open_pkcs8(
    bytes: &[u8],
    passphrase: &[u8],
) -> Result<pkcs8::SecretDocument, KeyFault> {
    let info = EncryptedPrivateKeyInfoRef::try_from(bytes)
        .map_err(|_| KeyFault::Encryption("an unknown scheme"))?;
    let scrypt = info
        .encryption_algorithm
        .pbes2()
        .and_then(|scheme| scheme.kdf.scrypt());
    if scrypt.is_some_and(|scrypt| {
        let blocks = u64::from(scrypt.block_size) * u64::from(scrypt.parallelization);
        scrypt.cost_parameter.saturating_mul(128 * blocks) > MOST_MEMORY
    }) {
        return Err(KeyFault::Encryption("more than 1 GiB for the passphrase"));
    }
    info.decrypt(passphrase).map_err(|error| match error {
        pkcs8::Error::EncryptedPrivateKey(
            pkcs5::Error::UnsupportedAlgorithm { .. }
            | pkcs5::Error::AlgorithmParametersInvalid { .. }
            | pkcs5::Error::NoPbes1CryptSupport,
        ) => KeyFault::Encryption("an unknown scheme"),
        _ => KeyFault::Passphrase,
    })
}

impl Found {
    /// Whether there is a private key, encrypted or not.
    pub fn is_private(&self) -> bool {
        self.secrets().next().is_some()
    }

    fn secrets(&self) -> impl Iterator<Item = &Piece> {
        self.pieces
            .iter()
            .filter(|piece| matches!(piece, Piece::Private(_) | Piece::Encrypted(_)))
    }

    fn publics(&self) -> impl Iterator<Item = &PublicKey> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Public(key) | Piece::Certificate(key) => Some(key),
            _ => None,
        })
    }

    /// The private key. A certificate or public key beside it must be its own: of a chain, the
    /// first one.
    pub fn private(&self, passphrase: Option<&[u8]>) -> Result<PrivateKey, KeyFault> {
        let secrets: Vec<&Piece> = self.secrets().collect();
        let key = match (secrets.as_slice(), self.pieces.first()) {
            ([Piece::Private(key)], _) => (**key).clone(),
            ([Piece::Encrypted(bytes)], _) => {
                decrypt(bytes, passphrase.ok_or(KeyFault::Encrypted)?)?
            }
            ([], Some(Piece::Certificate(_))) => return Err(KeyFault::Certificate),
            ([], Some(_)) => return Err(KeyFault::PublicHalf),
            ([], None) => return Err(KeyFault::NotAKey),
            (several, _) => return Err(KeyFault::Several(several.len())),
        };
        match self.publics().next() {
            Some(public) if !key.matches(public) => Err(KeyFault::Strangers),
            _ => Ok(key),
        }
    }

    /// The public key: the half of the private one, else the first there is.
    pub fn public(&self, passphrase: Option<&[u8]>) -> Result<PublicKey, KeyFault> {
        if self.is_private() {
            return self.private(passphrase).map(|key| key.public().clone());
        }
        self.publics().next().cloned().ok_or(KeyFault::NotAKey)
    }
}

#[cfg(test)]
#[path = "formats_tests.rs"]
mod tests;
