//! Probes simulated applications over real connections.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::io::{Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, TcpListener};
use std::thread;
use std::time::Duration;

use applink_sandbox::{App, Product, Tls, World};
use jiff::ToSpan as _;

use super::*;
use crate::domain::{TlsFacts, TlsFault};
use crate::remote::options::ResolveEntry;

fn world(tls: Tls) -> World {
    World::builder()
        .app(App::new(Product::Jira, "jira").tls(tls))
        .start()
        .unwrap()
}

fn url(world: &World) -> BaseUrl {
    BaseUrl::parse(&world.app("jira").url()).unwrap()
}

/// Options that trust the world's authority.
fn trusting(world: &World) -> Options {
    Options {
        tls: TlsFiles {
            authorities: world.ca_path().map(Into::into).into_iter().collect(),
            ..TlsFiles::default()
        },
        ..Options::default()
    }
}

fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(work)
}

fn try_probe(options: Options, url: &BaseUrl) -> Result<Reachability, Skipped> {
    let transport = Transport::new(options, Arc::new(str::to_owned));
    let prober = Prober::new(&transport);
    run(prober.probe(url, &TlsFiles::default()))
}

fn probe(options: Options, url: &BaseUrl) -> Reachability {
    try_probe(options, url).unwrap()
}

fn tls(mode: Tls) -> TlsFacts {
    let world = world(mode);
    let seen = probe(trusting(&world), &url(&world));
    assert_eq!(
        seen.addresses,
        Ok(vec![IpAddr::V4(Ipv4Addr::LOCALHOST)]),
        "{mode:?}"
    );
    assert!(matches!(seen.connection, Some(Ok(_))), "{mode:?}");
    assert!(world.requests().is_empty(), "{mode:?}: no HTTP");
    seen.tls.unwrap()
}

#[test]
fn a_good_certificate() {
    let facts = tls(Tls::Good);
    assert_eq!(facts.protocol.as_deref(), Some("TLS 1.3"));
    assert_eq!(facts.faults, []);
    assert!(!facts.asks_client);
    let [leaf] = facts.chain.as_slice() else {
        panic!("{:?}", facts.chain);
    };
    assert_eq!(leaf.subject, "CN=sandbox application");
    assert!(leaf.issuer.contains("Sandbox Test Authority"));
    assert!(leaf.names.contains(&"127.0.0.1".to_owned()));
    assert!(leaf.names.contains(&"localhost".to_owned()));
    assert_ne!(leaf.subject, leaf.issuer);
    assert_eq!(facts.first_to_end.as_ref(), Some(leaf));
}

#[test]
fn an_authority_that_nobody_named() {
    let world = world(Tls::Good);
    let facts = probe(Options::default(), &url(&world)).tls.unwrap();
    let [TlsFault::Untrusted(authority)] = facts.faults.as_slice() else {
        panic!("{:?}", facts.faults);
    };
    assert!(authority.contains("Sandbox Test Authority"));
    assert_eq!(facts.protocol.as_deref(), Some("TLS 1.3"));
}

#[test]
fn the_application_may_bring_its_own_authority() {
    let world = world(Tls::Good);
    let transport = Transport::new(Options::default(), Arc::new(str::to_owned));
    let prober = Prober::new(&transport);
    let files = trusting(&world).tls;
    let seen = run(prober.probe(&url(&world), &files)).unwrap();
    assert_eq!(seen.tls.unwrap().faults, []);
}

#[test]
fn what_is_wrong_with_a_certificate() {
    for (mode, problem) in [
        (Tls::Expired, TlsFault::Expired),
        (Tls::SelfSigned, TlsFault::SelfSigned),
        (Tls::WrongHost, TlsFault::WrongName),
    ] {
        let facts = tls(mode);
        assert_eq!(facts.faults, [problem], "{mode:?}");
        assert_eq!(facts.chain.len(), 1, "{mode:?}");
        assert_eq!(
            facts.protocol.as_deref(),
            Some("TLS 1.3"),
            "taken all the same"
        );
        let leaf = &facts.chain[0];
        assert_eq!(leaf.subject == leaf.issuer, mode == Tls::SelfSigned);
    }
}

#[test]
fn insecure_changes_nothing_of_it() {
    let world = world(Tls::SelfSigned);
    let options = Options {
        insecure: true,
        ..trusting(&world)
    };
    let facts = probe(options, &url(&world)).tls.unwrap();
    assert_eq!(facts.faults, [TlsFault::SelfSigned]);
}

#[test]
fn everything_that_is_wrong_is_said() {
    let world = world(Tls::Expired);
    let facts = probe(Options::default(), &url(&world)).tls.unwrap();
    let [TlsFault::Expired, TlsFault::Untrusted(_)] = facts.faults.as_slice() else {
        panic!("{:?}", facts.faults);
    };
}

#[test]
fn a_certificate_that_runs_out_soon() {
    let facts = tls(Tls::ExpiresSoon);
    assert_eq!(facts.faults, []);
    let end = facts.first_to_end.unwrap().not_after;
    let now = Timestamp::now();
    assert!(end > now + (9 * 24).hours() && end < now + (11 * 24).hours());
}

#[test]
fn a_client_certificate_is_wanted_and_none_is_sent() {
    let facts = tls(Tls::ClientCertificate);
    assert_eq!(facts.faults, [TlsFault::ClientCertificateRequired]);
    assert!(facts.asks_client);
    assert_eq!(facts.chain.len(), 1, "what was shown before is kept");
}

/// A TLS 1.3 server that asks for a client certificate, and may do without.
fn asking(required: bool) -> TlsFacts {
    let authority = rcgen::generate_simple_self_signed(["ca.example.com".to_owned()]).unwrap();
    let server = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let mut roots = rustls::RootCertStore::empty();
    roots.add(authority.cert.der().clone()).unwrap();
    let clients =
        rustls::server::WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider());
    let clients = if required {
        clients
    } else {
        clients.allow_unauthenticated()
    };
    let key = server.signing_key.serialize_der();
    let config = rustls::ServerConfig::builder_with_provider(provider())
        .with_protocol_versions(&[&rustls::version::TLS13])
        .unwrap()
        .with_client_cert_verifier(clients.build().unwrap())
        .with_single_cert(
            vec![server.cert.der().clone()],
            rustls::pki_types::PrivateKeyDer::try_from(key).unwrap(),
        )
        .unwrap();
    let url = answering(move |mut stream| {
        let mut connection = rustls::ServerConnection::new(Arc::new(config)).unwrap();
        while connection
            .complete_io(&mut stream)
            .is_ok_and(|(read, _)| read > 0)
        {}
    });
    probe(Options::default(), &url).tls.unwrap()
}

#[test]
fn a_refusal_after_the_handshake_is_waited_for() {
    for required in [true, false] {
        let facts = asking(required);
        assert_eq!(facts.protocol.as_deref(), Some("TLS 1.3"));
        assert!(facts.asks_client);
        let refused = facts.faults.contains(&TlsFault::ClientCertificateRequired);
        assert_eq!(refused, required);
    }
}

#[test]
fn a_request_fails_in_the_same_words() {
    for (mode, words) in [
        (Tls::SelfSigned, "not trusted here"),
        (Tls::Expired, "has expired"),
        (Tls::WrongHost, "for another name"),
    ] {
        let world = world(mode);
        let transport = Arc::new(Transport::new(trusting(&world), Arc::new(str::to_owned)));
        let session =
            crate::remote::Session::without_alias(url(&world), TlsFiles::default(), transport);
        let error = run(session.manifest()).unwrap_err();
        let crate::remote::Failure::Network(error) = error.failure else {
            panic!("{error:?}");
        };
        let NetworkProblem::Tls(text) = &error.problem else {
            panic!("{error:?}");
        };
        assert!(text.contains(words), "{text}");
    }
}

#[test]
fn plain_http_asked_over_tls() {
    let world = world(Tls::Off);
    let port = world.app("jira").port();
    let url = BaseUrl::parse(&format!("https://127.0.0.1:{port}")).unwrap();
    let facts = probe(Options::default(), &url).tls.unwrap();
    assert_eq!(facts.faults, [TlsFault::NotTls]);
    assert_eq!((facts.protocol, facts.chain.len()), (None, 0));
}

#[test]
fn plain_http_has_no_handshake() {
    let world = world(Tls::Off);
    let seen = probe(Options::default(), &url(&world));
    assert!(matches!(seen.connection, Some(Ok(_))));
    assert_eq!(seen.tls, None);
}

#[test]
fn an_old_protocol_is_named() {
    let url = answering(|mut stream| {
        let mut hello = [0; 512];
        let _ = stream.read(&mut hello);
        // A fatal alert: protocol_version.
        let _ = stream.write_all(&[21, 3, 1, 0, 2, 2, 70]);
        let _ = stream.read(&mut hello);
    });
    let facts = probe(Options::default(), &url).tls.unwrap();
    assert!(matches!(facts.faults.as_slice(), [TlsFault::Protocol(_)]));
}

#[test]
fn silence_ends_in_time() {
    let url = answering(|mut stream| {
        let _ = stream.read_to_end(&mut Vec::new());
    });
    let options = Options {
        connect_timeout: Duration::from_millis(200),
        ..Options::default()
    };
    let facts = probe(options, &url).tls.unwrap();
    let [TlsFault::Failed(text)] = facts.faults.as_slice() else {
        panic!("{:?}", facts.faults);
    };
    assert!(text.contains("200ms"), "{text}");
}

#[test]
fn whatever_is_answered_is_survived() {
    for answer in [
        b"".to_vec(),
        b"\x16\x03\x03\xff\xff".to_vec(),
        b"\x16\x03\x03\x00\x04\x02\xff\xff\xff".to_vec(),
        b"\x15\x03\x03\x00\x02\x02\x28".to_vec(),
        b"SSH-2.0-OpenSSH_9.9\r\n".to_vec(),
        vec![0xff; 70_000],
    ] {
        let url = answering(move |mut stream| {
            let _ = stream.read(&mut [0; 512]);
            let _ = stream.write_all(&answer);
        });
        let facts = probe(Options::default(), &url).tls.unwrap();
        assert_eq!(facts.faults.len(), 1);
        assert_eq!((facts.protocol, facts.chain.len()), (None, 0));
    }
}

/// A server that treats one connection so.
fn answering(treat: impl FnOnce(std::net::TcpStream) + Send + 'static) -> BaseUrl {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        if let Ok((stream, _)) = listener.accept() {
            treat(stream);
        }
    });
    BaseUrl::parse(&format!("https://127.0.0.1:{port}")).unwrap()
}

#[test]
fn nobody_listens() {
    let port = {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        listener.local_addr().unwrap().port()
    };
    let url = BaseUrl::parse(&format!("https://127.0.0.1:{port}")).unwrap();
    let seen = probe(Options::default(), &url);
    assert_eq!(seen.endpoint, format!("127.0.0.1:{port}"));
    assert!(matches!(
        seen.connection,
        Some(Err(ConnectFault { refused: true, .. }))
    ));
    assert_eq!(seen.tls, None);
}

#[test]
fn no_such_name() {
    let url = BaseUrl::parse("https://no-such-host.invalid").unwrap();
    let seen = probe(Options::default(), &url);
    assert_eq!(seen.endpoint, "no-such-host.invalid:443");
    assert!(seen.addresses.is_err());
    assert_eq!((seen.connection, seen.tls), (None, None));
}

#[test]
fn resolve_goes_before_a_look_up() {
    let world = world(Tls::Good);
    let port = world.app("jira").port();
    let entry = |port, address: &str| ResolveEntry {
        host: "Jira.Example.INVALID".to_owned(),
        port,
        address: address.parse().unwrap(),
    };
    let options = Options {
        resolve: vec![
            entry(port.wrapping_add(1), "192.0.2.1"),
            entry(port, "127.0.0.1"),
        ],
        ..trusting(&world)
    };
    let url = BaseUrl::parse(&format!("https://jira.example.invalid:{port}")).unwrap();
    let seen = probe(options, &url);
    assert_eq!(seen.addresses, Ok(vec![IpAddr::V4(Ipv4Addr::LOCALHOST)]));
    assert_eq!(seen.tls.unwrap().faults, [TlsFault::WrongName]);
}

#[test]
fn a_proxy_is_not_gone_around() {
    let url = BaseUrl::parse("https://jira.example.invalid").unwrap();
    let options = Options {
        proxy: Some("http://user:secret@proxy.example.invalid:3128".to_owned()),
        ..Options::default()
    };
    let why = try_probe(options, &url).unwrap_err();
    assert_eq!(
        why,
        "requests to jira.example.invalid:443 go through the proxy proxy.example.invalid:3128"
    );
}

#[test]
fn an_authority_file_that_is_none_is_said() {
    let world = world(Tls::Good);
    let transport = Transport::new(Options::default(), Arc::new(str::to_owned));
    let prober = Prober::new(&transport);
    let files = TlsFiles {
        authorities: vec!["/no/such/file.pem".into()],
        ..TlsFiles::default()
    };
    let seen = run(prober.probe(&url(&world), &files)).unwrap();
    let [TlsFault::Failed(text)] = &seen.tls.unwrap().faults[..] else {
        panic!();
    };
    assert!(text.contains("/no/such/file.pem"), "{text}");
}

#[test]
fn each_origin_is_looked_at_once() {
    let world = world(Tls::Good);
    let transport = Transport::new(trusting(&world), Arc::new(str::to_owned));
    let prober = Prober::new(&transport);
    let files = TlsFiles::default();
    let (one, other) = (url(&world), url(&world).join("/context"));
    let other = BaseUrl::parse(&other).unwrap();
    let (first, second) =
        run(async { tokio::join!(prober.probe(&one, &files), prober.probe(&other, &files)) });
    // The moment of the look is the same only when it is the same facts.
    assert_eq!(first.unwrap().at, second.unwrap().at);
}
