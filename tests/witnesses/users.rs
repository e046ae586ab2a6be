//! Tests that need root, or a user other than root.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, chown, symlink};

use applink_sandbox::Role;

use crate::need::Need;
use crate::support::env::Env;
use crate::support::worlds::{outside, pair, writes};
use crate::witness_test::{WitnessTest, witness_test};

pub(crate) fn tests() -> Vec<WitnessTest> {
    vec![
        witness_test!(an_unwritable_state_stops_a_change_before_it_begins, needs: [Need::OrdinaryUser]),
        witness_test!(a_state_owned_by_another_user_is_refused, needs: [Need::Root]),
    ]
}

fn an_unwritable_state_stops_a_change_before_it_begins() {
    let env = Env::new(pair());
    env.add_all();
    let directory = env.path("state/applink");
    fs::set_permissions(&directory, fs::Permissions::from_mode(0o500)).unwrap();
    let out = env.applink("create jira wiki -o json");
    fs::set_permissions(&directory, fs::Permissions::from_mode(0o700)).unwrap();
    assert_eq!(out.code, 7, "{}", out.shown());
    assert!(writes(&env.world).is_empty());
}

fn a_state_owned_by_another_user_is_refused() {
    let env = planted();
    chown(env.state_path(), Some(12_345), None).unwrap();
    refused(&env, "");
    let out = env.applink("list").expect(7);
    assert!(out.says("12345"), "{}", out.shown());
    // Reached through a link of one's own, it is the same.
    symlink(env.state_path(), env.path("work/own.toml")).unwrap();
    refused(&env, "--state own.toml");
}

/// A state with every kind of source, and a program that leaves a trace.
fn planted() -> Env {
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

const EVERYTHING: [&str; 9] = [
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
fn refused(env: &Env, more: &str) {
    for line in EVERYTHING {
        let out = env.applink(&format!("{line} {more}"));
        assert_eq!(out.code, 7, "{line}: {}", out.shown());
    }
    assert!(!env.path("trace").exists());
    assert!(outside(&env.world).is_empty());
}
