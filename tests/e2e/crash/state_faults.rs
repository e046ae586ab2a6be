//! The state when the disk, another process or a person gets in the way.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;
use std::time::{Duration, Instant};

use applink_sandbox::{App, Fault, Product};

use crate::support::env::Env;
use crate::support::torn_state::assert_whole_state;
use crate::support::worlds::{client_requests, count_writes, pair, snapshot, writes};

const LONG: Duration = Duration::from_secs(60);

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
    assert_eq!(out.code, 3, "{}", out.transcript());
    assert_eq!(out.json()["partial"], true, "{}", out.transcript());
    assert!(out.says("applink resume"), "{}", out.transcript());
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
            assert_eq!(out.code, 7, "{to} {line}: {}", out.transcript());
            assert!(!out.error()["hints"].as_array().unwrap().is_empty());
        }
    }
    assert!(client_requests(&env.world).is_empty());
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
            assert_eq!(out.code, 7, "{}", out.transcript());
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
            assert_eq!(out.code, 7, "{name} {line}: {}", out.transcript());
        }
        assert!(started.elapsed() < Duration::from_secs(10), "{name}");
    }
    assert!(writes(&env.world).is_empty());
    // The journal is one of the names beside it that others could have put there.
    env.applink("create {jira} {wiki} --dry-run").expect(0);
    fs::create_dir_all(env.path("state/applink")).unwrap();
    symlink(env.path("work/elsewhere"), env.state_sibling(".journal")).unwrap();
    let out = env.applink("create {jira} {wiki} -o json").expect(7);
    assert!(out.says("journal"), "{}", out.transcript());
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
            .command_under(&["/bin/sh", "-c", &limit, "sh"], "create jira wiki -o json")
            .output()
            .unwrap();
        let out = env.check_output(output);
        *codes.entry(out.code).or_default() += 1;
        let case = format!("{blocks} blocks: {}", out.transcript());
        assert_whole_state(&env, &case, out.code, &before, &start);
    }
    for code in [0, 7] {
        assert!(codes.contains_key(&code), "{codes:?}");
    }
}
