//! `applink plan -` and `applink apply -`: the file comes through standard input.

use std::io::Write as _;
use std::process::Stdio;

use applink_sandbox::{Exchange, OAuthFlags};

use crate::support::env::Env;
use crate::support::output::RunOutput;
use crate::support::plan_files::{link_table, three_apps, write_plan_file};
use crate::support::worlds::{client_requests, levels, link, same_level, writes};

/// Runs the program with a text on standard input.
#[track_caller]
fn reading(env: &Env, line: &str, input: &[u8]) -> RunOutput {
    let mut child = env.command(line).stdin(Stdio::piped()).spawn().unwrap();
    // It may be refused before anything is read.
    let _ = child.stdin.take().unwrap().write_all(input);
    env.wait(child)
}

fn text(env: &Env) -> Vec<u8> {
    std::fs::read(env.path("work/links.toml")).unwrap()
}

#[test]
fn an_export_can_be_piped_into_plan_and_apply() {
    let env = Env::new(three_apps());
    env.add_all();
    let (jira, wiki) = (env.world.app("jira"), env.world.app("wiki"));
    link(jira, wiki, OAuthFlags::IMPERSONATION);
    let exported = env.applink("export").expect(0).stdout;
    let out = reading(&env, "plan - --check", exported.as_bytes()).expect(0);
    assert_eq!(out.stdout, "no changes: all is as the file says\n");
    jira.set_outgoing(&wiki.id(), OAuthFlags::NONE);
    reading(&env, "plan - --check", exported.as_bytes()).expect(8);
    // A plan can be kept, too.
    reading(&env, "plan - --out kept.plan", exported.as_bytes()).expect(0);
    let kept = std::fs::read(env.path("work/kept.plan")).unwrap();
    let out = reading(&env, "apply - --dry-run", &kept).expect(0);
    assert!(out.stdout.contains("1 to change"), "{}", out.transcript());
    reading(&env, "apply - --yes", &kept).expect(0);
    assert_eq!(levels(jira, wiki), same_level("impersonation"));
}

#[test]
fn apply_from_stdin_requires_yes_or_dry_run() {
    let env = Env::new(three_apps());
    write_plan_file(&env, &link_table("jira", "wiki", ""));
    let text = text(&env);
    let out = reading(&env, "apply -", &text).expect(2);
    assert!(
        out.says("--yes") && out.says("--dry-run"),
        "{}",
        out.transcript()
    );
    assert!(client_requests(&env.world).is_empty());
    let out = reading(&env, "apply - --dry-run", &text).expect(0);
    assert!(out.stdout.contains("1 to create"), "{}", out.transcript());
    assert!(writes(&env.world).is_empty());
    reading(&env, "apply - --yes", &text).expect(0);
    let (jira, wiki) = (env.world.app("jira"), env.world.app("wiki"));
    assert_eq!(levels(jira, wiki), same_level("oauth"));
    let out = reading(&env, "apply - --yes -o json", &text).expect(0);
    assert_eq!(out.json()["changed"], false);
}

#[test]
fn errors_name_the_line_of_standard_input() {
    let env = Env::new(three_apps());
    for (input, said) in [
        (
            "version = 1\n[[links]]\nspeed = 1\n",
            "standard input:3:1: unknown field",
        ),
        (
            "version = 2\n",
            "standard input:1:11: the file is of version 2",
        ),
        ("", "standard input: "),
        ("{", "the plan from standard input is no plan of applink"),
    ] {
        let line = if input == "{" {
            "apply - --yes"
        } else {
            "plan -"
        };
        let out = reading(&env, line, input.as_bytes());
        assert!(out.code == 1 || out.code == 2, "{}", out.transcript());
        assert!(out.says(said), "{input:?}: {}", out.transcript());
    }
    // Keys are looked for where it runs.
    crate::support::consumers::write_key_pair(&env, "ci");
    write_plan_file(
        &env,
        "[[consumers]]\non = \"jira\"\nname = \"ci\"\npublic_key = \"ci.pub\"\n",
    );
    reading(&env, "apply - --yes", &text(&env)).expect(0);
    assert!(client_requests(&env.world).iter().any(Exchange::is_write));
}
