//! `app login` and `app logout` without a usable keyring.

use std::os::unix::net::UnixListener;
use std::time::{Duration, Instant};

use crate::support::env::Env;
use crate::support::worlds::pair;

fn env() -> Env {
    let env = Env::without_credentials(pair());
    env.add_all();
    env
}

/// A bus on which nobody answers.
#[test]
fn a_keyring_that_does_not_respond_times_out() {
    let mut env = env();
    let socket = env.path("work/bus");
    let listener = UnixListener::bind(&socket).unwrap();
    env.set(
        "DBUS_SESSION_BUS_ADDRESS",
        format!("unix:path={}", socket.display()),
    );
    env.applink("app add jira {jira.url} --user admin --credential keyring")
        .expect(4);
    for line in ["app login jira", "list"] {
        let start = Instant::now();
        let out = env.applink(line).expect(4);
        // Once for all applications.
        let taken = start.elapsed();
        assert!(
            taken > Duration::from_secs(2) && taken < Duration::from_secs(6),
            "{taken:?}: {}",
            out.transcript()
        );
    }
    let out = env.applink("app login jira").expect(4);
    assert!(
        out.says("did not answer in 3 seconds"),
        "{}",
        out.transcript()
    );
    assert!(
        out.says("record another source: applink app add jira http://"),
        "{}",
        out.transcript()
    );
    drop(listener);
}

#[test]
fn login_without_a_keyring_names_other_credential_sources() {
    let env = env();
    let out = env.applink("app login jira").expect(4);
    assert!(out.says("there is no keyring here"), "{}", out.transcript());
    assert!(
        out.says("record another source: applink app add jira http://"),
        "{}",
        out.transcript()
    );
    env.applink("app login nobody").expect(2);
    env.applink("app login").expect(2);
    env.applink("app logout").expect(2);
    env.applink("app login jira --user x --token").expect(2);
    let out = env.applink("app logout jira -o json").expect(0);
    assert_eq!(out.json()["changed"], false);
}
