//! Making, reading, changing and deleting links.

use applink_sandbox::OAuthFlags;
use serde_json::json;

use crate::client::admin;
use crate::{linked, pair};

#[tokio::test]
async fn a_two_way_link_made_by_hand_works() {
    let world = pair();
    let (jira, wiki) = (world.app("jira"), world.app("wiki"));
    for (one, other) in [(jira, wiki), (wiki, jira)] {
        let manifest = admin(other)
            .get("/rest/applinks/1.0/manifest")
            .await
            .expect(200)
            .json();
        let body = json!({"id": manifest["id"], "name": manifest["name"], "typeId": manifest["typeId"],
            "rpcUrl": manifest["url"], "displayUrl": manifest["url"]});
        let made = admin(one)
            .put_json("/rest/applinks/3.0/applicationlink", body)
            .await
            .expect(201)
            .json();
        let href = made["resources-created"][0]["href"]
            .as_str()
            .unwrap()
            .to_owned();
        assert!(
            href.ends_with(&format!(
                "/rest/applinks/3.0/applicationlink/{}",
                other.id()
            )),
            "{href}"
        );
    }
    let level = json!({"enabled": true, "twoLoEnabled": true, "twoLoImpersonationEnabled": false});
    for (one, other) in [(jira, wiki), (wiki, jira)] {
        let path = format!("/rest/applinks/3.0/status/{}/oauth", other.id());
        admin(one)
            .put_json(&path, json!({"incoming": level, "outgoing": level}))
            .await
            .expect(204);
    }
    for (one, other) in [(jira, wiki), (wiki, jira)] {
        let path = format!("/rest/applinks/3.0/status/{}", other.id());
        let status = admin(one).get(&path).await.expect(200).json();
        assert_eq!(status["working"], true, "{status}");
        assert!(status.get("error").is_none());
    }
}

#[tokio::test]
async fn seeded_links_work_at_every_level() {
    for flags in [OAuthFlags::OAUTH, OAuthFlags::IMPERSONATION] {
        let world = pair();
        let (jira, wiki) = linked(&world, flags);
        let status = admin(jira)
            .get(&format!("/rest/applinks/3.0/status/{}", wiki.id()))
            .await
            .json();
        assert_eq!(status["working"], true, "{status}");
    }
}
