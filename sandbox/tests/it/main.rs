//! The simulated applications over real HTTP.

mod client;
mod links;

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
    let (a, b) = (world.app("jira"), world.app("wiki"));
    for (one, other) in [(a, b), (b, a)] {
        let id = one.add_link_to(other);
        one.set_outgoing(&id, flags);
        one.set_incoming(&id, flags, other);
    }
    (a, b)
}
