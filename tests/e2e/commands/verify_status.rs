//! `applink verify`: how often it asks, what it watches, how it ends; and `applink explain`.

use applink_sandbox::OAuthFlags;
use serde_json::Value;

use crate::support::code_cases::{faulty_link, linked_pairs, pairs_after, two_pairs};
use crate::support::env::Env;
use crate::support::terminal::Terminal;
use crate::support::worlds::{jira, wiki, world};

#[test]
fn an_unreadable_status_is_not_reported_as_missing() {
    let mut env = Env::new(world([jira(), wiki()]));
    env.applink("create {jira} {wiki}").expect(0);
    env.basic("wiki", "admin", "wrong");
    let out = env.applink("verify -o json").expect(4);
    let checks = out.json()["links"][0]["checks"].clone();
    let of_wiki = |check: &&Value| check["name"] == "status" && check["end"] == "wiki";
    let status = checks.as_array().unwrap().iter().find(of_wiki).unwrap();
    let summary = status["summary"].as_str().unwrap();
    assert!(
        summary.contains("could not be read") && summary.contains("refuses the user name"),
        "{summary}"
    );
    assert_eq!(status["status"], "skip");
    assert!(!out.says("no status of its own"), "{}", out.transcript());
}

/// The table goes through the pipe, the next command beside it.
#[test]
fn in_a_pipe_the_suggested_command_goes_to_standard_error() {
    let env = Env::new(world([jira(), wiki()]));
    env.applink("create {jira} {wiki}").expect(0);
    assert_eq!(env.applink("verify").expect(0).stderr, "");
    let wiki = env.world.app("wiki").id();
    let jira = env.world.app("jira");
    jira.set_outgoing(&wiki, OAuthFlags::IMPERSONATION);
    let out = env.applink("verify").expect(6);
    let fix = env.applink("verify -o json").json()["links"][0]["fix"][0]["command"].clone();
    let hint = format!("hint: jira and wiki: {}\n", fix.as_str().unwrap());
    assert!(out.stderr.contains(&hint), "{}", out.transcript());
    assert_eq!(out.stdout.lines().count(), 1, "{}", out.transcript());
    assert_eq!(env.applink("verify -q").expect(6).stderr, "");
}

#[test]
fn a_registered_consumer_needs_no_repair() {
    let env = Env::new(world([jira()]));
    env.add_all();
    env.applink("create jira --consumer Jenkins").expect(0);
    let out = env.applink("repair").expect(0);
    assert!(!out.says("GENERIC_LINK"), "{}", out.transcript());
    let shown = Terminal::start(&env, "verify").ends(0);
    assert_eq!(shown.matches("Jenkins").count(), 1, "{shown}");
    assert!(!shown.contains("applink explain"), "{shown}");
    let json = env.applink("verify -o json").expect(0).json();
    assert_eq!(json["links"][0]["code"], "GENERIC_LINK");
}

#[test]
fn working_links_of_every_kind_are_ok() {
    let one_direction = |env: &Env| {
        let [jira, wiki] = ["jira", "wiki"].map(|alias| env.world.app(alias));
        assert!(jira.set_outgoing(&wiki.id(), OAuthFlags::NONE));
        wiki.set_incoming(&jira.id(), OAuthFlags::NONE, jira);
    };
    // A record may have the id that is derived from the other's base URL.
    let by_address = |env: &Env| {
        let [jira, wiki] = ["jira", "wiki"].map(|alias| env.world.app(alias));
        let derived = applink_sandbox::url_derived_id(&jira.base_url());
        assert!(wiki.edit_link(&jira.id(), |link| link.id = derived));
    };
    let written_otherwise = |env: &Env| {
        let [jira, wiki] = ["jira", "wiki"].map(|alias| env.world.app(alias));
        assert!(jira.edit_link(&wiki.id(), |link| link.rpc_url.push('/')));
        assert!(wiki.edit_link(&jira.id(), |link| link.display_url.push('/')));
    };
    let changes: [&dyn Fn(&Env); 3] = [&one_direction, &by_address, &written_otherwise];
    for change in changes {
        let env = linked_pairs(two_pairs(jira(), wiki()), OAuthFlags::OAUTH);
        change(&env);
        let out = env.applink("verify -o json").expect(0);
        assert_eq!(out.json()["summary"]["ok"], 2, "{}", out.transcript());
        env.applink("repair --yes").expect(0);
        assert!(crate::support::worlds::writes(&env.world).is_empty());
    }
}

#[test]
fn fail_on_sets_the_status_that_fails() {
    let env = linked_pairs(two_pairs(jira(), wiki()), OAuthFlags::NONE);
    env.applink("verify").expect(0);
    env.applink("verify --fail-on broken").expect(0);
    env.applink("verify --fail-on warning").expect(6);
    env.applink("verify bamboo --fail-on warning").expect(0);
    env.world
        .app("wiki")
        .remove_link(&env.world.app("jira").id());
    for line in [
        "verify",
        "verify --fail-on broken",
        "verify --fail-on warning",
    ] {
        env.applink(line).expect(6);
    }
    env.applink("verify --fail-on never").expect(2);
}

#[test]
fn an_outdated_display_url_is_a_warning() {
    let env = pairs_after(|jira, wiki| {
        jira.edit_link(&wiki.id(), |link| {
            "http://old.example.test".clone_into(&mut link.display_url);
        });
    });
    let out = env.applink("verify jira wiki -o json").expect(0);
    let link = faulty_link(&out.json()).unwrap();
    assert_eq!(link["status"], "warning", "{}", out.transcript());
    assert_eq!(link["code"], "BASE_URL_MISMATCH");
    assert!(
        out.stdout
            .contains("sends users to http://old.example.test")
    );
    env.applink("repair jira wiki").expect(0);
    let out = env.applink("verify jira wiki -o json").expect(0);
    assert_eq!(faulty_link(&out.json()).unwrap()["status"], "ok");
}
