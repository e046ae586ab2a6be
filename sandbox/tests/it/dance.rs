//! The three-legged dance.

use std::collections::HashMap;

use applink_sandbox::{AppHandle, OAuthFlags, Role};

use crate::client::{Answer, As, client, send};
use crate::signature::query;
use crate::{linked, pair};

const REQUEST: &str = "/plugins/servlet/oauth/request-token";
const ACCESS: &str = "/plugins/servlet/oauth/access-token";
const AUTHORIZE: &str = "/plugins/servlet/oauth/authorize";

async fn ask(wiki: &AppHandle, jira: &AppHandle, path: &str, fields: &[(&str, &str)]) -> Answer {
    let key = wiki.consumer().key;
    let query = query(wiki, &key, "POST", &format!("{}{path}", jira.url()), fields);
    client(jira, As::Nobody)
        .post(&format!("{path}?{query}"))
        .await
}

fn fields(answer: &Answer) -> HashMap<String, String> {
    url::form_urlencoded::parse(answer.text.as_bytes())
        .into_owned()
        .collect()
}

async fn page_token(jira: &AppHandle, token: &str) -> String {
    let page = client(jira, As::Role(Role::User))
        .get(&format!("{AUTHORIZE}?oauth_token={token}"))
        .await
        .expect(200);
    let (_, rest) = page.text.split_once("name=\"atl_token\" value=\"").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn from_request_to_access_and_renewal() {
    let world = pair();
    let (jira, wiki) = linked(&world, OAuthFlags::OAUTH);
    let made = ask(
        wiki,
        jira,
        REQUEST,
        &[("oauth_callback", "http://localhost:1/cb")],
    )
    .await
    .expect(200);
    assert_eq!(made.header("content-type"), "text/plain");
    let request = fields(&made);
    assert_eq!(
        (
            request["oauth_token"].len(),
            request["oauth_callback_confirmed"].as_str()
        ),
        (32, "true")
    );
    let token = request["oauth_token"].as_str();

    let early = ask(
        wiki,
        jira,
        ACCESS,
        &[("oauth_token", token), ("oauth_verifier", "x")],
    )
    .await
    .expect(401);
    assert!(early.text.contains("permission_unknown"));
    let login = client(jira, As::Nobody)
        .get(&format!("{AUTHORIZE}?oauth_token={token}"))
        .await
        .expect(302);
    assert!(
        login
            .header("location")
            .contains("/login.jsp?os_destination=")
    );
    let guard = page_token(jira, token).await;
    let approve = |guard: String| {
        let body = format!("oauth_token={token}&atl_token={guard}&approve=Allow");
        let request = client(jira, As::Role(Role::User)).request("POST", AUTHORIZE);
        send(
            request
                .header("Content-Type", "application/x-www-form-urlencoded")
                .body(body),
        )
    };
    approve("wrong".to_owned()).await.expect(403);
    let back = approve(guard).await.expect(302);
    let (_, verifier) = back
        .header("location")
        .split_once("&oauth_verifier=")
        .unwrap();
    assert!(
        back.header("location")
            .starts_with("http://localhost:1/cb?oauth_token=")
    );
    assert_eq!(verifier.len(), 6);

    let wrong = ask(
        wiki,
        jira,
        ACCESS,
        &[("oauth_token", token), ("oauth_verifier", "wrong1")],
    )
    .await;
    assert!(wrong.expect(401).text.contains("token_rejected"));
    let granted = ask(
        wiki,
        jira,
        ACCESS,
        &[("oauth_token", token), ("oauth_verifier", verifier)],
    )
    .await
    .expect(200);
    let access = fields(&granted);
    assert_eq!(access["oauth_expires_in"], "157680000");
    assert_eq!(access["oauth_token_secret"], request["oauth_token_secret"]);
    assert_eq!(
        who(wiki, jira, &access["oauth_token"]).await,
        (200, "jane".to_owned())
    );

    let renew = [
        ("oauth_token", access["oauth_token"].as_str()),
        (
            "oauth_session_handle",
            access["oauth_session_handle"].as_str(),
        ),
    ];
    let renewed = fields(&ask(wiki, jira, ACCESS, &renew).await.expect(200));
    assert_eq!(who(wiki, jira, &access["oauth_token"]).await.0, 401);
    assert_eq!(who(wiki, jira, &renewed["oauth_token"]).await.0, 200);
}

async fn who(wiki: &AppHandle, jira: &AppHandle, token: &str) -> (u16, String) {
    let url = format!("{}/rest/api/2/myself", jira.url());
    let query = query(
        wiki,
        &wiki.consumer().key,
        "GET",
        &url,
        &[("oauth_token", token)],
    );
    let answer = client(jira, As::Nobody)
        .get(&format!("/rest/api/2/myself?{query}"))
        .await;
    (answer.status, answer.header("x-ausername").to_owned())
}

#[tokio::test]
async fn out_of_band_and_refusals() {
    let world = pair();
    let (jira, wiki) = linked(&world, OAuthFlags::OAUTH);
    let bad = ask(wiki, jira, REQUEST, &[("oauth_callback", "nonsense")])
        .await
        .expect(400);
    assert!(
        bad.text
            .contains("oauth_problem=parameter_rejected&oauth_parameters_rejected=oauth_callback")
    );
    client(jira, As::Nobody).post(REQUEST).await.expect(400);
    client(jira, As::Nobody).get(REQUEST).await.expect(405);
    let request = fields(
        &ask(wiki, jira, REQUEST, &[("oauth_callback", "oob")])
            .await
            .expect(200),
    );
    let token = request["oauth_token"].as_str();
    let verifier = jira.decide_token(token, Some("admin")).unwrap();
    assert!(jira.decide_token(token, None).is_none());
    let used = client(jira, As::Role(Role::User))
        .get(&format!("{AUTHORIZE}?oauth_token={token}"))
        .await
        .expect(401);
    assert!(used.header("www-authenticate").contains("token_used"));
    let granted = ask(
        wiki,
        jira,
        ACCESS,
        &[("oauth_token", token), ("oauth_verifier", &verifier)],
    )
    .await;
    granted.expect(200);
    let denied = fields(
        &ask(wiki, jira, REQUEST, &[("oauth_callback", "oob")])
            .await
            .expect(200),
    );
    assert_eq!(
        jira.decide_token(&denied["oauth_token"], None).as_deref(),
        Some("denied")
    );
    let refused = ask(
        wiki,
        jira,
        ACCESS,
        &[
            ("oauth_token", &denied["oauth_token"]),
            ("oauth_verifier", "x"),
        ],
    )
    .await;
    assert!(refused.expect(401).text.contains("permission_denied"));
}
