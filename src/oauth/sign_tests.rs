//! The published vector, and that both hands write the same base string.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends here")]

use proptest::prelude::*;
use rsa::pkcs1v15::Pkcs1v15Sign;
use rsa::pkcs8::DecodePrivateKey as _;
use sha1::{Digest as _, Sha1};

use super::*;

/// The key published for testing OAuth's RSA-SHA1 (OAuth Core 1.0 section 9.3).
const PUBLISHED: &str = "MIICdgIBADANBgkqhkiG9w0BAQEFAASCAmAwggJcAgEAAoGBALRiMLAh9iimur8VA7qVvdqxevEuUkW4K+2KdMXmnQbG9Aa7k7eBjK1S+0LYmVjPKlJGNXHDGuy5Fw/d7rjVJ0BLB+ubPK8iA/Tw3hLQgXMRRGRXXCn8ikfuQfjUS1uZSatdLB81mydBETlJhI6GH4twrbDJCR2Bwy/XWXgqgGRzAgMBAAECgYBYWVtleUzavkbrPjy0T5FMou8HX9u2AC2ry8vD/l7cqedtwMPp9k7TubgNFo+NGvKsl2ynyprOZR1xjQ7WgrgVB+mmuScOM/5HVceFuGRDhYTCObE+y1kxRloNYXnx3ei1zbeYLPCHdhxRYW7T0qcynNmwrn05/KO2RLjgQNalsQJBANeA3Q4Nugqy4QBUCEC09SqylT2K9FrrItqL2QKc9v0ZzO2uwllCbg0dwpVuYPYXYvikNHHg+aCWF+VXsb9rpPsCQQDWR9TT4ORdzoj+NccnqkMsDmzt0EfNaAOwHOmVJ2RVBspPcxt5iN4HI7HNeG6U5YsFBb+/GZbgfBT3kpNGWPTpAkBI+gFhjfJvRw38n3g/+UeAkwMI2TJQS4n8+hid0uus3/zOjDySH3XHCUnocn1xOJAyZODBo47E+67R4jV1/gzbAkEAklJaspRPXP877NssM5nAZMU0/O/NGCZ+3jPgDUno6WbJn5cqm8MqWhW1xGkImgRk+fkDBquiq4gPiT898jusgQJAd5Zrr6Q8AO/0isr/3aa6O6NLQxISLKcPDk2NOccAfS/xOtfOz4sJYM3+Bs4Io9+dZGSDCA54Lw03eHTNQghS0A==";

struct Published(rsa::PrivateKey);

impl Signer for Published {
    fn sign_sha1(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        let digest = Sha1::digest(message);
        Ok(self.0.sign(Pkcs1v15Sign::new::<Sha1>(), &digest).unwrap())
    }
}

/// Where only the base string matters.
struct Nothing;

impl Signer for Nothing {
    fn sign_sha1(&self, _: &[u8]) -> Result<Vec<u8>, SignError> {
        Ok(b"signature".to_vec())
    }
}

fn stamp(timestamp: u64, nonce: &str) -> RequestStamp {
    RequestStamp {
        timestamp: NonZeroU64::new(timestamp).unwrap(),
        nonce: nonce.to_owned(),
    }
}

fn get(url: &str) -> UnsignedRequest<'_> {
    UnsignedRequest {
        method: "GET",
        url,
        form: &[],
        consumer_key: "dpf43f3p2l4k3l03",
        token: None,
        extra: &[],
    }
}

/// The header's parameters, decoded.
fn header(authorization: &str) -> Vec<Parameter> {
    let fields = authorization.strip_prefix("OAuth ").unwrap();
    fields
        .split(',')
        .map(|field| {
            let (name, value) = field.trim().split_once('=').unwrap();
            let value = value.strip_prefix('"').unwrap().strip_suffix('"').unwrap();
            (
                name.to_owned(),
                super::super::base_string::decode_strict(value),
            )
        })
        .collect()
}

#[test]
fn the_published_vector() {
    let der = STANDARD.decode(PUBLISHED).unwrap();
    let key = Published(rsa::PrivateKey::from_pkcs8_der(&der).unwrap());
    let stamp = stamp(1_196_666_512, "13917289812797014437");
    for url in [
        "http://photos.example.net/photos?file=vacaction.jpg&size=original",
        "HTTP://PHOTOS.example.net:80/photos?size=original&file=vacaction.jpg",
    ] {
        let signed = sign(&get(url), &stamp, &key).unwrap();
        assert_eq!(
            *signed.base_string,
            "GET&http%3A%2F%2Fphotos.example.net%2Fphotos&file%3Dvacaction.jpg%26oauth_consumer_key%3Ddpf43f3p2l4k3l03%26oauth_nonce%3D13917289812797014437%26oauth_signature_method%3DRSA-SHA1%26oauth_timestamp%3D1196666512%26oauth_version%3D1.0%26size%3Doriginal"
        );
        assert_eq!(signed.base_string.len(), 249);
        let fields = header(&signed.authorization);
        let signature = fields.iter().find(|(name, _)| name == "oauth_signature");
        assert_eq!(
            signature.map(|(_, value)| value.as_str()),
            Some(
                "jvTp/wX1TYtByB1m+Pbyo0lnCOLIsyGCH7wke8AUs3BpnwZJtAuEJkvQL2/9n4s5wUmUl4aCI4BwpraNx4RtEXMe5qg5T1LVTGliMRpKasKsW//e+RinhejgCuzoH26dyF8iY2ZZ/5D1ilgeijhV/vBka5twt399mXwaYdCwFYE="
            )
        );
        assert!(fields.iter().all(|(name, _)| name.starts_with("oauth_")));
    }
}

#[test]
fn two_legged_requests_have_an_empty_token() {
    let request = UnsignedRequest {
        token: Some(""),
        ..get("https://jira.example.com/jira/rest/api/2/myself?xoauth_requestor_id=J%C3%B6rg%20B")
    };
    let signed = sign(&request, &stamp(1, "n"), &Nothing).unwrap();
    let fields = header(&signed.authorization);
    assert!(fields.contains(&("oauth_token".to_owned(), String::new())));
    assert!(!signed.authorization.contains("requestor"));
    assert!(signed.base_string.contains("%26oauth_token%3D%26"));
    assert!(
        signed
            .base_string
            .ends_with("%26xoauth_requestor_id%3DJ%25C3%25B6rg%2520B")
    );
}

#[test]
fn what_the_dance_adds_is_in_the_header_and_signed() {
    let extra = [
        ("oauth_callback", "http://127.0.0.1:1/a b"),
        ("oauth_verifier", "v&1"),
        ("oauth_session_handle", "h+2"),
    ];
    let request = UnsignedRequest {
        method: "post",
        token: Some("t=3"),
        extra: &extra,
        ..get("https://h/x")
    };
    let signed = sign(&request, &stamp(1, "n"), &Nothing).unwrap();
    let fields = header(&signed.authorization);
    for (name, value) in extra.iter().chain(&[("oauth_token", "t=3")]) {
        assert!(
            fields.contains(&((*name).to_owned(), (*value).to_owned())),
            "{name}"
        );
        let piece = format!("{name}%3D{}", encode(&encode(value)));
        assert!(signed.base_string.contains(&piece), "{piece}");
    }
    assert!(signed.base_string.starts_with("POST&"));
}

#[test]
fn a_key_that_fails_is_told() {
    struct Broken;
    impl Signer for Broken {
        fn sign_sha1(&self, _: &[u8]) -> Result<Vec<u8>, SignError> {
            Err(SignError::Key("why".to_owned()))
        }
    }
    assert_eq!(
        sign(&get("http://h/"), &stamp(1, "n"), &Broken).err(),
        Some(SignError::Key("why".to_owned()))
    );
}

#[test]
fn what_is_no_address_is_not_signed() {
    assert_eq!(
        sign(&get("nonsense"), &stamp(1, "n"), &Nothing).err(),
        Some(SignError::Address)
    );
}

#[test]
fn no_stamp_is_made_twice() {
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..2_000 {
        let stamp = RequestStamp::fresh().unwrap();
        assert_eq!(stamp.nonce.len(), 40);
        assert!(stamp.timestamp.get() > 1_700_000_000);
        assert!(seen.insert(stamp.nonce));
    }
}

proptest! {
    /// `sign` refuses to go on when the two base strings differ.
    #[test]
    fn both_hands_write_one_base_string(
        names in proptest::collection::vec(("[a-z_%&=+~*\u{20}é]{0,8}|oauth_[a-z]{1,9}", "\\PC{0,10}"), 0..8),
        form in proptest::collection::vec(("\\PC{1,6}", "\\PC{0,6}"), 0..3),
        path in "(/[a-zA-Z0-9%~._-]{0,6}){0,3}",
        key in "\\PC{1,12}",
        token in proptest::option::of("[a-zA-Z0-9]{0,8}"),
        port in proptest::option::of(1_u16..),
    ) {
        let query: Vec<String> = names
            .iter()
            .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
            .collect();
        let port = port.map(|port| format!(":{port}")).unwrap_or_default();
        let url = format!("https://H.example{port}{path}?{}", query.join("&"));
        let request = UnsignedRequest {
            form: &form,
            consumer_key: &key,
            token: token.as_deref(),
            ..get(&url)
        };
        let signed = sign(&request, &stamp(7, "n"), &Nothing);
        prop_assert!(signed.is_ok(), "{signed:?}");
    }
}
