//! What applications say is data: it takes no more memory than is granted, steers no terminal, and
//! becomes no part of a command, a path, a document or a spreadsheet.

use std::fs;
use std::thread::sleep;
use std::time::{Duration, Instant};

use applink_sandbox::{Fault, OAuthFlags};

use crate::support::env::Env;
use crate::support::hostile_names::{HOSTILE, env_with_hostile_names};
use crate::support::worlds::{client_requests, pair};

/// Runs it, and tells how much memory it had at most, in KiB.
fn peak(env: &Env, line: &str) -> (crate::support::output::RunOutput, u64) {
    let mut child = env.start(line);
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait().unwrap().is_none() {
        let text = fs::read_to_string(&status).unwrap_or_default();
        let now = text
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:"))
            .and_then(|rest| rest.split_whitespace().next()?.parse().ok())
            .unwrap_or(0);
        peak = peak.max(now);
        sleep(Duration::from_millis(1));
    }
    (env.wait(child), peak)
}

#[test]
fn no_response_takes_more_than_64_mib_of_memory() {
    const MIB: u64 = 1024 * 1024;
    let env = Env::new(pair());
    let wiki = env.world.app("wiki");
    env.applink("app add wiki {wiki.url}").expect(0);
    let many = format!("[{}1]", "{\"a\":[]},".repeat(1_800_000));
    let mut no_text = b"<html><title>Maintenance</title>".to_vec();
    no_text.resize(16_000_000, 0xff);
    for more in ["", "-vv --log-file {home}/log"] {
        let line = format!("list wiki --timeout 20 {more}");
        wiki.clear_faults();
        let (_, small) = peak(&env, &line);
        for (name, fault) in [
            ("100 MB", Fault::big(100 * MIB)),
            ("endless", Fault::endless()),
            ("gzip bomb", Fault::gzip_bomb(1024 * MIB)),
            (
                "many values",
                Fault::status(200).body("application/json", many.clone()),
            ),
            (
                "many values in a refusal",
                Fault::status(400).body("application/json", many.clone()),
            ),
            (
                "many values in a failure",
                Fault::status(500).body("application/json", many.clone()),
            ),
            (
                "a page that is no text",
                Fault::status(200).body("text/html", no_text.clone()),
            ),
        ] {
            wiki.clear_faults();
            wiki.fault(fault);
            let started = Instant::now();
            let (out, large) = peak(&env, &line);
            let grown = large.saturating_sub(small) / 1024;
            let code = if name.ends_with("refusal") { 1 } else { 5 };
            assert_eq!(out.code, code, "{name}: {}", out.transcript());
            assert!(started.elapsed() < Duration::from_secs(25), "{name}");
            assert!(
                grown < 64,
                "{name}: {grown} MiB more than for a small answer"
            );
        }
    }
}

fn harmless(what: &str, text: &str) {
    for c in text.chars() {
        let steers = (c.is_control() && c != '\n' && c != '\t')
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200b}' | '\u{e0041}');
        assert!(!steers, "{what}: {c:?} in {text}");
    }
    assert!(!text.contains("\nerror: all is well"), "{what}: {text}");
}

#[test]
fn names_cannot_control_the_terminal() {
    let env = env_with_hostile_names();
    for line in [
        "app add jira {jira.url}",
        "app add wiki {wiki.url}",
        "list",
        "list -o json",
        "list -o csv",
        "list --cached",
        "list -vv --log-file {home}/log",
        "list --graph dot",
        "list --graph mermaid",
        "list --graph svg",
        "verify",
        "verify -vv",
        "verify -o json",
        "verify --report {home}/report.md",
        "verify --report {home}/report.html",
        "verify --report {home}/report.json",
        "edit jira wiki --auth impersonation --yes --dry-run",
        "edit jira wiki --auth impersonation --yes",
        "relocate wiki {wiki.url} --dry-run --yes",
        "create jira wiki",
        "delete jira wiki --yes --dry-run",
        "app list",
        "app show wiki",
    ] {
        let out = env.applink(line);
        // RFC 4180 ends lines so.
        harmless(line, &out.stdout.replace("\r\n", "\n"));
        harmless(line, &out.stderr);
        assert!(!env.path("work/pwned").exists());
        if line.ends_with("csv") {
            for cell in out.stdout.split([',', '\n']) {
                assert!(
                    !cell.trim_matches('"').starts_with(['=', '+', '@']),
                    "{line}: {cell}"
                );
            }
        }
    }
    for name in ["log", "report.md", "report.html", "report.json"] {
        let text = fs::read_to_string(env.path(name)).unwrap();
        harmless(name, &text);
        let raw = text.contains("<script>alert") && name != "log" && name != "report.json";
        assert!(!raw, "{name}");
    }
    // What is stored comes back as one value of one table.
    let state: toml::Table = env.state().parse().unwrap();
    assert_eq!(state["applications"].as_table().unwrap().len(), 2);
    let home = env.path("");
    for path in env.files().into_keys() {
        let name = path.strip_prefix(&home).unwrap().display().to_string();
        assert!(name.is_ascii() && !name.contains("script"), "{name}");
    }
}

#[test]
fn names_are_not_part_of_suggested_commands() {
    let env = env_with_hostile_names();
    env.add_all();
    let (jira, wiki) = (env.world.app("jira").clone(), env.world.app("wiki").clone());
    jira.set_incoming(&wiki.id(), OAuthFlags::default(), &wiki);
    let out = env.applink("verify -o json");
    let verdict = out.json();
    let fixes = verdict["links"][0]["fix"].as_array().unwrap();
    assert!(!fixes.is_empty(), "{}", out.transcript());
    for fix in fixes {
        let argv: Vec<String> = serde_json::from_value(fix["argv"].clone()).unwrap();
        for word in &argv {
            assert!(
                !word.contains("touch") && !word.contains('\u{1b}'),
                "{word}"
            );
        }
        assert_eq!(shlex::split(fix["command"].as_str().unwrap()), Some(argv));
    }
}

#[test]
fn error_messages_cannot_control_the_terminal() {
    let env = env_with_hostile_names();
    env.add_all();
    let wiki = env.world.app("wiki");
    let message = serde_json::json!({ "message": HOSTILE, "status-code": 400 }).to_string();
    let page = format!("<html><title>{HOSTILE}</title></html>");
    for fault in [
        Fault::status(400).body("application/json", message.clone()),
        Fault::status(500).body("application/json", message.clone()),
        Fault::status(403).body("application/json", message),
        Fault::status(200).body("text/html", page.clone()),
        Fault::status(502).body("text/html", page),
        Fault::status(200).body("application/json", format!("{{\"a\": {HOSTILE}}}")),
        Fault::redirect("https://x.example/%1b]0;owned%07?a=\u{9b}31m"),
    ] {
        wiki.clear_faults();
        wiki.fault(fault);
        for line in [
            "list",
            "list -o json",
            "verify -vv --log-file {home}/log",
            "edit jira wiki --name X",
            "delete jira wiki --yes --dry-run",
        ] {
            let out = env.applink(line);
            harmless(line, &out.stdout);
            harmless(line, &out.stderr);
        }
    }
    harmless("log", &fs::read_to_string(env.path("log")).unwrap());
    assert!(
        client_requests(&env.world)
            .iter()
            .all(|request| !request.is_write() || request.app == "jira")
    );
}
