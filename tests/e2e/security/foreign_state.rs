//! A state that came from somebody else, with a cloned repository or in a shared directory: what
//! it names is not run, not read, and not sent anywhere.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, chown, symlink};

use applink_sandbox::Role;

use crate::support::env::Env;
use crate::support::foreign_state::{assert_refused, env_with_foreign_state};
use crate::support::worlds::{client_requests, jira, wiki, world};

#[test]
fn a_state_that_others_can_write_or_replace_is_refused() {
    let env = env_with_foreign_state();
    let mode = |path: &std::path::Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    for bits in [0o620, 0o602, 0o666] {
        mode(&env.state_path(), bits);
        assert_refused(&env, "");
    }
    mode(&env.state_path(), 0o644);
    let directory = env.path("state/applink");
    for bits in [0o707, 0o777] {
        mode(&directory, bits);
        assert_refused(&env, "");
    }
    // Through a link: the directory at its end counts.
    mode(&directory, 0o700);
    let shared = env.path("shared");
    fs::create_dir(&shared).unwrap();
    fs::rename(env.state_path(), shared.join("state.toml")).unwrap();
    symlink(shared.join("state.toml"), env.state_path()).unwrap();
    mode(&shared, 0o777);
    assert_refused(&env, "");
}

#[test]
fn a_journal_that_others_can_write_is_refused() {
    let env = env_with_foreign_state();
    let mode = |mode| {
        fs::set_permissions(
            env.state_sibling(".journal"),
            fs::Permissions::from_mode(mode),
        )
        .unwrap();
    };
    fs::write(env.state_sibling(".journal"), "anything\n").unwrap();
    mode(0o666);
    for line in ["resume", "resume --undo", "create jira wiki"] {
        env.applink(line).expect(7).expect_says("journal");
    }
    mode(0o600);
    if chown(env.state_sibling(".journal"), Some(12_345), None).is_ok() {
        env.applink("resume").expect(7).expect_says("journal");
    }
    assert!(!env.path("trace").exists());
    assert!(client_requests(&env.world).is_empty());
}

/// Another origin in the state: the pin holds the secret back, from whatever source it would come.
#[test]
fn a_changed_origin_in_the_state_gets_no_pinned_credentials() {
    let mut env = env_with_foreign_state();
    env.secret("jira", "x");
    let elsewhere = Env::new(world([wiki()]));
    let (own, other) = (
        env.world.app("wiki").url(),
        elsewhere.world.app("wiki").url(),
    );
    fs::write(env.state_path(), env.state().replace(&own, &other)).unwrap();
    env.set("APPLINK_WIKI_URL", own);
    for line in ["list wiki", "verify", "create jira wiki"] {
        env.applink(line).expect(4);
    }
    assert!(
        client_requests(&elsewhere.world)
            .iter()
            .all(|request| request.header("authorization").is_none())
    );
}

/// A relative file is one beside the state, never one where the command happens to be run.
#[test]
fn relative_credential_files_are_resolved_beside_the_state() {
    let mut env = Env::without_credentials(world([jira()]));
    let password = env
        .world
        .app("jira")
        .user(Role::SystemAdmin)
        .password
        .clone();
    env.write_secret("work/secret", &password, 0o600);
    env.applink("app add jira {jira.url} --user admin --credential file:secret")
        .expect(4);
    env.write_secret("state/applink/secret", &password, 0o600);
    env.applink("app add jira {jira.url} --user admin --credential file:secret")
        .expect(0);
    // Where others could have put it, it is none.
    let path = env.path("state/applink/secret");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o622)).unwrap();
    env.applink("list jira").expect(4);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    if chown(&path, Some(12_345), None).is_ok() {
        env.applink("list jira").expect(4).expect_says("12345");
    }
}
