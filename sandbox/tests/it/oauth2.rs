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

#[tokio::test]
async fn clients_and_connections_are_rows_of_the_list() {
    for generation in [Generation::Classic, Generation::Modern] {
        let world = World::builder()
            .app(App::new(Product::Jira, "jira").generation(generation))
            .app(App::new(Product::Confluence, "wiki"))
            .start()
            .unwrap();
        world.link("jira", "wiki", applink_sandbox::OAuthFlags::OAUTH);
        let jira = world.app("jira");
        let ci = jira.add_oauth2_client(
            "CI",
            &[" myapp://callback ", "https://ci.example.com:8443/cb"],
            "WRITE",
        );
        let app = jira.add_oauth2_client("App", &["myapp://callback"], "READ");
        let mail = jira.add_oauth2_connection("Mail", Some("https://id.example.com:444/authorize"));
        let bare = jira.add_oauth2_connection("Bare", None);
        let api = admin(jira);
        let list = "/rest/applinks/3.0/applinks";
        assert_eq!(api.get(list).await.json().as_array().unwrap().len(), 1);
        jira.configure(|settings| settings.oauth2_rows = true);
        let path = format!("{list}?property=oauth2ConnectionType&property=other");
        let rows = api.get(&path).await.expect(200).json();
        let find = |id: &str| {
            let rows = rows.as_array().unwrap();
            rows.iter().find(|row| row["id"] == id).unwrap().clone()
        };
        let kind = |id: &str| find(id)["properties"]["oauth2ConnectionType"].clone();
        let marked = generation == Generation::Modern;
        let expected = |kind: &str| if marked { json!(kind) } else { Value::Null };
        assert_eq!(kind(&ci), expected("OAUTH2_PROVIDER"));
        assert_eq!(kind(&mail), expected("OAUTH2_CLIENT"));
        assert_eq!(kind(&world.app("wiki").id()), Value::Null);
        assert!(
            find(&ci)["properties"]
                .as_object()
                .unwrap()
                .contains_key("other")
        );
        let row = find(&ci);
        assert_eq!(row["type"], "generic");
        assert_eq!(row["system"], false);
        assert_eq!(row["rpcUrl"], "https://ci.example.com");
        assert_eq!(row["displayUrl"], row["rpcUrl"]);
        assert_eq!(find(&app)["rpcUrl"], "myapp://null");
        assert_eq!(find(&mail)["rpcUrl"], "https://id.example.com");
        assert!(find(&bare)["rpcUrl"].is_null());
        for path in [
            format!("{list}/{ci}"),
            format!("/rest/applinks/3.0/status/{ci}"),
            format!("/rest/applinks/3.0/status/{ci}/oauth"),
        ] {
            api.get(&path).await.expect(404);
        }
        api.delete(&format!("{list}/{ci}")).await.expect(404);
        for path in ["2.0/applicationlink", "1.0/listApplicationlinks"] {
            let answer = api.get(&format!("/rest/applinks/{path}")).await;
            assert!(!answer.expect(200).text.contains(&ci));
        }
        api.delete("/rest/applinks/3.0/features/V4_UI")
            .await
            .expect(204);
        assert_eq!(api.get(list).await.json().as_array().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn refusals_list_their_errors_by_field() {
    let world = pair();
    let jira = world.app("jira");
    jira.configure(|settings| settings.oauth2_error_lists = true);
    let api = admin(jira);
    let bad = json!({"name": " ", "redirects": ["http://ci.example.com"], "scope": "READ"});
    let refused = api.post_json(CLIENTS, bad).await.expect(400).json();
    assert_eq!(refused["errors"], json!([]));
    assert!(refused["fieldErrors"]["name"][0].is_string());
    assert!(refused["fieldErrors"]["redirects"][0].is_string());
    let bad = json!({"name": "x", "redirects": ["https://x"], "scope": "NONE"});
    let refused = api.post_json(CLIENTS, bad).await.expect(400).json();
    assert!(refused["error"].is_string() && refused["error_description"].is_string());
    let missing = api.get(&format!("{CLIENTS}/none")).await.expect(404).json();
    assert_eq!(missing["fieldErrors"], json!({}));
    assert!(missing["errors"][0].is_string());
    let manager = client(jira, As::Role(Role::Admin));
    let refused = manager.get(CLIENTS).await.expect(401).json();
    assert!(refused["errors"][0].is_string());
    jira.configure(|settings| settings.oauth2_https_only = true);
    let refused = api.get(CLIENTS).await.expect(400).json();
    assert!(refused["errors"][0].as_str().unwrap().contains("HTTPS"));
}

#[tokio::test]
async fn redirects_are_trimmed_distinct_and_sorted() {
    let world = pair();
    let body = json!({"name": "ci", "redirects": [" https://b/cb", "https://a/cb", "https://b/cb "], "scope": "READ"});
    let made = admin(world.app("jira")).post_json(CLIENTS, body).await;
    let redirects = &made.expect(200).json()["redirects"];
    assert_eq!(redirects, &json!(["https://a/cb", "https://b/cb"]));
}
