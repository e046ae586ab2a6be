//! Reads how the peer has configured its end of a link.

use serde_json::Value;

use super::client;
use super::link_error::{network_error, oauth_error, unexpected_status};
use super::message::{Challenge, PeerAnswer, PeerRequest};
use super::signed::{self, OutgoingAuth, UserAccess};
use crate::id;
use crate::instance::Instance;
use crate::store::{AuthConfig, Link, LinkError, OAuthFlags, class};

/// The configuration of a peer with the status resource. It looks up this application's id, then
/// the id derived from its base URL.
pub(super) async fn modern_config(app: &Instance, link: &Link) -> Result<AuthConfig, LinkError> {
    let base = link.rpc_url.trim_end_matches('/');
    for own in [app.id(), id::url_derived_id(&app.base_url())] {
        let url = format!("{base}/rest/applinks/3.0/status/{own}/oauth");
        let request = PeerRequest::new("GET", url).header("Accept", "application/json");
        let answer = client::send(app, request)
            .await
            .map_err(|failure| network_error(&failure))?;
        match answer.status {
            200 => return parse_modern(&answer),
            404 => {}
            _ => return Err(unexpected_status(&answer)),
        }
    }
    Err(LinkError::detailed(
        "NO_REMOTE_APPLINK",
        format!("no link back at {base}"),
    ))
}

fn parse_modern(answer: &PeerAnswer) -> Result<AuthConfig, LinkError> {
    let unexpected = |text: String| LinkError::detailed("UNEXPECTED_RESPONSE", text);
    let value: Value =
        serde_json::from_slice(&answer.body).map_err(|error| unexpected(error.to_string()))?;
    let direction = |name: &str| OAuthFlags::from_json(value.get(name)?);
    match (direction("incoming"), direction("outgoing")) {
        (Some(incoming), Some(outgoing)) => Ok(AuthConfig { incoming, outgoing }),
        _ => Err(unexpected(
            "no incoming and outgoing configuration".to_owned(),
        )),
    }
}

/// The configuration of a peer without the status resource, from its `authentication` resource. The
/// call acts as the user.
pub(super) async fn old_config(
    app: &Instance,
    link: &Link,
    user: &str,
) -> Result<AuthConfig, LinkError> {
    let access = |kind| {
        let authorisation = Some(signed::authorisation_url(app, link));
        LinkError {
            kind,
            details: None,
            authorisation,
        }
    };
    let auth = match signed::user_access(link, user) {
        UserAccess::Available(
            auth @ (OutgoingAuth::Impersonation(_) | OutgoingAuth::ThreeLegged(_)),
        ) => auth,
        UserAccess::TokenMissing => return Err(access("LOCAL_AUTH_TOKEN_REQUIRED")),
        UserAccess::Available(_) | UserAccess::NotConfigured => {
            return Err(LinkError::new("NO_OUTGOING_AUTH"));
        }
    };
    for resource in ["applinks-oauth/latest", "applinks/2.0"] {
        let path = format!(
            "/rest/{resource}/applicationlink/{}/authentication",
            app.id()
        );
        let answer = signed::send(app, link, "GET", &path, auth)
            .await
            .map_err(|failure| network_error(&failure))?;
        if let Challenge::Problem(code) = answer.oauth_challenge() {
            return Err(if code.starts_with("token_") {
                access("REMOTE_AUTH_TOKEN_REQUIRED")
            } else {
                oauth_error(&code)
            });
        }
        match answer.status {
            200 => return parse_old(&answer),
            401 | 403 => return Err(access("INSUFFICIENT_REMOTE_PERMISSION")),
            404 => {}
            _ => return Err(unexpected_status(&answer)),
        }
    }
    Err(LinkError::detailed(
        "NO_REMOTE_APPLINK",
        format!("no link back at {}", link.rpc_url),
    ))
}

fn parse_old(answer: &PeerAnswer) -> Result<AuthConfig, LinkError> {
    let value: Value = serde_json::from_slice(&answer.body)
        .map_err(|error| LinkError::detailed("UNEXPECTED_RESPONSE", error.to_string()))?;
    let list = |name: &str| {
        value
            .get(name)
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default()
    };
    let consumers = list("consumers");
    let incoming = consumers.iter().find(|consumer| {
        !consumer
            .get("outgoing")
            .and_then(Value::as_bool)
            .unwrap_or_default()
    });
    let flag = |name: &str| {
        incoming
            .and_then(|consumer| consumer.get(name))
            .and_then(Value::as_bool)
            .unwrap_or_default()
    };
    let providers = list("configuredAuthProviders");
    let has = |class: &str| {
        providers
            .iter()
            .any(|entry| entry.get("provider").and_then(Value::as_str) == Some(class))
    };
    Ok(AuthConfig {
        incoming: OAuthFlags {
            enabled: incoming.is_some(),
            two_lo: flag("twoLOAllowed"),
            two_loi: flag("twoLOImpersonationAllowed"),
        },
        outgoing: OAuthFlags {
            enabled: has(class::OAUTH),
            two_lo: has(class::TWO_LO),
            two_loi: has(class::TWO_LOI),
        },
    })
}
