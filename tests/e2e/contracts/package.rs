//! The version and the Debian package.

use std::path::Path;
use std::process::Command;

use crate::support::env::Env;
use crate::support::worlds::world;

/// The same sources make the same program on every day: the day of the version is that of
/// `SOURCE_DATE_EPOCH` where it is set. The script that finds it out is compiled and run.
#[test]
fn the_build_date_follows_source_date_epoch() {
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
fn the_version_names_its_commit() {
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
fn every_file_of_the_debian_package_exists() {
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
