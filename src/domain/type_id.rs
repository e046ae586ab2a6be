//! The type of an application.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A type id as it stands on the wire: `jira`, `stash`, `generic`, or what a plugin invents.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TypeId(String);

/// Wire id, the product's name, the stem of automatic aliases, other words people type.
const KNOWN: &[(&str, &str, &str, &[&str])] = &[
    ("jira", "Jira", "jira", &[]),
    ("confluence", "Confluence", "confluence", &["wiki"]),
    ("stash", "Bitbucket", "bitbucket", &["bitbucket"]),
    ("bamboo", "Bamboo", "bamboo", &[]),
    ("crowd", "Crowd", "crowd", &[]),
    (
        "fecru",
        "Fisheye/Crucible",
        "fecru",
        &["fisheye", "crucible"],
    ),
    ("refapp", "RefApp", "refapp", &[]),
    ("generic", "generic application", "app", &[]),
];

impl TypeId {
    /// Takes a type as the wire has it, unknown ones included.
    pub fn from_wire(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// Takes what a person types: `bitbucket` is `stash`.
    pub fn from_input(word: &str) -> Self {
        let word = word.to_ascii_lowercase();
        KNOWN
            .iter()
            .find(|(id, _, _, others)| *id == word || others.contains(&word.as_str()))
            .map_or_else(|| Self(word.clone()), |(id, ..)| Self((*id).to_owned()))
    }

    /// The type of links to programs that are not Atlassian applications.
    pub fn generic() -> Self {
        Self("generic".to_owned())
    }

    /// The id on the wire.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name for people: the product's, or the id where there is none.
    pub fn name(&self) -> &str {
        self.row().map_or(&self.0, |row| row.1)
    }

    /// The stem of an automatic alias.
    pub fn alias_stem(&self) -> &'static str {
        self.row().map_or("app", |row| row.2)
    }

    /// Whether this is a type that the products know by themselves and can authenticate to.
    pub fn is_atlassian(&self) -> bool {
        self.row().is_some() && !self.is_generic()
    }

    /// Whether this is the type of links without a manifest.
    pub fn is_generic(&self) -> bool {
        self.0 == "generic"
    }

    /// Whether it is one of the types that applink has a name for; plugins bring others.
    pub fn is_known(&self) -> bool {
        self.row().is_some()
    }

    /// The words that people type for the known types.
    pub fn words() -> impl Iterator<Item = &'static str> {
        let all = KNOWN.iter();
        all.flat_map(|(id, _, _, others)| std::iter::once(*id).chain(others.iter().copied()))
    }

    fn row(
        &self,
    ) -> Option<&'static (
        &'static str,
        &'static str,
        &'static str,
        &'static [&'static str],
    )> {
        KNOWN.iter().find(|(id, ..)| *id == self.0)
    }
}

impl fmt::Display for TypeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_say_bitbucket_and_the_wire_says_stash() {
        assert_eq!(TypeId::from_input("Bitbucket").as_str(), "stash");
        assert_eq!(TypeId::from_wire("stash").name(), "Bitbucket");
        assert_eq!(TypeId::from_wire("stash").alias_stem(), "bitbucket");
        assert_eq!(TypeId::from_input("crucible").as_str(), "fecru");
        assert!(!TypeId::from_wire("remote.plugin.container").is_atlassian());
        assert!(!TypeId::generic().is_atlassian());
    }
}
