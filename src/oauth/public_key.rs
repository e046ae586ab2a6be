//! Reads and writes RSA public keys as the applications do.
//!
//! The products accept what Java accepts: base64 of an X.509 `SubjectPublicKeyInfo`, with or
//! without PEM lines, with stray white space, in either alphabet. Compare keys as DER bytes, never
//! as text.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::pem;
use super::rsa_numbers::{self, PublicNumbers};
use crate::domain::PublicKey;

/// The longest text that is read, in bytes. No product stores a longer key.
const LONGEST: usize = 32 * 1024;

/// Why a text is no RSA public key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PublicKeyError {
    /// Too long to be one.
    #[error("the text is too long to be a public key")]
    TooLong,
    /// No base64.
    #[error("the text is not base64")]
    NotBase64,
    /// An RSA key with a length or an exponent that Java refuses.
    #[error("the key's length or exponent is none that an application takes")]
    Numbers,
    /// No `SubjectPublicKeyInfo` of an RSA key.
    #[error("the bytes are not an RSA public key (SubjectPublicKeyInfo)")]
    NotRsa,
}

/// Reads a public key the way a product does.
pub fn parse(text: &str) -> Result<PublicKey, PublicKeyError> {
    if text.len() > LONGEST {
        return Err(PublicKeyError::TooLong);
    }
    let der = pem::decode(&without_pem_lines(text))
        .ok_or(PublicKeyError::NotBase64)?
        .to_vec();
    let numbers = PublicNumbers::of_spki(&der).ok_or(PublicKeyError::NotRsa)?;
    let bits = rsa_numbers::bits(numbers.modulus);
    if !is_accepted_by_java(bits, numbers.exponent) {
        return Err(PublicKeyError::Numbers);
    }
    Ok(PublicKey { der, bits })
}

/// The only checks that Java makes: it accepts weak keys, and even moduli.
fn is_accepted_by_java(bits: u32, exponent: &[u8]) -> bool {
    let most = if bits > 3072 { 64 } else { bits };
    let exponent_bits = rsa_numbers::bits(exponent);
    (512..=16_384).contains(&bits) && exponent != [2] && (2..=most).contains(&exponent_bits)
}

/// The strict form that every reader accepts: PEM of 64 columns, each ended by one line feed.
pub fn to_pem(key: &PublicKey) -> String {
    pem::encode("PUBLIC KEY", &key.der)
}

/// Base64 on one line, as the applications answer it.
pub fn to_base64(key: &PublicKey) -> String {
    key.base64()
}

/// A JSON Web Key (RFC 7517).
pub fn to_jwk(key: &PublicKey) -> Result<serde_json::Value, PublicKeyError> {
    let numbers = PublicNumbers::of_spki(&key.der).ok_or(PublicKeyError::NotRsa)?;
    Ok(serde_json::json!({
        "kty": "RSA",
        "n": URL_SAFE_NO_PAD.encode(numbers.modulus),
        "e": URL_SAFE_NO_PAD.encode(numbers.exponent),
    }))
}

/// Removes every `-----BEGIN …-----` and `-----END …-----`.
fn without_pem_lines(text: &str) -> String {
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
