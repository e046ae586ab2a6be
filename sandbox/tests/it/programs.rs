//! Programs of other makers, and the links to them.

use applink_sandbox::{App, Product, Program, World, url_derived_id};
use serde_json::{Value, json};

use crate::client::{As, admin, client};

fn world() -> World {
    World::builder()
        .app(App::new(Product::Jira, "jira"))
        .app(App::program("bridge", Program::json()).context("/jira-bridge"))
        .app(App::program("builds", Program::xml()))
        .app(App::program("spaces", Program::jira_compatible()))
        .app(App::program(
            "odd",
            Program::json()
                .type_id("com.example.odd")
                .without_consumer_info(),
        ))
        .start()
        .unwrap()
}

#[tokio::test]
async fn a_manifest_has_one_format() {
    let world = world();
    let read = |alias: &'static str, json: bool| {
        let client = client(world.app(alias), As::Nobody);
        let client = if json { client } else { client.xml() };
        async move { client.get("/rest/applinks/1.0/manifest").await.expect(200) }
    };
    for json in [true, false] {
        let bridge = read("bridge", json).await.json();
        assert_eq!(bridge["id"], world.app("bridge").id());
        assert_eq!(bridge["typeId"], "generic");
        assert_eq!(bridge.get("version"), None);
        assert_eq!(bridge["url"], world.app("bridge").url());
        let builds = read("builds", json).await;
        assert!(builds.header("content-type").starts_with("application/xml"));
        assert_eq!(builds.text.matches("\t<inboundAuth").count(), 2);
        assert!(builds.text.contains("<!--"));
        let spaces = read("spaces", json).await;
        assert!(spaces.text.contains("<typeId>jira</typeId>"));
        assert!(!spaces.text.contains("applinksVersion"));
    }
    let odd = read("odd", true).await.json();
    assert_eq!(odd["typeId"], "com.example.odd");
    assert_eq!(world.app("odd").type_id(), "com.example.odd");
}

#[tokio::test]
async fn a_program_serves_nothing_but_its_descriptions() {
    let world = world();
    let bridge = client(world.app("bridge"), As::Nobody);
    let info = bridge
        .get("/plugins/servlet/oauth/consumer-info")
        .await
        .expect(200);
    assert!(info.text.contains("<publicKey>"));
    let answer = bridge.get("/rest/applinks/3.0/applinks").await.expect(404);
    assert_eq!(answer.header("x-ausername"), "");
    client(world.app("odd"), As::Nobody)
        .get("/plugins/servlet/oauth/consumer-info")
        .await
        .expect(404);
}

#[tokio::test]
async fn a_generic_record_has_the_id_of_its_url() {
    let world = world();
    let jira = admin(world.app("jira"));
    for alias in ["bridge", "builds"] {
        let program = world.app(alias);
        let body = json!({"id": program.id(), "typeId": "generic", "name": alias,
            "rpcUrl": program.url(), "displayUrl": program.url()});
        let answer = jira
            .put_json("/rest/applinks/3.0/applicationlink", body)
            .await
            .expect(201)
            .json();
        let id = url_derived_id(&program.url());
        let href = answer["resources-created"][0]["href"].as_str().unwrap();
        assert!(href.ends_with(&format!("/applicationlink/{id}")), "{href}");
        assert!(world.app("jira").link(&program.id()).is_none());
        let link = world.app("jira").link(&id).unwrap();
        assert_eq!(link.rpc_url, program.url());
    }
}

#[tokio::test]
async fn the_products_read_an_xml_manifest() {
    let world = world();
    let (jira, spaces) = (world.app("jira"), world.app("spaces"));
    let path = format!(
        "/rest/applinks/1.0/applicationlinkForm/manifest?url={}",
        spaces.url()
    );
    let request = admin(jira).request("GET", &path);
    let answer = crate::client::send(request.header("X-Atlassian-Token", "no-check")).await;
    let read: Value = answer.expect(200).json();
    assert_eq!(read["id"], spaces.id());
    assert_eq!(read["typeId"], "jira");
}
