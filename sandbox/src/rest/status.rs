//! The status of a link, and its OAuth configuration as one object.

use serde_json::{Map, Value, json};

use super::call::{Call, ResourceResult};
use super::directions::{set_incoming, set_outgoing};
use crate::auth::Scheme;
use crate::http::Reply;
use crate::http::encoding::encode;
use crate::http::errors::RestError;
use crate::peer::status;
use crate::store::{AuthConfig, Link, OAuthFlags};

/// GET `status/{id}`
pub(crate) async fn get(call: &Call<'_>, id: &str) -> ResourceResult {
    call.admin_v3()?;
    let id = call.id_v3(id)?;
    let callback = call.request.parameter("authorisationCallback");
    if callback
        .as_ref()
        .is_some_and(|url| !url::Url::parse(url).is_ok_and(|url| url.has_host()))
    {
        return Ok(call.error(400, "The authorisation callback must be an absolute URL."));
    }
    let (link, local) = config(call, &id)?;
    let mut status = status::check(call.app, &link, local, &call.user()).await;
    let authorisation = status
        .error
        .as_mut()
        .and_then(|error| error.authorisation.as_mut());
    if let (Some(uri), Some(callback)) = (authorisation, callback) {
        uri.push_str("&authorisationCallback=");
        uri.push_str(&encode(&callback));
    }
    let error = status
        .error
        .as_ref()
        .map_or(Value::Null, |error| error.json(call.style));
    let value = call.style.object([
        (
            "link",
            json!({
                "id": link.id, "name": link.name, "displayUrl": link.display_url,
                "rpcUrl": link.rpc_url, "type": link.type_id,
            }),
        ),
        ("working", Value::from(status.error.is_none())),
        ("localAuthentication", status.local.json()),
        (
            "remoteAuthentication",
            status.remote.map_or(Value::Null, AuthConfig::json),
        ),
        ("error", error),
    ]);
    Ok(Reply::json(200, &value))
}

/// GET `status/{id}/oauth`: also for anonymous callers.
pub(crate) fn get_oauth(call: &Call<'_>, id: &str) -> ResourceResult {
    let id = call.id_v3(id)?;
    let (_, config) = config(call, &id)?;
    Ok(Reply::json(200, &config.json()))
}

fn config(call: &Call<'_>, id: &str) -> Result<(Link, AuthConfig), Reply> {
    let found = call.store(|store| {
        let link = store.link(id)?.clone();
        let config = AuthConfig {
            incoming: store.incoming(&link),
            outgoing: link.outgoing(),
        };
        Some((link, config))
    });
    found.ok_or_else(|| call.unknown_v3(id))
}

/// PUT `status/{id}/oauth`
pub(crate) async fn put_oauth(call: &Call<'_>, id: &str) -> ResourceResult {
    call.admin_v3()?;
    let id = call.id_v3(id)?;
    let fields = call.body(false)?;
    let new = read_config(call, &fields)?;
    let (link, _) = config(call, &id)?;
    if new.incoming.two_loi || new.outgoing.two_loi {
        call.sysadmin_v3()?;
    }
    set_incoming(call, &link, new.incoming)
        .await
        .map_err(|details| {
            let mut error = RestError::new(format!(
                "Could not retrieve consumer information from {}.",
                link.rpc_url
            ));
            error.details = Some(vec![details]);
            call.style.rest_errors(409, &[error])
        })?;
    set_outgoing(call, &id, new.outgoing);
    remove_legacy_for_trusted_peer(call, &id);
    Ok(Reply::new(204))
}

fn read_config(call: &Call<'_>, fields: &Map<String, Value>) -> Result<AuthConfig, Reply> {
    let mut errors = Vec::new();
    let mut direction = |name: &str| {
        let flags = fields.get(name).and_then(OAuthFlags::from_json);
        if flags.is_none() {
            errors.push(RestError::on(name, format!("'{name}' is required.")));
        }
        flags.unwrap_or_default().normalised()
    };
    let config = AuthConfig {
        incoming: direction("incoming"),
        outgoing: direction("outgoing"),
    };
    if errors.is_empty() {
        Ok(config)
    } else {
        Err(call.style.rest_errors(400, &errors))
    }
}

/// Removes the legacy authentication when the caller is a peer that migrates the link over Trusted
/// Applications.
fn remove_legacy_for_trusted_peer(call: &Call<'_>, id: &str) {
    if call.caller.scheme == Scheme::Trusted {
        call.store(|store| store.link_mut(id).map(Link::remove_legacy));
    }
}
