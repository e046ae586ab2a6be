//! What is between the program and an application when it is not their network: balancers that
//! cut, dead addresses, long chains, old servers, and certificates that clients must show.

use std::fmt::Write as _;
use std::net::SocketAddr;

use crate::support::env::Env;
use crate::support::proxy::{ConnectionCut, Proxy, load_balancer};
use crate::support::worlds::{jira, wiki, world};

/// A pair with names, each behind a balancer at another address of the same port.
fn balanced(cut: ConnectionCut) -> (Env, Vec<Proxy>) {
    let mut env = Env::new(world([
        jira()
            .host("jira.test")
            .base_url("http://jira.test:{port}/jira"),
        wiki().host("wiki.test").base_url("http://wiki.test:{port}"),
    ]));
    let mut words = String::new();
    let mut proxies = Vec::new();
    for (alias, host) in [("jira", "jira.test"), ("wiki", "wiki.test")] {
        let port = env.world.app(alias).port();
        let to = SocketAddr::from(([127, 0, 0, 1], port));
        proxies.push(load_balancer(&format!("127.0.0.2:{port}"), to, cut));
        let _ = write!(words, " --resolve {host}:{port}:127.0.0.2");
    }
    env.add_options(&words);
    (env, proxies)
}

fn addressed(env: &Env) -> String {
    let url = |alias: &str| env.world.app(alias).base_url();
    format!("jira={} wiki={}", url("jira"), url("wiki"))
}

#[test]
fn a_load_balancer_that_closes_idle_connections_causes_no_failure() {
    for cut in [ConnectionCut::AfterAnswer, ConnectionCut::AtSecondRequest] {
        let (env, proxies) = balanced(cut);
        let pair = addressed(&env);
        for line in [
            format!("create {pair}"),
            "verify --fail-on warning".to_owned(),
            "edit jira wiki --auth impersonation --yes".to_owned(),
            "list".to_owned(),
            "delete jira wiki --yes".to_owned(),
        ] {
            let out = env.applink(&line);
            assert_eq!(out.code, 0, "{cut:?} {line}: {}", out.transcript());
            assert!(!env.has_journal());
        }
        assert!(proxies.iter().all(|proxy| proxy.log().len() > 5));
    }
}
