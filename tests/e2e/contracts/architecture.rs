//! The rooms of the program, and the one direction in which they may know each other.
//!
//! The compiler keeps the sandbox from knowing the client; this keeps the others. The text of
//! the sources is read: `use crate::room` and `crate::room::` count.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// What each room may know besides itself. `error` and `exit` are for all.
const MAY_KNOW: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("exit", &[]),
    ("error", &["domain", "exit"]),
    ("fs", &["domain", "exit"]),
    ("desired", &["domain", "error", "exit"]),
    ("plan", &["domain", "error", "exit", "fs", "desired"]),
    ("oauth", &["domain", "error", "exit", "fs"]),
    ("remote", &["domain", "error", "exit", "oauth"]),
    ("state", &["domain", "error", "exit", "fs", "credentials"]),
    ("credentials", &["domain", "error", "exit", "fs"]),
    ("diagnose", &["domain", "error", "exit"]),
    (
        "ui",
        &[
            "domain", "error", "exit", "fs", "oauth", "plan", "state", "diagnose",
        ],
    ),
    (
        "context",
        &[
            "domain",
            "error",
            "exit",
            "plan",
            "remote",
            "state",
            "credentials",
            "ui",
        ],
    ),
    ("interrupt", &["error", "exit", "credentials", "plan", "ui"]),
    (
        "resolve",
        &[
            "domain",
            "error",
            "exit",
            "plan",
            "remote",
            "state",
            "credentials",
            "ui",
            "context",
        ],
    ),
    (
        "observe",
        &[
            "domain",
            "error",
            "exit",
            "plan",
            "remote",
            "state",
            "credentials",
            "diagnose",
            "oauth",
            "ui",
            "context",
            "interrupt",
            "resolve",
            "desired",
            "apply",
            "cli",
        ],
    ),
    (
        "apply",
        &[
            "domain",
            "error",
            "exit",
            "fs",
            "plan",
            "remote",
            "state",
            "credentials",
            "diagnose",
            "oauth",
            "ui",
            "context",
            "interrupt",
            "resolve",
            "observe",
            "desired",
            "cli",
        ],
    ),
    (
        "cli",
        &[
            "apply",
            "observe",
            "resolve",
            "interrupt",
            "domain",
            "error",
            "exit",
            "fs",
            "plan",
            "remote",
            "state",
            "credentials",
            "diagnose",
            "oauth",
            "ui",
            "context",
            "desired",
        ],
    ),
];

fn sources(directory: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            found.push((path.display().to_string(), text));
        }
    }
}

/// The rooms that a source names, tests left out.
fn known(text: &str) -> BTreeSet<String> {
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    let mut rooms = BTreeSet::new();
    for (at, _) in text.match_indices("crate::") {
        let rest = &text[at + "crate::".len()..];
        let before = text[..at].chars().next_back();
        // `applink_crate::` and the like are other names.
        if before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let line = text[..at].rsplit('\n').next().unwrap_or_default();
        if line.trim_start().starts_with("//") {
            continue;
        }
        rooms.insert(
            rest.chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect(),
        );
    }
    rooms
}

#[test]
fn rooms_know_only_what_they_may() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let may: BTreeMap<&str, &[&str]> = MAY_KNOW.iter().copied().collect();
    let mut files = Vec::new();
    sources(&src, &mut files);
    let mut seen = BTreeSet::new();
    for (path, text) in files {
        let below = path
            .strip_prefix(&src.display().to_string())
            .unwrap()
            .trim_start_matches('/');
        let room = below.split(['/', '.']).next().unwrap();
        if below.ends_with("_tests.rs")
            || below.ends_with("tests.rs")
            || matches!(room, "main" | "lib")
        {
            continue;
        }
        let Some(allowed) = may.get(room) else {
            panic!("{below}: {room} is a new room; say in this test what it may know");
        };
        seen.insert(room.to_owned());
        for other in known(&text) {
            assert!(
                other == room || allowed.contains(&other.as_str()),
                "{below}: {room} may not know {other}"
            );
        }
    }
    assert_eq!(
        seen.len(),
        MAY_KNOW.len(),
        "a room of this test does not exist: {seen:?}"
    );
}

#[test]
fn only_ui_and_main_print() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&src, &mut files);
    for (path, text) in files {
        if path.contains("/ui/") {
            continue;
        }
        for word in ["println!(", "eprintln!(", " print!(", "eprint!("] {
            assert!(!text.contains(word), "{path} prints");
        }
    }
}
