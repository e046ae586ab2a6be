//! Moving a link to another address.

use applink_sandbox::{App, Fault, OAuthFlags, Product, Role, World};
use serde_json::json;

use crate::client::{As, admin, client, send};
use crate::{code, linked, pair};

fn path(id: &str, url: &str, nowarning: bool) -> String {
    format!("/rest/applinks/1.0/relocateApplicationlink/{id}?newUrl={url}&nowarning={nowarning}")
}

#[tokio::test]
async fn relocation() {
    let world = World::builder()
        .app(App::new(Product::Jira, "jira"))
        .app(App::new(Product::Confluence, "wiki"))
        .app(App::new(Product::Bamboo, "bamboo"))
        .start()
        .unwrap();
    let (jira, wiki) = linked(&world, OAuthFlags::OAUTH);
    let (id, api) = (wiki.id(), admin(jira));
    let old = wiki.url();
    world.move_app("wiki", "/moved").unwrap();
    jira.forget_capabilities();
    assert_eq!(code(jira, wiki).await, "CONNECTION_REFUSED");
    let new = wiki.url();
    assert_ne!(old, new);

    let manager = client(jira, As::Role(Role::Admin));
    assert_eq!(
        manager
            .post(&path(&id, &new, false))
            .await
            .expect(403)
            .json()["status-code"],
        403
    );
    client(jira, As::Role(Role::User))
        .post(&path(&id, &new, false))
        .await
        .expect(401);
    api.post(&path(&id, "nonsense", false)).await.expect(500);
    api.post(&path(&jira.id(), &new, false)).await.expect(404);
    send(api.request("POST", &path(&id, &new, false)))
        .await
        .expect(403);

    let offline = api.post(&path(&id, &old, false)).await.expect(409);
    assert_eq!(offline.text, "");
    let wrong = api
        .post(&path(&id, &world.app("bamboo").url(), true))
        .await
        .expect(400);
    assert!(
        serde_json::from_str::<serde_json::Value>(&wrong.text).is_err(),
        "{}",
        wrong.text
    );

    api.post(&path(&id, &new, false)).await.expect(204);
    let link = jira.link(&id).unwrap();
    assert_eq!((&link.rpc_url, &link.display_url), (&new, &new));
    // What was remembered of the peer while it was away is remembered still.
    assert_eq!(code(jira, wiki).await, "LOCAL_AUTH_TOKEN_REQUIRED");
    let refresh = format!("/rest/applinks/3.0/capabilities/remote/{id}?maxAge=0");
    api.get(&refresh).await.expect(200);
    assert_eq!(code(jira, wiki).await, "OK");

    api.post(&path(&id, &old, true)).await.expect(204);
    assert_eq!(jira.link(&id).unwrap().display_url, old);
}

#[tokio::test]
async fn an_address_without_a_manifest_is_taken() {
    let world = pair();
    let (jira, wiki) = linked(&world, OAuthFlags::OAUTH);
    wiki.fault(Fault::html("Welcome"));
    let elsewhere = format!("{}/elsewhere", wiki.url());
    admin(jira)
        .post(&path(&wiki.id(), &elsewhere, false))
        .await
        .expect(204);
    assert_eq!(jira.link(&wiki.id()).unwrap().rpc_url, elsewhere);
}

#[tokio::test]
async fn another_instance_of_the_type_is_taken() {
    let world = World::builder()
        .app(App::new(Product::Jira, "jira"))
        .app(App::new(Product::Confluence, "wiki"))
        .app(App::new(Product::Confluence, "other"))
        .start()
        .unwrap();
    let (jira, wiki) = linked(&world, OAuthFlags::OAUTH);
    let other = world.app("other").url();
    admin(jira)
        .post(&path(&wiki.id(), &other, false))
        .await
        .expect(204);
    assert_eq!(jira.link(&wiki.id()).unwrap().rpc_url, other);
    assert_eq!(code(jira, wiki).await, "NO_REMOTE_APPLINK");
}

#[tokio::test]
async fn the_newer_way_needs_no_system_administrator() {
    let world = pair();
    let (jira, wiki) = linked(&world, OAuthFlags::OAUTH);
    let body = json!({"name": "Wiki", "rpcUrl": "http://new.example.test", "displayUrl": "http://new.example.test"});
    let path = format!("/rest/applinks/3.0/applinks/{}", wiki.id());
    let manager = client(jira, As::Role(Role::Admin));
    let link = manager
        .put_json(&path, body.clone())
        .await
        .expect(200)
        .json();
    assert_eq!(link["rpcUrl"], "http://new.example.test");
    jira.mark_system(&wiki.id());
    let refused = manager.put_json(&path, body).await.expect(400).json();
    assert!(refused["errors"][0].get("context").is_none());
}
