//! Moving a link from Trusted Applications or Basic access to OAuth, at both ends.

use std::time::Duration;

use serde_json::json;

use super::call::{Answer, Call};
use super::directions::{set_incoming, set_outgoing};
use crate::auth::websudo;
use crate::http::Reply;
use crate::http::errors::RestError;
use crate::peer::administrator::Remote;
use crate::peer::capabilities;
use crate::peer::signed::{self, Speaker};
use crate::store::{AuthConfig, Legacy, Link, OAuthFlags, PeerCapabilities, class};

/// POST `migration/{id}`
pub(crate) async fn migrate(call: &Call<'_>, id: &str) -> Answer {
    call.admin_v3()?;
    websudo::check(&call.settings, call.caller, call.style)?;
    let id = call.id_v3(id)?;
    let link = call
        .store(|store| store.link(&id).cloned())
        .ok_or_else(|| call.unknown_v3(&id))?;
    let known = capabilities::capabilities(call.app, &link, Duration::ZERO).await;
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
        at_peer(call, &link, new, &known).await.map_err(failed)?;
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
        "capabilities": known.names,
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

/// Configures the peer's end as the user who asked: over OAuth where that is there already, else
/// over the legacy authentication itself.
async fn at_peer(
    call: &Call<'_>,
    link: &Link,
    new: AuthConfig,
    known: &PeerCapabilities,
) -> Result<(), String> {
    let Legacy {
        trusted_outgoing, ..
    } = link.all_legacy();
    let user = call.user();
    let speaker = if link.outgoing().two_loi {
        Some(Speaker::Impersonated(&user))
    } else if trusted_outgoing {
        Some(Speaker::Trusted(&user))
    } else {
        link.user_tokens
            .get(&user)
            .map(|token| Speaker::Token(token))
    };
    if let Some(speaker) = speaker {
        let path = format!("/rest/applinks/3.0/status/{}/oauth", call.app.id());
        let body = new.mirrored().json();
        let sent = signed::send_body(call.app, link, "PUT", &path, speaker, Some(&body)).await;
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
    let remote = Remote {
        app: call.app,
        base: &link.rpc_url,
        user,
        password,
    };
    if remote.configure(known, new).await {
        Ok(())
    } else {
        Err("the remote application refused".to_owned())
    }
}
