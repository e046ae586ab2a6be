//! Client certificates.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::Stdio;

use applink_sandbox::{App, Product};
use rcgen::ExtendedKeyUsagePurpose;

use crate::support::certificates::{Authority, add_tls_terminator};
use crate::support::env::Env;
use crate::support::worlds::{client_requests, jira, pair, wiki, world, writes};

/// Files of a client certificate: the certificate, its key, and the key encrypted.
struct Client {
    certificate: PathBuf,
    key: PathBuf,
    encrypted: PathBuf,
}

const PASSPHRASE: &str = "c0rrect-h@rse-staple";

fn client(env: &mut Env, authority: &Authority, expired: bool) -> Client {
    let (certificate, key) = authority.issue(ExtendedKeyUsagePurpose::ClientAuth, expired);
    let certificate = env.write("client/cert.pem", &certificate.pem(), 0o644);
    let key = env.write_secret("client/key.pem", &key.serialize_pem(), 0o600);
    let encrypted = env.path("client/encrypted.pem");
    let made = std::process::Command::new("openssl")
        .args(["pkcs8", "-topk8", "-in"])
        .arg(&key)
        .args(["-passout", &format!("pass:{PASSPHRASE}"), "-out"])
        .arg(&encrypted)
        .status()
        .unwrap();
    assert!(made.success());
    fs::set_permissions(&encrypted, fs::Permissions::from_mode(0o600)).unwrap();
    env.secret("client", PASSPHRASE);
    Client {
        certificate,
        key,
        encrypted,
    }
}

#[test]
fn a_client_certificate_is_sent_with_its_key() {
    let mut env = Env::new(pair());
    let root = Authority::root();
    let ca = env.write("ca.pem", &root.0.pem(), 0o644);
    let proxy = add_tls_terminator(&env, "wiki", root.server(0, true));
    let client = client(&mut env, &root, false);
    let line = format!(
        "app add wiki https://{} --cacert {}",
        proxy.address,
        ca.display()
    );
    let out = env.applink(&line).expect(5);
    assert!(
        out.says("client certificate") && out.says("--client-cert"),
        "{}",
        out.transcript()
    );
    let certificate = client.certificate.display();
    let with = |key: &PathBuf| {
        format!(
            "{line} --client-cert {certificate} --client-key {}",
            key.display()
        )
    };
    env.applink(&with(&client.key)).expect(0);
    env.applink("list wiki").expect(0);
    // An encrypted key, its passphrase from the environment.
    let out = env.applink(&with(&client.encrypted)).expect(4);
    assert!(
        out.says("APPLINK_CLIENT_KEY_PASSPHRASE"),
        "{}",
        out.transcript()
    );
    env.set("APPLINK_CLIENT_KEY_PASSPHRASE", "wr0ng-passphrase");
    let out = env.applink(&with(&client.encrypted)).expect(4);
    assert!(
        out.says("encrypted.pem") && out.says("passphrase"),
        "{}",
        out.transcript()
    );
    env.set("APPLINK_CLIENT_KEY_PASSPHRASE", PASSPHRASE);
    env.applink(&format!(
        "{} -vv --log-file {{home}}/log",
        with(&client.encrypted)
    ))
    .expect(0);
    env.applink("list wiki -vv").expect(0);
    env.applink("verify --report {home}/report.json -vv");
    // As everywhere, the recorded key is asked for only where it is needed.
    env.unset("APPLINK_CLIENT_KEY_PASSPHRASE");
    let out = env.applink("list wiki -o json").expect(4);
    assert_eq!(out.json()["errors"][0]["kind"], "auth");
    env.applink("app list").expect(0);
}

#[test]
fn unusable_client_certificates_are_explained() {
    let mut env = Env::new(pair());
    let root = Authority::root();
    let ca = env.write("ca.pem", &root.0.pem(), 0o644);
    let proxy = add_tls_terminator(&env, "wiki", root.server(0, true));
    let (good, other) = (
        client(&mut env, &root, false),
        Authority::named("Other Root"),
    );
    let line = format!(
        "app add wiki https://{} --cacert {}",
        proxy.address,
        ca.display()
    );
    let with = |key: &PathBuf, certificate: &PathBuf| {
        format!(
            "{line} --client-cert {} --client-key {}",
            certificate.display(),
            key.display()
        )
    };
    // Others can read the key.
    fs::set_permissions(&good.key, fs::Permissions::from_mode(0o644)).unwrap();
    let out = env.applink(&with(&good.key, &good.certificate)).expect(4);
    assert!(
        out.says("key.pem") && out.says("0644"),
        "{}",
        out.transcript()
    );
    fs::set_permissions(&good.key, fs::Permissions::from_mode(0o600)).unwrap();
    // No key, no certificate, and two that do not belong together.
    env.applink(&with(&good.certificate, &good.certificate))
        .expect(2)
        .expect_says("cert.pem");
    env.applink(&with(&good.key, &good.key))
        .expect(2)
        .expect_says("key.pem");
    let (certificate, _) = root.issue(ExtendedKeyUsagePurpose::ClientAuth, false);
    let stranger = env.write("client/stranger.pem", &certificate.pem(), 0o644);
    env.applink(&with(&good.key, &stranger))
        .expect(2)
        .expect_says("together");
    // One that has expired, and one of an authority that is not trusted there.
    let expired = client(&mut env, &root, true);
    let out = env
        .applink(&with(&expired.key, &expired.certificate))
        .expect(2);
    assert!(
        out.says("expired") && out.says("2020-01-01"),
        "{}",
        out.transcript()
    );
    let unknown = client(&mut env, &other, false);
    let out = env
        .applink(&with(&unknown.key, &unknown.certificate))
        .expect(5);
    assert!(out.says("client certificate"), "{}", out.transcript());
    assert!(client_requests(&env.world).is_empty());
}

#[test]
fn a_client_certificate_is_sent_only_to_its_own_application() {
    let mut env = Env::new(world([jira(), wiki(), App::new(Product::Bamboo, "bamboo")]));
    let root = Authority::root();
    let ca = env.write("ca.pem", &root.0.pem(), 0o644);
    let own = add_tls_terminator(&env, "wiki", root.server(0, true));
    let other = add_tls_terminator(&env, "bamboo", root.server(0, true));
    let client = client(&mut env, &root, false);
    env.add_options(&format!("--cacert {}", ca.display()));
    env.applink(&format!(
        "app add wiki https://{} --client-cert {} --client-key {}",
        own.address,
        client.certificate.display(),
        client.key.display()
    ))
    .expect(0);
    let line = format!("create wiki bamboo=https://{}", other.address);
    let out = env.applink(&line).expect(5);
    assert!(out.says(&other.address.to_string()), "{}", out.transcript());
    let seen = other.log();
    assert!(
        !seen.is_empty() && !seen.contains(&"with a certificate".to_owned()),
        "{seen:?}"
    );
    assert!(own.log().contains(&"with a certificate".to_owned()));
    assert!(writes(&env.world).is_empty());
}

#[test]
fn an_encrypted_client_key_prompts_for_its_passphrase() {
    let mut env = Env::new(pair());
    let root = Authority::root();
    let ca = env.write("ca.pem", &root.0.pem(), 0o644);
    let proxy = add_tls_terminator(&env, "wiki", root.server(0, true));
    let client = client(&mut env, &root, false);
    let mut command = env.command(&format!(
        "app add wiki https://{} --cacert {} --client-cert {} --client-key {} -vv --log-file {{home}}/log",
        proxy.address,
        ca.display(),
        client.certificate.display(),
        client.encrypted.display()
    ));
    command
        .stdin(Stdio::inherit())
        .stdout(Stdio::inherit())
        .stderr(Stdio::inherit());
    let mut session = rexpect::session::spawn_command(command, Some(60_000)).unwrap();
    session.exp_string("Passphrase of").unwrap();
    session.exp_string(": ").unwrap();
    session.send_line(PASSPHRASE).unwrap();
    let shown = session.exp_eof().unwrap();
    assert!(shown.contains("wiki is known"), "{shown}");
    assert!(!shown.contains(PASSPHRASE), "{shown}");
    // The harness looks at every file.
    env.applink("app list").expect(0);
}
