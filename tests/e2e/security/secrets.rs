//! Secrets with every awkward character, and whether one is ever seen again.
//!
//! The harness searches standard output and error and every file after every run of every test,
//! for each secret as it is, in base64, percent-encoded, in hexadecimal digits and as a JSON
//! string. Here the runs are the most talkative ones.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Stdio;

use applink_sandbox::{Fault, OAuthFlags, Role};
use rexpect::session::spawn_command;

use crate::support::code_cases::write_state;
use crate::support::env::Env;
use crate::support::worlds::{client_requests, link, pair, writes};

#[test]
fn verbose_runs_print_no_secret() {
    let env = Env::new(pair());
    link(
        env.world.app("jira"),
        env.world.app("wiki"),
        OAuthFlags::OAUTH,
    );
    for line in [
        "create {jira} {wiki} -vv --log-file {home}/log -o json",
        "verify -vv --log-file {home}/log",
        "verify -vv -o json --log-file {home}/log",
        "list -vv --log-file {home}/log",
        "app show jira -vv --log-file {home}/log",
        "edit jira wiki --auth impersonation --yes -vv --log-file {home}/log",
        "delete jira wiki --yes -vv --log-file {home}/log",
    ] {
        env.applink(line).expect(0);
    }
    let log = fs::read_to_string(env.path("log")).unwrap();
    assert!(log.contains("/rest/applinks/"), "{log}");
    assert!(log.lines().count() > 100);
    assert_eq!(
        fs::metadata(env.path("log")).unwrap().permissions().mode() & 0o777,
        0o600
    );
}

#[test]
fn secrets_with_special_characters_are_sent_and_never_printed() {
    for secret in [
        "p%20ss+w/ord=&?#\"'\\<>{}",
        "  spaces around  ",
        "\u{fc}ml\u{e4}ut-p\u{e4}ssw\u{f6}rd-\u{1f511}",
        "aaaaaaaaaaaaaaaaaaaa",
        "admin:with:colons:inside",
    ] {
        let mut env = Env::new(pair());
        env.basic("wiki", "admin", secret);
        for line in [
            "create {jira} {wiki} -vv --log-file {home}/log",
            "create {jira} {wiki} -o json -vv",
        ] {
            env.applink(line).expect(4);
        }
        assert!(writes(&env.world).is_empty());
        let sent = client_requests(&env.world)
            .iter()
            .filter(|request| request.app == "wiki")
            .any(|request| request.header("authorization").is_some());
        assert!(sent, "{secret}");
    }
}

#[test]
fn secrets_with_control_characters_are_refused() {
    for secret in ["line\nbreak-in-it", "control\u{1}character"] {
        let mut env = Env::new(pair());
        env.bearer("wiki", secret);
        env.applink("create {jira} {wiki} -vv").expect(4);
    }
}

#[test]
fn a_secret_echoed_in_an_error_is_redacted() {
    let env = Env::new(pair());
    let password = env
        .world
        .app("wiki")
        .user(Role::SystemAdmin)
        .password
        .clone();
    let said = format!(r#"{{"message":"no such user: admin / {password}","status-code":400}}"#);
    let echo = Fault::status(400).body("application/json", said);
    env.world.app("wiki").fault(echo.method("PUT"));
    for line in [
        "create {jira} {wiki} -vv --log-file {home}/log",
        "create {jira} {wiki} -o json",
    ] {
        let out = env.applink(line).expect(1);
        assert!(out.says("no such user"), "{}", out.transcript());
    }
}

#[test]
fn a_secret_echoed_in_a_page_is_redacted() {
    let env = Env::new(pair());
    let password = env
        .world
        .app("wiki")
        .user(Role::SystemAdmin)
        .password
        .clone();
    let page = Fault::html(&format!("Hello admin {password}")).path("/authenticationinfo");
    env.world.app("wiki").fault(page);
    env.applink("create {jira} {wiki} -vv").expect(5);
    let to = format!("https://elsewhere.example.com/?password={password}");
    env.world.app("wiki").clear_faults();
    env.world
        .app("wiki")
        .fault(Fault::redirect(&to).path("/authenticationinfo"));
    env.applink("create {jira} {wiki} -vv").expect(5);
}

#[test]
fn a_killed_run_leaves_no_secret_in_any_file() {
    use std::time::Duration;
    let mut env = Env::without_credentials(pair());
    let password = env
        .world
        .app("jira")
        .user(Role::SystemAdmin)
        .password
        .clone();
    env.login("wiki", Role::SystemAdmin);
    env.write_secret("secret", &password, 0o600);
    env.applink("app add jira {jira.url} --user admin --credential file:{home}/secret")
        .expect(0);
    let slow = Fault::delay(Duration::from_secs(60)).method("PUT").nth(1);
    env.world.app("wiki").fault(slow);
    let mut child = env.start("create jira {wiki} -vv");
    let there = env
        .world
        .wait_for_requests(Duration::from_secs(60), |requests| {
            requests
                .iter()
                .any(|request| request.app == "wiki" && request.is_write())
        });
    assert!(there);
    child.kill().unwrap();
    env.wait(child);
    assert!(env.has_journal());
    env.applink("resume").expect(0);
}

#[test]
fn passwords_in_redirect_urls_are_not_printed() {
    let env = Env::new(pair());
    write_state(&env);
    let to = "http://u:Canary7@127.0.0.1:1/x";
    env.world.app("wiki").fault(Fault::redirect(to));
    for line in ["list -vv", "verify -vv -o json", "create jira wiki -vv"] {
        let out = env.applink(line);
        assert!(out.says("127.0.0.1:1/x"), "{}", out.transcript());
        assert!(!out.says("Canary7") && !out.stdout.contains("Canary7"));
    }
}

#[test]
fn a_typed_password_is_neither_echoed_nor_stored() {
    let env = Env::without_credentials(pair());
    let mut command = env.command("create {jira} {wiki} -vv --log-file {home}/log");
    command
        .stdin(Stdio::inherit())
        .stdout(Stdio::inherit())
        .stderr(Stdio::inherit());
    let mut session = spawn_command(command, Some(60_000)).unwrap();
    let mut shown = String::new();
    let mut passwords = Vec::new();
    for _ in 0..2 {
        let (before, question) = session.exp_regex("User name on (jira|wiki)").unwrap();
        shown.push_str(&before);
        let user = env
            .world
            .app(question.rsplit(' ').next().unwrap())
            .user(Role::SystemAdmin);
        session.exp_string(": ").unwrap();
        session.send_line(&user.name).unwrap();
        shown.push_str(&session.exp_string("Password of").unwrap());
        shown.push_str(&session.exp_string(": ").unwrap());
        session.send_line(&user.password).unwrap();
        passwords.push(user.password.clone());
    }
    shown.push_str(&session.exp_string("Go ahead?").unwrap());
    session.send_line("y").unwrap();
    shown.push_str(&session.exp_eof().unwrap());
    assert!(shown.contains("are linked"), "{shown}");
    for password in passwords {
        assert!(!shown.contains(&password), "{shown}");
    }
    // The harness looks at every file.
    env.applink("app list").expect(0);
}
