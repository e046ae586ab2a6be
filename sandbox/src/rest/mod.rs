//! The resources, one file each, and the table that leads to them.

mod applicationlink;
mod applinks;
mod authenticationinfo;
mod call;
mod consumers;
mod dance;
mod entity;
mod features;
mod form;
mod identity;
mod lists;
mod manifest;
mod migration;
mod oauth2;
mod providers;
mod relocate;
mod servlet;
mod status;
mod wizard;

use std::sync::Arc;

use crate::auth::{Caller, xsrf};
use crate::http::errors::Style;
use crate::http::{Format, Reply, Request};
use crate::instance::Instance;
use crate::product::Generation;

use call::{Answer, Call};

/// The answer of a resource, and the caller as it turned out to be.
pub(crate) async fn route(
    app: &Arc<Instance>,
    request: &Request,
    caller: Caller,
) -> (Reply, Caller) {
    let mut caller = caller;
    let mut segments = request.segments();
    let is_rest = segments.first().is_some_and(|first| first == "rest");
    let suffix = if is_rest {
        Format::suffix(&mut segments)
    } else {
        None
    };
    let names: Vec<&str> = segments.iter().map(String::as_str).collect();
    let reply = match names.as_slice() {
        [
            "rest",
            module @ ("applinks" | "applinks-oauth"),
            version,
            path @ ..,
        ] => {
            let module = if *module == "applinks" {
                "applinks"
            } else {
                "applinks-oauth"
            };
            rest(app, request, &mut caller, suffix, module, version, path).await
        }
        ["plugins", "servlet", "oauth", "consumer-info"] if request.method == "GET" => {
            servlet::consumer_info(app)
        }
        ["plugins", "servlet", "oauth", name] => {
            dance::route(app, request, &caller, name).unwrap_or_else(no_page)
        }
        ["rest", "oauth2", path @ ..] => {
            oauth2::route(app, request, &caller, path).unwrap_or_else(no_page)
        }
        [
            "plugins",
            "servlet",
            "applinks",
            "auth",
            "conf",
            "oauth",
            "autoconfig",
            id,
        ] if request.method == "DELETE" => servlet::remove_autoconfig(app, request, &caller, id),
        [] => Reply::html(
            200,
            &app.settings().display_name,
            "A simulated application.",
        ),
        _ => identity::route(app, &caller, &request.method, &names).unwrap_or_else(no_page),
    };
    (reply, caller)
}

fn no_page() -> Reply {
    Reply::html(404, "HTTP Status 404", "Not Found")
}

/// Which versions of a module a generation has.
fn has_version(generation: Generation, module: &str, version: &str) -> bool {
    match (module, version) {
        ("applinks", "1.0" | "2.0" | "latest") => true,
        ("applinks", "3.0") | ("applinks-oauth", "1.0" | "latest") => generation >= Generation::Old,
        _ => false,
    }
}

async fn rest(
    app: &Arc<Instance>,
    request: &Request,
    caller: &mut Caller,
    suffix: Option<Format>,
    module: &'static str,
    version: &str,
    path: &[&str],
) -> Reply {
    let settings = app.settings();
    let nulls = settings.generation.writes_nulls();
    let accept = request.header("accept");
    let json_only = matches!(
        path,
        [
            "applinks" | "status" | "migration" | "features" | "feature-discovery" | "capabilities",
            ..
        ]
    );
    let format = match suffix {
        Some(format) => Some(format),
        None if json_only => json_acceptable(accept).then_some(Format::Json),
        None => Format::accept(accept),
    };
    let Some(format) = format else {
        return Style {
            format: Format::Json,
            nulls: false,
        }
        .status(406, "Not Acceptable");
    };
    let style = Style { format, nulls };
    if !has_version(settings.generation, module, version) {
        return not_found(style, request);
    }
    let protected = matches!(path, ["applicationlinkForm", "manifest"]);
    if let Err(refusal) = xsrf::check(request, protected) {
        return refusal;
    }
    let mut call = Call {
        app,
        request,
        caller,
        settings,
        style,
        module,
        version,
    };
    dispatch(&mut call, path)
        .await
        .unwrap_or_else(|refusal| refusal)
}

fn json_acceptable(accept: Option<&str>) -> bool {
    accept.is_none_or(|accept| {
        ["application/json", "application/*", "*/*"]
            .iter()
            .any(|media| accept.contains(media))
    })
}

fn not_found(style: Style, request: &Request) -> Reply {
    let uri = format!("{}://{}{}", request.scheme, request.host, request.path);
    style.status(404, &format!("null for uri: {uri}"))
}

fn not_allowed(style: Style) -> Reply {
    style.status(405, "HTTP 405 Method Not Allowed")
}

async fn dispatch(call: &mut Call<'_>, path: &[&str]) -> Answer {
    let method = call.request.method.clone();
    let generation = call.settings.generation;
    let newest = matches!(call.version, "3.0" | "latest") && generation.has_status();
    match (call.module, path) {
        (_, ["applicationlink", rest @ ..]) => applicationlink(call, &method, rest).await,
        ("applinks", ["manifest"]) if method == "GET" => Ok(manifest::own(call)),
        ("applinks", ["manifest", id]) if method == "GET" => manifest::of_link(call, id).await,
        (
            "applinks",
            [
                "applinks" | "status" | "capabilities" | "features" | "migration",
                ..,
            ],
        ) if newest => newer(call, &method, path).await,
        ("applinks", rest) => helpers(call, &method, rest).await,
        _ => Ok(not_found(call.style, call.request)),
    }
}

async fn applicationlink(call: &mut Call<'_>, method: &str, path: &[&str]) -> Answer {
    let first = call.version == "1.0";
    if matches!((method, path), ("DELETE", [_])) {
        call.admin()?;
    } else {
        call.admin_websudo()?;
    }
    match (method, path) {
        ("GET", []) => Ok(applicationlink::list(call)),
        ("PUT", []) if !first => applicationlink::create(call).await,
        ("GET", ["type", type_id]) => applicationlink::of_type(call, type_id),
        ("GET", ["primary", type_id]) => applicationlink::primary(call, type_id),
        ("POST", ["primary", id]) => applicationlink::make_primary(call, id),
        ("GET", [id]) => applicationlink::get(call, id),
        ("PUT", [id]) if first => applicationlink::create_or_update(call, id).await,
        ("POST", [id]) if !first => applicationlink::update(call, id),
        ("DELETE", [id]) => applicationlink::delete(call, id).await,
        (_, [id, "authentication", rest @ ..]) => authentication(call, method, id, rest).await,
        (_, [] | [_] | ["type" | "primary", _]) => Ok(not_allowed(call.style)),
        _ => Ok(not_found(call.style, call.request)),
    }
}

async fn authentication(call: &mut Call<'_>, method: &str, id: &str, path: &[&str]) -> Answer {
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

async fn newer(call: &mut Call<'_>, method: &str, path: &[&str]) -> Answer {
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

async fn helpers(call: &mut Call<'_>, method: &str, path: &[&str]) -> Answer {
    match (method, path) {
        ("GET", ["listApplicationlinks"]) => lists::list(call).await,
        ("GET", ["listApplicationlinkstates", "id", id])
            if matches!(call.settings.generation, Generation::Old4 | Generation::Old) =>
        {
            lists::one_state(call, id).await
        }
        ("GET", ["applicationlinkInfo", "id", id]) => lists::info(call, id),
        ("GET", ["type", "entity", type_id]) => lists::entity_types(call, type_id),
        ("GET", ["entitylink" | "entities", ..]) => lists::entity_links(call, path),
        ("POST", ["relocateApplicationlink", id]) => relocate::relocate(call, id).await,
        ("GET", ["applicationlinkForm", "manifest"]) => form::manifest(call).await,
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
