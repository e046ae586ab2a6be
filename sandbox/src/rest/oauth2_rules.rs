//! The rules for OAuth 2.0 clients: scopes, names and redirect URLs.

use serde_json::json;
use url::Url;

use crate::http::Reply;
use crate::product::{Generation, Product};
use crate::store::OAuth2Client;

const MAX_REDIRECT: usize = 450;

/// The scopes that a product knows.
pub(super) fn scopes(product: Product, generation: Generation) -> &'static [&'static str] {
    match product {
        Product::Jira if generation >= Generation::Modern => &[
            "READ",
            "WRITE",
            "ADMIN",
            "SYSTEM_ADMIN",
            "READ_ALL",
            "MANAGE_SUBSCRIPTIONS",
        ],
        Product::Bamboo => &["READ", "TRIGGER", "USER"],
        Product::Bitbucket => &[
            "PUBLIC_REPOS",
            "ACCOUNT_WRITE",
            "REPO_READ",
            "REPO_WRITE",
            "REPO_ADMIN",
            "PROJECT_ADMIN",
            "ADMIN_WRITE",
            "SYSTEM_ADMIN",
        ],
        Product::Crowd => &["USER", "SYSTEM_ADMIN"],
        _ => &["READ", "WRITE", "ADMIN", "SYSTEM_ADMIN"],
    }
}

/// The refusal of a client that breaks a rule.
pub(super) fn validate(
    scopes: &[&str],
    others: &[OAuth2Client],
    client: &OAuth2Client,
) -> Option<Reply> {
    let refuse = |field: &str, why: &str| {
        Some(Reply::json(
            400,
            &json!({"message": why, "errors": { field: [why] }}),
        ))
    };
    if client.name.is_empty() {
        return refuse("name", "The name must not be blank.");
    }
    if others
        .iter()
        .any(|other| other.id != client.id && other.name == client.name)
    {
        return refuse("name", "The name is already in use.");
    }
    if client.redirects.is_empty() {
        return refuse("redirects", "At least one redirect URL is needed.");
    }
    if !client
        .redirects
        .iter()
        .all(|redirect| good_redirect(redirect))
    {
        return refuse("redirects", "A redirect URL is not valid.");
    }
    if !scopes.contains(&client.scope.as_str()) {
        return refuse("scope", "There is no such scope.");
    }
    None
}

/// Whether a redirect URL is absolute, short and without a fragment. Plain HTTP is allowed for the
/// name `localhost`, but not for `127.0.0.1`.
fn good_redirect(text: &str) -> bool {
    let Ok(url) = Url::parse(text) else {
        return false;
    };
    text.len() <= MAX_REDIRECT
        && url.fragment().is_none()
        && (url.scheme() != "http" || url.host_str() == Some("localhost"))
}
