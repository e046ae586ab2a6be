//! The setting of Basic authentication, `/rest/basicauth/1.0/config`, and the login methods.

use serde_json::{Value, json};

use crate::auth::Caller;
use crate::http::{Reply, Request};
use crate::instance::Instance;
use crate::product::{Generation, Product};
use crate::sync::lock;

/// The answer. `None` when the product or its version has no such resource.
pub(super) fn route(
    app: &Instance,
    request: &Request,
    caller: &Caller,
    path: &[&str],
) -> Option<Reply> {
    if app.product == Product::Fecru || app.settings().generation < Generation::Classic {
        return None;
    }
    match (request.method.as_str(), path) {
        ("GET", ["authconfig", "1.0", "login-options"]) => {
            let options = json!({"results": [{"type": "LOGIN_FORM"}]});
            Some(Reply::json(200, &options))
        }
        ("GET" | "PUT", ["basicauth", "1.0", "config"]) => Some(config(app, request, caller)),
        _ => None,
    }
}

fn config(app: &Instance, request: &Request, caller: &Caller) -> Reply {
    if !caller.is_sysadmin() {
        let status = if caller.user.is_some() { 403 } else { 401 };
        let text = "You must be a system administrator.";
        return Reply::json(status, &json!({"message": text, "status-code": status}));
    }
    let settings = &mut lock(&app.state).settings;
    if request.method == "GET" {
        let value = json!({
            "block-requests": !settings.basic_allowed,
            "allowed-paths": settings.basic_allowed_paths,
            "allowed-users": settings.basic_allowed_users,
            "show-warning-message": false,
        });
        return Reply::json(200, &value);
    }
    let Ok(Value::Object(fields)) = serde_json::from_slice(&request.body) else {
        return Reply::json(
            400,
            &json!({"message": "Not a JSON object", "status-code": 400}),
        );
    };
    if let Some(block) = fields.get("block-requests").and_then(Value::as_bool) {
        settings.basic_allowed = !block;
    }
    let texts = |field: &str| -> Option<Vec<String>> {
        let list = fields.get(field)?.as_array()?;
        let texts = list.iter().filter_map(Value::as_str);
        Some(texts.map(str::to_owned).collect())
    };
    if let Some(paths) = texts("allowed-paths") {
        settings.basic_allowed_paths = paths;
    }
    if let Some(users) = texts("allowed-users") {
        settings.basic_allowed_users = users;
    }
    Reply::new(204)
}
