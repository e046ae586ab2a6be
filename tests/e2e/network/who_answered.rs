//! Answers of something else than the application: each is named, with its own remedy.

use applink_sandbox::{Fault, Product};

use crate::support::env::Env;
use crate::support::output::RunOutput;
use crate::support::worlds::pair;

/// `list wiki` with this fault.
fn listed(fault: Fault) -> RunOutput {
    let env = Env::linked();
    env.world.app("wiki").fault(fault.from_outside());
    env.applink("list wiki")
}

#[test]
fn an_application_that_is_not_ready_says_so() {
    for (fault, says) in [
        (Fault::starting_up(), "is starting"),
        (Fault::error_page(), "error page"),
        (Fault::not_set_up(Product::Jira), "is not set up yet"),
        (Fault::not_set_up(Product::Confluence), "is not set up yet"),
    ] {
        let out = listed(fault);
        assert_eq!(out.code, 5, "{}", out.transcript());
        assert!(out.says(says), "{says}: {}", out.transcript());
        assert!(!out.says("base URL"), "{}", out.transcript());
    }
}

#[test]
fn an_identity_provider_is_named_by_its_host() {
    let env = Env::linked();
    let fault = Fault::saml_redirect("https://corp.sso.test/app/jira/sso/saml");
    env.world.app("wiki").fault(fault.from_outside());
    for line in ["list wiki -o json", "create {jira} {wiki} -o json"] {
        let out = env.applink(line);
        assert_eq!(out.code, 5, "{line}: {}", out.transcript());
        assert!(out.says("corp.sso.test"), "{line}: {}", out.transcript());
        assert!(out.says("LOGIN_PAGE"), "{line}: {}", out.transcript());
        assert!(!out.says("SAMLRequest"), "{line}: {}", out.transcript());
    }
}

#[test]
fn a_proxy_that_refuses_writes_is_told_by_the_method() {
    let env = Env::new(pair());
    env.world
        .app("wiki")
        .fault(Fault::writes_refused().from_outside());
    let out = env.applink("create {jira} {wiki}").expect(5);
    assert!(out.says("does not let PUT through"), "{}", out.transcript());
    assert!(
        out.says("allow PUT, POST and DELETE below /rest/applinks"),
        "{}",
        out.transcript()
    );
    assert!(!out.says("single sign-on"), "{}", out.transcript());
}

#[test]
fn a_firewall_is_named_with_its_support_id() {
    let env = Env::new(pair());
    let fault = Fault::block_page("4711081504711").only_writes();
    env.world.app("wiki").fault(fault.from_outside());
    let out = env.applink("create {jira} {wiki}").expect(5);
    assert!(out.says("blocks PUT"), "{}", out.transcript());
    assert!(out.says("4711081504711"), "{}", out.transcript());
}

#[test]
fn a_dropped_authorization_header_is_no_wrong_password() {
    let mut env = Env::new(pair());
    let admin = env
        .world
        .app("wiki")
        .user(applink_sandbox::Role::SystemAdmin)
        .clone();
    env.basic("wiki", &admin.name, &admin.password);
    let fault = Fault::drop_header("Authorization");
    env.world.app("wiki").fault(fault.from_outside());
    let out = env.applink("create {jira} {wiki}").expect(4);
    assert!(out.says("did not arrive"), "{}", out.transcript());
    assert!(out.says("Authorization header"), "{}", out.transcript());
}

#[test]
fn an_application_at_another_context_path_is_found() {
    let env = Env::linked();
    env.world.app("wiki").set_context("/confluence");
    for line in ["verify", "list wiki", "app show wiki"] {
        let out = env.applink(line);
        assert!(
            out.says("no application answers at"),
            "{line}: {}",
            out.transcript()
        );
        assert!(
            out.says("applink relocate wiki http"),
            "{line}: {}",
            out.transcript()
        );
        assert_eq!(out.code, 5, "{line}: {}", out.transcript());
    }
}

#[test]
fn a_login_page_in_front_of_the_public_key_is_a_warning() {
    let env = Env::linked();
    let wiki = env.world.app("wiki");
    wiki.fault(Fault::login_page_outside_rest().from_outside());
    let out = env.applink("verify jira wiki -o json");
    let link = &out.json()["links"][0];
    assert_eq!(link["status"], "warning", "{}", out.transcript());
    assert_eq!(link["code"], "LOGIN_PAGE", "{}", out.transcript());
    assert_eq!(out.code, 0, "{}", out.transcript());
}
