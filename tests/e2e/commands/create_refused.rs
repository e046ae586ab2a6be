//! `applink create`: what is refused before anything is sent, and with which words.

use applink_sandbox::{App, Fault, OAuthFlags, Product, Role};
use insta::assert_snapshot;

use crate::support::env::Env;
use crate::support::output::RunOutput;
use crate::support::worlds::{client_requests, jira, link, pair, snapshot, wiki, world, writes};

/// Refused with this code, and nothing was sent or remembered.
#[track_caller]
fn refused(env: &Env, line: &str, code: i32) -> RunOutput {
    let (before, files) = (snapshot(&env.world), env.files());
    let out = env.applink(line).expect(code);
    assert!(writes(&env.world).is_empty(), "{}", out.transcript());
    assert_eq!(snapshot(&env.world), before, "{}", out.transcript());
    assert!(out.stdout.is_empty(), "{}", out.transcript());
    let mut after = env.files();
    // The lock file stays, empty.
    after.retain(|path, content| !content.is_empty() || files.contains_key(path));
    assert_eq!(after, files, "{}", out.transcript());
    out
}

#[test]
fn linking_an_application_to_itself_is_refused() {
    let mut env = Env::new(pair());
    for line in [
        "create {jira} {jira}",
        "create {jira.url} {jira.url}/",
        "create {jira.url} {jira.url}/secure/Dashboard.jspa",
        "create {jira.url} {jira.url} --one-way",
    ] {
        refused(&env, line, 1).expect_says("itself");
    }
    // Two names for one application are found out by its id, not by its address.
    let admin = env.world.app("jira").user(Role::SystemAdmin).clone();
    env.basic("other", &admin.name, &admin.password);
    let port = env.world.app("jira").port();
    let out = refused(
        &env,
        &format!("create {{jira}} other=http://localhost:{port}/jira -o json"),
        1,
    );
    assert_eq!(out.error()["kind"], "refused");
}

#[test]
fn linking_an_application_to_its_clone_is_refused() {
    let env = Env::new(world([
        jira(),
        App::new(Product::Jira, "staging").clone_of("jira"),
    ]));
    let out = refused(&env, "create {jira} {staging} -o json", 1);
    assert_eq!(out.error_code(), "CLONED_APPLICATION");
    assert_snapshot!(env.applink("create {jira} {staging}").transcript(), @r"
    exit 1
    --- stderr
    error: jira (http://jira.test/jira) and staging (http://staging.test) carry one application id: it is the same application under two addresses, or one is a clone of the other
    hint: give the copy a server id of its own before linking it
    see: applink explain CLONED_APPLICATION
    ");
}

#[test]
fn an_unreachable_application_is_named() {
    let env = Env::new(pair());
    env.world.app("wiki").stop();
    let out = refused(&env, "create {jira} {wiki} -o json", 5);
    assert_eq!(out.error()["kind"], "unreachable");
    assert_snapshot!(env.applink("create {jira} {wiki}").transcript(), @r"
    exit 5
    --- stderr
    error: wiki.test cannot be reached: connection refused
    hint: check that the application is up and that the port is right
    ");
    // Both ways round.
    refused(&env, "create {wiki} {jira}", 5);
}

#[test]
fn a_known_application_that_is_unreachable_is_named() {
    let env = Env::new(pair());
    env.add_all();
    env.world.app("wiki").stop();
    let before = env.state();
    let out = env.applink("create jira wiki -o json").expect(5);
    assert!(out.says("wiki") && out.stdout.is_empty());
    assert!(writes(&env.world).is_empty());
    assert_eq!(env.state(), before);
}

#[test]
fn a_url_without_an_application_is_refused() {
    let env = Env::new(pair());
    let wiki = env.world.app("wiki");
    wiki.fault(Fault::status(404).body("text/html", "<html><title>Not found</title></html>"));
    let out = refused(&env, "create {jira} {wiki} -o json", 1);
    assert_eq!(out.error()["kind"], "refused");
    assert_snapshot!(env.applink("create {jira} {wiki}").transcript(), @r"
    exit 1
    --- stderr
    error: no application answers at http://wiki.test: it is no Atlassian application, or the context path is missing or wrong
    hint: give the base URL as it stands in the application's general configuration
    hint: a program that is no Atlassian application is registered with: applink create LOCAL --consumer NAME
    ");
}

#[test]
fn a_missing_context_path_is_named() {
    let env = Env::new(pair());
    let port = env.world.app("jira").port();
    let line = format!("create jira=http://127.0.0.1:{port} {{wiki}}");
    refused(&env, &line, 1).expect_says("the context path is missing");
}

#[test]
fn a_login_page_in_place_of_the_manifest_is_recognized() {
    for page in [
        Fault::html("Log in - Example SSO"),
        Fault::redirect("https://sso.example.com/login?os_destination=x"),
        Fault::redirect("/login.action?os_destination=x"),
    ] {
        let env = Env::new(pair());
        env.world.app("wiki").fault(page);
        let out = refused(&env, "create {jira} {wiki} -o json", 5);
        assert_eq!(out.error_code(), "LOGIN_PAGE", "{}", out.transcript());
        let wiki = env.world.app("wiki");
        assert!(client_requests(&env.world).iter().all(
            |request| request.app != wiki.alias() || request.header("authorization").is_none()
        ));
    }
}

#[test]
fn a_login_page_in_place_of_the_api_is_recognized() {
    let env = Env::new(pair());
    let page = Fault::html("Log in").path("/rest/applinks/1.0/authenticationinfo");
    env.world.app("wiki").fault(page);
    let out = refused(&env, "create {jira} {wiki} -o json", 5);
    assert_eq!(out.error_code(), "LOGIN_PAGE", "{}", out.transcript());
}

#[test]
fn an_error_page_of_a_proxy_is_recognized() {
    let env = Env::new(pair());
    let page = Fault::status(502).body("text/html", "<html><title>Bad Gateway</title></html>");
    env.world.app("wiki").fault(page);
    let out = refused(&env, "create {jira} {wiki} -o json", 5);
    assert!(out.says("not the application"), "{}", out.transcript());
    assert!(!out.says("<html>"));
}

#[test]
fn redirects_to_another_origin_are_not_followed() {
    let env = Env::new(world([
        jira(),
        wiki(),
        App::new(Product::Confluence, "trap"),
    ]));
    env.add_all();
    let (wiki, trap) = (env.world.app("wiki"), env.world.app("trap"));
    for path in ["manifest", "authenticationinfo", "applicationlink"] {
        wiki.clear_faults();
        wiki.fault(Fault::redirect(&trap.url()).path(path));
        let out = env.applink("create jira wiki -o json").expect(5);
        assert!(out.says(&trap.url()), "{}", out.transcript());
    }
    let led = client_requests(&env.world)
        .iter()
        .any(|request| request.app == "trap");
    assert!(!led);
    assert!(writes(&env.world).is_empty());
}

#[test]
fn redirects_of_writes_are_not_followed() {
    for status in [301, 302, 307, 308] {
        let env = Env::new(world([
            jira(),
            wiki(),
            App::new(Product::Confluence, "trap"),
        ]));
        let (wiki, trap) = (env.world.app("wiki"), env.world.app("trap"));
        let before = snapshot(&env.world);
        wiki.fault(Fault::redirect(&trap.url()).code(status).method("PUT"));
        let out = env.applink("create {jira} {wiki} -o json").expect(5);
        assert_eq!(out.json()["changed"], false);
        assert!(
            client_requests(&env.world)
                .iter()
                .all(|request| request.app != "trap")
        );
        assert_eq!(snapshot(&env.world), before);
    }
}

#[test]
fn cloud_sites_are_refused_without_a_request() {
    let env = Env::new(pair());
    assert_snapshot!(
        refused(&env, "create {jira} https://example.atlassian.net", 1).transcript(), @r"
    exit 1
    --- stderr
    error: example.atlassian.net is a Cloud site, which has no public interface for application links
    hint: make the link in the site's administration, under Products, Application links; it makes both ends
    hint: the Data Center side alone can be made with --one-way
    "
    );
    assert_snapshot!(
        refused(&env, "create {jira} https://bitbucket.org/team", 1).transcript(), @r"
    exit 1
    --- stderr
    error: Bitbucket Cloud has no application links
    hint: connect it in Jira with the DVCS connector: Administration, Applications, DVCS accounts
    "
    );
    for line in [
        "create https://example.atlassian.net/wiki {jira}",
        "create {jira} cloud=https://example.atlassian.net/wiki --auth impersonation --yes",
        "create https://example.jira.com {jira} --one-way",
        "create {jira} https://bitbucket.org --one-way",
    ] {
        refused(&env, line, 1);
    }
    assert!(client_requests(&env.world).is_empty());
}

#[test]
fn a_cloud_site_can_be_the_remote_of_a_one_way_link() {
    let env = Env::new(pair());
    // Nobody listens there: what counts is that it is asked at all.
    let away = "--resolve example.atlassian.net:443:127.0.0.1";
    let line = format!("create {{jira}} https://example.atlassian.net --one-way {away}");
    refused(&env, &line, 5).expect_says("example.atlassian.net");
}

#[test]
fn system_links_are_refused() {
    let env = Env::new(pair());
    let (jira, wiki) = (env.world.app("jira"), env.world.app("wiki"));
    let id = jira.add_link_to(wiki);
    jira.mark_system(&id);
    let out = refused(&env, "create {jira} {wiki} -o json", 1);
    assert_eq!(out.error_code(), "SYSTEM_LINK");
}

#[test]
fn an_account_that_is_not_an_administrator_is_refused() {
    for role in [Role::User] {
        for alias in ["jira", "wiki"] {
            let mut env = Env::new(pair());
            env.login(alias, role);
            let out = refused(&env, "create {jira} {wiki} -o json", 4);
            assert_eq!(out.error_code(), "NOT_ADMIN", "{}", out.transcript());
            assert_eq!(out.error()["kind"], "permission");
            assert!(out.says(alias));
        }
    }
}

#[test]
fn names_and_urls_that_applications_reject_are_usage_errors() {
    let env = Env::new(pair());
    for line in [
        "create {jira} {wiki} --name ''",
        "create {jira} {wiki} --name '   '",
        "create {jira} {wiki} --remote-name 'a\u{7}b'",
        "create {jira} {wiki} --one-way --auth oauth",
        "create {jira} {wiki} --auth three-legged",
        "create {jira} {wiki} --display-url ftp://wiki.example.com",
        "create {jira} {wiki} --display-url https://u:p@wiki.example.com",
        "create {jira} https://user:hunter22@wiki.example.com",
        "create Jira {wiki}",
        "create {jira}",
        "create",
    ] {
        let out = refused(&env, line, 2);
        assert!(!out.says("hunter22"), "{}", out.transcript());
    }
    assert!(client_requests(&env.world).is_empty());
}

#[test]
fn one_way_is_refused_for_a_two_way_link() {
    let env = Env::linked();
    let state = env.state();
    let out = env.applink("create jira wiki --one-way -o json").expect(1);
    assert!(
        out.says("wiki has a record too") && out.says("applink delete wiki jira --one-side"),
        "{}",
        out.transcript()
    );
    assert_eq!(env.state(), state);
    assert!(writes(&env.world).is_empty());

    // As the hint says: then it is one way.
    env.applink("delete wiki jira --one-side --yes").expect(0);
    let out = env.applink("create jira wiki --one-way").expect(1);
    assert!(out.says("on jira the level is"), "{}", out.transcript());
    env.applink("verify jira wiki").expect(6);
}

#[test]
fn one_way_is_refused_for_a_link_with_authentication() {
    let env = Env::new(pair());
    link(
        env.world.app("jira"),
        env.world.app("wiki"),
        OAuthFlags::OAUTH,
    );
    env.add_all();
    let state = env.state();
    let out = env.applink("create jira wiki --one-way").expect(1);
    assert!(
        out.says("on jira the level is oauth, which takes a record on wiki too"),
        "{}",
        out.transcript()
    );
    assert_eq!(env.state(), state);
}
