//! Names of links: an application has each once, and numbers a new link whose name is taken.

use std::fs;

use applink_sandbox::{App, OAuthFlags, Product};
use insta::assert_snapshot;
use serde_json::json;

use crate::support::env::Env;
use crate::support::plan_files::{bitbucket, link_table, write_plan_file};
use crate::support::worlds::{jira, link, snapshot, wiki, world, writes};

/// A Jira, a Confluence and two Bitbuckets of one title; Jira is linked with the first of these.
fn estate() -> Env {
    let env = Env::new(world([
        jira(),
        wiki(),
        bitbucket(),
        App::new(Product::Bitbucket, "code-2"),
    ]));
    link(
        env.world.app("jira"),
        env.world.app("code"),
        OAuthFlags::OAUTH,
    );
    env
}

fn name(env: &Env, on: &str, of: &str) -> String {
    let link = env.world.app(on).link(&env.world.app(of).id());
    link.unwrap().name
}

#[test]
fn create_announces_a_numbered_automatic_name() {
    let env = estate();
    let before = snapshot(&env.world);
    for dry_run in ["--dry-run", ""] {
        let out = env
            .applink(&format!("create {{jira}} {{code-2}} {dry_run}"))
            .expect(0);
        let code = env.world.app("code").url();
        assert!(
            out.says(&format!(
                "the link to {code} has the name \"Bitbucket\" on jira already: the link to code-2 will be \"Bitbucket - 2\" there"
            )),
            "{}",
            out.transcript()
        );
        assert!(out.says("another name is chosen with --name NAME"));
        if !dry_run.is_empty() {
            assert_eq!(snapshot(&env.world), before);
        }
    }
    assert_eq!(name(&env, "jira", "code-2"), "Bitbucket - 2");
    // Once more: nothing is said, and nothing done.
    let out = env.applink("create jira code-2").expect(0);
    assert!(!out.says("has the name"), "{}", out.transcript());
    // At the other end the option is another one.
    let out = env.applink("create code-2 jira").expect(0);
    assert!(!out.says("has the name"), "{}", out.transcript());
    env.applink("delete jira code-2 --yes").expect(0);
    let out = env.applink("create code-2 jira --dry-run").expect(0);
    assert!(
        out.says("chosen with --remote-name NAME"),
        "{}",
        out.transcript()
    );
}

#[test]
fn create_announces_that_a_given_name_is_taken() {
    let env = estate();
    for (line, option) in [
        ("create {jira} {wiki} --name Bitbucket", "--name NAME"),
        (
            "create {wiki} {jira} --remote-name Bitbucket",
            "--remote-name NAME",
        ),
    ] {
        let out = env.applink(&format!("{line} --dry-run -o json")).expect(0);
        assert!(
            out.says("the link to wiki will be \"Bitbucket - 2\" there") && out.says(option),
            "{}",
            out.transcript()
        );
        let detail = out.json()["steps"].to_string();
        assert!(detail.contains("Bitbucket - 2"), "{detail}");
    }
    assert!(writes(&env.world).is_empty());
    let out = env
        .applink("create {jira} {wiki} --name Handbook")
        .expect(0);
    assert!(!out.says("will be"), "{}", out.transcript());
}

#[test]
fn a_file_without_names_leaves_them_to_the_applications() {
    let env = estate();
    write_plan_file(&env, &link_table("code-2", "jira", ""));
    let planned = env.applink("plan links.toml").expect(0);
    assert!(planned.stdout.contains("on jira: \"Bitbucket - 2\" at"));
    assert_snapshot!(planned.transcript(), @r#"
    exit 0
    --- stdout
    + code-2 and jira
        on code-2: "Jira" at http://jira.test/jira
        on jira: "Bitbucket - 2" at http://code-2.test
        calls from code-2: oauth
        calls from jira: oauth
    1 to create, 0 to change, 0 to delete
    --- stderr
    warning: the link to http://code.test has the name "Bitbucket" on jira already: the link to code-2 will be "Bitbucket - 2" there
    hint: choose another one in the file for code-2: names = { jira = "…" }
    "#);
    let json = env.applink("plan links.toml -o json").expect(0).json();
    assert_eq!(json["errors"], json!([]));
    assert!(
        json["warnings"][0]["hints"][0]
            .as_str()
            .unwrap()
            .contains("names = { jira =")
    );
    assert_eq!(json["changes"][0]["to"]["names"]["jira"], "Bitbucket - 2");
    let out = env.applink("apply links.toml").expect(0);
    assert!(
        out.says("will be \"Bitbucket - 2\" there"),
        "{}",
        out.transcript()
    );
    assert_eq!(name(&env, "jira", "code-2"), "Bitbucket - 2");
    let again = env.applink("plan links.toml --check").expect(0);
    assert!(!again.says("has the name"), "{}", again.transcript());
    // Once that name is free, who wants it says so.
    write_plan_file(
        &env,
        &link_table("code-2", "jira", "names = { jira = \"Bitbucket\" }"),
    );
    env.applink("plan links.toml --check")
        .expect(1)
        .expect_says("the link to code-2 cannot have it");
    env.world
        .app("jira")
        .remove_link(&env.world.app("code").id());
    env.applink("apply links.toml").expect(0);
    assert_eq!(name(&env, "jira", "code-2"), "Bitbucket");
}

#[test]
fn duplicate_names_in_a_file_are_refused() {
    let env = estate();
    let handbook = "names = { jira = \"Handbook\" }";
    write_plan_file(
        &env,
        &[
            link_table("jira", "wiki", handbook),
            link_table("jira", "code-2", handbook),
            link_table("wiki", "code", ""),
        ]
        .concat(),
    );
    let out = env.applink("plan links.toml").expect(1);
    assert!(
        out.says("the link to wiki gets the name \"Handbook\" on jira too: the link to code-2 cannot have it"),
        "{}",
        out.transcript()
    );
    assert!(out.says("choose another one in the file for code-2: names = { jira = \"…\" }"));
    env.applink("plan links.toml --out kept.plan").expect(1);
    assert!(!env.path("work/kept.plan").exists());
    // The others go on.
    let out = env.applink("apply links.toml -o json").expect(3);
    assert!(out.says("cannot have it"), "{}", out.transcript());
    let jira = env.world.app("jira");
    assert!(jira.link(&env.world.app("code-2").id()).is_none());
    assert_eq!(name(&env, "jira", "wiki"), "Handbook");
    assert!(!env.has_journal());
}

#[test]
fn a_name_is_reused_after_the_step_that_frees_it() {
    let env = estate();
    link(
        env.world.app("jira"),
        env.world.app("wiki"),
        OAuthFlags::OAUTH,
    );
    // The first line wants what the second gives up.
    write_plan_file(
        &env,
        &[
            link_table("jira", "wiki", "names = { jira = \"Bitbucket\" }"),
            link_table("jira", "code", "names = { jira = \"Code\" }"),
        ]
        .concat(),
    );
    env.applink("apply links.toml").expect(0);
    assert_eq!(name(&env, "jira", "wiki"), "Bitbucket");
    assert_eq!(name(&env, "jira", "code"), "Code");
    env.applink("plan links.toml --check").expect(0);
    // Names do not change places in one go.
    write_plan_file(
        &env,
        &[
            link_table("jira", "wiki", "names = { jira = \"Code\" }"),
            link_table("jira", "code", "names = { jira = \"Bitbucket\" }"),
        ]
        .concat(),
    );
    let before = snapshot(&env.world);
    let out = env.applink("apply links.toml").expect(1);
    assert!(out.says("go through a third one"), "{}", out.transcript());
    assert_eq!(snapshot(&env.world), before);
}

#[test]
fn the_name_of_a_deleted_link_can_be_reused() {
    let env = estate();
    let text = |rest: &str| {
        link_table(
            "jira",
            "code-2",
            &format!("names = {{ jira = \"Bitbucket\" }}\n{rest}"),
        )
    };
    write_plan_file(&env, &text(""));
    env.applink("plan links.toml").expect(1);
    env.applink("apply links.toml --prune --yes").expect(0);
    assert_eq!(name(&env, "jira", "code-2"), "Bitbucket");
    env.applink("plan links.toml --prune --check").expect(0);
}

#[test]
fn a_consumer_whose_name_is_taken_is_refused() {
    let env = estate();
    crate::support::consumers::write_key_pair(&env, "ci");
    write_plan_file(
        &env,
        "[[consumers]]\non = \"jira\"\nname = \"Bitbucket\"\npublic_key = \"ci.pub\"\n",
    );
    let out = env.applink("plan links.toml").expect(1);
    assert!(
        out.says("the program \"Bitbucket\" cannot have it"),
        "{}",
        out.transcript()
    );
}

#[test]
fn a_saved_plan_is_stale_when_its_name_was_taken_since() {
    let env = estate();
    env.add_all();
    write_plan_file(
        &env,
        &[
            link_table("jira", "wiki", "names = { jira = \"Handbook\" }"),
            link_table("jira", "code", "names = { jira = \"Code\" }"),
        ]
        .concat(),
    );
    env.applink("plan links.toml --out kept.plan").expect(0);
    let bytes = fs::read(env.path("work/kept.plan")).unwrap();
    let jira = env.world.app("jira");
    let other = jira.add_link_to(env.world.app("code-2"));
    for name in ["Handbook", "Code"] {
        jira.edit_link(&other, |link| name.clone_into(&mut link.name));
        env.applink("apply kept.plan")
            .expect(1)
            .expect_says(&format!(
                "the name \"{name}\" on jira belongs to another link"
            ));
    }
    assert!(writes(&env.world).is_empty());
    // Something else that moved is no reason.
    jira.edit_link(&other, |link| "Unrelated".clone_into(&mut link.name));
    assert_eq!(fs::read(env.path("work/kept.plan")).unwrap(), bytes);
    env.applink("apply kept.plan").expect(0);
}
