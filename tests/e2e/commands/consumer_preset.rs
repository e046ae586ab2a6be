//! `create --consumer … --preset`: what well-known programs need, on both sides.

use std::fs;

use serde_json::Value;

use crate::support::consumers::{
    consumer_env, incoming_flags, key_path, registered_keys, write_key_pair,
};
use crate::support::env::Env;
use crate::support::keys::secret_lines;
use crate::support::worlds::{client_requests, pair, writes};

const HOOKSHOT: &str =
    "create {jira} --consumer Hookshot --preset hookshot --url https://example.com/hookshot";

fn callback(env: &Env) -> Option<String> {
    env.world.app("jira").consumers()[0].callback.clone()
}

#[test]
fn hookshot_gets_a_callback_and_a_configuration_snippet() {
    let env = consumer_env();
    let out = env.applink(&format!("{HOOKSHOT} -o json")).expect(0);
    let path = env.path("state/applink/applink.keys/jira-hookshot.pem");
    let snippet = out.json()["consumer"]["snippet"].clone();
    let snippet = snippet.as_str().expect("a snippet");
    for part in [
        format!("url: \"{}\"", env.world.app("jira").url()),
        "consumerKey: \"hookshot\"".to_owned(),
        format!("privateKey: \"{}\"", path.display()),
        "redirect_uri: \"https://example.com/hookshot/jira/oauth\"".to_owned(),
        "# https://".to_owned(),
    ] {
        assert!(snippet.contains(&part), "{part}: {snippet}");
    }
    assert_eq!(
        callback(&env).as_deref(),
        Some("https://example.com/hookshot/jira/oauth")
    );
    for line in secret_lines(&fs::read_to_string(&path).unwrap()) {
        assert!(!out.stdout.contains(line) && !out.stderr.contains(line));
    }
    // For a person it is on standard error, where the result is not disturbed.
    let again = env.applink(HOOKSHOT).expect(0);
    assert!(
        again.stderr.contains("redirect_uri"),
        "{}",
        again.transcript()
    );
    assert!(
        !again.stdout.contains("redirect_uri"),
        "{}",
        again.transcript()
    );
    // A callback of one's own goes before.
    env.applink(&format!(
        "{HOOKSHOT} --callback https://other.example.com/back"
    ))
    .expect(0)
    .expect_says("redirect_uri: \"https://other.example.com/back\"");
    assert_eq!(
        callback(&env).as_deref(),
        Some("https://other.example.com/back")
    );
}

#[test]
fn sentry_has_a_fixed_url() {
    let env = consumer_env();
    let line = "create {jira} --consumer Sentry --preset sentry -o json";
    let json = env.applink(line).expect(0).json();
    let links = env.world.app("jira").links();
    assert_eq!(
        links[0].rpc_url,
        "https://sentry.io/extensions/jira_server/setup"
    );
    assert_eq!(callback(&env), None);
    assert!(
        json["consumer"]["snippet"]
            .as_str()
            .unwrap()
            .contains("jira-sentry.pem")
    );
    let again = env.applink(line).expect(0).json();
    assert_eq!(again["changed"], false);
}

#[test]
fn mattermost_brings_its_own_public_key() {
    let env = consumer_env();
    let key = write_key_pair(&env, "own");
    let line = "create {jira} --consumer Mattermost --preset mattermost -o json";
    let out = env.applink(line).expect(2);
    assert!(
        out.says("/jira instance install server"),
        "{}",
        out.transcript()
    );
    assert!(writes(&env.world).is_empty());
    let out = env
        .applink(&format!(
            "{line} --url https://chat.example.com/plugins/jira --consumer-key mm --public-key own.pub"
        ))
        .expect(0);
    assert_eq!(
        registered_keys(&env),
        [("mm".to_owned(), key.public().fingerprint())]
    );
    assert_eq!(incoming_flags(&env), (true, false, false));
    assert!(out.says("/jira connect"), "{}", out.transcript());
}

#[test]
fn jenkins_gets_commands_and_form_fields() {
    let env = consumer_env();
    let line = "create {jira} --consumer Jenkins --preset jenkins -o json";
    let json = env.applink(line).expect(0).json();
    let snippet = json["consumer"]["snippet"].as_str().unwrap().to_owned();
    assert!(snippet.contains("applink authorize jira --consumer Jenkins --callback oob"));
    assert!(snippet.contains(&key_path(&env).display().to_string()));
    let line = "create {jira} --consumer shell --preset jirashell -o json";
    let json = env.applink(line).expect(0).json();
    let snippet = json["consumer"]["snippet"].as_str().unwrap().to_owned();
    assert!(
        snippet.starts_with("jirashell --server http://"),
        "{snippet}"
    );
    // Without a preset there is nothing to say.
    let json = env
        .applink("create {jira} --consumer plain -o json")
        .expect(0)
        .json();
    assert_eq!(json["consumer"]["snippet"], Value::Null);
}

#[test]
fn unknown_presets_and_conflicting_options_are_refused() {
    let env = Env::new(pair());
    let out = env
        .applink("create {jira} --consumer X --preset nonsense")
        .expect(2);
    for known in ["hookshot", "jenkins", "jirashell", "mattermost", "sentry"] {
        assert!(out.says(known), "{known}: {}", out.transcript());
    }
    env.applink("create {jira} {wiki} --preset jenkins")
        .expect(2);
    assert!(client_requests(&env.world).is_empty());
    let out = env
        .applink("create {wiki} --consumer X --preset jenkins")
        .expect(2);
    assert!(out.says("is for a Jira"), "{}", out.transcript());
    let out = env
        .applink("create {jira} --consumer X --preset hookshot")
        .expect(2);
    assert!(out.says("--url"), "{}", out.transcript());
    assert!(writes(&env.world).is_empty());
}
