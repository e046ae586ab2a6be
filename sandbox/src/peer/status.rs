//! Checks whether a link works, in the order of the products, and reports the first error.

use super::capabilities;
use super::link_error::{network_error, oauth_error, unexpected_status};
use super::message::Challenge;
use super::remote_config::{modern_config, old_config};
use super::signed::{self, OutgoingAuth};
use crate::instance::Instance;
use crate::product::BUILT_IN_TYPES;
use crate::store::{AuthConfig, Link, LinkError, PeerCapabilities};

/// Oldest version of application links that the status supports.
const FIRST_COMPATIBLE: [u64; 3] = [4, 0, 13];

/// The status of a link.
#[derive(Debug, Clone)]
pub(crate) struct LinkStatus {
    pub(crate) local: AuthConfig,
    pub(crate) remote: Option<AuthConfig>,
    pub(crate) error: Option<LinkError>,
}

/// Checks `link` for the administrator `user`. `local` is the configuration of this end.
pub(crate) async fn check(
    app: &Instance,
    link: &Link,
    local: AuthConfig,
    user: &str,
) -> LinkStatus {
    let mut remote = None;
    let error = examine(app, link, local, user, &mut remote).await.err();
    if error.as_ref().is_some_and(|error| error.kind == "DISABLED") {
        return LinkStatus {
            local: AuthConfig::OFF,
            remote: Some(AuthConfig::OFF),
            error,
        };
    }
    LinkStatus {
        local,
        remote,
        error,
    }
}

async fn examine(
    app: &Instance,
    link: &Link,
    local: AuthConfig,
    user: &str,
    remote: &mut Option<AuthConfig>,
) -> Result<(), LinkError> {
    local_compatibility(link)?;
    let capabilities = capabilities::capabilities(app, link, app.settings().capabilities_age).await;
    let version = capabilities.applinks_version.as_deref();
    if version.is_some() && !capabilities::at_least(version, FIRST_COMPATIBLE) {
        return Err(LinkError::new("REMOTE_VERSION_INCOMPATIBLE"));
    }
    let has_status = capabilities.names.contains("STATUS_API");
    let fetched = if has_status {
        modern_config(app, link).await
    } else {
        old_config(app, link, user).await
    };
    let peer = match fetched {
        Ok(peer) => peer,
        Err(error) => {
            let token_missing = matches!(
                error.kind,
                "LOCAL_AUTH_TOKEN_REQUIRED" | "REMOTE_AUTH_TOKEN_REQUIRED"
            );
            if token_missing && local.outgoing.two_lo {
                probe(app, link).await?;
            }
            return Err(error);
        }
    };
    *remote = Some(peer);
    levels(local, peer)?;
    legacy(link, local, &capabilities)?;
    if local == AuthConfig::OFF && peer == AuthConfig::OFF {
        return Err(LinkError::new("DISABLED"));
    }
    if has_status && local.outgoing.two_lo {
        probe(app, link).await?;
    }
    Ok(())
}

fn local_compatibility(link: &Link) -> Result<(), LinkError> {
    if link.system {
        return Err(LinkError::new("SYSTEM_LINK"));
    }
    if link.type_id == "generic" {
        return Err(LinkError::new("GENERIC_LINK"));
    }
    if !BUILT_IN_TYPES.contains(&link.type_id.as_str()) {
        return Err(LinkError::new("NON_ATLASSIAN"));
    }
    Ok(())
}

fn levels(local: AuthConfig, remote: AuthConfig) -> Result<(), LinkError> {
    let unsupported =
        |config: AuthConfig| config.incoming.unsupported() || config.outgoing.unsupported();
    if unsupported(local) || unsupported(remote) {
        return Err(LinkError::new("AUTH_LEVEL_UNSUPPORTED"));
    }
    if local.incoming != remote.outgoing || local.outgoing != remote.incoming {
        return Err(LinkError::new("AUTH_LEVEL_MISMATCH"));
    }
    Ok(())
}

fn legacy(
    link: &Link,
    local: AuthConfig,
    capabilities: &PeerCapabilities,
) -> Result<(), LinkError> {
    let legacy = link.all_legacy();
    if !legacy.any() {
        return Ok(());
    }
    let oauth = local != AuthConfig::OFF;
    let only_incoming =
        legacy.trusted_incoming && !legacy.trusted_outgoing && !legacy.basic_outgoing;
    let migration = capabilities.names.contains("MIGRATION_API");
    Err(LinkError::new(match (legacy.remote_sysadmin, oauth) {
        (true, false) => "LEGACY_UPDATE",
        (true, true) => "LEGACY_REMOVAL",
        (false, false) => "MANUAL_LEGACY_UPDATE",
        (false, true) if only_incoming && !migration => "MANUAL_LEGACY_REMOVAL_WITH_OLD_EDIT",
        (false, true) => "MANUAL_LEGACY_REMOVAL",
    }))
}

/// Proves that OAuth works, by a signed two-legged request for the peer's manifest.
async fn probe(app: &Instance, link: &Link) -> Result<(), LinkError> {
    let answer = signed::send(
        app,
        link,
        "GET",
        "/rest/applinks/latest/manifest",
        OutgoingAuth::TwoLegged,
    )
    .await
    .map_err(|failure| network_error(&failure))?;
    match answer.oauth_challenge() {
        Challenge::Problem(code) => return Err(oauth_error(&code)),
        Challenge::Silent if answer.status == 401 && answer.body.is_empty() => {
            return Err(LinkError::new("AUTH_LEVEL_UNSUPPORTED"));
        }
        _ => {}
    }
    match answer.status {
        200 => Ok(()),
        401 => Err(LinkError::detailed("OAUTH_PROBLEM", "unauthorized")),
        _ => Err(unexpected_status(&answer)),
    }
}
