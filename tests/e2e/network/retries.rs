//! What is sent again, when, and what is not.

use std::time::{Duration, Instant};

use applink_sandbox::{Exchange, Fault, RetryAfter};

use crate::support::env::Env;
use crate::support::worlds::{client_requests, count_writes, logins, pair, writes};

/// The requests of one method to one application, in their order.
fn requests(env: &Env, app: &str, method: &str) -> Vec<Exchange> {
    let mut all = client_requests(&env.world);
    all.retain(|one| one.app == app && one.method == method);
    all
}

fn between(one: &Exchange, next: &Exchange) -> Duration {
    next.at.saturating_sub(one.at)
}

#[test]
fn retry_after_is_obeyed() {
    let seconds = || Fault::status(429).header("Retry-After", "1");
    // A date has whole seconds, so that two may be one and a little.
    let date = || Fault::retry_at(429, 2);
    for fault in [seconds(), date()] {
        let env = Env::new(pair());
        env.world.app("wiki").fault(fault.method("PUT").nth(1));
        let out = env.applink("create {jira} {wiki}").expect(0);
        assert!(out.says("again: it answers 429"), "{}", out.transcript());
        let puts = requests(&env, "wiki", "PUT");
        assert_eq!(puts.len(), 3);
        let waited = between(&puts[0], &puts[1]);
        assert!(waited >= Duration::from_millis(900), "{waited:?}");
        assert!(waited < Duration::from_secs(4), "{waited:?}");
    }
    // A read is also put off by 503.
    let env = Env::new(pair());
    env.world.app("wiki").fault(
        Fault::status(503)
            .header("Retry-After", "1")
            .method("GET")
            .nth(2),
    );
    env.applink("create {jira} {wiki}").expect(0);
    // So is one that a proxy answered for want of an answer, once.
    for status in [502, 504] {
        let env = Env::new(pair());
        let fault = Fault::status(status).method("GET");
        env.world.app("wiki").fault(fault.nth(2));
        env.applink("create {jira} {wiki}").expect(0);
        let env = Env::new(pair());
        let fault = Fault::status(status).method("PUT");
        env.world.app("wiki").fault(fault.nth(1));
        env.applink("create {jira} {wiki}").expect(5);
        assert_eq!(requests(&env, "wiki", "PUT").len(), 1);
    }
    // A write that got 503 may have been carried out: it is looked at, and not sent again.
    let env = Env::new(pair());
    env.world.app("wiki").fault(
        Fault::status(503)
            .header("Retry-After", "0")
            .method("PUT")
            .nth(1),
    );
    env.applink("create {jira} {wiki}").expect(5);
    assert_eq!(requests(&env, "wiki", "PUT").len(), 1);
}

#[test]
fn a_retry_date_is_read_by_the_servers_clock() {
    let env = Env::new(pair());
    let wiki = env.world.app("wiki");
    // An hour behind: by our clock the date is long over, by its own it is in two seconds.
    wiki.configure(|settings| settings.clock_offset = -3600);
    wiki.fault(Fault::retry_at(429, 2 - 3600).method("PUT").nth(1));
    env.applink("create {jira} {wiki} --yes");
    let puts = requests(&env, "wiki", "PUT");
    let waited = between(&puts[0], &puts[1]);
    assert!(waited >= Duration::from_millis(900), "{waited:?}");
}

#[test]
fn retry_after_cannot_exceed_the_timeout() {
    for absurd in [
        "1000000000",
        "99999999999999999999999",
        "-5",
        "soon",
        "Fri, 31 Dec 9999 23:59:59 GMT",
    ] {
        let env = Env::new(pair());
        let busy = Fault::status(429).header("Retry-After", absurd);
        env.world.app("wiki").fault(busy.from_outside());
        let started = Instant::now();
        let out = env
            .applink("create {jira} {wiki} --timeout 2 -o json")
            .expect(5);
        let took = started.elapsed();
        assert!(took < Duration::from_secs(6), "{absurd}: {took:?}");
        assert!(out.says("429"), "{}", out.transcript());
        assert!(writes(&env.world).is_empty());
        // What is no time is as if none was said: a few more times, with growing waits.
        let asked = requests(&env, "wiki", "GET").len();
        assert!((1..=4).contains(&asked), "{absurd}: {asked}");
    }
}

/// Whoever is called at night is told whom to look for.
#[test]
fn an_unavailable_server_is_not_mistaken_for_a_login_page() {
    let page = |status| Fault::html("Sorry").code(status);
    for (fault, status) in [
        (page(502), 502),
        (page(503), 503),
        (page(504), 504),
        (Fault::status(503), 503),
    ] {
        let env = Env::new(pair());
        env.world.app("wiki").fault(fault.clone().from_outside());
        let out = env.applink("create {jira} {wiki} -o json").expect(5);
        let error = out.error();
        assert_eq!(error["kind"], "unreachable", "{}", out.transcript());
        assert!(error["code"].is_null(), "{}", out.transcript());
        let message = error["message"].as_str().unwrap();
        let down = "is down, starting, or in maintenance behind its proxy";
        assert!(
            message.contains(down) && message.contains(&status.to_string()),
            "{message}"
        );
        if fault == page(status) {
            assert!(message.contains("proxy page"), "{message}");
        }
        assert!(!out.says("single sign-on"), "{}", out.transcript());
    }
    for (fault, after) in [
        (page(429).header("Retry-After", "40"), "after 40 s"),
        (page(429), "later"),
    ] {
        let env = Env::new(pair());
        env.world.app("wiki").fault(fault.from_outside());
        let out = env
            .applink("create {jira} {wiki} --timeout 2 -o json")
            .expect(5);
        let error = out.error();
        assert_eq!(error["kind"], "unreachable", "{}", out.transcript());
        assert!(
            out.says("takes no more calls for now"),
            "{}",
            out.transcript()
        );
        let hint = error["hints"][0].as_str().unwrap();
        assert!(
            hint.contains("--per-host 1") && hint.ends_with(after),
            "{hint}"
        );
        assert!(!out.says("single sign-on"), "{}", out.transcript());
    }
}

#[test]
fn a_busy_application_does_not_delay_the_others() {
    let env = Env::new(pair());
    env.add_all();
    let busy = Fault::status(429).header("Retry-After", "1");
    env.world.app("jira").fault(busy.from_outside().times(1));
    env.applink("list").expect(0);
    let last = |app: &str| requests(&env, app, "GET").last().unwrap().at;
    assert!(last("wiki") + Duration::from_millis(500) < last("jira"));
}

#[test]
fn a_wrong_password_is_never_retried() {
    for alias in ["jira", "wiki"] {
        let mut env = Env::new(pair());
        env.basic(alias, "admin", "not-the-password");
        env.applink("create {jira} {wiki} -o json").expect(4);
        assert_eq!(logins(&env.world, alias), 1);
        assert!(writes(&env.world).is_empty());
    }
}

#[test]
fn requests_on_a_forgotten_connection_are_retried() {
    for fault in [
        Fault::hang_up(),
        Fault::hang_up().abruptly(),
        Fault::refuse().on_reused_connection().method("PUT"),
        Fault::refuse()
            .on_reused_connection()
            .abruptly()
            .method("PUT"),
        // Reads are sent again.
        Fault::refuse().on_reused_connection().rate(0.3),
        Fault::refuse().on_reused_connection().abruptly().rate(0.3),
    ] {
        let env = Env::new(pair());
        for app in env.world.apps() {
            app.fault(fault.clone().from_outside());
        }
        let out = env.applink("create {jira} {wiki} -o json");
        assert_eq!(out.code, 0, "{fault:?}: {}", out.transcript());
        assert_eq!(count_writes(&env.world.requests()), 4, "{fault:?}");
    }
}

#[test]
fn a_read_that_is_always_cut_ends_in_an_error() {
    let env = Env::new(pair());
    env.world
        .app("wiki")
        .fault(Fault::cut_body_after(3).method("GET").from_outside());
    let started = Instant::now();
    let out = env.applink("create {jira} {wiki} -o json").expect(5);
    assert!(
        out.says("again: the connection was cut"),
        "{}",
        out.transcript()
    );
    assert!(started.elapsed() < Duration::from_secs(10));
    let manifest = requests(&env, "wiki", "GET").len();
    assert_eq!(manifest, 4);
    // The waits grow.
    let all = requests(&env, "wiki", "GET");
    let (first, last) = (between(&all[0], &all[1]), between(&all[2], &all[3]));
    assert!(last > first, "{first:?} {last:?}");
}

#[test]
fn a_slow_response_ends_at_the_timeout() {
    let env = Env::new(pair());
    let drip = Fault::drip(1, Duration::from_millis(100));
    env.world.app("wiki").fault(drip.from_outside());
    let started = Instant::now();
    let out = env
        .applink("create {jira} {wiki} --timeout 1 -o json")
        .expect(5);
    assert!(
        started.elapsed() < Duration::from_secs(3),
        "{}",
        out.transcript()
    );
}

#[test]
fn a_rate_limit_is_waited_for_whatever_its_headers_say() {
    for (per_second, retry) in [
        (5, RetryAfter::Seconds(0)),
        (5, RetryAfter::Absent),
        (5, RetryAfter::PastDate),
        (5, RetryAfter::Absurd),
    ] {
        let env = Env::new(pair());
        for alias in ["jira", "wiki"] {
            let limit = Fault::rate_limit(per_second, retry).except_path("consumer-info");
            env.world.app(alias).fault(limit);
        }
        let out = env.applink("create {jira} {wiki}").expect(0);
        assert!(out.says("again: it answers 429"), "{}", out.transcript());
        assert!(!out.says("wait 0 s"), "{}", out.transcript());
        assert!(!out.says("waiting 0.0 s"), "{}", out.transcript());
    }
}

#[test]
fn a_rate_limit_that_never_ends_is_reported_after_the_timeout() {
    let env = Env::new(pair());
    env.world.app("wiki").fault(Fault::status(429));
    let out = env.applink("create {jira} {wiki} --timeout 1").expect(5);
    assert!(out.says("429"), "{}", out.transcript());
    assert!(!out.says("wait 0 s"), "{}", out.transcript());
    // A server that asks for more time than there is gets no second request.
    env.world.clear_requests();
    let env = Env::new(pair());
    let fault = Fault::status(429).header("Retry-After", "60");
    env.world.app("wiki").fault(fault.path("/manifest"));
    let out = env.applink("create {jira} {wiki} --timeout 2").expect(5);
    assert!(out.says("60 s"), "{}", out.transcript());
    assert_eq!(requests(&env, "wiki", "GET").len(), 1);
}

#[test]
fn a_read_is_repeated_after_503_without_retry_after() {
    let env = Env::new(pair());
    let fault = Fault::status(503).method("GET");
    env.world.app("wiki").fault(fault.nth(2));
    env.applink("create {jira} {wiki}").expect(0);
}
