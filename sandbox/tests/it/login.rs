//! Who may do what, and what stands in the way.

use applink_sandbox::{App, Generation, OAuthFlags, Product, Role, World};
use serde_json::json;

use crate::client::{As, admin, client, http, send};
use crate::{linked, pair};

#[tokio::test]
async fn the_permission_split() {
    let world = pair();
    let (jira, wiki) = linked(&world, OAuthFlags::OAUTH);
    let nobody = client(jira, As::Nobody);
    let user = client(jira, As::Role(Role::User));
    for path in [
        "/rest/applinks/1.0/applicationlink",
        "/rest/applinks/3.0/listApplicationlinks",
        "/rest/applinks/1.0/authenticationinfo",
    ] {
        assert_eq!(
            nobody.get(path).await.expect(401).json()["status-code"],
            401
        );
        assert_eq!(user.get(path).await.expect(401).json()["status-code"], 401);
        client(jira, As::Role(Role::Admin))
            .get(path)
            .await
            .expect(200);
    }
    for path in [
        "/rest/applinks/3.0/applinks".to_owned(),
        format!("/rest/applinks/3.0/status/{}", wiki.id()),
    ] {
        assert_eq!(nobody.get(&path).await.expect(401).json()["status"], 401);
        assert_eq!(user.get(&path).await.expect(403).json()["status"], 403);
    }
    for path in [
        "manifest".to_owned(),
        "capabilities".to_owned(),
        "capabilities/STATUS_API".to_owned(),
        format!("status/{}/oauth", wiki.id()),
    ] {
        nobody
            .get(&format!("/rest/applinks/3.0/{path}"))
            .await
            .expect(200);
    }
    nobody
        .get("/rest/applinks/3.0/capabilities/NONE")
        .await
        .expect(404);
}

#[tokio::test]
async fn credentials_in_the_query_of_old_resources() {
    let world = pair();
    let jira = world.app("jira");
    let manager = jira.user(Role::Admin);
    let path = format!(
        "/rest/applinks/1.0/authenticationinfo?al_username={}&al_password={}",
        manager.name, manager.password
    );
    client(jira, As::Nobody).get(&path).await.expect(200);
}

#[tokio::test]
async fn impersonation_needs_a_system_administrator() {
    let world = pair();
    let (jira, wiki) = linked(&world, OAuthFlags::OAUTH);
    let level = json!({"enabled": true, "twoLoEnabled": true, "twoLoImpersonationEnabled": true});
    let path = format!("/rest/applinks/3.0/status/{}/oauth", wiki.id());
    let manager = client(jira, As::Role(Role::Admin));
    manager
        .put_json(&path, json!({"incoming": level, "outgoing": level}))
        .await
        .expect(403);
    let provider = format!(
        "/rest/applinks/3.0/applicationlink/{}/authentication/provider",
        wiki.id()
    );
    let body = json!({"provider": applink_sandbox::OAUTH_PROVIDERS[2], "config": {}});
    manager.put_json(&provider, body.clone()).await.expect(400);
    admin(jira).put_json(&provider, body).await.expect(201);
}

#[tokio::test]
async fn every_401_names_the_base_url() {
    let world = pair();
    let jira = world.app("jira");
    jira.configure(|settings| settings.base_url = Some("https://jira.example.com/j".to_owned()));
    let refused = client(jira, As::Nobody)
        .get("/rest/applinks/1.0/applicationlink")
        .await
        .expect(401);
    assert_eq!(
        refused.header("www-authenticate"),
        "OAuth realm=\"https%3A%2F%2Fjira.example.com%2Fj\""
    );
    let wrong = As::Basic("admin".to_owned(), "wrong".to_owned());
    let refused = client(jira, wrong)
        .get("/rest/applinks/1.0/manifest")
        .await
        .expect(401);
    assert_eq!(
        refused.header("x-seraph-loginreason"),
        "AUTHENTICATED_FAILED"
    );
    assert!(
        refused
            .all_headers("www-authenticate")
            .iter()
            .any(|value| value.starts_with("OAuth realm="))
    );
}

#[tokio::test]
async fn captcha() {
    let world = pair();
    let jira = world.app("jira");
    jira.configure(|settings| settings.captcha_after = Some(2));
    let wrong = As::Basic("admin".to_owned(), "wrong".to_owned());
    for _ in 0..2 {
        client(jira, wrong.clone())
            .get("/rest/api/2/myself")
            .await
            .expect(401);
    }
    let denied = admin(jira).get("/rest/api/2/myself").await.expect(403);
    assert_eq!(
        denied.header("x-seraph-loginreason"),
        "AUTHENTICATION_DENIED"
    );
    let expected = format!("CAPTCHA_CHALLENGE; login-url={}/login.jsp", jira.url());
    assert_eq!(denied.header("x-authentication-denied-reason"), expected);
    client(jira, As::Role(Role::Admin))
        .get("/rest/api/2/myself")
        .await
        .expect(200);
    jira.solve_captcha();
    admin(jira).get("/rest/api/2/myself").await.expect(200);
}

#[tokio::test]
async fn websudo() {
    let world = pair();
    let (jira, wiki) = linked(&world, OAuthFlags::OAUTH);
    jira.configure(|settings| settings.websudo = true);
    let token = As::Bearer(jira.token(Role::SystemAdmin).unwrap().to_owned());
    let bearer = client(jira, token);
    let refused = bearer
        .get("/rest/applinks/1.0/applicationlink")
        .await
        .expect(401)
        .json();
    assert_eq!(
        refused,
        json!({"status-code": 401, "message": "This resource requires WebSudo."})
    );
    bearer.get("/rest/applinks/3.0/applinks").await.expect(200);
    bearer
        .get("/rest/applinks/1.0/listApplicationlinks")
        .await
        .expect(200);
    admin(jira)
        .get("/rest/applinks/1.0/applicationlink")
        .await
        .expect(200);
    jira.configure(|settings| settings.bearer_bypasses_websudo = true);
    bearer
        .get("/rest/applinks/1.0/applicationlink")
        .await
        .expect(200);
    jira.configure(|settings| settings.bearer_bypasses_websudo = false);
    bearer
        .delete(&format!("/rest/applinks/1.0/applicationlink/{}", wiki.id()))
        .await
        .expect(200);
}

#[tokio::test]
async fn basic_switched_off() {
    let world = pair();
    let jira = world.app("jira");
    jira.configure(|settings| settings.basic_allowed = false);
    let refused = admin(jira)
        .get("/rest/applinks/1.0/authenticationinfo")
        .await
        .expect(403)
        .json();
    assert_eq!(
        refused,
        json!({"message": "Basic Authentication has been disabled on this instance."})
    );
    let token = As::Bearer(jira.token(Role::Admin).unwrap().to_owned());
    client(jira, token)
        .get("/rest/applinks/1.0/authenticationinfo")
        .await
        .expect(200);
}

#[tokio::test]
async fn tokens() {
    let world = World::builder()
        .app(App::new(Product::Jira, "jira"))
        .app(App::new(Product::Bitbucket, "bitbucket"))
        .app(App::new(Product::Crowd, "crowd"))
        .app(App::new(Product::Confluence, "old").generation(Generation::Old))
        .start()
        .unwrap();
    let ignored = client(world.app("jira"), As::Bearer("nonsense".to_owned()));
    ignored.get("/rest/applinks/1.0/manifest").await.expect(200);
    let answer = ignored.get("/rest/applinks/3.0/applinks").await.expect(401);
    assert_eq!(answer.header("x-ausername"), "anonymous");
    let bitbucket = world.app("bitbucket");
    let token = As::Bearer(bitbucket.token(Role::SystemAdmin).unwrap().to_owned());
    let answer = client(bitbucket, token)
        .get("/rest/applinks/3.0/applinks")
        .await
        .expect(403);
    assert_eq!(answer.header("x-ausername"), "admin");
    let jira = world.app("jira");
    let token = jira.token(Role::Admin).unwrap().to_owned();
    let bearer = client(jira, As::Bearer(token.clone()));
    bearer.get("/rest/applinks/3.0/applinks").await.expect(200);
    jira.revoke_token(&token);
    bearer.get("/rest/applinks/3.0/applinks").await.expect(401);
    assert!(world.app("crowd").tokens().is_empty());
    assert!(world.app("old").tokens().is_empty());
}

#[tokio::test]
async fn identities() {
    let world = World::builder()
        .app(App::new(Product::Jira, "jira"))
        .app(App::new(Product::Confluence, "wiki"))
        .app(App::new(Product::Bamboo, "bamboo"))
        .start()
        .unwrap();
    let jira = world.app("jira");
    assert_eq!(
        admin(jira)
            .get("/rest/api/2/myself")
            .await
            .expect(200)
            .json()["name"],
        "admin"
    );
    client(jira, As::Nobody)
        .get("/rest/api/2/myself")
        .await
        .expect(401);
    for (role, expected) in [
        (Role::User, [false, false]),
        (Role::Admin, [true, false]),
        (Role::SystemAdmin, [true, true]),
    ] {
        let answer = client(jira, As::Role(role))
            .get("/rest/api/2/mypermissions")
            .await
            .json();
        let has = |key: &str| answer["permissions"][key]["havePermission"] == true;
        assert_eq!([has("ADMINISTER"), has("SYSTEM_ADMIN")], expected);
    }
    let wiki = world.app("wiki");
    assert_eq!(
        admin(wiki).get("/rest/api/user/current").await.json()["username"],
        "admin"
    );
    assert_eq!(
        client(wiki, As::Nobody)
            .get("/rest/api/user/current")
            .await
            .json()["type"],
        "anonymous"
    );
    assert_eq!(
        admin(world.app("bamboo"))
            .get("/rest/api/latest/currentUser")
            .await
            .json()["name"],
        "admin"
    );
}

#[tokio::test]
async fn forged_requests() {
    let world = pair();
    let (jira, wiki) = linked(&world, OAuthFlags::OAUTH);
    let api = admin(jira);
    let primary = format!("/rest/applinks/1.0/applicationlink/primary/{}", wiki.id());
    let refused = send(api.request("POST", &primary)).await.expect(403);
    assert_eq!(refused.text, "XSRF check failed");
    api.post(&primary).await.expect(200);
    send(
        api.request("POST", &primary)
            .header("Content-Type", "application/json"),
    )
    .await
    .expect(200);
    let browser = api
        .request("POST", &primary)
        .header("User-Agent", "Mozilla/5.0");
    send(browser.header("X-Atlassian-Token", "no-check"))
        .await
        .expect(403);
    let form = format!(
        "/rest/applinks/1.0/applicationlinkForm/manifest?url={}",
        wiki.url()
    );
    send(api.request("GET", &form)).await.expect(403);
    send(client(jira, As::Nobody).request("POST", &primary))
        .await
        .expect(403);
}

#[tokio::test]
async fn only_own_hosts_are_served() {
    let world = pair();
    let jira = world.app("jira");
    let url = format!("{}/rest/applinks/1.0/manifest", jira.url());
    send(http().get(&url).header("Host", "evil.example.com"))
        .await
        .expect(421);
    let port = jira.port();
    send(http().get(&url).header("Host", format!("localhost:{port}")))
        .await
        .expect(200);
    jira.configure(|settings| settings.base_url = Some("https://jira.example.com/jira".to_owned()));
    send(http().get(&url).header("Host", "jira.example.com"))
        .await
        .expect(200);
    send(http().get(format!("http://127.0.0.1:{port}/jirax")))
        .await
        .expect(404);
}

#[tokio::test]
async fn basic_has_exceptions_by_path_and_user() {
    let world = pair();
    let jira = world.app("jira");
    let config = "/rest/basicauth/1.0/config";
    let token = As::Bearer(jira.token(Role::SystemAdmin).unwrap().to_owned());
    let bearer = client(jira, token);
    let body = json!({"block-requests": true, "allowed-paths": ["/rest/applinks*"], "allowed-users": ["man*r"]});
    bearer.put_json(config, body).await.expect(204);
    let read = bearer.get(config).await.expect(200).json();
    assert_eq!(read["block-requests"], true);
    assert_eq!(read["allowed-paths"], json!(["/rest/applinks*"]));
    assert_eq!(read["show-warning-message"], false);
    let api = admin(jira);
    api.get("/rest/applinks/3.0/applinks").await.expect(200);
    api.get("/rest/api/2/myself").await.expect(403);
    let manager = client(jira, As::Role(Role::Admin));
    manager.get("/rest/api/2/myself").await.expect(200);
    manager.get(config).await.expect(403);
    let anyone = client(jira, As::Nobody);
    anyone.get(config).await.expect(401);
    let options = anyone.get("/rest/authconfig/1.0/login-options").await;
    assert_eq!(
        options.expect(200).json()["results"][0]["type"],
        "LOGIN_FORM"
    );
}
