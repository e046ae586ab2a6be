//! `applink create`: what is made, what is left alone, what is remembered.

use applink_sandbox::{App, Generation, OAuthFlags, Product, Role};
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::env::Env;
use crate::support::output::{field_names, string};
use crate::support::worlds::{
    client_requests, jira, levels, link, pair, pair_of, same_level, snapshot, wiki, world, writes,
};

#[test]
fn two_applications_are_linked_with_four_writes() {
    for (a, b) in [
        (Generation::Classic, Generation::Classic),
        (Generation::Modern, Generation::Modern),
        (Generation::Classic, Generation::Modern),
    ] {
        let env = Env::new(world([
            jira().generation(a),
            wiki().context("/some/wiki").generation(b),
        ]));
        let out = env.applink("create {jira} {wiki} -o json").expect(0);
        assert_eq!(
            writes(&env.world),
            [
                "PUT jira 201",
                "PUT wiki 201",
                "PUT jira 204",
                "PUT wiki 204"
            ]
        );
        let refused = client_requests(&env.world).into_iter().find(|request| {
            request.status.is_none_or(|status| status >= 400) && request.user.is_some()
        });
        // A record that is not there yet is asked for, and nothing else is refused.
        assert!(refused.is_none_or(|request| request.status == Some(404)));
        let (jira, wiki) = (env.world.app("jira"), env.world.app("wiki"));
        assert_eq!(levels(jira, wiki), same_level("oauth"));
        assert_eq!(levels(wiki, jira), same_level("oauth"));
        let link = jira.link(&wiki.id()).unwrap();
        assert_eq!((link.rpc_url, link.display_url), (wiki.url(), wiki.url()));

        let json = out.json();
        assert_eq!(
            field_names(&json),
            [
                "schema",
                "changed",
                "partial",
                "steps",
                "losses",
                "link",
                "consumer",
                "oauth2_client",
                "verification",
                "errors"
            ]
        );
        assert_eq!(json["changed"], true);
        assert_eq!(json["partial"], false);
        assert_eq!(json["consumer"], Value::Null);
        assert_eq!(
            json["link"],
            json!({
                "local": "jira", "remote": "wiki",
                "local_link_id": wiki.id(), "remote_link_id": jira.id(),
            })
        );
        assert_eq!(
            out.steps(),
            [
                "jira create-link done",
                "wiki create-link done",
                "jira set-level done",
                "wiki set-level done"
            ]
        );
        assert_eq!(json["verification"][0]["status"], "ok");
        assert!(!env.has_journal());
    }
}

#[test]
fn the_plan_and_the_result_read_as_documented() {
    let env = Env::new(pair());
    assert_snapshot!(env.applink("create {jira} {wiki} --dry-run").transcript(), @r#"
    exit 0
    --- stdout
    jira: create the link "Confluence" to http://wiki.test
    wiki: create the link "Jira" to http://jira.test/jira
    jira: set both directions to oauth (from none)
    wiki: set both directions to oauth (from none)
    --- stderr
    nothing was changed: this was a dry run
    "#);
    assert_snapshot!(env.applink("create {jira} {wiki}").transcript(), @r#"
    exit 0
    --- stdout
    jira and wiki are linked
    ok jira and wiki: both ends work
    --- stderr
    ✓ jira: create the link "Confluence" to http://wiki.test
    ✓ wiki: create the link "Jira" to http://jira.test/jira
    ✓ jira: set both directions to oauth (from none)
    ✓ wiki: set both directions to oauth (from none)
    "#);
    assert_snapshot!(env.applink("create {jira} {wiki}").transcript(), @r"
    exit 0
    --- stdout
    nothing to do: it is so already
    ok jira and wiki: both ends work
    ");
}

#[test]
fn the_state_records_the_link_and_no_secret() {
    let env = Env::new(pair());
    env.applink("create {jira} {wiki}").expect(0);
    let state: toml::Table = env.state().parse().unwrap();
    let (jira, wiki) = (env.world.app("jira"), env.world.app("wiki"));
    assert_eq!(state["version"].as_integer(), Some(2));
    assert!(state["lineage"].is_str());
    let app = &state["applications"]["jira"];
    assert_eq!(app["url"].as_str(), Some(jira.url().as_str()));
    assert_eq!(app["id"].as_str(), Some(jira.id().as_str()));
    assert_eq!(app["type"].as_str(), Some("jira"));
    assert!(app.get("credential").is_none());
    let link = &state["links"][0];
    assert_eq!(link["between"][0].as_str(), Some("jira"));
    assert_eq!(link["between"][1].as_str(), Some("wiki"));
    assert_eq!(link["ids"]["jira"].as_str(), Some(wiki.id().as_str()));
    assert_eq!(link["ids"]["wiki"].as_str(), Some(jira.id().as_str()));
    assert!(env.state().contains("oauth"));
}

#[test]
fn a_second_create_sends_no_write() {
    let env = Env::new(pair());
    env.applink("create {jira} {wiki}").expect(0);
    let (before, state) = (snapshot(&env.world), env.state());
    env.world.clear_requests();
    for line in [
        "create jira wiki -o json",
        "create {jira.url} {wiki.url} --auth oauth -o json",
        "create wiki jira -o json",
    ] {
        let out = env.applink(line).expect(0);
        assert_eq!(out.json()["changed"], false);
        assert!(out.steps().is_empty());
    }
    assert!(writes(&env.world).is_empty());
    assert_eq!(snapshot(&env.world), before);
    // Nothing new, so nothing is written: the serial stays.
    assert_eq!(env.state(), state);
}

#[test]
fn a_dry_run_changes_neither_applications_nor_files() {
    let env = Env::new(pair());
    let (before, files) = (snapshot(&env.world), env.files());
    let out = env
        .applink("create {jira} {wiki} --dry-run -o json")
        .expect(0);
    assert_eq!(out.json()["changed"], false);
    assert_eq!(
        out.steps(),
        [
            "jira create-link planned",
            "wiki create-link planned",
            "jira set-level planned",
            "wiki set-level planned"
        ]
    );
    assert!(writes(&env.world).is_empty());
    assert_eq!(snapshot(&env.world), before);
    assert_eq!(env.files(), files);
}

#[test]
fn auth_sets_the_authentication_level() {
    let env = Env::new(pair());
    let (jira, wiki) = (env.world.app("jira"), env.world.app("wiki"));
    let out = env
        .applink("create {jira} {wiki} --auth impersonation -o json")
        .expect(2);
    assert_eq!(out.error()["kind"], "usage");
    assert!(out.says("--yes") && out.says("user base"));
    assert!(writes(&env.world).is_empty());
    assert!(out.stdout.is_empty());
    env.applink("create {jira} {wiki} --auth impersonation --yes")
        .expect(0);
    assert_eq!(levels(jira, wiki), same_level("impersonation"));
    assert_eq!(levels(wiki, jira), same_level("impersonation"));
}

#[test]
fn auth_none_creates_records_without_authentication() {
    let env = Env::new(pair());
    let (jira, wiki) = (env.world.app("jira"), env.world.app("wiki"));
    let out = env.applink("create {jira} {wiki} --auth none -o json");
    assert_eq!(
        out.steps(),
        ["jira create-link done", "wiki create-link done"]
    );
    assert_eq!(levels(jira, wiki), same_level("none"));
    assert_eq!(levels(wiki, jira), same_level("none"));
    assert_eq!(writes(&env.world).len(), 2);
}

#[test]
fn one_way_needs_one_administrator_and_a_later_create_completes_it() {
    let mut env = Env::new(pair());
    env.logout("wiki");
    let out = env
        .applink("create {jira} {wiki} --one-way -o json")
        .expect(0);
    assert_eq!(out.steps(), ["jira create-link done"]);
    let json = out.json();
    assert_eq!(json["link"]["remote_link_id"], Value::Null);
    assert_eq!(json["verification"][0]["status"], "warning");
    assert_eq!(writes(&env.world), ["PUT jira 201"]);
    assert!(env.state().contains("one-way"));
    let (jira, wiki) = (env.world.app("jira"), env.world.app("wiki"));
    assert!(wiki.links().is_empty());
    assert_eq!(levels(jira, wiki), same_level("none"));

    // Without the other account it stays so, and says what is missing.
    env.world.clear_requests();
    let out = env.applink("create jira wiki -o json").expect(4);
    assert!(out.says("APPLINK_WIKI_TOKEN"));
    assert!(writes(&env.world).is_empty());

    env.login("wiki", Role::SystemAdmin);
    let out = env.applink("create jira wiki -o json").expect(0);
    assert_eq!(
        out.steps(),
        [
            "wiki create-link done",
            "jira set-level done",
            "wiki set-level done"
        ]
    );
    let (jira, wiki) = (env.world.app("jira"), env.world.app("wiki"));
    assert_eq!(levels(jira, wiki), same_level("oauth"));
    assert_eq!(levels(wiki, jira), same_level("oauth"));
    assert!(!env.state().contains("one-way"));
    env.applink("verify jira wiki").expect(0);
}

#[test]
fn an_existing_end_sets_the_level_of_the_new_end() {
    let env = Env::new(pair());
    let (jira, wiki) = (env.world.app("jira"), env.world.app("wiki"));
    link(jira, wiki, OAuthFlags::IMPERSONATION);
    wiki.remove_link(&jira.id());
    let before = jira.link(&wiki.id());
    // The new end gets impersonation, which needs a yes.
    env.applink("create {jira} {wiki} -o json").expect(2);
    let out = env.applink("create {jira} {wiki} --yes -o json").expect(0);
    assert_eq!(
        out.steps(),
        ["wiki create-link done", "wiki set-level done"]
    );
    assert_eq!(levels(wiki, jira), same_level("impersonation"));
    let after = jira.link(&wiki.id());
    assert_eq!(
        before.map(|link| (link.name, link.rpc_url, link.providers)),
        after.map(|link| (link.name, link.rpc_url, link.providers))
    );
}

#[test]
fn names_urls_and_the_primary_flag_are_stored() {
    let env = Env::new(world([
        jira(),
        App::new(Product::Confluence, "old").server_id("AAAA-AAAA-AAAA-AAAA"),
        wiki(),
    ]));
    let (jira, old, wiki) = (
        env.world.app("jira"),
        env.world.app("old"),
        env.world.app("wiki"),
    );
    jira.add_link_to(old);
    let line = format!(
        "create {{jira}} {{wiki}} --name 'Our \"wiki\"' --remote-name Tracker --primary \
         --display-url https://wiki.example.com/ --local-display-url https://JIRA.example.com:443/j \
         --application-url http://localhost:{} --local-application-url http://localhost:{}/jira",
        wiki.port(),
        jira.port()
    );
    env.applink(&line);
    let near = jira.link(&wiki.id()).unwrap();
    assert_eq!(near.name, "Our \"wiki\"");
    assert_eq!(near.display_url, "https://wiki.example.com");
    assert_eq!(near.rpc_url, format!("http://localhost:{}", wiki.port()));
    assert!(near.primary);
    assert!(!jira.link(&old.id()).unwrap().primary);
    let far = wiki.link(&jira.id()).unwrap();
    assert_eq!(far.name, "Tracker");
    assert_eq!(far.display_url, "https://jira.example.com/j");
    assert_eq!(
        far.rpc_url,
        format!("http://localhost:{}/jira", jira.port())
    );
    // The same again: all of it is so.
    env.world.clear_requests();
    let out = env.applink(&format!("{line} -o json"));
    assert_eq!(out.json()["changed"], false, "{}", out.transcript());
    assert!(writes(&env.world).is_empty());
}

#[test]
fn options_that_differ_from_the_existing_link_are_refused() {
    let env = Env::new(pair());
    env.applink("create {jira} {wiki}").expect(0);
    env.world.clear_requests();
    let before = snapshot(&env.world);
    for (option, told) in [
        ("--name Other", "name"),
        ("--remote-name Other", "name"),
        ("--display-url https://wiki.example.com", "display URL"),
        (
            "--application-url https://wiki.example.com",
            "application URL",
        ),
        ("--auth none", "level"),
        ("--auth impersonation --yes", "level"),
    ] {
        let out = env
            .applink(&format!("create jira wiki {option} -o json"))
            .expect(1);
        assert_eq!(out.error()["kind"], "conflict");
        assert!(
            // An address is not changed by an edit.
            out.says(told)
                && (told == "application URL")
                    != out.says(&format!(
                        "applink edit jira wiki {}",
                        option.trim_end_matches(" --yes")
                    )),
            "{}",
            out.transcript()
        );
        assert!(out.stdout.is_empty());
    }
    assert!(writes(&env.world).is_empty());
    assert_eq!(snapshot(&env.world), before);
    assert_snapshot!(env.applink("create jira wiki --name Other --auth none").transcript(), @r#"
    exit 1
    --- stderr
    error: the link exists and differs: on jira the name is "Confluence", not "Other"; on jira the level is oauth, not none; on wiki the level is oauth, not none
    hint: change it with: applink edit jira wiki --auth none --name Other
    "#);
}

#[test]
fn a_numbered_name_does_not_count_as_a_difference() {
    let env = Env::new(world([jira(), wiki(), App::new(Product::Bamboo, "bamboo")]));
    let (jira, bamboo) = (env.world.app("jira"), env.world.app("bamboo"));
    jira.add_link_to(bamboo);
    let out = env
        .applink("create {jira} {wiki} --name Bamboo -o json")
        .expect(0);
    assert_eq!(out.json()["changed"], true);
    let wiki = env.world.app("wiki");
    assert_eq!(jira.link(&wiki.id()).unwrap().name, "Bamboo - 2");
    env.world.clear_requests();
    let out = env
        .applink("create jira wiki --name Bamboo -o json")
        .expect(0);
    assert_eq!(out.json()["changed"], false);
    assert!(writes(&env.world).is_empty());
}

#[test]
fn old_versions_are_linked_with_one_call_per_setting() {
    for (a, b) in [
        (Generation::Old, Generation::Classic),
        (Generation::Old4, Generation::Modern),
        (Generation::Old, Generation::Old4),
    ] {
        for level in ["oauth", "impersonation", "none"] {
            let env = Env::new(pair_of(a, b));
            let (jira, wiki) = (env.world.app("jira"), env.world.app("wiki"));
            let out = env.applink(&format!(
                "create {{jira}} {{wiki}} --auth {level} --yes -o json"
            ));
            // What cannot be asked for its status says of a link without a level that it is
            // broken: there is nothing to ask the other end with.
            let code = if level == "none" && b >= Generation::Classic {
                6
            } else {
                0
            };
            assert_eq!(out.code, code, "{a:?} {b:?} {level}: {}", out.transcript());
            assert_eq!(levels(jira, wiki), same_level(level), "{a:?} {b:?}");
            assert_eq!(levels(wiki, jira), same_level(level), "{a:?} {b:?}");
            env.world.clear_requests();
            let out = env.applink("create jira wiki -o json");
            assert_eq!(out.json()["changed"], false, "{}", out.transcript());
            assert!(writes(&env.world).is_empty());
        }
    }
}

#[test]
fn every_product_can_be_linked_to_every_other() {
    let apps: Vec<App> = Product::ALL
        .iter()
        .map(|product| App::new(*product, product.default_alias()))
        .collect();
    let env = Env::new(
        applink_sandbox::World::builder()
            .seed(3)
            .apps(apps)
            .start()
            .unwrap(),
    );
    for (at, one) in Product::ALL.iter().enumerate() {
        for other in &Product::ALL[at + 1..] {
            let line = format!(
                "create {{{}}} {{{}}} -o json",
                one.default_alias(),
                other.default_alias()
            );
            let out = env.applink(&line);
            assert_eq!(out.code, 0, "{line}: {}", out.transcript());
        }
    }
    let out = env.applink("verify -o json").expect(0);
    assert_eq!(out.json()["summary"]["ok"], 15, "{}", out.transcript());
}

#[test]
fn automatic_aliases_follow_the_product() {
    let mut env = Env::without_credentials(pair());
    let user = env.world.app("wiki").user(Role::SystemAdmin).clone();
    env.login("jira", Role::SystemAdmin);
    env.set("APPLINK_CONFLUENCE_USER", user.name);
    env.set("APPLINK_CONFLUENCE_PASSWORD", user.password);
    let out = env
        .applink("create {jira.url}/ {wiki.url}/pages/viewpage.action?pageId=7 -o json")
        .expect(0);
    assert_eq!(string(&out.json()["link"]["remote"]), "confluence");
    let out = env.applink("app list -o json").expect(0);
    let wiki = env.world.app("wiki").url();
    assert_eq!(out.json()["apps"][0]["alias"], "confluence");
    assert_eq!(out.json()["apps"][0]["url"], wiki);
}

#[test]
fn one_way_sends_no_credentials_to_the_remote() {
    let mut env = Env::new(pair());
    env.login("jira", Role::SystemAdmin);
    env.login("wiki", Role::User);
    env.applink("create {jira} {wiki} --one-way -o json")
        .expect(0);
    assert!(
        client_requests(&env.world)
            .iter()
            .all(|request| request.app == "jira" || request.header("authorization").is_none())
    );
}
