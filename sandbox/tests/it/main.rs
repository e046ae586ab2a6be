//! The simulated applications over real HTTP.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on ends here"
)]

mod client;
mod cluster;
mod consumers;
mod dance;
mod fronts;
mod generations;
mod hostile;
mod links;
mod login;
mod oauth2;
mod oddities;
mod programs;
mod relocation;
mod shapes;
mod signature;
mod status;
mod tls;
mod wizard;
mod worlds;

use applink_sandbox::{App, AppHandle, OAuthFlags, Product, World};

/// A Jira under `/jira` and a Confluence, both called with the same letters everywhere.
fn pair() -> World {
    World::builder()
        .seed(7)
        .app(App::new(Product::Jira, "jira").context("/jira"))
        .app(App::new(Product::Confluence, "wiki"))
        .start()
        .unwrap()
}

/// Links two applications both ways at one level, as a finished setup is.
fn linked(world: &World, flags: OAuthFlags) -> (&AppHandle, &AppHandle) {
    world.link("jira", "wiki", flags);
    (world.app("jira"), world.app("wiki"))
}

/// The status that `one` gives to its link to `other`: `OK` or the error's type.
async fn code(one: &AppHandle, other: &AppHandle) -> String {
    let path = format!("/rest/applinks/3.0/status/{}", other.id());
    let status = client::admin(one).get(&path).await.expect(200).json();
    if status["working"] == true {
        assert!(status["error"].is_null(), "{status}");
        return "OK".to_owned();
    }
    status["error"]["type"].as_str().unwrap().to_owned()
}
