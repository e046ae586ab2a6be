//! `applink plan --out PLAN` and `applink apply PLAN`.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use applink_sandbox::OAuthFlags;
use serde_json::Value;

use crate::support::env::Env;
use crate::support::plan_files::{link_table, three_apps, write_plan_file};
use crate::support::worlds::{levels, link, pair, same_level, snapshot, writes};

/// A link to be changed and one to be made, kept in a plan.
fn env_with_saved_plan() -> Env {
    let env = Env::new(three_apps());
    link(
        env.world.app("jira"),
        env.world.app("wiki"),
        OAuthFlags::OAUTH,
    );
    write_plan_file(
        &env,
        &[
            link_table("jira", "wiki", "names = { jira = \"Handbook\" }"),
            link_table("jira", "code", ""),
        ]
        .concat(),
    );
    env.applink("plan links.toml --out kept.plan").expect(0);
    env.world.clear_requests();
    env
}

#[test]
fn a_saved_plan_is_applied_as_saved() {
    let env = env_with_saved_plan();
    let path = env.path("work/kept.plan");
    let mode = fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o7777, 0o600);
    // The file may say something else by now.
    write_plan_file(&env, "");
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
    assert_eq!(levels(code, jira), same_level("oauth"));
    // A second time the world is another one.
    env.applink("apply kept.plan")
        .expect(1)
        .expect_says("the world has moved on");
}

#[test]
fn a_stale_plan_is_refused() {
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
        let env = env_with_saved_plan();
        change(&env);
        let before = snapshot(&env.world);
        let out = env.applink("apply kept.plan -o json").expect(1);
        assert!(
            out.says(&said.replace('"', "\\\"")),
            "{said}: {}",
            out.transcript()
        );
        assert_eq!(out.error()["kind"], "conflict");
        assert!(writes(&env.world).is_empty());
        assert_eq!(snapshot(&env.world), before);
    }
}

#[test]
fn an_edited_plan_or_one_of_another_version_is_refused() {
    let env = env_with_saved_plan();
    let path = env.path("work/kept.plan");
    let text = fs::read_to_string(&path).unwrap();
    let refused = |text: &str, said: &str| {
        fs::write(&path, text).unwrap();
        let out = env.applink("apply kept.plan").expect(1);
        assert!(out.says(said), "{}", out.transcript());
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
fn a_plan_made_with_another_state_is_refused() {
    let mut env = Env::new(three_apps());
    env.add_all();
    write_plan_file(&env, &link_table("jira", "wiki", ""));
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
    assert!(out.says("from another state"), "{}", out.transcript());
    env.applink("app remove wiki --yes").expect(0);
    env.set("APPLINK_STATE", env.state_path());
    env.applink("apply kept.plan").expect(0);
}

#[test]
fn a_malformed_file_is_not_called_a_saved_plan() {
    let env = Env::new(pair());
    env.write("work/links.toml", "{{ links }}\n", 0o644);
    for line in ["plan links.toml", "apply links.toml --yes"] {
        let out = env.applink(line).expect(2);
        assert!(!out.says("plan that was kept"), "{}", out.transcript());
        assert!(out.says("links.toml"), "{}", out.transcript());
    }
}

#[test]
fn out_never_overwrites_a_file_that_is_not_a_plan() {
    let env = Env::linked();
    let text = env.applink("export").expect(0).stdout;
    let links = env.write("links.toml", &text, 0o600);
    let out = env
        .applink(&format!("plan {0} --out {0}", links.display()))
        .expect(1);
    assert!(out.says("is no plan of applink"), "{}", out.transcript());
    assert_eq!(std::fs::read_to_string(&links).unwrap(), text);

    for (ending, other) in [("md", "# Notes\n"), ("html", "<p>notes"), ("json", "{}")] {
        let name = format!("notes.{ending}");
        let notes = env.write(&name, other, 0o600);
        let line = format!("verify --report {}", notes.display());
        env.world.clear_requests();
        let out = env.applink(&line).expect(1);
        assert!(out.says("is no report of applink"), "{}", out.transcript());
        assert_eq!(std::fs::read_to_string(&notes).unwrap(), other);
        assert_eq!(writes(&env.world), Vec::<String>::new());
        // What it wrote itself it writes again, and an empty file is nobody's work.
        std::fs::write(&notes, "").unwrap();
        env.applink(&line).expect(0);
        env.applink(&line).expect(0);
    }
    let plan = env.path("a.plan");
    for _ in 0..2 {
        env.applink(&format!(
            "plan {} --out {}",
            links.display(),
            plan.display()
        ))
        .expect(0);
    }
    let out = env
        .applink(&format!("plan {} --out /dev/null", links.display()))
        .expect(1);
    assert!(out.says("is no regular file"), "{}", out.transcript());
}
