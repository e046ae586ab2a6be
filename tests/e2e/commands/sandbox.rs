//! `applink sandbox`, as a script and as a person start it.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

fn start(args: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_applink"))
        .arg("sandbox")
        .args(args)
        .env_clear()
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Asks it to end; its exit code and what it said.
fn end(child: Child) -> (Option<i32>, String) {
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    (output.status.code(), said)
}

fn first_line(child: &mut Child) -> String {
    let mut line = String::new();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    stdout.read_line(&mut line).unwrap();
    line
}

/// The types and aliases that it serves.
fn served(args: &[&str]) -> Vec<(String, String)> {
    let mut child = start(args);
    let line = first_line(&mut child);
    let parsed: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(parsed["schema"], 1);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let apps: Vec<(String, String)> = parsed["sandbox"]
        .as_array()
        .unwrap()
        .iter()
        .map(|app| (text(&app["type"]), text(&app["alias"])))
        .collect();
    for app in parsed["sandbox"].as_array().unwrap() {
        let roles: Vec<&Value> = app["users"]
            .as_array()
            .unwrap()
            .iter()
            .map(|user| &user["role"])
            .collect();
        assert_eq!(roles, ["system-admin", "admin", "user"], "{line}");
        let url = url::Url::parse(app["url"].as_str().unwrap()).unwrap();
        assert!(matches!(url.host_str(), Some("127.0.0.1" | "localhost")));
    }
    assert_eq!(end(child), (Some(0), String::new()));
    apps
}

#[test]
fn the_default_is_one_jira_and_one_confluence() {
    let pairs = [("jira", "jira"), ("confluence", "confluence")];
    let pairs = pairs.map(|(of_type, alias)| (of_type.to_owned(), alias.to_owned()));
    assert_eq!(served(&["-o", "json"]), pairs);
}

#[test]
fn the_requested_applications_are_served() {
    let args = ["--app", "bitbucket=code/scm", "--app", "jira", "-o", "json"];
    let pairs = [("stash", "code"), ("jira", "jira")];
    let pairs = pairs.map(|(of_type, alias)| (of_type.to_owned(), alias.to_owned()));
    assert_eq!(served(&args), pairs);
}

#[test]
fn the_first_line_says_that_it_is_a_simulation() {
    let mut child = start(&[]);
    let line = first_line(&mut child);
    assert!(line.contains("simulations"), "{line}");
    let (code, said) = end(child);
    assert_eq!((code, said.as_str()), (Some(0), ""));
}
