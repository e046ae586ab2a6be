//! Everything that the planner of a file may look at: what was observed, and what the state
//! remembers.

use std::collections::BTreeMap;

use crate::domain::{Alias, ApplicationId, BaseUrl, LastApplied, Level, Manifest};
use crate::plan::{NewConsumer, RelocationMethod, View};

/// An application as it was observed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObservedApp {
    /// Its alias.
    pub alias: Alias,
    /// The base URL that applink uses for it.
    pub url: BaseUrl,
    /// What it says of itself.
    pub manifest: Manifest,
    /// Its records. The switches are read of those only that the file is about.
    pub records: BTreeMap<ApplicationId, View>,
    /// The consumers of its generic links, as far as their keys can be read.
    pub consumers: BTreeMap<ApplicationId, Vec<NewConsumer>>,
    /// Whether it can store and undo what a consumer may do.
    pub supports_consumers: bool,
    /// How the address of a record can be changed on it.
    pub method: RelocationMethod,
    /// Nobody may look at its records: it is only the far side of one-way links.
    pub needs_no_account: bool,
}

/// What applink remembers of a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownLink {
    /// What calls from each of the two use.
    pub levels: BTreeMap<Alias, Level>,
    /// Which of the two held a record of the other.
    pub holders: Vec<Alias>,
    /// What their records were given besides.
    pub last_applied: LastApplied,
}

/// What applink remembers of a consumer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownConsumer {
    /// The id of its generic link.
    pub id: ApplicationId,
    /// Its consumer key.
    pub key: String,
    /// The SHA-256 of its public key.
    pub fingerprint: String,
    /// The length of its key.
    pub bits: u32,
    /// Where its private key is.
    pub key_file: Option<String>,
    /// Whether it might call as itself.
    pub two_legged: bool,
    /// Whether it might call as any user.
    pub impersonation: bool,
}

/// Everything that a planner may look at.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ObservedState {
    /// The applications that could be observed.
    pub apps: BTreeMap<Alias, ObservedApp>,
    /// What the state remembers of links, under the pair in the order of aliases.
    pub links: BTreeMap<(Alias, Alias), KnownLink>,
    /// What the state remembers of programs, under application and name.
    pub consumers: BTreeMap<(Alias, String), KnownConsumer>,
    /// The public keys that the file gives, by the place of the consumer in the file.
    pub keys: BTreeMap<usize, FileKey>,
    /// The lengths of the keys of observed consumers, by fingerprint.
    pub bits: BTreeMap<String, u32>,
}

/// A public key as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileKey {
    /// Base64 of its `SubjectPublicKeyInfo`.
    pub base64: String,
    /// The SHA-256 of it, in hex.
    pub fingerprint: String,
    /// The length of the key.
    pub bits: u32,
}
