//! One application: its address here, and its own manifest.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Alias, ApplicationId, BaseUrl, TypeId};

/// An application that applink knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Application {
    /// Its short name.
    pub alias: Alias,
    /// Where it answers.
    pub url: BaseUrl,
    /// The id of its manifest.
    pub id: ApplicationId,
    /// What it is.
    pub type_id: TypeId,
}

/// What an application says of itself without a login.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// The id under which others keep records of it.
    pub id: ApplicationId,
    /// The title that its administrator gave it.
    pub name: String,
    /// What it is.
    pub type_id: TypeId,
    /// The product's version.
    pub version: Version,
    /// The version of its application links plugin.
    pub applinks_version: Version,
    /// The base URL that it believes it has; as text, since it may be anything.
    pub url: Option<String>,
    /// The authentication types that it takes.
    pub inbound_authentication: Vec<String>,
}

impl Manifest {
    /// The base URL that it names, where it is one.
    pub fn base_url(&self) -> Option<BaseUrl> {
        BaseUrl::parse(self.url.as_deref()?).ok()
    }
}

/// A version as a server writes it: compared by its leading numbers.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Version(String);

impl Version {
    /// Takes a version as it is.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text as the server wrote it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is the given version or a later one; unknown versions are not.
    pub fn at_least(&self, wanted: [u32; 3]) -> bool {
        self.numbers().is_some_and(|own| own >= wanted)
    }

    /// The first three numbers, missing ones as 0; `None` where there is none at all.
    pub fn numbers(&self) -> Option<[u32; 3]> {
        let mut numbers = [0; 3];
        let mut seen = false;
        for (slot, part) in numbers.iter_mut().zip(self.0.split('.')) {
            let digits: String = part.chars().take_while(char::is_ascii_digit).collect();
            let Ok(number) = digits.parse() else { break };
            *slot = number;
            seen = true;
            if digits.len() < part.len() {
                break;
            }
        }
        seen.then_some(numbers)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&super::text::clean(&self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_by_number() {
        let v = |text: &str| Version::new(text);
        assert!(v("5.0.5").at_least([5, 0, 5]));
        assert!(v("10.0").at_least([5, 0, 5]));
        assert!(v("9.1.4-m001").at_least([9, 1, 4]));
        assert!(!v("4.0.12").at_least([4, 0, 13]));
        assert!(!v("").at_least([0, 0, 0]));
        assert_eq!(v("7-beta.3").numbers(), Some([7, 0, 0]));
    }
}
