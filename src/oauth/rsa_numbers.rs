//! Reads DER as far as the numbers of an RSA key, before anything is computed with them.

use rsa::pkcs1;
use rsa::pkcs8::SubjectPublicKeyInfoRef;
use rsa::pkcs8::der::asn1::AnyRef;
use rsa::pkcs8::der::{self, Decode as _, Reader as _, Tag, Tagged as _};

/// The tag and the content of one DER element.
pub(super) type Element<'a> = (Tag, &'a [u8]);

/// The elements of the one `SEQUENCE` that `der` consists of.
pub(super) fn elements(der: &[u8]) -> Option<Vec<Element<'_>>> {
    let sequence = AnyRef::from_der(der).ok()?;
    let elements = sequence.sequence(|reader| {
        let mut elements = Vec::new();
        while !reader.is_finished() {
            let element: AnyRef<'_> = reader.decode()?;
            elements.push((element.tag(), element.value()));
        }
        Ok::<_, der::Error>(elements)
    });
    elements.ok()
}

/// The integers with which a list of elements begins, without their leading zeros.
pub(super) fn integers<'a>(elements: &[Element<'a>]) -> Vec<&'a [u8]> {
    elements
        .iter()
        .take_while(|(tag, _)| *tag == Tag::Integer)
        .map(|(_, integer)| digits(integer))
        .collect()
}

/// A big-endian number without its leading zeros.
pub(super) fn digits(integer: &[u8]) -> &[u8] {
    let zeros = integer.iter().take_while(|byte| **byte == 0).count();
    integer.get(zeros..).unwrap_or_default()
}

/// The length of a number in bits.
pub(super) fn bits(integer: &[u8]) -> u32 {
    let digits = digits(integer);
    let unused = digits.first().map_or(0, |byte| byte.leading_zeros());
    u32::try_from(digits.len() * 8).map_or(u32::MAX, |bits| bits - unused)
}

/// The two numbers of an RSA public key, most significant byte first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PublicNumbers<'a> {
    pub(super) modulus: &'a [u8],
    pub(super) exponent: &'a [u8],
}

impl<'a> PublicNumbers<'a> {
    /// The numbers in a `SubjectPublicKeyInfo` (RFC 5280 section 4.1). As in Java, an integer that
    /// was written as a negative one counts as positive.
    pub(super) fn of_spki(der: &'a [u8]) -> Option<Self> {
        let info = SubjectPublicKeyInfoRef::from_der(der).ok()?;
        if info.algorithm.oid != pkcs1::ALGORITHM_OID {
            return None;
        }
        let key = elements(info.subject_public_key.as_bytes()?)?;
        match integers(&key).as_slice() {
            [modulus, exponent, ..] if !modulus.is_empty() => Some(Self { modulus, exponent }),
            _ => None,
        }
    }
}
