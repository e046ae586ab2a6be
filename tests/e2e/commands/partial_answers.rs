//! An application that lets itself be asked who it is, and not what is to be known: that is
//! trouble, and never passed over.

use applink_sandbox::{Fault, Role};
use serde_json::Value;

use crate::support::env::Env;
use crate::support::worlds::{outside, pair};

/// The last line of standard error.
#[track_caller]
fn last_words(stderr: &str) -> Value {
    let line = stderr.lines().last().expect("something on stderr");
    serde_json::from_str(line).expect("JSON")
}

#[test]
fn a_status_that_cannot_be_had() {
    for (fault, exit, kind) in [
        (Fault::status(500), 5, "unreachable"),
        (
            Fault::status(200).body("application/json", "{\"foo\":1}"),
            5,
            "unreachable",
        ),
        (
            Fault::status(200).body(
                "application/json",
                "{\"working\":false,\"working\":true,\"localAuthentication\":{}}",
            ),
            5,
            "unreachable",
        ),
        (
            Fault::status(403).body("application/json", "{\"status\":403,\"errors\":[]}"),
            4,
            "permission",
        ),
    ] {
        let env = Env::known();
        env.world
            .app("wiki")
            .fault(fault.path("/rest/applinks/3.0/status/").from_outside());
        let out = env.applink("verify -o json").expect(exit);
        let json = out.json();
        assert_eq!(json["errors"][0]["app"], "wiki", "{}", out.shown());
        assert_eq!(json["errors"][0]["kind"], kind, "{}", out.shown());
        assert_ne!(json["links"][0]["status"], "ok", "{}", out.shown());
        assert_eq!(last_words(&out.stderr)["error"]["kind"], kind);
    }
}

#[test]
fn levels_that_cannot_be_had() {
    let env = Env::known();
    env.world
        .app("wiki")
        .fault(Fault::status(500).path("/oauth").from_outside());
    let out = env.applink("list -o json").expect(5);
    let json = out.json();
    assert_eq!(json["links"].as_array().map(Vec::len), Some(2));
    assert_eq!(json["errors"][0]["app"], "wiki", "{}", out.shown());
    assert_eq!(last_words(&out.stderr)["error"]["kind"], "unreachable");
}

#[test]
fn rows_that_are_no_links() {
    let env = Env::known();
    env.world.app("jira").fault(
        Fault::status(200)
            .body("application/json", "[{\"name\":\"no id\"},7]")
            .path("/rest/applinks/3.0/applinks")
            .from_outside(),
    );
    let out = env.applink("list jira -o json").expect(5);
    assert!(out.says("row 1"), "{}", out.shown());
}

#[test]
fn a_one_way_link_leaves_the_other_account_alone() {
    let mut env = Env::new(pair());
    env.login("jira", Role::SystemAdmin);
    env.login("wiki", Role::User);
    env.applink("create {jira} {wiki} --one-way -o json")
        .expect(0);
    assert!(
        outside(&env.world)
            .iter()
            .all(|request| request.app == "jira" || request.header("authorization").is_none())
    );
}

#[test]
fn an_edit_keeps_what_it_does_not_know() {
    let env = Env::known();
    env.world.clear_requests();
    env.applink("edit jira wiki --name Handbook -o json")
        .expect(0);
    let requests = outside(&env.world);
    let written = requests
        .iter()
        .find(|request| request.method == "POST")
        .expect("an update");
    let body: Value = serde_json::from_slice(&written.body).expect("JSON");
    // What the application says of a link beside what applink knows goes back as it came.
    assert!(body.get("iconUri").is_some(), "{body}");
    assert_eq!(body["name"], "Handbook");
}
