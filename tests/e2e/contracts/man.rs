//! The manual in its readers, as far as they are installed, and what the program says of itself.

use std::path::Path;
use std::process::Command;

use crate::contracts::completions::installed;

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

/// The values of options stand in the synopsis, and what every command takes does not.
#[test]
fn the_synopsis_shows_option_values() {
    let pages = applink::cli::man::pages(applink::cli::command()).unwrap();
    let synopsis = |wanted: &str| {
        let (_, text) = pages.iter().find(|(name, _)| name == wanted).unwrap();
        let rest = text.split_once(".SH SYNOPSIS\n").unwrap().1;
        rest.split_once(".SH ").unwrap().0.to_owned()
    };
    let create = synopsis("applink-create.1");
    assert!(
        create.contains("[\\fB\\-\\-auth\\fR\\ \\fILEVEL\\fR]"),
        "{create}"
    );
    assert!(create.contains("[\\fILOCAL\\fR]"), "{create}");
    assert!(!create.contains("timeout"), "{create}");
    assert!(synopsis("applink-scan.1").contains("\\fB\\-\\-from\\fR\\ \\fIPATTERN\\fR"));
}

#[test]
fn every_manual_page_has_its_sections_and_passes_the_formatters() {
    let pages = applink::cli::man::pages(applink::cli::command()).unwrap();
    let directory = tempfile::tempdir().unwrap();
    let [mandoc, groff, man] = ["mandoc", "groff", "man"].map(installed);
    for (name, text) in pages {
        if name.ends_with(".1") {
            for section in [".SH \"EXIT STATUS\"", ".SH ENVIRONMENT", ".SH EXAMPLES"] {
                assert!(text.contains(section), "{name} has no {section}");
            }
            // An option without a word on it helps nobody.
            let lines: Vec<&str> = text.lines().collect();
            for pair in lines.windows(2) {
                let is_option = pair[0].starts_with("\\fB\\-");
                assert!(
                    !is_option || !pair[1].starts_with(".TP"),
                    "{name}: {}",
                    pair[0]
                );
            }
        }
        let path = directory.path().join(&name);
        std::fs::write(&path, &text).unwrap();
        if groff {
            let formatted = Command::new("groff")
                .args(["-man", "-ww", "-Tutf8", "-z"])
                .arg(&path)
                .output()
                .unwrap();
            let said = String::from_utf8_lossy(&formatted.stderr).into_owned();
            assert!(
                formatted.status.success() && said.is_empty(),
                "{name}: {said}"
            );
        }
        if man {
            fits(&path);
        }
        if mandoc {
            let lint = Command::new("mandoc")
                .args(["-Tlint", "-Wwarning"])
                .arg(&path)
                .output()
                .unwrap();
            let said = String::from_utf8_lossy(&lint.stdout).into_owned();
            assert!(said.is_empty(), "{said}");
        }
    }
}
