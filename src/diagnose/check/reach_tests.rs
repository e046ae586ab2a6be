//! The way to an end, and what it makes of a link.

#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::diagnose::{EndObservation, StatusObservation, judge};
use crate::domain::{
    ApplicationId, BaseUrl, CertificateFacts, Directions, Health, Level, Manifest, ProductStatus,
    Record, TlsFacts, TlsFault, TypeId, Version,
};

const NOW: i64 = 1_800_000_000;
const DAY: i64 = 24 * 60 * 60;

fn at(days: i64) -> jiff::Timestamp {
    jiff::Timestamp::from_second(NOW + days * DAY).unwrap()
}

fn certificate(subject: &str, issuer: &str, days: i64) -> CertificateFacts {
    CertificateFacts {
        subject: subject.to_owned(),
        issuer: issuer.to_owned(),
        names: vec!["wiki.example.com".to_owned()],
        not_before: at(-90),
        not_after: at(days),
    }
}

fn good() -> TlsFacts {
    TlsFacts {
        protocol: Some("TLS 1.3".to_owned()),
        chain: vec![
            certificate("CN=wiki.example.com", "CN=Between", 60),
            certificate("CN=Between", "CN=Root", 900),
        ],
        first_to_end: Some(certificate("CN=wiki.example.com", "CN=Between", 60)),
        ..TlsFacts::default()
    }
}

fn with(faults: &[TlsFault]) -> TlsFacts {
    TlsFacts {
        faults: faults.to_vec(),
        ..good()
    }
}

fn looked(tls: TlsFacts) -> Reachability {
    Reachability {
        endpoint: "wiki.example.com:443".to_owned(),
        at: at(0),
        addresses: Ok(vec!["10.0.0.7".parse().unwrap()]),
        connection: Some(Ok("10.0.0.7:443".parse().unwrap())),
        tls: Some(tls),
    }
}

fn id(digit: char) -> ApplicationId {
    let text: String = "00000000-0000-4000-8000-000000000000"
        .chars()
        .map(|c| if c == '0' { digit } else { c })
        .collect();
    text.parse().unwrap()
}

fn application(
    alias: &str,
    digit: char,
    other: &Record,
    reach: Option<Result<Reachability, String>>,
) -> AppObservation {
    let url = format!("https://{alias}.example.com");
    AppObservation {
        alias: alias.parse().unwrap(),
        url: BaseUrl::parse(&url).unwrap(),
        known_id: Some(id(digit)),
        manifest: Ok(Manifest {
            id: id(digit),
            name: alias.to_owned(),
            type_id: TypeId::generic(),
            version: Version::default(),
            applinks_version: Version::default(),
            url: Some(url),
            inbound_authentication: Vec::new(),
        }),
        records: Ok(vec![other.clone()]),
        ahead: None,
        reach,
        consumer: None,
        redirect: None,
    }
}

fn record(alias: &str, digit: char) -> Record {
    Record {
        id: id(digit),
        name: alias.to_owned(),
        type_id: TypeId::generic(),
        rpc_url: Some(format!("https://{alias}.example.com")),
        display_url: format!("https://{alias}.example.com"),
        primary: true,
        system: false,
    }
}

fn end(alias: &str, record: Record) -> EndObservation {
    EndObservation {
        app: alias.parse().unwrap(),
        record: Some(record),
        levels: Some(Directions {
            incoming: Level::OAuth,
            outgoing: Level::OAuth,
        }),
        status: StatusObservation::Said(ProductStatus {
            working: true,
            code: None,
            named: None,
            category: None,
            details: None,
            local: None,
            remote: None,
        }),
        at_url: None,
        moved: None,
        stored_consumers: None,
        realm: None,
        stale: None,
    }
}

/// A link whose ends find nothing wrong, of which wiki was reached so.
fn scene(reach: Option<Result<Reachability, String>>) -> (LinkObservation, Vec<AppObservation>) {
    let (jira, wiki) = (record("jira", '1'), record("wiki", '2'));
    let apps = vec![
        application("jira", '1', &wiki, None),
        application("wiki", '2', &jira, reach),
    ];
    let link = LinkObservation {
        local: end("jira", wiki),
        remote: Some(end("wiki", jira)),
        one_way_wanted: false,
        abandoned: Vec::new(),
        wanted_level: None,
        last_applied: crate::domain::LastApplied::default(),
        stale_consumers: Vec::new(),
    };
    (link, apps)
}

/// The checks of the way to wiki, and what the link is with them.
fn checked(reach: Result<Reachability, String>) -> (Vec<Check>, Health, Option<Code>) {
    let (link, apps) = scene(Some(reach));
    let mut checks = Vec::new();
    routes(&link, &apps, &mut checks);
    let verdict = judge(&link, &apps);
    for check in &checks {
        assert!(verdict.checks.contains(check));
        assert!(check.summary.contains("from here"), "{check:?}");
        assert_eq!(check.end.as_ref().map(Alias::as_str), Some("wiki"));
    }
    (checks, verdict.health, verdict.code)
}

fn one<'a>(checks: &'a [Check], name: &str) -> &'a Check {
    checks.iter().find(|check| check.name == name).unwrap()
}

#[test]
fn nothing_is_said_of_what_was_not_looked_at() {
    let (link, apps) = scene(None);
    let mut checks = Vec::new();
    routes(&link, &apps, &mut checks);
    assert!(checks.is_empty());
}

#[test]
fn a_good_way_passes_all_along() {
    let (checks, health, _) = checked(Ok(looked(good())));
    assert_eq!(health, Health::Ok);
    let summaries: Vec<String> = checks
        .iter()
        .map(|check| {
            assert_eq!(check.status, CheckStatus::Pass);
            format!("{}: {}", check.name, check.summary)
        })
        .collect();
    insta::assert_snapshot!(summaries.join("\n"), @r#"
    dns: from here wiki.example.com:443 is 10.0.0.7
    tcp: from here wiki.example.com:443 takes connections at 10.0.0.7:443
    tls-protocol: from here wiki.example.com:443 speaks TLS 1.3
    tls-trust: from here wiki.example.com:443 is trusted: it shows "CN=wiki.example.com" issued by "CN=Between" issued by "CN=Root"
    tls-name: the certificate that wiki.example.com:443 shows from here is for that name
    certificate: the certificate "CN=wiki.example.com" that wiki.example.com:443 shows from here is valid until 2027-03-16
    "#);
}

#[test]
fn a_proxy_skips_all() {
    let (checks, health, _) = checked(Err("there is a proxy".to_owned()));
    assert_eq!(health, Health::Ok);
    assert_eq!(checks.len(), 6);
    assert!(checks.iter().all(|check| check.status == CheckStatus::Skip));
}

#[test]
fn what_does_not_resolve_is_not_dialled_and_says_nothing_of_the_link() {
    let (checks, health, code) = checked(Ok(Reachability {
        endpoint: "wiki.example.com:443".to_owned(),
        at: at(0),
        addresses: Err("no such host".to_owned()),
        connection: None,
        tls: None,
    }));
    assert_eq!((health, code), (Health::Ok, None));
    let dns = one(&checks, "dns");
    assert_eq!(
        (dns.status, dns.code),
        (CheckStatus::Fail, Some(Code::UnknownHost))
    );
    for name in [
        "tcp",
        "tls-protocol",
        "tls-trust",
        "tls-name",
        "certificate",
    ] {
        assert_eq!(one(&checks, name).status, CheckStatus::Skip);
    }
}

#[test]
fn who_takes_no_connection_says_nothing_of_the_link() {
    for refused in [true, false] {
        let (checks, health, _) = checked(Ok(Reachability {
            endpoint: "wiki.example.com:443".to_owned(),
            at: at(0),
            addresses: Ok(vec!["10.0.0.7".parse().unwrap()]),
            connection: Some(Err(ConnectFault {
                refused,
                why: "no".to_owned(),
            })),
            tls: None,
        }));
        assert_eq!(health, Health::Ok);
        let tcp = one(&checks, "tcp");
        assert_eq!(tcp.status, CheckStatus::Fail);
        assert_eq!(tcp.code, refused.then_some(Code::ConnectionRefused));
        assert!(tcp.summary.contains("wiki.example.com:443"));
    }
}

#[test]
fn each_fault_fails_its_own_check_and_not_the_link() {
    let name = |text: &str| text.to_owned();
    for (fault, check, code, word) in [
        (
            TlsFault::Untrusted(name("CN=Ours")),
            "tls-trust",
            Code::SslUntrusted,
            "CN=Ours",
        ),
        (
            TlsFault::MissingIntermediate(name("CN=Between")),
            "tls-trust",
            Code::SslUntrusted,
            "missing",
        ),
        (
            TlsFault::SelfSigned,
            "tls-trust",
            Code::SslUntrusted,
            "itself",
        ),
        (
            TlsFault::Refused(name("odd")),
            "tls-trust",
            Code::SslUntrusted,
            "odd",
        ),
        (
            TlsFault::WrongName,
            "tls-name",
            Code::SslHostnameUnmatched,
            "wiki.example.com",
        ),
        (
            TlsFault::NotYetValid,
            "certificate",
            Code::SslUntrusted,
            "2026-10-17",
        ),
        (
            TlsFault::Protocol(name("it is old")),
            "tls-protocol",
            Code::SslUnmatched,
            "1.2",
        ),
        (TlsFault::NotTls, "tls-protocol", Code::SslUnmatched, "http"),
        (
            TlsFault::ClientCertificateRequired,
            "tls-protocol",
            Code::SslUnmatched,
            "client certificate",
        ),
        (
            TlsFault::Failed(name("odd")),
            "tls-protocol",
            Code::SslUnmatched,
            "odd",
        ),
    ] {
        let (checks, health, _) = checked(Ok(looked(with(std::slice::from_ref(&fault)))));
        assert_eq!(health, Health::Ok, "{fault:?}");
        for found in &checks {
            let expected = if found.name == check {
                assert!(found.summary.contains(word), "{found:?}");
                assert_eq!(found.code, Some(code));
                CheckStatus::Fail
            } else {
                CheckStatus::Pass
            };
            assert_eq!(found.status, expected, "{fault:?} {found:?}");
        }
    }
}

#[test]
fn a_client_certificate_that_applink_has_is_no_trouble() {
    let seen = TlsFacts {
        asks_client: true,
        has_client: true,
        ..with(&[TlsFault::ClientCertificateRequired])
    };
    let (checks, ..) = checked(Ok(looked(seen)));
    let protocol = one(&checks, "tls-protocol");
    assert_eq!(protocol.status, CheckStatus::Pass);
    assert!(protocol.summary.contains("which applink has"));
}

#[test]
fn a_certificate_that_runs_out_is_a_warning_for_the_link() {
    for (days, status, words) in [
        (30, CheckStatus::Pass, "valid until"),
        (29, CheckStatus::Warn, "in 29 days"),
        (1, CheckStatus::Warn, "in 1 day,"),
        (0, CheckStatus::Warn, "within a day"),
        (-1, CheckStatus::Fail, "expired on"),
    ] {
        let ending = certificate("CN=Between", "CN=Root", days);
        let mut seen = TlsFacts {
            first_to_end: Some(ending),
            ..good()
        };
        if days < 0 {
            seen.faults.push(TlsFault::Expired);
        }
        let (checks, health, code) = checked(Ok(looked(seen)));
        let check = one(&checks, "certificate");
        assert_eq!(check.status, status, "{days}");
        assert!(check.summary.contains(words), "{}", check.summary);
        assert!(check.summary.contains("CN=Between"));
        let expected = if status == CheckStatus::Pass {
            (Health::Ok, None)
        } else {
            (Health::Warning, Some(Code::CertExpires))
        };
        assert_eq!((health, code), expected, "{days}");
    }
}

#[test]
fn without_a_certificate_nothing_is_said_of_it() {
    let seen = TlsFacts {
        faults: vec![TlsFault::NotTls],
        ..TlsFacts::default()
    };
    let (checks, ..) = checked(Ok(looked(seen)));
    assert_eq!(one(&checks, "tls-protocol").status, CheckStatus::Fail);
    for name in ["tls-trust", "tls-name", "certificate"] {
        assert_eq!(one(&checks, name).status, CheckStatus::Skip);
    }
    let seen = TlsFacts {
        protocol: Some("TLS 1.2".to_owned()),
        faults: vec![TlsFault::Refused("cannot be read".to_owned())],
        ..TlsFacts::default()
    };
    let (checks, ..) = checked(Ok(looked(seen)));
    assert_eq!(one(&checks, "tls-trust").status, CheckStatus::Fail);
}

#[test]
fn an_address_needs_no_name() {
    for place in ["10.0.0.7:443", "[::1]:443"] {
        let mut way = looked(good());
        place.clone_into(&mut way.endpoint);
        let (checks, ..) = checked(Ok(way));
        let dns = one(&checks, "dns");
        assert_eq!(dns.status, CheckStatus::Pass);
        assert!(dns.summary.contains("without a name"), "{}", dns.summary);
    }
}

#[test]
fn long_lists_end() {
    let mut leaf = certificate("CN=wiki.example.com", "CN=Between", 60);
    leaf.names = (0..9).map(|n| format!("{n}.example.com")).collect();
    let seen = TlsFacts {
        chain: vec![leaf; 9],
        ..with(&[TlsFault::WrongName])
    };
    let (checks, ..) = checked(Ok(looked(seen)));
    let name = &one(&checks, "tls-name").summary;
    assert!(name.ends_with("4.example.com and 4 more"), "{name}");
    let trust = &one(&checks, "tls-trust").summary;
    assert!(trust.ends_with("and 4 more"), "{trust}");
}
