//! What is between the program and an application when it is not their network: balancers that
//! cut, dead addresses, long chains, old servers, and certificates that clients must show.

use std::fmt::Write as _;
use std::net::{Ipv6Addr, SocketAddr};
use std::time::{Duration, Instant};

use crate::support::env::Env;
use crate::support::proxy::{Cut, Middle, balancer};
use crate::support::worlds::{jira, pair, wiki, world};

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
fn a_load_balancer_that_closes_idle_connections_causes_no_failure() {
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
fn ipv6_addresses_work() {
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
fn an_unreachable_address_of_the_other_family_costs_little_time() {
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
