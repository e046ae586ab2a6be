//! Tests that need root, or a user other than root.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, chown, symlink};

use crate::need::Need;
use crate::support::env::Env;
use crate::support::foreign_state::{assert_refused, env_with_foreign_state};
use crate::support::worlds::{pair, writes};
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
    assert_eq!(out.code, 7, "{}", out.transcript());
    assert!(writes(&env.world).is_empty());
}

fn a_state_owned_by_another_user_is_refused() {
    let env = env_with_foreign_state();
    chown(env.state_path(), Some(12_345), None).unwrap();
    assert_refused(&env, "");
    let out = env.applink("list").expect(7);
    assert!(out.says("12345"), "{}", out.transcript());
    // Reached through a link of one's own, it is the same.
    symlink(env.state_path(), env.path("work/own.toml")).unwrap();
    assert_refused(&env, "--state own.toml");
}
