//! `applink apply` when applications or single links fail.

use applink_sandbox::{Fault, World};
use serde_json::{Value, json};

use crate::support::env::Env;
use crate::support::plan_files::changes;
use crate::support::plan_files::{link_table, three_apps, write_plan_file};
use crate::support::worlds::{levels, same_level, snapshot, writes};

#[test]
fn a_failed_link_does_not_affect_the_other_links() {
    let env = Env::new(three_apps());
    let links = [
        link_table("jira", "wiki", ""),
        link_table("jira", "code", ""),
        link_table("wiki", "code", ""),
    ];
    write_plan_file(&env, &links.concat());
    // The level of the first link on code is refused: the second link of the file.
    let refuse = Fault::status(403).method("PUT").path("/oauth").times(1);
    env.world.app("code").fault(refuse);
    let out = env.applink("apply links.toml -o json").expect(3);
    let json = out.json();
    assert_eq!(
        (&json["changed"], &json["partial"]),
        (&json!(true), &json!(true))
    );
    let steps = out.steps();
    let of = |what: &str| steps.iter().filter(|step| step.ends_with(what)).count();
    assert_eq!(
        (of(" undone"), of(" failed"), of(" done")),
        (3, 1, 8),
        "{steps:?}"
    );
    // Nothing of it is left, and the others are whole.
    let [jira, wiki, code] = ["jira", "wiki", "code"].map(|alias| env.world.app(alias));
    assert!(jira.link(&code.id()).is_none() && code.link(&jira.id()).is_none());
    assert_eq!(levels(jira, wiki), same_level("oauth"));
    assert_eq!(levels(wiki, code), same_level("oauth"));
    let state = env.state();
    assert!(state.contains("between = [\"jira\", \"wiki\"]"), "{state}");
    assert!(!state.contains("between = [\"jira\", \"code\"]"), "{state}");
    assert_eq!(out.error()["kind"], "partial");
    let message = out.error()["message"].to_string();
    assert!(
        message.ends_with("left to do: linking jira and code\""),
        "{message}"
    );
    assert!(out.says("the same command again (applink apply FILE)"));
    assert!(out.says("applink resume"), "{}", out.transcript());
    // Nothing is half made: other changes need not wait, and the same command tries the rest.
    assert!(env.has_journal());
    let out = env.applink("edit jira wiki --name Handbook").expect(0);
    assert!(out.says("could not do all of it"), "{}", out.transcript());
    assert!(!env.has_journal());
    env.world.clear_requests();
    env.applink("apply links.toml").expect(0);
    assert_eq!(levels(jira, code), same_level("oauth"));
    assert_eq!(writes(&env.world).len(), 4);
    assert!(env.state().contains("between = [\"jira\", \"code\"]"));
    assert!(!env.has_journal());
}

#[test]
fn resume_retries_a_rolled_back_link_or_undoes_the_whole_run() {
    for back in [false, true] {
        let env = Env::new(three_apps());
        let links = [
            link_table("jira", "wiki", ""),
            link_table("jira", "code", ""),
        ];
        write_plan_file(&env, &links.concat());
        let count = |env: &Env| {
            let apps = env.world.apps();
            apps.iter().map(|app| app.links().len()).collect::<Vec<_>>()
        };
        let before = count(&env);
        let refuse = Fault::status(403).method("PUT").path("/oauth").times(1);
        env.world.app("code").fault(refuse);
        env.applink("apply links.toml").expect(3);
        if back {
            env.applink("resume --undo").expect(0);
            assert_eq!(count(&env), before);
        } else {
            env.applink("resume").expect(0);
            env.applink("plan links.toml --check").expect(0);
        }
        assert!(!env.has_journal());
    }
}

#[test]
fn a_half_configured_link_is_left_to_resume() {
    for back in [false, true] {
        let env = Env::new(three_apps());
        write_plan_file(
            &env,
            &[
                link_table("jira", "wiki", ""),
                link_table("jira", "code", ""),
            ]
            .concat(),
        );
        let before = snapshot(&env.world);
        // The level of the second link cannot be set, and what was made of it not be deleted.
        let code = env.world.app("code");
        code.fault(Fault::status(503).method("PUT").path("/oauth"));
        code.fault(Fault::status(503).method("DELETE"));
        let out = env.applink("apply links.toml -o json").expect(3);
        assert!(env.has_journal());
        assert!(out.says("applink resume"), "{}", out.transcript());
        env.applink("edit jira wiki --name Handbook")
            .expect(1)
            .expect_says("applink resume");
        code.clear_faults();
        if back {
            env.applink("resume --undo").expect(0);
            let bare = |world: &World| -> Vec<Value> {
                let all = snapshot(world);
                all.into_iter().map(|mut app| app["links"].take()).collect()
            };
            let links: Vec<Value> = before.iter().map(|app| app["links"].clone()).collect();
            assert_eq!(bare(&env.world), links);
            assert!(!env.state().contains("[[links]]"), "{}", env.state());
        } else {
            env.applink("apply links.toml").expect(0);
            assert_eq!(levels(env.world.app("jira"), code), same_level("oauth"));
            env.applink("plan links.toml --check").expect(0);
        }
        assert!(!env.has_journal());
    }
}

#[test]
fn an_application_that_fails_during_apply_affects_only_its_own_links() {
    let env = Env::new(three_apps());
    let links = [
        link_table("jira", "code", ""),
        link_table("jira", "wiki", ""),
        link_table("wiki", "code", ""),
    ];
    write_plan_file(&env, &links.concat());
    let code = env.world.app("code");
    code.fault(Fault::status(503).method("PUT"));
    let out = env.applink("apply links.toml -o json").expect(3);
    assert!(out.says("linking jira and code, linking wiki and code"));
    let [jira, wiki] = ["jira", "wiki"].map(|alias| env.world.app(alias));
    assert_eq!(levels(jira, wiki), same_level("oauth"));
    assert_eq!((jira.links().len(), wiki.links().len()), (1, 1));
    assert!(env.has_journal());
    // Nothing at all was changed: the cause decides.
    let out = env.applink("apply links.toml -o json").expect(5);
    assert_eq!(out.json()["changed"], false);
    assert!(!env.has_journal());
    env.applink("delete jira wiki --yes").expect(0);
    code.clear_faults();
    env.applink("apply links.toml").expect(0);
    env.applink("plan links.toml --check").expect(0);
}

#[test]
fn an_unreachable_application_affects_only_its_own_links() {
    let env = Env::new(three_apps());
    env.add_all();
    write_plan_file(
        &env,
        &[
            link_table("jira", "wiki", ""),
            link_table("jira", "code", ""),
        ]
        .concat(),
    );
    env.world.app("code").stop();
    let out = env
        .applink("plan links.toml -o json --out kept.plan")
        .expect(5);
    let planned = out.json();
    assert_eq!(changes(&planned), ["create -"]);
    assert_eq!(planned["errors"][0]["app"], "code");
    assert_eq!(planned["errors"][0]["kind"], "unreachable");
    assert!(out.says("kept.plan is not written"));
    assert!(!env.path("work/kept.plan").exists());
    let out = env.applink("apply links.toml -o json").expect(3);
    assert_eq!(out.json()["changed"], true);
    let (jira, wiki) = (env.world.app("jira"), env.world.app("wiki"));
    assert_eq!(levels(jira, wiki), same_level("oauth"));
    env.world.app("code").start().unwrap();
    env.applink("apply links.toml").expect(0);
    assert_eq!(levels(jira, env.world.app("code")), same_level("oauth"));
}
