//! The feature switches of the administration page.

use serde_json::json;

use super::call::{Call, ResourceResult};
use crate::http::Reply;

const KNOWN: [&str; 3] = ["V3_UI", "V3_UI_OPT_IN", "V4_UI"];

/// GET, PUT, DELETE `features/{feature}`
pub(crate) fn feature(call: &Call<'_>, name: &str) -> ResourceResult {
    call.admin_v3()?;
    let name = name.to_ascii_uppercase();
    if !KNOWN.contains(&name.as_str()) {
        return Ok(call.error(400, &format!("'{name}' is not a feature.")));
    }
    match call.request.method.as_str() {
        "GET" => {
            let on = call.store(|store| store.features.get(&name).copied());
            Ok(Reply::json(
                200,
                &json!({ name.as_str(): on.unwrap_or(name == "V3_UI" || name == "V4_UI" && call.settings.oauth2_rows) }),
            ))
        }
        method => {
            let on = method == "PUT";
            call.store(|store| store.features.insert(name, on));
            Ok(Reply::new(204))
        }
    }
}
