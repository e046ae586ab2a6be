//! Several runs at once, and runs that end in the middle.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::super::file::WriteStep;
use super::super::*;
use super::{Home, LONG, NOW, add, alias, mode, write};
use crate::error::Error;

const STEPS: [WriteStep; 6] = [
    WriteStep::Created,
    WriteStep::Written,
    WriteStep::Flushed,
    WriteStep::BackedUp,
    WriteStep::Renamed,
    WriteStep::DirectoryFlushed,
];

#[test]
fn fifty_threads_lose_nothing() {
    let home = Home::new();
    std::thread::scope(|scope| {
        for n in 0..50 {
            let home = &home;
            scope.spawn(move || home.change(|state| add(state, n)).unwrap());
            scope.spawn(move || {
                // Readers never wait, and never see half a file.
                let read = home.store.load().unwrap();
                assert_eq!(read.state().applications.len() as u64, read.state().serial);
            });
        }
    });
    let state = home.store.load().unwrap().to_state();
    assert_eq!((state.serial, state.applications.len()), (50, 50));
    assert_eq!(mode(home.path()), 0o600);
    let names = fs::read_dir(home.dir.path()).unwrap().count();
    assert_eq!(names, 3, "the state, its backup and its lock");
}

#[test]
fn a_failure_at_any_step_leaves_old_or_new() {
    for failing in STEPS {
        let home = Home::new();
        home.change(|state| add(state, 1)).unwrap();
        let before = home.change(|state| add(state, 2)).unwrap();
        let guard = home.store.lock("test", NOW).unwrap();
        let mut state = before.to_state();
        add(&mut state, 3);
        let full = || std::io::Error::from(std::io::ErrorKind::StorageFull);
        let failed = home
            .store
            .save_watched(&guard, &before, &state, &mut |step| {
                if step == failing { Err(full()) } else { Ok(()) }
            });
        assert_eq!(Error::from(failed.unwrap_err()).exit().code(), 7);
        let after = home.store.load().unwrap();
        let expected = if failing < WriteStep::Renamed { 2 } else { 3 };
        assert_eq!(after.state().serial, expected, "{failing:?}");
        // Nothing temporary is left by a failure that the program lives to see.
        assert_eq!(fs::read_dir(home.dir.path()).unwrap().count(), 3);
    }
}

/// Some things need a process of their own: this test binary, run again as a child with a role.
const ROLE: &str = "APPLINK_TEST_ROLE";

fn child(role: &str, path: &Path, detail: u32) -> Child {
    child_under("022", role, path, detail)
}

fn child_under(umask: &str, role: &str, path: &Path, detail: u32) -> Child {
    Command::new("/bin/sh")
        .args(["-c", "umask $0 && exec \"$@\"", umask])
        .arg(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "state::tests::crash::child_process",
            "--nocapture",
        ])
        .env(ROLE, format!("{role} {detail} {}", path.display()))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

#[test]
fn child_process() {
    let Ok(role) = std::env::var(ROLE) else {
        return;
    };
    let mut words = role.splitn(3, ' ');
    let (role, detail) = (words.next().unwrap(), words.next().unwrap());
    let store = LocalFile::new(&PathBuf::from(words.next().unwrap())).unwrap();
    let detail: u32 = detail.parse().unwrap();
    match role {
        "hold" => {
            let _guard = store.lock("applink child", NOW).unwrap();
            write(&store.paths().directory().join("held"), "");
            let mut rest = Vec::new();
            std::io::stdin().read_to_end(&mut rest).unwrap();
        }
        "save" => {
            for n in 1..3 {
                let guard = store.lock("applink child", NOW).unwrap();
                let loaded = store.load().unwrap();
                let mut state = loaded.to_state();
                add(&mut state, n);
                store.save(&guard, &loaded, &state).unwrap();
            }
            Cache::default().save(store.paths()).unwrap();
        }
        "crash" => {
            let guard = store.lock("applink child", NOW).unwrap();
            let loaded = store.load().unwrap();
            let mut state = loaded.to_state();
            add(&mut state, 99);
            let last = STEPS[detail as usize];
            let _ = store.save_watched(&guard, &loaded, &state, &mut |step| {
                if step == last {
                    std::process::exit(9);
                }
                Ok(())
            });
        }
        other => panic!("{other}"),
    }
}

#[test]
fn the_lock_names_its_holder_and_dies_with_it() {
    let home = Home::new();
    let mut holder = child("hold", home.path(), 0);
    let mut output = BufReader::new(holder.stdout.take().unwrap());
    let mark = home.dir.path().join("held");
    while !mark.exists() {
        assert!(holder.try_wait().unwrap().is_none());
        std::thread::yield_now();
    }
    let mut said = None;
    let refused = home
        .store
        .lock_reporting("mine", Duration::from_millis(1), &mut |holder| {
            said = holder.cloned();
        })
        .unwrap_err();
    let StateError::Locked { holder: named, .. } = &refused else {
        panic!("{refused}")
    };
    let named = named.as_deref().unwrap();
    assert_eq!(said.as_ref(), Some(named));
    assert_eq!(named.pid, holder.id());
    assert_eq!(named.command, "applink child");
    assert!(!named.host.is_empty() && !named.user.is_empty());
    let error = Error::from(refused);
    assert_eq!(error.exit().code(), 7);
    assert!(error.message.contains("applink child"), "{error}");
    assert!(home.store.load().is_ok(), "readers do not care");
    holder.kill().unwrap();
    holder.wait().unwrap();
    let guard = home.store.lock("mine", LONG).unwrap();
    let line = fs::read_to_string(home.store.paths().lock()).unwrap();
    assert!(line.contains("\"command\":\"mine\""), "{line}");
    drop(guard);
    assert_eq!(fs::read_to_string(home.store.paths().lock()).unwrap(), "");
    let mut line = String::new();
    while output.read_line(&mut line).unwrap() > 0 {}
}

#[test]
fn a_waiting_run_gets_the_lock_when_it_is_let_go() {
    let home = Home::new();
    let guard = home.store.lock("first", NOW).unwrap();
    std::thread::scope(|scope| {
        let (send, receive) = std::sync::mpsc::channel();
        let store = &home.store;
        let second = scope.spawn(move || {
            store.lock_reporting("second", LONG, &mut |holder| {
                send.send(holder.map(|holder| holder.command.clone()))
                    .unwrap();
            })
        });
        assert_eq!(receive.recv().unwrap().as_deref(), Some("first"));
        drop(guard);
        assert!(second.join().unwrap().is_ok());
    });
}

#[test]
fn only_its_user_may_read_it_whatever_the_umask() {
    for umask in ["000", "077", "277"] {
        let home = Home::new();
        let status = child_under(umask, "save", home.path(), 0).wait().unwrap();
        assert!(status.success());
        let paths = home.store.paths();
        for path in [paths.state(), &paths.backup(), &paths.cache()] {
            assert_eq!(mode(path), 0o600, "{}", path.display());
        }
        assert_eq!(mode(&paths.lock()) & 0o077, 0);
    }
}

#[test]
fn a_crash_at_any_step_leaves_old_or_new_and_the_next_run_sweeps() {
    for (index, last) in STEPS.into_iter().enumerate() {
        let home = Home::new();
        home.change(|state| add(state, 1)).unwrap();
        let old = home.change(|state| add(state, 2)).unwrap();
        let status = child("crash", home.path(), u32::try_from(index).unwrap())
            .wait()
            .unwrap();
        assert_eq!(status.code(), Some(9));
        let after = home.store.load().unwrap();
        if last < WriteStep::Renamed {
            assert_eq!(after.digest(), old.digest(), "{last:?}");
        } else {
            assert_eq!(after.state().serial, 3, "{last:?}");
            assert!(after.state().application(&alias("a99")).is_some());
        }
        assert_eq!(mode(home.path()), 0o600);
        // What looks similar belongs to others: another state, and somebody writing the cache.
        for other in [
            ".applink.toml.x.abcdef.tmp",
            ".applink.cache.json.abcdef.tmp",
        ] {
            write(&home.dir.path().join(other), "");
        }
        home.change(|state| add(state, 100)).unwrap();
        assert_eq!(fs::read_dir(home.dir.path()).unwrap().count(), 5);
    }
}
