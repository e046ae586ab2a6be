//! `applink relocate --from --to`: everything under one address follows.

use applink_sandbox::{OAuthFlags, Role};
use insta::assert_snapshot;

use crate::support::env::Env;
use crate::support::output::index_by;
use crate::support::relocation::{add_record, addresses, env_after_move};
use crate::support::worlds::{jira, link, logins, snapshot, wiki, world, writes};

#[test]
fn every_record_and_the_alias_are_updated() {
    let (env, old) = env_after_move();
    let new = env.world.app("wiki").url();
    let id = env.world.app("wiki").id();
    let line = format!("relocate --from {old} --to {new} -o json");
    // It is asked at its new address with its secret, so that has to be said.
    let before = (snapshot(&env.world), env.state());
    let out = env.applink(&line).expect(2);
    assert!(
        out.says("--yes") && out.says("administrator's secret for wiki"),
        "{}",
        out.transcript()
    );
    assert_eq!(logins(&env.world, "wiki"), 0);
    assert!(writes(&env.world).is_empty());
    assert_eq!((snapshot(&env.world), env.state()), before);
    let out = env.applink(&format!("{line} --yes")).expect(0);
    assert_eq!(
        out.steps(),
        ["bamboo relocate-link done", "jira relocate-link done"]
    );
    for on in ["jira", "bamboo"] {
        assert_eq!(addresses(&env, on, &id), (new.clone(), new.clone()));
    }
    let json = out.json();
    assert_eq!(json["changed"], true);
    assert_eq!(json["verification"].as_array().unwrap().len(), 2);
    let apps = env.applink("app list -o json").expect(0).json()["apps"].clone();
    assert_eq!(index_by(&apps, "alias")["wiki"]["url"], new);
    env.applink("verify").expect(0);
    // Once more: nobody lies there any more.
    env.world.clear_requests();
    let out = env.applink(&line).expect(0);
    assert_eq!(out.json()["changed"], false);
    assert!(out.says("lies under"));
    assert!(writes(&env.world).is_empty());
}

#[test]
fn a_dry_run_shows_the_plan_and_sends_no_credentials() {
    let (env, old) = env_after_move();
    let before = (snapshot(&env.world), env.state());
    let line = format!("relocate --from {old} --to {{wiki.url}} --dry-run");
    assert_snapshot!(env.applink(&line).expect(0).transcript(), @r"
    exit 0
    --- stdout
    bamboo: relocate the link from http://old.test to http://wiki.test
    jira: relocate the link from http://old.test to http://wiki.test
    --- stderr
    note: wiki was not asked for its own records: that would send its administrator's secret to http://wiki.test, which --yes allows
    warning: this needs a yes: This moves the link on bamboo to http://wiki.test; this moves the link on jira to http://wiki.test.
    nothing was changed: this was a dry run
    ");
    assert_eq!(logins(&env.world, "wiki"), 0);
    let out = env.applink(&format!("{line} --yes")).expect(0);
    assert!(!out.says("was not asked"), "{}", out.transcript());
    assert_eq!((snapshot(&env.world), env.state()), before);
    assert!(writes(&env.world).is_empty());
}

#[test]
fn only_whole_path_segments_of_the_same_origin_match() {
    let (env, old) = env_after_move();
    let port = env.world.app("wiki").port();
    let like = [
        format!("{old}0/wiki"),
        old.replace("http:", "https:"),
        format!("http://wiki.test/?{old}"),
        old.replace("127.0.0.1", "127.0.0.10"),
        "not a url".to_owned(),
    ];
    for (n, url) in (1..).zip(&like) {
        add_record(&env, "jira", n, "confluence", &format!("Like {n}"), url);
    }
    add_record(
        &env,
        "jira",
        90,
        "confluence",
        "Below",
        &format!("{old}/bel"),
    );
    add_record(
        &env,
        "jira",
        91,
        "confluence",
        "Below more",
        &format!("{old}/below"),
    );
    let before = snapshot(&env.world);
    let out = env.applink(&format!(
        "relocate --from {old}/bel --to http://127.0.0.1:{port}/x --dry-run"
    ));
    // It answers nowhere: told, and left.
    let out = out.expect(5);
    assert!(
        out.says("\"Below\", which jira knows, does not answer"),
        "{}",
        out.transcript()
    );
    assert!(
        !out.says("Below more") && !out.says("Like"),
        "{}",
        out.transcript()
    );
    assert_eq!(snapshot(&env.world), before);
    let out = env.applink(&format!(
        "relocate --from {old}/bel --to http://127.0.0.1:{port}/x --yes --force -o json"
    ));
    assert_eq!(out.steps(), ["jira relocate-link done"]);
    for (n, url) in (1..).zip(&like) {
        let id = format!("00000000-0000-4000-8000-{n:012}");
        assert_eq!(addresses(&env, "jira", &id).0, *url);
    }
}

#[test]
fn display_urls_are_updated_on_their_own() {
    let (env, old) = env_after_move();
    let new = env.world.app("wiki").url();
    let id = env.world.app("wiki").id();
    // Jira calls it by another name; Bamboo's people get another one.
    let other = new.replace("127.0.0.1", "localhost");
    env.world
        .app("jira")
        .edit_link(&id, |link| link.rpc_url.clone_from(&other));
    env.world.app("bamboo").edit_link(&id, |link| {
        "https://wiki.example.com".clone_into(&mut link.display_url);
    });
    let out = env.applink(&format!("relocate --from {old} --to {new} --yes -o json"));
    assert_eq!(
        out.steps(),
        [
            "bamboo relocate-link done",
            "bamboo edit-link done",
            "jira edit-link done"
        ],
        "{}",
        out.transcript()
    );
    assert_eq!(addresses(&env, "jira", &id), (other, new.clone()));
    assert_eq!(
        addresses(&env, "bamboo", &id),
        (new, "https://wiki.example.com".to_owned())
    );
}

#[test]
fn records_whose_target_is_not_identified_are_left_unchanged() {
    let (env, old) = env_after_move();
    let new = env.world.app("wiki").url();
    let id = env.world.app("wiki").id();
    // Another application took the place, a program without a manifest, a system link.
    let taken = add_record(&env, "jira", 1, "confluence", "Taken", &old);
    let program = add_record(&env, "jira", 2, "generic", "Jenkins", &format!("{old}/ci"));
    let system = add_record(
        &env,
        "bamboo",
        3,
        "crowd",
        "System",
        &format!("{old}/crowd"),
    );
    env.world.app("bamboo").mark_system(&system);
    let line = format!("relocate --from {old} --to {new} --yes -o json");
    let out = env.applink(&line).expect(3);
    assert_eq!(
        out.steps(),
        ["bamboo relocate-link done", "jira relocate-link done"],
        "{}",
        out.transcript()
    );
    assert!(
        out.says("it is another one") && out.says("Taken"),
        "{}",
        out.transcript()
    );
    assert!(
        out.says("no Atlassian application") && out.says("\"Jenkins\""),
        "{}",
        out.transcript()
    );
    assert!(out.says("system link"));
    assert_eq!(addresses(&env, "jira", &id).0, new);
    assert_eq!(addresses(&env, "jira", &taken).0, old);
    assert_eq!(addresses(&env, "jira", &program).0, format!("{old}/ci"));
    assert_eq!(addresses(&env, "bamboo", &system).0, format!("{old}/crowd"));
    // A program follows when it is asked for; another application never does.
    let out = env.applink(&format!("{line} --force")).expect(3);
    assert_eq!(out.steps(), ["jira relocate-link done"]);
    assert_eq!(addresses(&env, "jira", &program).0, format!("{new}/ci"));
    assert_eq!(addresses(&env, "jira", &taken).0, old);
}

#[test]
fn invalid_options_and_foreign_targets_are_refused() {
    let (mut env, old) = env_after_move();
    let before = (snapshot(&env.world), env.state());
    for line in [
        format!("relocate --from {old}"),
        format!("relocate --to {old}"),
        format!("relocate wiki {{wiki.url}} --from {old} --to http://x.test"),
        format!("relocate --from {old} --to {old}"),
        format!("relocate --from {old} --to http://x.test --on nobody --yes"),
        "relocate".to_owned(),
        "relocate wiki".to_owned(),
    ] {
        env.applink(&line).expect(2);
    }
    env.applink("relocate --from https://a.test --to http://a.test --yes")
        .expect(1)
        .expect_says("--force");
    // A pinned address is the address.
    env.set("APPLINK_WIKI_URL", old.clone());
    let out = env.applink(&format!(
        "relocate --from {old} --to {{wiki.url}} --on wiki --yes"
    ));
    assert_eq!(out.code, 4, "{}", out.transcript());
    assert_eq!(logins(&env.world, "wiki"), 0);
    assert_eq!((snapshot(&env.world), env.state()), before);
}

#[test]
fn administrators_without_system_rights_rewrite_the_records() {
    let (mut env, old) = env_after_move();
    env.login("jira", Role::Admin);
    env.login("bamboo", Role::Admin);
    let new = env.world.app("wiki").url();
    let out = env
        .applink(&format!("relocate --from {old} --to {new} --yes -o json"))
        .expect(0);
    let steps = out.json()["steps"].clone();
    assert_eq!(steps.as_array().unwrap().len(), 2);
    for step in steps.as_array().unwrap() {
        assert!(step["detail"].as_str().unwrap().contains("rewrit"));
    }
    env.applink("verify").expect(0);
}

#[test]
fn a_dry_run_lists_unreachable_applications_in_json() {
    let (env, old) = env_after_move();
    let new = env.world.app("wiki").url();
    env.world.app("bamboo").stop();
    for line in [
        &format!("relocate --from {old} --to {new} --yes --dry-run"),
        "repair --dry-run",
        "migrate --dry-run",
    ] {
        let out = env.applink(&format!("{line} -o json")).expect(5);
        let errors = out.json()["errors"].clone();
        assert_eq!(errors[0]["kind"], "unreachable", "{}", out.transcript());
        assert_eq!(out.error()["kind"], "unreachable", "{line}");
    }
}

#[test]
fn several_applications_under_one_host_are_matched_by_path() {
    let old = "http://old.example.test";
    let records = |env: &Env| {
        [
            ("jira", format!("{old}/jira")),
            ("confluence", format!("{old}/wiki")),
            ("bamboo", "http://OLD.example.test:80/builds/".to_owned()),
            ("crowd", format!("{old}/jira2")),
        ]
        .into_iter()
        .zip(1..)
        .map(|((kind, url), n)| add_record(env, "jira", n, kind, kind, &url))
        .collect::<Vec<String>>()
    };
    let new = "http://new.example.test";
    for (from, to, moved) in [
        // However it is written.
        (
            "HTTP://OLD.example.test:80/".to_owned(),
            format!("{new}/"),
            ["/jira", "/wiki", "/builds", "/jira2"].map(|path| format!("{new}{path}")),
        ),
        // One path, and all of it.
        (
            format!("{old}/jira/"),
            format!("{new}/tracker"),
            [
                format!("{new}/tracker"),
                format!("{old}/wiki"),
                "http://OLD.example.test:80/builds/".to_owned(),
                format!("{old}/jira2"),
            ],
        ),
    ] {
        let env = Env::new(world([jira()]));
        env.add_all();
        let ids = records(&env);
        let out = env
            .applink(&format!(
                "relocate --from {from} --to {to} --force --yes -o json"
            ))
            .expect(0);
        let found: Vec<String> = ids.iter().map(|id| addresses(&env, "jira", id).0).collect();
        assert_eq!(found, moved, "{}", out.transcript());
        // Nothing is left there: that is said, and no failure.
        let out = env.applink(&format!("relocate --from {from} --to {to} --force --yes"));
        let out = out.expect(0);
        assert!(
            out.says("no known application, and none of their records, lies under"),
            "{}",
            out.transcript()
        );
    }
}

#[test]
fn a_display_url_alone_is_updated() {
    let env = Env::new(world([jira(), wiki()]));
    env.add_all();
    let id = env.world.app("wiki").id();
    link(
        env.world.app("jira"),
        env.world.app("wiki"),
        OAuthFlags::OAUTH,
    );
    let old = "https://old.example.test/wiki";
    let jira = env.world.app("jira");
    jira.edit_link(&id, |link| old.clone_into(&mut link.display_url));
    let rpc = addresses(&env, "jira", &id).0;
    // Who answers there cannot be asked, and has to show who it is.
    let line = "relocate --from https://old.example.test --to https://new.example.test --yes";
    let out = env.applink(line).expect(5);
    assert!(out.says("--force"), "{}", out.transcript());
    let out = env.applink(&format!("{line} --force -o json")).expect(0);
    assert_eq!(out.steps(), ["jira edit-link done"]);
    assert_eq!(
        addresses(&env, "jira", &id),
        (rpc, "https://new.example.test/wiki".to_owned())
    );
}
