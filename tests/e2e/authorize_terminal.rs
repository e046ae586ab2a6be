//! `applink authorize` on a terminal, where a person is asked.

use std::process::Stdio;

use rexpect::session::{PtySession, spawn_command};

use crate::provider::{AUTHORIZE, answer_page, approve, registered};
use crate::{env::Env, estate::outside};

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
fn shown(session: &mut PtySession) -> String {
    let (_, found) = session.exp_regex("oauth_token=[A-Za-z0-9]{32}").unwrap();
    found.split_once('=').unwrap().1.to_owned()
}

/// Waits for the end of the program, whose terminal is read to its end before.
fn ended(mut session: PtySession, code: i32) {
    session.exp_eof().unwrap();
    let status = format!("{:?}", session.process().wait().unwrap());
    assert!(
        status.starts_with("Exited(") && status.ends_with(&format!(", {code})")),
        "{status}"
    );
}

#[test]
fn the_browser_brings_the_code_by_itself() {
    let env = registered(|_| {});
    let mut session = terminal(&env, AUTHORIZE);
    let token = shown(&mut session);
    answer_page(&env, &token, "approve");
    session.exp_string("jira takes ci for jane").unwrap();
    ended(session, 0);
}

#[test]
fn the_code_is_typed() {
    let env = registered(|_| {});
    let mut session = terminal(&env, &format!("{AUTHORIZE} --callback oob"));
    let token = shown(&mut session);
    session.exp_string("the code that the page shows").unwrap();
    session.send_line(approve(&env, &token).trim()).unwrap();
    session.exp_string("jira takes ci for jane").unwrap();
    ended(session, 0);
}

#[test]
fn who_stops_waiting_leaves_nothing() {
    let env = registered(|_| {});
    let mut session = terminal(&env, AUTHORIZE);
    shown(&mut session);
    session.send_control('c').unwrap();
    ended(session, 130);
    assert!(
        !env.path("state/applink/applink.keys/jira.ci.token.json")
            .exists()
    );
    let posts = outside(&env.world)
        .iter()
        .filter(|request| request.is_write())
        .count();
    assert_eq!(posts, 1, "a request token, and no access token");
}

#[test]
fn another_address_for_browsers_is_shown_and_confirmed() {
    let env = registered(|_| {});
    let jira = env.world.app("jira");
    jira.configure(|settings| settings.base_url = Some("https://jira.example.com/jira".to_owned()));
    let own = jira.url();
    for (answer, base) in [("y", "https://jira.example.com/jira"), ("n", own.as_str())] {
        let mut session = terminal(&env, AUTHORIZE);
        session
            .exp_string("approve at https://jira.example.com/jira?")
            .unwrap();
        session.send_line(answer).unwrap();
        session
            .exp_string(&format!(
                "{base}/plugins/servlet/oauth/authorize?oauth_token="
            ))
            .unwrap();
        session.send_control('c').unwrap();
        ended(session, 130);
    }
}

/// A private key that is encrypted, as other tools make it.
fn encrypted(env: &Env) {
    let key = env.path("work/ci.pem");
    let status = std::process::Command::new("openssl")
        .args([
            "pkcs8",
            "-topk8",
            "-v2",
            "aes-256-cbc",
            "-passout",
            "pass:open sesame",
        ])
        .arg("-in")
        .arg(&key)
        .arg("-out")
        .arg(env.path("work/closed.pem"))
        .status()
        .unwrap();
    assert!(status.success());
    std::fs::rename(env.path("work/closed.pem"), &key).unwrap();
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    std::fs::set_permissions(&key, mode).unwrap();
}

#[test]
fn the_passphrase_of_the_key_is_asked_for() {
    let mut env = registered(|consumer| consumer.two_lo = true);
    encrypted(&env);
    env.secret("jira", "open sesame");
    let line = format!("{AUTHORIZE} --two-legged");
    for (typed, code) in [("open sesame", 0), ("open salami", 4)] {
        let mut session = terminal(&env, &line);
        session.exp_string("passphrase of").unwrap();
        session.send_line(typed).unwrap();
        if code == 0 {
            session.exp_string("jira takes ci").unwrap();
        }
        ended(session, code);
    }
    // Nobody can be asked: the option that would have answered is named, and nothing was sent.
    env.world.clear_requests();
    let out = env.applink(&line).expect(2);
    assert!(
        out.says("encrypted") && out.says("--passphrase"),
        "{}",
        out.shown()
    );
    assert!(outside(&env.world).iter().all(|one| !one.is_write()));
}
