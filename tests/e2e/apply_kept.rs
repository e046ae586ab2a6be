//! `applink plan --out PLAN` and `applink apply PLAN`.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use applink_sandbox::OAuthFlags;
use serde_json::Value;

use crate::apply::{file, three, wanted};
use crate::env::Env;
use crate::estate::{both, levels, link, snapshot, writes};

/// A link to be changed and one to be made, kept in a plan.
fn kept() -> Env {
    let env = Env::new(three());
    link(
        env.world.app("jira"),
        env.world.app("wiki"),
        OAuthFlags::OAUTH,
    );
    file(
        &env,
        &[
            wanted("jira", "wiki", "names = { jira = \"Handbook\" }"),
            wanted("jira", "code", ""),
        ]
        .concat(),
    );
    env.applink("plan links.toml --out kept.plan").expect(0);
    env.world.clear_requests();
    env
}

#[test]
fn a_kept_plan_is_carried_out_as_it_was_made() {
    let env = kept();
    let path = env.path("work/kept.plan");
    let mode = fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o7777, 0o600);
    // The file may say something else by now.
    file(&env, "");
    let shown = env.applink("apply kept.plan --dry-run").expect(0);
    assert!(
        shown
            .stdout
            .contains("1 to create, 1 to change, 0 to delete")
    );
    assert!(writes(&env.world).is_empty());
    let out = env.applink("apply kept.plan -o json").expect(0);
    assert_eq!(out.json()["changed"], true);
    let [jira, wiki, code] = ["jira", "wiki", "code"].map(|alias| env.world.app(alias));
    assert_eq!(jira.link(&wiki.id()).unwrap().name, "Handbook");
    assert_eq!(levels(code, jira), both("oauth"));
    // A second time the world is another one.
    env.applink("apply kept.plan")
        .expect(1)
        .expect_says("the world has moved on");
}

#[test]
fn a_plan_that_the_world_overtook_is_refused() {
    type Change = fn(&Env);
    let changes: [(&str, Change); 6] = [
        (
            "the consumer of the link \"Confluence\" on jira was",
            |env| {
                let [jira, wiki] = ["jira", "wiki"].map(|alias| env.world.app(alias));
                let mut consumer = jira.consumers().remove(0);
                consumer.key = "another".to_owned();
                jira.add_consumer(&wiki.id(), consumer);
            },
        ),
        ("the name of the link \"Confluence\" on jira was", |env| {
            let wiki = env.world.app("wiki").id();
            env.world
                .app("jira")
                .edit_link(&wiki, |link| link.name = "Mine".to_owned());
        }),
        (
            "the outgoing level of the link \"Confluence\" on jira was \"oauth\" and is \"none\"",
            |env| {
                let wiki = env.world.app("wiki").id();
                env.world.app("jira").set_outgoing(&wiki, OAuthFlags::NONE);
            },
        ),
        ("the display URL of the link", |env| {
            let wiki = env.world.app("wiki").id();
            env.world.app("jira").edit_link(&wiki, |link| {
                "https://x.example".clone_into(&mut link.display_url);
            });
        }),
        ("the link \"Confluence\" on jira is gone", |env| {
            let wiki = env.world.app("wiki").id();
            env.world.app("jira").remove_link(&wiki);
        }),
        ("code has a link \"Jira\" now", |env| {
            env.world.app("code").add_link_to(env.world.app("jira"));
        }),
    ];
    for (said, change) in changes {
        let env = kept();
        change(&env);
        let before = snapshot(&env.world);
        let out = env.applink("apply kept.plan -o json").expect(1);
        assert!(
            out.says(&said.replace('"', "\\\"")),
            "{said}: {}",
            out.shown()
        );
        assert_eq!(out.error()["kind"], "conflict");
        assert!(writes(&env.world).is_empty());
        assert_eq!(snapshot(&env.world), before);
    }
}

#[test]
fn a_plan_that_was_edited_or_is_of_another_version_is_refused() {
    let env = kept();
    let path = env.path("work/kept.plan");
    let text = fs::read_to_string(&path).unwrap();
    let refused = |text: &str, said: &str| {
        fs::write(&path, text).unwrap();
        let out = env.applink("apply kept.plan").expect(1);
        assert!(out.says(said), "{}", out.shown());
    };
    refused(
        &text.replace("Handbook", "Handbuch"),
        "was edited since it was made",
    );
    refused(
        &text.replace("\"applink_plan\": 2", "\"applink_plan\": 3"),
        "from a newer applink",
    );
    refused(
        &text.replace("\"applink_plan\": 2", "\"applink_plan\": 1"),
        "is of version 1, from an older applink",
    );
    refused("{}", "is no plan of applink");
    refused(&text[..text.len() / 2], "is no plan of applink");
    fs::write(&path, &text).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o666)).unwrap();
    env.applink("apply kept.plan")
        .expect(1)
        .expect_says("can be written by others");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    env.applink("apply kept.plan --prune").expect(2);
    env.applink("plan kept.plan")
        .expect(2)
        .expect_says("applink apply PLAN --dry-run");
    assert!(writes(&env.world).is_empty());
    // Written differently, it still says the same.
    let value: Value = serde_json::from_str(&text).unwrap();
    fs::write(&path, serde_json::to_string(&value).unwrap()).unwrap();
    env.applink("apply kept.plan").expect(0);
}

#[test]
fn a_plan_belongs_to_its_state() {
    let mut env = Env::new(three());
    env.add_all();
    file(&env, &wanted("jira", "wiki", ""));
    env.applink("plan links.toml --out kept.plan").expect(0);
    let other = env.path("state/other.toml");
    env.applink(&format!(
        "--state {} app add jira {{jira.url}}",
        other.display()
    ))
    .expect(0);
    let out = env
        .applink(&format!("--state {} apply kept.plan", other.display()))
        .expect(1);
    assert!(out.says("from another state"), "{}", out.shown());
    env.applink("app remove wiki --yes").expect(0);
    env.set("APPLINK_STATE", env.state_path());
    env.applink("apply kept.plan").expect(0);
}
