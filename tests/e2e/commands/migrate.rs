//! `applink migrate`: from Trusted Applications and Basic to OAuth.

use applink_sandbox::{App, Fault, Generation, LegacyAuth, OAuthFlags, Product, Role};
use insta::assert_snapshot;

use crate::support::env::Env;
use crate::support::legacy::{TRUSTED, env_with_trusted_apps, trust};
use crate::support::worlds::{
    client_requests, count_writes, jira, levels, same_level, snapshot, wiki, world, writes,
};

fn is_legacy(env: &Env, on: &str, of: &str) -> bool {
    let link = env.world.app(on).link(&env.world.app(of).id()).unwrap();
    let providers = link.providers.keys();
    link.legacy.trusted_incoming
        || link.legacy.trusted_outgoing
        || link.legacy.basic_outgoing
        || providers
            .into_iter()
            .any(|class| class.contains("Trusted") || class.contains(".Basic"))
}

const DONE: [&str; 4] = [
    "jira set-level done",
    "wiki set-level done",
    "jira remove-legacy done",
    "wiki remove-legacy done",
];

#[test]
fn oauth_is_set_up_before_legacy_auth_is_removed() {
    let env = env_with_trusted_apps();
    let (jira, wiki) = (env.world.app("jira"), env.world.app("wiki"));
    let before = (snapshot(&env.world), env.state());
    assert_snapshot!(env.applink("migrate --dry-run").transcript(), @r##"
    exit 0
    --- stdout
    jira: set both directions to impersonation (from none)
    wiki: set both directions to impersonation (from none)
    jira: end Trusted Applications and Basic on the link "Confluence"
    wiki: end Trusted Applications and Basic on the link "Jira"
    --- stderr
    warning: this cannot be taken back: Trusted Applications and Basic, which no interface sets up again
    warning: this needs a yes: this ends Trusted Applications and Basic, which no interface sets up again; impersonation needs one user base on both ends, as Trusted Applications did.
    nothing was changed: this was a dry run
    "##);
    assert_snapshot!(env.applink("migrate").transcript(), @r##"
    exit 2
    --- stderr
    error: standard input is not a terminal, so nobody can be asked: this ends Trusted Applications and Basic, which no interface sets up again; impersonation needs one user base on both ends, as Trusted Applications did. Go ahead?
    hint: answer it with --yes
    "##);
    assert_eq!((snapshot(&env.world), env.state()), before);
    assert!(writes(&env.world).is_empty());
    let out = env.applink("migrate --yes -o json").expect(0);
    assert_eq!(out.steps(), DONE);
    assert_eq!(out.json()["changed"], true);
    assert_eq!(out.json()["verification"][0]["status"], "ok");
    assert_eq!(levels(jira, wiki), same_level("impersonation"));
    assert_eq!(levels(wiki, jira), same_level("impersonation"));
    assert!(!is_legacy(&env, "jira", "wiki") && !is_legacy(&env, "wiki", "jira"));
    env.applink("verify").expect(0);
    env.world.clear_requests();
    let out = env.applink("migrate --yes -o json").expect(0);
    assert_eq!(out.json()["changed"], false);
    assert!(writes(&env.world).is_empty());
}

#[test]
fn the_result_reads_as_documented() {
    let env = env_with_trusted_apps();
    assert_snapshot!(env.applink("migrate jira wiki --yes").transcript(), @r##"
    exit 0
    --- stdout
    jira and wiki use OAuth alone
    ok jira and wiki: both ends work
    --- stderr
    ✓ jira: set both directions to impersonation (from none)
    ✓ wiki: set both directions to impersonation (from none)
    ✓ jira: end Trusted Applications and Basic on the link "Confluence"
    ✓ wiki: end Trusted Applications and Basic on the link "Jira"
    "##);
}

#[test]
fn basic_becomes_oauth_and_the_other_direction_is_unchanged() {
    let env = Env::new(world([jira(), wiki()]));
    let (jira, wiki) = (env.world.app("jira"), env.world.app("wiki"));
    jira.add_link_to(wiki);
    wiki.add_link_to(jira);
    let user = wiki.user(Role::SystemAdmin).clone();
    jira.edit_link(&wiki.id(), |link| {
        let config = [("username", user.name), ("password", user.password)]
            .map(|(name, value)| (name.to_owned(), value));
        link.providers.insert(
            "com.atlassian.applinks.api.auth.types.BasicAuthenticationProvider".to_owned(),
            config.into(),
        );
    });
    env.add_all();
    let out = env.applink("migrate jira --yes -o json").expect(0);
    assert_eq!(out.steps(), DONE[..3]);
    assert_eq!(levels(jira, wiki), ("none".to_owned(), "oauth".to_owned()));
    assert_eq!(levels(wiki, jira), ("oauth".to_owned(), "none".to_owned()));
    assert!(!is_legacy(&env, "jira", "wiki"));
}

#[test]
fn without_a_migration_api_the_admin_page_is_named() {
    let env = env_with_trusted_apps();
    for app in env.world.apps() {
        app.configure(|settings| settings.migration_api = false);
    }
    let out = env.applink("migrate --yes -o json").expect(3);
    assert_eq!(out.steps(), DONE[..2]);
    for (alias, page) in [
        ("jira", "/plugins/servlet/applinks/listApplicationLinks"),
        ("wiki", "/admin/listapplicationlinks.action"),
    ] {
        let page = format!("{}{page}", env.world.app(alias).url());
        assert!(out.says(&page), "{page}: {}", out.transcript());
    }
    assert!(is_legacy(&env, "jira", "wiki") && is_legacy(&env, "wiki", "jira"));
    assert!(!env.has_journal());
    // Once more: OAuth is there, and the pages are named again.
    env.world.clear_requests();
    let out = env.applink("migrate --yes -o json").expect(1);
    assert_eq!(out.json()["changed"], false);
    assert!(out.says("listApplicationLinks"));
    assert!(writes(&env.world).is_empty());
    // Done by hand.
    let (jira, wiki) = (env.world.app("jira"), env.world.app("wiki"));
    jira.set_legacy(&wiki.id(), LegacyAuth::default());
    wiki.set_legacy(&jira.id(), LegacyAuth::default());
    env.applink("migrate --yes").expect(0);
    env.applink("verify").expect(0);
}

#[test]
fn an_old_version_gets_oauth_and_its_admin_page_is_named() {
    let env = Env::new(world([jira().generation(Generation::Old), wiki()]));
    trust(env.world.app("jira"), env.world.app("wiki"));
    env.add_all();
    let out = env.applink("migrate --yes -o json");
    assert!(
        out.code == 3 && out.says("jira has no interface that ends"),
        "{}",
        out.transcript()
    );
    let (jira, wiki) = (env.world.app("jira"), env.world.app("wiki"));
    assert_eq!(levels(jira, wiki), same_level("impersonation"));
    assert_eq!(levels(wiki, jira), same_level("impersonation"));
}

#[test]
fn legacy_auth_is_kept_until_oauth_works() {
    let env = env_with_trusted_apps();
    let wiki = env.world.app("wiki");
    wiki.fault(Fault::status(503).method("PUT").path("/status/"));
    let out = env.applink("migrate --yes -o json").expect(3);
    assert_eq!(
        out.steps(),
        [
            "jira set-level done",
            "wiki set-level failed",
            "jira remove-legacy failed",
            "wiki remove-legacy planned"
        ],
        "{}",
        out.transcript()
    );
    assert!(out.says("AUTH_LEVEL_MISMATCH"), "{}", out.transcript());
    assert!(is_legacy(&env, "jira", "wiki") && is_legacy(&env, "wiki", "jira"));
    assert!(
        !client_requests(&env.world)
            .iter()
            .any(|request| request.path.contains("/migration/"))
    );
    assert!(env.has_journal());
    wiki.clear_faults();
    let out = env.applink("migrate --yes -o json").expect(0);
    assert_eq!(out.steps(), DONE);
    assert!(!is_legacy(&env, "jira", "wiki") && !is_legacy(&env, "wiki", "jira"));
    assert!(!env.has_journal());
}

#[test]
fn legacy_auth_is_kept_while_the_consumer_key_is_stale() {
    let env = Env::new(world([jira(), wiki()]));
    env.world.link("jira", "wiki", OAuthFlags::IMPERSONATION);
    let (jira, wiki) = (env.world.app("jira"), env.world.app("wiki"));
    jira.set_legacy(&wiki.id(), TRUSTED);
    wiki.rotate_key();
    env.add_all();
    let out = env.applink("migrate --yes -o json");
    assert_eq!(
        out.steps(),
        ["jira remove-legacy failed"],
        "{}",
        out.transcript()
    );
    assert_eq!(out.error_code(), "CONSUMER_KEY_MISMATCH");
    assert_eq!(out.code, 1);
    assert!(is_legacy(&env, "jira", "wiki"));
    assert_eq!(count_writes(&client_requests(&env.world)), 0);
}

#[test]
fn a_refused_migration_names_the_admin_page() {
    let env = env_with_trusted_apps();
    env.world
        .app("jira")
        .fault(Fault::status(409).path("/migration/"));
    let out = env.applink("migrate --yes -o json").expect(3);
    assert_eq!(
        out.steps(),
        [DONE[0], DONE[1], "jira remove-legacy failed", DONE[3]]
    );
    assert!(out.says("listApplicationLinks"), "{}", out.transcript());
    // Somebody did it there.
    let (jira, wiki) = (env.world.app("jira"), env.world.app("wiki"));
    jira.set_legacy(&wiki.id(), LegacyAuth::default());
    let out = env.applink("resume -o json").expect(0);
    assert_eq!(out.steps()[2], "jira remove-legacy skipped");
}

#[test]
fn all_links_or_only_the_named_ones_are_migrated() {
    let env = Env::new(world([
        jira(),
        wiki(),
        App::new(Product::Bamboo, "bamboo"),
        App::new(Product::Bitbucket, "code"),
    ]));
    let [jira, wiki, bamboo, code] =
        ["jira", "wiki", "bamboo", "code"].map(|alias| env.world.app(alias));
    trust(jira, wiki);
    trust(jira, bamboo);
    trust(bamboo, code);
    env.add_all();
    let on = |line: &str| {
        let out = env.applink(&format!("{line} --dry-run -o json")).expect(0);
        let mut apps: Vec<String> = out
            .steps()
            .iter()
            .map(|step| step.split(' ').next().unwrap().to_owned())
            .collect();
        apps.sort();
        apps.dedup();
        apps.join(" ")
    };
    assert_eq!(on("migrate"), "bamboo code jira wiki");
    assert_eq!(on("migrate code"), "bamboo code");
    assert_eq!(on("migrate wiki jira"), "jira wiki");
    assert_eq!(on("migrate wiki code"), "");
    // One that fails does not stop the others.
    code.fault(Fault::status(503).method("PUT"));
    let out = env.applink("migrate --yes -o json").expect(3);
    let done = out
        .steps()
        .iter()
        .filter(|step| step.ends_with(" done"))
        .count();
    assert_eq!(done, 9, "{}", out.transcript());
    code.clear_faults();
    env.applink("resume").expect(0);
    env.applink("verify").expect(0);
    let out = env.applink("list --auth legacy -o json").expect(0).json();
    assert_eq!(out["links"].as_array().unwrap().len(), 0);
}

#[test]
fn an_unreadable_end_is_not_migrated() {
    let env = env_with_trusted_apps();
    env.world.app("wiki").stop();
    let out = env.applink("migrate --yes -o json");
    assert_ne!(out.code, 0);
    assert_eq!(out.json()["changed"], false);
    assert!(
        out.says("could not be looked at") && out.says("wiki"),
        "{}",
        out.transcript()
    );
    env.world.app("wiki").start().unwrap();
    env.applink("app remove wiki --yes");
    let out = env.applink("migrate --yes -o json").expect(1);
    assert!(out.says("applink app add"), "{}", out.transcript());
    // An end without its other end.
    env.applink("app add wiki {wiki.url}").expect(0);
    env.world
        .app("wiki")
        .remove_link(&env.world.app("jira").id());
    let out = env.applink("migrate --yes -o json").expect(1);
    assert!(out.says("applink create jira wiki"), "{}", out.transcript());
    assert!(writes(&env.world).is_empty());
}

#[test]
fn impersonation_requires_a_system_administrator() {
    let mut env = env_with_trusted_apps();
    env.login("wiki", Role::Admin);
    let out = env.applink("migrate --yes -o json");
    assert!(
        out.says("NOT_SYSTEM_ADMIN") || out.says("system administrator"),
        "{}",
        out.transcript()
    );
    assert!(is_legacy(&env, "jira", "wiki") && is_legacy(&env, "wiki", "jira"));
}
