//! Third-party programs: what happens when it goes wrong on the way.

use applink::oauth::PrivateKey;
use applink_sandbox::{Fault, Generation};

use crate::support::consumers::{
    CREATE_CONSUMER, LONG, assert_no_key_leaks, consumer_env, consumer_env_of, incoming_flags,
    key_path, registered_keys, write_key_pair,
};
use crate::support::worlds::{count_writes, snapshot, writes};

#[test]
fn a_failed_write_rolls_back_the_registration() {
    for nth in 1..=3 {
        for (fault, code) in [
            (Fault::status(403), 4),
            (Fault::status(400), 1),
            (Fault::status(500), 5),
            (Fault::refuse(), 5),
        ] {
            let env = consumer_env();
            let before = snapshot(&env.world);
            let app = env.world.app("jira");
            app.fault(fault.clone().method("PUT").nth(nth));
            let out = env.applink(&format!("{CREATE_CONSUMER} --two-legged"));
            let case = format!("{nth} {fault:?}: {}", out.transcript());
            assert_eq!(out.code, code, "{case}");
            assert_eq!(out.json()["changed"], false, "{case}");
            assert_eq!(snapshot(&env.world), before, "{case}");
            assert!(!env.has_journal(), "{case}");
            assert!(!env.state().contains("[[consumers]]"), "{case}");
            // Nobody has its public half.
            assert!(!key_path(&env).exists(), "{case}");
            for field in ["key_file", "fingerprint", "bits"] {
                assert!(out.json()["consumer"][field].is_null(), "{case}");
            }
        }
        // Carried out, and its answer lost.
        let env = consumer_env();
        let fault = Fault::reset_after().method("PUT").nth(nth);
        env.world.app("jira").fault(fault);
        let out = env
            .applink(&format!("{CREATE_CONSUMER} --two-legged"))
            .expect(0);
        assert_eq!(
            incoming_flags(&env),
            (true, true, false),
            "{}",
            out.transcript()
        );
        assert!(writes(&env.world).len() <= 4);
    }
}

/// What this run did not make is not its to take away.
#[test]
fn the_users_own_key_file_survives_a_rollback() {
    let env = consumer_env();
    write_key_pair(&env, "own");
    let app = env.world.app("jira");
    app.fault(Fault::status(403).method("PUT").nth(2));
    let line = format!("{CREATE_CONSUMER} --key-file own.pem");
    let out = env.applink(&line).expect(4);
    assert!(env.path("work/own.pem").exists());
    assert_eq!(
        out.json()["consumer"]["key_file"],
        env.path("work/own.pem").display().to_string()
    );
    app.clear_faults();
    // Nor is what somebody has put in its place meanwhile.
    env.world.clear_requests();
    app.fault(Fault::delay(LONG).method("PUT").nth(1));
    let mut child = env.start(CREATE_CONSUMER);
    let there = env
        .world
        .wait_for_requests(LONG, |requests| count_writes(requests) == 1);
    assert!(there);
    child.kill().unwrap();
    env.wait(child);
    app.clear_faults();
    std::fs::copy(env.path("work/own.pem"), key_path(&env)).unwrap();
    env.applink("resume --undo -o json").expect(0);
    assert!(key_path(&env).exists());
}

#[test]
fn a_failed_replacement_restores_the_old_key() {
    for (nth, fault) in (1..=2).flat_map(|nth| [(nth, 403), (nth, 500)]) {
        let env = consumer_env();
        env.applink(&format!("{CREATE_CONSUMER} --two-legged"))
            .expect(0);
        write_key_pair(&env, "other");
        let before = (snapshot(&env.world), env.state());
        let app = env.world.app("jira");
        app.fault(Fault::status(fault).method("PUT").nth(nth));
        let out = env.applink(&format!(
            "{CREATE_CONSUMER} --two-legged --public-key other.pub --yes"
        ));
        assert_ne!(out.code, 0);
        let case = format!("{nth} {fault}: {}", out.transcript());
        assert_eq!(out.json()["changed"], false, "{case}");
        assert_eq!((snapshot(&env.world), env.state()), before, "{case}");
        assert!(!env.has_journal(), "{case}");
    }
}

#[test]
fn a_killed_registration_is_resumed_or_undone() {
    for k in 1..=3 {
        for fault in [Fault::delay(LONG), Fault::stall_after(0)] {
            for undo in [false, true] {
                let env = consumer_env();
                let before = snapshot(&env.world);
                let app = env.world.app("jira");
                app.fault(fault.clone().method("PUT").nth(k));
                let mut child = env.start(&format!("{CREATE_CONSUMER} --two-legged"));
                let done = format!("{fault:?}").contains("tall");
                let there = env.world.wait_for_requests(LONG, |requests| {
                    count_writes(requests) == k
                        && (!done || requests.iter().all(|one| one.status.is_some()))
                });
                assert!(there);
                child.kill().unwrap();
                let killed = env.wait(child);
                app.clear_faults();
                let line = if undo {
                    "resume --undo -o json"
                } else {
                    "resume -o json"
                };
                let out = env.applink(line);
                let case = format!("{k} {fault:?} {undo}: {}", out.transcript());
                assert_eq!(out.code, 0, "{case}");
                assert!(!env.has_journal(), "{case}");
                if undo {
                    assert_eq!(snapshot(&env.world), before, "{case}");
                    assert!(!env.state().contains("[[consumers]]"), "{case}");
                    assert!(!key_path(&env).exists(), "{case}");
                } else {
                    assert_eq!(incoming_flags(&env), (true, true, false), "{case}");
                    let key = PrivateKey::load(&key_path(&env)).unwrap();
                    assert_eq!(
                        registered_keys(&env)[0].1,
                        key.public().fingerprint(),
                        "{case}"
                    );
                    assert!(env.state().contains("[[consumers]]"), "{case}");
                    assert_no_key_leaks(&env, &[&killed, &out]);
                }
            }
        }
    }
}

/// A delete that fails half way is finished by the same command, or by `resume`.
#[test]
fn a_failed_delete_is_finished_by_resume_or_the_same_command() {
    let line = "delete jira --consumer Jenkins --yes -o json";
    for (method, code) in [("PUT", 4), ("DELETE", 3)] {
        let env = consumer_env();
        env.applink(CREATE_CONSUMER).expect(0);
        let before = (snapshot(&env.world), env.state());
        let app = env.world.app("jira");
        app.fault(Fault::status(403).method(method));
        let out = env.applink(line).expect(code);
        assert_eq!(out.json()["partial"], code == 3, "{}", out.transcript());
        assert_eq!(env.has_journal(), code == 3);
        if code == 4 {
            assert_eq!((snapshot(&env.world), env.state()), before);
        }
        app.clear_faults();
        env.applink(line).expect(0);
        assert!(app.consumers().is_empty() && app.links().is_empty());
        assert!(!env.state().contains("[[consumers]]") && !env.has_journal());
    }
}

#[test]
fn a_killed_replacement_is_resumed_or_undone() {
    for k in 1..=2 {
        for undo in [false, true] {
            let env = consumer_env();
            env.applink(&format!("{CREATE_CONSUMER} --two-legged"))
                .expect(0);
            let key = write_key_pair(&env, "other");
            let before = (snapshot(&env.world), env.state());
            env.world.clear_requests();
            let app = env.world.app("jira");
            app.fault(Fault::delay(LONG).method("PUT").nth(k));
            let line = format!("{CREATE_CONSUMER} --public-key other.pub --yes");
            let mut child = env.start(&line);
            let there = env
                .world
                .wait_for_requests(LONG, |requests| count_writes(requests) == k);
            assert!(there);
            child.kill().unwrap();
            env.wait(child);
            app.clear_faults();
            let out = if undo {
                env.applink("resume --undo -o json")
            } else {
                env.applink(&line)
            };
            let case = format!("{k} {undo}: {}", out.transcript());
            assert_eq!(out.code, 0, "{case}");
            assert!(!env.has_journal(), "{case}");
            assert_eq!(incoming_flags(&env), (true, true, false), "{case}");
            if undo {
                assert_eq!((snapshot(&env.world), env.state()), before, "{case}");
            } else {
                assert_eq!(
                    registered_keys(&env)[0].1,
                    key.public().fingerprint(),
                    "{case}"
                );
            }
        }
    }
}

/// Where a consumer could not be taken away again, none is stored.
#[test]
fn versions_that_cannot_remove_a_consumer_are_refused() {
    for generation in [Generation::Old, Generation::Old4] {
        let env = consumer_env_of(generation);
        let before = snapshot(&env.world);
        for line in [
            CREATE_CONSUMER,
            "delete {jira} --consumer Jenkins --yes -o json",
        ] {
            let out = env.applink(line).expect(1);
            assert_eq!(out.error()["kind"], "refused", "{}", out.transcript());
            assert!(out.says("too old"), "{}", out.transcript());
        }
        assert_eq!(snapshot(&env.world), before);
        assert!(!key_path(&env).exists());
        assert!(writes(&env.world).is_empty());
    }
}

/// The old key was put back, and what it may do was not: that is half of it, and is taken back.
#[test]
fn a_half_restored_consumer_is_restored_fully_by_resume() {
    for line in ["resume --undo -o json", "resume -o json"] {
        let env = consumer_env();
        env.applink(&format!("{CREATE_CONSUMER} --two-legged"))
            .expect(0);
        let key = write_key_pair(&env, "other");
        let before = (snapshot(&env.world), env.state());
        let app = env.world.app("jira");
        app.fault(Fault::refuse().method("PUT").path("/status/"));
        let out = env
            .applink(&format!("{CREATE_CONSUMER} --public-key other.pub --yes"))
            .expect(3);
        assert!(env.has_journal(), "{}", out.transcript());
        assert!(!incoming_flags(&env).1);
        app.clear_faults();
        env.applink(line).expect(0);
        if line.contains("undo") {
            assert_eq!((snapshot(&env.world), env.state()), before);
        } else {
            assert_eq!(registered_keys(&env)[0].1, key.public().fingerprint());
            assert_eq!(incoming_flags(&env), (true, true, false));
        }
    }
}

/// Killed before its key was on the disk, it had not begun.
#[test]
fn a_run_killed_before_the_key_was_written_has_not_begun() {
    for line in ["resume -o json", "resume --undo -o json", CREATE_CONSUMER] {
        let env = consumer_env();
        let app = env.world.app("jira");
        app.fault(Fault::delay(LONG).method("PUT"));
        let mut child = env.start(CREATE_CONSUMER);
        let there = env
            .world
            .wait_for_requests(LONG, |requests| count_writes(requests) == 1);
        assert!(there);
        child.kill().unwrap();
        env.wait(child);
        app.clear_faults();
        let journal = env.state_sibling(".journal");
        let text = std::fs::read_to_string(&journal).unwrap();
        let first = text.split_inclusive('\n').next().unwrap();
        std::fs::write(&journal, first).unwrap();
        std::fs::remove_file(key_path(&env)).unwrap();
        let out = env.applink(line).expect(0);
        assert!(!env.has_journal(), "{}", out.transcript());
        assert_eq!(out.json()["changed"], line == CREATE_CONSUMER);
        env.applink(CREATE_CONSUMER).expect(0);
        let key = PrivateKey::load(&key_path(&env)).unwrap();
        assert_eq!(registered_keys(&env)[0].1, key.public().fingerprint());
    }
}
