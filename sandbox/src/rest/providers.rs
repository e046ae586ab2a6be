//! The outgoing authentication providers of a link.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::call::{Call, ResourceResult, text};
use crate::http::Reply;
use crate::store::{Link, class};

/// GET `{id}/authentication/provider[/{class}]`
pub(crate) fn get(call: &Call<'_>, id: &str, name_filter: Option<&str>) -> ResourceResult {
    let link = link(call, id)?;
    let list = list(call, &link, name_filter);
    Ok(call.entity(
        200,
        "authenticationProviders",
        &json!({ "authenticationProviders": list }),
    ))
}

/// The link of a path. A malformed id gives 404, like an unknown one.
pub(crate) fn link(call: &Call<'_>, id: &str) -> Result<Link, Reply> {
    crate::id::parse(id)
        .and_then(|id| call.store(|store| store.link(&id).cloned()))
        .ok_or_else(|| {
            call.style
                .status(404, &format!("No application with id '{id}'"))
        })
}

/// The configured providers as entities.
pub(crate) fn list(call: &Call<'_>, link: &Link, name_filter: Option<&str>) -> Vec<Value> {
    let href = call.href(&format!(
        "applicationlink/{}/authentication/provider",
        link.id
    ));
    let legacy = [
        (link.legacy.trusted_outgoing, class::TRUSTED),
        (link.legacy.basic_outgoing, class::BASIC),
    ];
    let empty = BTreeMap::new();
    link.providers
        .iter()
        .map(|(name, config)| (name.as_str(), config))
        .chain(
            legacy
                .iter()
                .filter(|(on, _)| *on)
                .map(|(_, name)| (*name, &empty)),
        )
        .filter(|(name, _)| name_filter.is_none_or(|filter| filter == *name))
        .map(|(name, config)| {
            json!({
                "config": config,
                "module": module(name),
                "provider": name,
                "link": [{"href": format!("{href}/{name}"), "rel": "self"}],
            })
        })
        .collect()
}

fn module(name: &str) -> String {
    let short = name.strip_prefix(class::PREFIX).unwrap_or(name);
    format!(
        "com.atlassian.applinks.core.auth.{}PluginModule",
        short.trim_end_matches("Provider")
    )
}

/// PUT `{id}/authentication/provider`
pub(crate) fn put(call: &Call<'_>, id: &str) -> ResourceResult {
    let link = link(call, id)?;
    let fields = call.body(true)?;
    let provider = text(&fields, "provider").unwrap_or_default();
    if !class::ALL.contains(&provider.as_str()) {
        let message = format!("The authentication provider {provider} could not be loaded");
        return Ok(call.style.error_list(400, &[&message], &[]));
    }
    if provider == class::TWO_LOI && !call.caller.is_sysadmin() {
        let message = "Only a system administrator may configure impersonation";
        return Ok(call.style.error_list(400, &[message], &[]));
    }
    let config: BTreeMap<String, String> = fields
        .get("config")
        .and_then(Value::as_object)
        .map(|config| {
            config
                .keys()
                .filter_map(|key| Some((key.clone(), text(config, key)?)))
                .collect()
        })
        .unwrap_or_default();
    call.store(|store| {
        if let Some(link) = store.link_mut(&link.id) {
            link.providers.insert(provider.clone(), config);
        }
    });
    let href = call.href(&format!(
        "applicationlink/{}/authentication/provider/{provider}",
        link.id
    ));
    Ok(call
        .style
        .resources(201, "", Some(("resources-created", &href))))
}
