//! Whether a link works, decided in the order in which the products decide it: the first reason
//! found is the one reported.

use serde_json::Value;

use super::client::{Challenge, PeerAnswer};
use super::manifest;
use super::signed::{self, Speaker, UserAccess};
use super::{Problem, client};
use crate::id;
use crate::instance::Instance;
use crate::product::BUILT_IN_TYPES;
use crate::store::{Capabilities, Link, OAuthFlags, class};

/// Oldest version of application links whose status can be told.
const FIRST_COMPATIBLE: [u64; 3] = [4, 0, 13];

/// Both directions of a link as one end sees them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Config {
    pub(crate) incoming: OAuthFlags,
    pub(crate) outgoing: OAuthFlags,
}

impl Config {
    const OFF: Self = Self {
        incoming: OAuthFlags::NONE,
        outgoing: OAuthFlags::NONE,
    };
}

/// The verdict on a link.
#[derive(Debug, Clone)]
pub(crate) struct Verdict {
    pub(crate) local: Config,
    pub(crate) remote: Option<Config>,
    pub(crate) problem: Option<Problem>,
}

/// Decides on `link`, for the administrator `user`, whose own end is configured as `local`.
pub(crate) async fn decide(app: &Instance, link: &Link, local: Config, user: &str) -> Verdict {
    let mut remote = None;
    let problem = examine(app, link, local, user, &mut remote).await.err();
    if problem
        .as_ref()
        .is_some_and(|problem| problem.kind == "DISABLED")
    {
        return Verdict {
            local: Config::OFF,
            remote: Some(Config::OFF),
            problem,
        };
    }
    Verdict {
        local,
        remote,
        problem,
    }
}

async fn examine(
    app: &Instance,
    link: &Link,
    local: Config,
    user: &str,
    remote: &mut Option<Config>,
) -> Result<(), Problem> {
    local_compatibility(link)?;
    let capabilities = manifest::capabilities(app, link, app.settings().capabilities_age).await;
    let version = capabilities.applinks_version.as_deref();
    if version.is_some() && !manifest::at_least(version, FIRST_COMPATIBLE) {
        return Err(Problem::new("REMOTE_VERSION_INCOMPATIBLE"));
    }
    let has_status = capabilities.names.contains("STATUS_API");
    let fetched = if has_status {
        modern_status(app, link).await
    } else {
        old_status(app, link, user).await
    };
    let peer = match fetched {
        Ok(peer) => peer,
        Err(problem) => {
            let token_missing = matches!(
                problem.kind,
                "LOCAL_AUTH_TOKEN_REQUIRED" | "REMOTE_AUTH_TOKEN_REQUIRED"
            );
            if token_missing && local.outgoing.two_lo {
                probe(app, link).await?;
            }
            return Err(problem);
        }
    };
    *remote = Some(peer);
    levels(local, peer)?;
    legacy(link, local, &capabilities)?;
    if local == Config::OFF && peer == Config::OFF {
        return Err(Problem::new("DISABLED"));
    }
    if has_status && local.outgoing.two_lo {
        probe(app, link).await?;
    }
    Ok(())
}

fn local_compatibility(link: &Link) -> Result<(), Problem> {
    if link.system {
        return Err(Problem::new("SYSTEM_LINK"));
    }
    if link.type_id == "generic" {
        return Err(Problem::new("GENERIC_LINK"));
    }
    if !BUILT_IN_TYPES.contains(&link.type_id.as_str()) {
        return Err(Problem::new("NON_ATLASSIAN"));
    }
    Ok(())
}

/// What a peer with the status resource says of its end: asked under this application's id, then
/// under the id derived from its base URL.
async fn modern_status(app: &Instance, link: &Link) -> Result<Config, Problem> {
    let base = link.rpc_url.trim_end_matches('/');
    for own in [app.id(), id::url_id(&app.base_url())] {
        let url = format!("{base}/rest/applinks/3.0/status/{own}/oauth");
        let request = client::PeerRequest::new("GET", url).header("Accept", "application/json");
        let answer = client::send(app, request)
            .await
            .map_err(|failure| Problem::network(&failure))?;
        match answer.status {
            200 => return parse_modern(&answer),
            404 => {}
            _ => return Err(Problem::unexpected_status(&answer)),
        }
    }
    Err(Problem::detailed(
        "NO_REMOTE_APPLINK",
        format!("no link back at {base}"),
    ))
}

fn parse_modern(answer: &PeerAnswer) -> Result<Config, Problem> {
    let unexpected = |text: String| Problem::detailed("UNEXPECTED_RESPONSE", text);
    let value: Value =
        serde_json::from_slice(&answer.body).map_err(|error| unexpected(error.to_string()))?;
    let direction = |name: &str| flags_of(value.get(name)?);
    match (direction("incoming"), direction("outgoing")) {
        (Some(incoming), Some(outgoing)) => Ok(Config { incoming, outgoing }),
        _ => Err(unexpected(
            "no incoming and outgoing configuration".to_owned(),
        )),
    }
}

/// The flags of one direction; `None` when it is no such object.
pub(crate) fn flags_of(value: &Value) -> Option<OAuthFlags> {
    let fields = value.as_object()?;
    let flag = |name: &str| {
        fields
            .get(name)
            .and_then(Value::as_bool)
            .unwrap_or_default()
    };
    Some(OAuthFlags {
        enabled: flag("enabled"),
        two_lo: flag("twoLoEnabled"),
        two_loi: flag("twoLoImpersonationEnabled"),
    })
}

/// What a peer without the status resource says: its `authentication` resource, asked as the user.
async fn old_status(app: &Instance, link: &Link, user: &str) -> Result<Config, Problem> {
    let access = |kind| {
        let authorisation = Some(signed::authorisation_url(app, link));
        Problem {
            kind,
            details: None,
            authorisation,
        }
    };
    let speaker = match signed::for_user(link, user) {
        UserAccess::As(speaker @ (Speaker::Impersonated(_) | Speaker::Token(_))) => speaker,
        UserAccess::TokenMissing => return Err(access("LOCAL_AUTH_TOKEN_REQUIRED")),
        UserAccess::As(_) | UserAccess::NotConfigured => {
            return Err(Problem::new("NO_OUTGOING_AUTH"));
        }
    };
    for resource in ["applinks-oauth/latest", "applinks/2.0"] {
        let path = format!(
            "/rest/{resource}/applicationlink/{}/authentication",
            app.id()
        );
        let answer = signed::send(app, link, "GET", &path, speaker)
            .await
            .map_err(|failure| Problem::network(&failure))?;
        if let Challenge::Problem(code) = answer.oauth_challenge() {
            return Err(if code.starts_with("token_") {
                access("REMOTE_AUTH_TOKEN_REQUIRED")
            } else {
                Problem::oauth(&code)
            });
        }
        match answer.status {
            200 => return parse_old(&answer),
            401 | 403 => return Err(access("INSUFFICIENT_REMOTE_PERMISSION")),
            404 => {}
            _ => return Err(Problem::unexpected_status(&answer)),
        }
    }
    Err(Problem::detailed(
        "NO_REMOTE_APPLINK",
        format!("no link back at {}", link.rpc_url),
    ))
}

fn parse_old(answer: &PeerAnswer) -> Result<Config, Problem> {
    let value: Value = serde_json::from_slice(&answer.body)
        .map_err(|error| Problem::detailed("UNEXPECTED_RESPONSE", error.to_string()))?;
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
    let has = |wanted: &str| {
        providers
            .iter()
            .any(|entry| entry.get("provider").and_then(Value::as_str) == Some(wanted))
    };
    Ok(Config {
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

fn levels(local: Config, remote: Config) -> Result<(), Problem> {
    let unsupported =
        |config: Config| config.incoming.unsupported() || config.outgoing.unsupported();
    if unsupported(local) || unsupported(remote) {
        return Err(Problem::new("AUTH_LEVEL_UNSUPPORTED"));
    }
    if local.incoming != remote.outgoing || local.outgoing != remote.incoming {
        return Err(Problem::new("AUTH_LEVEL_MISMATCH"));
    }
    Ok(())
}

fn legacy(link: &Link, local: Config, capabilities: &Capabilities) -> Result<(), Problem> {
    let legacy = link.all_legacy();
    if !legacy.any() {
        return Ok(());
    }
    let oauth = local != Config::OFF;
    let only_incoming =
        legacy.trusted_incoming && !legacy.trusted_outgoing && !legacy.basic_outgoing;
    let migration = capabilities.names.contains("MIGRATION_API");
    Err(Problem::new(match (legacy.remote_sysadmin, oauth) {
        (true, false) => "LEGACY_UPDATE",
        (true, true) => "LEGACY_REMOVAL",
        (false, false) => "MANUAL_LEGACY_UPDATE",
        (false, true) if only_incoming && !migration => "MANUAL_LEGACY_REMOVAL_WITH_OLD_EDIT",
        (false, true) => "MANUAL_LEGACY_REMOVAL",
    }))
}

/// A signed two-legged request for the peer's manifest, the proof that OAuth works.
async fn probe(app: &Instance, link: &Link) -> Result<(), Problem> {
    let answer = signed::send(
        app,
        link,
        "GET",
        "/rest/applinks/latest/manifest",
        Speaker::Application,
    )
    .await
    .map_err(|failure| Problem::network(&failure))?;
    match answer.oauth_challenge() {
        Challenge::Problem(code) => return Err(Problem::oauth(&code)),
        Challenge::Silent if answer.status == 401 && answer.body.is_empty() => {
            return Err(Problem::new("AUTH_LEVEL_UNSUPPORTED"));
        }
        _ => {}
    }
    match answer.status {
        200 => Ok(()),
        401 => Err(Problem::detailed("OAUTH_PROBLEM", "unauthorized")),
        _ => Err(Problem::unexpected_status(&answer)),
    }
}
