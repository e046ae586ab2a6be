//! As much of DER as it takes to see what some bytes are, before anything is computed with them.

/// The object identifier of RSA encryption (RFC 8017).
pub(super) const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
/// RSASSA-PSS (RFC 8017).
pub(super) const PSS: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a];
/// Keys on elliptic curves (RFC 5480).
pub(super) const EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
/// Ed25519 (RFC 8410).
pub(super) const ED25519: &[u8] = &[0x2b, 0x65, 0x70];
/// DSA (RFC 3279).
pub(super) const DSA: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x38, 0x04, 0x01];
/// PBES2 (RFC 8018).
pub(super) const PBES2: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0d];

pub(super) const INTEGER: u8 = 0x02;
pub(super) const BIT_STRING: u8 = 0x03;
pub(super) const OCTET_STRING: u8 = 0x04;
pub(super) const OID: u8 = 0x06;
pub(super) const SEQUENCE: u8 = 0x30;

/// One DER element of the given tag: its content, and what comes after it.
pub(super) fn take(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (first, rest) = der.split_first()?;
    if *first != tag {
        return None;
    }
    let (short, rest) = rest.split_first()?;
    let (length, rest) = if *short < 0x80 {
        (usize::from(*short), rest)
    } else {
        let count = usize::from(*short & 0x7f);
        if count == 0 || count > 4 {
            return None;
        }
        let (digits, rest) = rest.split_at_checked(count)?;
        (
            digits
                .iter()
                .fold(0, |length, digit| length << 8 | usize::from(*digit)),
            rest,
        )
    };
    rest.split_at_checked(length)
}

/// A number as DER writes it, without the zeros before its first digit.
pub(super) fn digits(integer: &[u8]) -> &[u8] {
    let zeros = integer.iter().take_while(|byte| **byte == 0).count();
    integer.get(zeros..).unwrap_or_default()
}

/// The length of a number in bits.
pub(super) fn bits(integer: &[u8]) -> u32 {
    let digits = digits(integer);
    let first = digits.first().map_or(0, |byte| byte.leading_zeros());
    u32::try_from(digits.len() * 8).map_or(u32::MAX, |bits| bits - first)
}

/// The two numbers of an RSA public key, most significant byte first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Numbers<'a> {
    pub(super) modulus: &'a [u8],
    pub(super) exponent: &'a [u8],
}

/// The numbers in a `SubjectPublicKeyInfo` (RFC 5280 section 4.1). Only the frame is read.
pub(super) fn numbers(der: &[u8]) -> Option<Numbers<'_>> {
    let (info, rest) = take(der, SEQUENCE)?;
    if !rest.is_empty() {
        return None;
    }
    let (algorithm, info) = take(info, SEQUENCE)?;
    let (oid, _) = take(algorithm, OID)?;
    if oid != RSA {
        return None;
    }
    let (bit_string, _) = take(info, BIT_STRING)?;
    let (unused, key) = bit_string.split_first()?;
    if *unused != 0 {
        return None;
    }
    let (key, _) = take(key, SEQUENCE)?;
    let (modulus, exponent) = take(key, INTEGER)?;
    let (exponent, _) = take(exponent, INTEGER)?;
    let (modulus, exponent) = (digits(modulus), digits(exponent));
    (!modulus.is_empty()).then_some(Numbers { modulus, exponent })
}
