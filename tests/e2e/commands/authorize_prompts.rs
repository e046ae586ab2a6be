//! `applink authorize` on a terminal, where a person is asked.

use std::process::Stdio;

use rexpect::session::{PtySession, spawn_command};

use crate::support::browser::{AUTHORIZE, answer_page, approve, env_with_consumer};
use crate::support::env::Env;
use crate::support::worlds::client_requests;

/// Far longer than anything takes here: what hangs must fail, and not go on for ever.
const PATIENCE: Option<u64> = Some(60_000);

fn terminal(env: &Env, line: &str) -> PtySession {
    let mut command = env.command(line);
    command
        .stdin(Stdio::inherit())
        .stdout(Stdio::inherit())
        .stderr(Stdio::inherit());
    spawn_command(command, PATIENCE).unwrap()
}

/// The request token of the address that is shown.
fn request_token(session: &mut PtySession) -> String {
    let (_, found) = session.exp_regex("oauth_token=[A-Za-z0-9]{32}").unwrap();
    found.split_once('=').unwrap().1.to_owned()
}

/// Waits for the end of the program, whose terminal is read to its end before.
fn assert_ends(mut session: PtySession, code: i32) {
    session.exp_eof().unwrap();
    let status = format!("{:?}", session.process().wait().unwrap());
    assert!(
        status.starts_with("Exited(") && status.ends_with(&format!(", {code})")),
        "{status}"
    );
}

#[test]
fn a_loopback_callback_needs_no_typing() {
    let env = env_with_consumer(|_| {});
    let mut session = terminal(&env, AUTHORIZE);
    let token = request_token(&mut session);
    answer_page(&env, &token, "approve");
    session.exp_string("jira takes ci for jane").unwrap();
    assert_ends(session, 0);
}

#[test]
fn the_user_types_the_code() {
    let env = env_with_consumer(|_| {});
    let mut session = terminal(&env, &format!("{AUTHORIZE} --callback oob"));
    let token = request_token(&mut session);
    session.exp_string("The code that the page shows").unwrap();
    session.send_line(approve(&env, &token).trim()).unwrap();
    session.exp_string("jira takes ci for jane").unwrap();
    assert_ends(session, 0);
}

#[test]
fn ctrl_c_while_waiting_stores_no_token() {
    let env = env_with_consumer(|_| {});
    let mut session = terminal(&env, AUTHORIZE);
    request_token(&mut session);
    session.send_control('c').unwrap();
    assert_ends(session, 130);
    assert!(
        !env.path("state/applink/applink.keys/jira.ci.token.json")
            .exists()
    );
    let posts = client_requests(&env.world)
        .iter()
        .filter(|request| request.is_write())
        .count();
    assert_eq!(posts, 1, "a request token, and no access token");
}

#[test]
fn a_differing_base_url_is_confirmed_before_it_is_opened() {
    let env = env_with_consumer(|_| {});
    let jira = env.world.app("jira");
    jira.configure(|settings| settings.base_url = Some("https://jira.example.com/jira".to_owned()));
    let own = jira.url();
    for (answer, base) in [("y", "https://jira.example.com/jira"), ("n", own.as_str())] {
        let mut session = terminal(&env, AUTHORIZE);
        session
            .exp_string("Approve at https://jira.example.com/jira")
            .unwrap();
        session.send_line(answer).unwrap();
        session
            .exp_string(&format!(
                "{base}/plugins/servlet/oauth/authorize?oauth_token="
            ))
            .unwrap();
        session.send_control('c').unwrap();
        assert_ends(session, 130);
    }
}

const PASSPHRASE: &str = "c0rrect-h@rse-staple";

/// The consumer's private key, written anew with a passphrase.
fn encrypted(env: &mut Env) {
    let made = std::process::Command::new("openssl")
        .args(["pkcs8", "-topk8", "-in"])
        .arg(env.path("work/ci.pem"))
        .args(["-passout", &format!("pass:{PASSPHRASE}"), "-out"])
        .arg(env.path("work/locked.pem"))
        .status()
        .unwrap();
    assert!(made.success());
    let private = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    std::fs::set_permissions(env.path("work/locked.pem"), private).unwrap();
    env.secret("jira", PASSPHRASE);
}

const LOCKED: &str = "authorize jira --consumer ci --key-file locked.pem --two-legged";

#[test]
fn an_encrypted_key_prompts_for_its_passphrase() {
    let mut env = env_with_consumer(|consumer| {
        consumer.two_lo = true;
        consumer.executing_user = Some("jane".to_owned());
    });
    encrypted(&mut env);
    let line = format!("{LOCKED} -vv --log-file {{home}}/log");
    let mut session = terminal(&env, &line);
    session.exp_string("Passphrase of").unwrap();
    session.exp_string(": ").unwrap();
    session.send_line(PASSPHRASE).unwrap();
    let shown = session.exp_eof().unwrap();
    assert!(shown.contains("jira takes ci for jane"), "{shown}");
    assert!(!shown.contains(PASSPHRASE), "{shown}");
    // A wrong one opens nothing, and nothing is sent.
    env.world.clear_requests();
    let mut session = terminal(&env, LOCKED);
    session.exp_string("Passphrase of").unwrap();
    session.exp_string(": ").unwrap();
    session.send_line("wr0ng-passphrase").unwrap();
    session
        .exp_string("the passphrase does not open it")
        .unwrap();
    assert_ends(session, 4);
    let signed = |env: &Env| {
        let all = client_requests(&env.world);
        all.iter().any(|one| one.header("authorization").is_some())
    };
    assert!(!signed(&env));

    // Where nobody can be asked it has to be given.
    let out = env.applink(LOCKED).expect(2);
    assert!(
        out.says("locked.pem") && out.says("--passphrase"),
        "{}",
        out.transcript()
    );
    assert!(!signed(&env));
    env.set("KEY_PASSPHRASE", PASSPHRASE);
    env.applink(&format!("{LOCKED} --passphrase env:KEY_PASSPHRASE"))
        .expect(0);
}
