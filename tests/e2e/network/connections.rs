//! What is between the program and an application when it is not their network: balancers that
//! cut, dead addresses, long chains, old servers, and certificates that clients must show.

use std::fmt::Write as _;
use std::fs;
use std::net::{Ipv6Addr, SocketAddr};
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, Instant};

use applink_sandbox::{App, Product};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose, date_time_ymd,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{RootCertStore, ServerConfig};

use crate::support::env::Env;
use crate::support::proxy::{Cut, Middle, balancer, saying, terminator};
use crate::support::worlds::{jira, outside, pair, wiki, world, writes};

/// A pair with names, each behind a balancer at another address of the same port.
fn balanced(cut: Cut) -> (Env, Vec<Middle>) {
    let mut env = Env::new(world([
        jira()
            .host("jira.test")
            .base_url("http://jira.test:{port}/jira"),
        wiki().host("wiki.test").base_url("http://wiki.test:{port}"),
    ]));
    let mut words = String::new();
    let mut middles = Vec::new();
    for (alias, host) in [("jira", "jira.test"), ("wiki", "wiki.test")] {
        let port = env.world.app(alias).port();
        let to = SocketAddr::from(([127, 0, 0, 1], port));
        middles.push(balancer(&format!("127.0.0.2:{port}"), to, cut));
        let _ = write!(words, " --resolve {host}:{port}:127.0.0.2");
    }
    env.always(&words);
    (env, middles)
}

fn addressed(env: &Env) -> String {
    let url = |alias: &str| env.world.app(alias).base_url();
    format!("jira={} wiki={}", url("jira"), url("wiki"))
}

#[test]
fn a_balancer_that_ends_connections_between_requests() {
    for cut in [Cut::AfterAnswer, Cut::AtSecondRequest] {
        let (env, middles) = balanced(cut);
        let pair = addressed(&env);
        for line in [
            format!("create {pair}"),
            "verify --fail-on warning".to_owned(),
            "edit jira wiki --auth impersonation --yes".to_owned(),
            "list".to_owned(),
            "delete jira wiki --yes".to_owned(),
        ] {
            let out = env.applink(&line);
            assert_eq!(out.code, 0, "{cut:?} {line}: {}", out.shown());
            assert!(!env.has_journal());
        }
        assert!(middles.iter().all(|middle| middle.seen().len() > 5));
    }
}

#[test]
fn addresses_of_ipv6() {
    let Ok(listener) = std::net::TcpListener::bind("[::1]:0") else {
        return;
    };
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let env = Env::new(pair());
    let to = SocketAddr::from(([127, 0, 0, 1], env.world.app("wiki").port()));
    let middle = balancer(&format!("[::1]:{port}"), to, Cut::AfterAnswer);
    env.world
        .app("wiki")
        .configure(|settings| settings.base_url = Some(format!("http://[::1]:{port}")));
    let out = env
        .applink(&format!("app add wiki http://[::1]:{port}/ -o json"))
        .expect(0);
    assert_eq!(out.json()["app"]["url"], format!("http://[::1]:{port}"));
    env.applink("list wiki").expect(0);
    assert!(!middle.seen().is_empty());
    // Nobody listens there.
    drop(middle);
    let out = env.applink("list wiki").expect(5);
    assert!(out.says(&format!("[::1]:{port}")), "{}", out.shown());
}

#[test]
fn a_dead_address_of_the_other_family_costs_little() {
    let env = Env::new(world([
        wiki().host("wiki.test").base_url("http://wiki.test:{port}"),
        jira(),
    ]));
    let port = env.world.app("wiki").port();
    let url = env.world.app("wiki").base_url();
    // A listener whose queue is full takes no more connections, and does not refuse them either.
    let address = SocketAddr::from((Ipv6Addr::LOCALHOST, port));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let _inside = runtime.enter();
    let Ok(socket) = tokio::net::TcpSocket::new_v6() else {
        return;
    };
    if socket.bind(address).is_err() {
        return;
    }
    let _dead = socket.listen(1).unwrap();
    let fill = || std::net::TcpStream::connect_timeout(&address, Duration::from_millis(200));
    let mut filled: Vec<_> = (0..16).map(|_| fill()).collect();
    assert!(filled.pop().unwrap().is_err(), "the queue is not full");
    let live = format!("--resolve wiki.test:{port}:127.0.0.1");
    let dead = format!("--resolve wiki.test:{port}:[::1]");
    env.applink(&format!("app add wiki {url} {live}")).expect(0);
    let time = |words: &str| {
        let started = Instant::now();
        env.applink(&format!("list wiki {words}")).expect(0);
        started.elapsed()
    };
    time(&live);
    let alone = time(&live).min(time(&live));
    let with = time(&format!("{dead} {live}")).min(time(&format!("{dead} {live}")));
    assert!(
        with < alone + Duration::from_millis(300),
        "{alone:?} {with:?}"
    );
    let out = env
        .applink(&format!("list wiki {dead} --connect-timeout 0.2"))
        .expect(5);
    assert!(out.says("no connection within"), "{}", out.shown());
}

/// An authority, and what it issues.
struct Authority(CertifiedIssuer<'static, KeyPair>);

fn ca_params(name: &str) -> CertificateParams {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

impl Authority {
    fn root() -> Self {
        Self::named("Test Root")
    }

    fn named(name: &str) -> Self {
        let key = KeyPair::generate().unwrap();
        Self(CertifiedIssuer::self_signed(ca_params(name), key).unwrap())
    }

    fn below(&self, name: &str) -> Self {
        let key = KeyPair::generate().unwrap();
        Self(CertifiedIssuer::signed_by(ca_params(name), key, &self.0).unwrap())
    }

    fn issue(
        &self,
        usage: ExtendedKeyUsagePurpose,
        expired: bool,
    ) -> (rcgen::Certificate, KeyPair) {
        let mut params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
        params
            .distinguished_name
            .push(DnType::CommonName, "somebody");
        params.extended_key_usages = vec![usage];
        if expired {
            params.not_before = date_time_ymd(2019, 1, 1);
            params.not_after = date_time_ymd(2020, 1, 1);
        }
        let key = KeyPair::generate().unwrap();
        (params.signed_by(&key, &self.0).unwrap(), key)
    }

    /// A server's configuration; the chain has `between` authorities between root and server.
    fn server(&self, between: usize, clients: bool) -> ServerConfig {
        let mut chain = Vec::new();
        let mut last: Option<Self> = None;
        for n in 0..between {
            let next = last.as_ref().unwrap_or(self).below(&format!("Between {n}"));
            chain.insert(0, next.0.der().clone());
            last = Some(next);
        }
        let (leaf, key) = last
            .as_ref()
            .unwrap_or(self)
            .issue(ExtendedKeyUsagePurpose::ServerAuth, false);
        chain.insert(0, leaf.der().clone());
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
        let builder = ServerConfig::builder_with_provider(provider.clone())
            .with_safe_default_protocol_versions()
            .unwrap();
        let builder = if clients {
            let mut roots = RootCertStore::empty();
            roots.add(CertificateDer::clone(self.0.der())).unwrap();
            let verifier =
                rustls::server::WebPkiClientVerifier::builder_with_provider(roots.into(), provider);
            builder.with_client_cert_verifier(verifier.build().unwrap())
        } else {
            builder.with_no_client_auth()
        };
        builder.with_single_cert(chain, key).unwrap()
    }
}

/// Puts TLS in front of an application.
fn before(env: &Env, alias: &str, config: ServerConfig) -> Middle {
    let to = SocketAddr::from(([127, 0, 0, 1], env.world.app(alias).port()));
    let middle = terminator(config, to);
    let url = format!("https://{}", middle.address);
    env.world
        .app(alias)
        .configure(|settings| settings.base_url = Some(url));
    middle
}

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
    let key = env.plant("client/key.pem", &key.serialize_pem(), 0o600);
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
fn long_chains() {
    for (between, code) in [(1, 0), (5, 0), (12, 5)] {
        let env = Env::new(pair());
        let root = Authority::root();
        let ca = env.write("ca.pem", &root.0.pem(), 0o644);
        let middle = before(&env, "wiki", root.server(between, false));
        let out = env.applink(&format!(
            "app add wiki https://{} --cacert {}",
            middle.address,
            ca.display()
        ));
        assert_eq!(out.code, code, "{between}: {}", out.shown());
        assert!(code == 0 || out.says("TLS"), "{}", out.shown());
    }
}

#[test]
fn a_bundle_with_a_line_too_many() {
    let env = Env::new(pair());
    let root = Authority::root();
    let pem = root.0.pem();
    let commented = format!("# our authorities\nsubject=CN = Test Root\n{pem}\n\n# the end\n");
    let ca = env.write("ca.pem", &commented, 0o644);
    let middle = before(&env, "wiki", root.server(0, false));
    let line = format!(
        "app add wiki https://{} --cacert {}",
        middle.address,
        ca.display()
    );
    env.applink(&line).expect(0);
    let mut lines: Vec<&str> = pem.lines().collect();
    lines.insert(4, "<<<<<<< HEAD");
    env.write("ca.pem", &lines.join("\n"), 0o644);
    let out = env.applink(&line).expect(2);
    assert!(
        out.says("ca.pem:5: this line does not belong"),
        "{}",
        out.shown()
    );
    // Also where the state names it.
    let out = env.applink("list wiki");
    assert!(out.code != 0 && out.says("ca.pem:5:"), "{}", out.shown());
}

#[test]
fn a_client_certificate_with_its_key() {
    let mut env = Env::new(pair());
    let root = Authority::root();
    let ca = env.write("ca.pem", &root.0.pem(), 0o644);
    let middle = before(&env, "wiki", root.server(0, true));
    let client = client(&mut env, &root, false);
    let line = format!(
        "app add wiki https://{} --cacert {}",
        middle.address,
        ca.display()
    );
    let out = env.applink(&line).expect(5);
    assert!(
        out.says("client certificate") && out.says("--client-cert"),
        "{}",
        out.shown()
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
    assert!(out.says("APPLINK_CLIENT_KEY_PASSPHRASE"), "{}", out.shown());
    env.set("APPLINK_CLIENT_KEY_PASSPHRASE", "wr0ng-passphrase");
    let out = env.applink(&with(&client.encrypted)).expect(4);
    assert!(
        out.says("encrypted.pem") && out.says("passphrase"),
        "{}",
        out.shown()
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
fn client_certificates_that_do_not_serve() {
    let mut env = Env::new(pair());
    let root = Authority::root();
    let ca = env.write("ca.pem", &root.0.pem(), 0o644);
    let middle = before(&env, "wiki", root.server(0, true));
    let (good, other) = (
        client(&mut env, &root, false),
        Authority::named("Other Root"),
    );
    let line = format!(
        "app add wiki https://{} --cacert {}",
        middle.address,
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
    assert!(out.says("key.pem") && out.says("0644"), "{}", out.shown());
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
        out.shown()
    );
    let unknown = client(&mut env, &other, false);
    let out = env
        .applink(&with(&unknown.key, &unknown.certificate))
        .expect(5);
    assert!(out.says("client certificate"), "{}", out.shown());
    assert!(outside(&env.world).is_empty());
}

#[test]
fn a_client_certificate_goes_to_its_own_application() {
    let mut env = Env::new(world([jira(), wiki(), App::new(Product::Bamboo, "bamboo")]));
    let root = Authority::root();
    let ca = env.write("ca.pem", &root.0.pem(), 0o644);
    let own = before(&env, "wiki", root.server(0, true));
    let other = before(&env, "bamboo", root.server(0, true));
    let client = client(&mut env, &root, false);
    env.always(&format!("--cacert {}", ca.display()));
    env.applink(&format!(
        "app add wiki https://{} --client-cert {} --client-key {}",
        own.address,
        client.certificate.display(),
        client.key.display()
    ))
    .expect(0);
    let line = format!("create wiki bamboo=https://{}", other.address);
    let out = env.applink(&line).expect(5);
    assert!(out.says(&other.address.to_string()), "{}", out.shown());
    let seen = other.seen();
    assert!(
        !seen.is_empty() && !seen.contains(&"with a certificate".to_owned()),
        "{seen:?}"
    );
    assert!(own.seen().contains(&"with a certificate".to_owned()));
    assert!(writes(&env.world).is_empty());
}

#[test]
fn the_passphrase_is_asked_for() {
    let mut env = Env::new(pair());
    let root = Authority::root();
    let ca = env.write("ca.pem", &root.0.pem(), 0o644);
    let middle = before(&env, "wiki", root.server(0, true));
    let client = client(&mut env, &root, false);
    let mut command = env.command(&format!(
        "app add wiki https://{} --cacert {} --client-cert {} --client-key {} -vv --log-file {{home}}/log",
        middle.address,
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

#[test]
fn servers_of_yesterday() {
    let env = Env::new(pair());
    let line = |middle: &Middle| format!("app add wiki https://{}", middle.address);
    // A fatal alert, protocol_version; and a server that goes on with TLS 1.0.
    let mut hello = vec![2, 0, 0, 70, 3, 1];
    hello.extend([7; 32]);
    hello.push(32);
    hello.extend([9; 32]);
    hello.extend([0, 47, 0]);
    let mut record = vec![22, 3, 1, 0, u8::try_from(hello.len()).unwrap()];
    record.extend(hello);
    for bytes in [vec![21, 3, 1, 0, 2, 2, 70], record] {
        let server = saying(bytes);
        let out = env.applink(&line(&server)).expect(5);
        for text in ["TLS 1.2", "TLS 1.3", &server.address.to_string()] {
            assert!(out.says(text), "{text}: {}", out.shown());
        }
        assert!(!out.says("--cacert"), "{}", out.shown());
    }
    // Something else altogether.
    let server = saying(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec());
    let out = env.applink(&line(&server)).expect(5);
    assert!(out.says("http"), "{}", out.shown());
}
