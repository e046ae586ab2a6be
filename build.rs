//! What `applink --version` says beside the number: the commit and its day.
//!
//! From `APPLINK_COMMIT` where a packager sets it, from the repository, or from what cargo writes
//! into a published package; without any of them the number stands alone. The day is that of the
//! commit, or of `SOURCE_DATE_EPOCH`: the same sources make the same program on every day.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

fn main() {
    for name in ["APPLINK_COMMIT", "SOURCE_DATE_EPOCH"] {
        println!("cargo::rerun-if-env-changed={name}");
    }
    println!("cargo::rerun-if-changed=build.rs");
    let version = env::var("CARGO_PKG_VERSION").unwrap_or_default();
    let root = env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
    let root = Path::new(&root);
    let given = env::var("APPLINK_COMMIT").ok().filter(|id| is_id(id));
    let here = given.is_none().then(|| repository(root)).flatten();
    let (commit, second) = match here {
        Some((commit, second)) => (Some(commit), Some(second)),
        None => (given.or_else(|| packaged(root)), None),
    };
    let second = env::var("SOURCE_DATE_EPOCH")
        .ok()
        .and_then(|text| text.trim().parse().ok())
        .or(second);
    let facts: Vec<String> = [
        commit.map(|id| id.chars().take(10).collect()),
        second.map(day),
    ]
    .into_iter()
    .flatten()
    .collect();
    let text = if facts.is_empty() {
        version
    } else {
        format!("{version} ({})", facts.join(" "))
    };
    println!("cargo::rustc-env=APPLINK_VERSION={text}");
}

fn is_id(text: &str) -> bool {
    (7..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The commit and its time, where this very directory is a repository: one around it says nothing
/// of these sources.
fn repository(root: &Path) -> Option<(String, i64)> {
    let git = root.join(".git");
    if !git.exists() {
        return None;
    }
    for file in ["logs/HEAD", "HEAD"] {
        let file = git.join(file);
        if file.exists() {
            println!("cargo::rerun-if-changed={}", file.display());
        }
    }
    let output = Command::new("git")
        .arg("-C")
        .arg(root)
        .args(["show", "-s", "--format=%H %ct", "HEAD"])
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    let text = String::from_utf8(output.stdout).ok()?;
    let (commit, second) = text.trim().split_once(' ')?;
    is_id(commit).then_some((commit.to_owned(), second.parse().ok()?))
}

/// The commit that cargo notes in a package.
fn packaged(root: &Path) -> Option<String> {
    let path = root.join(".cargo_vcs_info.json");
    let text = fs::read_to_string(&path).ok()?;
    println!("cargo::rerun-if-changed={}", path.display());
    let rest = text.split_once("\"sha1\"")?.1;
    let id = rest.split('"').nth(1)?;
    is_id(id).then(|| id.to_owned())
}

/// The day of a second since 1970, in UTC (Howard Hinnant's `civil_from_days`).
fn day(second: i64) -> String {
    let days = second.div_euclid(86_400) + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}
