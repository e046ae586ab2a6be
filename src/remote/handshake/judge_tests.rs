//! Chains of every kind, without a network.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;

use jiff::Timestamp;
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, CustomExtension, DnType, IsCa, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};
use rustls::RootCertStore;
use rustls::client::WebPkiServerVerifier;

use super::*;
use crate::domain::CertificateFacts;
use crate::remote::certificate;
use crate::remote::tls::provider;

type Authority = CertifiedIssuer<'static, KeyPair>;

fn named(name: &str) -> CertificateParams {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(2040, 1, 1);
    params
}

fn authority(name: &str) -> CertificateParams {
    let mut params = named(name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    params
}

fn root(name: &str) -> Authority {
    CertifiedIssuer::self_signed(authority(name), KeyPair::generate().unwrap()).unwrap()
}

fn between(root: &Authority, until: i32) -> Authority {
    let mut params = authority("Between");
    params.not_after = date_time_ymd(until, 1, 1);
    CertifiedIssuer::signed_by(params, KeyPair::generate().unwrap(), root).unwrap()
}

fn leaf(
    issuer: &Authority,
    change: impl FnOnce(&mut CertificateParams),
) -> CertificateDer<'static> {
    let mut params = CertificateParams::new(vec!["wiki.example.com".to_owned()]).unwrap();
    params.distinguished_name = named("wiki").distinguished_name;
    params.not_before = date_time_ymd(2025, 1, 1);
    params.not_after = date_time_ymd(2030, 1, 1);
    change(&mut params);
    let key = KeyPair::generate().unwrap();
    params.signed_by(&key, issuer).unwrap().der().clone()
}

/// An extension that says where the issuer's certificate can be fetched.
fn published() -> CustomExtension {
    let mut content = vec![0x30, 0x16, 0x30, 0x14, 0x06, 0x08];
    content.extend([0x2b, 6, 1, 5, 5, 7, 0x30, 2, 0x86, 8]);
    content.extend(b"http://a");
    CustomExtension::from_oid_content(&[1, 3, 6, 1, 5, 5, 7, 1, 1], content)
}

fn judged(
    trusted: &Authority,
    chain: &[CertificateDer<'static>],
    now: &str,
) -> (Vec<TlsFault>, CertificateFacts) {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.der().clone()).unwrap();
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider())
        .build()
        .unwrap();
    let certificates: Vec<Certificate> = chain
        .iter()
        .map(|der| certificate::read(der).unwrap())
        .collect();
    let name = ServerName::try_from("wiki.example.com").unwrap();
    let now: Timestamp = now.parse().unwrap();
    let judged = judge(verifier.as_ref(), chain, &certificates, &name, now);
    let first = judged.first_to_end.unwrap();
    (judged.faults, certificates[first].facts.clone())
}

const NOW: &str = "2026-06-01T00:00:00Z";

#[test]
fn a_whole_chain_is_good() {
    let root = root("Root");
    let between = between(&root, 2035);
    let leaf = leaf(&between, |_| {});
    for chain in [
        vec![leaf.clone(), between.der().clone()],
        vec![leaf, between.der().clone(), root.der().clone()],
    ] {
        let (faults, first) = judged(&root, &chain, NOW);
        assert_eq!(faults, []);
        assert_eq!(first.subject, "CN=wiki");
    }
}

#[test]
fn the_chain_ends_with_the_first_of_its_certificates() {
    let root = root("Root");
    let between = between(&root, 2027);
    let chain = [leaf(&between, |_| {}), between.der().clone()];
    let (faults, first) = judged(&root, &chain, NOW);
    assert_eq!(faults, []);
    assert_eq!(first.subject, "CN=Between");
    let (faults, first) = judged(&root, &chain, "2028-01-01T00:00:00Z");
    assert_eq!(faults, [TlsFault::Expired]);
    assert_eq!(first.subject, "CN=Between");
}

#[test]
fn an_expired_certificate_beside_the_way_does_not_count() {
    let (root, old) = (root("Root"), root("Old Root"));
    let mut crossed = authority("Root");
    crossed.not_after = date_time_ymd(2021, 1, 1);
    let key = KeyPair::generate().unwrap();
    let crossed = crossed.signed_by(&key, &old).unwrap().der().clone();
    let chain = [leaf(&root, |_| {}), crossed];
    let (faults, first) = judged(&root, &chain, NOW);
    assert_eq!(faults, []);
    assert_eq!(first.subject, "CN=wiki");
}

#[test]
fn what_is_missing_and_what_is_not_trusted() {
    let (known, private) = (root("HostHealth"), root("Private"));
    let between = between(&private, 2035);
    let missing = || TlsFault::MissingIntermediate("CN=Between".to_owned());
    let untrusted = |name: &str| TlsFault::Untrusted(format!("CN={name}"));
    let published = leaf(&between, |params| {
        params.custom_extensions = vec![published()];
    });
    let silent = leaf(&between, |_| {});
    for (chain, problem) in [
        (vec![published], missing()),
        (vec![silent.clone(), private.der().clone()], missing()),
        (
            vec![silent.clone(), between.der().clone()],
            untrusted("Private"),
        ),
        (
            vec![silent.clone(), between.der().clone(), private.der().clone()],
            untrusted("Private"),
        ),
        (vec![silent], untrusted("Between")),
        (vec![leaf(&private, |_| {})], untrusted("Private")),
    ] {
        let (faults, _) = judged(&known, &chain, NOW);
        assert_eq!(faults, [problem]);
    }
}

#[test]
fn signed_by_itself_as_authority_or_not() {
    let known = root("HostHealth");
    let private = root("Private");
    let (faults, _) = judged(&known, &[private.der().clone()], NOW);
    assert_eq!(faults, [TlsFault::WrongName, TlsFault::SelfSigned]);
    let key = KeyPair::generate().unwrap();
    let mut params = named("wiki");
    params.subject_alt_names = vec![rcgen::SanType::DnsName(
        "wiki.example.com".try_into().unwrap(),
    )];
    let own = params.self_signed(&key).unwrap();
    let (faults, facts) = judged(&known, &[own.der().clone()], NOW);
    assert_eq!(faults, [TlsFault::SelfSigned]);
    assert_eq!(facts.subject, facts.issuer);
}

#[test]
fn too_early_for_another_name_and_untrusted() {
    let (known, private) = (root("HostHealth"), root("Private"));
    let chain = [leaf(&private, |params| {
        params.subject_alt_names.clear();
    })];
    let (faults, _) = judged(&known, &chain, "2024-01-01T00:00:00Z");
    assert_eq!(
        faults,
        [
            TlsFault::NotYetValid,
            TlsFault::WrongName,
            TlsFault::Untrusted("CN=Private".to_owned())
        ]
    );
}

#[test]
fn a_chain_that_bites_its_tail_ends() {
    let known = root("HostHealth");
    let a = CertifiedIssuer::signed_by(authority("A"), KeyPair::generate().unwrap(), &root("B"))
        .unwrap();
    let b = CertifiedIssuer::signed_by(authority("B"), KeyPair::generate().unwrap(), &a).unwrap();
    let mut chain = vec![leaf(&a, |_| {})];
    for _ in 0..9 {
        chain.push(a.der().clone());
        chain.push(b.der().clone());
    }
    let (faults, _) = judged(&known, &chain, NOW);
    assert_eq!(faults.len(), 1);
}

#[test]
fn a_certificate_cannot_steer_a_terminal() {
    let hostile = root("Root\u{1b}[2J\u{202e}");
    let read = certificate::read(&leaf(&hostile, |_| {})).unwrap();
    assert!(crate::domain::text::is_pasteable(&read.facts.issuer));
    assert!(read.facts.issuer.contains("\\x1b"));
    let long = certificate::read(root(&"x".repeat(10_000)).der()).unwrap();
    assert!(long.facts.subject.chars().count() <= 255);
}

#[test]
fn what_is_no_certificate_is_none() {
    let whole = leaf(&root("Root"), |_| {});
    for length in 0..whole.len() {
        assert!(certificate::read(&whole[..length]).is_none());
    }
    for place in 0..whole.len() {
        let mut broken = whole.to_vec();
        broken[place] ^= 0xff;
        let _ = certificate::read(&broken);
    }
}
