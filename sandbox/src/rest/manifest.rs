//! The manifest and capabilities of the application and of its peers.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::call::{Call, ResourceResult};
use super::entity::icon;
use crate::http::Reply;
use crate::peer::capabilities;
use crate::peer::manifest::{self, ManifestError};
use crate::product::Generation;
use crate::store::{PeerCapabilities, class};

const PLACEHOLDER: &str = "placeholder.to.ensure.backwards.compatibility";

/// GET `manifest`
pub(crate) fn own_manifest(call: &Call<'_>) -> Reply {
    let app = call.app;
    let (version, build, applinks) = app.versions();
    let (base, type_id) = (app.base_url(), app.product.type_id());
    let old = call.settings.generation <= Generation::Old4;
    let icon_uri = if old {
        Value::Null
    } else {
        Value::from(icon(&base, type_id, 128))
    };
    let mut providers = vec![PLACEHOLDER, class::OAUTH, class::TWO_LO, class::TWO_LOI];
    if old {
        providers.extend([class::BASIC, class::TRUSTED]);
    }
    let value = call.style.object([
        ("id", Value::from(app.id())),
        ("name", Value::from(call.settings.display_name.as_str())),
        ("typeId", Value::from(type_id)),
        ("version", Value::from(version)),
        ("buildNumber", Value::from(build)),
        ("applinksVersion", Value::from(applinks)),
        ("inboundAuthenticationTypes", json!(providers)),
        ("outboundAuthenticationTypes", json!(providers)),
        ("publicSignup", Value::from(call.settings.public_signup)),
        ("url", Value::from(base.as_str())),
        ("iconUrl", Value::from(icon(&base, type_id, 16))),
        ("iconUri", icon_uri),
    ]);
    call.entity(200, "manifest", &value)
        .header("Access-Control-Allow-Origin", "*")
}

/// GET `manifest/{id}`
pub(crate) async fn link_manifest(call: &mut Call<'_>, id: &str) -> ResourceResult {
    let found = crate::id::parse(id).and_then(|id| call.store(|store| store.link(&id).cloned()));
    let Some(link) = found.filter(|_| call.caller.user.is_some()) else {
        return Ok(call.style.error_list(
            400,
            &[&format!("No application link with id {id}")],
            &[],
        ));
    };
    Ok(match manifest::fetch(call.app, &link.rpc_url).await {
        Ok(manifest) => call.entity(200, "manifest", &Value::Object(typed(manifest.fields))),
        Err(ManifestError::Unreachable(failure)) => call.style.status(404, &failure.to_string()),
        Err(_) => call.style.status(404, "Couldn't retrieve manifest"),
    })
}

/// Gives the numbers and booleans of an XML manifest their types back.
pub(crate) fn typed(mut fields: Map<String, Value>) -> Map<String, Value> {
    for (name, value) in &mut fields {
        let Some(text) = value.as_str() else { continue };
        if name == "buildNumber" {
            *value = Value::from(text.parse::<u64>().unwrap_or_default());
        } else if name == "publicSignup" {
            *value = Value::from(text == "true");
        }
    }
    fields
}

fn own_capabilities(call: &Call<'_>) -> Vec<&'static str> {
    if call.settings.migration_api {
        vec!["STATUS_API", "MIGRATION_API"]
    } else {
        vec!["STATUS_API"]
    }
}

/// GET `capabilities`
pub(crate) fn capabilities(call: &Call<'_>) -> Reply {
    Reply::json(200, &json!(own_capabilities(call)))
}

/// GET `capabilities/{name}`
pub(crate) fn capability(call: &Call<'_>, name: &str) -> Reply {
    if own_capabilities(call).contains(&name) {
        return Reply::json(200, &json!([name]));
    }
    call.error(404, &format!("Capability '{name}' is not supported."))
}

/// GET `capabilities/remote/{id}`
pub(crate) async fn remote(call: &Call<'_>, id: &str) -> ResourceResult {
    call.admin_v3()?;
    let id = call.id_v3(id)?;
    let max_age = max_age(call)?;
    let link = call
        .store(|store| store.link(&id).cloned())
        .ok_or_else(|| call.unknown_v3(&id))?;
    let found = capabilities::capabilities(call.app, &link, max_age).await;
    Ok(Reply::json(200, &remote_json(call, &found)))
}

fn max_age(call: &Call<'_>) -> Result<Duration, Reply> {
    let Some(text) = call.request.parameter("maxAge") else {
        return Ok(call.settings.capabilities_age);
    };
    let number: i64 = text
        .parse()
        .map_err(|_| call.error(400, &format!("'{text}' is not a valid age.")))?;
    let number = u64::try_from(number)
        .map_err(|_| call.error(400, "The maximum age must not be negative."))?;
    let unit = call
        .request
        .parameter("timeUnit")
        .unwrap_or_else(|| "MINUTES".to_owned());
    let seconds = match unit.to_ascii_uppercase().as_str() {
        "NANOSECONDS" => return Ok(Duration::from_nanos(number)),
        "MICROSECONDS" => return Ok(Duration::from_micros(number)),
        "MILLISECONDS" => return Ok(Duration::from_millis(number)),
        "SECONDS" => 1,
        "MINUTES" => 60,
        "HOURS" => 3600,
        "DAYS" => 86400,
        _ => return Err(call.error(400, &format!("'{unit}' is not a valid time unit."))),
    };
    Ok(Duration::from_secs(number.saturating_mul(seconds)))
}

/// The remote capabilities as an object.
pub(crate) fn remote_json(call: &Call<'_>, found: &PeerCapabilities) -> Value {
    let version = |text: &Option<String>| {
        let Some(text) = text else { return Value::Null };
        let [major, minor, bugfix] = capabilities::numbers(text).unwrap_or_default();
        let suffix = text
            .split_once('-')
            .map(|(_, suffix)| suffix)
            .unwrap_or_default();
        json!({"versionString": text, "major": major, "minor": minor, "bugfix": bugfix, "suffix": suffix})
    };
    let error = found
        .error
        .as_ref()
        .map_or(Value::Null, |problem| problem.json(call.style));
    call.style.object([
        ("applicationVersion", version(&found.application_version)),
        ("applinksVersion", version(&found.applinks_version)),
        ("capabilities", json!(found.names)),
        ("error", error),
    ])
}
