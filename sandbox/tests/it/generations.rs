//! Old and new versions.

use applink_sandbox::{App, Generation, OAuthFlags, Product, World};
use serde_json::json;

use crate::client::admin;
use crate::linked;

fn world(generation: Generation) -> World {
    World::builder()
        .app(App::new(Product::Jira, "jira").generation(generation))
        .app(App::new(Product::Confluence, "wiki"))
        .start()
        .unwrap()
}

#[tokio::test]
async fn which_resources_a_generation_has() {
    use Generation::{Ancient, Classic, Modern, Old, Old4};
    for generation in [Ancient, Old4, Old, Classic, Modern] {
        let world = world(generation);
        let (jira, wiki) = linked(&world, OAuthFlags::OAUTH);
        let id = wiki.id();
        let expected = [
            ("applinks/1.0/manifest".to_owned(), true),
            ("applinks/2.0/applicationlink".to_owned(), true),
            ("applinks/1.0/listApplicationlinks".to_owned(), true),
            ("applinks/3.0/applicationlink".to_owned(), generation >= Old),
            ("applinks/3.0/applinks".to_owned(), generation >= Classic),
            (format!("applinks/3.0/status/{id}"), generation >= Classic),
            (
                format!("applinks/latest/status/{id}/oauth"),
                generation >= Classic,
            ),
            (
                "applinks/latest/capabilities".to_owned(),
                generation >= Classic,
            ),
            (
                format!("applinks-oauth/latest/applicationlink/{id}/authentication"),
                generation >= Old,
            ),
            (
                format!("applinks/2.0/applicationlink/{id}/authentication/consumer"),
                generation <= Old4,
            ),
            (
                format!("applinks/2.0/applicationlink/{id}/authentication/provider"),
                true,
            ),
            (
                format!("applinks/1.0/listApplicationlinkstates/id/{id}"),
                matches!(generation, Old | Old4),
            ),
        ];
        for (path, present) in expected {
            let answer = admin(jira).get(&format!("/rest/{path}")).await;
            assert_eq!(
                answer.status,
                if present { 200 } else { 404 },
                "{generation:?} {path}: {}",
                answer.text
            );
        }
    }
}

#[tokio::test]
async fn the_list_of_old_versions() {
    let world = world(Generation::Ancient);
    let (jira, wiki) = linked(&world, OAuthFlags::OAUTH);
    let list = admin(jira)
        .get("/rest/applinks/1.0/listApplicationlinks")
        .await
        .json();
    assert_eq!(list["list"][0]["appLinkState"], "OK");
    assert_eq!(
        list["list"][0]["configuredInboundAuthenticators"],
        json!(applink_sandbox::OAUTH_PROVIDERS[..2])
    );
    wiki.stop();
    let list = admin(jira)
        .get("/rest/applinks/1.0/listApplicationlinks")
        .await
        .json();
    assert_eq!(list["list"][0]["appLinkState"], "OFFLINE");
}

#[tokio::test]
async fn oauth_is_switched_off_by_a_servlet() {
    let world = world(Generation::Old4);
    let (jira, wiki) = linked(&world, OAuthFlags::OAUTH);
    let path = format!(
        "/plugins/servlet/applinks/auth/conf/oauth/autoconfig/{}",
        wiki.id()
    );
    admin(jira).delete(&path).await.expect(200);
    let snapshot = jira.snapshot();
    assert_eq!(snapshot["links"][0]["incoming"]["enabled"], false);
    assert_eq!(snapshot["links"][0]["outgoing"]["enabled"], false);
}

#[tokio::test]
async fn manifests_name_matching_versions() {
    for product in Product::ALL {
        let world = World::builder()
            .app(App::new(product, "app"))
            .start()
            .unwrap();
        let app = world.app("app");
        let manifest = admin(app).get("/rest/applinks/1.0/manifest").await.json();
        assert_eq!(manifest["id"], app.id());
        assert_eq!(manifest["typeId"], product.type_id());
        assert_eq!(manifest["url"], app.url());
        assert!(manifest["buildNumber"].is_number());
    }
}
