//! Consumers: who may call, with which key, and the traps around them.

use applink_sandbox::{AppHandle, OAuthFlags, Role, url_derived_id};
use serde_json::{Value, json};

use crate::client::{As, admin, client};
use crate::signature::query;
use crate::{linked, pair};

/// A generic link on `app`, made over REST.
async fn generic(app: &AppHandle, url: &str) -> String {
    let body =
        json!({"typeId": "generic", "name": "tool", "rpcUrl": url, "displayUrl": url, "id": null});
    admin(app)
        .put_json("/rest/applinks/3.0/applicationlink", body)
        .await
        .expect(201);
    let id = url_derived_id(url);
    assert!(app.link(&id).is_some());
    id
}

fn consumer_path(id: &str) -> String {
    format!("/rest/applinks-oauth/1.0/applicationlink/{id}/authentication/consumer")
}

/// Status, challenge and user of a two-legged request to `target` by the holder of `signer`'s key.
async fn signed(
    signer: &AppHandle,
    key: &str,
    target: &AppHandle,
    requestor: Option<&str>,
) -> (u16, String, String) {
    let mut fields = vec![("oauth_token", "")];
    if let Some(user) = requestor {
        fields.push(("xoauth_requestor_id", user));
    }
    let query = query(
        signer,
        key,
        "GET",
        &format!("{}/rest/api/2/myself", target.url()),
        &fields,
    );
    let answer = client(target, As::Nobody)
        .get(&format!("/rest/api/2/myself?{query}"))
        .await;
    let header = |name: &str| answer.header(name).to_owned();
    (
        answer.status,
        header("www-authenticate"),
        header("x-ausername"),
    )
}

#[tokio::test]
async fn the_generic_trap_and_the_way_out() {
    let world = pair();
    let (jira, wiki) = (world.app("jira"), world.app("wiki"));
    let id = generic(jira, "https://tool.example.test").await;
    let public = wiki.consumer().public_key.unwrap();
    let body = json!({"key": "tool", "name": "Tool", "publicKey": public, "twoLOAllowed": true,
        "executingTwoLOUser": "admin", "twoLOImpersonationAllowed": true});
    let made = admin(jira)
        .put_json(&consumer_path(&id), body)
        .await
        .expect(201)
        .json();
    let relative = format!("applicationlink/{id}/authentication/consumer");
    assert_eq!(made["resources-created"][0]["href"], relative);
    let read = admin(jira)
        .get(&consumer_path(&id))
        .await
        .expect(200)
        .json();
    assert_eq!(read["consumers"][0]["twoLOAllowed"], false);
    assert!(read["consumers"][0].get("executingTwoLOUser").is_none());
    let (status, problem, _) = signed(wiki, "tool", jira, None).await;
    assert_eq!(status, 401);
    assert!(!problem.contains("oauth_problem"), "{problem}");

    let off = json!({"enabled": false, "twoLoEnabled": false, "twoLoImpersonationEnabled": false});
    let on = json!({"enabled": true, "twoLoEnabled": true, "twoLoImpersonationEnabled": true});
    let path = format!("/rest/applinks/3.0/status/{id}/oauth");
    admin(jira)
        .put_json(&path, json!({"incoming": on, "outgoing": off}))
        .await
        .expect(204);
    let (status, _, user) = signed(wiki, "tool", jira, None).await;
    assert_eq!((status, user.as_str()), (401, "anonymous"));
    let (status, _, user) = signed(wiki, "tool", jira, Some("jane")).await;
    assert_eq!((status, user.as_str()), (200, "jane"));
    let (_, _, user) = signed(wiki, "tool", jira, Some("stranger")).await;
    assert_eq!(user, "anonymous");
}

#[tokio::test]
async fn a_replaced_consumer_key_stays_valid() {
    let world = pair();
    let (jira, wiki) = (world.app("jira"), world.app("wiki"));
    let id = generic(jira, "https://tool.example.test").await;
    let public = wiki.consumer().public_key.unwrap();
    let path = format!("/rest/applinks/3.0/status/{id}/oauth");
    let off = json!({"enabled": false});
    let on = json!({"enabled": true, "twoLoEnabled": true, "twoLoImpersonationEnabled": true});
    for key in ["old", "new"] {
        let body = json!({"key": key, "publicKey": public});
        admin(jira)
            .put_json(&consumer_path(&id), body)
            .await
            .expect(201);
        admin(jira)
            .put_json(&path, json!({"incoming": on, "outgoing": off}))
            .await
            .expect(204);
    }
    for key in ["old", "new"] {
        assert_eq!(signed(wiki, key, jira, Some("jane")).await.0, 200, "{key}");
    }
    let listed = admin(jira).get(&consumer_path(&id)).await.json();
    assert_eq!(listed["consumers"].as_array().unwrap().len(), 1);
    // Removed by way of the link: make it the link's again, switch off.
    admin(jira)
        .put_json(
            &consumer_path(&id),
            json!({"key": "old", "publicKey": public}),
        )
        .await
        .expect(201);
    admin(jira)
        .put_json(&path, json!({"incoming": off, "outgoing": off}))
        .await
        .expect(204);
    assert!(
        signed(wiki, "old", jira, Some("jane"))
            .await
            .1
            .contains("consumer_key_unknown")
    );
    assert_eq!(signed(wiki, "new", jira, Some("jane")).await.0, 200);
    admin(jira).get(&consumer_path(&id)).await.expect(404);
}

#[tokio::test]
async fn a_key_of_another_link_is_taken_over() {
    let world = pair();
    let (jira, wiki) = linked(&world, OAuthFlags::OAUTH);
    let key = wiki.consumer().key;
    let id = generic(jira, "https://tool.example.test").await;
    let body =
        json!({"key": key, "name": "Thief", "publicKey": jira.consumer().public_key.unwrap()});
    admin(jira)
        .put_json(&consumer_path(&id), body)
        .await
        .expect(201);
    let path = format!(
        "/rest/applinks-oauth/latest/applicationlink/{}/authentication/consumer",
        wiki.id()
    );
    let shown = admin(jira).get(&path).await.expect(200).json();
    assert_eq!(shown["consumers"][0]["name"], "Thief");
    assert_eq!(crate::code(wiki, jira).await, "AUTH_LEVEL_UNSUPPORTED");
}

#[tokio::test]
async fn required_fields_and_bad_keys() {
    let world = pair();
    let (jira, wiki) = linked(&world, OAuthFlags::NONE);
    let refused = admin(jira)
        .put_json(&consumer_path(&wiki.id()), json!({}))
        .await
        .expect(400)
        .json();
    assert_eq!(refused["message"].as_array().unwrap().len(), 3);
    let pem = "-----BEGIN RSA PUBLIC KEY-----\nMIIBCgKCAQEA\n-----END RSA PUBLIC KEY-----";
    let body = json!({"key": "k", "name": "n", "publicKey": pem});
    admin(jira)
        .put_json(&consumer_path(&wiki.id()), body)
        .await
        .expect(400);
    assert!(jira.consumers().is_empty());
    let body = json!({"twoLOAllowed": true, "executingTwoLOUser": "jane"});
    let auto = format!("{}?autoConfigure=true", consumer_path(&wiki.id()));
    admin(jira).put_json(&auto, body.clone()).await.expect(201);
    let stored = &jira.consumers()[0];
    assert_eq!(stored.executing_user.as_deref(), Some("jane"));
    assert_eq!(stored.public_key, wiki.consumer().public_key);
    wiki.stop();
    assert_eq!(
        admin(jira).put_json(&auto, body).await.expect(500).json()["status-code"],
        500
    );
}

#[tokio::test]
async fn a_stored_key_is_kept_until_incoming_is_switched_off() {
    let world = pair();
    let (jira, wiki) = linked(&world, OAuthFlags::OAUTH);
    wiki.rotate_key();
    let path = format!("/rest/applinks/3.0/status/{}/oauth", wiki.id());
    let on = json!({"enabled": true, "twoLoEnabled": true});
    let set = |incoming: Value| {
        admin_put(
            jira,
            path.clone(),
            json!({"incoming": incoming, "outgoing": on}),
        )
    };
    set(on.clone()).await;
    assert_ne!(jira.consumers()[0].public_key, wiki.consumer().public_key);
    set(json!({"enabled": false})).await;
    set(on.clone()).await;
    assert_eq!(jira.consumers()[0].public_key, wiki.consumer().public_key);
}

async fn admin_put(app: &AppHandle, path: String, body: Value) {
    admin(app).put_json(&path, body).await.expect(204);
}

#[tokio::test]
async fn consumer_information_that_cannot_be_had() {
    let world = pair();
    let (jira, wiki) = linked(&world, OAuthFlags::NONE);
    wiki.stop();
    let before = jira.snapshot();
    let path = format!("/rest/applinks/3.0/status/{}/oauth", wiki.id());
    let on = json!({"enabled": true, "twoLoEnabled": true, "twoLoImpersonationEnabled": false});
    let refused = admin(jira)
        .put_json(&path, json!({"incoming": on, "outgoing": on}))
        .await
        .expect(409)
        .json();
    assert!(
        refused["errors"][0]["details"][0]
            .as_str()
            .unwrap()
            .contains("ConnectException")
    );
    assert_eq!(jira.snapshot(), before);
}

#[tokio::test]
async fn signed_requests_are_checked() {
    let world = pair();
    let (jira, wiki) = linked(&world, OAuthFlags::IMPERSONATION);
    let key = wiki.consumer().key;
    assert_eq!(signed(wiki, &key, jira, Some("jane")).await.2, "jane");
    let (status, problem, _) = signed(jira, &key, jira, Some("jane")).await;
    assert_eq!(status, 401);
    assert!(
        problem.contains("oauth_problem=\"signature_invalid\""),
        "{problem}"
    );
    assert!(
        problem.contains("oauth_signature_base_string=\"GET%26"),
        "{problem}"
    );
    let hmac = format!(
        "/rest/api/2/myself?oauth_consumer_key={key}&oauth_token=&oauth_signature_method=HMAC-SHA1&oauth_signature=x&oauth_timestamp=1&oauth_nonce=1"
    );
    let answer = client(jira, As::Nobody).get(&hmac).await.expect(400);
    assert!(
        answer
            .text
            .contains("oauth_problem=timestamp_refused&oauth_acceptable_timestamps="),
        "{}",
        answer.text
    );
    assert_eq!(
        answer.header("content-type"),
        "application/x-www-form-urlencoded;charset=UTF-8"
    );
    let no_token = hmac.replace("oauth_token=&", "");
    client(jira, As::Nobody)
        .get(&no_token)
        .await
        .expect(401)
        .json();
    client(jira, As::Role(Role::User))
        .get("/rest/api/2/myself")
        .await
        .expect(200);
}

#[tokio::test]
async fn the_outgoing_consumer_of_a_generic_link() {
    let world = pair();
    let jira = world.app("jira");
    let id = generic(jira, "https://tool.example.test").await;
    let body = json!({"key": "out", "outgoing": true});
    admin(jira)
        .put_json(&consumer_path(&id), body)
        .await
        .expect(400);
    let body = json!({"key": "out", "name": "Out", "sharedSecret": "s", "outgoing": true});
    admin(jira)
        .put_json(&consumer_path(&id), body)
        .await
        .expect(201);
    admin(jira).get(&consumer_path(&id)).await.expect(404);
    let provider = format!("/rest/applinks/3.0/applicationlink/{id}/authentication/provider");
    let config =
        json!({"consumerKey.outbound": "out", "serviceProvider.authorizeUrl": "https://t/a"});
    let body = json!({"provider": applink_sandbox::OAUTH_PROVIDERS[0], "config": config});
    admin(jira).put_json(&provider, body).await.expect(201);
    let read = admin(jira)
        .get(&consumer_path(&id))
        .await
        .expect(200)
        .json();
    assert_eq!(read["consumers"][0]["signatureMethod"], "HMAC_SHA1");
    let providers = admin(jira).get(&provider).await.expect(200).json();
    assert_eq!(providers["authenticationProviders"][0]["config"], config);
    let unknown = json!({"provider": "com.example.Nothing", "config": {}});
    admin(jira).put_json(&provider, unknown).await.expect(400);
}
