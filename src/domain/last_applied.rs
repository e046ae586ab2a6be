//! What applink last applied to the records of a link because a file said so, besides the levels.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::Alias;

/// By the application that holds the record.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct LastApplied {
    /// Its name.
    pub names: BTreeMap<Alias, String>,
    /// The address that is called.
    pub application_urls: BTreeMap<Alias, String>,
    /// The address that users get.
    pub display_urls: BTreeMap<Alias, String>,
    /// Where it is the first choice of its type.
    pub primary: BTreeSet<Alias>,
}

impl LastApplied {
    /// Whether nothing was given.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The applications that it names.
    pub fn applications(&self) -> impl Iterator<Item = &Alias> {
        let texts = [&self.names, &self.application_urls, &self.display_urls];
        let named = texts.into_iter().flat_map(BTreeMap::keys);
        named.chain(&self.primary)
    }
}
