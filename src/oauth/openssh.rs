//! Reads RSA keys as OpenSSH writes them: `ssh-rsa AAAA…` and `BEGIN OPENSSH PRIVATE KEY`.

use super::error::KeyError;
use super::pem;
use super::private_key::{self, PrivateKey};
use super::rsa_numbers::{PublicNumbers, digits};

/// The first bytes of a private key file of OpenSSH.
const MAGIC: &[u8] = b"openssh-key-v1\0";
/// The name of the algorithm.
const RSA: &[u8] = b"ssh-rsa";

/// The name of the algorithm in messages; nothing if the word names none.
fn algorithm_name(word: &str) -> Option<&'static str> {
    Some(match word {
        "ssh-rsa" => "an RSA",
        "ssh-dss" => "a DSA",
        "ssh-ed25519" => "an Ed25519",
        word if word.starts_with("ecdsa-sha2-") => "an elliptic-curve",
        word if word.starts_with("sk-") => "a security",
        _ => return None,
    })
}

/// Modulus and exponent.
pub(super) type OwnedNumbers = (Vec<u8>, Vec<u8>);

/// The numbers in a line such as `ssh-rsa AAAA… jane@example.com`. Nothing if the line is no key.
pub(super) fn public(line: &str) -> Option<Result<OwnedNumbers, KeyError>> {
    let mut words = line.split_ascii_whitespace();
    let name = algorithm_name(words.next()?)?;
    let body = words.next()?;
    if name != "an RSA" {
        return Some(Err(KeyError::Algorithm(name)));
    }
    let numbers = pem::decode(body).and_then(|bytes| {
        let mut wire = WireReader(&bytes);
        if wire.string()? != RSA {
            return None;
        }
        let (exponent, modulus) = (wire.string()?, wire.string()?);
        wire.0
            .is_empty()
            .then(|| (digits(modulus).to_vec(), digits(exponent).to_vec()))
    });
    Some(numbers.ok_or_else(|| KeyError::Damaged("ssh-rsa key".to_owned())))
}

/// The private key in the decoded block.
pub(super) fn private(bytes: &[u8]) -> Result<PrivateKey, KeyError> {
    let damaged = || KeyError::Damaged("openssh private key".to_owned());
    let mut wire = WireReader(bytes.strip_prefix(MAGIC).ok_or_else(damaged)?);
    let cipher = wire.string().ok_or_else(damaged)?;
    if cipher != b"none" {
        return Err(KeyError::OpenSsh);
    }
    let mut open = || {
        let (_kdf, _options) = (wire.string()?, wire.string()?);
        if wire.number()? != 1 {
            return None;
        }
        let _public = wire.string()?;
        let mut secret = WireReader(wire.string()?);
        // The same number twice: OpenSSH recognises a wrong passphrase by it.
        (secret.number()? == secret.number()?).then_some(secret)
    };
    let mut secret = open().ok_or_else(damaged)?;
    let name = secret.string().ok_or_else(damaged)?;
    if name != RSA {
        let name = std::str::from_utf8(name).ok().and_then(algorithm_name);
        return Err(KeyError::Algorithm(name.unwrap_or("another")));
    }
    let mut next = || secret.string().map(digits).ok_or_else(damaged);
    let (modulus, exponent, private) = (next()?, next()?, next()?);
    let _coefficient = next()?;
    let (p, q) = (next()?, next()?);
    private_key::assemble(PublicNumbers { modulus, exponent }, private, [p, q])
}

/// The unread rest of a message in which the length precedes each string (RFC 4251).
struct WireReader<'a>(&'a [u8]);

impl<'a> WireReader<'a> {
    fn number(&mut self) -> Option<u32> {
        let (digits, rest) = self.0.split_first_chunk::<4>()?;
        self.0 = rest;
        Some(u32::from_be_bytes(*digits))
    }

    fn string(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(self.number()?).ok()?;
        let (text, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(text)
    }
}
