//! Runs that are killed on the way, and what goes on from there.

use std::fs;
use std::time::Duration;

use applink_sandbox::{Fault, Generation};
use insta::assert_snapshot;
use rustix::process::{Pid, Signal, kill_process};

use crate::support::code_cases::write_state;
use crate::support::env::Env;
use crate::support::output::RunOutput;
use crate::support::worlds::{count_writes, levels, pair, pair_of, same_level, snapshot, writes};

const LONG: Duration = Duration::from_secs(60);

/// The writes of a fresh link, in their order: the application, and which of its own it is.
const WRITES: [(&str, usize); 4] = [("jira", 1), ("wiki", 1), ("jira", 2), ("wiki", 2)];

/// How far the write came during which the process is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Came {
    /// The application has it and has not begun.
    Arrived,
    /// The application has carried it out, and its answer is on the way.
    Done,
}

/// Kills the process while its `k`-th write is under way. The fault is for that write alone.
fn killed(env: &Env, line: &str, k: usize, came: Came) {
    let (alias, nth) = WRITES[k - 1];
    let fault = match came {
        Came::Arrived => Fault::delay(LONG),
        Came::Done => Fault::stall_after(0),
    };
    env.world.app(alias).fault(fault.method("PUT").nth(nth));
    let mut child = env.start(line);
    let there = env.world.wait_for_requests(LONG, |requests| {
        let arrived = count_writes(requests) == k;
        arrived
            && (came == Came::Arrived || requests.iter().all(|request| request.status.is_some()))
    });
    assert!(there, "the write did not come");
    child.kill().unwrap();
    let out = env.wait(child);
    assert_eq!(out.code, -9, "{}", out.transcript());
    env.world.clear_requests();
}

/// Every point at which a fresh link can be killed.
fn everywhere() -> impl Iterator<Item = (usize, Came)> {
    (1..=4).flat_map(|k| [(k, Came::Arrived), (k, Came::Done)])
}

#[track_caller]
fn linked(env: &Env, case: &str, out: &RunOutput) {
    assert_eq!(out.code, 0, "{case}: {}", out.transcript());
    assert_eq!(out.json()["changed"], true, "{case}: {}", out.transcript());
    let (jira, wiki) = (env.world.app("jira"), env.world.app("wiki"));
    assert_eq!(levels(jira, wiki), same_level("oauth"), "{case}");
    assert_eq!(levels(wiki, jira), same_level("oauth"), "{case}");
    assert_eq!((jira.links().len(), wiki.links().len()), (1, 1), "{case}");
    assert!(!env.has_journal(), "{case}");
    assert!(env.state().contains("[[links]]"), "{case}");
    let out = env.applink("verify -o json").expect(0);
    assert_eq!(out.json()["summary"]["ok"], 1, "{case}");
}

#[test]
fn resume_completes_the_run_from_every_step() {
    for (k, came) in everywhere() {
        let env = Env::new(pair());
        killed(&env, "create {jira} {wiki}", k, came);
        let out = env.applink("resume -o json");
        linked(&env, &format!("{k} {came:?}"), &out);
        // What was done is not done again.
        let again = usize::from(came == Came::Arrived);
        assert_eq!(writes(&env.world).len(), 4 - k + again, "{k} {came:?}");
    }
}

#[test]
fn the_same_command_completes_the_run_from_every_step() {
    for (k, came) in everywhere() {
        let env = Env::new(pair());
        killed(&env, "create {jira} {wiki}", k, came);
        let out = env.applink("create {jira} {wiki} -o json");
        linked(&env, &format!("{k} {came:?}"), &out);
    }
}

#[test]
fn undo_restores_the_start_from_every_step() {
    for (k, came) in everywhere() {
        let env = Env::new(pair());
        let before = snapshot(&env.world);
        killed(&env, "create {jira} {wiki}", k, came);
        let out = env.applink("resume --undo -o json");
        assert_eq!(out.code, 0, "{k} {came:?}: {}", out.transcript());
        assert_eq!(
            out.json()["changed"],
            false,
            "{k} {came:?}: {}",
            out.transcript()
        );
        for (app, before) in env.world.apps().iter().zip(before) {
            let after = app.snapshot();
            assert_eq!(after["links"], before["links"], "{k} {came:?}");
        }
        assert!(!env.has_journal(), "{k} {came:?}");
        assert!(!env.state().contains("[[links]]"), "{k} {came:?}");
        env.applink("create {jira} {wiki}").expect(0);
    }
}

#[test]
fn a_run_killed_between_the_calls_of_an_old_version_is_resumed() {
    for k in 3..=6 {
        let env = Env::new(pair_of(Generation::Old, Generation::Old4));
        let mut child = env.start("create {jira} {wiki}");
        // Stall whatever comes next, so that it is killed between two parts of one step.
        let there = env
            .world
            .wait_for_requests(LONG, |requests| count_writes(requests) >= k);
        assert!(there);
        child.kill().unwrap();
        env.wait(child);
        let out = env.applink("resume -o json");
        let (jira, wiki) = (env.world.app("jira"), env.world.app("wiki"));
        if out.code == 0 {
            assert_eq!(levels(jira, wiki), same_level("oauth"));
            assert_eq!(levels(wiki, jira), same_level("oauth"));
        } else {
            // A level of which one part is set is neither the old nor the new one: it is left to
            // a person, and said.
            assert_eq!(out.code, 3, "{}", out.transcript());
            assert!(out.says("applink resume --undo"), "{}", out.transcript());
        }
    }
}

#[test]
fn an_unfinished_run_blocks_other_changes() {
    let env = Env::new(pair());
    killed(&env, "create {jira} {wiki}", 2, Came::Done);
    let before = (snapshot(&env.world), env.state());
    for line in [
        "create {jira} {wiki} --auth none -o json",
        "create {wiki} {jira} -o json",
        "edit {jira} {wiki} --name X -o json",
        "delete {jira} {wiki} --yes -o json",
    ] {
        let out = env.applink(line).expect(1);
        assert_eq!(out.error()["kind"], "conflict", "{}", out.transcript());
        assert!(out.says("applink resume"), "{}", out.transcript());
        assert!(out.stdout.is_empty());
    }
    assert!(writes(&env.world).is_empty());
    assert_eq!((snapshot(&env.world), env.state()), before);
    // Reading goes on, and says so.
    let out = env.applink("list {jira} -o json").expect(0);
    assert_eq!(out.json()["links"][0]["state"], "unfinished");
    assert!(out.says("unfinished") && out.says("applink resume"));
    assert_snapshot!(env.applink("delete {jira} {wiki} --yes").transcript(), @r"
    exit 1
    --- stderr
    error: an earlier run is unfinished: linking jira and wiki
    hint: continue it with: applink resume
    hint: take it back with: applink resume --undo
    hint: where neither is possible, give it up with: applink resume --abandon
    ");
    assert_snapshot!(env.applink("resume --dry-run").transcript(), @r#"
    exit 0
    --- stdout
    unfinished: linking jira and wiki
    jira: create the link "Confluence" to http://wiki.test (done)
    wiki: create the link "Jira" to http://jira.test/jira (not known)
    jira: set both directions to oauth (from none) (to do)
    wiki: set both directions to oauth (from none) (to do)
    "#);
    assert!(env.has_journal());
    assert_snapshot!(env.applink("resume").transcript(), @r#"
    exit 0
    --- stdout
    jira and wiki are linked
    ok jira and wiki: both ends work
    --- stderr
    continuing an earlier run: linking jira and wiki
    ✓ wiki: create the link "Jira" to http://jira.test/jira
    ✓ jira: set both directions to oauth (from none)
    ✓ wiki: set both directions to oauth (from none)
    "#);
    assert_snapshot!(env.applink("resume").transcript(), @r"
    exit 0
    --- stdout
    nothing is unfinished
    ");
}

#[test]
fn undo_reads_as_documented() {
    let env = Env::new(pair());
    killed(&env, "create {jira} {wiki}", 3, Came::Arrived);
    assert_snapshot!(env.applink("resume --undo").transcript(), @r#"
    exit 0
    --- stderr
    taking back an earlier run: linking jira and wiki
    - wiki: take back: create the link "Jira" to http://jira.test/jira: undone
    - jira: take back: create the link "Confluence" to http://wiki.test: undone
    everything that the earlier run did is taken back
    "#);
}

#[test]
fn undo_keeps_records_that_others_changed() {
    let env = Env::new(pair());
    killed(&env, "create {jira} {wiki}", 2, Came::Done);
    let (jira, wiki) = (env.world.app("jira"), env.world.app("wiki"));
    jira.edit_link(&wiki.id(), |link| link.name = "Renamed by hand".to_owned());
    let out = env.applink("resume --undo -o json").expect(3);
    assert_eq!(jira.links()[0].name, "Renamed by hand");
    assert!(out.says("changed"), "{}", out.transcript());
}

#[test]
fn an_unreachable_application_keeps_the_run_unfinished() {
    let env = Env::new(pair());
    killed(&env, "create {jira} {wiki}", 2, Came::Done);
    env.world.app("wiki").stop();
    let out = env.applink("resume -o json").expect(3);
    assert_eq!(out.json()["partial"], true);
    assert!(env.has_journal());
    env.world.app("wiki").start().unwrap();
    env.applink("resume").expect(0);
    assert!(!env.has_journal());
}

#[test]
fn a_killed_delete_is_resumed() {
    let env = Env::new(pair());
    env.applink("create {jira} {wiki}").expect(0);
    env.world.clear_requests();
    env.world
        .app("wiki")
        .fault(Fault::delay(LONG).method("DELETE"));
    let mut child = env.start("delete jira wiki --yes");
    assert!(
        env.world
            .wait_for_requests(LONG, |requests| count_writes(requests) == 2)
    );
    child.kill().unwrap();
    env.wait(child);
    env.world.app("wiki").clear_faults();
    let out = env.applink("resume --undo -o json").expect(1);
    assert!(out.says("applink resume"), "{}", out.transcript());
    env.applink("resume").expect(0);
    for app in env.world.apps() {
        assert!(app.links().is_empty());
    }
    assert!(!env.has_journal());
    assert!(!env.state().contains("[[links]]"));
}

#[test]
fn a_torn_last_line_is_ignored_and_other_damage_is_refused() {
    let env = Env::new(pair());
    killed(&env, "create {jira} {wiki}", 2, Came::Done);
    let path = env.state_sibling(".journal");
    let whole = fs::read_to_string(&path).unwrap();
    // The last line was being written when the power went: it was never there.
    let torn = &whole[..whole.trim_end().len() - 3];
    fs::write(&path, torn).unwrap();
    let out = env.applink("list {jira}").expect(0);
    assert!(out.says("unfinished"), "{}", out.transcript());
    // Anything else is not guessed at.
    for (from, to) in [("wiki", "wika"), ("{", "["), ("\n", "\n\n")] {
        fs::write(&path, whole.replacen(from, to, 1)).unwrap();
        for line in [
            "resume -o json",
            "resume --undo -o json",
            "create {jira} {wiki} -o json",
        ] {
            let out = env.applink(line);
            assert_eq!(out.code, 7, "{to:?} {line}: {}", out.transcript());
            assert_eq!(out.error()["kind"], "state");
        }
        env.applink("list {jira}").expect(0).expect_says("damaged");
    }
    // Empty is what a run leaves that is killed before it notes anything.
    fs::write(&path, "").unwrap();
    let out = env.applink("resume -o json").expect(0);
    assert_eq!(out.json()["changed"], false);
    fs::write(&path, &whole).unwrap();
    env.applink("resume").expect(0);
}

#[test]
fn a_signal_waits_for_the_write_in_flight() {
    for (signal, code) in [(Signal::TERM, 143), (Signal::INT, 130), (Signal::HUP, 129)] {
        let env = Env::new(pair());
        let slow = Fault::delay(Duration::from_millis(300));
        env.world.app("wiki").fault(slow.method("PUT").nth(1));
        let child = env.start("create {jira} {wiki} -o json");
        assert!(
            env.world
                .wait_for_requests(LONG, |requests| count_writes(requests) == 2)
        );
        kill_process(Pid::from_child(&child), signal).unwrap();
        let out = env.wait(child);
        assert_eq!(out.code, code, "{}", out.transcript());
        let json = out.json();
        assert_eq!(json["partial"], true, "{}", out.transcript());
        assert_eq!(
            out.steps(),
            [
                "jira create-link done",
                "wiki create-link done",
                "jira set-level planned",
                "wiki set-level planned"
            ]
        );
        assert!(out.says("stopping"));
        assert!(env.has_journal());
        assert_eq!(writes(&env.world).len(), 2);
        let out = env.applink("resume -o json");
        linked(&env, "signal", &out);
    }
}

#[test]
fn a_signal_ends_reads_immediately() {
    let env = Env::new(pair());
    env.world
        .app("wiki")
        .fault(Fault::delay(LONG).path("/authenticationinfo"));
    let child = env.start("create {jira} {wiki} -o json");
    let asked = env.world.wait_for_requests(LONG, |requests| {
        requests
            .iter()
            .any(|request| request.app == "wiki" && request.path.ends_with("/authenticationinfo"))
    });
    assert!(asked);
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    let started = std::time::Instant::now();
    let out = env.wait(child);
    assert_eq!(out.code, 130, "{}", out.transcript());
    assert!(started.elapsed() < Duration::from_secs(5));
    assert!(!env.has_journal());
    assert!(writes(&env.world).is_empty());
}

#[test]
fn without_an_unfinished_run_resume_does_nothing() {
    let env = Env::new(pair());
    assert_snapshot!(env.applink("resume").expect(0).transcript(), @r"
    exit 0
    --- stdout
    nothing is unfinished
    ");
    assert_snapshot!(env.applink("resume --undo -o json").expect(0).transcript(), @r#"
    exit 0
    --- stdout
    {"schema":1,"changed":false,"partial":false,"steps":[],"losses":[],"link":null,"consumer":null,"oauth2_client":null,"verification":[],"errors":[]}
    "#);
}

/// All was done and noted, and could not be recorded: nothing is left to do, and so it is said.
#[test]
fn a_completed_but_unrecorded_run_is_recorded() {
    for line in ["resume -o json", "create jira wiki -o json"] {
        let env = Env::new(pair());
        env.add_all();
        let in_the_way = env.state_sibling(".bak");
        let _ = fs::remove_file(&in_the_way);
        fs::create_dir_all(in_the_way.join("x")).unwrap();
        let out = env.applink("create jira wiki -o json").expect(3);
        assert!(out.says("could not be recorded"), "{}", out.transcript());
        assert_eq!(out.json()["changed"], true);
        fs::remove_dir_all(&in_the_way).unwrap();
        env.world.clear_requests();
        let out = env.applink(line).expect(0);
        assert_eq!(out.json()["changed"], false, "{}", out.transcript());
        assert!(writes(&env.world).is_empty() && !env.has_journal());
        assert!(env.state().contains("[[links]]"));
    }
}

/// Taken back, nothing is planned any more.
#[test]
fn undo_marks_steps_that_never_began_as_skipped() {
    let env = Env::new(pair());
    killed(&env, "create {jira} {wiki}", 2, Came::Arrived);
    for app in env.world.apps() {
        app.clear_faults();
    }
    let out = env.applink("resume --undo -o json").expect(0);
    assert_eq!(
        out.steps(),
        [
            "jira create-link undone",
            "wiki create-link skipped",
            "jira set-level skipped",
            "wiki set-level skipped"
        ]
    );
    let detail = out.json()["steps"][3]["detail"].to_string();
    assert!(detail.contains("nothing to take back"), "{detail}");
}

#[test]
fn a_run_in_progress_is_not_unfinished_and_a_second_signal_quits_with_a_message() {
    let env = Env::new(pair());
    write_state(&env);
    env.world
        .app("wiki")
        .fault(Fault::delay(LONG).method("PUT").nth(1));
    let child = env.start("create jira wiki -o json");
    assert!(
        env.world
            .wait_for_requests(LONG, |requests| count_writes(requests) == 2)
    );
    let out = env.applink("list jira").expect(0);
    assert!(out.says("another run is at work"), "{}", out.transcript());
    assert!(out.says("create") && !out.says("unfinished:"));
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    std::thread::sleep(Duration::from_millis(500));
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    let out = env.wait(child);
    assert_eq!(out.code, 130, "{}", out.transcript());
    let last = out.stderr.lines().last().unwrap();
    let error: serde_json::Value = serde_json::from_str(last).unwrap();
    assert_eq!(error["error"]["kind"], "partial");
    assert!(last.contains("applink resume"), "{last}");
    env.applink("list jira")
        .expect(0)
        .expect_says("an earlier run is unfinished");
}
