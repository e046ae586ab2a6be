//! System calls that fail, and kills between them.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::need::Need;
use crate::openssl::env;
use crate::support::env::Env;
use crate::support::keys::run_under;
use crate::support::worlds::pair;
use crate::witness_test::{WitnessTest, witness_test};

pub(crate) fn tests() -> Vec<WitnessTest> {
    vec![
        witness_test!(a_kill_at_any_system_call_leaves_the_old_or_the_new_state, needs: [Need::Strace]),
        witness_test!(missing_randomness_and_a_crash_leave_no_half_written_key, needs: [Need::Strace]),
    ]
}

/// The calls of the system that a save is made of.
const CALLS: [&str; 12] = [
    "openat",
    "write",
    "fsync",
    "fdatasync",
    "rename",
    "renameat",
    "renameat2",
    "ftruncate",
    "fchmod",
    "unlink",
    "flock",
    "mkdir",
];

/// Killed at every system call of a command that changes only the state: what is read afterwards
/// is the old content or the new one.
fn a_kill_at_any_system_call_leaves_the_old_or_the_new_state() {
    let env = Env::new(pair());
    env.add_all();
    let directory = env.path("state/applink");
    let keep: BTreeMap<PathBuf, Vec<u8>> = fs::read_dir(&directory)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.clone(), fs::read(&path).unwrap()))
        .collect();
    let back = || {
        for entry in fs::read_dir(&directory).unwrap() {
            fs::remove_file(entry.unwrap().path()).unwrap();
        }
        for (path, content) in &keep {
            fs::write(path, content).unwrap();
            let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
            fs::set_permissions(path, mode).unwrap();
        }
    };
    let trace = env.path("tmp/trace");
    let line = "app remove wiki --yes";
    let traced = env
        .command_under(
            &[
                "strace",
                "-f",
                "-o",
                trace.to_str().unwrap(),
                "-e",
                &format!("trace={}", CALLS.join(",")),
            ],
            line,
        )
        .output();
    assert!(traced.unwrap().status.success());
    let (old, new) = (
        String::from_utf8(keep[&env.state_path()].clone()).unwrap(),
        env.state(),
    );
    assert_ne!(old, new);
    let log = fs::read_to_string(&trace).unwrap();
    let mut points = 0;
    let mut seen = [0, 0];
    for call in CALLS {
        let count = log
            .lines()
            .filter(|line| {
                line.split_whitespace()
                    .nth(1)
                    .is_some_and(|rest| rest.starts_with(&format!("{call}(")))
            })
            .count();
        // What is opened before is libraries and settings.
        let first = if call == "openat" {
            count.saturating_sub(12)
        } else {
            0
        };
        for n in first..count {
            back();
            let inject = format!("inject={call}:signal=SIGKILL:when={}", n + 1);
            env.command_under(&["strace", "-f", "-o", "/dev/null", "-e", &inject], line)
                .output()
                .unwrap();
            points += 1;
            let now = env.state();
            assert!(now == old || now == new, "{call} {n}:\n{now}");
            seen[usize::from(now == new)] += 1;
            let out = env.applink("app list -o json");
            assert_eq!(out.code, 0, "{call} {n}: {}", out.transcript());
            let left = if now == old { 2 } else { 1 };
            assert_eq!(out.json()["apps"].as_array().unwrap().len(), left);
            if now == old {
                env.applink(line).expect(0);
            }
            let temporary = fs::read_dir(&directory)
                .unwrap()
                .any(|entry| entry.unwrap().path().extension() == Some(OsStr::new("tmp")));
            assert!(!temporary || now == new, "{call} {n}");
        }
    }
    assert!(
        points > 10 && seen[0] > 0 && seen[1] > 0,
        "{points} {seen:?}"
    );
}

/// Random numbers that do not come, and a crash before a key is on the disk.
fn missing_randomness_and_a_crash_leave_no_half_written_key() {
    let env = env();
    let strace = "strace";
    let trace = env.path("trace");
    let out = trace.to_str().unwrap();
    for error in ["EIO", "EAGAIN", "EINVAL"] {
        for from in ["1", "4", "6"] {
            let inject = format!("inject=getrandom:error={error}:when={from}+");
            let words = [
                strace,
                "-f",
                "-o",
                out,
                "-e",
                "trace=getrandom",
                "-e",
                &inject,
            ];
            let inner = env.command("key generate --key-file no.pem");
            let run = Command::new(words[0])
                .args(&words[1..])
                .arg(inner.get_program())
                .args(inner.get_args())
                .current_dir(env.path("work"))
                .output()
                .unwrap();
            // Either our error or, where the standard library needs its own first, its abort.
            assert!(!run.status.success(), "{inject}");
            assert!(!env.path("work/no.pem").exists(), "{inject}");
            assert!(run.stdout.is_empty(), "{inject}");
        }
    }
    // A disk that fails leaves no half key, and nothing is published.
    for inject in [
        "inject=fsync:error=EIO:when=1",
        "inject=fsync:error=EIO:when=2",
    ] {
        let words = [strace, "-f", "-o", out, "-e", "trace=fsync", "-e", inject];
        let run = run_under(&env, &words, "key generate --key-file no.pem").expect(1);
        assert!(
            run.stdout.is_empty() && run.says("cannot be written"),
            "{}",
            run.transcript()
        );
        assert!(!env.path("work/no.pem").exists(), "{inject}");
    }
    let calls = "trace=openat,fsync,write,renameat2";
    run_under(
        &env,
        &[strace, "-f", "-o", out, "-e", calls],
        "key generate --key-file yes.pem",
    )
    .expect(0);
    let trace = fs::read_to_string(&trace).unwrap();
    let at = |what: &str| {
        trace
            .find(what)
            .unwrap_or_else(|| panic!("no {what} in\n{trace}"))
    };
    let made = at(".yes.pem.");
    let opened = trace[made..].lines().next().unwrap();
    assert!(
        opened.contains("O_CREAT|O_EXCL") && opened.contains("0600"),
        "{trace}"
    );
    let named = at("yes.pem\", RENAME_NOREPLACE");
    let flushed: Vec<usize> = trace.match_indices("fsync(").map(|(at, _)| at).collect();
    assert_eq!(flushed.len(), 2, "the file and its directory: {trace}");
    let shown = at("write(1, \"-----BEGIN PUBLIC KEY");
    assert!(
        made < flushed[0] && flushed[0] < named && named < flushed[1] && flushed[1] < shown,
        "{trace}"
    );
}
