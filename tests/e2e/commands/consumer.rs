//! `applink create LOCAL --consumer NAME` and `applink delete LOCAL --consumer NAME`.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use applink::oauth::PrivateKey;
use applink_sandbox::{Fault, Generation, OAuthFlags, Role};
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::consumers::{
    CREATE_CONSUMER, LONG, assert_no_key_leaks, consumer_env, consumer_env_of, incoming_flags,
    key_path, registered_keys, write_key_pair,
};
use crate::support::env::Env;
use crate::support::output::field_names;
use crate::support::worlds::{client_requests, count_writes, link, pair, snapshot, writes};

#[test]
fn create_registers_a_consumer_with_a_new_key() {
    for generation in [Generation::Classic, Generation::Modern] {
        let env = consumer_env_of(generation);
        let out = env
            .applink(&format!("{CREATE_CONSUMER} -vv --log-file {{home}}/log"))
            .expect(0);
        let path = key_path(&env);
        let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode(&path) & 0o7777, 0o600);
        assert_eq!(mode(path.parent().unwrap()) & 0o7777, 0o700);
        let key = PrivateKey::load(&path).unwrap();
        let fingerprint = key.public().fingerprint();
        let json = out.json();
        assert_eq!(json["changed"], true);
        assert_eq!(json["link"], Value::Null);
        assert_eq!(
            json["consumer"],
            json!({
                "name": "Jenkins", "key": "jenkins", "fingerprint": fingerprint, "bits": 2048,
                "key_file": path.display().to_string(), "two_legged": false, "snippet": null,
            })
        );
        assert_eq!(
            out.steps(),
            ["jira create-link done", "jira put-consumer done"]
        );
        let app = env.world.app("jira");
        assert_eq!(app.links()[0].name, "Jenkins");
        assert_eq!(app.links()[0].type_id, "generic");
        assert_eq!(
            registered_keys(&env),
            [("jenkins".to_owned(), fingerprint.clone())]
        );
        assert_eq!(incoming_flags(&env), (true, false, false));
        let state = env.state();
        for part in ["[[consumers]]", "name = \"Jenkins\"", &fingerprint] {
            assert!(state.contains(part), "{state}");
        }
        assert!(!state.contains("[[links]]") && !state.contains(&key.public().base64()));
        assert_no_key_leaks(&env, &[&out]);
        assert!(!env.has_journal());

        // The same again.
        env.world.clear_requests();
        let state = env.state();
        let again = env.applink(CREATE_CONSUMER).expect(0).json();
        assert_eq!(again["changed"], false);
        assert_eq!(again["consumer"], json["consumer"]);
        assert!(writes(&env.world).is_empty());
        assert_eq!(env.state(), state);
    }
}

#[test]
fn the_plan_and_the_result_read_as_documented() {
    let mut env = consumer_env();
    write_key_pair(&env, "own");
    let key = PrivateKey::load(&env.path("work/own.pem")).unwrap();
    env.mask(key.public().fingerprint(), "<fingerprint>");
    env.mask(key.public().fingerprint()[..16].to_owned(), "<start>");
    let line = "create {jira} --consumer Jenkins --public-key own.pub --two-legged";
    assert_snapshot!(env.applink(line).transcript(), @r#"
    exit 0
    --- stdout
    "Jenkins" may call jira
    consumer key   jenkins
    public key     SHA256:<fingerprint> (2048 bits)
    request token  http://jira.test/jira/plugins/servlet/oauth/request-token
    authorize      http://jira.test/jira/plugins/servlet/oauth/authorize
    access token   http://jira.test/jira/plugins/servlet/oauth/access-token
    --- stderr
    ✓ jira: create the link "Jenkins" to https://jenkins.invalid
    ✓ jira: store the consumer "jenkins" with the public key SHA256:<start>
    note: two-legged calls are seen as an anonymous user: no user to execute as can be set here for a generic link
    "#);
    assert_snapshot!(env.applink("list jira").transcript(), @r#"
    exit 0
    --- stdout
    jira		Jenkins	generic application	https://jenkins.invalid	oauth	none	primary, SHA256:<start> 2048 bits
    "#);
    assert_snapshot!(env.applink("delete jira --consumer Jenkins").transcript(), @r#"
    exit 2
    --- stderr
    error: standard input is not a terminal, so nobody can be asked: This takes the right to call jira away from "Jenkins", and its users' tokens with it.
    hint: answer it with --yes
    "#);
    assert_snapshot!(env.applink("delete jira --consumer Jenkins --yes").transcript(), @r#"
    exit 0
    --- stdout
    "Jenkins" may not call jira any more
    --- stderr
    ✓ jira: take away the consumer "jenkins"
    ✓ jira: delete the link "Jenkins"
    "#);
}

/// The private key is safe before anybody could use the public one.
#[test]
fn the_key_file_is_written_before_the_consumer_is_registered() {
    let env = consumer_env();
    let app = env.world.app("jira");
    app.fault(Fault::delay(LONG).method("PUT").nth(1));
    let mut child = env.start(CREATE_CONSUMER);
    let there = env
        .world
        .wait_for_requests(LONG, |requests| count_writes(requests) == 1);
    assert!(there);
    assert!(PrivateKey::load(&key_path(&env)).is_ok());
    let journal = fs::read_to_string(env.state_sibling(".journal")).unwrap();
    assert!(journal.contains("put-consumer"));
    child.kill().unwrap();
    let out = env.wait(child);
    assert_no_key_leaks(&env, &[&out]);
}

#[test]
fn an_existing_public_key_can_be_registered() {
    let env = consumer_env();
    let key = write_key_pair(&env, "own");
    env.write("work/own.b64", &key.public().base64(), 0o644);
    for file in ["own.pub", "own.b64"] {
        let out = env
            .applink(&format!("{CREATE_CONSUMER} --public-key {file}"))
            .expect(0);
        let json = out.json();
        assert_eq!(json["consumer"]["key_file"], Value::Null);
        assert_eq!(json["changed"], file == "own.pub");
        assert_eq!(registered_keys(&env)[0].1, key.public().fingerprint());
    }
    let keys = env.path("state/applink/applink.keys");
    assert!(!keys.exists());
    // The same key is meant where none is named.
    let out = env.applink(CREATE_CONSUMER).expect(0);
    assert_eq!(out.json()["changed"], false, "{}", out.transcript());
    assert!(!keys.exists());
    // A private key is a mistake there.
    env.world.clear_requests();
    let out = env
        .applink(&format!("{CREATE_CONSUMER} --public-key own.pem"))
        .expect(2);
    assert!(out.says("--key-file"), "{}", out.transcript());
    env.write("work/none", "nothing of a key", 0o644);
    env.applink(&format!("{CREATE_CONSUMER} --public-key none"))
        .expect(1);
    assert!(writes(&env.world).is_empty());
    assert_no_key_leaks(&env, &[&out]);
}

#[test]
fn an_existing_key_file_can_be_registered() {
    let env = consumer_env();
    let key = write_key_pair(&env, "own");
    let out = env
        .applink(&format!("{CREATE_CONSUMER} --key-file own.pem"))
        .expect(0);
    assert_eq!(registered_keys(&env)[0].1, key.public().fingerprint());
    let path = env.path("work/own.pem").display().to_string();
    assert_eq!(out.json()["consumer"]["key_file"], path);
    // It is found again without being named.
    let again = env.applink(CREATE_CONSUMER).expect(0);
    assert_eq!(again.json()["changed"], false);
    assert_eq!(again.json()["consumer"]["key_file"], path);
    assert_no_key_leaks(&env, &[&out, &again]);

    let env = consumer_env();
    let out = env
        .applink(&format!("{CREATE_CONSUMER} --key-file new.pem --bits 3072"))
        .expect(0);
    assert_eq!(out.json()["consumer"]["bits"], 3072);
    assert!(PrivateKey::load(&env.path("work/new.pem")).is_ok());
    assert!(!key_path(&env).exists());
    assert_no_key_leaks(&env, &[&out]);
}

#[test]
fn two_legged_is_stored_by_the_application() {
    for generation in [Generation::Classic, Generation::Modern] {
        let mut env = consumer_env_of(generation);
        env.login("jira", Role::Admin);
        let out = env
            .applink(&format!("{CREATE_CONSUMER} --two-legged"))
            .expect(0);
        assert_eq!(out.json()["consumer"]["two_legged"], true);
        assert_eq!(incoming_flags(&env), (true, true, false));
        assert_eq!(
            writes(&env.world),
            ["PUT jira 201", "PUT jira 201", "PUT jira 204"]
        );
        assert!(env.state().contains("two-legged = true"));
        // What is not given is not taken away.
        let out = env.applink(CREATE_CONSUMER).expect(0);
        assert_eq!(out.json()["changed"], false, "{}", out.transcript());
        assert_eq!(incoming_flags(&env), (true, true, false));
        assert!(env.state().contains("two-legged = true"));
    }
    // Later, of one that is registered.
    let env = consumer_env();
    env.applink(CREATE_CONSUMER).expect(0);
    // It gets a right that it had not: that is asked for.
    let line = "create {jira} --consumer Jenkins --two-legged";
    let out = env.applink(line).expect(2);
    assert!(out.says("--yes"), "{}", out.transcript());
    assert_eq!(incoming_flags(&env), (true, false, false));
    let out = env.applink(&format!("{line} --yes"));
    assert!(out.expect(0).says("anonymous"));
    assert_eq!(incoming_flags(&env), (true, true, false));
}

#[test]
fn impersonation_requires_confirmation_and_a_system_administrator() {
    let line = format!("{CREATE_CONSUMER} --impersonation");
    let env = consumer_env();
    let before = snapshot(&env.world);
    let out = env.applink(&line).expect(2);
    assert!(out.says("--yes"), "{}", out.transcript());
    assert_eq!(snapshot(&env.world), before);
    assert!(writes(&env.world).is_empty());
    assert!(!key_path(&env).exists());
    env.applink(&format!("{line} --yes")).expect(0);
    assert_eq!(incoming_flags(&env), (true, true, true));
    assert!(env.state().contains("impersonation = true"));

    for generation in [Generation::Classic, Generation::Modern] {
        let mut env = consumer_env_of(generation);
        env.login("jira", Role::Admin);
        let before = snapshot(&env.world);
        let out = env.applink(&format!("{line} --yes")).expect(4);
        assert_eq!(out.error_code(), "NOT_SYSTEM_ADMIN", "{}", out.transcript());
        assert_eq!(out.json()["changed"], false);
        assert_eq!(snapshot(&env.world), before);
        assert!(!env.has_journal());
        assert!(!env.state().contains("[[consumers]]"));
        // Of one that is there, too.
        env.applink(CREATE_CONSUMER).expect(0);
        let before = snapshot(&env.world);
        let out = env.applink(&format!("{line} --yes")).expect(4);
        assert_eq!(out.error_code(), "NOT_SYSTEM_ADMIN", "{}", out.transcript());
        assert_eq!(snapshot(&env.world), before);
    }
}

#[test]
fn a_dry_run_changes_nothing() {
    let env = consumer_env();
    let before = env.files().len();
    let out = env
        .applink(&format!(
            "{CREATE_CONSUMER} --two-legged --impersonation --dry-run"
        ))
        .expect(0);
    assert_eq!(
        out.steps(),
        ["jira create-link planned", "jira put-consumer planned"]
    );
    assert_eq!(out.json()["changed"], false);
    // No key was made that anybody could trust.
    assert_eq!(out.json()["consumer"]["fingerprint"], Value::Null);
    assert!(writes(&env.world).is_empty());
    assert_eq!(env.files().len(), before);
    env.applink(CREATE_CONSUMER).expect(0);
    let before = (snapshot(&env.world), env.state());
    env.applink("delete jira --consumer Jenkins --dry-run -o json")
        .expect(0);
    assert_eq!((snapshot(&env.world), env.state()), before);
}

#[test]
fn delete_removes_the_consumer_after_confirmation() {
    for generation in [Generation::Classic, Generation::Modern] {
        let env = consumer_env_of(generation);
        env.applink(&format!("{CREATE_CONSUMER} --two-legged"))
            .expect(0);
        let line = "delete jira --consumer Jenkins -o json";
        let out = env.applink(line).expect(2);
        assert!(out.says("--yes"), "{}", out.transcript());
        let out = env.applink(&format!("{line} --yes")).expect(0);
        assert_eq!(
            out.steps(),
            ["jira drop-consumer done", "jira delete-link done"]
        );
        assert!(
            out.says("its private key is left in"),
            "{}",
            out.transcript()
        );
        let app = env.world.app("jira");
        assert!(app.consumers().is_empty() && app.links().is_empty());
        assert!(!env.state().contains("[[consumers]]"));
        // Of a name that is not there.
        env.world.clear_requests();
        let out = env.applink(&format!("{line} --yes")).expect(0);
        assert_eq!(out.json()["changed"], false);
        env.applink("delete jira --consumer Nobody").expect(0);
        assert!(writes(&env.world).is_empty());
    }
}

/// One that this state knows nothing of is found by the name of its link.
#[test]
fn delete_finds_a_consumer_that_the_state_does_not_know() {
    let env = consumer_env();
    env.applink(CREATE_CONSUMER).expect(0);
    fs::remove_file(env.state_path()).unwrap();
    env.applink("delete {jira} --consumer Jenkins --yes")
        .expect(0);
    let app = env.world.app("jira");
    assert!(app.consumers().is_empty() && app.links().is_empty());
    // Somebody deletes the link by hand: the state forgets it all the same.
    env.applink(CREATE_CONSUMER).expect(0);
    app.remove_link(&app.links()[0].id);
    env.applink("delete jira --consumer Jenkins --yes")
        .expect(0);
    assert!(!env.state().contains("[[consumers]]"));
}

#[test]
fn list_shows_consumers() {
    let env = Env::new(pair());
    let (jira, wiki) = (env.world.app("jira"), env.world.app("wiki"));
    link(jira, wiki, OAuthFlags::OAUTH);
    env.add_all();
    let consumer = env.applink(CREATE_CONSUMER).expect(0).json()["consumer"].clone();
    env.world.clear_requests();
    let rows = env.applink("list jira -o json").expect(0).json()["links"].clone();
    let [peer, program] = [&rows[0]["consumer"], &rows[1]["consumer"]];
    assert_eq!(*peer, Value::Null);
    assert_eq!(field_names(program), ["name", "key", "fingerprint", "bits"]);
    for field in ["name", "key", "fingerprint", "bits"] {
        assert_eq!(program[field], consumer[field], "{field}");
    }
    let asked = client_requests(&env.world);
    let asked = asked
        .iter()
        .filter(|one| one.path.ends_with("/authentication/consumer"));
    assert_eq!(asked.count(), 1);
    let start = &consumer["fingerprint"].as_str().unwrap()[..16];
    env.applink("list jira")
        .expect_says(&format!("SHA256:{start}"));
    // What was seen is shown without asking.
    env.world.clear_requests();
    let rows = env.applink("list jira --cached -o json").expect(0).json()["links"].clone();
    assert_eq!(rows[1]["consumer"], *program);
    env.applink("list jira --cached")
        .expect_says(&format!("SHA256:{start}"));
    assert!(client_requests(&env.world).is_empty());
    // What cannot be read is not known.
    jira.fault(Fault::status(500).path("/authentication/consumer"));
    let rows = env.applink("list jira -o json").expect(0).json()["links"].clone();
    assert_eq!(rows[1]["consumer"], Value::Null);
    let rows = env.applink("list jira --cached -o json").expect(0).json()["links"].clone();
    assert_eq!(rows[1]["consumer"], Value::Null);
}

#[test]
fn invalid_options_are_usage_errors() {
    let env = consumer_env();
    for line in [
        "create {jira} {jira} --consumer X",
        "create {jira} --consumer X --auth oauth",
        "create {jira} --consumer X --one-way",
        "create {jira} --consumer X --primary",
        "create {jira} --consumer ''",
        "create {jira} --consumer X --bits 1024",
        "create {jira} --consumer X --consumer-key 'x '",
        "create {jira} --consumer X --public-key a --bits 4096",
        "create {jira} --consumer X --public-key a --key-file b",
        "create {jira} --consumer X --callback nonsense",
        "create {jira} --two-legged",
        "create {jira} {jira} --two-legged",
        "delete {jira} {jira} --consumer X",
        "delete {jira} --consumer X --one-side",
        "delete {jira}",
    ] {
        env.applink(&format!("{line} -o json")).expect(2);
    }
    assert!(client_requests(&env.world).is_empty());
    let out = env.applink("create {jira} --consumer X --public-key gone -o json");
    assert_eq!(out.code, 1, "{}", out.transcript());
    assert!(writes(&env.world).is_empty());
}
