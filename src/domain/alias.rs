//! The short name that a user gives to an application.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A short name for one application: `[a-z][a-z0-9-]*`, at most 64 bytes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Alias(String);

/// Why a text cannot be an alias. It never repeats the text, which may be a password that was typed
/// in the wrong field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an alias: an alias starts with a-z and goes on with a-z, 0-9 and '-'")]
pub struct AliasError;

impl Alias {
    /// The longest alias, in bytes.
    pub const MAX: usize = 64;

    /// The alias as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part of an environment variable that stands for this alias: `wiki-prod` is
    /// `WIKI_PROD`.
    pub fn env_part(&self) -> String {
        self.0.to_ascii_uppercase().replace('-', "_")
    }

    /// A name for messages about an address that has no alias yet: `10.0.0.1` is `at-10-0-0-1`.
    pub fn of_host(host: &str) -> Self {
        let plain = host.chars().take(Self::MAX - 3).map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '-'
            }
        });
        let name: String = plain.collect();
        if name.starts_with(|c: char| c.is_ascii_lowercase()) {
            Self(name)
        } else {
            Self(format!("at-{name}"))
        }
    }

    /// The alias for the `n`-th application of one kind: `jira`, then `jira-2`, `jira-3`, …
    pub fn numbered(stem: &str, n: usize) -> Result<Self, AliasError> {
        if n <= 1 {
            stem.parse()
        } else {
            format!("{stem}-{n}").parse()
        }
    }
}

impl FromStr for Alias {
    type Err = AliasError;

    fn from_str(text: &str) -> Result<Self, AliasError> {
        Self::try_from(text.to_owned())
    }
}

impl TryFrom<String> for Alias {
    type Error = AliasError;

    fn try_from(text: String) -> Result<Self, AliasError> {
        let mut bytes = text.bytes();
        let starts = bytes.next().is_some_and(|b| b.is_ascii_lowercase());
        let goes_on = bytes.all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if starts && goes_on && text.len() <= Self::MAX {
            Ok(Self(text))
        } else {
            Err(AliasError)
        }
    }
}

impl From<Alias> for String {
    fn from(alias: Alias) -> Self {
        alias.0
    }
}

impl fmt::Display for Alias {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rule_of_the_alphabet() {
        for good in ["a", "jira", "wiki-prod", "j2", "a-"] {
            assert!(good.parse::<Alias>().is_ok(), "{good}");
        }
        for bad in ["", "2j", "-a", "Jira", "a_b", "a.b", "ä", "a b", "a\n"] {
            assert!(bad.parse::<Alias>().is_err(), "{bad:?}");
        }
        assert!("a".repeat(65).parse::<Alias>().is_err());
    }

    #[test]
    fn a_name_for_every_host() {
        for host in [
            "127.0.0.1",
            "Jira.example.com",
            "::1",
            "",
            "bücher",
            &"x".repeat(300),
        ] {
            let alias = Alias::of_host(host);
            assert_eq!(alias.as_str().parse(), Ok(alias.clone()), "{host}");
        }
    }

    #[test]
    fn the_environment_prefix() {
        assert_eq!(
            "wiki-prod".parse::<Alias>().map(|a| a.env_part()),
            Ok("WIKI_PROD".to_owned())
        );
    }
}
