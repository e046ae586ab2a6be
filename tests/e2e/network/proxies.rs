//! Proxies on the way out: used, excepted, refused, and their passwords.

use applink_sandbox::Tls;
use insta::assert_snapshot;

use crate::support::env::Env;
use crate::support::proxy::{forward_proxy, refusing_proxy, socks_proxy};
use crate::support::worlds::{client_requests, jira, pair, wiki, world, writes};

const PASSWORD: &str = "pr0xy-h@rse/st&ple";
const ENCODED: &str = "pr0xy-h%40rse%2Fst%26ple";

/// A pair whose requests go through a proxy with this password.
fn behind(address: impl std::fmt::Display, scheme: &str, password: &str) -> Env {
    let mut env = Env::new(world([jira(), wiki().tls(Tls::Good)]));
    for name in ["HTTP_PROXY", "HTTPS_PROXY"] {
        env.set(name, format!("{scheme}://outsider:{password}@{address}"));
    }
    for text in [PASSWORD, ENCODED, password] {
        env.secret("proxy", text);
    }
    let ca = env.world.ca_path().unwrap().display().to_string();
    env.add_options(&format!("--cacert {ca}"));
    env
}

#[test]
fn all_requests_use_the_proxy_and_only_the_proxy_gets_its_password() {
    let proxy = forward_proxy(Some(("outsider", PASSWORD)));
    let env = behind(proxy.address, "http", ENCODED);
    for line in [
        "create {jira} {wiki} -vv --log-file {home}/log",
        "verify -vv --report {home}/report.html",
        "verify -vv --report {home}/report.json",
        "list -vv -o json",
    ] {
        env.applink(line).expect(0);
    }
    let out = env.applink("verify -o json").expect(0);
    // A look around the proxy would be at another way than that of the requests.
    assert!(
        out.says(&format!("through the proxy {}", proxy.address)),
        "{}",
        out.transcript()
    );
    let seen = proxy.log();
    let (jira, wiki) = (env.world.app("jira").port(), env.world.app("wiki").port());
    assert!(
        seen.contains(&format!("CONNECT 127.0.0.1:{wiki}")),
        "{seen:?}"
    );
    assert!(
        seen.iter()
            .any(|line| line.contains(&format!("http://127.0.0.1:{jira}/jira/rest")))
    );
    assert!(!seen.iter().any(|line| line.starts_with("407")), "{seen:?}");
    assert!(
        client_requests(&env.world)
            .iter()
            .all(|request| request.header("proxy-authorization").is_none())
    );
}

#[test]
fn a_rejected_proxy_password_is_tried_once() {
    let proxy = forward_proxy(Some(("outsider", PASSWORD)));
    let mut env = behind(proxy.address, "http", "wr0ng-horse-staple");
    let out = env.applink("create {jira} {wiki} -vv -o json").expect(4);
    assert_eq!(out.error()["kind"], "auth");
    assert!(out.says(&proxy.address.to_string()), "{}", out.transcript());
    assert_eq!(proxy.log().len(), 1, "{:?}", proxy.log());
    assert!(client_requests(&env.world).is_empty());
    env.mask(proxy.address.to_string(), "proxy.test");
    assert_snapshot!(env.applink("create {jira} {wiki}").transcript(), @r"
    exit 4
    --- stderr
    error: jira.test was not asked: the proxy proxy.test refuses its user and password
    hint: give the proxy's user and password in HTTPS_PROXY or HTTP_PROXY: http://USER:PASSWORD@HOST:PORT
    ");
    // Without any.
    for name in ["HTTP_PROXY", "HTTPS_PROXY"] {
        env.set(name, format!("http://{}", proxy.address));
    }
    let out = env.applink("create {jira} {wiki}").expect(4);
    assert!(out.says("demands a log-in"), "{}", out.transcript());
    assert!(client_requests(&env.world).is_empty());
}

#[test]
fn a_rejected_proxy_password_is_tried_once_for_all_applications() {
    let proxy = forward_proxy(Some(("outsider", PASSWORD)));
    let env = behind(proxy.address, "http", ENCODED);
    for alias in ["jira", "wiki"] {
        env.applink(&format!("app add {alias} {{{alias}.url}}"))
            .expect(0);
    }
    let mut env = env;
    for name in ["HTTP_PROXY", "HTTPS_PROXY"] {
        env.set(
            name,
            format!("http://outsider:wr0ng-horse-staple@{}", proxy.address),
        );
    }
    env.secret("proxy", "wr0ng-horse-staple");
    for line in ["list", "verify"] {
        let before = proxy.log().len();
        env.applink(line).expect(4);
        let refused = proxy.log().len() - before;
        // One with the password, and one without a login that asks what the proxy accepts.
        assert!((1..=2).contains(&refused), "{line}: {:?}", proxy.log());
    }
}

#[test]
fn a_proxy_that_cannot_connect_is_named() {
    let env = behind("127.0.0.1:1", "http", ENCODED);
    for line in ["create {jira} {wiki}", "create {wiki} {jira}"] {
        let out = env.applink(line).expect(5);
        assert!(out.says("the proxy 127.0.0.1:1"), "{}", out.transcript());
    }
    let page = "HTTP/1.1 403 Forbidden\r\nContent-Type: text/html\r\nContent-Length: 15\r\n\r\n<html>no</html>";
    let proxy = refusing_proxy(page);
    let env = behind(proxy.address, "http", ENCODED);
    let out = env.applink("create {wiki} {jira}").expect(5);
    assert!(out.says(&proxy.address.to_string()), "{}", out.transcript());
    let out = env.applink("create {jira} {wiki}").expect(5);
    assert!(out.says("proxy"), "{}", out.transcript());
    assert!(writes(&env.world).is_empty());
}

#[test]
fn no_proxy_excludes_addresses_and_networks() {
    let mut env = Env::new(pair());
    env.set("HTTP_PROXY", "http://127.0.0.1:1");
    let (jira, wiki) = (env.world.app("jira").port(), env.world.app("wiki").port());
    for except in [
        "*",
        "127.0.0.1",
        "127.0.0.0/8",
        "10.0.0.0/8, 127.0.0.1/32",
        &format!("127.0.0.1:{jira},127.0.0.1:{wiki}"),
    ] {
        env.set("NO_PROXY", except);
        env.applink("create {jira} {wiki}").expect(0);
        env.applink("delete jira wiki --yes").expect(0);
    }
    for except in [
        "",
        "10.0.0.0/8",
        &format!("127.0.0.1:{jira}"),
        "127.0.0.1:1",
        "localhost",
    ] {
        env.set("NO_PROXY", except);
        let out = env.applink("create {jira} {wiki}").expect(5);
        assert!(
            out.says("the proxy 127.0.0.1:1"),
            "{except}: {}",
            out.transcript()
        );
    }
}

#[test]
fn no_proxy_excludes_domains() {
    let mut env = Env::new(world([
        jira()
            .host("jira.corp.test")
            .base_url("http://jira.corp.test:{port}/jira"),
        wiki()
            .host("wiki.corp.test")
            .base_url("http://wiki.corp.test:{port}"),
    ]));
    let (jira, wiki) = (env.world.app("jira"), env.world.app("wiki"));
    let line = format!(
        "jira={} wiki={} --resolve jira.corp.test:{}:127.0.0.1 --resolve wiki.corp.test:{}:127.0.0.1",
        jira.base_url(),
        wiki.base_url(),
        jira.port(),
        wiki.port()
    );
    let port = wiki.port();
    env.set("HTTP_PROXY", "http://127.0.0.1:1");
    for except in [
        ".corp.test",
        "corp.test",
        "JIRA.corp.TEST,.wiki.corp.test",
        &format!("jira.corp.test,.corp.test:{port}"),
    ] {
        env.set("NO_PROXY", except);
        env.applink(&format!("create {line}")).expect(0);
    }
    for except in ["orp.test", "corp.test.example", "jira.corp.test:1"] {
        env.set("NO_PROXY", except);
        env.applink(&format!("create {line}")).expect(5);
    }
}

#[test]
fn a_socks_proxy_with_a_password_works() {
    let proxy = socks_proxy("outsider", PASSWORD);
    let env = behind(proxy.address, "socks5h", ENCODED);
    env.applink("create {jira} {wiki} -vv --log-file {home}/log")
        .expect(0);
    assert!(!proxy.log().is_empty());
    let env = behind(proxy.address, "socks5h", "wr0ng-horse-staple");
    let out = env.applink("create {jira} {wiki} -vv").expect(4);
    assert!(out.says(&proxy.address.to_string()), "{}", out.transcript());
    assert!(client_requests(&env.world).is_empty());
}

#[test]
fn an_invalid_proxy_setting_is_a_usage_error() {
    let mut env = Env::new(pair());
    env.secret("proxy", "hunter22-hunter22");
    env.set("HTTPS_PROXY", "ftp://u:hunter22-hunter22@proxy.example.com");
    for line in ["create {jira} {wiki}", "list -o json"] {
        env.applink(line).expect(2).expect_says("HTTPS_PROXY");
    }
    env.set("HTTPS_PROXY", "");
    env.applink("list --proxy ftp://proxy.example.com")
        .expect(2);
    assert!(client_requests(&env.world).is_empty());
}

#[test]
fn a_proxy_that_takes_other_logins_is_told_by_them() {
    let proxy = refusing_proxy(
        "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Negotiate\r\nProxy-Authenticate: NTLM\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    );
    for (scheme, url) in [
        ("HTTP_PROXY", "http://wiki.example.com"),
        ("HTTPS_PROXY", "https://wiki.example.com"),
    ] {
        for login in ["", "corp:Pa55word@"] {
            let mut env = Env::new(pair());
            env.set(scheme, format!("http://{login}{}", proxy.address));
            let out = env.applink(&format!("app add wiki {url}"));
            assert_eq!(out.code, 4, "{}", out.transcript());
            assert!(
                out.says("accepts only Negotiate and NTLM, and applink speaks Basic"),
                "{scheme} {login}: {}",
                out.transcript()
            );
            assert!(out.says("cntlm"), "{}", out.transcript());
            assert!(!out.says("Pa55word"), "{}", out.transcript());
        }
    }
}
