//! Checks of permission and reachability, which peers make before a change.

use serde_json::{Value, json};

use super::call::{Call, ResourceResult};
use crate::http::Reply;
use crate::peer::manifest;
use crate::peer::signed::{self, UserAccess};
use crate::store::Link;

/// GET `authenticationinfo`
pub(crate) fn ping(call: &mut Call<'_>) -> ResourceResult {
    call.admin()?;
    Ok(call.style.status(200, "You are an administrator"))
}

/// GET `authenticationinfo/id/{id}/url/{anything}?url=…`: whether this application is at that URL.
pub(crate) async fn reachable(call: &mut Call<'_>, id: &str) -> ResourceResult {
    call.admin()?;
    let id = call.id_v1(id)?;
    let url = call.request.parameter("url").unwrap_or_default();
    let found = manifest::fetch(call.app, &url).await;
    if found.is_ok_and(|manifest| manifest.id() == id) {
        return Ok(call.style.status(200, "The application is reachable"));
    }
    Ok(call
        .style
        .status(404, &format!("No application with id '{id}' at {url}")))
}

/// GET `permission/delete-application/{id}`: whether the caller may delete that link.
pub(crate) fn may_delete(call: &Call<'_>, id: &str) -> ResourceResult {
    let id = call.id_v1(id)?;
    let code = if call.caller.user.is_none() {
        "NO_AUTHENTICATION"
    } else if !call.caller.is_admin() {
        "NO_PERMISSION"
    } else if call.store(|store| store.link(&id).is_none()) {
        "MISSING"
    } else {
        "ALLOWED"
    };
    Ok(permission(call, code, None))
}

/// GET `permission/reciprocate-application-delete/{id}`: whether the other end can be deleted too.
pub(crate) async fn may_delete_at_peer(call: &mut Call<'_>, id: &str) -> ResourceResult {
    call.admin()?;
    let id = call.id_v1(id)?;
    let Some(link) = call.store(|store| store.link(&id).cloned()) else {
        return Ok(call
            .style
            .status(404, &format!("No application with id '{id}'")));
    };
    let code = delete_permission(call, &link).await;
    let with_url = matches!(
        code.as_str(),
        "CREDENTIALS_REQUIRED" | "AUTHENTICATION_FAILED" | "NO_AUTHENTICATION"
    );
    let url = with_url.then(|| signed::authorisation_url(call.app, &link));
    Ok(permission(call, &code, url.as_deref()))
}

/// The permission that the peer reports for deleting its end.
async fn delete_permission(call: &Call<'_>, link: &Link) -> String {
    let user = call.user();
    let auth = match signed::user_access(link, &user) {
        UserAccess::NotConfigured => return "NO_AUTHENTICATION_CONFIGURED".to_owned(),
        UserAccess::TokenMissing => return "CREDENTIALS_REQUIRED".to_owned(),
        UserAccess::Available(auth) => auth,
    };
    let path = format!(
        "/rest/applinks/1.0/permission/delete-application/{}",
        call.app.id()
    );
    let Ok(answer) = signed::send(call.app, link, "GET", &path, auth).await else {
        return "NO_CONNECTION".to_owned();
    };
    let code = serde_json::from_slice::<Value>(&answer.body)
        .ok()
        .filter(|_| answer.status == 200)
        .and_then(|value| value.get("code").and_then(Value::as_str).map(str::to_owned));
    code.unwrap_or_else(|| "AUTHENTICATION_FAILED".to_owned())
}

fn permission(call: &Call<'_>, code: &str, url: Option<&str>) -> Reply {
    let value = call
        .style
        .object([("code", Value::from(code)), ("url", json!(url))]);
    call.entity(200, "permissionCode", &value)
}
