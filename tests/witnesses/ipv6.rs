//! Connections over IPv6.

use std::net::{Ipv6Addr, SocketAddr};
use std::time::{Duration, Instant};

use crate::need::Need;
use crate::support::env::Env;
use crate::support::proxy::{ConnectionCut, load_balancer};
use crate::support::worlds::{jira, pair, wiki, world};
use crate::witness_test::{WitnessTest, witness_test};

pub(crate) fn tests() -> Vec<WitnessTest> {
    vec![
        witness_test!(ipv6_addresses_work, needs: [Need::Ipv6]),
        witness_test!(an_unreachable_address_of_the_other_family_costs_little_time, needs: [Need::Ipv6]),
    ]
}

fn ipv6_addresses_work() {
    let listener = std::net::TcpListener::bind("[::1]:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let env = Env::new(pair());
    let to = SocketAddr::from(([127, 0, 0, 1], env.world.app("wiki").port()));
    let proxy = load_balancer(&format!("[::1]:{port}"), to, ConnectionCut::AfterAnswer);
    env.world
        .app("wiki")
        .configure(|settings| settings.base_url = Some(format!("http://[::1]:{port}")));
    let out = env
        .applink(&format!("app add wiki http://[::1]:{port}/ -o json"))
        .expect(0);
    assert_eq!(out.json()["app"]["url"], format!("http://[::1]:{port}"));
    env.applink("list wiki").expect(0);
    assert!(!proxy.log().is_empty());
    // Nobody listens there.
    drop(proxy);
    let out = env.applink("list wiki").expect(5);
    assert!(out.says(&format!("[::1]:{port}")), "{}", out.transcript());
}

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
    let socket = tokio::net::TcpSocket::new_v6().unwrap();
    socket.bind(address).unwrap();
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
    assert!(out.says("no connection within"), "{}", out.transcript());
}
