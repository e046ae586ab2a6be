//! `applink relocate`

use applink_sandbox::{App, Fault, OAuthFlags, Product, Role, Tls};
use insta::assert_snapshot;

use crate::support::env::Env;
use crate::support::worlds::{client_requests, jira, link, pair, snapshot, wiki, world, writes};

/// A Confluence that a Jira and a Bamboo have links to; applink knows all three.
fn holders() -> Env {
    let env = Env::new(world([jira(), wiki(), App::new(Product::Bamboo, "bamboo")]));
    let [jira, wiki, bamboo] = ["jira", "wiki", "bamboo"].map(|alias| env.world.app(alias));
    link(jira, wiki, OAuthFlags::OAUTH);
    link(bamboo, wiki, OAuthFlags::IMPERSONATION);
    env.add_all();
    env
}

/// The application URL and display URL of a record.
fn addresses(env: &Env, on: &str, of: &str) -> (String, String) {
    let link = env.world.app(on).link(&env.world.app(of).id()).unwrap();
    (link.rpc_url, link.display_url)
}

fn moved(env: &Env) -> (String, String) {
    let url = env.world.app("wiki").url();
    (url.clone(), url)
}

#[test]
fn every_record_is_updated() {
    let env = holders();
    let old = env.world.app("wiki").url();
    env.world.move_app("wiki", "/confluence").unwrap();
    let new = env.world.app("wiki").url();
    assert_ne!(old, new);
    let before: Vec<_> = ["jira", "bamboo"]
        .map(|alias| {
            env.world
                .app(alias)
                .link(&env.world.app("wiki").id())
                .unwrap()
        })
        .into();
    let out = env
        .applink("relocate wiki {wiki.url} --yes -o json")
        .expect(0);
    assert_eq!(
        out.steps(),
        ["bamboo relocate-link done", "jira relocate-link done"]
    );
    assert_eq!(out.json()["changed"], true);
    for (on, was) in ["jira", "bamboo"].into_iter().zip(before) {
        assert_eq!(addresses(&env, on, "wiki"), (new.clone(), new.clone()));
        let is = env.world.app(on).link(&was.id).unwrap();
        assert_eq!(
            (is.name, is.providers, is.primary),
            (was.name, was.providers, was.primary)
        );
    }
    let verified = out.json()["verification"].as_array().unwrap().len();
    assert_eq!(verified, 2, "{}", out.transcript());
    let out = env.applink("app list -o json").expect(0);
    assert_eq!(out.json()["apps"][2]["url"], new);
    env.applink("verify").expect(0);
    // Once more: nothing is left to do.
    env.world.clear_requests();
    let out = env
        .applink("relocate wiki {wiki.url} --yes -o json")
        .expect(0);
    assert_eq!(out.json()["changed"], false);
    assert!(writes(&env.world).is_empty());
}

#[test]
fn a_change_of_origin_requires_confirmation() {
    let mut env = holders();
    let port = env.world.app("wiki").port();
    env.mask(format!("127.0.0.1:{port}"), "old.test");
    env.world.move_app("wiki", "/confluence").unwrap();
    let before = (snapshot(&env.world), env.state());
    env.world.clear_requests();
    let out = env.applink("relocate wiki {wiki.url} -o json").expect(2);
    assert!(out.says("--yes"), "{}", out.transcript());
    assert!(out.stdout.is_empty());
    assert!(writes(&env.world).is_empty());
    // Until then no secret has gone to the new address.
    let shown = client_requests(&env.world)
        .iter()
        .any(|request| request.app == "wiki" && request.header("authorization").is_some());
    assert!(!shown);
    assert_eq!((snapshot(&env.world), env.state()), before);
    assert_snapshot!(env.applink("relocate wiki {wiki.url}").transcript(), @r#"
    exit 2
    --- stderr
    error: standard input is not a terminal, so nobody can be asked: From now on applink sends the administrator's secret for wiki to http://wiki.test. Go ahead?
    hint: answer it with --yes
    "#);
    assert_snapshot!(env.applink("relocate wiki {wiki.url} --dry-run").transcript(), @r"
    exit 0
    --- stdout
    bamboo: relocate the link from http://old.test to http://wiki.test/confluence
    jira: relocate the link from http://old.test to http://wiki.test/confluence
    --- stderr
    warning: this needs a yes: From now on applink sends the administrator's secret for wiki to http://wiki.test.
    nothing was changed: this was a dry run
    ");
    assert_eq!((snapshot(&env.world), env.state()), before);
    assert_snapshot!(env.applink("relocate wiki {wiki.url} --yes").transcript(), @r"
    exit 0
    --- stdout
    the links of wiki lead to http://wiki.test/confluence
    ok wiki and bamboo: both ends work
    ok wiki and jira: both ends work
    --- stderr
    ✓ bamboo: relocate the link from http://old.test to http://wiki.test/confluence
    ✓ jira: relocate the link from http://old.test to http://wiki.test/confluence
    ");
}

#[test]
fn another_application_at_the_new_url_is_refused() {
    let env = Env::new(world([
        jira(),
        wiki(),
        App::new(Product::Confluence, "other").server_id("AAAA-AAAA-AAAA-AAAA"),
    ]));
    link(
        env.world.app("jira"),
        env.world.app("wiki"),
        OAuthFlags::OAUTH,
    );
    env.add_all();
    let before = (snapshot(&env.world), env.state());
    for force in ["", "--force"] {
        let out = env
            .applink(&format!(
                "relocate wiki {{other.url}} --yes -o json {force}"
            ))
            .expect(1);
        assert_eq!(out.error_code(), "ID_MISMATCH");
        let out = env
            .applink(&format!("relocate wiki {{jira.url}} --yes -o json {force}"))
            .expect(1);
        assert_eq!(out.error_code(), "TYPE_MISMATCH");
    }
    assert!(writes(&env.world).is_empty());
    assert_eq!((snapshot(&env.world), env.state()), before);
    assert_snapshot!(env.applink("relocate wiki {other.url} --yes").transcript(), @r"
    exit 1
    --- stderr
    error: wiki is application <id of wiki>, and <id of other> answers at http://other.test: it is another one
    hint: if it was set up anew, its links have to be made anew: applink delete, applink create
    see: applink explain ID_MISMATCH
    ");
    assert_snapshot!(env.applink("relocate wiki {jira.url} --yes").transcript(), @r"
    exit 1
    --- stderr
    error: wiki is a Confluence, and a Jira answers at http://jira.test/jira
    hint: check the address: each application has its own, often with a context path
    see: applink explain TYPE_MISMATCH
    ");
}

#[test]
fn a_url_without_an_application_is_refused() {
    let env = holders();
    let before = snapshot(&env.world);
    let url = env.world.app("jira").url().replace("/jira", "/elsewhere");
    let out = env
        .applink(&format!("relocate wiki {url} --yes -o json"))
        .expect(5);
    assert!(out.says("no application answers"), "{}", out.transcript());
    assert_eq!(snapshot(&env.world), before);
}

#[test]
fn a_downgrade_to_http_is_refused() {
    let env = Env::new(world([jira(), wiki().tls(Tls::Good)]));
    let ca = env.world.ca_path().unwrap().display().to_string();
    env.applink("app add jira {jira.url}").expect(0);
    env.applink(&format!("app add wiki {{wiki.url}} --cacert {ca}"))
        .expect(0);
    env.world.set_tls("wiki", Tls::Off).unwrap();
    env.world.clear_requests();
    let out = env
        .applink("relocate wiki {wiki.url} --yes -o json")
        .expect(1);
    assert!(out.says("--force"), "{}", out.transcript());
    assert!(client_requests(&env.world).is_empty());
}

#[test]
fn an_unreachable_new_url_requires_force() {
    let env = holders();
    let old = env.world.app("wiki").url();
    env.world.move_app("wiki", "/confluence").unwrap();
    env.world.app("wiki").stop();
    let before = (snapshot(&env.world), env.state());
    let out = env
        .applink("relocate wiki {wiki.url} --yes -o json")
        .expect(5);
    assert!(out.says("--force"), "{}", out.transcript());
    assert_eq!((snapshot(&env.world), env.state()), before);
    let out = env
        .applink("relocate wiki {wiki.url} --yes --force -o json")
        .expect(5);
    // The records are changed; only the verification could not be made.
    assert_eq!(out.json()["changed"], true);
    assert_eq!(addresses(&env, "jira", "wiki"), moved(&env));
    assert_eq!(addresses(&env, "bamboo", "wiki"), moved(&env));
    assert!(!env.state().contains(&format!("\"{old}\"")));
    env.world.app("wiki").start().unwrap();
    env.applink("verify").expect(0);
}

#[test]
fn a_holder_that_cannot_reach_the_new_url_requires_force() {
    let env = holders();
    env.world.move_app("wiki", "/confluence").unwrap();
    env.world
        .app("jira")
        .fault(Fault::status(409).path("/relocateApplicationlink/"));
    let out = env
        .applink("relocate wiki {wiki.url} --on jira --yes -o json")
        .expect(1);
    assert!(
        out.says("--force") && out.says("cannot reach"),
        "{}",
        out.transcript()
    );
    assert_eq!(out.json()["changed"], false);
    assert!(!env.state().contains(&env.world.app("wiki").url()));
    // Never by itself.
    let forced = client_requests(&env.world)
        .iter()
        .any(|request| request.query.contains("nowarning=true"));
    assert!(!forced);
}

#[test]
fn administrators_without_system_rights_rewrite_the_records() {
    let mut env = holders();
    env.login("jira", Role::Admin);
    env.login("bamboo", Role::Admin);
    env.world.move_app("wiki", "/confluence").unwrap();
    let out = env
        .applink("relocate wiki {wiki.url} --yes -o json")
        .expect(0);
    assert_eq!(addresses(&env, "jira", "wiki"), moved(&env));
    assert_eq!(addresses(&env, "bamboo", "wiki"), moved(&env));
    let steps = out.json()["steps"].clone();
    for step in steps.as_array().unwrap() {
        let detail = step["detail"].as_str().unwrap();
        assert!(detail.contains("rewrit"), "{}", out.transcript());
    }
    env.applink("verify").expect(0);
}

#[test]
fn on_limits_the_update_to_one_holder() {
    let env = holders();
    let old = env.world.app("wiki").url();
    env.world.move_app("wiki", "/confluence").unwrap();
    env.applink("relocate wiki {wiki.url} --on jira --yes");
    assert_eq!(addresses(&env, "jira", "wiki"), moved(&env));
    assert_eq!(addresses(&env, "bamboo", "wiki").0, old);
    env.applink("relocate wiki {wiki.url} --on nobody --yes")
        .expect(2);
}

#[test]
fn display_url_sets_the_display_url() {
    let env = holders();
    env.world.move_app("wiki", "/confluence").unwrap();
    let out = env
        .applink("relocate wiki {wiki.url} --display-url https://wiki.example.com --yes -o json")
        .expect(0);
    for on in ["jira", "bamboo"] {
        let (rpc, display) = addresses(&env, on, "wiki");
        assert_eq!(rpc, env.world.app("wiki").url());
        assert_eq!(display, "https://wiki.example.com", "{}", out.transcript());
    }
}

#[test]
fn an_unreachable_holder_does_not_stop_the_others() {
    let env = holders();
    let old = env.world.app("wiki").url();
    env.world.move_app("wiki", "/confluence").unwrap();
    env.world.app("bamboo").stop();
    let out = env
        .applink("relocate wiki {wiki.url} --yes -o json")
        .expect(3);
    assert!(out.says("bamboo"), "{}", out.transcript());
    assert_eq!(out.json()["errors"][0]["kind"], "unreachable");
    assert_eq!(addresses(&env, "jira", "wiki"), moved(&env));
    assert_eq!(addresses(&env, "bamboo", "wiki").0, old);
    env.world.app("bamboo").start().unwrap();
    env.world.clear_requests();
    let out = env
        .applink("relocate wiki {wiki.url} --yes -o json")
        .expect(0);
    assert_eq!(out.steps(), ["bamboo relocate-link done"]);
    assert_eq!(addresses(&env, "bamboo", "wiki"), moved(&env));
    assert_eq!(writes(&env.world), ["POST bamboo 204"]);
}

#[test]
fn without_records_only_the_state_is_updated() {
    let env = Env::new(world([jira(), wiki()]));
    env.add_all();
    env.world.move_app("wiki", "/confluence").unwrap();
    // The address that applink knows follows all the same.
    env.applink("relocate wiki {wiki.url} --yes").expect(0);
    assert!(env.state().contains(&env.world.app("wiki").url()));
    env.applink("relocate jirra {jira.url} --yes").expect(2);
    env.applink("relocate http://nowhere.example.com {jira.url} --yes")
        .expect(2);
}

#[test]
fn the_application_can_be_given_by_its_old_url() {
    let env = holders();
    let old = env.world.app("wiki").url();
    env.world.move_app("wiki", "/confluence").unwrap();
    env.applink(&format!("relocate {old} {{wiki.url}} --yes"))
        .expect(0);
    assert_eq!(addresses(&env, "jira", "wiki"), moved(&env));
}

#[test]
fn a_page_url_is_reduced_to_the_application_url() {
    let env = Env::new(pair());
    env.applink("create {jira} {wiki}").expect(0);
    let url = env
        .world
        .app("jira")
        .url()
        .replace("127.0.0.1", "localhost");
    let out = env
        .applink(&format!("relocate jira {url}/secure/Dashboard.jspa --yes"))
        .expect(0);
    assert!(
        out.says(&format!("answers under {url}")),
        "{}",
        out.transcript()
    );
    let [jira, wiki] = ["jira", "wiki"].map(|alias| env.world.app(alias));
    assert_eq!(wiki.link(&jira.id()).unwrap().rpc_url, url);
}

#[test]
fn a_holder_that_could_not_be_read_is_a_part_of_the_run() {
    for fault in [
        Fault::status(500),
        Fault::status(401),
        Fault::html("Sorry"),
        Fault::refuse(),
        Fault::default_backend(),
    ] {
        for ending in ["resume --yes", "relocate wiki {wiki.url} --yes"] {
            let env = holders();
            env.world.move_app("wiki", "/confluence").unwrap();
            let path = "/rest/applinks/3.0/applinks";
            let one_read = fault.clone().method("GET").path(path);
            env.world.app("bamboo").fault(one_read.from_outside());
            let out = env.applink("relocate wiki {wiki.url} --yes").expect(3);
            assert_eq!(addresses(&env, "jira", "wiki"), moved(&env));
            assert!(env.has_journal(), "{}", out.transcript());
            env.world.app("bamboo").clear_faults();
            env.applink(ending).expect(0);
            assert_eq!(addresses(&env, "bamboo", "wiki"), moved(&env), "{ending}");
            assert!(!env.has_journal(), "{ending}");
        }
    }
}

#[test]
fn a_run_that_could_not_read_a_holder_can_be_undone() {
    let env = holders();
    let before = addresses(&env, "jira", "wiki");
    env.world.move_app("wiki", "/confluence").unwrap();
    env.world
        .app("bamboo")
        .fault(Fault::status(500).method("GET").from_outside());
    env.applink("relocate wiki {wiki.url} --yes").expect(3);
    assert_eq!(addresses(&env, "jira", "wiki"), moved(&env));
    env.world.app("bamboo").clear_faults();
    env.applink("resume --undo --yes").expect(0);
    assert_eq!(addresses(&env, "jira", "wiki"), before);
    assert!(!env.has_journal());
}
