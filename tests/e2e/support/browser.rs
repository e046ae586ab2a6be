//! A consumer that is registered on an application, the person who decides about it, and the
//! browser that the person uses.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::Stdio;

use applink::oauth::PrivateKey;
use applink_sandbox::{AppHandle, Consumer, Link, Role, url_derived_id};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::support::env::Env;
use crate::support::output::RunOutput;
use crate::support::worlds::pair;

/// A line that authorizes the consumer on the Jira.
pub(crate) const AUTHORIZE: &str = "authorize jira --consumer ci --key-file ci.pem";

/// An environment in which the consumer `ci` is registered on both applications; `change` may
/// still set it up in another way.
pub(crate) fn env_with_consumer(change: impl Fn(&mut Consumer)) -> Env {
    let env = Env::new(pair());
    let key = PrivateKey::generate(2048).unwrap();
    env.write("work/ci.pem", &key.to_pkcs8_pem().unwrap(), 0o600);
    for app in env.world.apps() {
        register(app, &key, &change);
    }
    env.add_all();
    env
}

/// Registers `ci` on one application.
pub(crate) fn register(app: &AppHandle, key: &PrivateKey, change: impl Fn(&mut Consumer)) {
    let url = "https://ci.example.com";
    let id = url_derived_id(url);
    app.add_link(Link::new(&id, "generic", "ci", url));
    let mut consumer = Consumer::new("ci", "ci", &STANDARD.encode(&key.public().der));
    change(&mut consumer);
    app.add_consumer(&id, consumer);
}

/// Runs a dance under `-o json`: `decide` gets the request token out of the address that is
/// shown, and gives what is written to standard input.
#[track_caller]
pub(crate) fn dance(env: &Env, line: &str, decide: impl FnOnce(&Env, &str) -> String) -> RunOutput {
    let mut child = env
        .command(&format!("{line} -o json"))
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut written = String::new();
    stdout.read_line(&mut written).unwrap();
    if let Ok(first) = serde_json::from_str::<Value>(&written) {
        assert_eq!(first["schema"], 1);
        let url = first["authorize_url"].as_str().expect("an address");
        let typed = decide(env, token_of(url));
        let mut stdin = child.stdin.take().unwrap();
        // It may have left without wanting to know.
        let _ = stdin.write_all(typed.as_bytes());
    }
    drop(child.stdin.take());
    stdout.read_to_string(&mut written).unwrap();
    let mut output = child.wait_with_output().unwrap();
    output.stdout = written.into_bytes();
    env.check_output(output)
}

/// The request token of an address.
pub(crate) fn token_of(url: &str) -> &str {
    url.split_once("oauth_token=").expect("a token").1
}

/// The last document on standard output.
#[track_caller]
pub(crate) fn last_document(out: &RunOutput) -> Value {
    let line = out.stdout.lines().last().expect("a document");
    serde_json::from_str(line).unwrap()
}

/// Jane approves on the page of the Jira, and types the code.
pub(crate) fn approve(env: &Env, token: &str) -> String {
    let verifier = env.world.app("jira").decide_token(token, Some("jane"));
    format!("{}\n", verifier.expect("an open token"))
}

/// One request of a browser, in which a person is logged in: status, `Location`, body.
pub(crate) fn browse(
    app: Option<&AppHandle>,
    method: &str,
    url: &str,
    form: &str,
) -> (u16, String, String) {
    let rest = url.strip_prefix("http://").expect("plain http");
    let (host, path) = rest.split_once('/').unwrap();
    let mut request = format!(
        "{method} /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n",
        form.len()
    );
    if let Some(app) = app {
        let jane = app.user(Role::User);
        let login = STANDARD.encode(format!("{}:{}", jane.name, jane.password));
        request.extend(["Authorization: Basic ", &login, "\r\n"]);
    }
    let mut stream = TcpStream::connect(host).unwrap();
    write!(stream, "{request}\r\n{form}").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    let location = head
        .lines()
        .find_map(|line| {
            line.to_ascii_lowercase()
                .starts_with("location:")
                .then(|| line[9..].trim())
        })
        .unwrap_or_default();
    (status, location.to_owned(), body.to_owned())
}

/// Jane answers the page with `approve` or `deny`, and her browser goes where it is sent.
pub(crate) fn answer_page(env: &Env, token: &str, answer: &str) -> String {
    let jira = env.world.app("jira");
    let page = format!("{}/plugins/servlet/oauth/authorize", jira.url());
    let (status, _, body) = browse(
        Some(jira),
        "GET",
        &format!("{page}?oauth_token={token}"),
        "",
    );
    assert_eq!(status, 200, "{body}");
    let form = body.split_once("name=\"atl_token\" value=\"").unwrap().1;
    let form = form.split('"').next().unwrap();
    let fields = format!("oauth_token={token}&atl_token={form}&{answer}=1");
    let (status, location, body) = browse(Some(jira), "POST", &page, &fields);
    // What a browser sends is not what the program has to keep to.
    env.world.clear_requests();
    if status == 302 {
        let (status, _, body) = browse(None, "GET", &location, "");
        assert_eq!(status, 200, "{location}: {body}");
        assert!(!body.contains(token));
    } else {
        assert_eq!(status, 200, "{body}");
    }
    String::new()
}
