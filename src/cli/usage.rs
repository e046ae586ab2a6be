//! Wrong usage, told as every other error is.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue};

use crate::domain::nearest;
use crate::error::Error;

/// What clap says, without what is said elsewhere or is not true.
pub(super) fn from_clap(error: &clap::Error) -> Error {
    let text = error.render().to_string();
    let mut parts = text.trim().trim_start_matches("error: ").split("\n\n");
    // The first paragraph says what is wrong.
    let first = parts.next().unwrap_or("wrong usage");
    let mut usage = Error::usage(words(first));
    for line in parts.flat_map(str::lines) {
        if let Some(tip) = line.trim().strip_prefix("tip: ") {
            usage.hints.extend(meant(error, words(tip)));
        }
    }
    usage
}

/// The help of the command that was typed, as a command.
pub(super) fn help(root: &clap::Command, args: impl IntoIterator<Item = OsString>) -> String {
    let mut command = root;
    let mut path = vec!["applink"];
    for arg in args {
        if let Some(sub) = arg.to_str().and_then(|name| command.find_subcommand(name)) {
            command = sub;
            path.push(sub.get_name());
        }
    }
    path.push("--help");
    path.join(" ")
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A tip that helps: nobody means an option as a value, and what is far from the word was not
/// meant; of several the nearest was.
fn meant(error: &clap::Error, tip: String) -> Option<String> {
    if tip.contains("use '-- ") {
        return None;
    }
    let known = |kind| match error.get(kind) {
        Some(ContextValue::String(one)) => vec![one.as_str()],
        Some(ContextValue::Strings(all)) => all.iter().map(String::as_str).collect(),
        _ => Vec::new(),
    };
    let first = |kind| known(kind).first().copied().unwrap_or_default().to_owned();
    if tip.contains("similar value") {
        let values = known(ContextKind::SuggestedValue);
        let near = nearest(&first(ContextKind::InvalidValue), values)?;
        return Some(format!("did you mean {near}?"));
    }
    if tip.contains("similar subcommand") {
        let commands = known(ContextKind::SuggestedSubcommand);
        let near = nearest(&first(ContextKind::InvalidSubcommand), commands.clone());
        let near = near.or_else(|| commands.first().copied())?;
        return Some(format!("a similar subcommand exists: '{near}'"));
    }
    Some(tip)
}
