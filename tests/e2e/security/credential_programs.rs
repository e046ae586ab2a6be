//! Secrets around the program: the programs that it starts, the files that it writes, the terminal
//! that it asks on, and names that somebody else has put in its way.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use applink_sandbox::Role;
use rexpect::session::spawn_command;
use rustix::process::{Pid, Signal, kill_process};

use crate::support::env::Env;
use crate::support::worlds::{logins, pair};

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
    env.write_secret("secret", &format!("{password}\n"), 0o600);
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
fn a_credential_program_gets_no_secret_of_another_application() {
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
fn a_credential_program_can_prompt_on_the_terminal() {
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
fn a_credential_program_and_its_children_end_with_the_run() {
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
        assert_eq!(out.code, code, "{}", out.transcript());
        assert!(asked.elapsed() < Duration::from_secs(5), "{line}");
        for pid in started.lines() {
            let exe = Path::new("/proc").join(pid).join("exe");
            assert!(exe.read_link().is_err(), "{line}: {pid} is still running");
        }
    }
}
