//! Third-party programs that are registered again: what stays, what is replaced, what is refused.

use applink_sandbox::{Consumer, Link, OAuthFlags, url_derived_id};

use crate::support::consumers::{
    CREATE_CONSUMER, consumer_env, incoming_flags, registered_keys, write_key_pair,
};
use crate::support::env::Env;
use crate::support::worlds::{link, pair, snapshot, writes};

#[test]
fn create_again_changes_only_a_callback_that_is_given() {
    let env = consumer_env();
    let callback = |env: &Env| env.world.app("jira").consumers()[0].callback.clone();
    env.applink(&format!(
        "{CREATE_CONSUMER} --callback https://ci.example.com/back"
    ))
    .expect(0);
    assert_eq!(
        callback(&env).as_deref(),
        Some("https://ci.example.com/back")
    );
    // What is not given is not changed.
    let out = env.applink(CREATE_CONSUMER).expect(0);
    assert_eq!(out.json()["changed"], false);
    let other = write_key_pair(&env, "other");
    env.applink(&format!("{CREATE_CONSUMER} --public-key other.pub --yes"))
        .expect(0);
    assert_eq!(
        callback(&env).as_deref(),
        Some("https://ci.example.com/back")
    );
    assert_eq!(registered_keys(&env)[0].1, other.public().fingerprint());
    // Another one is stored.
    let out = env
        .applink(&format!(
            "{CREATE_CONSUMER} --public-key other.pub --callback https://ci.example.com/new --yes"
        ))
        .expect(0);
    assert_eq!(out.json()["changed"], true, "{}", out.transcript());
    assert_eq!(
        callback(&env).as_deref(),
        Some("https://ci.example.com/new")
    );
}

#[test]
fn another_key_replaces_the_registered_one_after_confirmation() {
    let env = consumer_env();
    env.applink(&format!("{CREATE_CONSUMER} --two-legged"))
        .expect(0);
    let other = write_key_pair(&env, "other");
    let fingerprint = other.public().fingerprint();
    let out = env
        .applink(&format!(
            "{CREATE_CONSUMER} --two-legged --public-key other.pub --yes"
        ))
        .expect(0);
    assert_eq!(out.steps(), ["jira put-consumer done"]);
    assert_eq!(
        registered_keys(&env),
        [("jenkins".to_owned(), fingerprint.clone())]
    );
    assert_eq!(incoming_flags(&env), (true, true, false));
    assert!(env.state().contains(&fingerprint));

    // Another consumer key leaves the old one accepted.
    let line =
        format!("{CREATE_CONSUMER} --two-legged --public-key other.pub --consumer-key second");
    env.world.clear_requests();
    let out = env.applink(&line).expect(2);
    assert!(
        out.says("stays accepted") && out.says("jenkins"),
        "{}",
        out.transcript()
    );
    assert!(writes(&env.world).is_empty());
    env.applink(&format!("{line} --yes")).expect(0);
    let keys: Vec<String> = registered_keys(&env).into_iter().map(|one| one.0).collect();
    assert_eq!(keys, ["jenkins", "second"]);
    assert!(env.state().contains("key = \"second\""));
    env.world.clear_requests();
    env.applink(&format!("{CREATE_CONSUMER} --public-key other.pub --yes"))
        .expect(0);
    assert!(writes(&env.world).is_empty());
}

#[test]
fn keys_names_and_urls_of_another_consumer_are_refused() {
    let env = consumer_env();
    env.applink(CREATE_CONSUMER).expect(0);
    let before = (snapshot(&env.world), env.state());
    env.world.clear_requests();
    for line in [
        // Its consumer key, its address, and an address that two names give.
        "create {jira} --consumer Other --consumer-key jenkins -o json",
        "create {jira} --consumer Other --url https://jenkins.invalid -o json",
        "create {jira} --consumer jenkins -o json",
    ] {
        let out = env.applink(line).expect(1);
        assert_eq!(
            out.error()["kind"],
            "conflict",
            "{line}: {}",
            out.transcript()
        );
        assert!(out.says("Jenkins"), "{line}: {}", out.transcript());
    }
    let out = env.applink(&format!(
        "{CREATE_CONSUMER} --url https://other.example.com"
    ));
    assert_eq!(out.code, 1, "{}", out.transcript());
    assert!(writes(&env.world).is_empty());
    assert_eq!((snapshot(&env.world), env.state()), before);

    // An application's own link, too.
    let env = Env::new(pair());
    let (jira, wiki) = (env.world.app("jira"), env.world.app("wiki"));
    link(jira, wiki, OAuthFlags::OAUTH);
    let taken = jira.consumers()[0].key.clone();
    let out = env
        .applink(&format!("{CREATE_CONSUMER} --consumer-key '{taken}'"))
        .expect(1);
    assert!(out.says("Confluence"), "{}", out.transcript());
    assert_eq!(jira.links().len(), 1);
}

/// The private key is gone: nobody makes a new one unasked, and the registered one stays.
#[test]
fn a_missing_key_file_is_not_replaced_silently() {
    let env = consumer_env();
    env.applink(CREATE_CONSUMER).expect(0);
    let before = (snapshot(&env.world), env.state());
    let path = crate::support::consumers::key_path(&env);
    std::fs::remove_file(&path).unwrap();
    env.world.clear_requests();
    let out = env.applink(CREATE_CONSUMER).expect(1);
    assert!(out.says("--key-file"), "{}", out.transcript());
    assert!(writes(&env.world).is_empty());
    assert_eq!((snapshot(&env.world), env.state()), before);
    env.applink(&format!(
        "{CREATE_CONSUMER} --yes --key-file {}",
        path.display()
    ))
    .expect(0);
    assert_ne!(snapshot(&env.world), before.0);
    assert!(path.exists());
}

/// A state that knows nothing of the program changes nothing of it.
#[test]
fn a_consumer_that_the_state_does_not_know_is_left_unchanged() {
    let env = consumer_env();
    env.applink(&format!(
        "{CREATE_CONSUMER} --two-legged --consumer-key its-own"
    ))
    .expect(0);
    let before = snapshot(&env.world);
    std::fs::remove_dir_all(env.path("state/applink")).unwrap();
    let out = env.applink(CREATE_CONSUMER).expect(0);
    assert_eq!(out.json()["changed"], false, "{}", out.transcript());
    assert_eq!(out.json()["consumer"]["key"], "its-own");
    assert_eq!(snapshot(&env.world), before);
    assert!(env.state().contains("key = \"its-own\""));
}

/// What nobody can read, nobody could put back: it is said, and left alone.
#[test]
fn an_unreadable_registered_key_is_reported_and_kept() {
    let env = consumer_env();
    let jira = env.world.app("jira");
    let url = "https://jenkins.invalid";
    let id = url_derived_id(url);
    jira.add_link(Link::new(&id, "generic", "Jenkins", url));
    jira.add_consumer(&id, Consumer::new("by-hand", "Jenkins", "bm90IGEga2V5"));
    env.applink("list {jira}")
        .expect_says("a key that cannot be read");
    let before = snapshot(&env.world);
    env.world.clear_requests();
    let out = env.applink(CREATE_CONSUMER).expect(1);
    assert!(
        out.says("by-hand") && out.says("cannot be read") && !out.says("meanwhile"),
        "{}",
        out.transcript()
    );
    assert!(
        out.says("applink delete jira --consumer Jenkins"),
        "{}",
        out.transcript()
    );
    assert!(writes(&env.world).is_empty());
    assert_eq!(snapshot(&env.world), before);
    assert!(!crate::support::consumers::key_path(&env).exists());
    env.applink("delete {jira} --consumer Jenkins --yes")
        .expect(0)
        .expect_says("take away the consumer \"by-hand\"");
    assert!(jira.consumers().is_empty() && jira.links().is_empty());
    env.applink(CREATE_CONSUMER).expect(0);
}
