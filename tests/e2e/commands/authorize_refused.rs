//! `applink authorize` where it is refused: each reason is named, and nothing is kept.

use applink::diagnose::codes::{OAUTH_PROBLEMS, oauth_code};
use applink::oauth::PrivateKey;
use applink_sandbox::Fault;

use crate::support::browser::{AUTHORIZE, answer_page, approve, dance, env_with_consumer};
use crate::support::env::Env;
use crate::support::worlds::client_requests;

fn nothing_is_kept(env: &Env) {
    assert!(
        !env.path("state/applink/applink.keys/jira.ci.token.json")
            .exists()
    );
}

#[test]
fn a_denied_authorization_stores_nothing() {
    let env = env_with_consumer(|_| {});
    let line = format!("{AUTHORIZE} --callback loopback");
    let out = dance(&env, &line, |env, token| answer_page(env, token, "deny")).expect(4);
    assert!(
        out.error()["message"]
            .as_str()
            .unwrap()
            .contains("was denied")
    );
    // Without a callback the page shows no code; whatever is typed then is refused.
    for typed in ["denied\n", "123456\n"] {
        let out = dance(&env, AUTHORIZE, |env, token| {
            env.world.app("jira").decide_token(token, None);
            typed.to_owned()
        });
        assert!(
            out.expect(4).error()["message"]
                .as_str()
                .unwrap()
                .contains("was denied")
        );
    }
    nothing_is_kept(&env);
}

#[test]
fn wrong_early_or_missing_codes_are_refused() {
    let env = env_with_consumer(|_| {});
    let wrong = dance(&env, AUTHORIZE, |env, token| {
        approve(env, token);
        "wrong1\n".to_owned()
    });
    assert!(wrong.expect(4).says("token_rejected"));
    let early = dance(&env, AUTHORIZE, |_, _| "123456\n".to_owned()).expect(4);
    assert!(early.says("permission_unknown"));
    assert_eq!(early.error_code(), "OAUTH_PROBLEM");
    dance(&env, AUTHORIZE, |_, _| String::new())
        .expect(2)
        .expect_says("no code came");
    dance(&env, AUTHORIZE, |_, _| "two words\n".to_owned()).expect(2);
    nothing_is_kept(&env);
}

#[test]
fn a_key_that_is_not_the_registered_one_is_refused() {
    let env = env_with_consumer(|consumer| consumer.two_lo = true);
    let other = PrivateKey::generate(2048).unwrap();
    env.write("work/other.pem", &other.to_pkcs8_pem().unwrap(), 0o600);
    for how in ["", "--two-legged"] {
        let out = env.applink(&format!(
            "authorize jira --consumer ci --key-file other.pem {how} -o json"
        ));
        let out = out.expect(4);
        assert_eq!(out.error_code(), "OAUTH_SIGNATURE_INVALID");
        assert!(out.says("the public key that jira keeps is not that of other.pem"));
        assert!(out.says(&other.public().fingerprint()));
        assert_eq!(out.stdout, "");
    }
}

#[test]
fn a_misconfigured_proxy_is_explained_by_the_first_difference_of_the_base_strings() {
    let env = env_with_consumer(|consumer| consumer.two_lo = true);
    let jira = env.world.app("jira");
    let place = format!("127.0.0.1:{}", jira.port());
    for (seen, difference) in [
        (
            "http://internal:8080".to_owned(),
            "the first difference is the host: signed was \"127.0.0.1\", what arrived is \"internal\"",
        ),
        (
            format!("https://{place}"),
            "the first difference is the scheme: signed was \"http\", what arrived is \"https\"",
        ),
        ("http://127.0.0.1:1".to_owned(), "what arrived is \"1\""),
        (
            format!("http://{place}/proxy"),
            "the first difference is the context path",
        ),
    ] {
        jira.configure(|settings| settings.seen_origin = Some(seen.clone()));
        for how in ["", "--two-legged"] {
            let out = env.applink(&format!("{AUTHORIZE} {how} -o json")).expect(4);
            assert_eq!(out.error_code(), "OAUTH_SIGNATURE_INVALID");
            assert!(
                out.says(&difference.replace('"', "\\\"")),
                "{}",
                out.transcript()
            );
            assert!(out.says("proxy"));
        }
    }
}

#[test]
fn a_skewed_clock_is_named() {
    let env = env_with_consumer(|consumer| consumer.two_lo = true);
    for (offset, words) in [
        (400, "ahead of this machine's"),
        (-400, "behind this machine's"),
    ] {
        env.world
            .app("jira")
            .configure(|settings| settings.clock_offset = offset);
        for how in ["", "--two-legged"] {
            let out = env.applink(&format!("{AUTHORIZE} {how} -o json")).expect(4);
            assert_eq!(out.error_code(), "OAUTH_TIMESTAMP_REFUSED");
            assert!(
                out.says("the clock of jira is") && out.says(words),
                "{}",
                out.transcript()
            );
        }
    }
}

#[test]
fn an_unregistered_consumer_key_is_named() {
    let env = env_with_consumer(|_| {});
    let out = env
        .applink(&format!("{AUTHORIZE} --consumer-key other -o json"))
        .expect(4);
    assert_eq!(out.error_code(), "OAUTH_PROBLEM");
    assert!(out.says("consumer_key_unknown") && out.says("--consumer-key KEY"));
    env.applink("authorize jira --consumer other --key-file ci.pem --two-legged")
        .expect(4)
        .expect_says("consumer_key_unknown");
}

#[test]
fn a_flow_that_the_consumer_may_not_use_is_refused() {
    let env = env_with_consumer(|consumer| consumer.three_lo = false);
    env.applink(AUTHORIZE)
        .expect(4)
        .expect_says("permission_denied");
    let out = env
        .applink(&format!("{AUTHORIZE} --two-legged -o json"))
        .expect(4);
    assert!(out.says("two-legged requests are not allowed to it"));
    assert_eq!(out.stdout, "");
    env.applink(&format!("{AUTHORIZE} --two-legged --as jane"))
        .expect(4)
        .expect_says("impersonation is not allowed to it");
}

#[test]
fn a_revoked_or_foreign_token_is_refused() {
    let env = env_with_consumer(|_| {});
    dance(&env, AUTHORIZE, approve).expect(0);
    let other = env.applink(&format!("{AUTHORIZE} --test --consumer-key other"));
    other.expect(1).expect_says("was given to the consumer key");
    env.world.app("jira").revoke_tokens();
    let out = env
        .applink(&format!("{AUTHORIZE} --test -o json"))
        .expect(4);
    assert!(out.says("token_rejected") && out.says("applink authorize jira --consumer ci"));
}

#[test]
fn usage_file_and_network_errors_have_their_exit_codes() {
    let env = env_with_consumer(|_| {});
    env.applink(&format!("{AUTHORIZE} --as jane")).expect(2);
    env.applink(&format!("{AUTHORIZE} --forget --test"))
        .expect(2);
    env.applink("authorize jira --consumer ''").expect(2);
    env.applink("authorize nobody --consumer ci --key-file ci.pem")
        .expect(2);
    env.applink("authorize jira --consumer ci")
        .expect(1)
        .expect_says("--key-file FILE");
    env.write(
        "work/open.pem",
        &std::fs::read_to_string(env.path("work/ci.pem")).unwrap(),
        0o644,
    );
    env.applink("authorize jira --consumer ci --key-file open.pem")
        .expect(4);
    assert!(client_requests(&env.world).is_empty());
    env.world.app("jira").stop();
    env.applink(AUTHORIZE).expect(5);
    env.applink(&format!("{AUTHORIZE} --two-legged")).expect(5);
}

#[test]
fn every_oauth_problem_is_read_from_header_and_body() {
    let env = env_with_consumer(|consumer| consumer.two_lo = true);
    let jira = env.world.app("jira");
    for known in OAUTH_PROBLEMS {
        let problem = known.problem;
        let challenge =
            format!("Basic realm=\"x\", OAuth realm=\"x\", oauth_problem=\"{problem}\"");
        let in_header = Fault::status(known.http_status).header("WWW-Authenticate", &challenge);
        let form = "application/x-www-form-urlencoded;charset=UTF-8";
        let in_body =
            Fault::status(known.http_status).body(form, format!("oauth_problem={problem}"));
        for fault in [in_header, in_body] {
            jira.fault(fault.path("/rest/api/2/myself").times(1));
            let out = env
                .applink(&format!("{AUTHORIZE} --two-legged -o json"))
                .expect(4);
            let error = out.error();
            assert_eq!(error["code"], oauth_code(problem).as_str());
            let message = error["message"].as_str().unwrap().to_lowercase();
            let meaning = known.meaning.trim_end_matches('.').to_lowercase();
            assert!(
                message.contains(problem) && message.contains(&meaning),
                "{message}"
            );
            assert!(!error["hints"].as_array().unwrap().is_empty());
            jira.clear_faults();
        }
    }
}

#[test]
fn responses_that_are_not_from_the_application_are_refused() {
    let env = env_with_consumer(|_| {});
    let jira = env.world.app("jira");
    let text = |body: &'static str| Fault::status(200).body("text/plain", body);
    for fault in [
        Fault::html("Log in"),
        Fault::redirect("https://sso.example.com/saml"),
        Fault::status(502),
        text(""),
        text("oauth_token=abc&oauth_token_secret=x"),
        text("oauth_callback_confirmed=true"),
    ] {
        jira.fault(fault.path("/oauth/request-token"));
        let out = env.applink(&format!("{AUTHORIZE} -o json")).expect(5);
        assert_eq!(out.stdout, "");
        jira.clear_faults();
    }
    nothing_is_kept(&env);
}
