//! An application that moved, and the records that lead to its old address.

use applink_sandbox::{App, Link, OAuthFlags, Product};

use crate::support::env::Env;
use crate::support::worlds::{jira, link, wiki, world};

/// A Confluence that is linked with a Jira and a Bamboo both ways; applink knows all three. It
/// moves to another origin. Gives its old address.
pub(crate) fn env_after_move() -> (Env, String) {
    let mut env = Env::new(world([jira(), wiki(), App::new(Product::Bamboo, "bamboo")]));
    let [jira, wiki, bamboo] = ["jira", "wiki", "bamboo"].map(|alias| env.world.app(alias));
    link(jira, wiki, OAuthFlags::OAUTH);
    link(bamboo, wiki, OAuthFlags::IMPERSONATION);
    env.add_all();
    let old = wiki.url();
    let port = wiki.port();
    env.mask(format!("127.0.0.1:{port}"), "old.test");
    env.world.move_app("wiki", "").unwrap();
    env.world.clear_requests();
    (env, old)
}

/// A record that some application has, at an address that nobody serves.
pub(crate) fn add_record(
    env: &Env,
    on: &str,
    n: u32,
    type_id: &str,
    name: &str,
    url: &str,
) -> String {
    let id = format!("00000000-0000-4000-8000-{n:012}");
    let link = Link::new(&id, type_id, name, url);
    env.world.app(on).add_link(link)
}

pub(crate) fn addresses(env: &Env, on: &str, id: &str) -> (String, String) {
    let link = env.world.app(on).link(id).unwrap();
    (link.rpc_url, link.display_url)
}
