#![expect(clippy::unwrap_used, reason = "a test may fail that way")]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::*;
use crate::exit::Exit;
use crate::oauth::{files, formats};

/// The private key published for testing OAuth's RSA-SHA1 (1024 bit): everybody has it.
pub(in crate::oauth) const PUBLISHED: &str = "MIICdgIBADANBgkqhkiG9w0BAQEFAASCAmAwggJcAgEAAoGBALRiMLAh9iimur8VA7qVvdqxevEuUkW4K+2KdMXmnQbG9Aa7k7eBjK1S+0LYmVjPKlJGNXHDGuy5Fw/d7rjVJ0BLB+ubPK8iA/Tw3hLQgXMRRGRXXCn8ikfuQfjUS1uZSatdLB81mydBETlJhI6GH4twrbDJCR2Bwy/XWXgqgGRzAgMBAAECgYBYWVtleUzavkbrPjy0T5FMou8HX9u2AC2ry8vD/l7cqedtwMPp9k7TubgNFo+NGvKsl2ynyprOZR1xjQ7WgrgVB+mmuScOM/5HVceFuGRDhYTCObE+y1kxRloNYXnx3ei1zbeYLPCHdhxRYW7T0qcynNmwrn05/KO2RLjgQNalsQJBANeA3Q4Nugqy4QBUCEC09SqylT2K9FrrItqL2QKc9v0ZzO2uwllCbg0dwpVuYPYXYvikNHHg+aCWF+VXsb9rpPsCQQDWR9TT4ORdzoj+NccnqkMsDmzt0EfNaAOwHOmVJ2RVBspPcxt5iN4HI7HNeG6U5YsFBb+/GZbgfBT3kpNGWPTpAkBI+gFhjfJvRw38n3g/+UeAkwMI2TJQS4n8+hid0uus3/zOjDySH3XHCUnocn1xOJAyZODBo47E+67R4jV1/gzbAkEAklJaspRPXP877NssM5nAZMU0/O/NGCZ+3jPgDUno6WbJn5cqm8MqWhW1xGkImgRk+fkDBquiq4gPiT898jusgQJAd5Zrr6Q8AO/0isr/3aa6O6NLQxISLKcPDk2NOccAfS/xOtfOz4sJYM3+Bs4Io9+dZGSDCA54Lw03eHTNQghS0A==";
const FINGERPRINT: &str = "929f67e9de77c702618a99ad51cfe82b8e018feab4e53a79884e1b66dbc78016";

pub(in crate::oauth) fn published() -> PrivateKey {
    formats::read(PUBLISHED.as_bytes())
        .unwrap()
        .private(None)
        .unwrap()
}

#[test]
fn the_published_signature() {
    let key = published();
    assert_eq!(key.public().bits, 1024);
    assert_eq!(key.public().fingerprint(), FINGERPRINT);
    let base = "GET&http%3A%2F%2Fphotos.example.net%2Fphotos&file%3Dvacaction.jpg%26oauth_consumer_key%3Ddpf43f3p2l4k3l03%26oauth_nonce%3D13917289812797014437%26oauth_signature_method%3DRSA-SHA1%26oauth_timestamp%3D1196666512%26oauth_version%3D1.0%26size%3Doriginal";
    assert_eq!(
        STANDARD.encode(key.sign_sha1(base.as_bytes()).unwrap()),
        "jvTp/wX1TYtByB1m+Pbyo0lnCOLIsyGCH7wke8AUs3BpnwZJtAuEJkvQL2/9n4s5wUmUl4aCI4BwpraNx4RtEXMe5qg5T1LVTGliMRpKasKsW//e+RinhejgCuzoH26dyF8iY2ZZ/5D1ilgeijhV/vBka5twt399mXwaYdCwFYE="
    );
}

#[test]
fn halves_that_belong_together_and_others() {
    let (key, other) = (published(), PrivateKey::generate(1024).unwrap());
    assert!(key.matches(key.public()));
    assert!(other.matches(other.public()));
    assert!(!key.matches(other.public()));
    let garbage = PublicKey {
        der: vec![0x30, 0],
        bits: 1024,
    };
    assert!(!key.matches(&garbage));
}

#[test]
fn a_key_shows_nothing_of_itself() {
    assert_eq!(
        format!("{:?}", published()),
        "PrivateKey { bits: 1024, .. }"
    );
}

#[test]
fn lengths_out_of_bounds_are_not_even_tried() {
    for (bits, says) in [
        (512, "fewer"),
        (1023, "fewer"),
        (8193, "more"),
        (u32::MAX, "more"),
    ] {
        let fault = PrivateKey::generate(bits).unwrap_err();
        assert!(fault.to_string().contains(says), "{bits}: {fault}");
    }
}

#[test]
fn a_file_that_others_can_read_is_no_secret() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("key.pem");
    files::create_private(&path, &published().to_pkcs8_pem().unwrap()).unwrap();
    let key = PrivateKey::load(&path).unwrap();
    assert_eq!(key.public().fingerprint(), FINGERPRINT);
    for mode in [0o640, 0o604, 0o644, 0o620] {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        let error = PrivateKey::load(&path).unwrap_err();
        assert_eq!(error.exit(), Exit::Auth, "{mode:o}: {error}");
    }
    let missing = PrivateKey::load(&home.path().join("no.pem")).unwrap_err();
    assert_eq!(missing.exit(), Exit::Failed);
}

#[test]
fn what_was_left_half_written_goes() {
    let home = tempfile::tempdir().unwrap();
    let keys = home.path().join("keys");
    files::make_directory(&keys).unwrap();
    let old = std::time::SystemTime::now() - std::time::Duration::from_secs(3600);
    for (name, is_old) in [
        (".ci.pem.aaaaaa.tmp", true),
        (".ci.pem.bbbbbb.tmp", false),
        ("ci.pem", true),
    ] {
        let file = fs::File::create(keys.join(name)).unwrap();
        if is_old {
            file.set_modified(old).unwrap();
        }
    }
    files::make_directory(&keys).unwrap();
    let left = |name: &str| keys.join(name).exists();
    assert!(!left(".ci.pem.aaaaaa.tmp") && left(".ci.pem.bbbbbb.tmp") && left("ci.pem"));
    assert!(left(".gitignore"));
}
