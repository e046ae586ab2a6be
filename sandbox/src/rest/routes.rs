//! Leads a request to its servlet, page or resource.

use std::sync::Arc;

use crate::auth::{Caller, xsrf};
use crate::http::errors::Style;
use crate::http::{Format, Reply, Request};
use crate::instance::Instance;
use crate::product::Generation;

use super::call::{Call, not_found};
use super::dispatch::dispatch;
use super::{basicauth, consumer_servlets, identity, oauth2, token_servlets};

/// The answer of a resource, and the caller. Some resources find the caller only in the query.
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
            consumer_servlets::consumer_info(app)
        }
        ["plugins", "servlet", "oauth", name] => {
            token_servlets::route(app, request, &caller, name).unwrap_or_else(no_page)
        }
        ["rest", "basicauth" | "authconfig", ..] => {
            basicauth::route(app, request, &caller, &names[1..]).unwrap_or_else(no_page)
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
        ] if request.method == "DELETE" => {
            consumer_servlets::remove_autoconfig(app, request, &caller, id)
        }
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

/// Whether a generation has this version of a module.
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
