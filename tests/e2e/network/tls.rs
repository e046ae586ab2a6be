//! Certificates, addresses and redirects on the way to an application.

use applink_sandbox::{App, Fault, Product, Tls};
use insta::assert_snapshot;

use crate::support::env::Env;
use crate::support::worlds::{client_requests, jira, wiki, world, writes};

/// A Jira over plain HTTP and a Confluence with this certificate.
fn with(tls: Tls) -> Env {
    Env::new(world([jira(), wiki().tls(tls)]))
}

fn ca(env: &Env) -> String {
    env.world.ca_path().unwrap().display().to_string()
}

#[test]
fn an_unknown_certificate_authority_is_refused() {
    let env = with(Tls::Good);
    let out = env.applink("create {jira} {wiki} -o json").expect(5);
    assert_eq!(out.error()["kind"], "unreachable");
    assert!(out.says("--cacert"), "{}", out.transcript());
    assert!(writes(&env.world).is_empty());
    assert_snapshot!(env.applink("create {jira} {wiki}").transcript(), @r"
    exit 5
    --- stderr
    error: wiki.test cannot be reached: TLS: the certificate comes from an authority that is not trusted here
    hint: name the authority that issued the certificate with --cacert FILE
    ");
}

#[test]
fn cacert_trusts_a_certificate_authority() {
    let env = with(Tls::Good);
    let ca = ca(&env);
    let out = env.applink(&format!("create {{jira}} {{wiki}} --cacert {ca} -o json"));
    assert_eq!(out.code, 0, "{}", out.transcript());
    // In the state it is only when it was given to `app add`.
    env.applink("list wiki").expect(5);
    env.applink(&format!("app add wiki {{wiki.url}} --cacert {ca}"))
        .expect(0);
    env.applink("list wiki").expect(0);
    env.applink("verify").expect(0);
    let out = env.applink("list wiki --cacert {home}/none.pem");
    assert!(
        out.code != 0 && out.says("none.pem"),
        "{}",
        out.transcript()
    );
}

#[test]
fn both_ends_can_use_tls() {
    let env = Env::new(world([jira().tls(Tls::Good), wiki().tls(Tls::Good)]));
    let ca = ca(&env);
    for alias in ["jira", "wiki"] {
        env.applink(&format!("app add {alias} {{{alias}.url}} --cacert {ca}"))
            .expect(0);
    }
    env.applink("create jira wiki").expect(0);
    env.applink("verify --fail-on warning").expect(0);
    env.applink("delete jira wiki --yes").expect(0);
}

#[test]
fn invalid_certificates_are_named() {
    for (tls, told) in [
        (Tls::Expired, "expired"),
        (Tls::SelfSigned, "certificate"),
        (Tls::WrongHost, "elsewhere.example.test"),
    ] {
        let env = with(tls);
        let ca = ca(&env);
        let out = env.applink(&format!("create {{jira}} {{wiki}} --cacert {ca} -o json"));
        assert_eq!(out.code, 5, "{tls:?}: {}", out.transcript());
        assert!(out.says(told), "{tls:?}: {}", out.transcript());
        assert!(
            client_requests(&env.world)
                .iter()
                .all(|request| request.app != "wiki")
        );
        assert!(writes(&env.world).is_empty());
    }
}

#[test]
fn insecure_accepts_any_certificate_for_one_run() {
    for tls in [Tls::Good, Tls::Expired, Tls::SelfSigned, Tls::WrongHost] {
        let env = with(tls);
        let out = env.applink("app add wiki {wiki.url} --insecure").expect(0);
        let port = env.world.app("wiki").port();
        assert!(
            out.says("--insecure") && out.says(&format!("127.0.0.1:{port}")),
            "{}",
            out.transcript()
        );
        // It is not remembered.
        env.applink("list wiki").expect(5);
    }
    let env = Env::new(world([jira(), wiki()]));
    let out = env.applink("create {jira} {wiki} --insecure").expect(0);
    assert!(!out.says("--insecure"), "{}", out.transcript());
}

#[test]
fn a_required_client_certificate_is_reported() {
    let env = with(Tls::ClientCertificate);
    let ca = ca(&env);
    env.applink(&format!("create {{jira}} {{wiki}} --cacert {ca}"))
        .expect(5);
    env.applink("list --client-key {home}/key.pem").expect(2);
}

#[test]
fn resolve_sets_the_address_of_a_host() {
    let env = Env::new(world([
        jira()
            .host("jira.example.test")
            .base_url("http://jira.example.test:{port}/jira"),
        wiki()
            .host("wiki.example.test")
            .base_url("http://wiki.example.test:{port}"),
    ]));
    let (jira, wiki) = (env.world.app("jira"), env.world.app("wiki"));
    let resolve = format!(
        "--resolve jira.example.test:{}:127.0.0.1 --resolve wiki.example.test:{}:127.0.0.1",
        jira.port(),
        wiki.port()
    );
    let line = format!("create jira={} wiki={}", jira.base_url(), wiki.base_url());
    let out = env.applink(&line).expect(5);
    assert!(out.says("--resolve"), "{}", out.transcript());
    env.applink(&format!("{line} {resolve}")).expect(0);
    let link = jira.link(&wiki.id()).unwrap();
    assert_eq!(link.rpc_url, wiki.base_url());
    let out = env.applink(&format!("verify -o json {resolve}")).expect(0);
    assert_eq!(out.json()["summary"]["ok"], 1, "{}", out.transcript());
    env.applink("list --resolve jira.example.test:443")
        .expect(2);
}

/// Another port is another origin, encrypted or not: only 80 and 443 of one host belong together.
#[test]
fn a_redirect_to_https_on_another_port_is_not_followed() {
    let env = Env::new(world([
        jira(),
        wiki().tls(Tls::Good),
        App::new(Product::Confluence, "plain").server_id("AAAA-AAAA-AAAA-AAAA"),
    ]));
    let (ca, wiki, plain) = (
        ca(&env),
        env.world.app("wiki").clone(),
        env.world.app("plain"),
    );
    plain.fault(Fault::redirect(&format!(
        "{}/rest/applinks/1.0/manifest",
        wiki.url()
    )));
    let line = format!("create {{jira}} wiki={} --cacert {ca}", plain.url());
    let out = env.applink(&line).expect(5);
    assert!(out.says(&wiki.url()), "{}", out.transcript());
    assert!(
        client_requests(&env.world)
            .iter()
            .all(|request| request.app == "jira" || request.header("authorization").is_none())
    );
    assert!(
        !client_requests(&env.world)
            .iter()
            .any(|request| request.app == "wiki")
    );
}

#[test]
fn redirect_loops_end() {
    let env = Env::new(world([jira(), wiki()]));
    let wiki = env.world.app("wiki");
    wiki.fault(Fault::redirect(&format!(
        "{}/rest/applinks/1.0/manifest",
        wiki.url()
    )));
    env.applink("create {jira} {wiki}").expect(5);
    assert!(client_requests(&env.world).len() < 12);
    for to in [
        "file:///etc/passwd",
        "gopher://wiki.example.com/",
        "https://u:p@wiki.example.com/",
        "",
    ] {
        wiki.clear_faults();
        wiki.fault(Fault::redirect(to));
        env.applink("create {jira} {wiki} -o json").expect(5);
    }
    assert!(writes(&env.world).is_empty());
}

#[test]
fn a_password_in_the_proxy_option_is_refused_and_not_printed() {
    let env = Env::new(world([jira(), wiki()]));
    let out = env
        .applink("list --proxy http://u:hunter22@127.0.0.1:1")
        .expect(2);
    assert!(
        !out.says("hunter22") && out.says("HTTPS_PROXY"),
        "{}",
        out.transcript()
    );
}

#[test]
fn unusable_certificate_files_are_usage_errors_before_any_request() {
    let env = Env::new(world([jira(), wiki().tls(Tls::Good)]));
    let out = env
        .applink("create {jira} {wiki} --cacert {home}/none.pem")
        .expect(2);
    assert!(out.says("none.pem"), "{}", out.transcript());
    // A second file would be forgotten: the state has a place for one.
    let ca = ca(&env);
    let out = env
        .applink(&format!(
            "app add wiki {{wiki.url}} --cacert {ca} --cacert {ca}"
        ))
        .expect(2);
    assert!(out.says("one file"), "{}", out.transcript());
    assert!(client_requests(&env.world).is_empty());
}
