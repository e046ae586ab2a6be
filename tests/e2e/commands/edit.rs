//! `applink edit`

use std::time::Duration;

use applink_sandbox::{App, Fault, Generation, OAuthFlags, Product, Role};
use insta::assert_snapshot;
use serde_json::Value;

use crate::support::env::Env;
use crate::support::worlds::{
    client_requests, count_writes, jira, levels, link, pair, pair_of, same_level, snapshot, wiki,
    world, writes,
};

#[test]
fn auth_changes_the_level_of_both_ends() {
    for generation in [Generation::Classic, Generation::Modern, Generation::Old] {
        let env = Env::new(pair_of(generation, Generation::Classic));
        env.applink("create {jira} {wiki}").expect(0);
        env.world.clear_requests();
        let before = snapshot(&env.world);
        let out = env
            .applink("edit jira wiki --auth impersonation -o json")
            .expect(2);
        assert!(
            out.says("--yes") && out.says("user base"),
            "{}",
            out.transcript()
        );
        assert_eq!(snapshot(&env.world), before);
        assert!(writes(&env.world).is_empty());

        let out = env.applink("edit jira wiki --auth impersonation --yes -o json");
        assert_eq!(out.code, 0, "{}", out.transcript());
        assert_eq!(out.steps(), ["jira set-level done", "wiki set-level done"]);
        let (jira, wiki) = (env.world.app("jira"), env.world.app("wiki"));
        assert_eq!(levels(jira, wiki), same_level("impersonation"));
        assert_eq!(levels(wiki, jira), same_level("impersonation"));
        assert!(env.state().contains("impersonation"));
        assert_eq!(out.json()["verification"][0]["status"], "ok");
        assert_eq!(out.json()["link"]["remote_link_id"], jira.id());
    }
}

#[test]
fn auth_none_revokes_tokens_and_requires_yes() {
    let env = Env::linked();
    let out = env.applink("edit jira wiki --auth none").expect(2);
    assert_snapshot!(out.transcript(), @r#"
    exit 2
    --- stderr
    error: standard input is not a terminal, so nobody can be asked: This ends tokens of users, who have to authorize again. Go ahead?
    hint: answer it with --yes
    "#);
    assert!(writes(&env.world).is_empty());
    let out = env.applink("edit jira wiki --auth none --yes -o json");
    assert_eq!(out.json()["changed"], true);
    let (jira, wiki) = (env.world.app("jira"), env.world.app("wiki"));
    assert_eq!(levels(jira, wiki), same_level("none"));
    assert_eq!(levels(wiki, jira), same_level("none"));
    // Verified, and off on purpose: a warning at most.
    assert_eq!(out.code, 0, "{}", out.transcript());
    env.applink("edit jira wiki --auth oauth").expect(2);
    env.applink("edit jira wiki --auth oauth --yes").expect(0);
    assert_eq!(levels(jira, wiki), same_level("oauth"));
}

#[test]
fn names_urls_and_the_primary_flag_are_changed() {
    let env = Env::new(world([
        jira(),
        App::new(Product::Confluence, "old").server_id("AAAA-AAAA-AAAA-AAAA"),
        wiki(),
    ]));
    let [jira, old, wiki] = ["jira", "old", "wiki"].map(|alias| env.world.app(alias));
    jira.add_link_to(old);
    env.applink("create {jira} {wiki}").expect(0);
    env.world.clear_requests();
    let out = env
        .applink(
            "edit jira wiki --name Wiki --remote-name Tracker --display-url https://wiki.example.com \
             --local-display-url https://jira.example.com --primary -o json",
        )
        .expect(0);
    assert_eq!(
        out.steps(),
        [
            "jira edit-link done",
            "jira make-primary done",
            "wiki edit-link done"
        ]
    );
    let near = jira.link(&wiki.id()).unwrap();
    assert_eq!((near.name.as_str(), near.primary), ("Wiki", true));
    assert_eq!(near.display_url, "https://wiki.example.com");
    assert_eq!(near.rpc_url, wiki.url());
    assert!(!jira.link(&old.id()).unwrap().primary);
    let far = wiki.link(&jira.id()).unwrap();
    assert_eq!(far.name, "Tracker");
    assert_eq!(far.display_url, "https://jira.example.com");
    assert_eq!(levels(jira, wiki), same_level("oauth"));
    assert_eq!(levels(wiki, jira), same_level("oauth"));

    // The same again: nothing is sent.
    env.world.clear_requests();
    let out = env
        .applink("edit jira wiki --name Wiki --primary -o json")
        .expect(0);
    assert_eq!(out.json()["changed"], false);
    assert!(writes(&env.world).is_empty());
}

#[test]
fn changing_one_end_needs_only_its_account() {
    let mut env = Env::linked();
    let state = env.state();
    env.logout("wiki");
    // Who is not needed for a name is not needed to look at the link after it.
    let out = env.applink("edit jira wiki --name Wiki -o json").expect(0);
    assert_eq!(out.json()["changed"], true);
    let (jira, wiki) = (env.world.app("jira"), env.world.app("wiki"));
    assert_eq!(jira.link(&wiki.id()).unwrap().name, "Wiki");
    env.login("wiki", Role::SystemAdmin);
    env.logout("jira");
    let out = env
        .applink("edit jira wiki --remote-name Tracker -o json")
        .expect(0);
    assert_eq!(out.json()["changed"], true);
    let (jira, wiki) = (env.world.app("jira"), env.world.app("wiki"));
    assert_eq!(wiki.link(&jira.id()).unwrap().name, "Tracker");
    // The link is as it was: two ways, at its level.
    assert_eq!(env.state(), state);
    let out = env.applink("edit jira wiki --auth none --yes").expect(4);
    assert!(out.says("APPLINK_JIRA_TOKEN"));
}

#[test]
fn a_refusal_at_the_second_end_rolls_back_the_first() {
    let env = Env::linked();
    let before = (snapshot(&env.world), env.state());
    env.world
        .app("wiki")
        .fault(Fault::status(403).method("PUT"));
    let out = env
        .applink("edit jira wiki --auth impersonation --yes -o json")
        .expect(4);
    assert_eq!(out.json()["changed"], false);
    assert_eq!(
        out.steps(),
        ["jira set-level undone", "wiki set-level failed"]
    );
    assert_eq!((snapshot(&env.world), env.state()), before);
    assert!(!env.has_journal());
}

#[test]
fn a_taken_name_is_refused_with_the_servers_message() {
    let env = Env::new(world([jira(), wiki(), App::new(Product::Bamboo, "bamboo")]));
    let [jira, bamboo] = ["jira", "bamboo"].map(|alias| env.world.app(alias));
    jira.add_link_to(bamboo);
    env.applink("create {jira} {wiki}").expect(0);
    let before = snapshot(&env.world);
    let out = env
        .applink("edit jira wiki --name Bamboo -o json")
        .expect(1);
    assert_eq!(out.error()["kind"], "refused");
    assert!(out.says("400"), "{}", out.transcript());
    assert_eq!(out.json()["changed"], false);
    assert_eq!(snapshot(&env.world), before);
}

#[test]
fn a_dry_run_changes_nothing() {
    let env = Env::linked();
    let before = (snapshot(&env.world), env.files());
    let out = env
        .applink("edit jira wiki --auth none --name Wiki --dry-run -o json")
        .expect(0);
    assert_eq!(
        out.steps(),
        [
            "jira edit-link planned",
            "jira set-level planned",
            "wiki set-level planned"
        ]
    );
    assert_eq!((snapshot(&env.world), env.files()), before);
    assert!(writes(&env.world).is_empty());
}

#[test]
fn invalid_edits_are_refused() {
    let env = Env::linked();
    env.applink("edit jira wiki").expect(2);
    env.applink("edit jira wiki --auth three-legged").expect(2);
    env.applink("edit jira jira --auth none --yes").expect(1);
    env.applink("edit jira wikki --auth none --yes").expect(2);
    env.applink("delete jira wiki --yes").expect(0);
    let out = env
        .applink("edit jira wiki --auth none --yes -o json")
        .expect(1);
    assert!(out.says("applink create jira wiki"), "{}", out.transcript());
    assert!(out.stdout.is_empty());
}

#[test]
fn system_links_are_refused() {
    let env = Env::linked();
    let wiki = env.world.app("wiki").id();
    env.world.app("jira").mark_system(&wiki);
    let out = env.applink("edit jira wiki --name X -o json").expect(1);
    assert_eq!(out.error_code(), "SYSTEM_LINK");
    assert!(writes(&env.world).is_empty());
}

#[test]
fn three_legged_links_are_raised_to_a_supported_level() {
    let env = Env::new(pair());
    let (jira, wiki) = (env.world.app("jira"), env.world.app("wiki"));
    link(jira, wiki, OAuthFlags::THREE_LEGGED);
    env.add_all();
    let out = env.applink("verify -o json").expect(0);
    assert_eq!(
        out.json()["links"][0]["code"],
        "AUTH_LEVEL_UNSUPPORTED",
        "{}",
        out.transcript()
    );
    assert_eq!(out.json()["links"][0]["status"], "warning");
    env.run_fix(&out.json()).expect(0);
    assert_eq!(levels(jira, wiki), same_level("oauth"));
    let out = env.applink("verify -o json").expect(0);
    assert_eq!(out.json()["links"][0]["status"], "ok");
}

#[test]
fn concurrent_changes_by_others_are_kept_and_reported() {
    let env = Env::linked();
    let (jira, wiki) = (env.world.app("jira"), env.world.app("wiki"));
    let slow = Fault::delay(Duration::from_millis(200)).method("PUT");
    jira.fault(slow.nth(1));
    let child = env.start("edit jira wiki --name Wiki --remote-name Tracker -o json");
    // While the first end is being written, an administrator renames the second one.
    let first = env
        .world
        .wait_for_requests(Duration::from_secs(60), |requests| {
            count_writes(requests) == 1
        });
    assert!(first);
    wiki.edit_link(&jira.id(), |link| link.name = "By hand".to_owned());
    let out = env.wait(child);
    assert_eq!(out.code, 1, "{}", out.transcript());
    assert_eq!(out.error()["kind"], "conflict");
    assert!(
        out.says("name") && out.says("By hand"),
        "{}",
        out.transcript()
    );
    assert_eq!(out.json()["changed"], false);
    assert_eq!(wiki.link(&jira.id()).unwrap().name, "By hand");
    assert_eq!(jira.link(&wiki.id()).unwrap().name, "Confluence");
}

#[test]
fn unknown_fields_of_a_record_are_preserved() {
    let env = Env::known();
    env.world.clear_requests();
    env.applink("edit jira wiki --name Handbook -o json")
        .expect(0);
    let requests = client_requests(&env.world);
    let written = requests
        .iter()
        .find(|request| request.method == "POST")
        .expect("an update");
    let body: Value = serde_json::from_slice(&written.body).expect("JSON");
    // What the application says of a link beside what applink knows goes back as it came.
    assert!(body.get("iconUri").is_some(), "{body}");
    assert_eq!(body["name"], "Handbook");
}

#[test]
fn editing_one_end_does_not_report_on_the_other() {
    let env = Env::linked();
    let state = env.state();
    let out = env.applink("edit jira wiki --name Abc -o json").expect(0);
    let jira = env.world.app("jira").id();
    assert_eq!(out.json()["link"]["remote_link_id"], jira);
    let out = env.applink("edit jira wiki --name Handbook").expect(0);
    assert!(
        out.says("the link of jira to wiki is changed") && !out.says("one-way"),
        "{}",
        out.transcript()
    );
    assert_eq!(env.state(), state);
}
