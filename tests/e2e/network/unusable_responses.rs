//! An application that lets itself be asked who it is, and not what is to be known: that is
//! trouble, and never passed over.

use std::time::Duration;

use applink_sandbox::Fault;
use serde_json::Value;

use crate::support::env::Env;
use crate::support::worlds::writes;

/// The last line of standard error.
#[track_caller]
fn last_words(stderr: &str) -> Value {
    let line = stderr.lines().last().expect("something on stderr");
    serde_json::from_str(line).expect("JSON")
}

#[test]
fn an_unreadable_status_is_an_error() {
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
        assert_eq!(json["errors"][0]["app"], "wiki", "{}", out.transcript());
        assert_eq!(json["errors"][0]["kind"], kind, "{}", out.transcript());
        assert_ne!(json["links"][0]["status"], "ok", "{}", out.transcript());
        assert_eq!(last_words(&out.stderr)["error"]["kind"], kind);
    }
}

#[test]
fn unreadable_levels_are_an_error() {
    let env = Env::known();
    env.world
        .app("wiki")
        .fault(Fault::status(500).path("/oauth").from_outside());
    let out = env.applink("list -o json").expect(5);
    let json = out.json();
    assert_eq!(json["links"].as_array().map(Vec::len), Some(2));
    assert_eq!(json["errors"][0]["app"], "wiki", "{}", out.transcript());
    assert_eq!(last_words(&out.stderr)["error"]["kind"], "unreachable");
}

#[test]
fn rows_that_are_not_links_are_an_error() {
    let env = Env::known();
    env.world.app("jira").fault(
        Fault::status(200)
            .body("application/json", "[{\"name\":\"no id\"},7]")
            .path("/rest/applinks/3.0/applinks")
            .from_outside(),
    );
    let out = env.applink("list jira -o json").expect(5);
    assert!(out.says("row 1"), "{}", out.transcript());
}

#[test]
fn a_protected_capabilities_resource_does_not_mean_an_old_version() {
    for status in [401, 403] {
        let env = Env::linked();
        for app in ["jira", "wiki"] {
            let fault = Fault::status(status).path("/3.0/capabilities");
            env.world.app(app).fault(fault);
        }
        // Neither side is taken for one that has no status of its own.
        let out = env.applink("edit jira wiki --auth none --yes -o json");
        assert_eq!(out.code, 4, "{}", out.transcript());
        assert!(writes(&env.world).is_empty());
    }
}

#[test]
fn a_failed_verification_after_a_change_is_reported() {
    for fault in [Fault::status(502), Fault::delay(Duration::from_secs(60))] {
        let env = Env::linked();
        env.world
            .app("wiki")
            .fault(fault.path("/3.0/status/").method("GET"));
        let out = env
            .applink("edit jira wiki --name Abc --timeout 1 -o json")
            .expect(5);
        assert_eq!(out.json()["changed"], true, "{}", out.transcript());
        assert_ne!(out.json()["verification"][0]["status"], "ok");
        assert_eq!(out.json()["errors"][0]["kind"], "unreachable");
    }
}

#[test]
fn unreachable_applications_are_listed_in_json() {
    let env = Env::linked();
    env.world.app("wiki").fault(Fault::refuse());
    for line in [
        "relocate --from https://old.example.com --to https://new.example.com --yes -o json",
        "migrate --yes -o json",
        "repair --yes -o json",
    ] {
        let out = env.applink(line).expect(5);
        assert_eq!(
            out.json()["errors"][0]["app"],
            "wiki",
            "{}",
            out.transcript()
        );
    }
}
