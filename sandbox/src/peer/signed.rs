//! Requests that carry a link's own outgoing authentication.

use super::client;
use super::failure::NetFailure;
use super::message::{PeerAnswer, PeerRequest};
use crate::auth::TRUSTED_HEADER;
use crate::http::encoding::encode;
use crate::instance::Instance;
use crate::oauth::sign::Signer;
use crate::store::Link;

/// Whom a signed request speaks for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Speaker<'a> {
    /// The application itself (two-legged).
    Application,
    /// A user, by impersonation (two-legged).
    Impersonated(&'a str),
    /// A user, by a token (three-legged).
    Token(&'a str),
    /// A user, by Trusted Applications.
    Trusted(&'a str),
}

/// How a link lets the current user speak to the peer.
pub(crate) enum UserAccess<'a> {
    As(Speaker<'a>),
    /// Three-legged OAuth is configured, but this user has no token.
    TokenMissing,
    /// Nothing is configured that could speak for a user.
    NotConfigured,
}

/// The way in which `user` reaches the peer of `link`.
pub(crate) fn for_user<'a>(link: &'a Link, user: &'a str) -> UserAccess<'a> {
    let outgoing = link.outgoing();
    if outgoing.two_loi {
        return UserAccess::As(Speaker::Impersonated(user));
    }
    if link.all_legacy().trusted_outgoing && !outgoing.enabled {
        return UserAccess::As(Speaker::Trusted(user));
    }
    if !outgoing.enabled {
        return UserAccess::NotConfigured;
    }
    match link.user_tokens.get(user) {
        Some(token) => UserAccess::As(Speaker::Token(token)),
        None => UserAccess::TokenMissing,
    }
}

/// Where a user of this application goes to get a token from the peer.
pub(crate) fn authorisation_url(app: &Instance, link: &Link) -> String {
    format!(
        "{}/plugins/servlet/applinks/oauth/login-dance/authorize?applicationLinkID={}",
        app.base_url(),
        link.id
    )
}

/// Sends `method` to `path` below the link's application URL, signed.
pub(crate) async fn send(
    app: &Instance,
    link: &Link,
    method: &'static str,
    path: &str,
    speaker: Speaker<'_>,
) -> Result<PeerAnswer, NetFailure> {
    send_body(app, link, method, path, speaker, None).await
}

/// The same with a JSON body.
pub(crate) async fn send_body(
    app: &Instance,
    link: &Link,
    method: &'static str,
    path: &str,
    speaker: Speaker<'_>,
    body: Option<&serde_json::Value>,
) -> Result<PeerAnswer, NetFailure> {
    let mut url = format!("{}{path}", link.rpc_url.trim_end_matches('/'));
    if let Speaker::Impersonated(user) = speaker {
        let join = if url.contains('?') { '&' } else { '?' };
        url = format!("{url}{join}xoauth_requestor_id={}", encode(user));
    }
    let mut request = PeerRequest::new(method, url.as_str())
        .header("Accept", "application/json")
        .header("X-Atlassian-Token", "no-check");
    if let Speaker::Trusted(user) = speaker {
        request = request.header(TRUSTED_HEADER, format!("{} {user}", app.id()));
    } else if let Some((consumer, key)) = app.own_key() {
        let signer = Signer {
            key: &key,
            consumer: &consumer,
            token: if let Speaker::Token(token) = speaker {
                token
            } else {
                ""
            },
            timestamp: app.now(),
            nonce: &app.shared.nonce(),
        };
        if let Some(header) = signer.header(method, &url) {
            request = request.header("Authorization", header);
        }
    }
    if let Some(body) = body {
        request = request.json(body);
    }
    client::send(app, request).await
}
