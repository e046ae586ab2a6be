//! Migrates a link from legacy authentication to OAuth, at both ends.

use std::time::Duration;

use serde_json::json;

use super::call::{Call, ResourceResult};
use super::directions::{set_incoming, set_outgoing};
use crate::auth::websudo;
use crate::http::Reply;
use crate::http::errors::RestError;
use crate::peer::administrator::PeerAdministrator;
use crate::peer::capabilities;
use crate::peer::signed::{self, OutgoingAuth};
use crate::store::{AuthConfig, LegacyAuth, Link, OAuthFlags, PeerCapabilities, class};

/// POST `migration/{id}`
pub(crate) async fn migrate(call: &Call<'_>, id: &str) -> ResourceResult {
    call.admin_v3()?;
    websudo::check(&call.settings, call.caller, call.style)?;
    let id = call.id_v3(id)?;
    let link = call
        .store(|store| store.link(&id).cloned())
        .ok_or_else(|| call.unknown_v3(&id))?;
    let peer_capabilities = capabilities::capabilities(call.app, &link, Duration::ZERO).await;
    let legacy = link.all_legacy();
    let now = call.store(|store| AuthConfig {
        incoming: store.incoming(&link),
        outgoing: link.outgoing(),
    });
    let new = AuthConfig {
        incoming: target(now.incoming, legacy.trusted_incoming, false),
        outgoing: target(now.outgoing, legacy.trusted_outgoing, legacy.basic_outgoing),
    };
    if new.incoming.two_loi || new.outgoing.two_loi {
        call.sysadmin_v3()?;
    }
    let failed = |details: String| {
        let mut error = RestError::new(format!(
            "The link to {} could not be migrated.",
            link.rpc_url
        ));
        error.details = Some(vec![details]);
        call.style.rest_errors(409, &[error])
    };
    if legacy.any() {
        configure_peer(call, &link, new, &peer_capabilities)
            .await
            .map_err(failed)?;
        set_incoming(call, &link, new.incoming)
            .await
            .map_err(failed)?;
        set_outgoing(call, &id, new.outgoing);
        call.store(|store| {
            if let Some(link) = store.link_mut(&id) {
                link.remove_legacy();
            }
        });
    }
    let value = json!({
        "incoming": new.incoming.json(),
        "outgoing": new.outgoing.json(),
        "capabilities": peer_capabilities.names,
    });
    Ok(Reply::json(200, &value))
}

fn target(now: OAuthFlags, trusted: bool, basic: bool) -> OAuthFlags {
    match (trusted, basic) {
        (true, _) => OAuthFlags::IMPERSONATION,
        (_, true) if !now.two_lo => OAuthFlags::OAUTH,
        _ => now,
    }
}

/// Configures the peer's end as the current user. It uses OAuth where that works already, and
/// otherwise the legacy authentication.
async fn configure_peer(
    call: &Call<'_>,
    link: &Link,
    new: AuthConfig,
    capabilities: &PeerCapabilities,
) -> Result<(), String> {
    let LegacyAuth {
        trusted_outgoing, ..
    } = link.all_legacy();
    let user = call.user();
    let auth = if link.outgoing().two_loi {
        Some(OutgoingAuth::Impersonation(&user))
    } else if trusted_outgoing {
        Some(OutgoingAuth::TrustedApplication(&user))
    } else {
        link.user_tokens
            .get(&user)
            .map(|token| OutgoingAuth::ThreeLegged(token))
    };
    if let Some(auth) = auth {
        let path = format!("/rest/applinks/3.0/status/{}/oauth", call.app.id());
        let body = new.mirrored().json();
        let sent = signed::send_body(call.app, link, "PUT", &path, auth, Some(&body)).await;
        return match sent {
            Ok(answer) if answer.status == 204 => Ok(()),
            Ok(answer) => Err(format!("{}: {}", answer.status, answer.reason())),
            Err(failure) => Err(failure.to_string()),
        };
    }
    let basic = link.providers.get(class::BASIC);
    let credential = |name: &str| {
        basic
            .and_then(|config| config.get(name))
            .map(String::as_str)
    };
    let (Some(user), Some(password)) = (credential("username"), credential("password")) else {
        return Err("the remote application gives no access".to_owned());
    };
    let remote = PeerAdministrator {
        app: call.app,
        base: &link.rpc_url,
        user,
        password,
    };
    if remote.configure(capabilities, new).await {
        Ok(())
    } else {
        Err("the remote application refused".to_owned())
    }
}
