//! The products' own resources that name the current user and its permissions.

use serde_json::{Value, json};

use crate::auth::Caller;
use crate::http::Reply;
use crate::instance::Instance;
use crate::product::Product;

/// The answer of such a resource. `None` when `segments` is none of this product.
pub(crate) fn route(
    app: &Instance,
    caller: &Caller,
    method: &str,
    segments: &[&str],
) -> Option<Reply> {
    if method != "GET" {
        return None;
    }
    match (app.product, segments) {
        (Product::Jira, ["rest", "api", "2" | "latest", "myself"]) => {
            Some(jira_myself(app, caller))
        }
        (Product::Jira, ["rest", "api", "2" | "latest", "mypermissions"]) => {
            Some(jira_permissions(caller))
        }
        (Product::Confluence, ["rest", "api", "user", "current"]) => Some(confluence(app, caller)),
        (Product::Bamboo, ["rest", "api", "latest", "currentUser"]) => Some(bamboo(app, caller)),
        _ => None,
    }
}

fn jira_myself(app: &Instance, caller: &Caller) -> Reply {
    let Some(name) = &caller.user else {
        let text = "You are not authenticated. Authentication required to perform this operation.";
        return Reply::json(401, &json!({"errorMessages": [text], "errors": {}}));
    };
    let value = json!({
        "self": format!("{}/rest/api/2/user?username={name}", app.base_url()),
        "key": name,
        "name": name,
        "emailAddress": format!("{name}@example.test"),
        "displayName": name,
        "active": true,
        "timeZone": "Etc/UTC",
        "locale": "en_US",
    });
    Reply::json(200, &value)
}

fn jira_permissions(caller: &Caller) -> Reply {
    let permission = |id: u32, key: &str, name: &str, have: bool| json!({"id": id.to_string(), "key": key, "name": name, "type": "GLOBAL", "description": name, "havePermission": have});
    let value = json!({"permissions": {
        "ADMINISTER": permission(0, "ADMINISTER", "Jira Administrators", caller.is_admin()),
        "SYSTEM_ADMIN": permission(44, "SYSTEM_ADMIN", "Jira System Administrators", caller.is_sysadmin()),
        "BROWSE_PROJECTS": permission(10, "BROWSE_PROJECTS", "Browse Projects", caller.user.is_some()),
    }});
    Reply::json(200, &value)
}

fn confluence(app: &Instance, caller: &Caller) -> Reply {
    let value: Value = match &caller.user {
        None => {
            json!({"type": "anonymous", "profilePicture": {"path": "/images/icons/profilepics/anonymous.svg"},
            "displayName": "Anonymous"})
        }
        Some(name) => {
            json!({"type": "known", "username": name, "userKey": crate::id::url_derived_id(name).replace('-', ""),
            "displayName": name, "_links": {"self": format!("{}/rest/api/user?username={name}", app.base_url()),
            "base": app.base_url(), "context": ""}})
        }
    };
    Reply::json(200, &value)
}

fn bamboo(app: &Instance, caller: &Caller) -> Reply {
    let Some(name) = &caller.user else {
        let text = "You must be logged in to access this resource.";
        return Reply::json(401, &json!({"message": text, "status-code": 401}));
    };
    Reply::json(
        200,
        &json!({"name": name, "fullName": name, "email": format!("{name}@example.test"),
        "link": {"href": format!("{}/rest/api/latest/currentUser", app.base_url()), "rel": "self"}}),
    )
}
