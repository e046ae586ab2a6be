//! Permissions of the files that applink writes, and names that lead elsewhere.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown, symlink};
use std::path::Path;
use std::process::{Command, Stdio};

use insta::assert_snapshot;

use crate::support::env::Env;
use crate::support::worlds::{client_requests, pair};

/// The same command with another umask.
fn with_umask(env: &Env, mask: &str, line: &str) {
    let given = env.command(line);
    let mut command = Command::new("sh");
    command
        .arg("-c")
        .arg(format!("umask {mask}; exec \"$0\" \"$@\""))
        .arg(given.get_program())
        .args(given.get_args());
    command.env_clear();
    for (name, value) in given.get_envs() {
        if let Some(value) = value {
            command.env(name, value);
        }
    }
    command
        .current_dir(given.get_current_dir().unwrap())
        .stdin(Stdio::null());
    env.check_output(command.output().unwrap()).expect(0);
}

#[test]
fn files_are_private_under_any_umask() {
    for mask in ["000", "077", "027"] {
        let env = Env::new(pair());
        for line in [
            "create {jira} {wiki} -vv --log-file {home}/private/log",
            "verify --report {home}/private/report.html",
            "verify --report {home}/private/report.md",
            "verify --report {home}/private/report.json",
            "create jira --consumer ci --bits 2048 --key-file {home}/private/ci.pem --two-legged",
            "create jira --consumer ci2 --bits 2048 --two-legged",
            "authorize jira --consumer ci2 --two-legged --test",
            "list",
        ] {
            if line.starts_with("create {jira}") {
                let private = env.path("private");
                fs::create_dir(&private).unwrap();
                fs::set_permissions(&private, fs::Permissions::from_mode(0o755)).unwrap();
            }
            with_umask(&env, mask, line);
        }
        let mut seen = 0;
        for path in env.files().into_keys() {
            let below = path.strip_prefix(env.path("")).unwrap();
            if below.starts_with("state") || below.starts_with("private") {
                let mode = fs::metadata(&path).unwrap().mode() & 0o777;
                assert_eq!(mode, 0o600, "{mask}: {}", path.display());
                seen += 1;
            }
        }
        assert!(seen > 8, "{seen}");
        for directory in ["state/applink", "state/applink/applink.keys"] {
            let mode = fs::metadata(env.path(directory)).unwrap().mode() & 0o777;
            assert_eq!(mode, 0o700, "{mask}: {directory}");
        }
    }
}

/// Somebody else's file that must stay as it is.
fn victim(env: &Env) -> std::path::PathBuf {
    env.write("victim", "precious\n", 0o600)
}

fn untouched(path: &Path) {
    assert_eq!(fs::read_to_string(path).unwrap(), "precious\n");
}

#[test]
fn symbolic_links_are_not_followed_when_writing() {
    let env = Env::new(pair());
    let victim = victim(&env);
    // A log is appended to: no link is followed.
    let log = env.path("log");
    symlink(&victim, &log).unwrap();
    env.applink("create {jira} {wiki} -vv --log-file {home}/log")
        .expect(2)
        .expect_says("symbolic link");
    fs::remove_file(&log).unwrap();
    fs::hard_link(&victim, &log).unwrap();
    env.applink("create {jira} {wiki} -vv --log-file {home}/log")
        .expect(2)
        .expect_says("hard link");
    fs::remove_file(&log).unwrap();
    fs::write(&log, "").unwrap();
    if chown(&log, Some(12_345), None).is_ok() {
        env.applink("create {jira} {wiki} --log-file {home}/log")
            .expect(2)
            .expect_says("12345");
    }
    env.applink("create {jira} {wiki} --log-file /dev/null")
        .expect(0);
    // The lock is overwritten.
    let lock = env.state_sibling(".lock");
    for link in [fs::hard_link::<&Path, &Path>, symlink::<&Path, &Path>] {
        fs::remove_file(&lock).unwrap();
        link(&victim, &lock).unwrap();
        env.applink("edit jira wiki --name X")
            .expect(7)
            .expect_says(".lock");
    }
    fs::remove_file(&lock).unwrap();
    // What is replaced takes the place of a link, and leaves what it led to.
    let _ = fs::remove_file(env.state_sibling(".bak"));
    symlink(&victim, env.state_sibling(".bak")).unwrap();
    let cache = env.path("state/applink/applink.cache.json");
    let _ = fs::remove_file(&cache);
    symlink(&victim, &cache).unwrap();
    symlink(&victim, env.path("report.json")).unwrap();
    env.applink("edit jira wiki --name X").expect(0);
    env.applink("list").expect(0);
    env.applink("verify --report {home}/report.json")
        .expect(1)
        .expect_says("is no report");
    fs::remove_file(env.path("report.json")).unwrap();
    let empty = env.write("empty", "", 0o644);
    symlink(&empty, env.path("report.json")).unwrap();
    env.applink("verify --report {home}/report.json").expect(0);
    assert_eq!(fs::read(&empty).unwrap(), b"");
    assert!(
        !fs::symlink_metadata(env.path("report.json"))
            .unwrap()
            .is_symlink()
    );
    // A private key is never written over anything.
    symlink(&victim, env.path("ci.pem")).unwrap();
    env.applink("create jira --consumer ci --key-file {home}/ci.pem")
        .expect(1)
        .expect_says("ci.pem");
    env.applink("key generate --key-file {home}/ci.pem")
        .expect(1);
    // A journal is no link either.
    symlink(&victim, env.state_sibling(".journal")).unwrap();
    env.applink("edit jira wiki --name Y")
        .expect(7)
        .expect_says("journal");
    untouched(&victim);
}

#[test]
fn a_key_file_in_a_world_writable_directory_is_refused() {
    let env = Env::new(pair());
    let open = env.path("open");
    fs::create_dir(&open).unwrap();
    fs::set_permissions(&open, fs::Permissions::from_mode(0o777)).unwrap();
    env.applink("key generate --key-file {home}/open/ci.pem")
        .expect(4)
        .expect_says("everybody");
    env.applink("create {jira} --consumer ci --key-file {home}/open/ci.pem --yes")
        .expect(4);
    assert!(fs::read_dir(&open).unwrap().next().is_none());
    assert!(
        client_requests(&env.world)
            .iter()
            .all(|request| !request.is_write())
    );
}

#[test]
fn state_files_are_private_to_their_user() {
    let env = linked();
    env.applink("edit jira wiki --auth impersonation --yes")
        .expect(0);
    env.applink("list").expect(0);
    for suffix in ["", ".bak", ".lock"] {
        assert_eq!(mode(&env, suffix), 0o600, "{suffix}");
    }
    let cache = env.path("state/applink/applink.cache.json");
    assert_eq!(
        fs::metadata(cache).unwrap().permissions().mode() & 0o777,
        0o600
    );
    let directory = env.path("state/applink");
    assert_eq!(
        fs::metadata(directory).unwrap().permissions().mode() & 0o777,
        0o700
    );
}

#[test]
fn a_state_that_others_can_write_is_refused() {
    let env = linked();
    for mode in [0o666, 0o620, 0o602] {
        fs::set_permissions(env.state_path(), fs::Permissions::from_mode(mode)).unwrap();
        for line in [
            "list -o json",
            "create jira wiki -o json",
            "verify -o json",
            "app list -o json",
        ] {
            let out = env.applink(line);
            assert_eq!(out.code, 7, "{mode:o} {line}: {}", out.transcript());
            assert_eq!(out.error()["kind"], "state");
            assert!(out.stdout.is_empty());
        }
    }
    assert_snapshot!(env.applink("list").transcript(), @r"
    exit 7
    --- stderr
    error: <home>/state/applink/applink.toml is not safe to use: others can write it (mode 0602)
    hint: look at what it says, then close it to others: chmod 600 <home>/state/applink/applink.toml
    ");
    assert!(client_requests(&env.world).is_empty());
    fs::set_permissions(env.state_path(), fs::Permissions::from_mode(0o640)).unwrap();
    env.applink("list").expect(0);
}

/// A known, linked pair.
fn linked() -> Env {
    let env = Env::new(pair());
    env.applink("create {jira} {wiki}").expect(0);
    env.world.clear_requests();
    env
}

fn mode(env: &Env, suffix: &str) -> u32 {
    fs::metadata(env.state_sibling(suffix))
        .unwrap()
        .permissions()
        .mode()
        & 0o777
}
