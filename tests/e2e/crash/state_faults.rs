//! The state when the disk, another process or a person gets in the way.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use applink_sandbox::{App, Fault, Product};

use crate::support::env::Env;
use crate::support::worlds::{both, count_writes, levels, outside, pair, snapshot, writes};

const LONG: Duration = Duration::from_secs(60);

/// Says past the capture of test output that something could not be tried here.
fn absent(what: &str) {
    let _ = writeln!(std::io::stderr(), "not tried here: {what}");
}

#[test]
fn fifty_concurrent_processes_lose_no_change() {
    let apps = (0..50).map(|n| App::new(Product::Confluence, &format!("wiki-{n}")));
    let env = Env::new(
        applink_sandbox::World::builder()
            .seed(11)
            .apps(apps)
            .start()
            .unwrap(),
    );
    let children: Vec<_> = (0..50)
        .map(|n| {
            env.start(&format!(
                "app add wiki-{n} {{wiki-{n}.url}} --lock-timeout 120"
            ))
        })
        .collect();
    for child in children {
        env.wait(child).expect(0);
    }
    let state: toml::Table = env.state().parse().unwrap();
    assert_eq!(state["applications"].as_table().unwrap().len(), 50);
    assert_eq!(state["serial"].as_integer(), Some(50));
    let left: Vec<_> = fs::read_dir(env.path("state/applink"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .filter(|name| name.to_string_lossy().ends_with(".tmp"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn an_edit_of_the_state_during_a_change_is_detected() {
    let env = Env::new(pair());
    env.add_all();
    let slow = Fault::delay(Duration::from_millis(400));
    env.world.app("wiki").fault(slow.method("PUT").nth(1));
    let child = env.start("create jira wiki -o json");
    assert!(
        env.world
            .wait_for_requests(LONG, |requests| count_writes(requests) == 2)
    );
    let edited = format!("# by hand\n{}", env.state());
    fs::write(env.state_path(), &edited).unwrap();
    let out = env.wait(child);
    // Everything is done there, and could not be written down here.
    assert_eq!(out.code, 3, "{}", out.shown());
    assert_eq!(out.json()["partial"], true, "{}", out.shown());
    assert!(out.says("applink resume"), "{}", out.shown());
    assert_eq!(env.state(), edited);
    assert!(env.has_journal());
    env.applink("resume").expect(0);
    assert!(env.state().starts_with("# by hand\n"));
    assert!(env.state().contains("[[links]]"));
    assert!(!env.has_journal());
}

#[test]
fn a_state_of_another_lineage_or_serial_is_refused() {
    let env = Env::new(pair());
    env.add_all();
    env.applink("create jira wiki").expect(0);
    let text = env.state();
    let table: toml::Table = text.parse().unwrap();
    let lineage = table["lineage"].as_str().unwrap();
    let serial = table["serial"].as_integer().unwrap();
    env.world.clear_requests();
    for (from, to) in [
        (lineage.to_owned(), uuid::Uuid::from_u128(7).to_string()),
        (format!("serial = {serial}"), "serial = 0".to_owned()),
    ] {
        fs::write(env.state_path(), text.replacen(&from, &to, 1)).unwrap();
        for line in ["list -o json", "edit jira wiki --name X -o json"] {
            let out = env.applink(line);
            assert_eq!(out.code, 7, "{to} {line}: {}", out.shown());
            assert!(!out.error()["hints"].as_array().unwrap().is_empty());
        }
    }
    assert!(outside(&env.world).is_empty());
}

#[test]
fn crlf_and_byte_order_marks_are_accepted() {
    let env = Env::new(pair());
    env.add_all();
    let text = env.state();
    for odd in [
        text.replace('\n', "\r\n"),
        format!("\u{feff}{text}"),
        format!("\u{feff}{}", text.replace('\n', "\r\n")),
    ] {
        fs::write(env.state_path(), &odd).unwrap();
        let out = env.applink("app list -o json");
        // Read as it is meant, or refused; never an empty one.
        if out.code == 0 {
            assert_eq!(out.json()["apps"].as_array().unwrap().len(), 2);
        } else {
            assert_eq!(out.code, 7, "{}", out.shown());
        }
    }
    fs::write(env.state_path(), [0; 600]).unwrap();
    env.applink("app list").expect(7);
    fs::write(env.state_path(), b"version = 2\nlineage = \"\xff\"\n").unwrap();
    env.applink("app list").expect(7);
}

#[test]
fn special_files_are_refused_without_waiting() {
    let env = Env::new(pair());
    let fifo = env.path("work/pipe.toml");
    assert!(
        Command::new("mkfifo")
            .arg(&fifo)
            .status()
            .unwrap()
            .success()
    );
    symlink(&fifo, env.path("work/to-pipe.toml")).unwrap();
    symlink("/dev/full", env.path("work/full.toml")).unwrap();
    symlink("loop.toml", env.path("work/loop.toml")).unwrap();
    for name in ["pipe.toml", "to-pipe.toml", "full.toml", "loop.toml", "."] {
        let started = Instant::now();
        for line in ["app list", "create {jira} {wiki}"] {
            let out = env.applink(&format!("{line} --state {name} -o json"));
            assert_eq!(out.code, 7, "{name} {line}: {}", out.shown());
        }
        assert!(started.elapsed() < Duration::from_secs(10), "{name}");
    }
    assert!(writes(&env.world).is_empty());
    // The journal is one of the names beside it that others could have put there.
    env.applink("create {jira} {wiki} --dry-run").expect(0);
    fs::create_dir_all(env.path("state/applink")).unwrap();
    symlink(env.path("work/elsewhere"), env.beside(".journal")).unwrap();
    let out = env.applink("create {jira} {wiki} -o json").expect(7);
    assert!(out.says("journal"), "{}", out.shown());
    assert!(!env.path("work/elsewhere").exists());
    assert!(writes(&env.world).is_empty());
}

#[test]
fn a_second_hard_link_keeps_the_old_content() {
    let env = Env::new(pair());
    env.add_all();
    let old = env.state();
    let other = env.path("work/other-name.toml");
    fs::hard_link(env.state_path(), &other).unwrap();
    env.applink("create jira wiki").expect(0);
    assert_eq!(fs::read_to_string(&other).unwrap(), old);
    assert!(env.state().contains("[[links]]"));
}

/// What a run may leave when the disk was full somewhere: nothing sent and the state as it was, or
/// everything known and `resume` able to go on.
fn judge(env: &Env, case: &str, code: i32, before: &str, start: &[serde_json::Value]) {
    let state = env.state();
    match code {
        0 => assert!(state.contains("[[links]]"), "{case}"),
        1 | 5 | 7 => {
            assert_eq!(state, before, "{case}");
            let now = snapshot(&env.world);
            for (now, start) in now.iter().zip(start) {
                assert_eq!(now["links"], start["links"], "{case}");
            }
            assert!(!env.has_journal() || journal_is_empty(env), "{case}");
        }
        3 => {
            assert_eq!(state, before, "{case}");
            assert!(env.has_journal(), "{case}");
        }
        other => panic!("{case}: an exit code of {other}"),
    }
    let out = if env.has_journal() {
        env.applink("resume -o json")
    } else {
        env.applink("create jira wiki -o json")
    };
    // A first line that did not fit was never a run.
    let out = if out.code == 0 && !env.state().contains("[[links]]") {
        env.applink("create jira wiki -o json")
    } else {
        out
    };
    assert_eq!(out.code, 0, "{case}: {}", out.shown());
    let (jira, wiki) = (env.world.app("jira"), env.world.app("wiki"));
    assert_eq!(levels(jira, wiki), both("oauth"), "{case}");
    assert_eq!(levels(wiki, jira), both("oauth"), "{case}");
    assert!(env.state().contains("[[links]]"), "{case}");
    assert!(!env.has_journal(), "{case}");
}

fn journal_is_empty(env: &Env) -> bool {
    !fs::read_to_string(env.beside(".journal"))
        .unwrap_or_default()
        .contains('\n')
}

/// Files may not grow beyond a size: what a quota does, at every size that matters.
#[test]
fn a_file_size_limit_never_leaves_a_torn_state() {
    let mut codes: BTreeMap<i32, usize> = BTreeMap::new();
    for blocks in 0..14 {
        let env = Env::new(pair());
        env.add_all();
        let (before, start) = (env.state(), snapshot(&env.world));
        let limit = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\"");
        let output = env
            .under(&["/bin/sh", "-c", &limit, "sh"], "create jira wiki -o json")
            .output()
            .unwrap();
        let out = env.out(output);
        *codes.entry(out.code).or_default() += 1;
        let case = format!("{blocks} blocks: {}", out.shown());
        judge(&env, &case, out.code, &before, &start);
    }
    for code in [0, 7] {
        assert!(codes.contains_key(&code), "{codes:?}");
    }
}

/// A small file system of its own, gone with this value.
struct Disk(PathBuf);

impl Disk {
    fn mount(at: &Path, size: &str) -> Option<Self> {
        fs::create_dir_all(at).unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o"])
            .arg(format!("size={size},mode=0700"))
            .arg("applink-test")
            .arg(at)
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success());
        mounted.then(|| Self(at.to_owned()))
    }

    fn remount(&self, how: &str) {
        let status = Command::new("mount")
            .args(["-o", &format!("remount,{how}")])
            .arg(&self.0)
            .status()
            .unwrap();
        assert!(status.success());
    }

    /// Leaves that many bytes.
    fn fill(&self, left: u64) {
        let mut file = fs::File::create(self.0.join("ballast")).unwrap();
        while file.write_all(&[0; 4096]).is_ok() {}
        let full = file.metadata().unwrap().len();
        file.set_len(full.saturating_sub(left)).unwrap();
    }

    fn free(&self) {
        fs::remove_file(self.0.join("ballast")).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[test]
fn a_full_disk_never_leaves_a_torn_state() {
    let mut codes: BTreeMap<i32, usize> = BTreeMap::new();
    for pages in 0..8 {
        let env = Env::new(pair());
        let Some(disk) = Disk::mount(&env.path("state/applink"), "256k") else {
            absent("a full disk: no file system can be mounted");
            return;
        };
        env.add_all();
        let (before, start) = (env.state(), snapshot(&env.world));
        disk.fill(pages * 4096);
        let out = env.applink("create jira wiki -o json");
        disk.free();
        *codes.entry(out.code).or_default() += 1;
        let case = format!("{pages} pages: {}", out.shown());
        judge(&env, &case, out.code, &before, &start);
    }
    for code in [0, 3, 7] {
        assert!(codes.contains_key(&code), "{codes:?}");
    }
}

#[test]
fn a_read_only_disk_stops_a_change_before_it_begins() {
    let env = Env::new(pair());
    let Some(disk) = Disk::mount(&env.path("state/applink"), "256k") else {
        absent("a read-only file system: none can be mounted");
        return;
    };
    env.add_all();
    disk.remount("ro");
    for line in ["create jira wiki -o json", "app remove wiki --yes -o json"] {
        let out = env.applink(line);
        assert_eq!(out.code, 7, "{line}: {}", out.shown());
    }
    assert!(writes(&env.world).is_empty());
    // What only reads goes on.
    env.applink("list").expect(0);
    disk.remount("rw");
    env.applink("create jira wiki").expect(0);
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
#[test]
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
        .under(
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
    if !traced.is_ok_and(|output| output.status.success()) {
        absent("a kill at every system call: strace cannot be used");
        return;
    }
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
            env.under(&["strace", "-f", "-o", "/dev/null", "-e", &inject], line)
                .output()
                .unwrap();
            points += 1;
            let now = env.state();
            assert!(now == old || now == new, "{call} {n}:\n{now}");
            seen[usize::from(now == new)] += 1;
            let out = env.applink("app list -o json");
            assert_eq!(out.code, 0, "{call} {n}: {}", out.shown());
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
