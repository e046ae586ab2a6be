//! The state file: whose it is, who holds it, and what is not guessed at.

use std::fs;
use std::fs::File;
use std::io::Write as _;
use std::os::unix::fs::symlink;

use insta::assert_snapshot;

use crate::support::env::Env;
use crate::support::worlds::{client_requests, pair, writes};

/// A known, linked pair.
fn linked() -> Env {
    let env = Env::new(pair());
    env.applink("create {jira} {wiki}").expect(0);
    env.world.clear_requests();
    env
}

/// As docs/state.md says it.
#[test]
fn a_lost_state_is_restored_by_create_and_apply() {
    let env = linked();
    for line in ["create jira wiki -o json", "apply links.toml --yes -o json"] {
        fs::remove_dir_all(env.path("state/applink")).unwrap();
        env.add_all();
        env.applink("list").expect(0).expect_says("oauth");
        assert!(!env.state().contains("[[links]]"), "{}", env.state());
        let text = env.applink("export").expect(0).stdout;
        env.write("work/links.toml", &text, 0o600);
        let out = env.applink(line).expect(0);
        assert_eq!(out.json()["changed"], false, "{}", out.transcript());
        assert!(env.state().contains("[[links]]"), "{}", env.state());
        assert!(writes(&env.world).is_empty());
    }
}

#[test]
fn unknown_tables_are_a_warning() {
    let env = linked();
    let text = env.state().replace("[[links]]", "[[lnks]]");
    fs::write(env.state_path(), &text).unwrap();
    let out = env.applink("app list").expect(0);
    assert_eq!(
        out.stderr.matches("warning:").count(),
        1,
        "{}",
        out.transcript()
    );
    assert!(
        out.says("\"lnks\" is nothing that applink knows, and is not read; is \"links\" meant?"),
        "{}",
        out.transcript()
    );
    assert_eq!(env.state(), text);
}

#[test]
fn a_state_from_a_newer_version_is_refused() {
    let env = linked();
    let text = env.state();
    fs::write(
        env.state_path(),
        text.replacen("version = 2", "version = 3", 1),
    )
    .unwrap();
    for line in ["list", "create jira wiki", "resume"] {
        let out = env.applink(line).expect(7);
        assert!(out.says("newer"), "{}", out.transcript());
    }
    assert_snapshot!(env.applink("list").transcript(), @r"
    exit 7
    --- stderr
    error: the state <home>/state/applink/applink.toml has version 3, and this applink knows up to 2
    hint: use the newer applink; nothing was written
    ");
    assert!(client_requests(&env.world).is_empty());
}

#[test]
fn a_state_from_an_older_version_is_refused() {
    let env = linked();
    let text = env.state().replacen("version = 2", "version = 1", 1);
    fs::write(env.state_path(), &text).unwrap();
    for line in ["list", "create jira wiki", "resume"] {
        env.applink(line).expect(7);
    }
    assert_snapshot!(env.applink("list").transcript(), @r"
    exit 7
    --- stderr
    error: the state <home>/state/applink/applink.toml has version 1, and this applink reads only version 2
    hint: move it away: mv <home>/state/applink/applink.toml <home>/state/applink/applink.toml.old
    hint: then add the applications again with `applink app add`; `applink list` shows their links
    ");
    assert_eq!(env.state(), text);
    assert!(client_requests(&env.world).is_empty());
}

#[test]
fn a_damaged_state_is_not_treated_as_empty() {
    let env = linked();
    let text = env.state();
    for broken in [
        "",
        "version = ",
        &text[..text.len() / 2],
        "\0\0\0\0",
        "version = 2\nlineage = 7\n",
    ] {
        fs::write(env.state_path(), broken).unwrap();
        let out = env.applink("list -o json");
        assert_eq!(out.code, 7, "{broken:?}: {}", out.transcript());
        assert_eq!(out.error()["kind"], "state");
        let out = env.applink("create jira wiki").expect(7);
        assert!(out.stdout.is_empty());
        assert_eq!(fs::read_to_string(env.state_path()).unwrap(), broken);
    }
    assert!(client_requests(&env.world).is_empty());
    let mut file = File::create(env.state_path()).unwrap();
    file.write_all(
        text.replacen("[applications.jira]", "[applications.jira", 1)
            .as_bytes(),
    )
    .unwrap();
    let out = env.applink("list").expect(7);
    // Where it is: line and column.
    assert!(out.says("applink.toml:"), "{}", out.transcript());
}

#[test]
fn a_directory_is_refused_and_a_symbolic_link_is_kept() {
    let env = Env::new(pair());
    fs::create_dir_all(env.state_path()).unwrap();
    env.applink("list").expect(7);
    fs::remove_dir(env.state_path()).unwrap();
    // A link is followed, and stays one.
    let real = env.path("real.toml");
    symlink(&real, env.state_path()).unwrap();
    env.applink("create {jira} {wiki}").expect(0);
    assert!(fs::symlink_metadata(env.state_path()).unwrap().is_symlink());
    assert!(fs::read_to_string(&real).unwrap().contains("[[links]]"));
}

#[test]
fn the_state_option_and_variable_select_the_file() {
    let mut env = Env::new(pair());
    env.applink("create {jira} {wiki} --state {home}/work/other.toml")
        .expect(0);
    assert!(env.state().is_empty());
    assert!(env.path("work/other.toml").exists());
    env.applink("list jira --state other.toml").expect(0);
    env.set("APPLINK_STATE", "other.toml");
    env.applink("list jira").expect(0);
    env.unset("APPLINK_STATE");
    env.applink("list jira").expect(2);
}

#[test]
fn a_locked_state_names_its_holder() {
    let env = linked();
    let path = env.state_sibling(".lock");
    let mut lock = File::options()
        .read(true)
        .write(true)
        .create(true)
        .truncate(true)
        .open(&path)
        .unwrap();
    lock.lock().unwrap();
    let holder = r#"{"pid":4711,"host":"build-7","user":"jane","since":"2026-01-02T03:04:05Z","command":"delete"}"#;
    lock.write_all(holder.as_bytes()).unwrap();
    lock.flush().unwrap();
    for line in [
        "create jira wiki --lock-timeout 0.05 -o json",
        "edit jira wiki --name X --lock-timeout 0.05 -o json",
        "delete jira wiki --yes --lock-timeout 0.05 -o json",
        "relocate wiki {wiki.url} --yes --lock-timeout 0.05 -o json",
        "resume --lock-timeout 0.05 -o json",
        "app add jira {jira.url} --lock-timeout 0.05 -o json",
        "app remove jira --yes --lock-timeout 0.05 -o json",
    ] {
        let out = env.applink(line).expect(7);
        assert_eq!(out.error()["kind"], "state");
        for text in ["4711", "jane", "build-7", "delete", "2026-01-02"] {
            assert!(out.says(text), "{text}: {}", out.transcript());
        }
        assert!(out.stdout.is_empty());
    }
    assert!(client_requests(&env.world).is_empty());
    // What only reads does not wait, and a dry run neither.
    env.applink("list").expect(0);
    env.applink("verify").expect(0);
    env.applink("create jira wiki --dry-run").expect(0);
    assert!(writes(&env.world).is_empty());
    // As soon as it is free a waiting run goes on.
    let child = env.start("edit jira wiki --name Wiki --lock-timeout 60");
    lock.unlock().unwrap();
    env.wait(child).expect(0);
    drop(lock);
    // What a dead holder left behind holds nothing.
    fs::write(&path, holder).unwrap();
    env.applink("create jira wiki").expect(0);
    assert_eq!(fs::read_to_string(&path).unwrap(), "");
}

#[test]
fn comments_and_order_survive() {
    let env = linked();
    let text = env.state();
    let commented = text.replacen(
        "[applications.wiki]",
        "# our wiki, do not move\n[applications.wiki]",
        1,
    );
    fs::write(env.state_path(), format!("# kept by hand\n{commented}")).unwrap();
    env.applink("edit jira wiki --auth impersonation --yes")
        .expect(0);
    let after = env.state();
    assert!(after.starts_with("# kept by hand\n"), "{after}");
    assert!(
        after.contains("# our wiki, do not move\n[applications.wiki]"),
        "{after}"
    );
    assert!(after.contains("impersonation"));
    let serial = |text: &str| {
        text.parse::<toml::Table>().unwrap()["serial"]
            .as_integer()
            .unwrap()
    };
    assert_eq!(serial(&after), serial(&text) + 1);
    assert!(
        fs::read_to_string(env.state_sibling(".bak"))
            .unwrap()
            .starts_with("# kept by hand\n")
    );
}

#[test]
fn verify_and_create_work_after_the_state_is_lost() {
    let env = linked();
    fs::remove_file(env.state_path()).unwrap();
    env.add_all();
    let out = env.applink("verify -o json").expect(0);
    assert_eq!(out.json()["summary"]["ok"], 1);
    let out = env.applink("create jira wiki -o json").expect(0);
    assert_eq!(out.json()["changed"], false);
    assert!(env.state().contains("[[links]]"));
}
