//! RSA public keys as applications write and read them.
//!
//! The products take what Java takes: base64 of an X.509 `SubjectPublicKeyInfo`, with or without
//! PEM armour, with stray white space, in either alphabet. Two keys are compared as DER bytes,
//! never as text.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::domain::PublicKey;

/// No key that a product stores is longer.
const LONGEST: usize = 32 * 1024;

/// Why a text is no RSA public key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Too long to be one.
    #[error("the text is too long to be a public key")]
    TooLong,
    /// No base64.
    #[error("the text is not base64")]
    NotBase64,
    /// No `SubjectPublicKeyInfo` of an RSA key.
    #[error("the bytes are not an RSA public key (SubjectPublicKeyInfo)")]
    NotRsa,
}

/// Reads a public key the way a product does.
pub fn parse(text: &str) -> Result<PublicKey, KeyError> {
    if text.len() > LONGEST {
        return Err(KeyError::TooLong);
    }
    let body: String = without_armour(text)
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '\u{feff}')
        .map(|c| match c {
            '-' => '+',
            '_' => '/',
            c => c,
        })
        .collect();
    let config =
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let der = GeneralPurpose::new(&alphabet::STANDARD, config)
        .decode(body)
        .map_err(|_| KeyError::NotBase64)?;
    let bits = modulus_bits(&der).ok_or(KeyError::NotRsa)?;
    Ok(PublicKey { der, bits })
}

/// Takes out every `-----BEGIN …-----` and `-----END …-----`.
fn without_armour(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("-----") {
        let (before, from) = rest.split_at(start);
        out.push_str(before);
        let label = from.get(5..).unwrap_or_default();
        let Some(end) = label.find("-----") else {
            rest = "";
            break;
        };
        rest = label.get(end + 5..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// The object identifier of RSA encryption (RFC 8017), as DER.
const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];

/// The length of the modulus in a `SubjectPublicKeyInfo` (RFC 5280 section 4.1). Only the frame
/// is read: nothing is computed with a stranger's key.
fn modulus_bits(der: &[u8]) -> Option<u32> {
    let (info, rest) = take(der, 0x30)?;
    if !rest.is_empty() {
        return None;
    }
    let (algorithm, info) = take(info, 0x30)?;
    let (oid, _) = take(algorithm, 0x06)?;
    if oid != RSA {
        return None;
    }
    let (bit_string, _) = take(info, 0x03)?;
    let (unused, key) = bit_string.split_first()?;
    if *unused != 0 {
        return None;
    }
    let (key, _) = take(key, 0x30)?;
    let (modulus, exponent) = take(key, 0x02)?;
    take(exponent, 0x02)?;
    let leading = modulus.iter().take_while(|byte| **byte == 0).count();
    let digits = modulus.get(leading..)?;
    let first = digits.first()?;
    let bits = digits
        .len()
        .checked_mul(8)?
        .checked_sub(first.leading_zeros() as usize)?;
    u32::try_from(bits).ok()
}

/// One DER element of the given tag: its content, and what comes after it.
fn take(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The public half of the key published for testing OAuth's RSA-SHA1 (1024 bit).
    const PUBLISHED: &str = "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC0YjCwIfYoprq/FQO6lb3asXrxLlJFuCvtinTF5p0GxvQGu5O3gYytUvtC2JlYzypSRjVxwxrsuRcP3e641SdASwfrmzyvIgP08N4S0IFzEURkV1wp/IpH7kH41EtbmUmrXSwfNZsnQRE5SYSOhh+LcK2wyQkdgcMv11l4KoBkcwIDAQAB";

    #[test]
    fn every_form_that_java_takes_is_one_key() {
        let key = parse(PUBLISHED);
        assert_eq!(key.as_ref().map(|key| key.bits), Ok(1024));
        assert_eq!(
            key.as_ref().map(PublicKey::fingerprint).as_deref(),
            Ok("929f67e9de77c702618a99ad51cfe82b8e018feab4e53a79884e1b66dbc78016")
        );
        let lines: Vec<&str> = PUBLISHED
            .as_bytes()
            .chunks(64)
            .filter_map(|c| std::str::from_utf8(c).ok())
            .collect();
        let pem = format!(
            "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n",
            lines.join("\n")
        );
        let crlf = pem.replace('\n', " \r\n");
        let url_safe = PUBLISHED.replace('+', "-").replace('/', "_");
        let marked = format!("\u{feff}{pem}");
        for form in [pem, crlf, url_safe, marked] {
            assert_eq!(parse(&form), key);
        }
    }

    #[test]
    fn what_java_refuses_is_refused() {
        for bad in [
            "",
            "ssh-rsa AAAA",
            "AAAA",
            "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE",
            "%%%",
        ] {
            assert!(parse(bad).is_err(), "{bad}");
        }
        for cut in 0..PUBLISHED.len() {
            assert!(
                parse(PUBLISHED.get(..cut).unwrap_or_default()).is_err(),
                "cut at {cut}"
            );
        }
    }
}
