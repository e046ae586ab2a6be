#![expect(clippy::unwrap_used, reason = "a test may fail that way")]

use std::ffi::OsString;
use std::path::Path;

use rsa::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _, PrivateKeyInfoRef, pkcs5};

use super::*;
use crate::cli::{parse, run_to_end};
use crate::ui::{Capture, TerminalInfo};

/// Runs a command on a terminal, with what a person answers.
fn on_terminal(words: &[&str], answers: &[&str]) -> (Exit, Capture) {
    let words = ["applink"].iter().chain(words).map(OsString::from);
    let cli = parse(words).unwrap();
    let mut facts = TerminalInfo::from_env(|_| None);
    (facts.stdin_tty, facts.stdout_tty, facts.stderr_tty) = (true, true, true);
    let (ui, capture) = Ui::captured(cli.ui_options(), facts);
    for answer in answers {
        capture.answer(*answer);
    }
    (run_to_end(cli, &ui), capture)
}

/// A key file that is encrypted with `correct horse`.
fn encrypted(path: &Path) -> PrivateKey {
    let key = PrivateKey::generate(1024).unwrap();
    let der = rsa::PrivateKey::from_pkcs8_pem(&key.to_pkcs8_pem().unwrap())
        .unwrap()
        .to_pkcs8_der()
        .unwrap();
    let scheme = pkcs5::pbes2::Parameters::generate_pbkdf2_sha256_aes256cbc(
        2048,
        b"12345678",
        *b"sixteen bytes iv",
    );
    let document = PrivateKeyInfoRef::try_from(der.as_bytes())
        .unwrap()
        .encrypt_with_params(scheme.unwrap(), "correct horse")
        .unwrap();
    let pem = document
        .to_pem("ENCRYPTED PRIVATE KEY", rsa::pkcs8::LineEnding::LF)
        .unwrap();
    files::create_private(path, &pem).unwrap();
    key
}

#[test]
fn a_person_is_asked_for_the_passphrase() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("key.pem");
    let key = encrypted(&path);
    let path = path.to_str().unwrap();
    let (exit, capture) = on_terminal(&["key", "show", path], &["correct horse"]);
    assert_eq!(exit, Exit::Ok, "{}", capture.stderr());
    assert!(
        capture.stderr().contains("Passphrase of"),
        "{:?}",
        capture.stderr()
    );
    assert!(capture.stdout().contains(&key.public().fingerprint()));
    let (exit, capture) = on_terminal(&["key", "show", path], &["battery staple"]);
    assert_eq!(exit, Exit::Auth);
    assert!(!capture.stderr().contains("staple"), "{}", capture.stderr());
    let (exit, _) = on_terminal(&["key", "show", path, "--no-input"], &[]);
    assert_eq!(exit, Exit::Usage);
}

#[test]
fn a_private_key_is_not_shown_on_a_terminal() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("key.pem");
    let path = path.to_str().unwrap();
    let (exit, _) = on_terminal(&["key", "generate", "--key-file", path], &[]);
    assert_eq!(exit, Exit::Ok);
    let words = ["key", "convert", path, "--to", "pkcs8", "--out", "-"];
    let (exit, capture) = on_terminal(&words, &[]);
    assert_eq!(exit, Exit::Usage);
    assert!(capture.stdout().is_empty());
}
