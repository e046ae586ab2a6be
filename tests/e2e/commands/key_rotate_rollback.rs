//! `applink key rotate` after a failure or a kill.

use std::thread;
use std::time::Duration;

use applink::oauth::PrivateKey;
use applink_sandbox::Fault;

use crate::support::consumers::{
    CREATE_CONSUMER, LONG, assert_no_key_leaks, consumer_env, incoming_flags, key_path,
    registered_keys,
};
use crate::support::env::Env;
use crate::support::key_rotation::{RETIRE, ROTATE, SECOND, fingerprint, second_path, signed_call};
use crate::support::worlds::{client_requests, count_writes, snapshot};

#[test]
fn a_failed_proof_restores_the_old_key() {
    for line in [ROTATE, SECOND] {
        let env = consumer_env();
        env.applink(&format!("{CREATE_CONSUMER} --two-legged"))
            .expect(0);
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
        let case = out.transcript();
        assert!(out.says("signature_invalid"), "{case}");
        assert_eq!(out.json()["changed"], false, "{case}");
        assert_eq!((snapshot(&env.world), env.state()), before, "{case}");
        assert!(!env.has_journal() && !second_path(&env).exists(), "{case}");
        let old = PrivateKey::load(&key_path(&env)).unwrap();
        assert_eq!(signed_call(&app.url(), "jenkins", &old), 200);
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
            let env = consumer_env();
            env.applink(&format!("{CREATE_CONSUMER} --two-legged"))
                .expect(0);
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
            let case = format!("{line} {k} {undo}: {}", out.transcript());
            assert_eq!(out.code, 0, "{case}");
            assert!(!env.has_journal(), "{case}");
            if undo {
                assert_eq!(without_tokens(&env), before, "{case}");
            } else {
                assert_eq!(incoming_flags(&env), (true, true, false), "{case}");
                let new = fingerprint(&second_path(&env));
                assert!(env.state().contains(&new), "{case}");
                assert!(
                    registered_keys(&env).iter().any(|one| one.1 == new),
                    "{case}"
                );
                assert_eq!(env.state().contains("former"), line == SECOND, "{case}");
            }
            assert_no_key_leaks(&env, &[&killed, &out]);
        }
    }
}

#[test]
fn a_killed_retirement_is_resumed() {
    for (method, nth) in [("PUT", 1), ("PUT", 2), ("PUT", 3), ("DELETE", 1)] {
        let env = consumer_env();
        env.applink(&format!("{CREATE_CONSUMER} --two-legged"))
            .expect(0);
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
        let case = format!("{method} {nth}: {}", out.transcript());
        assert_eq!(out.code, 0, "{case}");
        assert!(!env.has_journal(), "{case}");
        assert_eq!(registered_keys(&env).len(), 1, "{case}");
        assert_eq!(registered_keys(&env)[0].0, "second", "{case}");
        assert_eq!(incoming_flags(&env), (true, true, false), "{case}");
        assert!(!env.state().contains("former"), "{case}");
    }
}

/// Answers that say no after the deed: what is done is gone on with, and the key is not lost.
#[test]
fn an_error_response_after_a_completed_write_keeps_the_new_key() {
    for status in [302, 400, 403, 409] {
        for line in [ROTATE, SECOND] {
            let env = consumer_env();
            env.applink(&format!("{CREATE_CONSUMER} --two-legged"))
                .expect(0);
            let app = env.world.app("jira");
            app.fault(
                Fault::status_after(status)
                    .method("PUT")
                    .path("/consumer")
                    .nth(1),
            );
            let out = env.applink(line);
            let case = format!("{line} {status}: {}", out.transcript());
            let mut all = client_requests(&env.world).into_iter();
            assert!(all.any(|one| one.status == Some(status)), "{case}");
            assert_eq!(out.code, 0, "{case}");
            assert_eq!(out.json()["changed"], true, "{case}");
            assert_eq!(incoming_flags(&env), (true, true, false), "{case}");
            let new = fingerprint(&second_path(&env));
            assert!(
                registered_keys(&env).iter().any(|one| one.1 == new),
                "{case}"
            );
            assert!(!env.has_journal(), "{case}");
        }
    }
}
