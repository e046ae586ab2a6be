//! Where a mended record may lead: an address that a server told becomes a command only when it is
//! encrypted and near the one that is known, and the administrator's secret goes nowhere unasked.

use applink_sandbox::{App, Fault, OAuthFlags, Product, Tls};
use serde_json::json;

use crate::support::code_cases::{details, faulty_link, pairs_after, two_pairs, write_state};
use crate::support::env::Env;
use crate::support::worlds::{client_requests, jira, snapshot, wiki, world, writes};

/// Confluence behind TLS under a name of its own, which names another one as its base URL.
fn renamed(own: &str) -> Env {
    let mut env = Env::new(two_pairs(
        jira(),
        wiki()
            .tls(Tls::Good)
            .host("wiki.example.test")
            .host(own)
            .base_url(&format!("https://{own}:{{port}}")),
    ));
    let port = env.world.app("wiki").port();
    env.world.link("jira", "wiki", OAuthFlags::OAUTH);
    env.world.link("bamboo", "bitbucket", OAuthFlags::OAUTH);
    write_state(&env);
    let at = format!("https://wiki.example.test:{port}");
    let [jira, wiki] = ["jira", "wiki"].map(|alias| env.world.app(alias));
    jira.edit_link(&wiki.id(), |link| link.rpc_url.clone_from(&at));
    let state = env.state().replace(&wiki.url(), &at);
    env.write("state/applink/applink.toml", &state, 0o600);
    env.add_options(&format!(
        "--resolve wiki.example.test:{port}:127.0.0.1 --resolve {own}:{port}:127.0.0.1"
    ));
    env
}

#[test]
fn a_base_url_in_the_same_domain_is_used_after_confirmation() {
    let env = renamed("pages.example.test");
    let before = (snapshot(&env.world), env.state());
    let own = env.world.app("wiki").base_url();
    let out = env.applink("verify jira wiki -o json").expect(0);
    let link = faulty_link(&out.json()).unwrap();
    assert_eq!(link["code"], "BASE_URL_MISMATCH", "{}", details(&out));
    assert_eq!(
        link["fix"][0]["argv"],
        json!(["applink", "relocate", "wiki", own, "--on", "jira"])
    );
    // Both ways ask before the secret goes to another origin.
    for line in [
        "repair jira wiki",
        &format!("relocate wiki {own} --on jira"),
    ] {
        let out = env.applink(line).expect(2);
        assert!(
            out.says(&format!("the administrator's secret for wiki to {own}")),
            "{}",
            out.transcript()
        );
        assert!(writes(&env.world).is_empty());
    }
    assert_eq!((snapshot(&env.world), env.state()), before);
    env.applink("repair jira wiki --yes").expect(0);
    assert!(
        env.state().contains(&format!("url = \"{own}\"")),
        "{}",
        env.state()
    );
    env.applink("verify --fail-on warning").expect(0);
}

#[test]
fn a_base_url_in_another_domain_is_reported_and_not_used() {
    let env = renamed("wiki.example.org");
    let out = env.applink("verify jira wiki -o json").expect(0);
    let link = faulty_link(&out.json()).unwrap();
    assert_eq!(link["code"], "BASE_URL_MISMATCH");
    assert_eq!(link["fix"], json!([]), "{}", details(&out));
    let summary = link["summary"].as_str().unwrap();
    for host in ["wiki.example.test", "wiki.example.org"] {
        assert!(summary.contains(host), "{summary}");
    }
    let before = (snapshot(&env.world), env.state());
    env.applink("repair jira wiki --yes").expect(0);
    assert_eq!((snapshot(&env.world), env.state()), before);
}

#[test]
fn an_unencrypted_base_url_is_reported_and_not_used() {
    let env = pairs_after(|_, wiki| {
        let url = format!("http://localhost:{}", wiki.port());
        wiki.configure(|settings| settings.base_url = Some(url));
    });
    let out = env.applink("verify jira wiki -o json").expect(0);
    let link = faulty_link(&out.json()).unwrap();
    assert_eq!(link["code"], "BASE_URL_MISMATCH");
    assert_eq!(link["fix"], json!([]));
    env.applink("repair jira wiki --yes").expect(0);
    assert!(writes(&env.world).is_empty());
}

/// Confluence has another address, and what is known is the old one, which redirects.
fn moved(tls: Tls) -> Env {
    let mut env = Env::new(world([
        jira(),
        wiki().tls(tls),
        App::new(Product::Crowd, "front"),
    ]));
    env.world.link("jira", "wiki", OAuthFlags::OAUTH);
    write_state(&env);
    let [jira, wiki, front] = ["jira", "wiki", "front"].map(|alias| env.world.app(alias));
    let (old, new) = (front.url(), wiki.url());
    front.fault(Fault::moved_to(&new));
    jira.edit_link(&wiki.id(), |link| link.rpc_url.clone_from(&old));
    let state = env.state();
    let (start, _) = state.split_once("\n[applications.front]").unwrap();
    let state = format!("{}\n# end\n", start.replace(&new, &old));
    env.write("state/applink/applink.toml", &state, 0o600);
    let password = wiki
        .user(applink_sandbox::Role::SystemAdmin)
        .password
        .clone();
    // Until it is told otherwise, applink takes the old address for Confluence's.
    env.secret("front", &password);
    env
}

#[test]
fn a_permanent_redirect_is_followed_only_to_https() {
    for (tls, follows) in [(Tls::Good, true), (Tls::Off, false)] {
        let env = moved(tls);
        let [wiki, front] = ["wiki", "front"].map(|alias| env.world.app(alias));
        let out = env.applink("verify jira wiki -o json").expect(5);
        let link = faulty_link(&out.json()).unwrap();
        let checks = link["checks"].as_array().unwrap();
        let found = checks.iter().find(|check| check["code"] == "MOVED");
        let text = found.unwrap_or_else(|| panic!("{}", details(&out)))["summary"]
            .as_str()
            .unwrap();
        assert!(
            text.contains(&front.url()) && text.contains(&wiki.url()),
            "{text}"
        );
        // No secret goes to an address that only a server told.
        let asked = client_requests(&env.world);
        let told = asked.iter().filter(|request| request.app == "wiki");
        for request in told {
            assert_eq!(request.header("authorization"), None);
        }
        if !follows {
            assert_eq!(link["fix"], json!([]), "{}", details(&out));
            continue;
        }
        let command = link["fix"][0]["command"].as_str().unwrap();
        assert_eq!(
            command,
            format!("applink relocate wiki {} --on jira", wiki.url())
        );
        let line = command.strip_prefix("applink ").unwrap();
        env.applink(line).expect(2).expect_says("secret");
        env.applink(&format!("{line} --yes")).expect(0);
        env.applink("verify").expect(0);
        let env = moved(tls);
        env.applink("repair jira wiki")
            .expect(2)
            .expect_says("secret");
        let out = env.applink("repair jira wiki --yes -o json");
        assert_eq!(out.json()["changed"], true, "{}", out.transcript());
        env.applink("verify").expect(0);
    }
}
