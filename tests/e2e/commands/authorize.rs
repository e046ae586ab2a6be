//! `applink authorize` where it succeeds: the dance, two-legged requests, tokens kept and renewed.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use applink_sandbox::{App, Fault, Product};

use crate::support::browser::{
    AUTHORIZE, answer_page, approve, dance, env_with_consumer, last_document, register, token_of,
};
use crate::support::env::Env;
use crate::support::output::field_names;
use crate::support::worlds::{client_requests, pair, world};

fn token_path(env: &Env) -> PathBuf {
    env.path("state/applink/applink.keys/jira.ci.token.json")
}

/// What the token file holds, declared a secret from now on.
fn token(env: &mut Env) -> serde_json::Value {
    let path = token_path(env);
    let kept: serde_json::Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    env.allow_secrets_in(path);
    for field in ["token", "session_handle"] {
        env.secret("jira", kept[field].as_str().unwrap());
    }
    kept
}

#[test]
fn a_typed_code_gives_a_token_that_only_its_owner_can_read() {
    let mut env = env_with_consumer(|_| {});
    env.add_options("-vv --log-file log");
    let out = dance(&env, AUTHORIZE, approve).expect(0);
    let document = last_document(&out);
    assert_eq!(
        field_names(&document),
        ["schema", "consumer", "authorize_url", "seen_as", "expires"]
    );
    assert_eq!(document["seen_as"], "jane");
    assert!(document["expires"].as_str().unwrap().starts_with("20"));
    let url = document["authorize_url"].as_str().unwrap().to_owned();
    let base = env.world.app("jira").url();
    assert!(url.starts_with(&format!(
        "{base}/plugins/servlet/oauth/authorize?oauth_token="
    )));
    assert!(out.says(&url), "people are shown the address, too");
    assert_eq!(out.stdout.lines().count(), 2);
    assert_eq!(token_of(&url).len(), 32);

    let path = token_path(&env);
    assert_eq!(
        fs::metadata(&path).unwrap().permissions().mode() & 0o7777,
        0o600
    );
    let keys = fs::metadata(path.parent().unwrap()).unwrap();
    assert_eq!(keys.permissions().mode() & 0o7777, 0o700);
    let kept = token(&mut env);
    assert_eq!(kept["consumer"], "ci");
    // From here on every run is searched for the token, and so is every file.
    assert!(!out.says(kept["token"].as_str().unwrap()));
    let tested = env
        .applink(&format!("{AUTHORIZE} --test -o json"))
        .expect(0)
        .json();
    assert_eq!(tested["seen_as"], "jane");
    assert_eq!(tested["authorize_url"], serde_json::Value::Null);
    assert_eq!(tested["expires"], document["expires"]);
    let shown = env.applink(&format!("{AUTHORIZE} --test")).expect(0);
    assert_eq!(shown.stdout, "jira takes ci for jane\n");

    let forgotten = env
        .applink("authorize jira --consumer ci --forget")
        .expect(0);
    assert!(forgotten.says("/plugins/servlet/oauth/users/access-tokens"));
    assert!(!path.exists());
    env.applink("authorize jira --consumer ci --forget")
        .expect(0)
        .expect_says("no token of ci");
    env.applink(&format!("{AUTHORIZE} --test"))
        .expect(4)
        .expect_says("no token of ci for jira");
}

#[test]
fn the_authorization_url_is_printed_to_standard_error() {
    let env = env_with_consumer(|_| {});
    let mut child = env.command(&format!("{AUTHORIZE} -q"));
    let mut child = child.stdin(std::process::Stdio::piped()).spawn().unwrap();
    let mut stderr = std::io::BufReader::new(child.stderr.take().unwrap());
    let mut url = String::new();
    std::io::BufRead::read_line(&mut stderr, &mut url).unwrap();
    let code = approve(&env, token_of(url.trim()));
    let address = format!("https://ci.example.com/done?oauth_token=x&oauth_verifier={code}");
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), address.as_bytes()).unwrap();
    let out = env.wait(child).expect(0);
    assert_eq!(out.stdout, "jira takes ci for jane\n");
}

#[test]
fn a_loopback_callback_delivers_the_code() {
    let env = env_with_consumer(|_| {});
    let line = format!("{AUTHORIZE} --callback loopback");
    let out = dance(&env, &line, |env, token| answer_page(env, token, "approve")).expect(0);
    assert_eq!(last_document(&out)["seen_as"], "jane");
}

#[test]
fn a_rejected_callback_falls_back_to_a_typed_code() {
    let env = env_with_consumer(|_| {});
    let refusal = Fault::status(400)
        .header("WWW-Authenticate", "OAuth realm=\"x\", oauth_problem=\"parameter_rejected\", oauth_parameters_rejected=\"oauth_callback\"")
        .times(1);
    env.world.app("jira").fault(
        refusal
            .method("POST")
            .path("/plugins/servlet/oauth/request-token"),
    );
    let line = format!("{AUTHORIZE} --callback loopback");
    let out = dance(&env, &line, approve).expect(0);
    assert_eq!(last_document(&out)["seen_as"], "jane");
    assert!(out.says("does not take a callback on this machine"));
}

#[test]
fn the_browser_gets_only_the_url() {
    let mut env = env_with_consumer(|_| {});
    let home = env.path("").display().to_string();
    env.write(
        "bin/xdg-open",
        &format!("#!/bin/sh\necho \"$#:$1\" > '{home}/opened'\n"),
        0o755,
    );
    env.set("PATH", env.path("bin"));
    let out = dance(&env, &format!("{AUTHORIZE} --open"), approve).expect(0);
    let opened = fs::read_to_string(env.path("opened")).unwrap();
    assert_eq!(
        opened.trim(),
        format!(
            "1:{}",
            last_document(&out)["authorize_url"].as_str().unwrap()
        )
    );
}

#[test]
fn an_expired_token_is_renewed_once() {
    let mut env = env_with_consumer(|_| {});
    dance(&env, AUTHORIZE, approve).expect(0);
    let mut kept = token(&mut env);
    kept["expires"] = kept["obtained"].clone();
    fs::write(token_path(&env), kept.to_string()).unwrap();
    env.world.clear_requests();
    let dry = env
        .applink(&format!("{AUTHORIZE} --test --dry-run"))
        .expect(0);
    assert_eq!(dry.stdout, "jira takes ci for jane\n");
    assert!(
        client_requests(&env.world)
            .iter()
            .all(|request| !request.is_write())
    );
    for renewals in [1, 1] {
        env.applink(&format!("{AUTHORIZE} --test")).expect(0);
        let posts = client_requests(&env.world)
            .iter()
            .filter(|request| request.is_write())
            .count();
        assert_eq!(posts, renewals);
    }
    let renewed = token(&mut env);
    assert_ne!(renewed["token"], kept["token"]);
    assert_ne!(renewed["session_handle"], kept["session_handle"]);
}

#[test]
fn two_legged_requests_run_as_the_configured_user() {
    let env = env_with_consumer(|consumer| {
        consumer.two_lo = true;
        consumer.executing_user = Some("jane".to_owned());
    });
    for app in ["jira", "wiki"] {
        let line = format!("authorize {app} --consumer ci --key-file ci.pem --two-legged");
        let document = env.applink(&format!("{line} -o json")).expect(0).json();
        assert_eq!(document["seen_as"], "jane");
        assert_eq!(document["expires"], serde_json::Value::Null);
    }
    assert!(!token_path(&env).exists());
}

#[test]
fn an_anonymous_response_is_reported_as_anonymous() {
    let env = env_with_consumer(|consumer| consumer.two_lo = true);
    // The one has 200 for strangers, the other 401.
    for app in ["wiki", "jira"] {
        let line = format!("authorize {app} --consumer ci --key-file ci.pem --two-legged");
        let out = env.applink(&line).expect(0);
        assert_eq!(
            out.stdout,
            format!("{app} takes ci for nobody (anonymous)\n")
        );
        assert!(out.says("Execute as"));
        let document = env.applink(&format!("{line} -o json")).expect(0).json();
        assert_eq!(document["seen_as"], "anonymous");
    }
}

#[test]
fn impersonation_is_proven_by_the_user_name_in_the_response() {
    let env = env_with_consumer(|consumer| consumer.two_loi = true);
    for (app, line) in [
        ("jira", AUTHORIZE),
        ("wiki", "authorize wiki --consumer ci --key-file ci.pem"),
    ] {
        let as_jane = format!("{line} --two-legged --as jane -o json");
        assert_eq!(env.applink(&as_jane).expect(0).json()["seen_as"], "jane");
        let stranger = env.applink(&format!("{line} --two-legged --as 'Jörg & Söhne'"));
        stranger
            .expect(4)
            .expect_says(&format!("{app} answers the signed request as anybody's"));
    }
    let queries: Vec<_> = client_requests(&env.world)
        .iter()
        .map(|request| request.query.clone())
        .collect();
    assert!(
        queries
            .iter()
            .any(|query| query == "xoauth_requestor_id=J%C3%B6rg%20%26%20S%C3%B6hne")
    );
}

#[test]
fn the_user_header_is_used_where_no_resource_names_the_user() {
    let env = Env::new(world([App::new(Product::Bitbucket, "stash")]));
    let key = applink::oauth::PrivateKey::generate(2048).unwrap();
    env.write("work/ci.pem", &key.to_pkcs8_pem().unwrap(), 0o600);
    register(env.world.app("stash"), &key, |consumer| {
        consumer.two_loi = true;
    });
    let line =
        "authorize {stash} --consumer program --consumer-key ci --key-file ci.pem --two-legged";
    let document = env
        .applink(&format!("{line} --as jane -o json"))
        .expect(0)
        .json();
    assert_eq!(document["seen_as"], "jane");
    assert_eq!(document["consumer"], "program");
}

#[test]
fn a_retried_request_is_signed_again() {
    let env = env_with_consumer(|consumer| {
        consumer.two_lo = true;
        consumer.executing_user = Some("jane".to_owned());
    });
    let jira = env.world.app("jira");
    jira.fault(
        Fault::status(429)
            .times(1)
            .method("GET")
            .path("/rest/api/2/myself"),
    );
    jira.fault(
        Fault::reset_after()
            .skip(1)
            .times(1)
            .method("GET")
            .path("/rest/api/2/myself"),
    );
    let out = env.applink(&format!("{AUTHORIZE} --two-legged")).expect(0);
    assert_eq!(out.stdout, "jira takes ci for jane\n");
    let signed = client_requests(&env.world)
        .iter()
        .filter(|request| request.header("authorization").is_some())
        .count();
    assert!(signed >= 2, "{signed}");
}

#[test]
fn an_unknown_application_is_recorded_after_authorization() {
    let env = env_with_consumer(|_| {});
    fs::remove_file(env.state_path()).unwrap();
    let line = "authorize {jira} --consumer ci --key-file ci.pem";
    env.applink(&format!("{line} --dry-run"))
        .expect(0)
        .expect_says("would ask jira");
    assert!(!env.state().contains("jira"));
    dance(&env, line, approve).expect(0);
    assert!(
        env.state().contains("[applications.jira]"),
        "{}",
        env.state()
    );
    env.applink(&format!("{AUTHORIZE} --test")).expect(0);
}

#[test]
fn a_consumer_registered_by_applink_needs_no_key_options() {
    let env = Env::new(pair());
    env.add_all();
    env.applink("create jira --consumer 'My CI' --impersonation -y")
        .expect(0);
    let line = "authorize jira --consumer 'My CI'";
    let out = dance(&env, line, approve).expect(0);
    assert_eq!(last_document(&out)["seen_as"], "jane");
    env.applink(&format!("{line} --test")).expect(0);
    let as_jane = env.applink(&format!("{line} --two-legged --as jane"));
    assert_eq!(as_jane.expect(0).stdout, "jira takes My CI for jane\n");
    let other = applink::oauth::PrivateKey::generate(2048).unwrap();
    env.write("work/other.pem", &other.to_pkcs8_pem().unwrap(), 0o600);
    env.applink(&format!("{line} --two-legged --key-file other.pem"))
        .expect(4)
        .expect_says("another key than My CI was registered with");
}

/// A token is of no use without its consumer, and nobody finds it without its application.
#[test]
fn deleting_the_consumer_or_the_application_deletes_the_token() {
    let mut env = env_with_consumer(|_| {});
    dance(&env, AUTHORIZE, approve).expect(0);
    token(&mut env);
    let line = "delete jira --consumer ci";
    env.applink(&format!("{line} --dry-run")).expect(0);
    env.applink(line).expect(2);
    assert!(token_path(&env).exists());
    env.applink(&format!("{line} --yes"))
        .expect(0)
        .expect_says("the token of ci for jira that was kept is dropped");
    assert!(!token_path(&env).exists());
    let out = env.applink(&format!("{line} --yes")).expect(0);
    assert!(!out.says("token of ci"), "{}", out.transcript());

    let mut env = env_with_consumer(|_| {});
    dance(&env, AUTHORIZE, approve).expect(0);
    token(&mut env);
    env.applink("app remove jira --dry-run")
        .expect(0)
        .expect_says("1 token kept for jira would be dropped");
    env.applink("app remove wiki").expect(0);
    assert!(token_path(&env).exists());
    let out = env.applink("app remove jira").expect(0);
    assert!(
        out.says("1 token kept for jira dropped")
            && out.says("/plugins/servlet/oauth/users/access-tokens"),
        "{}",
        out.transcript()
    );
    assert!(!token_path(&env).exists());
}

/// An unfinished run is mentioned by what does not continue it, too.
#[test]
fn an_unfinished_run_is_reported_as_a_warning() {
    let env = env_with_consumer(|consumer| consumer.two_lo = true);
    let wiki = env.world.app("wiki");
    wiki.fault(
        Fault::delay(crate::support::consumers::LONG)
            .method("PUT")
            .nth(1),
    );
    let mut child = env.start("create jira wiki");
    let came = env
        .world
        .wait_for_requests(crate::support::consumers::LONG, |requests| {
            requests
                .iter()
                .any(|one| one.app == "wiki" && one.method == "PUT")
        });
    assert!(came);
    child.kill().unwrap();
    env.wait(child);
    assert!(env.has_journal());
    let line = "authorize jira --consumer ci --key-file ci.pem --two-legged";
    let out = env.applink(line).expect(0);
    assert!(
        out.says("an earlier run is unfinished: linking jira and wiki")
            && out.says("applink resume"),
        "{}",
        out.transcript()
    );
}
