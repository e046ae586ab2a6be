//! The manual in its readers, as far as they are installed, and what the program says of itself.

use std::path::Path;
use std::process::Command;

use crate::contracts::completions::installed;
use crate::support::env::Env;
use crate::support::worlds::world;

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
fn the_synopsis_says_what_a_command_takes() {
    let pages = applink::cli::man::pages().unwrap();
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

/// The same sources make the same program on every day: the day of the version is that of
/// `SOURCE_DATE_EPOCH` where it is set. The script that finds it out is compiled and run.
#[test]
fn the_day_of_the_version_is_the_one_that_is_given() {
    let directory = tempfile::tempdir().unwrap();
    let script = directory.path().join("build");
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let made = Command::new(rustc)
        .args(["--edition", "2024", "-o"])
        .arg(&script)
        .arg(root.join("build.rs"))
        .status()
        .unwrap();
    assert!(made.success());
    let version = |sources: &Path, more: &[(&str, &str)]| {
        let output = Command::new(&script)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("CARGO_PKG_VERSION", "1.2.3")
            .env("CARGO_MANIFEST_DIR", sources)
            .envs(more.iter().copied())
            .output()
            .unwrap();
        assert!(output.status.success());
        let said = String::from_utf8(output.stdout).unwrap();
        let line = said
            .lines()
            .find_map(|line| line.strip_prefix("cargo::rustc-env=APPLINK_VERSION="));
        line.expect("a version").to_owned()
    };
    let bare = directory.path();
    for (second, day) in [
        ("0", "1970-01-01"),
        ("951782400", "2000-02-29"),
        ("1798761599", "2026-12-31"),
    ] {
        assert_eq!(
            version(bare, &[("SOURCE_DATE_EPOCH", second)]),
            format!("1.2.3 ({day})")
        );
    }
    assert_eq!(version(bare, &[]), "1.2.3");
    let commit = ("APPLINK_COMMIT", "0123456789abcdef");
    assert_eq!(
        version(bare, &[commit, ("SOURCE_DATE_EPOCH", "0")]),
        "1.2.3 (0123456789 1970-01-01)"
    );
    // Twice the same: nothing else goes in.
    let given = [("SOURCE_DATE_EPOCH", "86400")];
    assert_eq!(version(root, &given), version(root, &given));
    assert!(version(root, &given).ends_with("1970-01-02)"));
}

#[test]
fn every_page_of_the_manual_has_its_sections_and_reads_well() {
    let pages = applink::cli::man::pages().unwrap();
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

#[test]
fn the_version_says_from_which_sources_it_is() {
    let env = Env::new(world([]));
    let said = env.applink("--version").expect(0).stdout;
    let number = env!("CARGO_PKG_VERSION");
    let rest = said
        .trim()
        .strip_prefix(&format!("applink {number}"))
        .expect("a number");
    if rest.is_empty() {
        // Neither a repository nor a package says.
        return;
    }
    let facts = rest
        .trim()
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'));
    let words: Vec<&str> = facts.expect("facts").split(' ').collect();
    let commit = words[0].len() == 10 && words[0].bytes().all(|b| b.is_ascii_hexdigit());
    assert!(commit || words[0].split('-').count() == 3, "{said}");
}

/// What the Debian package is made of is there: every file, and every pattern with a file.
#[test]
fn the_package_has_its_files() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(root.join("Cargo.toml")).unwrap();
    let manifest: toml::Value = toml::from_str(&text).unwrap();
    let deb = &manifest["package"]["metadata"]["deb"];
    let mut sources: Vec<&str> = deb["assets"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|asset| asset[0].as_str())
        .filter(|source| !source.starts_with("target/"))
        .collect();
    sources.extend([
        deb["changelog"].as_str().unwrap(),
        deb["license-file"][0].as_str().unwrap(),
    ]);
    for source in sources {
        let (folder, name) = source.rsplit_once('/').unwrap_or(("", source));
        let (before, after) = name.split_once('*').unwrap_or((name, ""));
        let found = std::fs::read_dir(root.join(folder)).unwrap().any(|entry| {
            let file = entry.unwrap().file_name().into_string().unwrap();
            file.starts_with(before) && file.ends_with(after)
        });
        assert!(found, "{source}");
    }
    let changelog = std::fs::read_to_string(root.join("examples/packaging/changelog")).unwrap();
    let version = concat!("applink (", env!("CARGO_PKG_VERSION"), "-1) ");
    assert!(changelog.starts_with(version), "{changelog}");
}

/// Every example under `--help` is a command line that applink takes.
#[test]
fn examples_of_the_help_are_taken() {
    fn collect(command: &clap::Command, all: &mut Vec<String>) {
        all.extend(command.get_after_long_help().map(ToString::to_string));
        for sub in command.get_subcommands() {
            collect(sub, all);
        }
    }
    let mut texts = Vec::new();
    collect(&applink::cli::command(), &mut texts);
    let mut count = 0;
    for text in texts {
        let joined = text.replace("\\\n", " ");
        for line in joined.lines().filter(|line| line.starts_with("  applink ")) {
            let line = line.split(['|', '>', '#', '&']).next().unwrap();
            let words = shlex::split(line).expect("words");
            let parsed = applink::cli::parse(words.into_iter().map(Into::into));
            assert!(parsed.is_ok(), "{line}: {}", parsed.unwrap_err());
            count += 1;
        }
    }
    assert!(count > 50, "{count} examples");
}
