//! An environment in which shells complete from the state.

use std::path::Path;

use applink_sandbox::OAuthFlags;

use crate::support::env::Env;
use crate::support::worlds::{jira, link, wiki, world};

/// Three applications, of which two are linked.
pub(crate) fn completion_env() -> Env {
    let mut env = Env::new(world([
        jira(),
        wiki(),
        applink_sandbox::App::new(applink_sandbox::Product::Bamboo, "builds"),
    ]));
    link(
        env.world.app("jira"),
        env.world.app("wiki"),
        OAuthFlags::OAUTH,
    );
    env.add_all();
    env.applink("create jira wiki --yes").expect(0);
    env.world.clear_requests();
    let program = Path::new(env!("CARGO_BIN_EXE_applink"));
    let path = std::env::var("PATH").unwrap_or_default();
    env.set(
        "PATH",
        format!("{}:{path}", program.parent().unwrap().display()),
    );
    env.set("TERM", "xterm");
    env
}
