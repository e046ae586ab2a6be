//! What people type: the wrong way round, another address of the same application, a word that is
//! nearly one. All of it does what was meant, or says what it takes.

use applink_sandbox::{OAuthFlags, Role, Tls};

use crate::support::env::Env;
use crate::support::worlds::{client_requests, jira, link, pair, wiki, world, writes};

#[test]
fn the_two_applications_can_be_given_in_either_order() {
    let env = Env::new(pair());
    let (jira, wiki) = (env.world.app("jira"), env.world.app("wiki"));
    link(jira, wiki, OAuthFlags::OAUTH);
    env.add_all();
    let out = env.applink("verify wiki jira -o json").expect(0).json();
    assert_eq!(out["links"][0]["local"], "wiki");
    env.applink("create wiki jira")
        .expect(0)
        .expect_says("nothing to do");
    env.applink("edit wiki jira --auth oauth")
        .expect(0)
        .expect_says("nothing to do");
    assert!(writes(&env.world).is_empty());
    env.applink("delete wiki jira --yes").expect(0);
    assert!(jira.links().is_empty() && wiki.links().is_empty());
}

#[test]
fn the_url_of_any_page_names_the_application() {
    let env = Env::new(pair());
    link(
        env.world.app("jira"),
        env.world.app("wiki"),
        OAuthFlags::OAUTH,
    );
    env.add_all();
    let jira = env.world.app("jira").url();
    for page in [
        "/",
        "//",
        "/secure/admin/ViewApplicationProperties.jspa",
        "/plugins/servlet/applinks/listApplicationLinks",
        "/browse/ABC-1?focusedId=7#comment-7",
        "/secure/admin",
        "/login.jsp?os_destination=%2Fsecure%2Fadmin",
        "/browse/X-1",
        "/plugins/servlet/applinks/edit/x",
    ] {
        let out = env
            .applink(&format!("verify {jira}{page} wiki -o json"))
            .expect(0);
        assert_eq!(out.json()["links"][0]["local"], "jira", "{page}");
    }
    // One that is not known yet, too.
    let out = env.applink(&format!(
        "app add tracker {jira}/secure/Dashboard.jspa --dry-run"
    ));
    out.expect(1).expect_says("is known as jira");
    let upper = jira.replacen("http://", "HTTP://", 1);
    env.applink(&format!("verify {upper} wiki")).expect(0);
}

#[test]
fn the_display_url_names_the_application() {
    let env = Env::new(pair());
    let (jira, wiki) = (env.world.app("jira"), env.world.app("wiki"));
    link(jira, wiki, OAuthFlags::OAUTH);
    env.add_all();
    let display = format!("http://localhost:{}/jira", jira.port());
    // Another address of an application that does not call it its own may be anybody's.
    env.applink(&format!("verify {display} wiki"))
        .expect(1)
        .expect_says("answers with the application id of jira");
    let base = display.clone();
    jira.configure(|settings| settings.base_url = Some(base));
    let out = env.applink(&format!("verify {display} wiki"));
    assert!(
        out.says(&format!("{display} is where browsers find jira")),
        "{}",
        out.transcript()
    );
    assert!(out.says("jira wiki"), "{}", out.transcript());
    env.applink(&format!("delete {display} wiki --yes"))
        .expect(0);
    assert!(jira.links().is_empty() && wiki.links().is_empty());
}

/// The same application twice is no copy of itself.
#[test]
fn another_url_of_a_known_application_is_not_a_clone() {
    let mut env = Env::new(pair());
    env.applink("create {jira} {wiki}").expect(0);
    let jira = env.world.app("jira");
    let admin = jira.user(Role::SystemAdmin).clone();
    let other = format!("http://localhost:{}/jira", jira.port());
    env.basic("jira2", &admin.name, &admin.password);
    let out = env.applink(&format!("app add jira2 {other}")).expect(0);
    assert!(
        out.says("is jira under another address"),
        "{}",
        out.transcript()
    );
    assert!(!out.says("CLONED_APPLICATION"), "{}", out.transcript());
    let out = env.applink("verify -o json").expect(0);
    let links = out.json()["links"].clone();
    for link in links.as_array().unwrap() {
        assert_eq!(link["status"], "ok", "{}", out.transcript());
    }
    assert!(out.says("one application under two addresses"));
    assert!(!out.says("CLONED_APPLICATION"), "{}", out.transcript());
}

#[test]
fn a_wrong_scheme_is_named() {
    let env = Env::new(world([jira(), wiki().tls(Tls::Good)]));
    let port = env.world.app("wiki").port();
    env.applink(&format!("app add wiki http://127.0.0.1:{port}"))
        .expect(5)
        .expect_says("speaks https there")
        .expect_says("write https:// in place of http://");
    let port = env.world.app("jira").port();
    env.applink(&format!("app add jira https://127.0.0.1:{port}/jira"))
        .expect(5)
        .expect_says("does not speak TLS")
        .expect_says("write http:// in place of https://");
    env.applink("app add jira jira.example.com")
        .expect(2)
        .expect_says("it has to begin with https:// or http://");
    env.applink("verify jira.example.com")
        .expect(2)
        .expect_says("did you mean https://jira.example.com?");
    // What may hold a password is not repeated.
    let out = env
        .applink("verify admin:hunter2@jira.example.com")
        .expect(2);
    assert!(!out.says("hunter2"), "{}", out.transcript());
}

/// What is new is found under any of its addresses, too, and recorded under its own.
#[test]
fn a_new_application_is_recorded_under_its_own_url() {
    for page in [
        "/secure/admin",
        "/plugins/servlet/applinks/listApplicationLinks",
        "/login.jsp",
        "/browse/X-1",
        "/",
        "/projects/ABC/issues?filter=all",
    ] {
        let env = Env::new(pair());
        let jira = env.world.app("jira").url();
        let out = env.applink(&format!("create jira={jira}{page} {{wiki}}"));
        assert_eq!(out.code, 0, "{page}: {}", out.transcript());
        assert!(env.state().contains(&format!("url = \"{jira}\"")), "{page}");
    }
}

#[test]
fn a_missing_or_wrong_context_path_is_named() {
    let env = Env::new(pair());
    let port = env.world.app("jira").port();
    for path in ["", "/jra", "/tracker/secure/Dashboard.jspa"] {
        env.applink(&format!("app add jira http://127.0.0.1:{port}{path}"))
            .expect(1)
            .expect_says(&format!("did you mean http://127.0.0.1:{port}/jira?"));
    }
    // No secret was sent to find that out.
    assert!(
        client_requests(&env.world)
            .iter()
            .all(|request| request.header("authorization").is_none())
    );
}

#[test]
fn a_missing_scheme_and_upper_case_get_a_suggestion() {
    let env = Env::new(pair());
    env.add_all();
    for (line, meant) in [
        (
            "app add x jira.example.com/jira",
            "did you mean https://jira.example.com/jira?",
        ),
        (
            "app add x jira:8080/jira",
            "did you mean https://jira:8080/jira?",
        ),
        (
            "create x=jira.example.com wiki",
            "did you mean x=https://jira.example.com?",
        ),
        (
            "relocate wiki wiki.example.com",
            "did you mean https://wiki.example.com?",
        ),
        ("verify JIRA", "did you mean jira?"),
        ("verify Jira Wiki", "did you mean jira?"),
        (
            "edit jira wiki --display-url wiki.example.com",
            "did you mean https://wiki.example.com?",
        ),
    ] {
        env.applink(line).expect(2).expect_says(meant);
    }
    for line in [
        "app add x u:pw@jira.example.com",
        "relocate wiki u:pw@w.example.com",
    ] {
        let out = env.applink(line).expect(2);
        assert!(!out.says("pw"), "{}", out.transcript());
    }
    let (jira, wiki) = (env.world.app("jira").url(), env.world.app("wiki").url());
    let upper = jira.replacen("http://", "HTTP://", 1);
    env.applink(&format!("create {upper} {wiki}")).expect(0);
}

#[test]
fn international_host_names_work() {
    let env = Env::new(world([wiki()]));
    let port = env.world.app("wiki").port();
    let base = format!("http://xn--bcher-kva.example:{port}");
    env.world
        .app("wiki")
        .configure(|settings| settings.base_url = Some(base));
    let out = env.applink(&format!(
        "app add wiki http://bücher.example:{port} --resolve xn--bcher-kva.example:{port}:127.0.0.1"
    ));
    assert_eq!(out.code, 0, "{}", out.transcript());
    assert!(
        env.state()
            .contains(&format!("http://xn--bcher-kva.example:{port}"))
    );
}

#[test]
fn a_redirect_to_https_is_named() {
    let env = Env::new(pair());
    let wiki = env.world.app("wiki");
    wiki.fault(applink_sandbox::Fault::redirect(
        "https://wiki.example.com/rest/applinks/1.0/manifest",
    ));
    env.applink("app add wiki {wiki.url}")
        .expect(5)
        .expect_says("if that is the same application, give https://wiki.example.com");
}
