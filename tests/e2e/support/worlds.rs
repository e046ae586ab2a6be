//! Worlds that tests need, and the requests sent to them.

use applink_sandbox::{
    App, AppHandle, Exchange, Fault, Generation, OAuthFlags, Product, World, WorldBuilder,
};
use serde_json::Value;

/// A Jira under a context path and a Confluence, to be changed before they start.
pub(crate) fn jira() -> App {
    App::new(Product::Jira, "jira").context("/jira")
}

/// A Confluence at the root.
pub(crate) fn wiki() -> App {
    App::new(Product::Confluence, "wiki")
}

/// A world of these applications.
pub(crate) fn world<const N: usize>(apps: [App; N]) -> World {
    builder().apps(apps).start().unwrap()
}

fn builder() -> WorldBuilder {
    World::builder().seed(11)
}

/// A Jira and a Confluence.
pub(crate) fn pair() -> World {
    world([jira(), wiki()])
}

/// A Jira and a Confluence of these generations.
pub(crate) fn pair_of(a: Generation, b: Generation) -> World {
    world([jira().generation(a), wiki().generation(b)])
}

/// Links two applications both ways at one level, as a finished set-up is.
pub(crate) fn link(a: &AppHandle, b: &AppHandle, flags: OAuthFlags) {
    for (one, other) in [(a, b), (b, a)] {
        let id = one.add_link_to(other);
        one.set_outgoing(&id, flags);
        one.set_incoming(&id, flags, other);
    }
}

/// Everything that the applications of a world store.
pub(crate) fn snapshot(world: &World) -> Vec<Value> {
    world.apps().iter().map(AppHandle::snapshot).collect()
}

/// The requests of clients outside the world.
pub(crate) fn client_requests(world: &World) -> Vec<Exchange> {
    let mut requests = world.requests();
    requests.retain(|request| request.sender.is_none());
    requests
}

/// The changing requests from outside, as `METHOD app status`.
pub(crate) fn writes(world: &World) -> Vec<String> {
    client_requests(world)
        .iter()
        .filter(|request| request.is_write())
        .map(|request| {
            let status = request.status.unwrap_or_default();
            format!("{} {} {status}", request.method, request.app)
        })
        .collect()
}

/// The number of changing requests from outside, successful or not.
pub(crate) fn count_writes(requests: &[Exchange]) -> usize {
    requests
        .iter()
        .filter(|request| request.sender.is_none() && request.is_write())
        .count()
}

/// The requests with credentials to one application.
pub(crate) fn logins(world: &World, app: &str) -> usize {
    client_requests(world)
        .iter()
        .filter(|request| request.app == app && request.header("authorization").is_some())
        .count()
}

/// The flags of a link as its application has them: incoming, outgoing.
pub(crate) fn levels(on: &AppHandle, of: &AppHandle) -> (String, String) {
    let snapshot = on.snapshot();
    let links = snapshot["links"].as_array().unwrap().clone();
    let link = links
        .iter()
        .find(|link| link["id"] == of.id())
        .unwrap_or_else(|| panic!("{} has no link to {}", on.alias(), of.alias()));
    (level(&link["incoming"]), level(&link["outgoing"]))
}

fn level(flags: &Value) -> String {
    let on = |name: &str| flags[name] == true;
    match (
        on("enabled"),
        on("twoLoEnabled"),
        on("twoLoImpersonationEnabled"),
    ) {
        (false, ..) => "none",
        (true, _, true) => "impersonation",
        (true, true, false) => "oauth",
        (true, false, false) => "three-legged",
    }
    .to_owned()
}

/// Both directions at one level.
pub(crate) fn same_level(level: &str) -> (String, String) {
    (level.to_owned(), level.to_owned())
}

/// A 404 in the words of an application. Those of a proxy are not believed.
pub(crate) fn own_404() -> Fault {
    let body = r#"{"status-code":404,"message":"No application with that id"}"#;
    Fault::status(404).body("application/json", body)
}
