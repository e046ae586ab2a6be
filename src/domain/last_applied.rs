//! The values that a plan file gave the records of a link, besides the levels: what they are
//! compared with to find drift.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::Alias;

/// The last applied values, each by the application that holds the record.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct LastApplied {
    /// The names of the records.
    pub names: BTreeMap<Alias, String>,
    /// The addresses that are called.
    pub application_urls: BTreeMap<Alias, String>,
    /// The addresses that users get.
    pub display_urls: BTreeMap<Alias, String>,
    /// The applications where the record is the first choice of its type.
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
