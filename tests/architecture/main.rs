//! The floors of the two packages, held by reading the sources.
//!
//! A part of the program imports only from lower floors, and no file reaches itself by following
//! imports. `samples` shows that the reader finds what it looks for.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on ends here"
)]

mod arrows;
mod samples;
mod tree;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use arrows::room;
use tree::{Files, Tree};

/// The floors of `src`, the highest first. A part imports from lower floors only.
const FLOORS: &[&[&str]] = &[
    &["main"],
    &["cli"],
    &["apply"],
    &["observe"],
    &["resolve"],
    &["context", "interrupt"],
    &["ui"],
    &["plan", "state", "remote", "diagnose"],
    &["desired", "oauth", "credentials"],
    &["error", "fs"],
    &["domain", "exit"],
];

/// The floors of `sandbox/src`, the highest first. Files on one floor may import each other.
const SANDBOX_FLOORS: &[&[&str]] = &[
    &["world", "builder", "describe"],
    &["handle"],
    &["server"],
    &["rest"],
    &["peer"],
    &["auth"],
    &["environment", "serving", "instance", "nodes"],
    &["oauth"],
    &["store"],
    &["fault"],
    &["http", "certificate"],
    &[
        "product", "program", "users", "settings", "app", "spec", "id", "seed", "sync", "exchange",
    ],
];

/// Type names that several files may define, and why.
const SHARED_TYPE_NAMES: &[(&str, &str)] = &[(
    "Args",
    "each command's file has its arguments under this name, and its module tells them apart",
)];

fn sources(folder: &str) -> Files {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut files = Files::new();
    let mut open = vec![folder.clone()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let name = path.strip_prefix(&folder).unwrap().to_string_lossy();
                files.insert(name.replace('\\', "/"), fs::read_to_string(&path).unwrap());
            }
        }
    }
    files
}

/// The sources are read once for all tests.
fn client() -> &'static Tree {
    static TREE: LazyLock<Tree> = LazyLock::new(|| Tree::read(&sources("src"), "applink"));
    &TREE
}

fn sandbox() -> &'static Tree {
    static TREE: LazyLock<Tree> =
        LazyLock::new(|| Tree::read(&sources("sandbox/src"), "applink_sandbox"));
    &TREE
}

#[track_caller]
fn assert_none(what: &str, found: &[String]) {
    assert!(found.is_empty(), "{what}:\n\n{}\n", found.join("\n"));
}

#[test]
fn every_file_is_read() {
    for (folder, tree) in [("src", client()), ("sandbox/src", sandbox())] {
        let files = sources(folder);
        let missed: Vec<String> = tree
            .undeclared(&files)
            .into_iter()
            .map(str::to_owned)
            .collect();
        assert_none(
            &format!("no module declares these files of {folder}"),
            &missed,
        );
    }
}

#[test]
fn no_file_of_the_client_reaches_itself() {
    assert_none(
        "the imports run in circles",
        &client().arrows().circles_in_words(),
    );
}

#[test]
fn no_file_of_the_sandbox_reaches_itself() {
    assert_none(
        "the imports run in circles",
        &sandbox().arrows().circles_in_words(),
    );
}

#[test]
fn the_client_imports_downwards_only() {
    assert_none("upward imports", &client().arrows().upward(FLOORS, false));
}

#[test]
fn the_sandbox_imports_downwards_only() {
    assert_none(
        "upward imports",
        &sandbox().arrows().upward(SANDBOX_FLOORS, true),
    );
}

#[test]
fn every_part_has_a_floor_and_every_floor_exists() {
    for (tree, floors) in [(client(), FLOORS), (sandbox(), SANDBOX_FLOORS)] {
        let files = tree.shipped().map(|(_, module)| module.file.as_str());
        let parts: BTreeSet<&str> = files.map(room).filter(|room| *room != "lib").collect();
        let planned: BTreeSet<&str> = floors.iter().copied().flatten().copied().collect();
        assert_eq!(parts, planned);
    }
}

#[test]
fn the_sandbox_does_not_know_the_client() {
    let found = naming(sandbox(), |name| name == "applink");
    assert_none("these files of the sandbox name the client", &found);
}

#[test]
fn only_cli_knows_clap() {
    let mut found = naming(client(), |name| name.starts_with("clap"));
    found.retain(|file| room(file) != "cli");
    assert_none("these files outside cli name clap", &found);
}

#[test]
fn only_ui_and_main_print() {
    let prints = ["print", "println", "eprint", "eprintln", "dbg"];
    let tree = client();
    let found: Vec<String> = tree
        .shipped()
        .filter(|(_, module)| !matches!(room(&module.file), "ui" | "main"))
        .flat_map(|(_, module)| {
            let called = prints.iter().filter(|name| module.macros.contains(**name));
            called.map(|name| format!("{} calls {name}!", module.file))
        })
        .collect();
    assert_none("only ui and main print", &found);
}

#[test]
fn a_type_name_is_defined_once() {
    let tree = client();
    let mut places: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (_, module) in tree.shipped() {
        for name in &module.types {
            places.entry(name).or_default().insert(&module.file);
        }
    }
    places.retain(|_, files| files.len() > 1);
    let mut found = Vec::new();
    for (name, files) in &places {
        if !SHARED_TYPE_NAMES.iter().any(|(known, _)| known == name) {
            let files: Vec<&str> = files.iter().copied().collect();
            found.push(format!("{name}: {}", files.join(", ")));
        }
    }
    for (known, _) in SHARED_TYPE_NAMES {
        if !places.contains_key(known) {
            found.push(format!("{known} is defined once now: take it off the list"));
        }
    }
    assert_none("type names with several meanings", &found);
}

/// The files that name a crate.
fn naming(tree: &Tree, is_it: impl Fn(&str) -> bool) -> Vec<String> {
    let files: BTreeSet<&str> = tree
        .shipped()
        .filter(|(_, module)| {
            let imports = module.imports.iter().map(|import| &import.path);
            let mut paths = imports.chain(module.paths.iter().filter(|path| path.len() > 1));
            paths.any(|path| path.first().is_some_and(|first| is_it(first)))
        })
        .map(|(_, module)| module.file.as_str())
        .collect();
    files.into_iter().map(str::to_owned).collect()
}
