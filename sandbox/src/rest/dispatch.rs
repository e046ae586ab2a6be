//! The table of REST resources: which module, version, method and path leads to which function.

use super::call::{Call, ResourceResult, not_allowed, not_found};
use super::{
    applicationlink, applinks, authenticationinfo, consumers, features, link_deletion, link_edit,
    lists, manifest, migration, providers, relocate, status, wizard, wizard_url,
};
use crate::product::Generation;

/// Answers a call of a REST resource.
pub(super) async fn dispatch(call: &mut Call<'_>, path: &[&str]) -> ResourceResult {
    let method = call.request.method.clone();
    let generation = call.settings.generation;
    let newest = matches!(call.version, "3.0" | "latest") && generation.has_status();
    match (call.module, path) {
        (_, ["applicationlink", rest @ ..]) => application_links(call, &method, rest).await,
        ("applinks", ["manifest"]) if method == "GET" => Ok(manifest::own_manifest(call)),
        ("applinks", ["manifest", id]) if method == "GET" => {
            manifest::link_manifest(call, id).await
        }
        (
            "applinks",
            [
                "applinks" | "status" | "capabilities" | "features" | "migration",
                ..,
            ],
        ) if newest => newer_resources(call, &method, path).await,
        ("applinks", rest) => older_resources(call, &method, rest).await,
        _ => Ok(not_found(call.style, call.request)),
    }
}

async fn application_links(call: &mut Call<'_>, method: &str, path: &[&str]) -> ResourceResult {
    let first = call.version == "1.0";
    if matches!((method, path), ("DELETE", [_])) {
        call.admin()?;
    } else {
        call.admin_websudo()?;
    }
    match (method, path) {
        ("GET", []) => Ok(applicationlink::list(call)),
        ("PUT", []) if !first => link_edit::create(call).await,
        ("GET", ["type", type_id]) => applicationlink::links_of_type(call, type_id),
        ("GET", ["primary", type_id]) => applicationlink::primary(call, type_id),
        ("POST", ["primary", id]) => applicationlink::make_primary(call, id),
        ("GET", [id]) => applicationlink::get(call, id),
        ("PUT", [id]) if first => link_edit::create_or_update(call, id).await,
        ("POST", [id]) if !first => link_edit::update(call, id),
        ("DELETE", [id]) => link_deletion::delete(call, id).await,
        (_, [id, "authentication", rest @ ..]) => authentication(call, method, id, rest).await,
        (_, [] | [_] | ["type" | "primary", _]) => Ok(not_allowed(call.style)),
        _ => Ok(not_found(call.style, call.request)),
    }
}

async fn authentication(
    call: &mut Call<'_>,
    method: &str,
    id: &str,
    path: &[&str],
) -> ResourceResult {
    let providers = call.module == "applinks" && call.version != "1.0";
    let consumers = call.module == "applinks-oauth"
        || providers && call.settings.generation <= Generation::Old4;
    match (method, path) {
        ("GET", ["provider"]) if providers => providers::get(call, id, None),
        ("GET", ["provider", class]) if providers => providers::get(call, id, Some(class)),
        ("PUT", ["provider"]) if providers => providers::put(call, id),
        ("GET", []) if consumers => consumers::authentication(call, id),
        ("GET", ["consumer"]) if consumers => consumers::get(call, id),
        ("PUT", ["consumer"]) if consumers => consumers::put(call, id).await,
        (_, ["provider"]) if providers => Ok(not_allowed(call.style)),
        (_, [] | ["consumer"]) if consumers => Ok(not_allowed(call.style)),
        _ => Ok(not_found(call.style, call.request)),
    }
}

async fn newer_resources(call: &mut Call<'_>, method: &str, path: &[&str]) -> ResourceResult {
    match (method, path) {
        ("GET", ["applinks"]) => applinks::list(call).await,
        ("GET", ["applinks", id]) => applinks::get(call, id).await,
        ("PUT", ["applinks", id]) => applinks::put(call, id).await,
        ("DELETE", ["applinks", id]) => applinks::delete(call, id),
        ("GET", ["status", id]) => status::get(call, id).await,
        ("GET", ["status", id, "oauth"]) => status::get_oauth(call, id),
        ("PUT", ["status", id, "oauth"]) => status::put_oauth(call, id).await,
        ("GET", ["capabilities"]) => Ok(manifest::capabilities(call)),
        ("GET", ["capabilities", name]) => Ok(manifest::capability(call, name)),
        ("GET", ["capabilities", "remote", id]) => manifest::remote(call, id).await,
        ("POST", ["migration", id]) => migration::migrate(call, id).await,
        ("GET" | "PUT" | "DELETE", ["features", name]) => features::feature(call, name),
        (_, [_] | [_, _] | ["status", _, "oauth"] | ["capabilities", "remote", _]) => {
            Ok(not_allowed(call.style))
        }
        _ => Ok(not_found(call.style, call.request)),
    }
}

async fn older_resources(call: &mut Call<'_>, method: &str, path: &[&str]) -> ResourceResult {
    match (method, path) {
        ("GET", ["listApplicationlinks"]) => lists::list(call).await,
        ("GET", ["listApplicationlinkstates", "id", id])
            if matches!(call.settings.generation, Generation::Old4 | Generation::Old) =>
        {
            lists::link_state(call, id).await
        }
        ("GET", ["applicationlinkInfo", "id", id]) => lists::info(call, id),
        ("GET", ["type", "entity", type_id]) => lists::entity_types(call, type_id),
        ("GET", ["entitylink" | "entities", ..]) => lists::entity_links(call, path),
        ("POST", ["relocateApplicationlink", id]) => relocate::relocate(call, id).await,
        ("GET", ["applicationlinkForm", "manifest"]) => wizard_url::manifest(call).await,
        ("POST", ["applicationlinkForm", "createAppLink"]) => wizard::create(call).await,
        ("POST", ["applicationlinkForm", "details"]) => wizard::details(call).await,
        ("POST", ["applicationlinkForm", "createStaticUrlAppLink"]) => wizard::create_static(call),
        ("GET", ["authenticationinfo"]) => authenticationinfo::ping(call),
        ("GET", ["authenticationinfo", "id", id, "url", ..]) => {
            authenticationinfo::reachable(call, id).await
        }
        ("GET", ["permission", "delete-application", id]) => {
            authenticationinfo::may_delete(call, id)
        }
        ("GET", ["permission", "reciprocate-application-delete", id]) => {
            authenticationinfo::may_delete_at_peer(call, id).await
        }
        _ => Ok(not_found(call.style, call.request)),
    }
}
