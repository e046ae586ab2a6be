//! The lists of the administration pages: links with their authentication, states and entities.

use serde_json::{Value, json};

use super::call::{Call, ResourceResult};
use super::entity;
use crate::peer::manifest;
use crate::product::{Generation, Product};
use crate::store::{Link, class};

/// GET `listApplicationlinks`: reads the manifest of every peer.
pub(crate) async fn list(call: &mut Call<'_>) -> ResourceResult {
    call.admin()?;
    let links: Vec<Link> = call.store(|store| store.sorted().into_iter().cloned().collect());
    let mut items = Vec::new();
    for link in &links {
        items.push(item(call, link).await);
    }
    Ok(call.entity(200, "listApplicationLinks", &json!({ "list": items })))
}

async fn item(call: &Call<'_>, link: &Link) -> Value {
    let state = match state(call, link).await {
        _ if call.settings.generation > Generation::Ancient => Value::Null,
        state => Value::from(state),
    };
    let inbound = inbound(call, link);
    let outbound = outbound(link);
    let mut value = call.style.object([
        ("application", entity::link(call, link)),
        ("configuredOutboundAuthenticators", json!(outbound)),
        ("configuredInboundAuthenticators", json!(inbound)),
        ("hasIncomingAuthenticationProviders", Value::from(true)),
        ("hasOutgoingAuthenticationProviders", Value::from(true)),
        ("webItems", json!([])),
        ("webPanels", json!([])),
        ("isSystem", Value::from(link.system)),
        (
            "entityTypeIdStrings",
            json!(Product::entity_types(&link.type_id)),
        ),
    ]);
    if let (Some(fields), false) = (value.as_object_mut(), state.is_null()) {
        fields.insert("appLinkState".to_owned(), state);
    }
    value
}

/// Whether the peer serves a manifest. A generic link has none.
async fn state(call: &Call<'_>, link: &Link) -> &'static str {
    if link.type_id == "generic" || manifest::fetch(call.app, &link.rpc_url).await.is_ok() {
        "OK"
    } else {
        "OFFLINE"
    }
}

/// Classes of the outgoing providers that are configured.
pub(crate) fn outbound(link: &Link) -> Vec<String> {
    let mut classes: Vec<String> = link.providers.keys().cloned().collect();
    let legacy = [
        (link.legacy.trusted_outgoing, class::TRUSTED),
        (link.legacy.basic_outgoing, class::BASIC),
    ];
    classes.extend(
        legacy
            .iter()
            .filter(|(on, _)| *on)
            .map(|(_, name)| (*name).to_owned()),
    );
    classes.dedup();
    classes
}

fn inbound(call: &Call<'_>, link: &Link) -> Vec<&'static str> {
    let flags = call.store(|store| store.incoming(link));
    [
        (flags.enabled, class::OAUTH),
        (flags.two_lo, class::TWO_LO),
        (flags.two_loi, class::TWO_LOI),
        (link.legacy.trusted_incoming, class::TRUSTED),
    ]
    .iter()
    .filter(|(on, _)| *on)
    .map(|(_, name)| *name)
    .collect()
}

/// GET `listApplicationlinkstates/id/{id}` of versions 4 and 5.
pub(crate) async fn link_state(call: &mut Call<'_>, id: &str) -> ResourceResult {
    call.admin()?;
    let id = call.id_v1(id)?;
    let Some(link) = call.store(|store| store.link(&id).cloned()) else {
        return Ok(call
            .style
            .status(404, &format!("No application with id '{id}'")));
    };
    let value = json!({"appLinkState": state(call, &link).await});
    Ok(call.entity(200, "applicationLinkState", &value))
}

/// GET `applicationlinkInfo/id/{id}`
pub(crate) fn info(call: &mut Call<'_>, id: &str) -> ResourceResult {
    call.admin()?;
    let id = call.id_v1(id)?;
    let Some(link) = call.store(|store| store.link(&id).cloned()) else {
        return Ok(call
            .style
            .status(404, &format!("No application with id '{id}'")));
    };
    let value = json!({
        "configuredAuthProviders": class::ALL,
        "numConfiguredEntities": link.entity_links,
        "hostEntityTypes": Product::entity_types(call.app.product.type_id()),
        "remoteEntityTypes": Product::entity_types(&link.type_id),
    });
    Ok(call.entity(200, "applicationLinkInfo", &value))
}

/// GET `type/entity/{applicationType}`
pub(crate) fn entity_types(call: &mut Call<'_>, type_id: &str) -> ResourceResult {
    call.admin()?;
    let types: Vec<Value> = Product::entity_types(type_id)
        .iter()
        .map(|id| json!({ "typeId": id }))
        .collect();
    Ok(call.entity(200, "entityTypes", &json!({ "types": types })))
}

/// GET `entitylink/…` and `entities/…`. The list of local entities with links to a peer has as many
/// entries as the link has entity links. Every other list is empty.
pub(crate) fn entity_links(call: &mut Call<'_>, path: &[&str]) -> ResourceResult {
    call.admin()?;
    let count = match path {
        ["entitylink", "localEntitiesWithLinksTo", id] => {
            let id = call.id_v1(id)?;
            let link = call.store(|store| store.link(&id).cloned());
            link.map_or(0, |link| link.entity_links)
        }
        _ => 0,
    };
    let type_id = Product::entity_types(call.app.product.type_id())
        .first()
        .copied()
        .unwrap_or("generic.entity");
    let entities: Vec<Value> = (1..=count)
        .map(|n| json!({"key": format!("KEY{n}"), "name": format!("Project {n}"), "typeId": type_id}))
        .collect();
    Ok(call.entity(200, "entities", &json!({ "entity": entities })))
}
