//! The wizard's second page: creates a link here and, with the peer's password, at the peer.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::call::{Call, ResourceResult, flag, text};
use super::directions::{set_incoming, set_outgoing};
use super::{entity, link_edit};
use crate::http::Reply;
use crate::http::encoding::encode;
use crate::id;
use crate::peer::administrator::PeerAdministrator;
use crate::peer::capabilities;
use crate::peer::manifest::{self, ManifestError};
use crate::store::{AuthConfig, Link, OAuthFlags};

#[expect(clippy::struct_excessive_bools, reason = "the check boxes of the page")]
struct LinkForm {
    name: String,
    type_id: String,
    rpc_url: String,
    display_url: String,
    primary: bool,
    two_way: bool,
    trust: bool,
    same_users: bool,
    user: String,
    password: String,
    own_url: Option<String>,
}

/// POST `applicationlinkForm/createAppLink`
pub(crate) async fn create(call: &mut Call<'_>) -> ResourceResult {
    call.admin()?;
    let fields = call.body(true)?;
    let form = read(call, &fields)?;
    validate(call, &form)?;
    let remote = PeerAdministrator {
        app: call.app,
        base: &form.rpc_url,
        user: &form.user,
        password: &form.password,
    };
    if form.two_way {
        remote_link(call, &remote, &form).await?;
    }
    let mut link = Link::new("", &form.type_id, &form.name, &form.rpc_url);
    link.display_url.clone_from(&form.display_url);
    link.primary = form.primary;
    link.id = local_id(call, &form).await?;
    let id = call.store(|store| store.add(link));
    link_edit::after_creation(call, &id).await;
    let configured = form.two_way && auto_configure(call, &remote, &form, &id).await;
    let successful = configured || !form.two_way;
    let link = call.store(|store| store.link(&id).cloned());
    let created = link.map_or(Value::Null, |link| entity::link(call, &link));
    let value = json!({"applicationLink": created, "autoConfigurationSuccessful": successful});
    Ok(call.entity(200, "createdApplicationLink", &value))
}

fn read(call: &Call<'_>, fields: &Map<String, Value>) -> Result<LinkForm, Reply> {
    let absent = |field: &str| {
        call.style
            .exception("java.lang.NullPointerException", field)
    };
    let object = |name: &str| {
        fields
            .get(name)
            .and_then(Value::as_object)
            .ok_or_else(|| absent(name))
    };
    let link = object("applicationLink")?;
    let values = object("configFormValues")?;
    let custom = flag(fields, "customRpcURL");
    let rpc_url = text(link, "rpcUrl").ok_or_else(|| absent("rpcUrl"))?;
    Ok(LinkForm {
        name: text(link, "name").unwrap_or_default(),
        type_id: text(link, "typeId").unwrap_or_default(),
        display_url: text(link, "displayUrl").unwrap_or_else(|| rpc_url.clone()),
        rpc_url,
        primary: flag(link, "isPrimary"),
        two_way: flag(fields, "createTwoWayLink"),
        trust: flag(values, "trustEachOther"),
        same_users: flag(values, "shareUserbase"),
        user: text(fields, "username").unwrap_or_default(),
        password: text(fields, "password").unwrap_or_default(),
        own_url: text(fields, "rpcUrl").filter(|_| custom),
    })
}

fn validate(call: &Call<'_>, form: &LinkForm) -> Result<(), Reply> {
    let refuse = |message: &str, field: &str| Err(call.style.error_list(400, &[message], &[field]));
    if form.name.trim().is_empty() {
        return refuse(
            "The name of the application must not be blank",
            "application-name",
        );
    }
    if call.require_type(&form.type_id).is_err() {
        return refuse("The application type is not installed", "application-types");
    }
    if form.same_users && !call.caller.is_sysadmin() {
        return refuse(
            "Only a system administrator may share users",
            "same-userbase",
        );
    }
    if call.store(|store| store.links.iter().any(|link| link.rpc_url == form.rpc_url)) {
        let message = format!("An application link to {} exists already", form.rpc_url);
        return Err(call.style.error_list(400, &[&message], &[]));
    }
    Ok(())
}

/// Creates the reciprocal link at the peer.
async fn remote_link(
    call: &Call<'_>,
    remote: &PeerAdministrator<'_>,
    form: &LinkForm,
) -> Result<(), Reply> {
    let broken = |why: String| call.style.status(500, &why);
    let ping = remote
        .send("GET", "/rest/applinks/1.0/authenticationinfo", None)
        .await;
    let ping = ping.map_err(|failure| broken(failure.to_string()))?;
    if !(200..300).contains(&ping.status) {
        let message = "The user name or password is wrong, or the user is no administrator there";
        return Err(call.style.error_list(400, &[message], &["authorization"]));
    }
    let base = call.app.base_url();
    let own = json!({
        "id": call.app.id(),
        "typeId": call.app.product.type_id(),
        "name": call.settings.display_name,
        "displayUrl": base,
        "rpcUrl": form.own_url.as_deref().unwrap_or(&base),
        "isPrimary": false,
    });
    let path = format!("/rest/applinks/1.0/applicationlink/{}", call.app.id());
    let response = remote.send("PUT", &path, Some(&own)).await;
    let response = response.map_err(|failure| broken(failure.to_string()))?;
    let answer: Result<Value, _> = serde_json::from_slice(&response.body);
    let answer = answer.map_err(|error| broken(error.to_string()))?;
    if (200..300).contains(&response.status) {
        return Ok(());
    }
    let mut messages = vec!["The reciprocal link could not be created".to_owned()];
    match answer.get("message") {
        Some(Value::Array(list)) => {
            messages.extend(list.iter().filter_map(Value::as_str).map(str::to_owned));
        }
        Some(Value::String(message)) => messages.push(message.clone()),
        _ => {}
    }
    let messages: Vec<&str> = messages.iter().map(String::as_str).collect();
    Err(call.style.error_list(400, &messages, &[]))
}

/// The id of the peer, from its manifest. For a type without a manifest it is derived from the URL.
async fn local_id(call: &Call<'_>, form: &LinkForm) -> Result<String, Reply> {
    if form.type_id == "generic" || call.settings.extra_types.contains(&form.type_id) {
        return Ok(id::url_derived_id(&form.rpc_url));
    }
    match manifest::fetch(call.app, &form.rpc_url).await {
        Ok(manifest) if call.store(|store| store.link(manifest.id()).is_some()) => {
            Err(call.style.status(500, "The application is already linked"))
        }
        Ok(manifest) => Ok(manifest.id().to_owned()),
        Err(ManifestError::Unreachable(failure)) => {
            Err(call.style.status(500, &failure.to_string()))
        }
        Err(_) => Err(call.style.status(500, "The manifest could not be read")),
    }
}

/// Configures the peer's end first, then this end. Returns whether both succeeded.
async fn auto_configure(
    call: &Call<'_>,
    remote: &PeerAdministrator<'_>,
    form: &LinkForm,
    id: &str,
) -> bool {
    if !form.trust {
        return true;
    }
    let flags = if form.same_users {
        OAuthFlags::IMPERSONATION
    } else {
        OAuthFlags::OAUTH
    };
    let config = AuthConfig {
        incoming: flags,
        outgoing: flags,
    };
    let Some(link) = call.store(|store| store.link(id).cloned()) else {
        return false;
    };
    let peer_capabilities =
        capabilities::capabilities(call.app, &link, Duration::from_secs(3600)).await;
    if !remote.configure(&peer_capabilities, config).await {
        return false;
    }
    if set_incoming(call, &link, flags).await.is_err() {
        return false;
    }
    set_outgoing(call, id, flags);
    true
}

/// POST `applicationlinkForm/details`: whether the credentials are those of
/// an administrator, and whether the peer reaches this application.
pub(crate) async fn details(call: &mut Call<'_>) -> ResourceResult {
    call.admin()?;
    let fields = call.body(true)?;
    let value = |name: &str| text(&fields, name).unwrap_or_default();
    let (base, user, password) = (value("remoteUrl"), value("username"), value("password"));
    let remote = PeerAdministrator {
        app: call.app,
        base: &base,
        user: &user,
        password: &password,
    };
    let broken = |why: String| call.style.status(500, &why);
    let ping = remote
        .send("GET", "/rest/applinks/1.0/authenticationinfo", None)
        .await;
    if ping.map_err(|failure| broken(failure.to_string()))?.status != 200 {
        let message = "The user name or password is wrong, or the user is no administrator there";
        return Ok(call
            .style
            .error_list(400, &[message], &["reciprocal-link-password"]));
    }
    let own_url = text(&fields, "rpcUrl").unwrap_or_else(|| call.app.base_url());
    let path = format!(
        "/rest/applinks/1.0/authenticationinfo/id/{}/url/check?url={}",
        call.app.id(),
        encode(&own_url)
    );
    let reached = remote.send("GET", &path, None).await;
    if reached
        .map_err(|failure| broken(failure.to_string()))?
        .status
        != 200
    {
        let message = format!("The remote application cannot reach {own_url}");
        return Ok(call.style.error_list(400, &[&message], &[]));
    }
    Ok(call
        .style
        .status(200, "The remote application can be linked"))
}

/// POST `applicationlinkForm/createStaticUrlAppLink?typeId=…`: only for types that plugins add.
pub(crate) fn create_static(call: &mut Call<'_>) -> ResourceResult {
    call.admin()?;
    let type_id = call.request.parameter("typeId").unwrap_or_default();
    if !call.settings.extra_types.contains(&type_id) {
        let message = format!("The application type {type_id} has no static URL");
        return Ok(call.style.error_list(400, &[&message], &[]));
    }
    let url = format!("https://{type_id}.example.test");
    let id = id::url_derived_id(&url);
    let link = call.store(|store| {
        if store.link(&id).is_none() {
            store.add(Link::new(&id, &type_id, &type_id, &url));
        }
        store.link(&id).cloned()
    });
    let created = link.map_or(Value::Null, |link| entity::link(call, &link));
    let value = json!({"applicationLink": created, "autoConfigurationSuccessful": true});
    Ok(call.entity(200, "createdApplicationLink", &value))
}
