//! Registered OAuth 2.0 clients.

use applink_sandbox::{App, Generation, Product, Role, World};
use serde_json::{Value, json};

use crate::client::{As, admin, client};
use crate::pair;

const CLIENTS: &str = "/rest/oauth2/latest/client";

#[tokio::test]
async fn clients() {
    let world = pair();
    let jira = world.app("jira");
    let api = admin(jira);
    let body = |name: &str, redirect: &str| json!({"name": name, "redirects": [redirect], "scope": "WRITE"});
    let made = api
        .post_json(CLIENTS, body("ci", "http://localhost:8080/cb"))
        .await
        .expect(200)
        .json();
    assert!(made["clientSecret"].is_string());
    for bad in [
        body("ci", "https://x"),
        body("", "https://x"),
        body("b", "http://127.0.0.1/cb"),
        body("c", "https://x#f"),
        json!({"name": "d", "redirects": [], "scope": "WRITE"}),
        json!({"name": "e", "redirects": ["https://x"], "scope": "NONE"}),
    ] {
        api.post_json(CLIENTS, bad).await.expect(400);
    }
    let id = made["id"].as_str().unwrap();
    let one = format!("{CLIENTS}/{id}");
    api.put_json(&one, json!({"name": "renamed", "scope": ""}))
        .await
        .expect(204);
    let read = api.get(&one).await.expect(200).json();
    assert_eq!(
        (&read["name"], &read["scope"]),
        (&json!("renamed"), &json!("WRITE"))
    );
    let reset = format!("{CLIENTS}/reset/{}", made["clientId"].as_str().unwrap());
    let fresh = api.put_json(&reset, Value::Null).await.expect(200).json();
    assert_ne!(fresh["clientSecret"], made["clientSecret"]);
    assert_eq!(api.get(CLIENTS).await.json().as_array().unwrap().len(), 1);
    api.delete(&one).await.expect(200);
    api.get(&one).await.expect(404);
}

#[tokio::test]
async fn who_may_and_where() {
    let world = World::builder()
        .app(App::new(Product::Jira, "jira"))
        .app(App::new(Product::Bitbucket, "bitbucket"))
        .app(App::new(Product::Fecru, "fecru"))
        .app(App::new(Product::Jira, "old").generation(Generation::Old))
        .start()
        .unwrap();
    let status = |app: &'static str, who: As| {
        let client = client(world.app(app), who);
        async move { client.get(CLIENTS).await.status }
    };
    assert_eq!(status("jira", As::Nobody).await, 401);
    assert_eq!(status("jira", As::Role(Role::Admin)).await, 403);
    assert_eq!(status("bitbucket", As::Role(Role::Admin)).await, 401);
    assert_eq!(status("fecru", As::Role(Role::SystemAdmin)).await, 404);
    assert_eq!(status("old", As::Nobody).await, 404);
    world
        .app("jira")
        .configure(|settings| settings.oauth2_https_only = true);
    assert_eq!(status("jira", As::Role(Role::SystemAdmin)).await, 403);
}

#[tokio::test]
async fn what_anybody_may_know() {
    let world = World::builder()
        .app(App::new(Product::Jira, "jira").generation(Generation::Modern))
        .app(App::new(Product::Bamboo, "bamboo"))
        .app(App::new(Product::Fecru, "fecru"))
        .start()
        .unwrap();
    let path = "/rest/oauth2/latest/.well-known/oauth-authorization-server";
    let get = |app: &str| {
        let client = client(world.app(app), As::Nobody);
        async move { client.get(path).await }
    };
    let jira = get("jira").await.expect(200).json();
    assert_eq!(jira["issuer"], world.app("jira").url());
    let scopes = jira["scopes_supported"].as_array().unwrap();
    assert!(scopes.contains(&json!("READ_ALL")));
    let bamboo = get("bamboo").await.expect(200).json();
    assert_eq!(
        bamboo["scopes_supported"],
        json!(["READ", "TRIGGER", "USER"])
    );
    get("fecru").await.expect(404);
}

#[tokio::test]
async fn a_secret_that_is_told_once() {
    let world = pair();
    let jira = world.app("jira");
    jira.configure(|settings| settings.oauth2_returns_secret = false);
    let api = admin(jira);
    let body = json!({"name": "ci", "redirects": ["https://ci/cb"], "scope": "READ"});
    let made = api.post_json(CLIENTS, body).await.expect(200).json();
    assert!(made["clientSecret"].is_string());
    let all = api.get(CLIENTS).await.expect(200).json();
    assert_eq!(all[0].get("clientSecret"), None);
    let one = format!("{CLIENTS}/{}", made["id"].as_str().unwrap());
    assert_eq!(api.get(&one).await.json().get("clientSecret"), None);
    let reset = format!("{CLIENTS}/reset/{}", made["clientId"].as_str().unwrap());
    let fresh = api.put_json(&reset, Value::Null).await.expect(200).json();
    assert!(fresh["clientSecret"].is_string());
}
