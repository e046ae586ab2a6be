//! A clone restored from production.

use applink_sandbox::{App, OAuthFlags, Product};
use serde_json::Value;

use crate::support::env::Env;
use crate::support::worlds::world;

pub(crate) const PRODUCTION: [&str; 3] = ["jira", "wiki", "bamboo"];

pub(crate) fn production(product: Product, alias: &str) -> App {
    App::new(product, alias)
        .host(&format!("{alias}.prod.test"))
        .base_url(&format!("http://{alias}.prod.test:{{port}}"))
}

/// A Jira with partners in production, and a copy of it that was restored just now. applink knows
/// the copy.
pub(crate) fn env_with_clone() -> Env {
    let env = Env::new(world([
        production(Product::Jira, "jira"),
        production(Product::Confluence, "wiki"),
        production(Product::Bamboo, "bamboo"),
        App::new(Product::Jira, "jira-test").clone_of("jira"),
        App::new(Product::Confluence, "wiki-test").clone_of("wiki"),
    ]));
    env.world.link("jira", "wiki", OAuthFlags::OAUTH);
    env.world.link("jira", "bamboo", OAuthFlags::IMPERSONATION);
    let (jira, copy) = (env.world.app("jira"), env.world.app("jira-test"));
    copy.restore_from(jira);
    let base = jira.base_url();
    copy.configure(|settings| settings.base_url = Some(base));
    env.applink("app add jira-test {jira-test.url}").expect(0);
    env.world.clear_requests();
    env
}

pub(crate) fn find_row<'a>(json: &'a Value, kind: &str, name: &str) -> &'a Value {
    json["findings"]
        .as_array()
        .unwrap()
        .iter()
        .find(|finding| finding["kind"] == kind && finding["name"] == name)
        .unwrap_or_else(|| panic!("no {kind} {name}: {json:#}"))
}
