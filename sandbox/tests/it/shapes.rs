//! Representations: XML by default, the error shapes, and null fields.

use applink_sandbox::{App, Generation, Link, OAuthFlags, Product, World};
use serde_json::{Value, json};

use crate::client::{As, admin, client};
use crate::{linked, pair};

const UNKNOWN: &str = "00000000-0000-3000-8000-000000000000";

#[tokio::test]
async fn xml_unless_json_is_asked_for() {
    let world = pair();
    let (jira, wiki) = linked(&world, OAuthFlags::OAUTH);
    let xml = admin(jira).xml();
    let manifest = xml.get("/rest/applinks/1.0/manifest").await.expect(200);
    assert_eq!(
        manifest.header("content-type"),
        "application/xml;charset=UTF-8"
    );
    assert!(
        manifest.text.contains(&format!("<id>{}</id>", jira.id())),
        "{}",
        manifest.text
    );
    assert!(
        manifest
            .text
            .contains("<inboundAuthenticationTypes>placeholder.to.ensure")
    );
    let json = xml
        .get("/rest/applinks/latest/manifest.json")
        .await
        .expect(200)
        .json();
    assert_eq!(json["typeId"], "jira");
    let list = xml
        .get("/rest/applinks/1.0/applicationlink")
        .await
        .expect(200);
    assert!(list.text.contains(&format!("<id>{}</id>", wiki.id())));
    let missing = xml
        .delete(&format!("/rest/applinks/1.0/applicationlink/{UNKNOWN}"))
        .await
        .expect(404);
    assert!(missing.text.contains("<status-code>404</status-code>"));
    let newer = xml.get("/rest/applinks/3.0/applinks").await.expect(200);
    assert_eq!(
        newer.header("content-type"),
        "application/json;charset=UTF-8"
    );
    assert_eq!(
        xml.get("/rest/applinks/1.0/listApplicationlinks.json")
            .await
            .expect(200)
            .json()["list"][0]["application"]["id"],
        wiki.id()
    );
}

#[tokio::test]
async fn xml_bodies_are_understood_by_the_older_resources() {
    let world = pair();
    let (jira, wiki) = (world.app("jira"), world.app("wiki"));
    let body = format!(
        "<applicationLink><id>{}</id><typeId>confluence</typeId><name>W &amp; X</name><rpcUrl>{}</rpcUrl></applicationLink>",
        wiki.id(),
        wiki.url()
    );
    let request = admin(jira).request("PUT", "/rest/applinks/2.0/applicationlink");
    let made =
        crate::client::send(request.header("Content-Type", "application/xml").body(body)).await;
    made.expect(201);
    assert_eq!(jira.links()[0].name, "W & X");
}

#[tokio::test]
async fn error_shapes() {
    let world = pair();
    let jira = world.app("jira");
    let api = admin(jira);
    let status = api
        .delete(&format!("/rest/applinks/2.0/applicationlink/{UNKNOWN}"))
        .await
        .expect(404)
        .json();
    assert_eq!(status["status-code"], 404);
    assert!(status["message"].is_string());
    let list = api
        .put_json(
            "/rest/applinks/2.0/applicationlink",
            json!({"typeId": "nonsense", "rpcUrl": "http://x", "name": "x"}),
        )
        .await
        .expect(400)
        .json();
    assert_eq!(list["status"], 400);
    assert!(list["message"].is_array());
    let errors = api
        .get(&format!("/rest/applinks/3.0/applinks/{UNKNOWN}"))
        .await
        .expect(404)
        .json();
    assert_eq!(errors["status"], 404);
    assert!(errors["errors"][0]["summary"].is_string());
    assert!(errors["errors"][0].get("context").is_none());
    api.get("/rest/applinks/3.0/applinks/nonsense")
        .await
        .expect(400);
    let exception = api
        .get(&format!("/rest/applinks/3.0/applicationlink/{UNKNOWN}"))
        .await
        .expect(500)
        .json();
    assert!(exception["stack-trace"].is_string());
    api.get("/rest/applinks/3.0/applicationlink/nonsense")
        .await
        .expect(500);
    let body = json!({"name": "", "rpcUrl": "x"});
    let id = jira.add_link(Link::new(UNKNOWN, "confluence", "w", "http://w"));
    let fields = api
        .put_json(&format!("/rest/applinks/3.0/applinks/{id}"), body)
        .await
        .expect(400)
        .json();
    let contexts: Vec<&Value> = fields["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| &error["context"])
        .collect();
    assert_eq!(contexts, ["name", "rpcUrl", "displayUrl"]);
    let oauth = api
        .put_json(
            &format!("/rest/applinks/3.0/status/{id}/oauth"),
            json!({"incoming": {}}),
        )
        .await;
    assert_eq!(oauth.expect(400).json()["errors"][0]["context"], "outgoing");
}

#[tokio::test]
async fn null_fields_by_generation() {
    for (generation, present) in [(Generation::Classic, false), (Generation::Modern, true)] {
        let world = World::builder()
            .app(App::new(Product::Jira, "jira").generation(generation))
            .app(App::new(Product::Confluence, "wiki"))
            .start()
            .unwrap();
        let (jira, wiki) = linked(&world, OAuthFlags::OAUTH);
        let status = admin(jira)
            .get(&format!("/rest/applinks/3.0/status/{}", wiki.id()))
            .await
            .json();
        assert_eq!(status["working"], true);
        assert_eq!(status.get("error").is_some(), present);
        jira.mark_system(&wiki.id());
        let list = admin(jira)
            .get("/rest/applinks/1.0/applicationlink")
            .await
            .json();
        let link = &list["applicationLinks"][0];
        assert_eq!(link.get("rpcUrl").is_some(), present);
        assert!(link["rpcUrl"].is_null());
        let refused = client(jira, As::Nobody)
            .get("/rest/applinks/3.0/applinks")
            .await
            .expect(401)
            .json();
        assert_eq!(refused["errors"][0].get("context").is_some(), present);
    }
}

#[tokio::test]
async fn self_links_carry_the_version_that_was_called() {
    let world = pair();
    let (jira, wiki) = linked(&world, OAuthFlags::OAUTH);
    jira.configure(|settings| settings.base_url = Some("https://jira.example.com".to_owned()));
    for version in ["1.0", "2.0", "3.0", "latest"] {
        let list = admin(jira)
            .get(&format!("/rest/applinks/{version}/applicationlink"))
            .await
            .json();
        let href = list["applicationLinks"][0]["link"][0]["href"]
            .as_str()
            .unwrap();
        assert_eq!(
            href,
            format!(
                "{}/rest/applinks/{version}/applicationlink/{}",
                jira.url(),
                wiki.id()
            )
        );
    }
}

#[tokio::test]
async fn data_and_properties_on_demand() {
    let world = pair();
    let (jira, wiki) = linked(&world, OAuthFlags::OAUTH);
    jira.edit_link(&wiki.id(), |link| {
        link.properties.insert("k".to_owned(), json!("v"));
    });
    let list = admin(jira)
        .get("/rest/applinks/3.0/applinks?property=k&property=none&data=atlassian&data=editable&data=configUrl&data=odd")
        .await
        .json();
    assert_eq!(list[0]["properties"], json!({"k": "v", "none": null}));
    let expected = json!({"atlassian": true, "editable": true, "odd": null,
        "configUrl": format!("{}/admin/listapplicationlinks.action", wiki.url())});
    assert_eq!(list[0]["data"], expected);
    let plain = admin(jira).get("/rest/applinks/3.0/applinks").await.json();
    assert_eq!(
        (&plain[0]["data"], &plain[0]["properties"]),
        (&json!({}), &json!({}))
    );
}

#[tokio::test]
async fn consumer_info_is_a_document() {
    let world = pair();
    let info = client(world.app("jira"), As::Nobody)
        .get("/plugins/servlet/oauth/consumer-info")
        .await
        .expect(200);
    assert_eq!(info.header("content-type"), "application/xml;charset=UTF-8");
    assert!(info.text.contains("<consumer><key>jira:"), "{}", info.text);
}
