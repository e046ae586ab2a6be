//! An RSA key pair: generates it, checks its numbers, and signs with it.

use rsa::pkcs1::{EncodeRsaPrivateKey as _, LineEnding};
use rsa::pkcs8::{EncodePrivateKey as _, EncodePublicKey as _};
use rsa::traits::PublicKeyParts as _;
use rsa::{BoxedUint, Pkcs1v15Sign};
use sha1::{Digest as _, Sha1};
use zeroize::Zeroizing;

use super::error::KeyError;
use super::rsa_numbers::{self, PublicNumbers};
use crate::domain::PublicKey;

/// The default length of a key: long enough, and short enough for every application.
pub const DEFAULT_BITS: u32 = 2048;
/// Shorter keys are made only for a test or an old program.
pub const LEAST_BITS: u32 = 2048;
/// The bounds within which there is any arithmetic: shorter ones are broken, longer ones only
/// keep the processor busy.
const COMPUTED_BITS: std::ops::RangeInclusive<u32> = 1024..=8192;
/// A longer modulus is not even read: it is as much as Java takes.
const MOST_BITS: u32 = 16_384;
/// An exponent is small: this is as much as a careful verifier takes (2^33 - 1).
const EXPONENT_BITS: u32 = 33;
/// What is said of numbers that no one key has.
const STRANGERS: &str = "they do not belong together";
/// What is signed to see whether two halves belong together.
const PROBE: &[u8] = b"applink: do these two halves belong together?";

/// A private key. It has no textual form: only [`PrivateKey::to_pkcs8_pem`] and
/// [`PrivateKey::to_pkcs1_pem`] give it away, into memory that is wiped.
#[derive(Clone)]
pub struct PrivateKey {
    key: rsa::PrivateKey,
    public: PublicKey,
}

impl std::fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PrivateKey")
            .field("bits", &self.public.bits)
            .finish_non_exhaustive()
    }
}

impl PrivateKey {
    /// Makes a key pair with the random numbers of the operating system. Without them there is
    /// an error and no key.
    pub fn generate(bits: u32) -> Result<Self, KeyError> {
        check_bits(bits)?;
        // The operating system itself, without a generator of our own in between: it is seldom
        // asked, and its failure arrives here.
        let key = rsa::PrivateKey::new(&mut getrandom::SysRng, bits as usize)
            .map_err(|error| failed(&error))?;
        let made = Self::new(key)?;
        if made.public.bits == bits && made.matches(&made.public) {
            Ok(made)
        } else {
            Err(KeyError::Computation)
        }
    }

    /// Takes a key that was read or made.
    pub(super) fn new(key: rsa::PrivateKey) -> Result<Self, KeyError> {
        let der = key
            .as_public_key()
            .to_public_key_der()
            .map_err(|_| KeyError::Computation)?
            .into_vec();
        let bits = key.n().bit_width_vartime();
        Ok(Self {
            key,
            public: PublicKey { der, bits },
        })
    }

    /// The public half.
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    /// The RSA-SHA1 signature of OAuth 1.0a (PKCS #1 v1.5 with SHA-1) over these bytes. It is
    /// blinded with random numbers, and checked before it is given out; both may fail.
    pub fn sign_sha1(&self, bytes: &[u8]) -> Result<Vec<u8>, KeyError> {
        self.key
            .sign(Pkcs1v15Sign::new::<Sha1>(), &Sha1::digest(bytes))
            .map_err(|error| failed(&error))
    }

    /// Whether this is the private half of a public key: something is signed with one and
    /// verified with the other.
    pub fn matches(&self, public: &PublicKey) -> bool {
        let Some(numbers) = PublicNumbers::of_spki(&public.der) else {
            return false;
        };
        if check_numbers(numbers).is_err() {
            return false;
        }
        let (Ok(modulus), Ok(exponent)) = (uint(numbers.modulus), uint(numbers.exponent)) else {
            return false;
        };
        let Ok(key) = rsa::PublicKey::new(modulus, exponent) else {
            return false;
        };
        self.sign_sha1(PROBE).is_ok_and(|signature| {
            let digest = Sha1::digest(PROBE);
            key.verify(Pkcs1v15Sign::new::<Sha1>(), &digest, &signature)
                .is_ok()
        })
    }

    /// PKCS #8 PEM (`BEGIN PRIVATE KEY`).
    pub fn to_pkcs8_pem(&self) -> Result<Zeroizing<String>, KeyError> {
        self.key
            .to_pkcs8_pem(LineEnding::LF)
            .map_err(|_| KeyError::Computation)
    }

    /// PKCS #1 PEM (`BEGIN RSA PRIVATE KEY`), which older libraries want.
    pub fn to_pkcs1_pem(&self) -> Result<Zeroizing<String>, KeyError> {
        self.key
            .to_pkcs1_pem(LineEnding::LF)
            .map_err(|_| KeyError::Computation)
    }
}

/// A key from its numbers, with nothing computed before they are seen to be those of a key. What
/// else a file says (the remainders for faster signing) is computed anew.
pub(super) fn assemble(
    numbers: PublicNumbers<'_>,
    private: &[u8],
    primes: [&[u8]; 2],
) -> Result<PrivateKey, KeyError> {
    check_numbers(numbers)?;
    check_bits(rsa_numbers::bits(numbers.modulus))?;
    let all = numbers.modulus.len();
    if [private]
        .iter()
        .chain(&primes)
        .any(|part| part.is_empty() || part.len() > all)
    {
        return Err(KeyError::Numbers(STRANGERS));
    }
    let [p, q] = primes;
    let key = rsa::PrivateKey::from_components(
        uint(numbers.modulus)?,
        uint(numbers.exponent)?,
        uint(private)?,
        vec![uint(p)?, uint(q)?],
    )
    .map_err(|_| KeyError::Numbers(STRANGERS))?;
    PrivateKey::new(key)
}

/// The numbers of a public key, before anything is computed with them.
pub(super) fn check_numbers(numbers: PublicNumbers<'_>) -> Result<(), KeyError> {
    let bits = rsa_numbers::bits(numbers.modulus);
    if bits > MOST_BITS {
        return Err(KeyError::Long {
            bits,
            most: MOST_BITS,
        });
    }
    let is_odd = |number: &[u8]| number.last().is_some_and(|last| last & 1 == 1);
    if !is_odd(numbers.modulus) {
        return Err(KeyError::Numbers("the modulus is even"));
    }
    let exponent = rsa_numbers::bits(numbers.exponent);
    if !(2..=EXPONENT_BITS).contains(&exponent) || !is_odd(numbers.exponent) {
        return Err(KeyError::Numbers("the exponent is none that is used"));
    }
    Ok(())
}

/// Whether there is to be any arithmetic.
fn check_bits(bits: u32) -> Result<(), KeyError> {
    let (least, most) = (*COMPUTED_BITS.start(), *COMPUTED_BITS.end());
    if bits < least {
        return Err(KeyError::Short { bits, least });
    }
    if bits > most {
        return Err(KeyError::Long { bits, most });
    }
    Ok(())
}

/// A number from its bytes, most significant first.
fn uint(bytes: &[u8]) -> Result<BoxedUint, KeyError> {
    let bits = u32::try_from(bytes.len() * 8).map_err(|_| KeyError::TooLong)?;
    BoxedUint::from_be_slice(bytes, bits).map_err(|_| KeyError::Computation)
}

fn failed(error: &rsa::Error) -> KeyError {
    match error {
        rsa::Error::Rng => KeyError::Random,
        _ => KeyError::Computation,
    }
}

#[cfg(test)]
#[path = "private_key_tests.rs"]
pub(super) mod tests;
