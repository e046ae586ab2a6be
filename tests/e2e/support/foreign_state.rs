//! A state that another user could have written, and the commands that must refuse it.

use std::fs;

use applink_sandbox::Role;

use crate::support::env::Env;
use crate::support::worlds::{client_requests, pair};

/// A state with every kind of source, and a program that leaves a trace.
pub(crate) fn env_with_foreign_state() -> Env {
    let mut env = Env::without_credentials(pair());
    let trace = env.path("trace");
    let program = env.write(
        "steal",
        &format!("#!/bin/sh\ntouch '{}'\necho x\n", trace.display()),
        0o700,
    );
    env.applink("app add jira {jira.url} --user admin --credential prompt")
        .expect(0);
    env.applink("app add wiki {wiki.url} --user admin --credential env:WIKI_PW")
        .expect(0);
    let state = env
        .state()
        .replace("\"prompt\"", &format!("\"command:{}\"", program.display()));
    fs::write(env.state_path(), state).unwrap();
    let password = env
        .world
        .app("wiki")
        .user(Role::SystemAdmin)
        .password
        .clone();
    env.set("WIKI_PW", password);
    env.world.clear_requests();
    env
}

pub(crate) const ALL_COMMANDS: [&str; 9] = [
    "list -o json",
    "verify",
    "create jira wiki",
    "delete jira wiki --yes",
    "edit jira wiki --name X",
    "relocate wiki {wiki.url} --yes",
    "app list",
    "app show jira",
    "resume",
];

/// Nothing is used of it, whatever is asked for.
#[track_caller]
pub(crate) fn assert_refused(env: &Env, more: &str) {
    for line in ALL_COMMANDS {
        let out = env.applink(&format!("{line} {more}"));
        assert_eq!(out.code, 7, "{line}: {}", out.transcript());
    }
    assert!(!env.path("trace").exists());
    assert!(client_requests(&env.world).is_empty());
}
