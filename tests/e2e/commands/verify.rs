//! `applink verify`

use applink_sandbox::{App, Generation, Link, OAuthFlags, Product, Role, World};
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::env::Env;
use crate::support::output::{RunOutput, field_names, index_by};
use crate::support::worlds::{
    client_requests, jira, levels, link, own_404, pair, pair_of, same_level, snapshot, wiki, world,
    writes,
};

/// A linked pair that applink knows.
fn linked() -> Env {
    linked_in(pair(), OAuthFlags::OAUTH)
}

fn linked_in(world: World, flags: OAuthFlags) -> Env {
    let env = Env::new(world);
    link(env.world.app("jira"), env.world.app("wiki"), flags);
    env.add_all();
    env
}

/// The one link of a verdict.
#[track_caller]
fn only(out: &RunOutput) -> Value {
    let links = out.json()["links"].clone();
    assert_eq!(links.as_array().unwrap().len(), 1, "{}", out.transcript());
    links[0].clone()
}

#[test]
fn a_working_link_is_ok() {
    for flags in [OAuthFlags::OAUTH, OAuthFlags::IMPERSONATION] {
        for generation in [
            Generation::Classic,
            Generation::Modern,
            Generation::Old,
            Generation::Old4,
        ] {
            let env = linked_in(pair_of(generation, generation), flags);
            let before = snapshot(&env.world);
            let out = env.applink("verify -o json");
            assert_eq!(out.code, 0, "{generation:?}: {}", out.transcript());
            let json = out.json();
            assert_eq!(field_names(&json), ["schema", "links", "summary", "errors"]);
            assert_eq!(
                json["summary"],
                json!({"ok": 1, "warning": 0, "broken": 0, "unverifiable": 0})
            );
            assert_eq!(json["errors"], json!([]));
            let found = only(&out);
            assert_eq!(
                field_names(&found),
                [
                    "local", "remote", "id", "name", "status", "code", "category", "summary",
                    "fix", "ends", "checks"
                ]
            );
            assert_eq!(found["id"], env.world.app("wiki").id());
            assert_eq!(found["code"], Value::Null);
            assert_eq!(found["category"], Value::Null);
            assert_eq!(found["fix"], json!([]));
            for end in found["ends"].as_array().unwrap() {
                assert_eq!(
                    field_names(end),
                    ["app", "status", "code", "incoming", "outgoing"]
                );
                assert_eq!(end["status"], "ok");
            }
            for check in found["checks"].as_array().unwrap() {
                assert_eq!(
                    field_names(check),
                    ["name", "end", "status", "code", "summary"]
                );
            }
            assert!(writes(&env.world).is_empty());
            assert_eq!(snapshot(&env.world), before);
        }
    }
}

#[test]
fn the_table_and_the_details_read_as_documented() {
    let env = linked();
    assert_snapshot!(env.applink("verify").transcript(), @r"
    exit 0
    --- stdout
    ok	jira	wiki		both ends work
    ");
    env.world
        .app("wiki")
        .remove_link(&env.world.app("jira").id());
    assert_snapshot!(env.applink("verify").transcript(), @r"
    exit 6
    --- stdout
    broken	jira	wiki	NO_REMOTE_APPLINK	jira: the other application has no link back (no link back at http://wiki.test)
    --- stderr
    hint: jira and wiki: applink create jira wiki
    ");
    env.world.app("wiki").stop();
    assert_snapshot!(env.applink("verify").transcript(), @r"
    exit 5
    --- stdout
    broken	jira	wiki	CONNECTION_REFUSED	jira: the calling server reached the host, and nobody listens on that port (java.net.ConnectException: Connection refused (Connection refused))
    --- stderr
    hint: jira and wiki: applink explain CONNECTION_REFUSED
    warning: wiki (wiki.test) cannot be reached: connection refused
    hint: check that the application is up and that the port is right
    ");
}

#[test]
fn the_first_application_of_the_command_is_local() {
    let env = linked();
    let out = env.applink("verify wiki jira -o json").expect(0);
    let found = only(&out);
    assert_eq!(found["local"], "wiki");
    assert_eq!(found["id"], env.world.app("jira").id());
    assert_eq!(found["ends"][0]["app"], "wiki");
    let out = env.applink("verify wiki -o json").expect(0);
    assert_eq!(only(&out)["local"], "wiki");
    let out = env.applink("verify -o json").expect(0);
    assert_eq!(only(&out)["local"], "jira");
}

#[test]
fn a_deleted_record_is_broken() {
    for (gone, kept) in [("wiki", "jira"), ("jira", "wiki")] {
        let env = linked();
        let [from, of] = [gone, kept].map(|alias| env.world.app(alias));
        from.remove_link(&of.id());
        let out = env.applink("verify -o json").expect(6);
        let found = only(&out);
        assert_eq!(found["status"], "broken");
        assert_eq!(found["code"], "NO_REMOTE_APPLINK");
        assert_eq!(found["category"], "CONFIG_ERROR");
        assert_eq!(found["id"], from.id());
        env.run_fix(&out.json()).expect(0);
        env.applink("verify").expect(0);
        assert_eq!(levels(from, of), same_level("oauth"));
    }
}

#[test]
fn levels_that_differ_are_broken() {
    for (flags, other) in [
        (OAuthFlags::OAUTH, OAuthFlags::IMPERSONATION),
        (OAuthFlags::IMPERSONATION, OAuthFlags::OAUTH),
        (OAuthFlags::OAUTH, OAuthFlags::NONE),
    ] {
        let env = linked_in(pair(), flags);
        let (jira, wiki) = (env.world.app("jira"), env.world.app("wiki"));
        wiki.set_incoming(&jira.id(), other, jira);
        let out = env.applink("verify -o json").expect(6);
        let found = only(&out);
        assert_eq!(
            found["code"],
            "AUTH_LEVEL_MISMATCH",
            "{flags:?} {other:?} {}",
            out.transcript()
        );
        assert_eq!(found["status"], "broken");
        env.run_fix(&out.json()).expect(0);
        env.applink("verify").expect(0);
        // Nothing is given away that was not given on both ends.
        assert_eq!(levels(jira, wiki), same_level("oauth"));
        assert_eq!(levels(wiki, jira), same_level("oauth"));
    }
}

#[test]
fn levels_that_differ_are_broken_on_old_versions() {
    let env = linked_in(
        pair_of(Generation::Old, Generation::Old4),
        OAuthFlags::OAUTH,
    );
    let (jira, wiki) = (env.world.app("jira"), env.world.app("wiki"));
    wiki.set_incoming(&jira.id(), OAuthFlags::THREE_LEGGED, jira);
    let out = env.applink("verify -o json").expect(6);
    assert_eq!(only(&out)["code"], "AUTH_LEVEL_MISMATCH");
    env.run_fix(&out.json()).expect(0);
    env.applink("verify").expect(0);
}

#[test]
fn an_intended_one_way_link_is_a_warning() {
    let mut env = Env::new(pair());
    env.logout("wiki");
    env.applink("create {jira} {wiki} --one-way").expect(0);
    env.login("wiki", Role::SystemAdmin);
    let out = env.applink("verify -o json").expect(0);
    let found = only(&out);
    assert_eq!(found["status"], "warning", "{}", out.transcript());
    assert!(["ONE_WAY", "NO_REMOTE_APPLINK"].contains(&found["code"].as_str().unwrap()));
    assert_eq!(out.json()["summary"]["warning"], 1);
    env.applink("verify --fail-on warning").expect(6);
    env.applink("verify --fail-on broken").expect(0);
}

#[test]
fn an_unreachable_application_is_reported_with_what_its_peer_says() {
    let env = linked();
    env.world.app("wiki").stop();
    let out = env.applink("verify -o json").expect(5);
    let found = only(&out);
    let ends = index_by(&found["ends"], "app");
    // What the end that answers says of the other one is still told.
    assert_eq!(
        ends["jira"]["code"],
        "CONNECTION_REFUSED",
        "{}",
        out.transcript()
    );
    assert_eq!(ends["wiki"]["status"], "unverifiable");
    assert_eq!(found["status"], "broken");
    assert_eq!(found["code"], "CONNECTION_REFUSED");
    assert_eq!(out.json()["errors"][0]["app"], "wiki");
    assert_eq!(out.json()["errors"][0]["kind"], "unreachable");
    assert_eq!(
        field_names(&out.json()["errors"][0]),
        ["app", "kind", "code", "message"]
    );
}

#[test]
fn rejected_credentials_are_an_error_of_one_end() {
    let mut env = linked();
    env.basic("wiki", "admin", "wrong-as-can-be");
    let out = env.applink("verify -o json").expect(4);
    let error = &out.json()["errors"][0];
    assert_eq!(error["app"], "wiki");
    assert_eq!(error["code"], "BAD_CREDENTIALS");
    let found = only(&out);
    let ends = index_by(&found["ends"], "app");
    assert_eq!(ends["jira"]["status"], "ok");
    assert_eq!(ends["wiki"]["status"], "unverifiable");
    assert_eq!(found["status"], "unverifiable", "{}", out.transcript());
}

#[test]
fn a_generic_link_is_not_verified_and_not_a_failure() {
    let env = Env::new(pair());
    let jira = env.world.app("jira");
    let id = applink_sandbox::url_derived_id("https://ci.example.com");
    jira.add_link(Link::new(
        &id,
        "generic",
        "Jenkins",
        "https://ci.example.com",
    ));
    env.applink("app add jira {jira.url}").expect(0);
    let out = env.applink("verify -o json").expect(0);
    let found = only(&out);
    assert_eq!(found["status"], "unverifiable");
    assert_eq!(found["remote"], Value::Null);
    assert_eq!(found["ends"].as_array().unwrap().len(), 1);
    assert_eq!(found["category"], "NON_ATLASSIAN");
    env.applink("verify --fail-on warning").expect(0);
}

#[test]
fn a_skewed_clock_is_a_warning() {
    for (ahead, code, status, exit) in [
        (30, Value::Null, "ok", 0),
        (120, json!("CLOCK_SKEW"), "warning", 0),
        (-120, json!("CLOCK_SKEW"), "warning", 0),
    ] {
        let env = linked();
        env.world
            .app("wiki")
            .configure(|settings| settings.clock_offset = ahead);
        let out = env.applink("verify -o json").expect(exit);
        let found = only(&out);
        assert_eq!(found["code"], code, "{ahead}: {}", out.transcript());
        assert_eq!(found["status"], status);
    }
    let env = linked();
    env.world
        .app("wiki")
        .configure(|settings| settings.clock_offset = 400);
    let out = env.applink("verify -o json").expect(6);
    let found = only(&out);
    assert_eq!(found["status"], "broken");
    let code = found["code"].as_str().unwrap();
    assert!(
        ["CLOCK_SKEW", "OAUTH_TIMESTAMP_REFUSED"].contains(&code),
        "{}",
        out.transcript()
    );
    let skew = found["checks"]
        .as_array()
        .unwrap()
        .iter()
        .find(|check| check["code"] == "CLOCK_SKEW" && check["status"] == "fail");
    assert!(skew.is_some(), "{}", out.transcript());
}

#[test]
fn a_clone_of_a_known_application_is_reported() {
    let env = Env::new(world([
        jira(),
        wiki(),
        App::new(Product::Jira, "staging").clone_of("jira"),
    ]));
    link(
        env.world.app("jira"),
        env.world.app("wiki"),
        OAuthFlags::OAUTH,
    );
    env.add_all();
    let out = env.applink("verify jira wiki -o json").expect(0);
    let out = if only(&out)["code"].is_null() {
        env.applink("verify -o json").expect(0)
    } else {
        out
    };
    let links = out.json()["links"].clone();
    let warned = links
        .as_array()
        .unwrap()
        .iter()
        .any(|link| link["code"] == "CLONED_APPLICATION" && link["status"] == "warning");
    assert!(warned, "{}", out.transcript());
}

#[test]
fn a_differing_base_url_is_reported() {
    let env = linked();
    env.world
        .app("wiki")
        .configure(|settings| settings.base_url = Some("https://wiki.example.com".to_owned()));
    let out = env.applink("verify -o json");
    let found = only(&out);
    let checks: Vec<&Value> = found["checks"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|check| check["code"] == "BASE_URL_MISMATCH")
        .collect();
    assert_eq!(checks.len(), 1, "{}", out.transcript());
    assert_eq!(checks[0]["end"], "jira");
    assert_ne!(found["status"], "ok");
}

#[test]
fn a_rotated_key_is_broken() {
    let env = linked();
    env.world.app("jira").rotate_key();
    let out = env.applink("verify -o json").expect(6);
    assert_eq!(
        only(&out)["code"],
        "OAUTH_SIGNATURE_INVALID",
        "{}",
        out.transcript()
    );
}

#[test]
fn a_disabled_link_is_a_warning() {
    let env = linked_in(pair(), OAuthFlags::NONE);
    let out = env.applink("verify -o json");
    let found = only(&out);
    assert_eq!(
        (found["code"].clone(), out.code),
        (json!("DISABLED"), 0),
        "{}",
        out.transcript()
    );
    assert_eq!(found["status"], "warning");
}

#[test]
fn verifying_a_pair_without_a_link_reports_it() {
    let env = Env::new(pair());
    env.add_all();
    assert_snapshot!(env.applink("verify jira wiki").transcript(), @r"
    exit 1
    --- stderr
    error: jira and wiki have no link to each other
    hint: make one with: applink create jira wiki
    ");
    let out = env.applink("verify jira -o json").expect(2);
    assert_eq!(out.json()["links"], json!([]));
    env.applink("verify jira --allow-empty").expect(0);
}

#[test]
fn a_link_that_exists_only_in_the_state_is_broken() {
    let env = Env::new(pair());
    env.applink("create {jira} {wiki}").expect(0);
    for (one, other) in [("jira", "wiki"), ("wiki", "jira")] {
        env.world.app(one).remove_link(&env.world.app(other).id());
    }
    let out = env.applink("verify -o json").expect(6);
    let found = only(&out);
    assert_eq!(found["status"], "broken");
    assert_eq!(found["id"], Value::Null);
    env.run_fix(&out.json()).expect(0);
    env.applink("verify").expect(0);
}

#[test]
fn only_the_named_applications_count() {
    let env = Env::new(world([jira(), wiki(), App::new(Product::Bamboo, "bamboo")]));
    let [jira, wiki, bamboo] = ["jira", "wiki", "bamboo"].map(|alias| env.world.app(alias));
    link(jira, wiki, OAuthFlags::OAUTH);
    link(jira, bamboo, OAuthFlags::OAUTH);
    env.add_all();
    bamboo.stop();
    env.world.clear_requests();
    env.applink("verify jira wiki").expect(0);
    assert!(
        client_requests(&env.world)
            .iter()
            .all(|request| request.app != "bamboo")
    );
    let out = env.applink("verify wiki -o json").expect(0);
    assert_eq!(out.json()["errors"], json!([]));
    env.applink("verify jira").expect(5);
    env.applink("verify").expect(5);
}

#[test]
fn an_administrator_unknown_to_the_peer_does_not_break_the_link() {
    // The product judges by the account that asks; the comparison of both ends decides then.
    let mut env = linked();
    env.login("jira", Role::Admin);
    let out = env.applink("verify -o json").expect(0);
    assert_eq!(only(&out)["status"], "ok", "{}", out.transcript());
}

#[test]
fn a_missing_resource_falls_back_to_an_older_one() {
    let env = linked();
    let gone = |path: &str| {
        env.world
            .app("wiki")
            .fault(own_404().method("GET").path(path));
    };
    // The newest list has an older one behind it.
    gone("/rest/applinks/3.0/applinks");
    env.applink("verify").expect(0);
    gone("pplicationlink");
    let out = env.applink("verify -o json").expect(5);
    let error = &out.json()["errors"][0];
    assert_eq!(
        (error["app"].as_str(), error["kind"].as_str()),
        (Some("wiki"), Some("unreachable"))
    );
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("/rest/applinks/"), "{}", out.transcript());
    let found = only(&out);
    assert_eq!(index_by(&found["ends"], "app")["jira"]["status"], "ok");
}
