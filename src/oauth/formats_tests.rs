#![expect(clippy::unwrap_used, reason = "a test may fail that way")]

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;
use rsa::pkcs1::EncodeRsaPublicKey as _;
use rsa::pkcs8::{DecodePrivateKey as _, DecodePublicKey as _, EncodePrivateKey as _, LineEnding};
use rsa::traits::{PrivateKeyParts as _, PublicKeyParts as _};

use super::*;
use crate::oauth::private_key::tests::published;
use crate::oauth::public_key;

/// A key of a length that certificates are made with.
static KEY: LazyLock<PrivateKey> = LazyLock::new(|| PrivateKey::generate(2048).unwrap());

/// The same key in the hands of the library.
fn inner(key: &PrivateKey) -> rsa::PrivateKey {
    rsa::PrivateKey::from_pkcs8_pem(&key.to_pkcs8_pem().unwrap()).unwrap()
}

fn text(found: &str) -> Result<KeyBundle, KeyError> {
    read(found.as_bytes())
}

fn pem_of(label: &str, bytes: &[u8]) -> String {
    pem::encode(label, bytes)
}

fn certificate(key: &PrivateKey) -> String {
    let pem = key.to_pkcs8_pem().unwrap();
    let pair = rcgen::KeyPair::from_pkcs8_pem_and_sign_algo(&pem, &rcgen::PKCS_RSA_SHA256).unwrap();
    let names = vec!["jenkins.example.com".to_owned()];
    let params = rcgen::CertificateParams::new(names).unwrap();
    params.self_signed(&pair).unwrap().pem()
}

/// What `ssh-keygen` writes.
fn openssh(key: &PrivateKey) -> (String, String) {
    fn string(out: &mut Vec<u8>, bytes: &[u8]) {
        out.extend(u32::try_from(bytes.len()).unwrap().to_be_bytes());
        out.extend(bytes);
    }
    fn number(out: &mut Vec<u8>, bytes: &[u8]) {
        let mut digits = rsa_numbers::digits(bytes).to_vec();
        if digits.first().is_some_and(|first| first & 0x80 != 0) {
            digits.insert(0, 0);
        }
        string(out, &digits);
    }
    let key = inner(key);
    let (n, e) = (key.n().to_be_bytes(), key.e().to_be_bytes());
    let mut public = Vec::new();
    string(&mut public, b"ssh-rsa");
    number(&mut public, &e);
    number(&mut public, &n);
    let mut secret = vec![7, 7, 7, 7, 7, 7, 7, 7];
    string(&mut secret, b"ssh-rsa");
    number(&mut secret, &n);
    number(&mut secret, &e);
    number(&mut secret, &key.d().to_be_bytes());
    number(&mut secret, &key.crt_coefficient().unwrap().to_be_bytes());
    for prime in key.primes() {
        number(&mut secret, &prime.to_be_bytes());
    }
    string(&mut secret, b"jane@example.com");
    secret.extend([1, 2, 3]);
    let mut out = b"openssh-key-v1\0".to_vec();
    for part in [b"none".as_slice(), b"none", b""] {
        string(&mut out, part);
    }
    out.extend(1u32.to_be_bytes());
    string(&mut out, &public);
    string(&mut out, &secret);
    (
        pem_of("OPENSSH PRIVATE KEY", &out),
        format!("ssh-rsa {} jane@example.com\n", STANDARD.encode(&public)),
    )
}

/// A private key in every form in which it is read.
fn private_forms(key: &PrivateKey) -> Vec<String> {
    let pkcs8 = key.to_pkcs8_pem().unwrap().to_string();
    let bare: String = pkcs8.lines().filter(|line| !line.contains('-')).collect();
    vec![
        key.to_pkcs1_pem().unwrap().to_string(),
        openssh(key).0,
        bare,
        // A label that lies.
        pkcs8.replace(" PRIVATE", " RSA PRIVATE"),
        pkcs8,
    ]
}

fn public_forms(key: &PrivateKey) -> Vec<String> {
    let pkcs1 = inner(key).to_public_key().to_pkcs1_pem(LineEnding::LF);
    let spki = public_key::to_pem(key.public());
    vec![
        pkcs1.unwrap(),
        openssh(key).1,
        public_key::to_base64(key.public()),
        spki.replace('\n', ""),
        spki,
    ]
}

#[test]
fn every_private_form_is_the_same_key() {
    for form in private_forms(&published()) {
        let found = text(&form).unwrap();
        assert!(found.is_private());
        let key = found.private(None).unwrap();
        assert!(key.matches(published().public()));
        assert_eq!(found.public(None).unwrap(), *published().public());
    }
    let der = inner(&published()).to_pkcs8_der().unwrap();
    let key = read(der.as_bytes()).unwrap().private(None).unwrap();
    assert_eq!(key.public(), published().public());
}

#[test]
fn every_public_form_is_the_same_key() {
    for form in public_forms(&published()) {
        let found = text(&form).unwrap();
        assert_eq!(found.public(None).unwrap(), *published().public());
        assert!(!found.is_private());
        let fault = found.private(None).unwrap_err();
        assert!(matches!(fault, KeyError::PublicHalf), "{fault}");
    }
    let certificate = text(&certificate(&KEY)).unwrap();
    assert_eq!(certificate.public(None).unwrap(), *KEY.public());
    let fault = certificate.private(None).unwrap_err();
    assert!(matches!(fault, KeyError::Certificate), "{fault}");
}

#[test]
fn a_key_with_its_certificate_and_with_another_ones() {
    let key = KEY.to_pkcs8_pem().unwrap();
    let certificate = certificate(&KEY);
    for both in [
        format!("{}{certificate}", key.as_str()),
        format!("subject=CN = x\n{certificate}\n{}", key.as_str()),
    ] {
        let found = text(&both).unwrap();
        assert_eq!(found.private(None).unwrap().public(), KEY.public());
    }
    let strange = format!(
        "{certificate}{}",
        published().to_pkcs8_pem().unwrap().as_str()
    );
    let fault = text(&strange).unwrap().private(None).unwrap_err();
    assert!(matches!(fault, KeyError::Strangers), "{fault}");
    let two = format!("{0}{0}", key.as_str());
    let fault = text(&two).unwrap().private(None).unwrap_err();
    assert!(matches!(fault, KeyError::Several(2)), "{fault}");
}

#[test]
fn an_encrypted_key_and_its_passphrase() {
    let scheme = pkcs5::pbes2::Parameters::generate_pbkdf2_sha256_aes256cbc(
        2048,
        b"12345678",
        *b"sixteen bytes iv",
    );
    let der = inner(&published()).to_pkcs8_der().unwrap();
    let encrypted = pkcs8::PrivateKeyInfoRef::try_from(der.as_bytes())
        .unwrap()
        .encrypt_with_params(scheme.unwrap(), "correct horse")
        .unwrap();
    let encrypted = pem_of("ENCRYPTED PRIVATE KEY", encrypted.as_bytes()).replace('\n', "\r\n");
    let found = text(&encrypted).unwrap();
    assert!(found.is_private());
    let fault = |passphrase| found.private(passphrase).unwrap_err();
    assert!(matches!(fault(None), KeyError::Encrypted));
    assert!(matches!(fault(Some(b"wrong")), KeyError::Passphrase));
    let key = found.private(Some(b"correct horse")).unwrap();
    assert_eq!(key.public(), published().public());
}

#[test]
fn what_is_no_such_key_is_called_by_its_name() {
    let oid = |oid: &[u8], rest: &[u8]| {
        let mut algorithm = vec![0x06, u8::try_from(oid.len()).unwrap()];
        algorithm.extend(oid);
        sequence(&[sequence(&[algorithm]), rest.to_vec()])
    };
    let bit_string = [0x03, 2, 0, 0];
    let pss = pem_of("PUBLIC KEY", &oid(PSS_OID.as_bytes(), &bit_string));
    let curve = pem_of("PUBLIC KEY", &oid(EC_OID.as_bytes(), &bit_string));
    let sec1 = pem_of(
        "EC PRIVATE KEY",
        &sequence(&[vec![0x02, 1, 1], vec![0x04, 1, 1]]),
    );
    let pbes1 = pem_of(
        "ENCRYPTED PRIVATE KEY",
        &oid(
            &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x03],
            &[4, 1, 0],
        ),
    );
    let pkcs12 = sequence(&[
        vec![0x02, 1, 3],
        sequence(&[vec![0x06, 3, 0x2a, 3, 4], vec![0xa0, 0]]),
    ]);
    let old = published().to_pkcs1_pem().unwrap().replace(
        "KEY-----\nMII",
        "KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nMII",
    );
    let pem = published().to_pkcs8_pem().unwrap();
    let request = sequence(&[
        sequence(&[vec![0x02, 1, 0], sequence(&[])]),
        sequence(&[vec![0x06, 1, 1]]),
        bit_string.to_vec(),
    ]);
    for (form, says) in [
        ("", "empty"),
        ("\u{feff} \r\n", "empty"),
        ("hello", "no key in a known form"),
        ("AAAA", "no key in a known form"),
        (pss.as_str(), "an RSASSA-PSS key"),
        (&curve, "an elliptic-curve key"),
        (&sec1, "an elliptic-curve key"),
        ("ssh-ed25519 AAAA jane", "an Ed25519 key"),
        ("ssh-rsa AAAA", "ssh-rsa key in it is cut off"),
        (&pbes1, "an old scheme"),
        (&old, "the old way of PEM headers"),
        (
            &pem_of("CERTIFICATE REQUEST", &request),
            "certificate request",
        ),
        (pem.get(..200).unwrap(), "private key in it is cut off"),
        (&pem.replace('\n', "\\n"), "private key in it is cut off"),
        (&pem.replace("MII", "MIJ"), "private key in it is cut off"),
    ] {
        let fault = text(form).map(|_| ()).unwrap_err().to_string();
        assert!(fault.contains(says), "{fault:?} is not {says:?}");
    }
    let fault = |bytes: &[u8]| read(bytes).map(|_| ()).unwrap_err();
    assert!(matches!(fault(&pkcs12), KeyError::Store));
    assert!(matches!(fault(&[0xff, 0xfe, b'-', 0]), KeyError::Utf16));
    assert!(matches!(
        fault(&[0xfe, 0xed, 0xfe, 0xed]),
        KeyError::NotAKey
    ));
}

#[test]
fn hostile_numbers_are_refused_before_arithmetic() {
    let integer = |digits: &[u8]| {
        let zero: &[u8] = if digits.first().is_none_or(|first| first & 0x80 != 0) {
            &[0]
        } else {
            &[]
        };
        element(Tag::Integer, &[zero, digits].concat())
    };
    let sized = |bytes: usize, last: u8| {
        let mut modulus = vec![0xff; bytes];
        *modulus.last_mut().unwrap() = last;
        integer(&modulus)
    };
    let f4 = integer(&[1, 0, 1]);
    for (modulus, exponent, says) in [
        (sized(2049, 0xff), f4.clone(), "more than the 16384"),
        (sized(60_000, 0xff), f4.clone(), "more than the 16384"),
        (sized(256, 0xfe), f4.clone(), "the modulus is even"),
        (sized(256, 0xff), integer(&[1]), "the exponent"),
        (sized(256, 0xff), integer(&[]), "the exponent"),
        (sized(256, 0xff), integer(&[2]), "the exponent"),
        (sized(256, 0xff), sized(200, 0xff), "the exponent"),
        (integer(&[]), f4.clone(), "the modulus is even"),
    ] {
        let public = sequence(&[modulus.clone(), exponent.clone()]);
        let junk = integer(&[3]);
        let private = sequence(&[
            integer(&[]),
            modulus,
            exponent,
            junk.clone(),
            junk.clone(),
            junk.clone(),
            junk.clone(),
            junk.clone(),
            junk,
        ]);
        for key in [public, private] {
            let fault = text(&pem_of("RSA KEY", &key))
                .map(|_| ())
                .unwrap_err()
                .to_string();
            assert!(fault.contains(says), "{fault:?} is not {says:?}");
        }
    }
    // Read as a public key, but nothing is computed with it.
    let long = read(&sequence(&[sized(2048, 0xff), f4])).unwrap();
    let long = long.public(None).unwrap();
    assert_eq!(long.bits, 16_384);
    assert!(!published().matches(&long));
}

#[test]
fn damage_anywhere_is_an_error_and_no_panic() {
    let der = inner(&published()).to_pkcs8_der().unwrap();
    for at in 0..der.as_bytes().len() {
        for change in [0x01, 0x80] {
            let mut bytes = der.as_bytes().to_vec();
            *bytes.get_mut(at).unwrap() ^= change;
            if let Ok(found) = read(&bytes)
                && let Ok(key) = found.private(None)
            {
                // The remainders are not taken from the file, the rest is.
                assert_eq!(key.public(), published().public(), "at {at}");
            }
        }
        let _ = read(der.as_bytes().get(..at).unwrap());
    }
}

fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    element(Tag::Sequence, &parts.concat())
}

fn element(tag: Tag, content: &[u8]) -> Vec<u8> {
    AnyRef::new(tag, content).unwrap().to_der().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_key_survives_any_way_of_writing_it(
        steps in proptest::collection::vec((0usize..5, 0usize..4), 1..5),
    ) {
        let mut key = published();
        for (form, harm) in steps {
            let form = private_forms(&key).swap_remove(form);
            let form = match harm {
                0 => form.replace('\n', "\r\n"),
                1 => form.replace('\n', " \t\n"),
                2 => format!("\u{feff}{form}\n\n"),
                _ => form,
            };
            key = text(&form).unwrap().private(None).unwrap();
        }
        prop_assert_eq!(key.to_pkcs8_pem().unwrap(), published().to_pkcs8_pem().unwrap());
    }

    #[test]
    fn any_bytes_are_read_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = read(&bytes);
        let _ = read(pem_of("PRIVATE KEY", &bytes).as_bytes());
        let _ = read(pem_of("OPENSSH PRIVATE KEY", &bytes).as_bytes());
    }
}

#[test]
fn what_is_written_is_what_the_library_reads() {
    let pem = public_key::to_pem(KEY.public());
    let key = rsa::PublicKey::from_public_key_pem(&pem).unwrap();
    let jwk = public_key::to_jwk(KEY.public()).unwrap();
    assert_eq!(jwk["kty"], "RSA");
    assert_eq!(jwk["e"], "AQAB");
    let engine = base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let modulus = engine.decode(jwk["n"].as_str().unwrap()).unwrap();
    assert_eq!(modulus, rsa_numbers::digits(&key.n().to_be_bytes()));
    assert!(pem.lines().all(|line| line.len() <= 64));
}
