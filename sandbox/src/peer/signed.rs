//! Calls to a peer with the outgoing authentication of a link.

use super::client;
use super::failure::NetFailure;
use super::message::{PeerAnswer, PeerRequest};
use crate::auth::TRUSTED_HEADER;
use crate::http::encoding::encode;
use crate::instance::Instance;
use crate::oauth::sign::Signer;
use crate::store::Link;

/// The authentication of one call to a peer.
#[derive(Debug, Clone, Copy)]
pub(crate) enum OutgoingAuth<'a> {
    /// Two-legged OAuth, as the application itself.
    TwoLegged,
    /// Two-legged OAuth with impersonation of this user.
    Impersonation(&'a str),
    /// Three-legged OAuth with this token of a user.
    ThreeLegged(&'a str),
    /// Trusted Applications, as this user.
    TrustedApplication(&'a str),
}

/// The access that a link gives the current user on the peer.
pub(crate) enum UserAccess<'a> {
    /// This authentication is configured.
    Available(OutgoingAuth<'a>),
    /// Three-legged OAuth is configured, but this user has no token.
    TokenMissing,
    /// No configured authentication can act as a user.
    NotConfigured,
}

/// The authentication that `user` has on the peer of `link`.
pub(crate) fn user_access<'a>(link: &'a Link, user: &'a str) -> UserAccess<'a> {
    let outgoing = link.outgoing();
    if outgoing.two_loi {
        return UserAccess::Available(OutgoingAuth::Impersonation(user));
    }
    if link.all_legacy().trusted_outgoing && !outgoing.enabled {
        return UserAccess::Available(OutgoingAuth::TrustedApplication(user));
    }
    if !outgoing.enabled {
        return UserAccess::NotConfigured;
    }
    match link.user_tokens.get(user) {
        Some(token) => UserAccess::Available(OutgoingAuth::ThreeLegged(token)),
        None => UserAccess::TokenMissing,
    }
}

/// URL of the page where a user of this application gets a token from the peer.
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
    auth: OutgoingAuth<'_>,
) -> Result<PeerAnswer, NetFailure> {
    send_body(app, link, method, path, auth, None).await
}

/// Like [`send`], with a JSON body.
pub(crate) async fn send_body(
    app: &Instance,
    link: &Link,
    method: &'static str,
    path: &str,
    auth: OutgoingAuth<'_>,
    body: Option<&serde_json::Value>,
) -> Result<PeerAnswer, NetFailure> {
    let mut url = format!("{}{path}", link.rpc_url.trim_end_matches('/'));
    if let OutgoingAuth::Impersonation(user) = auth {
        let join = if url.contains('?') { '&' } else { '?' };
        url = format!("{url}{join}xoauth_requestor_id={}", encode(user));
    }
    let mut request = PeerRequest::new(method, url.as_str())
        .header("Accept", "application/json")
        .header("X-Atlassian-Token", "no-check");
    if let OutgoingAuth::TrustedApplication(user) = auth {
        request = request.header(TRUSTED_HEADER, format!("{} {user}", app.id()));
    } else if let Some((consumer, key)) = app.own_key() {
        let signer = Signer {
            key: &key,
            consumer: &consumer,
            token: if let OutgoingAuth::ThreeLegged(token) = auth {
                token
            } else {
                ""
            },
            timestamp: app.now(),
            nonce: &app.environment.nonce(),
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
