//! Layers in front of an application, and applications that are not ready.

use std::time::Duration;

use applink_sandbox::{App, Fault, OAuthFlags, Product, RetryAfter, World};
use serde_json::json;

use crate::client::{As, admin, client};
use crate::{linked, pair};

const LIST: &str = "/rest/applinks/3.0/applinks";
const MANIFEST: &str = "/rest/applinks/1.0/manifest";

#[tokio::test]
async fn a_default_backend_answers_the_nth_request_of_a_pattern() {
    let world = World::builder()
        .app(App::new(Product::Jira, "jira"))
        .fault(
            "jira",
            Fault::default_backend().path("/rest/*/manifest").nth(2),
        )
        .start()
        .unwrap();
    let jira = admin(world.app("jira"));
    jira.get(MANIFEST).await.expect(200);
    jira.get(LIST).await.expect(200);
    let answer = jira.get(MANIFEST).await.expect(404);
    assert_eq!(answer.text, "default backend - 404");
    assert!(answer.header("content-type").starts_with("text/plain"));
    jira.get(MANIFEST).await.expect(200);
}

#[tokio::test]
async fn a_front_can_refuse_only_writes() {
    let world = pair();
    let (jira, wiki) = linked(&world, OAuthFlags::OAUTH);
    let one = format!("{LIST}/{}", wiki.id());
    jira.fault(Fault::writes_refused());
    let api = admin(jira);
    api.get(&one).await.expect(200);
    let refused = api.delete(&one).await.expect(405);
    assert!(refused.header("content-type").starts_with("text/html"));
    jira.clear_faults();
    jira.fault(Fault::block_page("11730486920").only_writes());
    api.get(&one).await.expect(200);
    let blocked = api.delete(&one).await.expect(200);
    assert!(blocked.text.contains("11730486920"));
    assert!(jira.link(&wiki.id()).is_some());
    jira.clear_faults();
    jira.fault(Fault::status(503).only_reads().lasting(Duration::ZERO));
    api.delete(&one).await.expect(204);
}

#[tokio::test]
async fn an_outage_of_reads_ends() {
    let world = pair();
    let jira = world.app("jira");
    jira.fault(
        Fault::status(503)
            .only_reads()
            .lasting(Duration::from_secs(3600)),
    );
    let api = admin(jira);
    api.get(LIST).await.expect(503);
    api.get(LIST).await.expect(503);
    jira.clear_faults();
    jira.fault(Fault::status(503).only_reads().lasting(Duration::ZERO));
    api.get(LIST).await.expect(200);
}

#[tokio::test]
async fn single_sign_on_redirects_to_another_host() {
    let world = pair();
    let jira = world.app("jira");
    jira.fault(Fault::saml_redirect("https://login.example.com/saml2"));
    let answer = admin(jira).get(LIST).await.expect(302);
    let to = answer.header("location");
    assert!(to.starts_with("https://login.example.com/saml2?SAMLRequest="));
    assert!(to.contains("&RelayState="));
    jira.clear_faults();
    jira.fault(Fault::login_page_outside_rest());
    admin(jira).get(LIST).await.expect(200);
    let page = client(jira, As::Nobody)
        .get("/plugins/servlet/oauth/consumer-info")
        .await
        .expect(200);
    assert!(page.text.contains("<form"));
}

#[tokio::test]
async fn a_dropped_authorization_header_leaves_the_caller_anonymous() {
    let world = pair();
    let jira = world.app("jira");
    let answer = admin(jira).get(LIST).await.expect(200);
    assert_eq!(answer.header("x-ausername"), "admin");
    assert_eq!(answer.header("x-seraph-loginreason"), "OK");
    jira.fault(Fault::drop_header("Authorization"));
    let answer = admin(jira).get(LIST).await.expect(401);
    assert_eq!(answer.header("x-ausername"), "anonymous");
    assert_eq!(answer.header("x-seraph-loginreason"), "");
    let wrong = As::Basic("admin".to_owned(), "wrong".to_owned());
    jira.clear_faults();
    let answer = client(jira, wrong).get(LIST).await.expect(401);
    assert_eq!(answer.header("x-ausername"), "anonymous");
    assert_eq!(
        answer.header("x-seraph-loginreason"),
        "AUTHENTICATED_FAILED"
    );
}

#[tokio::test]
async fn a_rate_limit_answers_429() {
    let world = pair();
    let jira = world.app("jira");
    let api = admin(jira);
    jira.fault(Fault::rate_limit(1000, RetryAfter::Absent));
    let passed = api.get(LIST).await.expect(200);
    assert_eq!(passed.header("x-ratelimit-limit"), "1000");
    assert_eq!(passed.header("x-ratelimit-remaining"), "999");
    for (retry, expected) in [
        (RetryAfter::Absent, ""),
        (RetryAfter::Seconds(0), "0"),
        (RetryAfter::Absurd, "99999999999999999999"),
    ] {
        jira.clear_faults();
        jira.fault(Fault::rate_limit(0, retry));
        let refused = api.get(LIST).await.expect(429);
        assert_eq!(refused.header("retry-after"), expected);
        assert_eq!(refused.header("x-ratelimit-remaining"), "0");
        assert!(refused.json()["message"].is_string());
    }
    jira.clear_faults();
    jira.fault(Fault::rate_limit(0, RetryAfter::PastDate));
    let refused = api.get(LIST).await.expect(429);
    assert!(refused.header("retry-after").ends_with("GMT"));
}

#[tokio::test]
async fn an_application_that_is_not_ready_redirects_to_its_own_pages() {
    let world = pair();
    let jira = world.app("jira");
    let api = admin(jira);
    let base = jira.url();
    for (fault, page) in [
        (
            Fault::starting_up(),
            "/system/startup?next=%2Frest%2Fapplinks%2F1.0%2Fmanifest",
        ),
        (Fault::error_page(), "/johnson/page/errors?next=/"),
        (
            Fault::not_set_up(Product::Jira),
            "/secure/SetupMode!default.jspa",
        ),
        (
            Fault::not_set_up(Product::Confluence),
            "/bootstrap/selectsetupstep.action",
        ),
    ] {
        jira.clear_faults();
        jira.fault(fault);
        let answer = api.get(MANIFEST).await.expect(302);
        assert_eq!(answer.header("location"), format!("{base}{page}"));
        api.get(page).await.expect(200);
    }
}

#[tokio::test]
async fn self_links_name_the_address_that_the_connector_sees() {
    let world = pair();
    let (jira, wiki) = linked(&world, OAuthFlags::OAUTH);
    let path = format!("/rest/applinks/3.0/applicationlink/{}", wiki.id());
    jira.configure(|settings| {
        settings.base_url = Some("https://jira.example.com/jira".to_owned());
        settings.seen_origin = Some("http://internal:8080".to_owned());
    });
    let href = async || admin(jira).get(&path).await.expect(200).json()["link"][0]["href"].clone();
    assert_eq!(href().await, format!("http://internal:8080/jira{path}"));
    jira.configure(|settings| settings.seen_context = Some(String::new()));
    assert_eq!(href().await, format!("http://internal:8080{path}"));
    jira.configure(|settings| settings.seen_origin = None);
    let expected = format!("http://127.0.0.1:{}{path}", jira.port());
    assert_eq!(href().await, json!(expected));
}

#[tokio::test]
async fn a_moved_context_path_answers_404_at_the_old_path() {
    let world = pair();
    let jira = world.app("jira");
    let before = admin(jira);
    before.get(MANIFEST).await.expect(200);
    jira.set_context("/issues");
    before.get(MANIFEST).await.expect(404);
    let manifest = admin(jira).get(MANIFEST).await.expect(200).json();
    assert_eq!(manifest["url"], jira.url());
    assert!(jira.url().ends_with("/issues"));
}
