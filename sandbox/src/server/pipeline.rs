//! Answers one request: checks its host, runs the filters and the resource, and adds the common
//! headers.

use std::sync::Arc;

use crate::auth::{self, Caller};
use crate::http::{Reply, Request};
use crate::instance::Instance;
use crate::oauth::problem::challenge;
use crate::rest;
use crate::sync::lock;

/// The answer, and the user that the application identified.
pub(crate) async fn respond(app: &Arc<Instance>, request: &Request) -> (Reply, Option<String>) {
    if !own_host(app, request) {
        let text = format!(
            "No application answers to the host {:?} here.",
            request.host
        );
        return (Reply::new(421).body("text/plain;charset=UTF-8", text), None);
    }
    if request.local_path().is_none() {
        return (Reply::html(404, "HTTP Status 404", "Not Found"), None);
    }
    if let Some(program) = &app.program {
        let get = as_get(request);
        let request = get.as_ref().unwrap_or(request);
        return (rest::answer_as_program(app, program, request), None);
    }
    match auth::identify(app, request) {
        Err(refusal) => (finish(app, request, &Caller::anonymous(), refusal), None),
        Ok(caller) => {
            let get = as_get(request);
            let (reply, caller) = rest::route(app, get.as_ref().unwrap_or(request), caller).await;
            (finish(app, request, &caller, reply), caller.user)
        }
    }
}

/// The GET that answers a HEAD. The connection leaves out the body.
fn as_get(request: &Request) -> Option<Request> {
    (request.method == "HEAD").then(|| Request {
        method: "GET".to_owned(),
        ..request.clone()
    })
}

/// Whether the `Host` header names this application: its listening address, its configured base URL
/// or one of its host names.
fn own_host(app: &Instance, request: &Request) -> bool {
    let host = request.host.to_ascii_lowercase();
    let address = lock(&app.address).clone();
    let with_port = |name: &str| format!("{name}:{}", address.port);
    if host == with_port("127.0.0.1") || host == with_port("localhost") {
        return true;
    }
    if address
        .hosts
        .iter()
        .any(|name| host == *name || host == with_port(name))
    {
        return true;
    }
    let Ok(base) = url::Url::parse(&app.base_url()) else {
        return false;
    };
    let Some(name) = base.host_str() else {
        return false;
    };
    host == base
        .port()
        .map_or_else(|| name.to_owned(), |port| format!("{name}:{port}"))
        || host == with_port(name)
}

fn finish(app: &Instance, request: &Request, caller: &Caller, mut reply: Reply) -> Reply {
    let mut add = |name: &str, value: String| reply.headers.push((name.to_owned(), value));
    if let Some(name) = app.product.user_header(caller.user.as_deref()) {
        add("X-AUSERNAME", name.to_owned());
    }
    if caller.user.is_some() && app.product.uses_seraph() {
        add("X-Seraph-LoginReason", "OK".to_owned());
    }
    if request
        .local_path()
        .is_some_and(|path| path.starts_with("/rest/"))
    {
        add(
            "Cache-Control",
            "no-cache, no-store, no-transform".to_owned(),
        );
        add("X-Content-Type-Options", "nosniff".to_owned());
    }
    let challenged = reply.headers.iter().any(|(name, value)| {
        name.eq_ignore_ascii_case("www-authenticate") && value.starts_with("OAuth ")
    });
    if reply.status == 401 && !challenged {
        reply
            .headers
            .push(("WWW-Authenticate".to_owned(), challenge(&app.base_url())));
    }
    reply
}
