//! The wizard's first page: checks the application at a URL.

use std::net::IpAddr;

use serde_json::{Value, json};
use url::{Host, Url};

use super::call::{Call, ResourceResult};
use super::manifest::typed;
use crate::http::Reply;
use crate::peer::failure::NetKind;
use crate::peer::manifest::{self, ManifestError};

/// GET `applicationlinkForm/manifest?url=…`
pub(crate) async fn manifest(call: &mut Call<'_>) -> ResourceResult {
    call.admin()?;
    let text = call.request.parameter("url").unwrap_or_default();
    let base = text.trim().trim_end_matches('/').to_owned();
    if base.is_empty() {
        return Ok(call
            .style
            .error_list(400, &["The URL must not be blank"], &[]));
    }
    let url = Url::parse(&base).ok().filter(Url::has_host);
    let Some(url) = url else {
        return Ok(call
            .style
            .error_list(400, &[&format!("Invalid URL: {base}")], &[]));
    };
    if !call.settings.allow_all_hosts {
        allowed_host(call, &url)?;
    }
    if call.store(|store| store.links.iter().any(|link| link.rpc_url == base)) {
        return Ok(conflict(
            call,
            &format!("An application link to {base} exists already"),
        ));
    }
    match manifest::fetch(call.app, &base).await {
        Ok(manifest) => {
            let id = manifest.id().to_owned();
            if id == call.app.id() {
                return Ok(conflict(call, "An application cannot be linked to itself"));
            }
            if call.store(|store| store.link(&id).is_some()) {
                let text = "The application is already linked, under another URL";
                return Ok(conflict(call, text));
            }
            call.require_type(manifest.type_id())?;
            Ok(call.entity(200, "manifest", &Value::Object(typed(manifest.fields))))
        }
        Err(ManifestError::Redirected(to)) => {
            let to = to
                .split("/rest/applinks/")
                .next()
                .unwrap_or_default()
                .to_owned();
            Ok(warning(
                call,
                "applinks.warning.redirected.host",
                &json!({ "redirectedUrl": to }),
            ))
        }
        Err(ManifestError::Unreachable(failure)) if failure.kind == NetKind::Ssl => {
            Ok(warning(call, "applinks.warning.unknown.host", &Value::Null))
        }
        Err(ManifestError::Unreachable(_)) => {
            Ok(warning(call, "applinks.warning.unknown.host", &Value::Null))
        }
        Err(_) => Ok(call.entity(200, "manifest", &json!({}))),
    }
}

fn conflict(call: &Call<'_>, text: &str) -> Reply {
    call.style.error_list(409, &[text], &[])
}

fn warning(call: &Call<'_>, code: &str, params: &Value) -> Reply {
    let text = match code {
        "applinks.warning.redirected.host" => "The application redirects to another URL.",
        _ => "No response was received from the URL you entered.",
    };
    let value = call.style.object([
        ("code", Value::from(code)),
        ("warning", Value::from(text)),
        ("params", params.clone()),
    ]);
    call.entity(200, "warning", &value)
}

/// Refuses loopback and link-local addresses, and names that do not resolve.
fn allowed_host(call: &Call<'_>, url: &Url) -> Result<(), Reply> {
    let own = |ip: IpAddr| match ip {
        IpAddr::V4(ip) => ip.is_loopback() || ip.is_link_local() || ip.is_unspecified(),
        IpAddr::V6(ip) => ip.is_loopback() || ip.is_unspecified() || ip.is_unicast_link_local(),
    };
    let blocked = match url.host() {
        Some(Host::Ipv4(ip)) => own(ip.into()),
        Some(Host::Ipv6(ip)) => own(ip.into()),
        Some(Host::Domain("localhost")) => true,
        // A host name of the world stands for an address outside this server.
        Some(Host::Domain(name)) if call.app.environment.host(name).is_some() => false,
        _ => {
            let text = format!("The host of {url} could not be resolved");
            return Err(call.style.error_list(400, &[&text], &[]));
        }
    };
    if blocked {
        return Err(call
            .style
            .status(403, &format!("The host of {url} is not allowed")));
    }
    Ok(())
}
