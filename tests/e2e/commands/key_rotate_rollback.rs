//! `applink key rotate` after a failure or a kill.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use applink::oauth::PrivateKey;
use applink::oauth::sign::{RequestStamp, UnsignedRequest, sign};
use applink_sandbox::Fault;

use crate::support::consumers::{CREATE, LONG, accepted, env, incoming, key_path, nothing_leaks};
use crate::support::env::Env;
use crate::support::worlds::{count_writes, outside, snapshot};

#[test]
fn a_failed_proof_restores_the_old_key() {
    for line in [ROTATE, SECOND] {
        let env = env();
        env.applink(&format!("{CREATE} --two-legged")).expect(0);
        let before = (snapshot(&env.world), env.state());
        let app = env.world.app("jira");
        app.fault(
            Fault::status(401)
                .header(
                    "WWW-Authenticate",
                    "OAuth oauth_problem=\"signature_invalid\"",
                )
                .method("POST")
                .path("request-token")
                // The first asks whether the new consumer key is free.
                .nth(if line == SECOND { 2 } else { 1 }),
        );
        let out = env.applink(line).expect(4);
        let case = out.shown();
        assert!(out.says("signature_invalid"), "{case}");
        assert_eq!(out.json()["changed"], false, "{case}");
        assert_eq!((snapshot(&env.world), env.state()), before, "{case}");
        assert!(!env.has_journal() && !second_path(&env).exists(), "{case}");
        let old = PrivateKey::load(&key_path(&env)).unwrap();
        assert_eq!(call(&app.url(), "jenkins", &old), 200);
    }
}

/// A proof that was on its way when its process was killed still gets its token; nobody ever authorises it.
fn without_tokens(env: &Env) -> Vec<serde_json::Value> {
    let mut apps = snapshot(&env.world);
    for app in &mut apps {
        app["request_tokens"] = serde_json::Value::Null;
    }
    apps
}

#[test]
fn a_killed_rotation_is_resumed_or_undone() {
    for (line, undo) in [ROTATE, SECOND]
        .into_iter()
        .flat_map(|line| [(line, false), (line, true)])
    {
        for k in 1..=3 {
            let env = env();
            env.applink(&format!("{CREATE} --two-legged")).expect(0);
            let before = without_tokens(&env);
            env.world.clear_requests();
            let app = env.world.app("jira");
            // The two writes of the step, and the proof.
            let due = if k < 3 {
                Fault::delay(LONG).method("PUT").nth(k)
            } else {
                let nth = if line == SECOND { 2 } else { 1 };
                Fault::delay(LONG).method("POST").nth(nth)
            };
            app.fault(due);
            let mut child = env.start(line);
            let asks = if line == SECOND { k + 1 } else { k };
            assert!(
                env.world
                    .wait_for_requests(LONG, |requests| count_writes(requests) == asks)
            );
            child.kill().unwrap();
            let killed = env.wait(child);
            app.clear_faults();
            let resume = if undo {
                "resume --undo -o json"
            } else {
                "resume -o json"
            };
            let out = env.applink(resume);
            let case = format!("{line} {k} {undo}: {}", out.shown());
            assert_eq!(out.code, 0, "{case}");
            assert!(!env.has_journal(), "{case}");
            if undo {
                assert_eq!(without_tokens(&env), before, "{case}");
            } else {
                assert_eq!(incoming(&env), (true, true, false), "{case}");
                let new = fingerprint(&second_path(&env));
                assert!(env.state().contains(&new), "{case}");
                assert!(accepted(&env).iter().any(|one| one.1 == new), "{case}");
                assert_eq!(env.state().contains("former"), line == SECOND, "{case}");
            }
            nothing_leaks(&env, &[&killed, &out]);
        }
    }
}

#[test]
fn a_killed_retirement_is_resumed() {
    for (method, nth) in [("PUT", 1), ("PUT", 2), ("PUT", 3), ("DELETE", 1)] {
        let env = env();
        env.applink(&format!("{CREATE} --two-legged")).expect(0);
        env.applink(SECOND).expect(0);
        env.world.clear_requests();
        let app = env.world.app("jira");
        app.fault(Fault::delay(LONG).method(method).nth(nth));
        let mut child = env.start(RETIRE);
        // Put into the test's hand by the request itself: the faulty one is the last.
        let due = if method == "PUT" { nth } else { 5 };
        assert!(
            env.world
                .wait_for_requests(LONG, |requests| count_writes(requests) >= due)
        );
        thread::sleep(Duration::from_millis(50));
        child.kill().unwrap();
        env.wait(child);
        app.clear_faults();
        let out = env.applink(RETIRE);
        let case = format!("{method} {nth}: {}", out.shown());
        assert_eq!(out.code, 0, "{case}");
        assert!(!env.has_journal(), "{case}");
        assert_eq!(accepted(&env).len(), 1, "{case}");
        assert_eq!(accepted(&env)[0].0, "second", "{case}");
        assert_eq!(incoming(&env), (true, true, false), "{case}");
        assert!(!env.state().contains("former"), "{case}");
    }
}

/// Answers that say no after the deed: what is done is gone on with, and the key is not lost.
#[test]
fn an_error_response_after_a_completed_write_keeps_the_new_key() {
    for status in [302, 400, 403, 409] {
        for line in [ROTATE, SECOND] {
            let env = env();
            env.applink(&format!("{CREATE} --two-legged")).expect(0);
            let app = env.world.app("jira");
            app.fault(
                Fault::status_after(status)
                    .method("PUT")
                    .path("/consumer")
                    .nth(1),
            );
            let out = env.applink(line);
            let case = format!("{line} {status}: {}", out.shown());
            let mut all = outside(&env.world).into_iter();
            assert!(all.any(|one| one.status == Some(status)), "{case}");
            assert_eq!(out.code, 0, "{case}");
            assert_eq!(out.json()["changed"], true, "{case}");
            assert_eq!(incoming(&env), (true, true, false), "{case}");
            let new = fingerprint(&second_path(&env));
            assert!(accepted(&env).iter().any(|one| one.1 == new), "{case}");
            assert!(!env.has_journal(), "{case}");
        }
    }
}

const ROTATE: &str = "key rotate jira --consumer Jenkins --yes -o json";

const SECOND: &str = "key rotate jira --consumer Jenkins --new-consumer-key second -o json";

const RETIRE: &str = "key rotate jira --consumer Jenkins --retire --yes -o json";

fn second_path(env: &Env) -> PathBuf {
    env.path("state/applink/applink.keys/jira-jenkins-2.pem")
}

fn fingerprint(path: &std::path::Path) -> String {
    PrivateKey::load(path).unwrap().public().fingerprint()
}

/// The status of a signed two-legged request, as any other program would send it.
fn call(url: &str, consumer: &str, key: &PrivateKey) -> u16 {
    let url = format!("{url}/rest/applinks/1.0/manifest");
    let request = UnsignedRequest {
        method: "GET",
        url: &url,
        form: &[],
        consumer_key: consumer,
        token: Some(""),
        extra: &[],
    };
    let signed = sign(&request, &RequestStamp::fresh().unwrap(), key).unwrap();
    let rest = url.strip_prefix("http://").unwrap();
    let (host, path) = rest.split_once('/').unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    write!(
        stream,
        "GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nUser-Agent: applink/test\r\n\
         X-Atlassian-Token: no-check\r\nAccept: application/json\r\nAuthorization: {}\r\n\r\n",
        signed.authorization.as_str()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.split(' ').nth(1).unwrap().parse().unwrap()
}
