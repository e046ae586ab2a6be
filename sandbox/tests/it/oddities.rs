//! Requests that make no sense still get answers, and change nothing they should not.

use applink_sandbox::OAuthFlags;

use crate::client::{admin, send};
use crate::{linked, pair};

const BODIES: [(&str, &str); 8] = [
    ("application/json", ""),
    ("application/json", "null"),
    ("application/json", "[1]"),
    (
        "application/json",
        "{\"incoming\":1,\"applicationLink\":[],\"rpcUrl\":{},\"redirects\":7}",
    ),
    (
        "application/json",
        "{\"typeId\":\"generic\",\"rpcUrl\":\"::\",\"name\":\"\\u0000\",\"id\":\"\"}",
    ),
    ("application/xml", "<a><b></a>"),
    (
        "application/xml",
        "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>",
    ),
    (
        "application/x-www-form-urlencoded",
        "%%%=%zz&oauth_token=%ff",
    ),
];

#[tokio::test]
async fn every_resource_answers_every_oddity() {
    let world = pair();
    let (jira, wiki) = linked(&world, OAuthFlags::OAUTH);
    let id = wiki.id();
    let paths = [
        "/rest/applinks/1.0/manifest/x".to_owned(),
        "/rest/applinks/latest/capabilities/%00".to_owned(),
        format!(
            "/rest/applinks/latest/capabilities/remote/{id}?maxAge=99999999999999999999&timeUnit=x"
        ),
        "/rest/applinks/1.0/applicationlink".to_owned(),
        "/rest/applinks/3.0/applicationlink".to_owned(),
        "/rest/applinks/1.0/applicationlink/%2e%2e".to_owned(),
        "/rest/applinks/1.0/applicationlink/type/%ff".to_owned(),
        format!("/rest/applinks/3.0/applinks/{id}?property=&data=&data=%00"),
        format!("/rest/applinks/3.0/status/{id}?authorisationCallback=%00"),
        "/rest/applinks/3.0/status/x/oauth".to_owned(),
        "/rest/applinks/3.0/migration/x".to_owned(),
        "/rest/applinks/3.0/features/V4_UI".to_owned(),
        format!("/rest/applinks/1.0/relocateApplicationlink/{id}?newUrl=%00&nowarning=maybe"),
        "/rest/applinks/1.0/authenticationinfo/id/x/url/http://x/y?url=".to_owned(),
        "/rest/applinks/1.0/applicationlinkForm/manifest?url=http://[::1".to_owned(),
        "/rest/applinks/1.0/applicationlinkForm/createAppLink".to_owned(),
        "/rest/applinks/1.0/applicationlinkForm/details".to_owned(),
        format!("/rest/applinks/2.0/applicationlink/{id}/authentication/provider"),
        format!("/rest/applinks-oauth/1.0/applicationlink/{id}/authentication/consumer"),
        "/rest/oauth2/latest/client".to_owned(),
        "/rest/oauth2/latest/client/reset/x".to_owned(),
        "/plugins/servlet/oauth/request-token".to_owned(),
        "/plugins/servlet/oauth/access-token?oauth_token=%ff".to_owned(),
        "/plugins/servlet/oauth/authorize".to_owned(),
        "/rest".to_owned(),
        "/%ff%00/".to_owned(),
    ];
    let before = jira.snapshot();
    let api = admin(jira);
    for path in &paths {
        for method in ["GET", "HEAD", "POST", "PUT", "PATCH"] {
            for (media, body) in BODIES {
                let request = api
                    .request(method, path)
                    .header("X-Atlassian-Token", "no-check");
                let answer = send(request.header("Content-Type", media).body(body)).await;
                assert!(answer.status >= 200, "{method} {path}");
                let fine = answer.status < 300 && method != "GET" && method != "HEAD";
                assert!(
                    !fine || path.contains("features"),
                    "{method} {path} {body}: {}",
                    answer.text
                );
            }
        }
    }
    let mut after = jira.snapshot();
    after["features"] = before["features"].clone();
    assert_eq!(after, before);
}
