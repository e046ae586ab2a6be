//! Completions and manual pages are kept in the repository; here they are made again and
//! compared. `APPLINK_BLESS=1 cargo test generated` writes them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use applink::cli::{completions, man};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Compares a directory with what it should hold, file by file.
fn compare(directory: &Path, wanted: &BTreeMap<String, String>) {
    if std::env::var_os("APPLINK_BLESS").is_some() {
        let _ = fs::remove_dir_all(directory);
        fs::create_dir_all(directory).unwrap();
        for (name, text) in wanted {
            fs::write(directory.join(name), text).unwrap();
        }
        return;
    }
    let found: Vec<String> = fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    for name in &found {
        assert!(wanted.contains_key(name), "{name} is not made any more");
    }
    for (name, text) in wanted {
        let kept = fs::read_to_string(directory.join(name)).unwrap_or_default();
        assert!(
            kept == *text,
            "{}/{name} is out of date: APPLINK_BLESS=1 cargo test generated",
            directory.display()
        );
    }
}

#[test]
fn completions_are_up_to_date() {
    let wanted = completions::FILES
        .iter()
        .map(|(shell, name)| ((*name).to_owned(), completions::asking(*shell).unwrap()))
        .collect();
    compare(&root().join("completions"), &wanted);
}

#[test]
fn manual_pages_are_up_to_date() {
    let wanted = man::pages(applink::cli::command())
        .unwrap()
        .into_iter()
        .collect();
    compare(&root().join("man"), &wanted);
}

#[test]
fn the_table_of_what_needs_yes_is_up_to_date() {
    let rows: Vec<String> = applink::plan::consent::RULES
        .iter()
        .map(|(change, covers)| format!("| {change} | {covers} |"))
        .collect();
    let rows = rows.join("\n");
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let table = format!("| change | covers |\n| --- | --- |\n{rows}\n\n");
    assert!(readme.contains(&table), "README.md lacks:\n{table}");
}

#[test]
fn the_codes_page_is_up_to_date() {
    let path = root().join("docs/codes.md");
    let wanted = man::codes_markdown();
    if std::env::var_os("APPLINK_BLESS").is_some() {
        fs::create_dir_all(root().join("docs")).unwrap();
        fs::write(&path, &wanted).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == wanted,
        "docs/codes.md is out of date: APPLINK_BLESS=1 cargo test generated"
    );
}
