//! Secrets around the program: the programs that it starts, the files that it writes, the terminal
//! that it asks on, and names that somebody else has put in its way.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown, symlink};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use applink_sandbox::Role;
use rexpect::session::spawn_command;
use rustix::process::{Pid, Signal, kill_process};

use crate::support::env::Env;
use crate::support::worlds::{logins, outside, pair};

/// Far longer than anything takes here.
const PATIENCE: Duration = Duration::from_secs(60);

/// A Jira whose password a program prints, and a Confluence whose password is in a variable.
fn with_program(body: &str) -> Env {
    let mut env = Env::without_credentials(pair());
    let password = env
        .world
        .app("jira")
        .user(Role::SystemAdmin)
        .password
        .clone();
    env.login("wiki", Role::SystemAdmin);
    env.plant("secret", &format!("{password}\n"), 0o600);
    let script = format!("#!/bin/sh\ncd {}\n{body}\n", env.path("").display());
    let program = env.write("give", &script, 0o700).display().to_string();
    env.applink("app add jira {jira.url} --user admin --credential prompt")
        .expect(0);
    let state = env
        .state()
        .replace("\"prompt\"", &format!("\"command:{program}\""));
    fs::write(env.state_path(), state).unwrap();
    env
}

#[test]
fn a_program_gets_no_secret_of_another_application() {
    let mut env = with_program(
        "tr '\\0' '\\n' < /proc/self/environ > child-environ\n\
         tr '\\0' '\\n' < /proc/$PPID/cmdline > parent-cmdline\n\
         cat /proc/$PPID/limits > parent-limits\ncat secret",
    );
    env.set("APPLINK_CLIENT_KEY_PASSPHRASE", "c4nary-passphrase");
    env.secret("client", "c4nary-passphrase");
    env.set("KEPT", "as it is");
    // The harness looks for every secret in every file.
    env.applink("create jira {wiki} -vv --log-file {home}/log")
        .expect(0);
    let seen = fs::read_to_string(env.path("child-environ")).unwrap();
    assert!(
        seen.contains("KEPT=as it is") && seen.contains("APPLINK_WIKI_USER="),
        "{seen}"
    );
    let cmdline = fs::read_to_string(env.path("parent-cmdline")).unwrap();
    assert!(cmdline.contains("create"), "{cmdline}");
    let limits = fs::read_to_string(env.path("parent-limits")).unwrap();
    let core = limits
        .lines()
        .find(|line| line.starts_with("Max core file size"))
        .unwrap();
    assert_eq!(core.split_whitespace().nth(4), Some("0"), "{core}");
}

#[test]
fn a_program_may_ask_on_the_terminal() {
    let env = with_program(
        "printf 'Vault PIN: ' > /dev/tty\nread -r pin < /dev/tty\n[ \"$pin\" = 4711 ] && cat secret",
    );
    let mut command = env.command("list jira");
    command
        .stdin(Stdio::inherit())
        .stdout(Stdio::inherit())
        .stderr(Stdio::inherit());
    let mut session = spawn_command(command, Some(60_000)).unwrap();
    session.exp_string("Vault PIN: ").unwrap();
    session.send_line("4711").unwrap();
    session.exp_eof().unwrap();
    let status = format!("{:?}", session.process().wait().unwrap());
    assert!(status.ends_with(", 0)"), "{status}");
    assert!(logins(&env.world, "jira") > 0);
}

/// Whoever is asked to end takes the program along that is asked for a secret, and what that has
/// started, however it takes it.
#[test]
fn a_program_ends_with_the_run() {
    let still = "echo $$ >> pids\nsleep 4713 & echo $! >> pids\n";
    let deaf = format!("trap '' TERM INT HUP\n{still}");
    for (line, body, signal, code) in [
        ("list jira", format!("{still}wait"), Signal::TERM, 143),
        (
            "create jira {wiki}",
            format!("{still}wait"),
            Signal::INT,
            130,
        ),
        ("verify -q", format!("{still}wait"), Signal::HUP, 129),
        (
            "list jira",
            format!("{deaf}while :; do wait; done"),
            Signal::TERM,
            143,
        ),
    ] {
        let env = with_program(&body);
        let child = env.start(line);
        let pids = env.path("pids");
        let until = Instant::now() + PATIENCE;
        let started = loop {
            let text = fs::read_to_string(&pids).unwrap_or_default();
            if text.lines().count() == 2 {
                break text;
            }
            assert!(Instant::now() < until, "{line}: it is not asked");
            std::thread::sleep(Duration::from_millis(5));
        };
        let asked = Instant::now();
        kill_process(Pid::from_child(&child), signal).unwrap();
        let out = env.wait(child);
        assert_eq!(out.code, code, "{}", out.shown());
        assert!(asked.elapsed() < Duration::from_secs(5), "{line}");
        for pid in started.lines() {
            let exe = Path::new("/proc").join(pid).join("exe");
            assert!(exe.read_link().is_err(), "{line}: {pid} is still running");
        }
    }
}

#[test]
fn a_password_that_is_typed_is_nowhere() {
    let env = Env::without_credentials(pair());
    let mut command = env.command("create {jira} {wiki} -vv --log-file {home}/log");
    command
        .stdin(Stdio::inherit())
        .stdout(Stdio::inherit())
        .stderr(Stdio::inherit());
    let mut session = spawn_command(command, Some(60_000)).unwrap();
    let mut shown = String::new();
    let mut passwords = Vec::new();
    for _ in 0..2 {
        let (before, question) = session.exp_regex("User name on (jira|wiki)").unwrap();
        shown.push_str(&before);
        let user = env
            .world
            .app(question.rsplit(' ').next().unwrap())
            .user(Role::SystemAdmin);
        session.exp_string(": ").unwrap();
        session.send_line(&user.name).unwrap();
        shown.push_str(&session.exp_string("Password of").unwrap());
        shown.push_str(&session.exp_string(": ").unwrap());
        session.send_line(&user.password).unwrap();
        passwords.push(user.password.clone());
    }
    shown.push_str(&session.exp_string("Go ahead?").unwrap());
    session.send_line("y").unwrap();
    shown.push_str(&session.exp_eof().unwrap());
    assert!(shown.contains("are linked"), "{shown}");
    for password in passwords {
        assert!(!shown.contains(&password), "{shown}");
    }
    // The harness looks at every file.
    env.applink("app list").expect(0);
}

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
    env.out(command.output().unwrap()).expect(0);
}

#[test]
fn modes_whatever_the_umask() {
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
fn names_that_lead_elsewhere() {
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
    let lock = env.beside(".lock");
    for link in [fs::hard_link::<&Path, &Path>, symlink::<&Path, &Path>] {
        fs::remove_file(&lock).unwrap();
        link(&victim, &lock).unwrap();
        env.applink("edit jira wiki --name X")
            .expect(7)
            .expect_says(".lock");
    }
    fs::remove_file(&lock).unwrap();
    // What is replaced takes the place of a link, and leaves what it led to.
    let _ = fs::remove_file(env.beside(".bak"));
    symlink(&victim, env.beside(".bak")).unwrap();
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
    symlink(&victim, env.beside(".journal")).unwrap();
    env.applink("edit jira wiki --name Y")
        .expect(7)
        .expect_says("journal");
    untouched(&victim);
}

#[test]
fn a_key_file_in_a_directory_of_everybody() {
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
        outside(&env.world)
            .iter()
            .all(|request| !request.is_write())
    );
}
