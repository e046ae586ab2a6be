//! RSA keys: the throw-away key pairs of the applications, and the public keys of their consumers.
//!
//! The whole process shares its key pairs and generates each on first use. Slot 0 is the same key
//! in every world, so a test run pays for each slot once. The keys come from a constant seed and
//! protect nothing.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rsa::pkcs1v15::Pkcs1v15Sign;
use rsa::pkcs8::spki::SubjectPublicKeyInfoRef;
use rsa::pkcs8::{DecodePublicKey as _, EncodePublicKey as _};
use rsa::{PrivateKey, PublicKey};
use sha1::{Digest as _, Sha1};

use crate::seed::SeededRng;
use crate::sync::lock;

/// A throw-away pair of an application.
#[derive(Debug)]
pub(crate) struct KeyPair {
    private: PrivateKey,
    /// SubjectPublicKeyInfo, base64 in one line.
    pub(crate) public: String,
}

impl KeyPair {
    /// Signature over `message`, base64.
    pub(crate) fn sign(&self, message: &str) -> Option<String> {
        let digest = Sha1::digest(message.as_bytes());
        self.private
            .sign(Pkcs1v15Sign::new::<Sha1>(), &digest)
            .ok()
            .map(|raw| STANDARD.encode(raw))
    }
}

type Pool = Mutex<HashMap<(usize, usize), Arc<KeyPair>>>;
static POOL: LazyLock<Pool> = LazyLock::new(Pool::default);

/// The key pair of a slot. `None` when no key of `bits` bits is possible.
pub(crate) fn pair(slot: usize, bits: usize) -> Option<Arc<KeyPair>> {
    if let Some(found) = lock(&POOL).get(&(slot, bits)) {
        return Some(found.clone());
    }
    let mut rng = SeededRng::new(slot as u64, "throw-away test key");
    let private = PrivateKey::new(&mut rng, bits).ok()?;
    let der = private.to_public_key().to_public_key_der().ok()?;
    let pair = Arc::new(KeyPair {
        private,
        public: STANDARD.encode(der.as_bytes()),
    });
    Some(lock(&POOL).entry((slot, bits)).or_insert(pair).clone())
}

/// The reason why a public key is refused, in the words of a Java exception.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct InvalidKey(pub(crate) String);

const RSA_ENCRYPTION: &str = "1.2.840.113549.1.1.1";

/// The DER of a public key, read as leniently as Java does.
///
/// It ignores the PEM header and footer, line ends and characters that are not base64, and accepts
/// both base64 alphabets. The bytes must be an RSA SubjectPublicKeyInfo.
pub(crate) fn public_der(text: &str) -> Result<Vec<u8>, InvalidKey> {
    let refused =
        |why: &str| InvalidKey(format!("java.security.spec.InvalidKeySpecException: {why}"));
    let der = lenient_base64(&without_pem_lines(text));
    if der.is_empty() {
        return Err(refused(
            "java.security.InvalidKeyException: IOException: Short read of DER length",
        ));
    }
    let info = SubjectPublicKeyInfoRef::try_from(der.as_slice()).map_err(|_| {
        refused("java.security.InvalidKeyException: IOException: invalid key format")
    })?;
    let algorithm = info.algorithm.oid.to_string();
    if algorithm != RSA_ENCRYPTION {
        return Err(refused(&format!(
            "java.security.InvalidKeyException: Expected a RSA key, but got {algorithm}"
        )));
    }
    let key = info.subject_public_key.raw_bytes();
    rsa::pkcs1::RsaPublicKeyRef::try_from(key)
        .map(drop)
        .map_err(|_| refused("java.security.InvalidKeyException: Invalid RSA public key"))?;
    Ok(der)
}

/// Whether `signature` (base64) over `message` was made with the private half of `public`.
pub(crate) fn verifies(public: &str, message: &str, signature: &str) -> bool {
    let (Ok(der), Ok(signature)) = (public_der(public), STANDARD.decode(signature)) else {
        return false;
    };
    let digest = Sha1::digest(message.as_bytes());
    PublicKey::from_public_key_der(&der).is_ok_and(|key| {
        key.verify(Pkcs1v15Sign::new::<Sha1>(), &digest, &signature)
            .is_ok()
    })
}

/// Removes PEM headers and footers (capitals and blanks between five dashes) and line feeds.
fn without_pem_lines(text: &str) -> String {
    const DASHES: &str = "-----";
    let mut rest = text;
    let mut clean = String::with_capacity(text.len());
    while let Some(start) = rest.find(DASHES) {
        let after = &rest[start + DASHES.len()..];
        let label = after.len()
            - after
                .trim_start_matches(|c: char| c.is_ascii_uppercase() || c == ' ')
                .len();
        clean.push_str(&rest[..start]);
        rest = match after[label..].strip_prefix(DASHES) {
            Some(tail) => tail,
            None => after,
        };
    }
    clean.push_str(rest);
    clean.replace('\n', "")
}

fn lenient_base64(text: &str) -> Vec<u8> {
    let mut bits: u32 = 0;
    let mut held = 0_u32;
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    for c in text.bytes() {
        let value = match c {
            b'A'..=b'Z' => c - b'A',
            b'a'..=b'z' => c - b'a' + 26,
            b'0'..=b'9' => c - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' => break,
            _ => continue,
        };
        bits = bits << 6 | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held & 0xff) as u8);
        }
    }
    bytes
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on ends here")]
mod tests {
    use super::{KeyPair, STANDARD, pair, public_der, verifies};

    #[test]
    fn signs_and_verifies() {
        let pair = pair(0, 2048).unwrap();
        let signature = pair.sign("message").unwrap();
        assert!(verifies(&pair.public, "message", &signature));
        assert!(!verifies(&pair.public, "other", &signature));
    }

    #[test]
    fn reads_keys_as_leniently_as_java() {
        let bare = pair(0, 2048).unwrap().public.clone();
        let wrapped: Vec<&str> = bare
            .as_bytes()
            .chunks(64)
            .map(|line| std::str::from_utf8(line).unwrap())
            .collect();
        let pem = |end: &str| {
            format!(
                "-----BEGIN PUBLIC KEY-----{end}{}{end}-----END PUBLIC KEY-----{end}",
                wrapped.join(end)
            )
        };
        let url_safe = bare.replace('+', "-").replace('/', "_");
        for good in [
            bare.clone(),
            pem("\n"),
            pem("\r\n"),
            pem("  \n"),
            format!("\u{feff}{}", pem("\n")),
            url_safe,
        ] {
            assert!(public_der(&good).is_ok(), "{good}");
        }
        let truncated = &bare[..bare.len() / 2];
        for bad in [
            pem("\\n"),
            format!("comment\n{}", pem("\n")),
            String::new(),
            truncated.to_owned(),
        ] {
            assert!(public_der(&bad).is_err(), "{bad}");
        }
    }

    /// Throw-away test key of OAuth Core 1.0, section 9.3, and the signature published with it.
    const PUBLISHED_KEY: &str = "MIICdgIBADANBgkqhkiG9w0BAQEFAASCAmAwggJcAgEAAoGBALRiMLAh9iimur8VA7qVvdqxevEuUkW4K+2KdMXmnQbG9Aa7k7eBjK1S+0LYmVjPKlJGNXHDGuy5Fw/d7rjVJ0BLB+ubPK8iA/Tw3hLQgXMRRGRXXCn8ikfuQfjUS1uZSatdLB81mydBETlJhI6GH4twrbDJCR2Bwy/XWXgqgGRzAgMBAAECgYBYWVtleUzavkbrPjy0T5FMou8HX9u2AC2ry8vD/l7cqedtwMPp9k7TubgNFo+NGvKsl2ynyprOZR1xjQ7WgrgVB+mmuScOM/5HVceFuGRDhYTCObE+y1kxRloNYXnx3ei1zbeYLPCHdhxRYW7T0qcynNmwrn05/KO2RLjgQNalsQJBANeA3Q4Nugqy4QBUCEC09SqylT2K9FrrItqL2QKc9v0ZzO2uwllCbg0dwpVuYPYXYvikNHHg+aCWF+VXsb9rpPsCQQDWR9TT4ORdzoj+NccnqkMsDmzt0EfNaAOwHOmVJ2RVBspPcxt5iN4HI7HNeG6U5YsFBb+/GZbgfBT3kpNGWPTpAkBI+gFhjfJvRw38n3g/+UeAkwMI2TJQS4n8+hid0uus3/zOjDySH3XHCUnocn1xOJAyZODBo47E+67R4jV1/gzbAkEAklJaspRPXP877NssM5nAZMU0/O/NGCZ+3jPgDUno6WbJn5cqm8MqWhW1xGkImgRk+fkDBquiq4gPiT898jusgQJAd5Zrr6Q8AO/0isr/3aa6O6NLQxISLKcPDk2NOccAfS/xOtfOz4sJYM3+Bs4Io9+dZGSDCA54Lw03eHTNQghS0A==";
    const PUBLISHED_SIGNATURE: &str = "jvTp/wX1TYtByB1m+Pbyo0lnCOLIsyGCH7wke8AUs3BpnwZJtAuEJkvQL2/9n4s5wUmUl4aCI4BwpraNx4RtEXMe5qg5T1LVTGliMRpKasKsW//e+RinhejgCuzoH26dyF8iY2ZZ/5D1ilgeijhV/vBka5twt399mXwaYdCwFYE=";

    #[test]
    fn makes_the_published_signature() {
        use base64::Engine as _;
        use rsa::pkcs8::{DecodePrivateKey as _, EncodePublicKey as _};
        let der = STANDARD.decode(PUBLISHED_KEY).unwrap();
        let private = rsa::PrivateKey::from_pkcs8_der(&der).unwrap();
        let spki = private.to_public_key().to_public_key_der().unwrap();
        let pair = KeyPair {
            private,
            public: STANDARD.encode(spki.as_bytes()),
        };
        let base = "GET&http%3A%2F%2Fphotos.example.net%2Fphotos&file%3Dvacaction.jpg%26\
            oauth_consumer_key%3Ddpf43f3p2l4k3l03%26oauth_nonce%3D13917289812797014437%26\
            oauth_signature_method%3DRSA-SHA1%26oauth_timestamp%3D1196666512%26\
            oauth_version%3D1.0%26size%3Doriginal";
        assert_eq!(pair.sign(base).as_deref(), Some(PUBLISHED_SIGNATURE));
        assert!(verifies(&pair.public, base, PUBLISHED_SIGNATURE));
    }
}
