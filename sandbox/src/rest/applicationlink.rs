//! Reads the `applicationlink` resource, and makes a link the primary one of its type.

use serde_json::{Value, json};

use super::call::{Call, ResourceResult};
use super::entity;
use crate::http::Reply;

/// GET on the collection.
pub(crate) fn list(call: &Call<'_>) -> Reply {
    let links: Vec<Value> = call
        .store(|store| store.links.clone())
        .iter()
        .map(|link| entity::link(call, link))
        .collect();
    call.entity(
        200,
        "applicationLinks",
        &json!({ "applicationLinks": links }),
    )
}

/// GET of one link. An unknown id causes an exception on the server.
pub(crate) fn get(call: &Call<'_>, id: &str) -> ResourceResult {
    let id = call.id_v1(id)?;
    match call.store(|store| store.link(&id).cloned()) {
        Some(link) => Ok(call.entity(200, "applicationLink", &entity::link(call, &link))),
        None => Ok(call
            .style
            .exception("java.lang.NullPointerException", "null")),
    }
}

/// GET `type/{typeId}`: primary first.
pub(crate) fn links_of_type(call: &Call<'_>, type_id: &str) -> ResourceResult {
    call.require_type(type_id)?;
    let mut links = call.store(|store| store.links.clone());
    links.retain(|link| link.type_id == type_id);
    links.sort_by_key(|link| !link.primary);
    let links: Vec<Value> = links.iter().map(|link| entity::link(call, link)).collect();
    Ok(call.entity(
        200,
        "applicationLinks",
        &json!({ "applicationLinks": links }),
    ))
}

/// GET `primary/{typeId}`
pub(crate) fn primary(call: &Call<'_>, type_id: &str) -> ResourceResult {
    call.require_type(type_id)?;
    let found = call.store(|store| {
        store
            .links
            .iter()
            .find(|link| link.type_id == type_id && link.primary)
            .cloned()
    });
    Ok(match found {
        Some(link) => call.entity(200, "applicationLink", &entity::link(call, &link)),
        None => call.style.status(
            404,
            &format!("No primary application link of type {type_id}"),
        ),
    })
}

/// POST `primary/{id}`
pub(crate) fn make_primary(call: &Call<'_>, id: &str) -> ResourceResult {
    let id = call.id_v1(id)?;
    let found = call.store(|store| {
        store.make_primary(&id);
        store.link(&id).is_some()
    });
    if !found {
        return Ok(call
            .style
            .exception("java.lang.NullPointerException", "null"));
    }
    let message = format!("Application '{id}' is now the primary one of its type");
    Ok(entity::updated(call, &id, &message))
}
