//! Creates and updates links through the `applicationlink` resource, in its three versions.

use std::time::Duration;

use serde_json::{Map, Value};

use super::call::{Call, ResourceResult, flag, text};
use super::entity;
use crate::http::Reply;
use crate::id;
use crate::peer::{capabilities, manifest};
use crate::product::Generation;
use crate::store::Link;

/// PUT on the collection (2.0 and later). It creates the link without a call to the peer, and only
/// then reads the manifest and capabilities of the peer.
pub(crate) async fn create(call: &Call<'_>) -> ResourceResult {
    let fields = call.body(true)?;
    let link = read(call, &fields, None)?;
    if call.store(|store| store.link(&link.id).is_some()) {
        let message = format!("An application link to {} exists already", link.rpc_url);
        return Ok(call.style.error_list(400, &[&message], &[]));
    }
    let id = call.store(|store| store.add(link));
    after_creation(call, &id).await;
    Ok(entity::created(call, &id))
}

/// PUT `{id}` (1.0): reads the manifest at the application URL, then creates or updates the link.
pub(crate) async fn create_or_update(call: &Call<'_>, path_id: &str) -> ResourceResult {
    call.id_v1(path_id)?;
    let fields = call.body(true)?;
    let Some(body_id) = text(&fields, "id") else {
        return Ok(call.style.exception("java.lang.NullPointerException", "id"));
    };
    let body_id = call.id_v1(&body_id)?;
    let link = read(call, &fields, Some(body_id))?;
    if manifest::fetch(call.app, &link.rpc_url).await.is_err() {
        let message = format!("The application at {} is not reachable", link.rpc_url);
        return Ok(call.style.error_list(400, &[&message], &[]));
    }
    if call.store(|store| store.link(&link.id).is_some()) {
        return update_stored(call, &link, flag(&fields, "isPrimary"));
    }
    let id = call.store(|store| store.add(link));
    after_creation(call, &id).await;
    Ok(entity::created(call, &id))
}

/// POST `{id}` (2.0 and later).
pub(crate) fn update(call: &Call<'_>, id: &str) -> ResourceResult {
    let id = call.id_v1(id)?;
    let fields = call.body(true)?;
    let link = read(call, &fields, Some(id.clone()))?;
    if call.store(|store| store.link(&id).is_none()) {
        return Ok(call.style.error_list(
            400,
            &[&format!("No application link with id {id}")],
            &[],
        ));
    }
    update_stored(call, &link, flag(&fields, "isPrimary"))
}

fn update_stored(call: &Call<'_>, new: &Link, primary: bool) -> ResourceResult {
    let (old, name_taken) = call.store(|store| {
        let taken = store
            .links
            .iter()
            .any(|other| other.id != new.id && other.name == new.name);
        (store.link(&new.id).cloned(), taken)
    });
    let Some(old) = old else {
        return Err(call
            .style
            .error_list(400, &["No such application link"], &[]));
    };
    // The oldest versions check nothing, so that the application URL can change.
    if call.settings.generation > Generation::Ancient {
        check_update(call, &old, new, name_taken)?;
    }
    call.store(|store| {
        if let Some(link) = store.link_mut(&new.id) {
            link.name.clone_from(&new.name);
            link.display_url.clone_from(&new.display_url);
            link.rpc_url.clone_from(&new.rpc_url);
        }
        if primary {
            store.make_primary(&new.id);
        }
    });
    Ok(entity::updated(
        call,
        &new.id,
        &format!("Updated application with id '{}'", new.id),
    ))
}

fn check_update(call: &Call<'_>, old: &Link, new: &Link, name_taken: bool) -> Result<(), Reply> {
    if old.system && !call.caller.is_sysadmin() {
        return Err(call.style.status(
            403,
            "Only a system administrator may change a system application link",
        ));
    }
    if name_taken {
        let message = format!("The name '{}' is already in use", new.name);
        return Err(call.style.error_list(400, &[&message], &[]));
    }
    if old.rpc_url != new.rpc_url {
        let message = "Cannot update the RPC URL of an application link, relocate it instead";
        return Err(call.style.error_list(400, &[message], &[]));
    }
    Ok(())
}

/// The link that a body describes. Without an id, and for the generic type, the id comes from the
/// URL.
fn read(call: &Call<'_>, fields: &Map<String, Value>, id: Option<String>) -> Result<Link, Reply> {
    let absent = |field: &str| {
        call.style
            .exception("java.lang.NullPointerException", field)
    };
    let type_id = text(fields, "typeId").ok_or_else(|| absent("typeId"))?;
    call.require_type(&type_id)?;
    let rpc_url = text(fields, "rpcUrl").ok_or_else(|| absent("rpcUrl"))?;
    let name = text(fields, "name").ok_or_else(|| absent("name"))?;
    let display_url = text(fields, "displayUrl").unwrap_or_else(|| rpc_url.clone());
    for url in [&rpc_url, &display_url] {
        if url::Url::parse(url).is_err() {
            return Err(call
                .style
                .error_list(400, &[&format!("Not a valid URI: {url}")], &[]));
        }
    }
    let id = match id {
        Some(id) => id,
        None if type_id == "generic" => id::url_derived_id(&rpc_url),
        None => match text(fields, "id") {
            Some(id) => call.id_v1(&id)?,
            None => id::url_derived_id(&rpc_url),
        },
    };
    let mut link = Link::new(&id, &type_id, &name, &rpc_url);
    link.display_url = display_url;
    link.primary = flag(fields, "isPrimary");
    Ok(link)
}

/// Reads the manifest and capabilities of a new link's peer, and ignores failures.
pub(crate) async fn after_creation(call: &Call<'_>, id: &str) {
    if !call.settings.generation.has_status() {
        return;
    }
    let link = call.store(|store| store.link(id).cloned());
    if let Some(link) = link.filter(|link| link.type_id != "generic") {
        let _ = capabilities::capabilities(call.app, &link, Duration::ZERO).await;
    }
}
