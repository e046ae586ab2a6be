//! The endpoints of the web wizard, and what peers ask of each other.

use applink_sandbox::{App, Fault, Link, OAuthFlags, Product, Role, World};
use serde_json::json;

use crate::client::{As, admin, client, send};
use crate::{code, linked, pair};

#[tokio::test]
async fn both_ends_in_one_call() {
    let world = pair();
    let (jira, wiki) = (world.app("jira"), world.app("wiki"));
    let remote = wiki.user(Role::SystemAdmin);
    let body = |password: &str, two_way: bool| {
        json!({
            "applicationLink": {"typeId": "confluence", "name": "Wiki", "rpcUrl": wiki.url(), "displayUrl": wiki.url(), "id": null},
            "username": remote.name, "password": password, "createTwoWayLink": two_way, "customRpcURL": false,
            "configFormValues": {"trustEachOther": true, "shareUserbase": true}, "orphanedTrust": null,
        })
    };
    let path = "/rest/applinks/latest/applicationlinkForm/createAppLink";
    let refused = admin(jira)
        .post_json(path, body("wrong", true))
        .await
        .expect(400)
        .json();
    assert_eq!(refused["fields"], json!(["authorization"]));
    let manager = client(jira, As::Role(Role::Admin));
    let refused = manager
        .post_json(path, body(&remote.password, true))
        .await
        .expect(400)
        .json();
    assert_eq!(refused["fields"], json!(["same-userbase"]));
    let made = admin(jira)
        .post_json(path, body(&remote.password, true))
        .await
        .expect(200)
        .json();
    assert_eq!(made["autoConfigurationSuccessful"], true);
    assert_eq!(made["applicationLink"]["id"], wiki.id());
    assert_eq!(code(jira, wiki).await, "OK");
    assert_eq!(code(wiki, jira).await, "OK");
}

#[tokio::test]
async fn the_remote_half_is_left_behind() {
    let world = pair();
    let (jira, wiki) = (world.app("jira"), world.app("wiki"));
    let remote = wiki.user(Role::SystemAdmin);
    wiki.fault(Fault::status(500).path("/manifest"));
    let body = json!({
        "applicationLink": {"typeId": "confluence", "name": "Wiki", "rpcUrl": wiki.url(), "displayUrl": wiki.url()},
        "username": remote.name, "password": remote.password, "createTwoWayLink": true,
        "configFormValues": {"trustEachOther": true, "shareUserbase": false},
    });
    admin(jira)
        .post_json("/rest/applinks/1.0/applicationlinkForm/createAppLink", body)
        .await
        .expect(500);
    assert!(jira.links().is_empty());
    assert_eq!(wiki.links().len(), 1);
}

#[tokio::test]
async fn what_is_at_this_url() {
    let world = pair();
    let (jira, wiki) = (world.app("jira"), world.app("wiki"));
    let ask = |url: String| {
        let request = admin(jira).request(
            "GET",
            &format!("/rest/applinks/1.0/applicationlinkForm/manifest?url={url}"),
        );
        send(request.header("X-Atlassian-Token", "no-check"))
    };
    assert_eq!(ask(wiki.url()).await.expect(200).json()["id"], wiki.id());
    ask(String::new()).await.expect(400);
    ask(jira.url()).await.expect(409);
    let silent = ask("http://nowhere.example.test".to_owned())
        .await
        .expect(200)
        .json();
    assert_eq!(silent["code"], "applinks.warning.unknown.host");
    wiki.fault(Fault::redirect(
        "https://wiki.example.test/rest/applinks/1.0/manifest",
    ));
    let redirected = ask(wiki.url()).await.expect(200).json();
    assert_eq!(
        redirected["params"]["redirectedUrl"],
        "https://wiki.example.test"
    );
    wiki.clear_faults();
    wiki.fault(Fault::html("Welcome"));
    assert_eq!(ask(wiki.url()).await.expect(200).json(), json!({}));
    wiki.clear_faults();
    jira.configure(|settings| settings.allow_all_hosts = false);
    ask(wiki.url()).await.expect(403);
    ask("http://nowhere.example.test".to_owned())
        .await
        .expect(400);
    jira.configure(|settings| settings.allow_all_hosts = true);
    jira.add_link_to(wiki);
    ask(wiki.url()).await.expect(409);
}

#[tokio::test]
async fn details_of_a_reciprocal_link() {
    let world = pair();
    let (jira, wiki) = (world.app("jira"), world.app("wiki"));
    let remote = wiki.user(Role::Admin);
    let ask = |password: String, url: String| {
        let body = json!({"remoteUrl": wiki.url(), "rpcUrl": url, "username": remote.name, "password": password});
        async move {
            admin(jira)
                .post_json("/rest/applinks/1.0/applicationlinkForm/details", body)
                .await
        }
    };
    ask(remote.password.clone(), jira.url()).await.expect(200);
    let refused = ask("wrong".to_owned(), jira.url()).await.expect(400).json();
    assert_eq!(refused["fields"], json!(["reciprocal-link-password"]));
    ask(
        remote.password.clone(),
        "http://nowhere.example.test".to_owned(),
    )
    .await
    .expect(400);
}

#[tokio::test]
async fn deleting_at_both_ends() {
    let world = pair();
    let (jira, wiki) = linked(&world, OAuthFlags::OAUTH);
    let path = format!(
        "/rest/applinks/1.0/applicationlink/{}?reciprocate=true",
        wiki.id()
    );
    let permission = format!(
        "/rest/applinks/1.0/permission/reciprocate-application-delete/{}",
        wiki.id()
    );
    let asked = admin(jira).get(&permission).await.expect(200).json();
    assert_eq!(asked["code"], "CREDENTIALS_REQUIRED");
    assert!(asked["url"].is_string());
    admin(jira).delete(&path).await.expect(401);
    jira.give_token(&wiki.id(), "admin", wiki, "jane");
    assert_eq!(
        admin(jira).get(&permission).await.json(),
        json!({"code": "NO_PERMISSION"})
    );
    let refused = admin(jira).delete(&path).await.expect(500).json();
    assert!(
        refused["message"]
            .as_str()
            .unwrap()
            .contains("Received 401 - Unauthorized"),
        "{refused}"
    );
    assert_eq!((jira.links().len(), wiki.links().len()), (1, 1));
    jira.give_token(&wiki.id(), "admin", wiki, "admin");
    assert_eq!(
        admin(jira).get(&permission).await.json(),
        json!({"code": "ALLOWED"})
    );
    let gone = admin(jira).delete(&path).await.expect(200).json();
    assert_eq!(
        gone,
        json!({"status-code": 200, "message": format!("Deleted application with id '{}'", wiki.id())})
    );
    assert_eq!((jira.links().len(), wiki.links().len()), (0, 0));
}

#[tokio::test]
async fn an_unreachable_peer_keeps_the_link() {
    let world = pair();
    let (jira, wiki) = linked(&world, OAuthFlags::IMPERSONATION);
    wiki.stop();
    let permission = format!(
        "/rest/applinks/1.0/permission/reciprocate-application-delete/{}",
        wiki.id()
    );
    assert_eq!(
        admin(jira).get(&permission).await.json()["code"],
        "NO_CONNECTION"
    );
    admin(jira)
        .delete(&format!(
            "/rest/applinks/3.0/applicationlink/{}?reciprocate=true",
            wiki.id()
        ))
        .await
        .expect(500);
    assert_eq!(jira.links().len(), 1);
}

#[tokio::test]
async fn static_links_are_for_plugin_types() {
    let world = World::builder()
        .app(
            App::new(Product::Jira, "jira")
                .settings(|settings| settings.extra_types.push("connect.app".to_owned())),
        )
        .start()
        .unwrap();
    let jira = world.app("jira");
    let path = |kind: &str| {
        format!("/rest/applinks/1.0/applicationlinkForm/createStaticUrlAppLink?typeId={kind}")
    };
    admin(jira).post(&path("jira")).await.expect(400);
    assert_eq!(
        admin(jira)
            .post(&path("connect.app"))
            .await
            .expect(200)
            .json()["autoConfigurationSuccessful"],
        true
    );
}

#[tokio::test]
async fn a_reciprocal_put_reads_the_manifest_first() {
    let world = pair();
    let (jira, wiki) = (world.app("jira"), world.app("wiki"));
    let path = format!("/rest/applinks/1.0/applicationlink/{}", wiki.id());
    let body = |name: &str, url: String| json!({"id": wiki.id(), "typeId": "confluence", "name": name, "rpcUrl": url, "displayUrl": url});
    admin(jira)
        .put_json(&path, body("w", "http://nowhere.example.test".to_owned()))
        .await
        .expect(400);
    admin(jira)
        .put_json(&path, body("w", wiki.url()))
        .await
        .expect(201);
    admin(jira)
        .put_json(&path, body("x", wiki.url()))
        .await
        .expect(200);
    admin(jira)
        .put_json(&path, body("x", format!("{}/", wiki.url())))
        .await
        .expect(400);
    jira.add_link(Link::new(
        "00000000-0000-3000-8000-000000000000",
        "bamboo",
        "b",
        "http://b",
    ));
    admin(jira)
        .put_json(&path, body("b", wiki.url()))
        .await
        .expect(400);
    jira.mark_system(&wiki.id());
    client(jira, As::Role(Role::Admin))
        .put_json(&path, body("y", wiki.url()))
        .await
        .expect(403);
    admin(jira)
        .put_json("/rest/applinks/1.0/applicationlink", body("y", wiki.url()))
        .await
        .expect(405);
}
