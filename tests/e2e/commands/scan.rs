//! `applink scan`: what a copy still has to do with production, and the end of it.

use applink_sandbox::{Consumer, Fault, LegacyAuth, Link, OAuthFlags};
use insta::assert_snapshot;
use serde_json::Value;

use crate::support::clones::find_row;
use crate::support::clones::{PRODUCTION, env_with_clone};
use crate::support::env::Env;
use crate::support::output::{field_names, index_by, string};
use crate::support::worlds::{client_requests, levels, same_level, snapshot, writes};

fn add(env: &Env, n: u32, type_id: &str, name: &str, url: &str) -> String {
    let id = format!("00000000-0000-4000-8000-{n:012}");
    let link = Link::new(&id, type_id, name, url);
    env.world.app("jira-test").add_link(link)
}

/// Nobody asked production anything, neither applink nor the copies.
#[track_caller]
fn untouched(env: &Env, before: &[Value]) {
    for request in env.world.requests() {
        assert!(!PRODUCTION.contains(&request.app.as_str()), "{request:?}");
    }
    assert_eq!(of_production(env), before);
}

fn of_production(env: &Env) -> Vec<Value> {
    PRODUCTION
        .map(|alias| env.world.app(alias).snapshot())
        .to_vec()
}

#[test]
fn every_reference_to_production_is_reported() {
    let mut env = env_with_clone();
    for alias in PRODUCTION {
        let port = env.world.app(alias).port();
        env.mask(
            format!("{alias}.prod.test:{port}"),
            &format!("{alias}.prod"),
        );
    }
    let key = env.world.app("jira").consumer().key;
    env.mask(key.clone(), "<key of jira>");
    let before = of_production(&env);
    let (all, state) = (snapshot(&env.world), env.files());
    let out = env
        .applink("scan jira-test --from '*.prod.test' -o json")
        .expect(0);
    let json = out.json();
    let links = ["Confluence", "Bamboo"].map(|name| find_row(&json, "link", name));
    for (finding, of) in links.into_iter().zip(["wiki", "bamboo"]) {
        assert_eq!(
            field_names(finding),
            [
                "app", "kind", "id", "name", "type", "from", "to", "incoming", "outgoing",
                "actions", "detail"
            ]
        );
        assert_eq!(finding["app"], "jira-test");
        assert_eq!(finding["id"], env.world.app(of).id());
        assert_eq!(finding["from"], env.world.app("jira-test").url());
        assert_eq!(finding["to"], env.world.app(of).base_url());
        assert_eq!(finding["actions"], serde_json::json!(["set-level"]));
    }
    assert_eq!(
        find_row(&json, "base-url", "Jira")["to"],
        env.world.app("jira").base_url()
    );
    assert!(string(&find_row(&json, "consumer-key", &key)["detail"]).contains("as production"));
    assert_eq!(json["changed"], false);
    assert_eq!(json["from"], "*.prod.test");
    assert_eq!(
        out.steps(),
        ["jira-test set-level planned", "jira-test set-level planned"]
    );
    assert_snapshot!(env.applink("scan jira-test --from '*.prod.test'").transcript(), @r##"
    exit 0
    --- stdout
    jira-test	base-url	Jira	http://jira-test.test	http://jira.prod			by hand
    jira-test	link	Bamboo	http://jira-test.test	http://bamboo.prod	impersonation	impersonation	switch off
    jira-test	link	Confluence	http://jira-test.test	http://wiki.prod	oauth	oauth	switch off
    jira-test	consumer-key	<key of jira>	http://jira-test.test	production's partners			by hand
    --- stderr
    note: jira-test: base-url "Jira": its own base URL is production's: mails, links and log-ins made there lead to production; no interface changes it, its general configuration does
    note: jira-test: consumer-key "<key of jira>": it signs as "<key of jira>" (SHA256:5eb525ba2d6729b6), which a copy keeps from production: it can call production's partners as production; no interface changes the key, so its network must not reach them
    This would be done:
      jira-test: set both directions to none (from impersonation)
      jira-test: set both directions to none (from oauth)
    warning: this cannot be taken back: tokens of users, who have to authorize again
    hint: to carry it out: the same with --apply
    "##);
    assert_eq!((snapshot(&env.world), env.files()), (all, state));
    assert!(writes(&env.world).is_empty());
    untouched(&env, &before);
}

#[test]
fn apply_removes_every_reference_to_production() {
    let env = env_with_clone();
    let before = of_production(&env);
    let line = "scan jira-test --from '*.prod.test' --apply -o json";
    let out = env.applink(line).expect(2);
    assert!(
        out.says("--yes") && out.says("authorize again"),
        "{}",
        out.transcript()
    );
    assert!(writes(&env.world).is_empty());
    let out = env.applink(&format!("{line} --dry-run")).expect(0);
    assert_eq!(out.json()["changed"], false);
    assert!(writes(&env.world).is_empty());
    let out = env.applink(&format!("{line} --yes")).expect(0);
    assert_eq!(
        out.steps(),
        ["jira-test set-level done", "jira-test set-level done"]
    );
    let json = out.json();
    assert_eq!(json["changed"], true);
    assert!(!json["findings"].as_array().unwrap().is_empty());
    let copy = env.world.app("jira-test");
    for of in ["wiki", "bamboo"] {
        assert_eq!(levels(copy, env.world.app(of)), same_level("none"));
    }
    // Their consumers are gone from the copy too.
    assert!(copy.consumers().is_empty());
    untouched(&env, &before);
    // Once more: found still, and nothing is left to do.
    let out = env.applink(&format!("{line} --yes")).expect(0);
    assert_eq!(out.json()["changed"], false);
    assert!(
        string(&find_row(&out.json(), "link", "Bamboo")["detail"])
            .contains("nothing is switched on")
    );
    untouched(&env, &before);
}

#[test]
fn trusted_applications_are_removed_with_the_record() {
    let env = env_with_clone();
    let before = of_production(&env);
    let (copy, wiki) = (env.world.app("jira-test"), env.world.app("wiki"));
    let legacy = LegacyAuth {
        trusted_outgoing: true,
        trusted_incoming: true,
        ..LegacyAuth::default()
    };
    copy.set_legacy(&wiki.id(), legacy);
    copy.set_legacy(&env.world.app("bamboo").id(), legacy);
    copy.set_outgoing(&env.world.app("bamboo").id(), OAuthFlags::NONE);
    let line = "scan jira-test --from '*.prod.test' --apply --yes -o json";
    let out = env.applink(line).expect(0);
    assert_eq!(
        out.steps(),
        [
            "jira-test set-level done",
            "jira-test delete-link done",
            "jira-test set-level done",
            "jira-test delete-link done"
        ]
    );
    assert!(copy.links().is_empty() && copy.consumers().is_empty());
    untouched(&env, &before);
    let out = env.applink(line).expect(0);
    assert_eq!(out.json()["changed"], false);
}

#[test]
fn urls_callbacks_and_consumers_of_production_are_found() {
    let env = env_with_clone();
    let before = of_production(&env);
    let copy = env.world.app("jira-test");
    let both_ways = |id: &str, key: &str, callback: Option<&str>| {
        copy.set_outgoing(id, OAuthFlags::OAUTH);
        let mut consumer = Consumer::new(
            key,
            key,
            &env.world.app("wiki").consumer().public_key.unwrap(),
        );
        consumer.callback = callback.map(str::to_owned);
        copy.add_consumer(id, consumer);
    };
    // Not production.
    let safe = add(&env, 1, "confluence", "Safe", "http://wiki.copy.test");
    both_ways(&safe, "safe", None);
    let like = add(
        &env,
        2,
        "confluence",
        "Like",
        "http://wiki.prod.test.evil.test",
    );
    both_ways(&like, "like", None);
    let deep = add(&env, 3, "confluence", "Deep", "http://a.b.prod.test");
    both_ways(&deep, "deep", None);
    // Production, in one way or another.
    let people = add(&env, 4, "crowd", "People", "http://10.0.0.1");
    copy.edit_link(&people, |link| {
        "http://crowd.PROD.test/".clone_into(&mut link.display_url);
    });
    both_ways(&people, "people", None);
    let user = add(&env, 5, "bamboo", "User", "http://u:p@bamboo2.prod.test");
    both_ways(&user, "user", None);
    let program = add(&env, 6, "generic", "Jenkins", "http://ci.prod.test:8080");
    both_ways(&program, "jenkins", None);
    let caller = add(&env, 7, "generic", "Local", "http://127.0.0.1:1");
    both_ways(&caller, "local", Some("https://ci.prod.test/cb"));
    let system = add(&env, 8, "crowd", "System", "http://sys.prod.test");
    copy.mark_system(&system);
    let out = env
        .applink("scan jira-test --from '*.prod.test' --apply --yes -o json")
        .expect(0);
    let json = out.json();
    let names = index_by(&json["findings"], "name");
    for name in ["Safe", "Like", "Deep"] {
        assert!(!names.contains_key(name), "{}", out.transcript());
    }
    assert!(
        out.says("\"Deep\" at http://a.b.prod.test is not in"),
        "{}",
        out.transcript()
    );
    assert_eq!(names["People"]["actions"], serde_json::json!([]));
    assert!(string(&names["People"]["detail"]).contains("only browsers"));
    assert_eq!(names["System"]["actions"], serde_json::json!([]));
    assert!(string(&names["System"]["detail"]).contains("system link"));
    let on = |id: &str| copy.flags(id).unwrap();
    for id in [&safe, &like, &deep, &people] {
        assert_ne!(on(id).0, OAuthFlags::NONE, "{id}");
        assert_eq!(on(id).1, OAuthFlags::OAUTH, "{id}");
    }
    for id in [&user, &program] {
        assert_eq!(on(id), (OAuthFlags::NONE, OAuthFlags::NONE), "{id}");
    }
    // Only what the program's consumer lets in is production's.
    assert_eq!(on(&caller), (OAuthFlags::NONE, OAuthFlags::OAUTH));
    let finding = find_row(&json, "consumer", "local");
    assert_eq!(finding["from"], "https://ci.prod.test/cb");
    assert_eq!(finding["to"], copy.url());
    // What the records say is not changed.
    assert_eq!(
        copy.link(&user).unwrap().rpc_url,
        "http://u:p@bamboo2.prod.test"
    );
    untouched(&env, &before);
}

#[test]
fn links_are_moved_to_known_clones() {
    let env = env_with_clone();
    let (copy, wiki, bamboo) = (
        env.world.app("jira-test"),
        env.world.app("wiki"),
        env.world.app("bamboo"),
    );
    let there = env.world.app("wiki-test");
    // The other copy believes to be production, too.
    let base = wiki.base_url();
    there.configure(|settings| settings.base_url = Some(base));
    let people = copy.link(&wiki.id()).unwrap().display_url;
    assert!(people.contains("prod.test"));
    let before = of_production(&env);
    let out = env
        .applink("scan jira-test --from '*.prod.test' --to {wiki-test.url} --apply --yes -o json")
        .expect(0);
    assert_eq!(
        out.steps(),
        [
            "jira-test set-level done",
            "jira-test relocate-link done",
            "jira-test edit-link done"
        ]
    );
    let link = copy.link(&wiki.id()).unwrap();
    assert_eq!((link.rpc_url, link.display_url), (there.url(), there.url()));
    assert_eq!(levels(copy, wiki), same_level("oauth"));
    // Bamboo has no copy there: what answers is a Confluence.
    assert_eq!(levels(copy, bamboo), same_level("none"));
    assert!(
        string(&find_row(&out.json(), "link", "Bamboo")["detail"]).contains("another application")
    );
    untouched(&env, &before);
    let out = env
        .applink("scan jira-test --from '*.prod.test' --to {wiki-test.url} -o json")
        .expect(0);
    assert!(!index_by(&out.json()["findings"], "name").contains_key("Confluence"));
}

#[test]
fn known_production_applications_are_never_changed() {
    let env = env_with_clone();
    let resolve = PRODUCTION
        .map(|alias| {
            format!(
                "--resolve {alias}.prod.test:{}:127.0.0.1",
                env.world.app(alias).port()
            )
        })
        .join(" ");
    for alias in ["jira", "wiki"] {
        let url = env.world.app(alias).base_url();
        let out = env.applink(&format!("app add {alias} {url} {resolve}"));
        assert_eq!(out.code, 0, "{}", out.transcript());
    }
    // Jira's record of the wiki leads there by another name.
    let wiki = env.world.app("wiki");
    env.world.app("jira-test").edit_link(&wiki.id(), |link| {
        "http://10.1.1.1".clone_into(&mut link.rpc_url);
        "http://10.1.1.1".clone_into(&mut link.display_url);
    });
    env.world.clear_requests();
    let before = of_production(&env);
    let out = env
        .applink("scan --from '*.prod.test' --apply --yes -o json")
        .expect(0);
    assert!(out.says("production, and not asked: jira, wiki"));
    let json = out.json();
    assert_eq!(find_row(&json, "copy", "jira")["app"], "jira-test");
    assert!(
        string(&find_row(&json, "link", "Confluence")["detail"])
            .contains("by the application id of wiki")
    );
    assert_eq!(levels(env.world.app("jira-test"), wiki), same_level("none"));
    untouched(&env, &before);
    for line in [
        "scan jira --from '*.prod.test' --apply --yes",
        "scan http://wiki.prod.test:1/x --from '*.prod.test' --apply --yes",
        "scan new=http://wiki.prod.test:1/x --from '*.prod.test'",
        "scan jira-test --from 127.0.0.1 --apply --yes",
        "scan jira-test --from '*.prod.test' --to http://x.prod.test",
        "scan jira-test --from '*.prod.test' --to 'http://*.*.test'",
        "scan jira-test --from '**.prod.test' --to 'http://*.copy.test'",
        "scan jira-test --from 'a b'",
        "scan jira-test",
    ] {
        env.world.clear_requests();
        let out = env.applink(line).expect(2);
        assert!(
            client_requests(&env.world).is_empty(),
            "{}",
            out.transcript()
        );
    }
}

#[test]
fn a_clone_that_fails_does_not_stop_the_others() {
    let env = env_with_clone();
    env.applink("app add wiki-test {wiki-test.url}").expect(0);
    env.world
        .app("wiki-test")
        .restore_from(env.world.app("wiki"));
    env.world.clear_requests();
    let before = of_production(&env);
    let copy = env.world.app("jira-test");
    copy.fault(Fault::status(503).method("PUT"));
    let line = "scan --from '*.prod.test' --apply --yes -o json";
    let out = env.applink(line).expect(3);
    assert_eq!(
        out.steps(),
        [
            "jira-test set-level failed",
            "jira-test set-level failed",
            "wiki-test set-level done"
        ]
    );
    copy.clear_faults();
    env.world.clear_requests();
    let out = env.applink("resume -o json").expect(0);
    assert_eq!(out.json()["partial"], false);
    assert_eq!(
        writes(&env.world),
        ["PUT jira-test 204", "PUT jira-test 204"]
    );
    untouched(&env, &before);
    env.world.app("wiki-test").stop();
    let out = env.applink("scan --from '*.prod.test' -o json").expect(5);
    assert_eq!(out.json()["errors"][0]["app"], "wiki-test");
    assert!(!out.json()["findings"].as_array().unwrap().is_empty());
    untouched(&env, &before);
}

#[test]
fn patterns_match_hosts_ports_and_paths_in_any_case() {
    let env = env_with_clone();
    let port = env.world.app("wiki").port();
    for (pattern, hits) in [
        ("WIKI.Prod.Test".to_owned(), 1),
        (format!("wiki.prod.test:{port}"), 1),
        ("wiki.prod.test:1".to_owned(), 0),
        (format!("http://wiki.prod.test:{port}"), 1),
        (format!("http://WIKI.prod.test:{port}/"), 1),
        (format!("http://wiki.prod.test:{port}/other"), 0),
        (format!("https://wiki.prod.test:{port}"), 0),
        ("w*i.prod.test".to_owned(), 1),
        ("*.test".to_owned(), 0),
        ("**.test".to_owned(), 2),
    ] {
        let out = env.applink(&format!("scan jira-test --from '{pattern}' -o json"));
        let json = out.expect(0).json();
        let links = json["findings"].as_array().unwrap();
        let links = links.iter().filter(|one| one["kind"] == "link").count();
        assert_eq!(links, hits, "{pattern}");
    }
}

#[test]
fn a_scan_that_reaches_no_clone_is_a_usage_error() {
    let env = Env::linked();
    for line in [
        "scan --from 127.0.0.1",
        "scan --from 127.0.0.1 --apply --yes",
    ] {
        let out = env.applink(line).expect(2);
        assert!(
            out.says("nobody was asked") && out.says("jira, wiki"),
            "{}",
            out.transcript()
        );
    }
    let out = env.applink("scan --from prod.example.com").expect(0);
    assert!(!out.says("nobody"), "{}", out.transcript());
}
