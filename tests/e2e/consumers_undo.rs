//! Third-party programs: what happens when it goes wrong on the way.

use applink::oauth::PrivateKey;
use applink_sandbox::Fault;

use crate::consumers::{CREATE, LONG, accepted, env, incoming, key_path, nothing_leaks, pair_in};
use crate::estate::{count_writes, snapshot, writes};

#[test]
fn a_write_that_fails_takes_everything_back() {
    for nth in 1..=3 {
        for (fault, code) in [
            (Fault::status(403), 4),
            (Fault::status(400), 1),
            (Fault::status(500), 5),
            (Fault::refuse(), 5),
        ] {
            let env = env();
            let before = snapshot(&env.world);
            let app = env.world.app("jira");
            app.fault(fault.clone().method("PUT").nth(nth));
            let out = env.applink(&format!("{CREATE} --two-legged"));
            let case = format!("{nth} {fault:?}: {}", out.shown());
            assert_eq!(out.code, code, "{case}");
            assert_eq!(out.json()["changed"], false, "{case}");
            assert_eq!(snapshot(&env.world), before, "{case}");
            assert!(!env.has_journal(), "{case}");
            assert!(!env.state().contains("[[consumers]]"), "{case}");
        }
        // Carried out, and its answer lost.
        let env = env();
        let fault = Fault::reset_after().method("PUT").nth(nth);
        env.world.app("jira").fault(fault);
        let out = env.applink(&format!("{CREATE} --two-legged")).expect(0);
        assert_eq!(incoming(&env), (true, true, false), "{}", out.shown());
        assert!(writes(&env.world).len() <= 4);
    }
}

#[test]
fn a_replacement_that_fails_puts_the_old_one_back() {
    for (nth, fault) in (1..=2).flat_map(|nth| [(nth, 403), (nth, 500)]) {
        let env = env();
        env.applink(&format!("{CREATE} --two-legged")).expect(0);
        pair_in(&env, "other");
        let before = (snapshot(&env.world), env.state());
        let app = env.world.app("jira");
        app.fault(Fault::status(fault).method("PUT").nth(nth));
        let out = env.applink(&format!("{CREATE} --two-legged --public-key other.pub"));
        assert_ne!(out.code, 0);
        let case = format!("{nth} {fault}: {}", out.shown());
        assert_eq!(out.json()["changed"], false, "{case}");
        assert_eq!((snapshot(&env.world), env.state()), before, "{case}");
        assert!(!env.has_journal(), "{case}");
    }
}

#[test]
fn killed_in_the_middle() {
    for k in 1..=3 {
        for fault in [Fault::delay(LONG), Fault::stall_after(0)] {
            for undo in [false, true] {
                let env = env();
                let before = snapshot(&env.world);
                let app = env.world.app("jira");
                app.fault(fault.clone().method("PUT").nth(k));
                let mut child = env.start(&format!("{CREATE} --two-legged"));
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
                let case = format!("{k} {fault:?} {undo}: {}", out.shown());
                assert_eq!(out.code, 0, "{case}");
                assert!(!env.has_journal(), "{case}");
                if undo {
                    assert_eq!(snapshot(&env.world), before, "{case}");
                    assert!(!env.state().contains("[[consumers]]"), "{case}");
                } else {
                    assert_eq!(incoming(&env), (true, true, false), "{case}");
                    let key = PrivateKey::load(&key_path(&env)).unwrap();
                    assert_eq!(accepted(&env)[0].1, key.public().fingerprint(), "{case}");
                    assert!(env.state().contains("[[consumers]]"), "{case}");
                }
                nothing_leaks(&env, &[&killed, &out]);
            }
        }
    }
}

/// A delete that fails half way is finished by the same command, or by `resume`.
#[test]
fn a_delete_that_fails() {
    let line = "delete jira --consumer Jenkins --yes -o json";
    for (method, code) in [("PUT", 4), ("DELETE", 3)] {
        let env = env();
        env.applink(CREATE).expect(0);
        let before = (snapshot(&env.world), env.state());
        let app = env.world.app("jira");
        app.fault(Fault::status(403).method(method));
        let out = env.applink(line).expect(code);
        assert_eq!(out.json()["partial"], code == 3, "{}", out.shown());
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
