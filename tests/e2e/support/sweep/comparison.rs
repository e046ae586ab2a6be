//! What two snapshots have to agree on.

use std::fmt::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::{fs, io};

use serde_json::Value;

use super::runner::NextCommand;
use crate::support::env::Env;

/// Removes names, which are then not compared.
pub(crate) fn forget_names(apps: &mut [Value]) {
    let links = apps
        .iter_mut()
        .filter_map(|app| app["links"].as_array_mut())
        .flatten();
    for link in links {
        link["name"] = Value::Null;
    }
}

/// A snapshot without consumers that no link names, unless all of them count. They outlive their
/// link in the products and grant nothing. Random values become a mark, unless they are known.
pub(crate) fn comparable(mut app: Value, all_consumers: bool, known: &str) -> Value {
    // What proofs leave behind; nobody ever authorises them.
    app["request_tokens"] = Value::Null;
    let mut named: Vec<String> = Vec::new();
    for link in app["links"].as_array_mut().into_iter().flatten() {
        if link["incoming"]["enabled"] != true {
            link["consumer_key"] = Value::Null;
        }
        named.extend(link["consumer_key"].as_str().map(ToOwned::to_owned));
    }
    if let Some(consumers) = app["consumers"].as_array_mut() {
        consumers
            .retain(|consumer| all_consumers || named.iter().any(|key| consumer["key"] == **key));
    }
    if known.is_empty() {
        return app;
    }
    for (list, fields) in [
        ("consumers", &["public_key"] as &[&str]),
        ("oauth2_clients", &["id", "client_id", "secret"]),
    ] {
        for one in app[list].as_array_mut().into_iter().flatten() {
            for field in fields {
                let quoted = one[*field].to_string();
                if !known.contains(&quoted) {
                    one[*field] = "new".into();
                }
            }
        }
    }
    app
}

/// The same of a state.
pub(crate) fn forget_new(state: &mut toml::Table, known: &str) {
    for list in ["consumers", "former-consumers", "oauth2-clients"] {
        let Some(toml::Value::Array(all)) = state.get_mut(list) else {
            continue;
        };
        for one in all.iter_mut().filter_map(toml::Value::as_table_mut) {
            for field in ["fingerprint", "id", "client-id", "since"] {
                if let Some(value) = one.get_mut(field)
                    && !known.contains(&value.to_string())
                {
                    *value = "new".into();
                }
            }
        }
    }
}

/// Whether the run that left its journal had not begun: it did not get as far as the first line, or
/// the key that it was to make is not there.
pub(crate) fn has_not_begun(env: &Env) -> bool {
    let Ok(journal) = fs::read_to_string(env.state_sibling(".journal")) else {
        return false;
    };
    let lines: Vec<&str> = journal.split_inclusive('\n').collect();
    let whole = lines.iter().filter(|line| line.ends_with('\n')).count();
    let first = lines.first().and_then(|line| line.get(17..));
    let header: Value = first
        .and_then(|json| serde_json::from_str(json).ok())
        .unwrap_or_default();
    let made = header["context"]["created_key_file"].as_str();
    whole == 0 || (whole == 1 && made.is_some_and(|file| fs::symlink_metadata(file).is_err()))
}

/// Everything that the next commands depend on: applications, state, journal and files, without
/// what differs from run to run.
pub(crate) fn situation(
    env: &Env,
    apps: &[Value],
    state: &toml::Table,
    only: Option<NextCommand>,
) -> String {
    let mut text = format!("{only:?}\n{state}\n");
    if let Err(error) = env.state().parse::<toml::Table>() {
        let _ = writeln!(text, "{error}");
    }
    for app in apps {
        let _ = writeln!(text, "{app}");
    }
    let journal = fs::read_to_string(env.state_sibling(".journal")).unwrap_or_default();
    for line in journal.split_inclusive('\n') {
        let entry = line.get(17..).map(serde_json::from_str::<Value>);
        let _ = match entry {
            Some(Ok(entry)) if line.ends_with('\n') => {
                writeln!(
                    text,
                    "{} {} {}",
                    entry["e"],
                    entry["k"],
                    entry["left"].is_null()
                )
            }
            _ => writeln!(text, "torn"),
        };
    }
    // Of what is written aside first the name is drawn.
    let mut files: Vec<String> = Vec::new();
    let _ = list(&env.path("state"), &mut files);
    let _ = list(&env.path("work"), &mut files);
    files.sort();
    text + &files.join("\n")
}

fn list(directory: &std::path::Path, files: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        let (path, meta) = (entry.path(), entry.metadata()?);
        if meta.is_dir() {
            list(&path, files)?;
            continue;
        }
        let name = entry.file_name().to_string_lossy().into_owned();
        let name = if name.starts_with('.') && name != ".gitignore" {
            "aside".to_owned()
        } else {
            name
        };
        let mode = meta.permissions().mode() & 0o777;
        files.push(format!("{name} {mode:o} {}", meta.len() > 0));
    }
    Ok(())
}
