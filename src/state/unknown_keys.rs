//! The keys of a state file that this program does not know.
//!
//! They stay in the file, since a later program may know them. A misspelt table is ignored, so the
//! user is told.

use toml_edit::DocumentMut;

/// The keys of a state file.
const KNOWN: &[&str] = &[
    "version",
    "lineage",
    "serial",
    "applications",
    "links",
    "consumers",
    "former-consumers",
    "oauth2-clients",
    "pending-deletes",
];

/// A key that no state file has, and the one that may be meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownKey {
    /// As it is written.
    pub name: String,
    /// The known key that is nearest to it, if one is near.
    pub suggestion: Option<&'static str>,
}

/// The unknown keys at the top of a state. A long state is read once more only where a line looks
/// like one.
pub(super) fn find(text: &str) -> Vec<UnknownKey> {
    let mut lines = text.lines().map(str::trim_start);
    let mut head = lines.by_ref().take_while(|line| !line.starts_with('['));
    let is_plain_head = head.all(|line| match line.split_once('=') {
        Some((name, _)) => line.starts_with('#') || is_known(bare(name)),
        None => true,
    });
    let headers = text.lines().filter_map(header);
    if is_plain_head && headers.map(bare).all(is_known) {
        return Vec::new();
    }
    let Ok(document) = text.parse::<DocumentMut>() else {
        return Vec::new();
    };
    let names = document.as_table().iter().map(|(name, _)| name);
    names
        .filter(|name| !is_known(name))
        .map(|name| UnknownKey {
            name: name.to_owned(),
            suggestion: crate::domain::nearest(name, KNOWN.iter().copied()),
        })
        .collect()
}

fn is_known(name: &str) -> bool {
    KNOWN.contains(&name)
}

/// The first part of the header of a table.
fn header(line: &str) -> Option<&str> {
    let name = line.trim_start().strip_prefix('[')?;
    let name = name.strip_prefix('[').unwrap_or(name);
    name.split(['.', ']']).next()
}

fn bare(name: &str) -> &str {
    name.trim().trim_matches(['"', '\''])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(String, Option<&'static str>)> {
        let all = find(text).into_iter();
        all.map(|key| (key.name, key.suggestion)).collect()
    }

    #[test]
    fn only_keys_that_are_not_read_are_unknown() {
        let text = "# a = 1\nversion = 2\nserial=0\n[applications.jira]\nurl = \"x\"\n\n\
            [[links]]\nlast-applied = { names = { a = \"b\" } }\n[\"applications\".wiki]\n";
        assert_eq!(found(text), []);
        assert_eq!(
            found("version = 2\n[[lnks]]\na = 1\n"),
            [("lnks".to_owned(), Some("links"))]
        );
        assert_eq!(found("colour = 1\n"), [("colour".to_owned(), None)]);
        // What looks like a header and is none.
        assert_eq!(found("[[links]]\nname = \"\"\"\n[x]\n\"\"\"\n"), []);
    }
}
