//! Formatters of manual pages.

use crate::need::Need;
use crate::witness_test::{WitnessTest, witness_test};
use std::path::Path;
use std::process::Command;

pub(crate) fn tests() -> Vec<WitnessTest> {
    vec![
        witness_test!(manual_pages_fit_a_terminal, needs: [Need::Program("man")]),
        witness_test!(groff_accepts_the_manual_pages, needs: [Need::Program("groff")]),
        witness_test!(mandoc_accepts_the_manual_pages, needs: [Need::Program("mandoc")]),
    ]
}

/// A page as `man -l` shows it on a terminal of 80 columns: nothing is wider, and no reader complains.
fn fits(path: &Path) {
    let shown = Command::new("man")
        .args(["--warnings=w", "-l"])
        .arg(path)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .envs([
            ("MANWIDTH", "80"),
            ("LC_ALL", "C.UTF-8"),
            ("MANPAGER", "cat"),
            ("TERM", "dumb"),
        ])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&shown.stderr).into_owned();
    assert!(
        shown.status.success() && said.is_empty(),
        "{}: {said}",
        path.display()
    );
    for line in String::from_utf8_lossy(&shown.stdout).lines() {
        // Bold and underlined letters are written twice.
        let mut letters = Vec::new();
        for c in line.chars() {
            if c == '\u{8}' {
                letters.pop();
            } else {
                letters.push(c);
            }
        }
        assert!(letters.len() <= 80, "{}: {line}", path.display());
    }
}

fn manual_pages_fit_a_terminal() {
    each_page(fits);
}

fn groff_accepts_the_manual_pages() {
    each_page(|path| {
        let formatted = Command::new("groff")
            .args(["-man", "-ww", "-Tutf8", "-z"])
            .arg(path)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&formatted.stderr).into_owned();
        assert!(
            formatted.status.success() && said.is_empty(),
            "{}: {said}",
            path.display()
        );
    });
}

fn mandoc_accepts_the_manual_pages() {
    each_page(|path| {
        let lint = Command::new("mandoc")
            .args(["-Tlint", "-Wwarning"])
            .arg(path)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&lint.stdout).into_owned();
        assert!(said.is_empty(), "{said}");
    });
}

/// Writes every page to a file and checks it.
fn each_page(check: impl Fn(&Path)) {
    let directory = tempfile::tempdir().unwrap();
    for (name, text) in applink::cli::man::pages(applink::cli::command()).unwrap() {
        let path = directory.path().join(name);
        std::fs::write(&path, text).unwrap();
        check(&path);
    }
}
