//! The scripts of `examples/`, run as they are written.

use std::io::Write as _;

use applink_sandbox::OAuthFlags;
use serde_json::Value;

use crate::env::Env;
use crate::estate::pair;

/// Whether a program that an example needs is here; its absence is said.
fn present(program: &str) -> bool {
    let found = std::process::Command::new(program)
        .arg("--version")
        .output()
        .is_ok();
    if !found {
        let _ = writeln!(std::io::stderr(), "not run: {program} is not here");
    }
    found
}

fn linked() -> Env {
    let env = Env::new(pair());
    env.applink("create {jira} {wiki}").expect(0);
    env
}

#[test]
fn every_night() {
    let mut env = linked();
    env.set("ALERT", "cat > alert.txt");
    let out = env.script("sh", "examples/nightly-verify.sh", &[]);
    assert_eq!((out.code, out.stdout.as_str()), (0, ""), "{}", out.shown());
    assert!(!env.path("work/alert.txt").exists());

    let id = env.world.app("wiki").id();
    env.world
        .app("jira")
        .set_outgoing(&id, OAuthFlags::IMPERSONATION);
    let out = env.script("sh", "examples/nightly-verify.sh", &[]);
    assert_eq!(out.code, 6, "{}", out.shown());
    let alert = std::fs::read_to_string(env.path("work/alert.txt")).unwrap();
    assert!(
        alert.starts_with("an application link is broken\n"),
        "{alert}"
    );
    assert!(alert.contains("AUTH_LEVEL_MISMATCH"), "{alert}");
    assert!(alert.contains("applink verify"), "{alert}");
    assert!(env.path("work/application-links.html").exists());

    env.world.app("wiki").stop();
    let out = env.script("sh", "examples/nightly-verify.sh", &[]);
    assert_eq!(out.code, 5, "{}", out.shown());
}

#[test]
fn a_jenkins() {
    let env = linked();
    let args = ["jira", "https://ci.example.com"];
    let out = env.script("sh", "examples/jenkins-consumer.sh", &args);
    assert_eq!(out.code, 0, "{}", out.shown());
    assert!(out.says("anonymous"), "{}", out.shown());
    let consumers = env.world.app("jira").consumers();
    assert!(
        consumers
            .iter()
            .any(|consumer| consumer.two_lo && consumer.name == "jenkins"),
        "{consumers:?}"
    );
    assert_eq!(
        env.script("sh", "examples/jenkins-consumer.sh", &[]).code,
        2
    );
}

#[test]
fn a_data_source_of_terraform() {
    if !present("python3") {
        return;
    }
    let env = linked();
    let ask = |query: &str| {
        let out = env.script_reading(
            "python3",
            "examples/terraform/applink_external.py",
            &[],
            query,
        );
        assert_eq!(out.code, 0, "{}", out.shown());
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
