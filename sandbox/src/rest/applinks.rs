//! The `applinks` resource of version 3.0: the list of links with properties and data on demand.

use serde_json::{Map, Value, json};

use super::call::{Call, ResourceResult, flag, text};
use super::entity::icon;
use super::link_deletion;
use super::manifest::remote_json;
use super::oauth2_rows;
use crate::http::Reply;
use crate::http::errors::RestError;
use crate::peer::capabilities;
use crate::product::BUILT_IN_TYPES;
use crate::store::Link;

/// GET of the list.
pub(crate) async fn list(call: &Call<'_>) -> ResourceResult {
    call.admin_v3()?;
    let mut list = Vec::new();
    for link in call.store(|store| store.links.clone()) {
        list.push(object(call, &link).await);
    }
    list.extend(oauth2_rows::rows(call));
    Ok(Reply::json(200, &Value::Array(list)))
}

/// GET of one link.
pub(crate) async fn get(call: &Call<'_>, id: &str) -> ResourceResult {
    call.admin_v3()?;
    let id = call.id_v3(id)?;
    let link = call
        .store(|store| store.link(&id).cloned())
        .ok_or_else(|| call.unknown_v3(&id))?;
    Ok(Reply::json(200, &object(call, &link).await))
}

async fn object(call: &Call<'_>, link: &Link) -> Value {
    let properties: Map<String, Value> = call
        .request
        .parameters("property")
        .into_iter()
        .map(|key| {
            let value = link.properties.get(&key).cloned().unwrap_or_default();
            (key, value)
        })
        .collect();
    let mut data = Map::new();
    for key in call.request.parameters("data") {
        let value = datum(call, link, &key).await;
        data.insert(key, value);
    }
    call.style.object([
        ("id", Value::from(link.id.as_str())),
        ("name", Value::from(link.name.as_str())),
        ("displayUrl", Value::from(link.display_url.as_str())),
        ("rpcUrl", Value::from(link.rpc_url.as_str())),
        ("type", Value::from(link.type_id.as_str())),
        ("system", Value::from(link.system)),
        ("primary", Value::from(link.primary)),
        ("properties", Value::Object(properties)),
        ("data", Value::Object(data)),
    ])
}

async fn datum(call: &Call<'_>, link: &Link, key: &str) -> Value {
    let atlassian = link.type_id != "generic" && BUILT_IN_TYPES.contains(&link.type_id.as_str());
    match key {
        "iconUri" => Value::from(icon(&link.display_url, &link.type_id, 128)),
        "atlassian" => Value::from(atlassian),
        "configUrl" if link.type_id == "confluence" => Value::from(format!(
            "{}/admin/listapplicationlinks.action",
            link.display_url
        )),
        "configUrl" if atlassian => Value::from(format!(
            "{}/plugins/servlet/applinks/listApplicationLinks",
            link.display_url
        )),
        "webItems" | "webPanels" => json!([]),
        "capabilities" | "applicationVersion" => {
            let found =
                capabilities::capabilities(call.app, link, call.settings.capabilities_age).await;
            let value = remote_json(call, &found);
            if key == "capabilities" {
                value
            } else {
                value.get(key).cloned().unwrap_or_default()
            }
        }
        "editable" => Value::from(!link.system),
        "v3Editable" => Value::from(!link.system && atlassian),
        _ => Value::Null,
    }
}

/// PUT: may change the application URL. The new URL is not checked.
pub(crate) async fn put(call: &Call<'_>, id: &str) -> ResourceResult {
    call.admin_v3()?;
    let id = call.id_v3(id)?;
    let fields = call.body(false)?;
    let link = call
        .store(|store| store.link(&id).cloned())
        .ok_or_else(|| call.unknown_v3(&id))?;
    if link.system {
        return Ok(call.error(400, "System application links cannot be edited."));
    }
    let errors = validate(call, &id, &fields);
    if !errors.is_empty() {
        return Ok(call.style.rest_errors(400, &errors));
    }
    let link = call.store(|store| {
        if let Some(link) = store.link_mut(&id) {
            let set = |target: &mut String, field: &str| {
                if let Some(value) = text(&fields, field) {
                    *target = value;
                }
            };
            set(&mut link.name, "name");
            set(&mut link.rpc_url, "rpcUrl");
            set(&mut link.display_url, "displayUrl");
        }
        if flag(&fields, "primary") {
            store.make_primary(&id);
        }
        store.link(&id).cloned()
    });
    match link {
        Some(link) => Ok(Reply::json(200, &object(call, &link).await)),
        None => Err(call.unknown_v3(&id)),
    }
}

fn validate(call: &Call<'_>, id: &str, fields: &Map<String, Value>) -> Vec<RestError> {
    let others: Vec<Link> = call.store(|store| {
        store
            .links
            .iter()
            .filter(|link| link.id != id)
            .cloned()
            .collect()
    });
    let mut errors = Vec::new();
    for field in ["name", "rpcUrl", "displayUrl"] {
        let Some(value) = text(fields, field).filter(|value| !value.trim().is_empty()) else {
            errors.push(RestError::on(field, format!("'{field}' is required.")));
            continue;
        };
        if field != "name" {
            match url::Url::parse(&value) {
                Ok(url) if url.has_host() => {}
                Ok(_) | Err(url::ParseError::RelativeUrlWithoutBase) => {
                    errors.push(RestError::on(
                        field,
                        format!("'{value}' is not an absolute URL."),
                    ));
                    continue;
                }
                Err(_) => {
                    errors.push(RestError::on(
                        field,
                        format!("'{value}' is not a valid URL."),
                    ));
                    continue;
                }
            }
        }
        let taken = others.iter().any(|other| match field {
            "name" => other.name == value,
            "rpcUrl" => other.rpc_url == value,
            _ => other.display_url == value,
        });
        if taken {
            errors.push(RestError::on(
                field,
                format!("'{value}' is already used by another application link."),
            ));
        }
    }
    errors
}

/// DELETE: only on this application. Also deletes system links.
pub(crate) fn delete(call: &Call<'_>, id: &str) -> ResourceResult {
    call.admin_v3()?;
    let id = call.id_v3(id)?;
    link_deletion::remove(call, &id).ok_or_else(|| call.unknown_v3(&id))?;
    Ok(Reply::new(204))
}
