//! Certificate chains, bundles and old TLS versions.

use crate::support::certificates::{Authority, add_tls_terminator};
use crate::support::env::Env;
use crate::support::proxy::{Proxy, fixed_response};
use crate::support::worlds::pair;

#[test]
fn certificate_chains_work_up_to_a_limit() {
    for (between, code) in [(1, 0), (5, 0), (12, 5)] {
        let env = Env::new(pair());
        let root = Authority::root();
        let ca = env.write("ca.pem", &root.0.pem(), 0o644);
        let proxy = add_tls_terminator(&env, "wiki", root.server(between, false));
        let out = env.applink(&format!(
            "app add wiki https://{} --cacert {}",
            proxy.address,
            ca.display()
        ));
        assert_eq!(out.code, code, "{between}: {}", out.transcript());
        assert!(code == 0 || out.says("TLS"), "{}", out.transcript());
    }
}

#[test]
fn a_certificate_bundle_can_contain_comments() {
    let env = Env::new(pair());
    let root = Authority::root();
    let pem = root.0.pem();
    let commented = format!("# our authorities\nsubject=CN = Test Root\n{pem}\n\n# the end\n");
    let ca = env.write("ca.pem", &commented, 0o644);
    let proxy = add_tls_terminator(&env, "wiki", root.server(0, false));
    let line = format!(
        "app add wiki https://{} --cacert {}",
        proxy.address,
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
        out.transcript()
    );
    // Also where the state names it.
    let out = env.applink("list wiki");
    assert!(
        out.code != 0 && out.says("ca.pem:5:"),
        "{}",
        out.transcript()
    );
}

#[test]
fn servers_with_old_tls_versions_are_named() {
    let env = Env::new(pair());
    let line = |proxy: &Proxy| format!("app add wiki https://{}", proxy.address);
    // A fatal alert, protocol_version; and a server that goes on with TLS 1.0.
    let mut hello = vec![2, 0, 0, 70, 3, 1];
    hello.extend([7; 32]);
    hello.push(32);
    hello.extend([9; 32]);
    hello.extend([0, 47, 0]);
    let mut record = vec![22, 3, 1, 0, u8::try_from(hello.len()).unwrap()];
    record.extend(hello);
    for bytes in [vec![21, 3, 1, 0, 2, 2, 70], record] {
        let server = fixed_response(bytes);
        let out = env.applink(&line(&server)).expect(5);
        for text in ["TLS 1.2", "TLS 1.3", &server.address.to_string()] {
            assert!(out.says(text), "{text}: {}", out.transcript());
        }
        assert!(!out.says("--cacert"), "{}", out.transcript());
    }
    // Something else altogether.
    let server = fixed_response(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec());
    let out = env.applink(&line(&server)).expect(5);
    assert!(out.says("http"), "{}", out.transcript());
}
