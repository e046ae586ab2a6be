//! `applink create`: what happens when it goes wrong on the way.

use applink_sandbox::{Fault, Generation, Role};
use insta::assert_snapshot;

use crate::support::env::Env;
use crate::support::worlds::{levels, pair, pair_of, same_level, snapshot, writes};

/// The writes of a fresh link, by application and how many writes that one had before.
const WRITES: [(&str, usize); 4] = [("jira", 1), ("wiki", 1), ("jira", 2), ("wiki", 2)];

#[test]
fn a_refused_write_rolls_back_earlier_steps() {
    for (alias, nth) in WRITES {
        for (fault, code, kind) in [
            (Fault::status(403), 4, "permission"),
            (Fault::status(400), 1, "refused"),
            (Fault::status(409), 1, "refused"),
        ] {
            let env = Env::new(pair());
            let before = snapshot(&env.world);
            env.world.app(alias).fault(fault.method("PUT").nth(nth));
            let out = env.applink("create {jira} {wiki} -o json").expect(code);
            let case = format!("{alias} {nth}: {}", out.transcript());
            assert_eq!(out.error()["kind"], kind, "{case}");
            let json = out.json();
            assert_eq!(json["changed"], false, "{case}");
            assert_eq!(json["partial"], false, "{case}");
            assert_eq!(
                snapshot_without_consumers(&env),
                without_consumers(before),
                "{case}"
            );
            assert!(!env.has_journal(), "{case}");
            assert!(!env.state().contains("[[links]]"), "{case}");
        }
    }
}

#[test]
fn a_write_without_a_response_is_verified_by_reading() {
    for (alias, nth) in WRITES {
        for fault in [
            Fault::reset_after(),
            Fault::status_after(500),
            Fault::cut_after(20),
        ] {
            let env = Env::new(pair());
            env.world
                .app(alias)
                .fault(fault.clone().method("PUT").nth(nth));
            let out = env.applink("create {jira} {wiki} -o json");
            assert_eq!(out.code, 0, "{alias} {nth} {fault:?}: {}", out.transcript());
            assert_eq!(out.json()["changed"], true);
            // It was carried out, and nothing is sent twice.
            assert_eq!(writes(&env.world).len(), 4, "{alias} {nth} {fault:?}");
            let (jira, wiki) = (env.world.app("jira"), env.world.app("wiki"));
            assert_eq!(levels(jira, wiki), same_level("oauth"));
            assert_eq!(levels(wiki, jira), same_level("oauth"));
        }
    }
}

#[test]
fn an_interrupted_read_is_retried() {
    for path in [
        "/manifest",
        "/authenticationinfo",
        "/applicationlink/",
        "/capabilities",
    ] {
        for fault in [Fault::reset_after(), Fault::refuse(), Fault::cut_after(40)] {
            let env = Env::new(pair());
            env.world
                .app("wiki")
                .fault(fault.clone().method("GET").path(path).nth(1));
            let out = env.applink("create {jira} {wiki} -o json");
            assert_eq!(out.code, 0, "{path} {fault:?}: {}", out.transcript());
            assert_eq!(writes(&env.world).len(), 4);
        }
    }
}

#[test]
fn a_write_that_never_arrived_rolls_back_earlier_steps() {
    for (alias, nth) in WRITES {
        for fault in [Fault::refuse(), Fault::status(500)] {
            let env = Env::new(pair());
            let before = snapshot(&env.world);
            env.world
                .app(alias)
                .fault(fault.clone().method("PUT").nth(nth));
            let out = env.applink("create {jira} {wiki} -o json");
            let case = format!("{alias} {nth} {fault:?}: {}", out.transcript());
            assert_eq!(out.code, 5, "{case}");
            assert_eq!(out.json()["changed"], false, "{case}");
            assert_eq!(
                snapshot_without_consumers(&env),
                without_consumers(before),
                "{case}"
            );
            assert!(!env.has_journal(), "{case}");
        }
    }
}

#[test]
fn the_rollback_reads_as_documented() {
    let env = Env::new(pair());
    let fault = Fault::status(400).body(
        "application/json",
        r#"{"message":"The name is taken","status-code":400}"#,
    );
    env.world.app("wiki").fault(fault.method("PUT").nth(2));
    assert_snapshot!(env.applink("create {jira} {wiki}").transcript(), @r#"
    exit 1
    --- stderr
    ✓ jira: create the link "Confluence" to http://wiki.test
    ✓ wiki: create the link "Jira" to http://jira.test/jira
    ✓ jira: set both directions to oauth (from none)
    ✗ wiki: set both directions to oauth (from none): failed: wiki declines (400): The name is taken
    - jira: take back: set both directions to oauth (from none): undone
    - wiki: take back: create the link "Jira" to http://jira.test/jira: undone
    - jira: take back: create the link "Confluence" to http://wiki.test: undone
    error: wiki declines (400): The name is taken
    hint: what this run had done before is taken back: nothing is left changed
    "#);
}

#[test]
fn a_failed_rollback_is_left_to_resume() {
    let env = Env::new(pair());
    let (jira, wiki) = (env.world.app("jira"), env.world.app("wiki"));
    let before = snapshot(&env.world);
    wiki.fault(Fault::status(403).method("PUT").nth(1));
    jira.fault(Fault::status(503).method("DELETE"));
    let out = env.applink("create {jira} {wiki} -o json").expect(3);
    let json = out.json();
    assert_eq!(json["changed"], true);
    assert_eq!(json["partial"], true);
    assert_eq!(out.error()["kind"], "partial");
    assert!(out.says("applink resume"), "{}", out.transcript());
    assert!(env.has_journal());
    assert_eq!(
        out.steps()[..2],
        ["jira create-link stuck", "wiki create-link failed"]
    );

    jira.clear_faults();
    wiki.clear_faults();
    let out = env.applink("list -o json {jira}").expect(0);
    assert_eq!(out.json()["links"][0]["state"], "unfinished");
    env.applink("resume --undo").expect(0);
    assert_eq!(snapshot(&env.world), before);
    assert!(!env.has_journal());
}

#[test]
fn impersonation_requires_system_administrators() {
    for alias in ["jira", "wiki"] {
        for generation in [Generation::Classic, Generation::Old] {
            let mut env = Env::new(pair_of(generation, Generation::Modern));
            env.login(alias, Role::Admin);
            let before = snapshot(&env.world);
            let out = env
                .applink("create {jira} {wiki} --auth impersonation --yes -o json")
                .expect(4);
            let case = format!("{alias} {generation:?}: {}", out.transcript());
            assert_eq!(out.error_code(), "NOT_SYSTEM_ADMIN", "{case}");
            assert_eq!(
                snapshot_without_consumers(&env),
                without_consumers(before),
                "{case}"
            );
            assert!(!env.has_journal(), "{case}");
        }
    }
}

#[test]
fn oauth_requires_only_administrators() {
    let mut env = Env::new(pair());
    env.login("jira", Role::Admin);
    env.login("wiki", Role::Admin);
    env.applink("create {jira} {wiki}").expect(0);
}

#[test]
fn a_server_that_cannot_reach_its_peer_is_reported() {
    let env = Env::new(pair());
    let before = snapshot(&env.world);
    // The consumer is fetched by the server itself, from the address it was given.
    let out = env
        .applink("create {jira} {wiki} --local-application-url http://127.0.0.1:1/jira -o json")
        .expect(1);
    assert!(out.says("could not fetch"), "{}", out.transcript());
    assert!(out.says("wiki"), "{}", out.transcript());
    assert_eq!(out.json()["changed"], false);
    assert_eq!(snapshot_without_consumers(&env), without_consumers(before));
}

/// A consumer outlives the link that it was made for, as in the products; it grants nothing then.
fn snapshot_without_consumers(env: &Env) -> Vec<serde_json::Value> {
    without_consumers(snapshot(&env.world))
}

fn without_consumers(mut apps: Vec<serde_json::Value>) -> Vec<serde_json::Value> {
    for app in &mut apps {
        app["consumers"] = serde_json::Value::Null;
    }
    apps
}
