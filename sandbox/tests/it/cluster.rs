//! Applications of two nodes behind one address.

use std::time::Duration;

use applink_sandbox::{App, AppHandle, Cluster, Product, World};
use serde_json::json;

use crate::client::{Answer, admin, send};

const LIST: &str = "/rest/applinks/3.0/applinks";
const HOUR: Duration = Duration::from_secs(3600);

fn world(lag: Duration, affinity: bool) -> World {
    World::builder()
        .app(
            App::new(Product::Jira, "jira")
                .settings(|settings| settings.cluster = Some(Cluster { lag, affinity })),
        )
        .start()
        .unwrap()
}

async fn call(app: &AppHandle, write: bool, cookie: &str) -> Answer {
    let api = admin(app);
    let mut request = if write {
        let body = json!({"typeId": "generic", "name": "CI", "rpcUrl": "https://ci.example.com"});
        api.request("PUT", "/rest/applinks/3.0/applicationlink")
            .header("Content-Type", "application/json")
            .body(body.to_string())
    } else {
        api.request("GET", LIST)
    };
    if !cookie.is_empty() {
        request = request.header("Cookie", cookie);
    }
    send(request).await.expect(if write { 201 } else { 200 })
}

fn rows(answer: &Answer) -> usize {
    answer.json().as_array().unwrap().len()
}

#[tokio::test]
async fn reads_alternate_between_two_nodes() {
    let world = world(HOUR, false);
    let jira = world.app("jira");
    let answer = call(jira, true, "").await;
    assert_eq!(answer.header("set-cookie"), "");
    for expected in [0, 1, 0, 1] {
        assert_eq!(rows(&call(jira, false, "").await), expected);
    }
    jira.synchronise_nodes();
    for _ in 0..2 {
        assert_eq!(rows(&call(jira, false, "").await), 1);
    }
}

#[tokio::test]
async fn a_node_without_lag_knows_every_change() {
    let world = world(Duration::ZERO, false);
    let jira = world.app("jira");
    call(jira, true, "").await;
    for _ in 0..2 {
        assert_eq!(rows(&call(jira, false, "").await), 1);
    }
}

#[tokio::test]
async fn an_affinity_cookie_keeps_requests_on_one_node() {
    let world = world(HOUR, true);
    let jira = world.app("jira");
    let answer = call(jira, true, "").await;
    let cookie = answer.header("set-cookie").split(';').next().unwrap();
    for _ in 0..3 {
        let read = call(jira, false, &format!("other=1; {cookie}")).await;
        assert_eq!(rows(&read), 1);
        assert_eq!(read.header("set-cookie"), "");
    }
    let other = call(jira, false, "").await;
    assert_eq!(rows(&other), 0);
    assert!(!other.header("set-cookie").starts_with(cookie));
}
