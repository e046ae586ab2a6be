//! `applink relocate --from --to` when an application or a step fails.

use std::time::Duration;

use applink_sandbox::Fault;

use crate::support::relocation::{add_record, addresses, env_after_move};
use crate::support::worlds::{client_requests, count_writes, writes};

#[test]
fn an_unreachable_holder_is_updated_by_the_next_run() {
    let (env, old) = env_after_move();
    let new = env.world.app("wiki").url();
    let id = env.world.app("wiki").id();
    env.world.app("bamboo").stop();
    let line = format!("relocate --from {old} --to {new} --yes -o json");
    let out = env.applink(&line).expect(3);
    assert_eq!(out.steps(), ["jira relocate-link done"]);
    assert!(out.says("bamboo"));
    assert!(env.has_journal());
    env.world.app("bamboo").start().unwrap();
    env.world.clear_requests();
    let out = env.applink(&line).expect(0);
    assert_eq!(out.steps(), ["bamboo relocate-link done"]);
    assert_eq!(addresses(&env, "bamboo", &id).0, new);
    assert_eq!(writes(&env.world), ["POST bamboo 204"]);
    assert!(!env.has_journal());
}

#[test]
fn a_failed_step_does_not_stop_the_others_and_is_resumed() {
    for again in ["resume -o json", "again"] {
        let (env, old) = env_after_move();
        let new = env.world.app("wiki").url();
        let id = env.world.app("wiki").id();
        let bamboo = env.world.app("bamboo");
        bamboo.fault(Fault::status(503).path("/relocateApplicationlink/"));
        let line = format!("relocate --from {old} --to {new} --yes -o json");
        let out = env.applink(&line).expect(3);
        assert_eq!(
            out.steps(),
            ["bamboo relocate-link failed", "jira relocate-link done"]
        );
        assert!(env.has_journal());
        assert_eq!(addresses(&env, "jira", &id).0, new);
        bamboo.clear_faults();
        env.world.clear_requests();
        let line = if again == "again" {
            line.as_str()
        } else {
            again
        };
        let out = env.applink(line).expect(0);
        // The same command looks again at what there is to do.
        let all = ["bamboo relocate-link done", "jira relocate-link done"];
        let steps = if again == "again" {
            &all[..1]
        } else {
            &all[..]
        };
        assert_eq!(out.steps(), steps);
        assert_eq!(count_writes(&client_requests(&env.world)), 1);
        assert_eq!(addresses(&env, "bamboo", &id).0, new);
        assert!(!env.has_journal());
        env.applink("verify").expect(0);
    }
}

#[test]
fn a_killed_run_resumes_at_the_new_address() {
    let (env, old) = env_after_move();
    let new = env.world.app("wiki").url();
    let id = env.world.app("wiki").id();
    // Its own record of a program under the old address, which comes last.
    let program = add_record(&env, "wiki", 7, "generic", "Jenkins", &format!("{old}/ci"));
    let stalled = Fault::stall_after(0).path("/relocateApplicationlink/");
    env.world.app("wiki").fault(stalled);
    let line = format!("relocate --from {old} --to {new} --force --yes");
    let mut child = env.start(&line);
    let there = env
        .world
        .wait_for_requests(Duration::from_secs(60), |requests| {
            count_writes(requests) == 3 && requests.iter().all(|request| request.status.is_some())
        });
    assert!(there, "the third write did not come");
    child.kill().unwrap();
    let out = env.wait(child);
    assert_eq!(out.code, -9, "{}", out.transcript());
    // The state knows nothing of it yet; the journal does.
    assert!(env.has_journal() && env.state().contains(&format!("\"{old}\"")));
    env.world.app("wiki").clear_faults();
    env.world.clear_requests();
    let out = env.applink("resume -o json").expect(0);
    assert_eq!(
        out.steps(),
        [
            "bamboo relocate-link done",
            "jira relocate-link done",
            "wiki relocate-link done"
        ]
    );
    assert!(writes(&env.world).is_empty());
    assert_eq!(addresses(&env, "wiki", &program).0, format!("{new}/ci"));
    assert_eq!(addresses(&env, "jira", &id).0, new);
    assert!(env.state().contains(&format!("\"{new}\"")));
}

#[test]
fn a_permanently_refused_record_does_not_block_later_runs() {
    let (env, old) = env_after_move();
    let new = env.world.app("wiki").url();
    let id = env.world.app("wiki").id();
    let bamboo = env.world.app("bamboo");
    bamboo.fault(Fault::status(400).path("/relocateApplicationlink/"));
    let line = format!("relocate --from {old} --to {new} --yes -o json");
    env.applink(&line).expect(3);
    assert!(env.has_journal());
    // It can be gone on with, and fails again.
    env.applink("resume -o json").expect(3);
    assert!(env.has_journal());
    // Reading says so, and a dry run takes nothing away.
    env.applink("verify jira wiki")
        .expect(0)
        .expect_says("an earlier run is unfinished");
    env.applink("edit jira wiki --name Handbook --dry-run")
        .expect(0);
    assert!(env.has_journal());
    // Another change need not wait.
    let out = env.applink("edit jira wiki --name Handbook").expect(0);
    assert!(out.says("the same command again"), "{}", out.transcript());
    assert!(!env.has_journal());
    bamboo.clear_faults();
    let out = env.applink(&line).expect(0);
    assert_eq!(out.steps(), ["bamboo relocate-link done"]);
    assert_eq!(addresses(&env, "bamboo", &id).0, new);
}

#[test]
fn steps_not_yet_tried_stay_pending_after_a_kill() {
    let (env, old) = env_after_move();
    let new = env.world.app("wiki").url();
    let stalled = Fault::stall_after(0).path("/relocateApplicationlink/");
    env.world.app("jira").fault(stalled);
    let mut child = env.start(&format!("relocate --from {old} --to {new} --yes"));
    let there = env
        .world
        .wait_for_requests(Duration::from_secs(60), |requests| {
            count_writes(requests) == 2 && requests.iter().all(|request| request.status.is_some())
        });
    assert!(there, "the second write did not come");
    child.kill().unwrap();
    env.wait(child);
    env.world.app("jira").clear_faults();
    env.applink("edit jira wiki --name Handbook")
        .expect(1)
        .expect_says("applink resume");
    env.applink("resume").expect(0);
    env.applink("verify").expect(0);
}
