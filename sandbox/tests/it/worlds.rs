//! The world itself: starting and stopping, the log, faults, clones, descriptions.

use std::time::{Duration, Instant};

use applink_sandbox::{App, Fault, OAuthFlags, Product, Role, World, parse_specs};
use serde_json::json;

use crate::client::{As, admin, client, http};
use crate::{linked, pair};

#[tokio::test]
async fn stop_and_start_keep_the_port() {
    let world = pair();
    let jira = world.app("jira");
    let url = jira.url();
    jira.stop();
    let failed = http().get(&url).send().await.unwrap_err();
    assert!(failed.is_connect());
    jira.start().unwrap();
    assert_eq!(jira.url(), url);
    admin(jira)
        .get("/rest/applinks/1.0/manifest")
        .await
        .expect(200);
}

#[test]
fn many_applications_start_quickly() {
    let started = Instant::now();
    let apps = (0..40).map(|n| App::new(Product::Confluence, &format!("wiki-{n}")));
    let world = World::builder().apps(apps).start().unwrap();
    assert_eq!(world.apps().len(), 40);
    assert!(
        started.elapsed() < Duration::from_secs(2),
        "{:?}",
        started.elapsed()
    );
}

#[tokio::test]
async fn a_seed_repeats_everything_but_ports() {
    let (one, other) = (pair(), pair());
    assert_eq!(one.app("jira").id(), other.app("jira").id());
    assert_eq!(one.app("jira").users(), other.app("jira").users());
    assert_eq!(one.app("wiki").tokens(), other.app("wiki").tokens());
    assert_ne!(one.app("jira").users(), one.app("wiki").users());
}

#[tokio::test]
async fn the_log() {
    let world = pair();
    let (jira, wiki) = (world.app("jira"), world.app("wiki"));
    let body = json!({"id": wiki.id(), "typeId": "confluence", "name": "w", "rpcUrl": wiki.url()});
    admin(jira)
        .put_json("/rest/applinks/2.0/applicationlink", body)
        .await
        .expect(201);
    let log = world.requests();
    let first = &log[0];
    assert_eq!(
        (
            first.app.as_str(),
            first.method.as_str(),
            first.user.as_deref()
        ),
        ("jira", "PUT", Some("admin"))
    );
    assert_eq!((first.sender.as_deref(), first.status), (None, Some(201)));
    assert!(first.text().contains(&wiki.id()));
    assert!(first.header("Authorization").unwrap().starts_with("Basic "));
    assert_eq!(log[1].sender.as_deref(), Some("jira"));
    assert_eq!(log[1].target(), "/rest/applinks/1.0/manifest");
    assert!(log.windows(2).all(|two| two[0].sequence < two[1].sequence));
    world.clear_requests();
    assert!(world.requests().is_empty());
}

#[tokio::test]
async fn names_and_primary_links() {
    let world = pair();
    let jira = world.app("jira");
    let create = |n: u8, primary: bool| {
        let body = json!({"id": format!("00000000-0000-3000-8000-00000000000{n}"), "typeId": "confluence", "name": "Wiki",
            "rpcUrl": format!("http://w{n}.example.test"), "isPrimary": primary});
        async move {
            admin(jira)
                .put_json("/rest/applinks/3.0/applicationlink", body)
                .await
                .expect(201)
        }
    };
    create(1, false).await;
    create(2, false).await;
    create(3, true).await;
    let seen: Vec<(String, bool)> = jira
        .links()
        .iter()
        .map(|link| (link.name.clone(), link.primary))
        .collect();
    let expected = [("Wiki", false), ("Wiki - 2", false), ("Wiki - 3", true)];
    assert_eq!(
        seen,
        expected.map(|(name, primary)| (name.to_owned(), primary))
    );
    let path = "/rest/applinks/3.0/applicationlink/00000000-0000-3000-8000-000000000003";
    admin(jira).delete(path).await.expect(200);
    assert!(jira.links()[0].primary);
    let primary = admin(jira)
        .get("/rest/applinks/1.0/applicationlink/primary/confluence")
        .await
        .expect(200)
        .json();
    assert_eq!(primary["name"], "Wiki");
    admin(jira)
        .get("/rest/applinks/1.0/applicationlink/primary/bamboo")
        .await
        .expect(404);
    admin(jira)
        .get("/rest/applinks/1.0/applicationlink/type/nonsense")
        .await
        .expect(400);
}

#[tokio::test]
async fn updates_and_their_refusals() {
    let world = pair();
    let (jira, wiki) = linked(&world, OAuthFlags::OAUTH);
    jira.add_link(applink_sandbox::Link::new(
        "00000000-0000-3000-8000-000000000000",
        "bamboo",
        "Taken",
        "http://b",
    ));
    let path = format!("/rest/applinks/3.0/applicationlink/{}", wiki.id());
    let body = |name: &str, url: &str| json!({"typeId": "confluence", "name": name, "rpcUrl": url, "displayUrl": "http://d"});
    let post = |name: &'static str, url: String, path: String| async move {
        admin(jira).post_json(&path, body(name, &url)).await
    };
    post("Taken", wiki.url(), path.clone()).await.expect(400);
    post("Free", "http://elsewhere".to_owned(), path.clone())
        .await
        .expect(400);
    let unknown =
        "/rest/applinks/3.0/applicationlink/00000000-0000-3000-8000-000000000009".to_owned();
    post("Free", wiki.url(), unknown).await.expect(400);
    let done = post("Free", wiki.url(), path.clone())
        .await
        .expect(200)
        .json();
    assert!(done["resources-updated"][0]["href"].is_string());
    assert_eq!(jira.link(&wiki.id()).unwrap().display_url, "http://d");
    jira.mark_system(&wiki.id());
    let manager = client(jira, As::Role(Role::Admin));
    manager
        .post_json(&path, body("Free", &wiki.url()))
        .await
        .expect(403);
    manager.delete(&path).await.expect(403);
    manager
        .delete(&format!("/rest/applinks/3.0/applinks/{}", wiki.id()))
        .await
        .expect(204);
    admin(jira)
        .put_json(&path, body("Free", &wiki.url()))
        .await
        .expect(405);
}

#[tokio::test]
async fn faults() {
    let world = pair();
    let jira = world.app("jira");
    let url = format!("{}/rest/applinks/1.0/manifest", jira.url());
    jira.fault(Fault::refuse().nth(2));
    assert_eq!(http().get(&url).send().await.unwrap().status(), 200);
    assert!(http().get(&url).send().await.is_err());
    assert_eq!(http().get(&url).send().await.unwrap().status(), 200);
    jira.clear_faults();
    jira.fault(
        Fault::status(503)
            .header("Retry-After", "1")
            .body("text/html", "<p>busy</p>")
            .method("GET")
            .times(1),
    );
    let busy = admin(jira)
        .get("/rest/applinks/1.0/manifest")
        .await
        .expect(503);
    assert_eq!(
        (busy.header("retry-after"), busy.text.as_str()),
        ("1", "<p>busy</p>")
    );
    admin(jira)
        .get("/rest/applinks/1.0/manifest")
        .await
        .expect(200);
    jira.fault(Fault::reset_after().method("PUT"));
    let body = json!({"id": world.app("wiki").id(), "typeId": "confluence", "name": "w", "rpcUrl": "http://w"});
    let put = admin(jira)
        .request("PUT", "/rest/applinks/2.0/applicationlink")
        .header("Content-Type", "application/json");
    assert!(put.body(body.to_string()).send().await.is_err());
    assert_eq!(jira.links().len(), 1);
    jira.clear_faults();
    jira.fault(Fault::cut_after(400));
    let cut = http().get(&url).send().await.unwrap();
    assert!(cut.text().await.is_err());
    assert_eq!(world.requests().last().unwrap().status, Some(200));
}

#[tokio::test]
async fn a_stalled_answer_never_ends() {
    let world = pair();
    let jira = world.app("jira");
    jira.fault(Fault::stall_after(400));
    let url = format!("{}/rest/applinks/1.0/manifest", jira.url());
    let answer = http()
        .get(&url)
        .timeout(Duration::from_millis(200))
        .send()
        .await
        .unwrap();
    assert!(answer.text().await.unwrap_err().is_timeout());
}

#[tokio::test]
async fn the_clock_of_an_application() {
    let world = pair();
    let jira = world.app("jira");
    jira.configure(|settings| settings.clock_offset = 86_400);
    let date = admin(jira)
        .get("/rest/applinks/1.0/manifest")
        .await
        .header("date")
        .to_owned();
    let ahead = httpdate::parse_http_date(&date)
        .unwrap()
        .duration_since(std::time::SystemTime::now())
        .unwrap();
    assert!(ahead > Duration::from_secs(86_390));
}

#[tokio::test]
async fn concurrency_is_counted() {
    let world = pair();
    let jira = world.app("jira");
    jira.configure(|settings| settings.latency = Duration::from_millis(50));
    let api = admin(jira);
    let (a, b, c) = tokio::join!(
        api.get("/rest/applinks/1.0/manifest"),
        api.get("/rest/applinks/1.0/manifest"),
        api.get("/rest/applinks/1.0/manifest"),
    );
    assert_eq!([a.status, b.status, c.status], [200; 3]);
    assert_eq!(jira.peak_load(), 3);
    jira.reset_peak_load();
    assert_eq!(jira.peak_load(), 0);
}

#[tokio::test]
async fn a_clone_has_the_same_identity() {
    let world = World::builder()
        .app(App::new(Product::Jira, "jira"))
        .app(App::new(Product::Confluence, "wiki"))
        .app(App::new(Product::Jira, "staging").clone_of("jira"))
        .start()
        .unwrap();
    let (jira, wiki) = linked(&world, OAuthFlags::OAUTH);
    let staging = world.app("staging");
    staging.restore_from(jira);
    assert_eq!(staging.id(), jira.id());
    assert_eq!(staging.consumer(), jira.consumer());
    assert_eq!(crate::code(staging, wiki).await, "OK");
}

#[test]
fn descriptions() {
    let apps = parse_specs(&["jira/jira", "bitbucket+tls"]).unwrap();
    let world = World::builder().seed(3).apps(apps).start().unwrap();
    let value = world.describe();
    assert_eq!(value["schema"], 1);
    let (jira, bitbucket) = (&value["sandbox"][0], &value["sandbox"][1]);
    assert_eq!(jira["url"], world.app("jira").url());
    assert_eq!((&jira["type"], &jira["ca"]), (&json!("jira"), &json!(null)));
    assert_eq!(bitbucket["type"], "stash");
    assert!(bitbucket["url"].as_str().unwrap().starts_with("https://"));
    assert_eq!(bitbucket["ca"], world.ca_path().unwrap().to_str().unwrap());
    let roles: Vec<&str> = jira["users"]
        .as_array()
        .unwrap()
        .iter()
        .map(|user| user["role"].as_str().unwrap())
        .collect();
    assert_eq!(roles, ["system-admin", "admin", "user"]);
    assert_eq!(jira["tokens"][0]["user"], "admin");
    assert!(world.describe_text().contains("simulation"));
}

#[test]
#[should_panic(expected = "there is no application \"nope\" in this world, only jira, wiki")]
fn a_wrong_alias_is_named() {
    pair().app("nope");
}

#[tokio::test]
async fn a_request_is_carried_out_though_its_sender_hung_up() {
    let world = pair();
    let (jira, wiki) = (world.app("jira"), world.app("wiki"));
    jira.fault(Fault::delay(Duration::from_millis(100)).method("PUT"));
    let body = json!({"id": wiki.id(), "typeId": "confluence", "name": "w", "rpcUrl": wiki.url()});
    let put = admin(jira)
        .request("PUT", "/rest/applinks/2.0/applicationlink")
        .header("Content-Type", "application/json")
        .timeout(Duration::from_millis(20));
    assert!(
        put.body(body.to_string())
            .send()
            .await
            .unwrap_err()
            .is_timeout()
    );
    let until = Instant::now() + Duration::from_secs(5);
    while jira.links().is_empty() && Instant::now() < until {
        tokio::task::yield_now().await;
    }
    assert_eq!(jira.links().len(), 1);
}

#[tokio::test]
async fn stopping_ends_what_is_being_carried_out() {
    let world = pair();
    let jira = world.app("jira");
    jira.fault(Fault::delay(Duration::from_secs(600)));
    let get = admin(jira)
        .request("GET", "/rest/applinks/1.0/manifest")
        .timeout(Duration::from_millis(20));
    assert!(get.send().await.is_err());
    let started = Instant::now();
    jira.stop();
    assert!(
        started.elapsed() < Duration::from_secs(1),
        "{:?}",
        started.elapsed()
    );
}

#[tokio::test]
async fn an_address_that_moved() {
    let world = pair();
    let (jira, wiki) = (world.app("jira"), world.app("wiki"));
    jira.fault(Fault::moved_to(&wiki.url()));
    let answer = admin(jira)
        .get("/rest/applinks/1.0/manifest?x=1")
        .await
        .expect(301);
    assert_eq!(
        answer.header("location"),
        format!("{}/rest/applinks/1.0/manifest?x=1", wiki.url())
    );
}
