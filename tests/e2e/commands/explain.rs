//! `applink explain`.

use applink::domain::Code;

use crate::support::env::Env;
use crate::support::worlds::{pair, world};

#[test]
fn every_code_is_explained() {
    let env = Env::new(world([]));
    let all = env.applink("explain -o json").expect(0).json()["codes"].clone();
    let all = all.as_array().unwrap();
    assert_eq!(all.len(), Code::ALL.len());
    for (code, told) in Code::ALL.iter().zip(all) {
        assert_eq!(told["code"], code.as_str());
        assert_eq!(told["category"], code.category().as_str());
        for list in ["causes", "fixes"] {
            assert!(!told[list].as_array().unwrap().is_empty(), "{told}");
        }
        assert!(
            told["meaning"]
                .as_str()
                .is_some_and(|text| !text.is_empty())
        );
        assert!(told["status"].as_str().is_some_and(|text| !text.is_empty()));
        let alone = env.applink(&format!("explain {code} -o json")).expect(0);
        assert!(
            alone.json()["codes"].as_array().unwrap().contains(told),
            "{}",
            alone.transcript()
        );
        let text = env.applink(&format!("explain {code}")).expect(0);
        assert!(text.says(code.as_str()), "{}", text.transcript());
    }
    env.applink("explain NO_SUCH_CODE -o json").expect(2);
}

#[test]
fn explain_needs_no_state_and_no_network() {
    let mut env = Env::known();
    env.set("XDG_STATE_HOME", "/nonexistent");
    let out = env.applink("explain WEBSUDO_REQUIRED -o json").expect(0);
    let code = &out.json()["codes"][0];
    assert_eq!(code["code"], "WEBSUDO_REQUIRED");
    for field in ["category", "status", "meaning", "causes", "fixes"] {
        assert!(code.get(field).is_some(), "{field}");
    }
    assert!(out.json()["codes"].as_array().unwrap().len() == 1);
    let all = env.applink("explain -o json").expect(0).json();
    assert!(all["codes"].as_array().unwrap().len() >= 49);
    env.applink("explain BOGUS").expect(2);
}

#[test]
fn a_line_of_a_log_is_explained() {
    let env = Env::without_credentials(pair());
    for (line, says) in [
        ("oauth_problem=token_rejected", "token_rejected"),
        (
            "2026-11-30 02:13 ERROR [c.a.applinks] sun.security.validator.ValidatorException: PKIX path building failed: unable to find valid certification path to requested target",
            "truststore",
        ),
        ("java.net.UnknownHostException: wiki", "resolve"),
        (
            "Caused by: java.net.ConnectException: Connection refused",
            "no program listens",
        ),
        ("Read timed out", "did not answer in time"),
        ("XSRF check failed", "X-Atlassian-Token"),
        (
            "This resource requires WebSudo.",
            "secure administrator session",
        ),
        ("X-Seraph-LoginReason: AUTHENTICATION_DENIED", "CAPTCHA"),
        (
            "Basic Authentication has been disabled on this instance.",
            "token",
        ),
        ("Mismatched URL Scheme", "base URL"),
        ("Null manifest retrieved", "context path"),
        ("https://sso.example/x?SAMLRequest=abc", "single sign-on"),
        ("HTTP/1.1 429 Too Many Requests", "Too many calls"),
    ] {
        let mut command = env.command("explain");
        let output = command.arg(line).output().unwrap();
        let out = env.check_output(output);
        assert_eq!(out.code, 0, "{line}: {}", out.transcript());
        assert!(out.says(says), "{line}: {}", out.transcript());
    }
}

#[test]
fn a_log_on_standard_input_is_searched_and_its_secrets_are_removed() {
    let env = Env::without_credentials(pair());
    let log = "all is well\n\
        GET https://admin:geh3im@jira.example/x?oauth_signature=abcdef123 Connection refused\n\
        \u{fffd}\u{1b}[31m nothing\n\
        Caused by: Read timed out\n";
    let path = env.write("app.log", log, 0o644);
    for json in [false, true] {
        let mut command = env.command(if json {
            "explain - -o json"
        } else {
            "explain -"
        });
        let file = std::fs::File::open(&path).unwrap();
        let output = command.stdin(file).output().unwrap();
        let out = env.check_output(output);
        assert_eq!(out.code, 0, "{}", out.transcript());
        for secret in ["geh3im", "abcdef123"] {
            assert!(!out.says(secret), "{}", out.transcript());
        }
        if json {
            let lines = out.json()["lines"].clone();
            assert_eq!(lines[0]["line"], 2, "{lines}");
            assert_eq!(lines[1]["line"], 4, "{lines}");
            assert_eq!(lines[1]["matches"][0]["phrase"], "Read timed out");
        } else {
            assert!(out.says("2: Connection refused"), "{}", out.transcript());
            assert!(out.says("4: Read timed out"), "{}", out.transcript());
        }
    }
    let path = env.write("quiet.log", "all is well\n", 0o644);
    let file = std::fs::File::open(&path).unwrap();
    let output = env.command("explain -").stdin(file).output().unwrap();
    let out = env.check_output(output);
    assert_eq!(out.code, 1, "{}", out.transcript());
    assert!(out.says("applink verify"), "{}", out.transcript());
}
