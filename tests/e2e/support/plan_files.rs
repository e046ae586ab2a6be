//! Three applications, and plan files about them.

use std::fmt::Write as _;

use applink_sandbox::{App, Product, World};
use serde_json::Value;

use crate::support::env::Env;
use crate::support::worlds::{jira, wiki, world};

pub(crate) fn bitbucket() -> App {
    App::new(Product::Bitbucket, "code")
}

pub(crate) fn three_apps() -> World {
    world([jira(), wiki(), bitbucket()])
}

/// A file of all applications of the world, and this after them.
pub(crate) fn write_plan_file(env: &Env, rest: &str) {
    let mut text = "version = 1\n".to_owned();
    for app in env.world.apps() {
        let _ = writeln!(
            text,
            "[applications.{}]\nurl = \"{}\"",
            app.alias(),
            app.url()
        );
    }
    env.write("work/links.toml", &(text + rest), 0o644);
}

pub(crate) fn link_table(a: &str, b: &str, rest: &str) -> String {
    format!("[[links]]\nbetween = [\"{a}\", \"{b}\"]\n{rest}\n")
}

/// `action field` of each change.
pub(crate) fn changes(document: &Value) -> Vec<String> {
    let changes = document["changes"].as_array().unwrap();
    changes
        .iter()
        .map(|change| {
            let field = change["field"].as_str().unwrap_or("-");
            format!("{} {field}", change["action"].as_str().unwrap())
        })
        .collect()
}
