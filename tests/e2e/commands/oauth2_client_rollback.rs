//! OAuth 2.0 clients: what happens when it goes wrong on the way.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use applink_sandbox::Fault;

use crate::support::consumers::LONG;
use crate::support::env::Env;
use crate::support::oauth2_clients::{
    CREATE_CLIENT, assert_no_secret_leaks, assert_secret_stored, client_env, clients, secret_path,
};
use crate::support::worlds::{count_writes, own_404, snapshot, writes};

const RESET: &str = "edit jira --oauth2-client 'My CI' --reset-secret --yes -o json";

fn registered() -> Env {
    let mut env = client_env();
    let out = env.applink(CREATE_CLIENT).expect(0);
    assert_no_secret_leaks(&mut env, &[&out]);
    env.world.clear_requests();
    env
}

#[test]
fn a_failed_registration_leaves_nothing() {
    for (fault, code) in [
        (Fault::status(403), 4),
        (Fault::status(400), 1),
        (Fault::status(500), 5),
        (Fault::refuse(), 5),
    ] {
        let env = client_env();
        let before = snapshot(&env.world);
        let app = env.world.app("jira");
        app.fault(fault.clone().method("POST"));
        let out = env.applink(CREATE_CLIENT);
        let case = format!("{fault:?}: {}", out.transcript());
        assert_eq!(out.code, code, "{case}");
        assert_eq!(out.json()["changed"], false, "{case}");
        assert_eq!(snapshot(&env.world), before, "{case}");
        assert!(!env.has_journal() && !secret_path(&env).exists(), "{case}");
        assert!(!env.state().contains("oauth2"), "{case}");
    }
}

/// Carried out, and its answer lost: it is looked for, and its secret asked for, in the same run.
#[test]
fn a_registration_without_a_response_is_found_and_completed() {
    for tells in [true, false] {
        for fault in [Fault::reset_after(), Fault::status_after(500)] {
            let mut env = client_env();
            let app = env.world.app("jira");
            app.configure(|settings| settings.oauth2_returns_secret = tells);
            app.fault(fault.method("POST"));
            let out = env.applink(CREATE_CLIENT).expect(0);
            assert_eq!(clients(&env).len(), 1);
            assert_secret_stored(&env);
            let json = out.json();
            assert_eq!(json["changed"], true);
            assert_eq!(
                json["oauth2_client"]["client_id"],
                clients(&env)[0]["client_id"]
            );
            let written = writes(&env.world);
            let posts = written.iter().filter(|one| one.starts_with("POST"));
            assert_eq!(posts.count(), 1, "{written:?}");
            assert!(!env.has_journal());
            assert_no_secret_leaks(&mut env, &[&out]);
        }
    }
}

/// The client is there, and its secret is not to be had: that is said, and what leads on does.
#[test]
fn an_unavailable_secret_is_reported_and_recovered_by_resume() {
    for undo in [false, true] {
        let mut env = client_env();
        let before = snapshot(&env.world);
        let app = env.world.app("jira").clone();
        app.configure(|settings| settings.oauth2_returns_secret = false);
        app.fault(Fault::reset_after().method("POST"));
        app.fault(Fault::status(500).method("PUT"));
        let out = env.applink(CREATE_CLIENT).expect(3);
        assert_eq!(out.json()["partial"], true);
        let detail = out.json()["steps"][0]["detail"].to_string();
        assert!(detail.contains("a part of it is done"), "{detail}");
        for words in [
            "could not be had",
            "applink resume",
            "applink resume --undo",
        ] {
            assert!(out.says(words), "{}", out.transcript());
        }
        assert_eq!(clients(&env).len(), 1);
        app.clear_faults();
        let on = if undo {
            "resume --undo -o json"
        } else {
            "resume -o json"
        };
        let resumed = env.applink(on).expect(0);
        if undo {
            assert_eq!(snapshot(&env.world), before);
            assert!(!secret_path(&env).exists());
        } else {
            assert_secret_stored(&env);
        }
        assert!(!env.has_journal());
        assert_no_secret_leaks(&mut env, &[&out, &resumed]);
    }
}

/// Whatever the application answers, the file goes with the client and not before.
#[test]
fn the_secret_file_is_deleted_only_with_the_client() {
    let line = "delete jira --oauth2-client 'My CI' --yes -o json";
    for (fault, code) in [
        (own_404(), 1),
        (Fault::status(404), 5),
        (Fault::status(403), 4),
        (Fault::status(500), 5),
        (Fault::refuse(), 5),
        (Fault::status(200), 3),
        (Fault::status(204), 3),
    ] {
        let mut env = registered();
        let before = (snapshot(&env.world), env.state());
        let app = env.world.app("jira").clone();
        app.fault(fault.clone().method("DELETE"));
        let out = env.applink(line);
        let case = format!("{fault:?}: {}", out.transcript());
        assert_eq!(out.code, code, "{case}");
        assert_eq!(out.json()["changed"], code == 3, "{case}");
        assert_eq!(env.has_journal(), code == 3, "{case}");
        assert_eq!((snapshot(&env.world), env.state()), before, "{case}");
        assert_secret_stored(&env);
        if code == 1 {
            assert!(out.says("lists it"), "{case}");
        }
        app.clear_faults();
        env.applink(line).expect(0);
        assert!(
            clients(&env).is_empty() && !secret_path(&env).exists(),
            "{case}"
        );
        assert_no_secret_leaks(&mut env, &[&out]);
    }
}

/// A secret that cannot be kept is the secret of no client.
#[test]
fn an_unwritable_secret_file_prevents_the_registration() {
    let env = client_env();
    let before = snapshot(&env.world);
    let directory = env.path("work/locked");
    fs::create_dir(&directory).unwrap();
    fs::set_permissions(&directory, fs::Permissions::from_mode(0o777)).unwrap();
    for file in ["locked/secret", "nowhere/secret"] {
        let out = env.applink(&format!("{CREATE_CLIENT} --secret-file {file}"));
        assert!(matches!(out.code, 1 | 4), "{}", out.transcript());
        assert_eq!(snapshot(&env.world), before);
        assert!(writes(&env.world).is_empty() && !env.has_journal());
    }
}

#[test]
fn a_killed_registration_is_resumed_or_undone() {
    for fault in [Fault::delay(LONG), Fault::stall_after(0)] {
        for undo in [false, true] {
            for tells in [true, false] {
                let mut env = client_env();
                let before = snapshot(&env.world);
                let app = env.world.app("jira").clone();
                app.configure(|settings| settings.oauth2_returns_secret = tells);
                app.fault(fault.clone().method("POST"));
                let mut child = env.start(CREATE_CLIENT);
                let done = format!("{fault:?}").contains("tall");
                let there = env.world.wait_for_requests(LONG, |requests| {
                    count_writes(requests) == 1
                        && (!done || requests.iter().all(|one| one.status.is_some()))
                });
                assert!(there);
                child.kill().unwrap();
                let killed = env.wait(child);
                app.clear_faults();
                assert_eq!(clients(&env).len(), usize::from(done));
                let line = if undo {
                    "resume --undo -o json"
                } else {
                    "resume -o json"
                };
                let out = env.applink(line);
                let case = format!("{fault:?} {undo} {tells}: {}", out.transcript());
                assert_eq!(out.code, 0, "{case}");
                assert!(!env.has_journal(), "{case}");
                if undo {
                    assert_eq!(snapshot(&env.world), before, "{case}");
                    assert!(!env.state().contains("oauth2"), "{case}");
                    assert!(!secret_path(&env).exists(), "{case}");
                } else {
                    assert_secret_stored(&env);
                    assert_eq!(clients(&env).len(), 1, "{case}");
                    assert!(env.state().contains("[[oauth2-clients]]"), "{case}");
                }
                assert_no_secret_leaks(&mut env, &[&killed, &out]);
            }
        }
    }
}

/// The same command goes on with it too, and another one is refused.
#[test]
fn the_same_command_resumes_and_another_is_refused() {
    let mut env = client_env();
    let app = env.world.app("jira").clone();
    app.fault(Fault::stall_after(0).method("POST"));
    let mut child = env.start(CREATE_CLIENT);
    let there = env.world.wait_for_requests(LONG, |requests| {
        count_writes(requests) == 1 && requests.iter().all(|one| one.status.is_some())
    });
    assert!(there);
    child.kill().unwrap();
    let killed = env.wait(child);
    app.clear_faults();
    env.applink("delete {jira} --oauth2-client 'My CI' --yes")
        .expect(1);
    let rows = env.applink("list {jira} -o json").expect(0).json();
    assert_eq!(rows["oauth2_clients"][0]["state"], "unfinished");
    let out = env.applink(CREATE_CLIENT).expect(0);
    assert_secret_stored(&env);
    assert_no_secret_leaks(&mut env, &[&killed, &out]);
}

#[test]
fn a_failed_edit_changes_nothing() {
    let line = "edit jira --oauth2-client 'My CI' --scope READ -o json";
    for (fault, code) in [(Fault::status(403), 4), (Fault::status(500), 5)] {
        let env = registered();
        let before = (snapshot(&env.world), env.state());
        env.world.app("jira").fault(fault.method("PUT"));
        let out = env.applink(line).expect(code);
        assert_eq!(out.json()["changed"], false);
        assert_eq!((snapshot(&env.world), env.state()), before);
    }
    let env = registered();
    let fault = Fault::reset_after().method("PUT");
    env.world.app("jira").fault(fault);
    env.applink(line).expect(0);
    assert_eq!(clients(&env)[0]["scope"], "READ");
    assert_secret_stored(&env);
}

/// A client that has another name now is not gone, and neither is the use of its secret.
#[test]
fn a_renamed_client_is_not_deleted() {
    let env = registered();
    let before = (snapshot(&env.world), env.state());
    let app = env.world.app("jira");
    app.fault(Fault::poison_names("X").path("/latest/client"));
    let out = env
        .applink("delete jira --oauth2-client 'My CI' --yes -o json")
        .expect(1);
    assert!(out.says("is called"), "{}", out.transcript());
    assert_eq!((snapshot(&env.world), env.state()), before);
    assert_secret_stored(&env);
}

/// The old secret may be gone when nobody has the new one: that is said, and made good.
#[test]
fn a_failed_secret_reset_is_reported_and_recovered() {
    let mut env = registered();
    let before = (snapshot(&env.world), env.state());
    let app = env.world.app("jira").clone();
    app.fault(Fault::status(403).method("PUT"));
    let out = env.applink(RESET).expect(4);
    assert_eq!(out.json()["changed"], false);
    assert_eq!((snapshot(&env.world), env.state()), before);
    assert_secret_stored(&env);
    app.clear_faults();

    app.fault(Fault::reset_after().method("PUT"));
    let out = env.applink(RESET).expect(3);
    assert_eq!(out.json()["partial"], true);
    assert_no_secret_leaks(&mut env, &[&out]);
    let refused = env.applink("resume --undo -o json");
    assert_ne!(refused.code, 0, "{}", refused.transcript());
    app.clear_faults();
    let out = env.applink("resume -o json").expect(0);
    assert_secret_stored(&env);
    assert!(!env.has_journal());
    assert_no_secret_leaks(&mut env, &[&out]);
}

#[test]
fn a_killed_secret_reset_is_resumed() {
    for done in [false, true] {
        let mut env = registered();
        let app = env.world.app("jira").clone();
        let fault = if done {
            Fault::stall_after(0)
        } else {
            Fault::delay(LONG)
        };
        app.fault(fault.method("PUT"));
        let mut child = env.start(RESET);
        let there = env.world.wait_for_requests(LONG, |requests| {
            count_writes(requests) == 1
                && (!done || requests.iter().all(|one| one.status.is_some()))
        });
        assert!(there);
        child.kill().unwrap();
        let killed = env.wait(child);
        app.clear_faults();
        let out = env.applink("resume -o json").expect(0);
        assert_secret_stored(&env);
        assert_no_secret_leaks(&mut env, &[&killed, &out]);
    }
}

/// Killed when the new secret is in its file already: that is seen, with and without its being told.
#[test]
fn a_run_killed_after_storing_the_new_secret_is_complete() {
    for tells in [true, false] {
        let mut env = registered();
        let app = env.world.app("jira").clone();
        app.configure(|settings| settings.oauth2_returns_secret = tells);
        let old = clients(&env)[0]["secret"].clone();
        // The look without the account, the one for the plan, the one before the write.
        let back = Fault::delay(LONG).method("GET").path("/latest/client");
        app.fault(back.nth(4));
        let mut child = env.start(RESET);
        let there = env.world.wait_for_requests(LONG, |requests| {
            let looks = requests
                .iter()
                .filter(|one| one.method == "GET" && one.path.ends_with("/latest/client"));
            looks.count() == 4
        });
        assert!(there);
        child.kill().unwrap();
        let killed = env.wait(child);
        app.clear_faults();
        assert_secret_stored(&env);
        assert_ne!(clients(&env)[0]["secret"], old);
        let refused = env.applink("resume --undo -o json").expect(1);
        assert!(
            refused.says("cannot be taken back"),
            "{}",
            refused.transcript()
        );
        env.world.clear_requests();
        let out = env.applink("resume -o json").expect(0);
        assert!(writes(&env.world).is_empty(), "{}", out.transcript());
        assert_eq!(out.json()["changed"], true);
        assert_secret_stored(&env);
        assert!(!env.has_journal());
        assert_no_secret_leaks(&mut env, &[&killed, &refused, &out]);
    }
}

#[test]
fn a_failed_delete_keeps_the_client_and_its_secret() {
    let line = "delete jira --oauth2-client 'My CI' --yes -o json";
    let env = registered();
    let before = (snapshot(&env.world), env.state());
    let app = env.world.app("jira");
    app.fault(Fault::status(403).method("DELETE"));
    env.applink(line).expect(4);
    assert_eq!((snapshot(&env.world), env.state()), before);
    assert_secret_stored(&env);
    app.clear_faults();
    // Carried out, and its answer lost.
    app.fault(Fault::reset_after().method("DELETE"));
    env.applink(line).expect(0);
    assert!(clients(&env).is_empty() && !secret_path(&env).exists());
    assert!(!env.state().contains("oauth2") && !env.has_journal());
}
