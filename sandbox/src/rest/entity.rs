//! The application link as the older resources write it.

use serde_json::{Value, json};

use super::call::Call;
use crate::http::Reply;
use crate::store::Link;

/// `ApplicationLinkEntity` of a link, with a self link of the version that was called.
pub(crate) fn link(call: &Call<'_>, link: &Link) -> Value {
    let icon = icon(&link.display_url, &link.type_id, 16);
    let rpc_url = if link.system {
        Value::Null
    } else {
        Value::from(link.rpc_url.as_str())
    };
    call.style.object([
        ("id", Value::from(link.id.as_str())),
        ("typeId", Value::from(link.type_id.as_str())),
        ("name", Value::from(link.name.as_str())),
        ("displayUrl", Value::from(link.display_url.as_str())),
        ("iconUrl", Value::from(icon)),
        (
            "iconUri",
            Value::from(self::icon(&link.display_url, &link.type_id, 128)),
        ),
        ("rpcUrl", rpc_url),
        ("isPrimary", Value::from(link.primary)),
        ("isSystem", Value::from(link.system)),
        (
            "link",
            json!([{"href": call.href(&format!("applicationlink/{}", link.id)), "rel": "self"}]),
        ),
    ])
}

/// URL of a type's icon.
pub(crate) fn icon(base: &str, type_id: &str, size: u32) -> String {
    format!(
        "{base}/download/resources/com.atlassian.applinks.applinks-plugin:applinks-images/images/types/{size}{type_id}.png"
    )
}

/// The answer that names a new link.
pub(crate) fn created(call: &Call<'_>, id: &str) -> Reply {
    let href = call.href(&format!("applicationlink/{id}"));
    call.style
        .resources(201, "", Some(("resources-created", &href)))
}

/// The answer that names a changed link.
pub(crate) fn updated(call: &Call<'_>, id: &str, message: &str) -> Reply {
    let href = call.href(&format!("applicationlink/{id}"));
    call.style
        .resources(200, message, Some(("resources-updated", &href)))
}
