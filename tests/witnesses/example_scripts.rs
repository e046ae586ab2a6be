//! Examples that need programs beyond a shell.

use serde_json::Value;

use crate::need::Need;
use crate::support::env::Env;
use crate::support::output::RunOutput;
use crate::support::worlds::pair;
use crate::witness_test::{WitnessTest, witness_test};

pub(crate) fn tests() -> Vec<WitnessTest> {
    vec![
        witness_test!(the_download_script_checks_the_digest, needs: [Need::Program("curl")]),
        witness_test!(the_terraform_data_source_answers_queries, needs: [Need::Program("python3")]),
        witness_test!(the_playbook_creates_the_link_once, needs: [Need::Program("ansible-playbook")]),
    ]
}

/// What a pipeline without applink does first, from a place that a variable names.
fn the_download_script_checks_the_digest() {
    let mut env = Env::new(pair());
    // Not the tested program itself, which is too long to be read again and again.
    let program = env.write("program", "#!/bin/sh\necho applink 1\n", 0o644);
    let digest = applink_digest(&program);
    env.set("APPLINK_DOWNLOAD", format!("file://{}", program.display()));
    let install = |env: &Env| env.script("sh", "examples/ci/install.sh", &["bin"]);
    let out = install(&env);
    assert_ne!(out.code, 0, "{}", out.transcript());
    assert!(out.says("APPLINK_SHA256"), "{}", out.transcript());
    env.set("APPLINK_SHA256", "0".repeat(64));
    assert_ne!(install(&env).code, 0);
    assert!(!env.path("work/bin/applink").exists());
    env.set("APPLINK_SHA256", digest);
    let out = install(&env);
    assert_eq!(out.code, 0, "{}", out.transcript());
    assert!(out.says("applink 1"), "{}", out.transcript());
    assert!(env.path("work/bin/applink").exists());
}

fn applink_digest(path: &std::path::Path) -> String {
    let out = std::process::Command::new("sha256sum")
        .arg(path)
        .output()
        .unwrap();
    let text = String::from_utf8(out.stdout).unwrap();
    text.split_whitespace().next().unwrap().to_owned()
}

fn the_terraform_data_source_answers_queries() {
    let env = linked();
    let ask = |query: &str| {
        let out = env.script_reading(
            "python3",
            "examples/terraform/applink_external.py",
            &[],
            query,
        );
        assert_eq!(out.code, 0, "{}", out.transcript());
        serde_json::from_str::<Value>(&out.stdout).unwrap()
    };
    let query = r#"{"local": "jira", "remote": "wiki"}"#;
    let answer = ask(query);
    assert_eq!(answer["linked"], "true");
    assert_eq!(answer["status"], "ok");
    assert!(answer.as_object().unwrap().values().all(Value::is_string));
    env.world
        .app("wiki")
        .remove_link(&env.world.app("jira").id());
    assert_eq!(ask(query)["status"], "broken");
    env.world
        .app("jira")
        .remove_link(&env.world.app("wiki").id());
    let answer = ask(query);
    assert_eq!(answer["linked"], "false");
    assert_eq!(answer["status"], "missing");
}

fn the_playbook_creates_the_link_once() {
    let mut env = Env::new(pair());
    for alias in ["jira", "wiki"] {
        let url = env.world.app(alias).url();
        env.set(&crate::support::env::variable(alias, "URL"), url);
    }
    let play = |mode: &[&str]| {
        let mut args = vec!["examples/ansible/links.yml"];
        args.extend(mode);
        env.script("ansible-playbook", args[0], &args[1..])
    };
    let is_changed = |out: &RunOutput| out.says("changed=1");
    let out = play(&["--check"]);
    assert_eq!(out.code, 0, "{}", out.transcript());
    assert!(is_changed(&out), "{}", out.transcript());
    assert!(env.world.app("jira").links().is_empty());
    let out = play(&[]);
    assert_eq!(out.code, 0, "{}", out.transcript());
    assert!(is_changed(&out), "{}", out.transcript());
    assert_eq!(env.world.app("jira").links().len(), 1);
    for mode in [&["--check"][..], &[]] {
        let out = play(mode);
        assert!(!is_changed(&out), "{}", out.transcript());
    }
}

fn linked() -> Env {
    let env = Env::new(pair());
    env.applink("create {jira} {wiki}").expect(0);
    env
}
