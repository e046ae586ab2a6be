//! Everything that one plan file says, as plain types.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use crate::domain::{Alias, BaseUrl, Level, Position};

/// The version of the format.
pub const VERSION: i64 = 1;

/// Everything that one file says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DesiredState {
    /// The applications, with the place where each is named.
    pub applications: BTreeMap<Alias, DesiredApplication>,
    /// The links, in the order of the file.
    pub links: Vec<DesiredLink>,
    /// The consumers, in the order of the file.
    pub consumers: Vec<DesiredConsumer>,
}

/// An application that the file names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DesiredApplication {
    /// Where it answers; variables are replaced.
    pub url: BaseUrl,
    /// Where the file says so.
    pub at: Position,
}

/// A link that shall exist; what is not said is left as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DesiredLink {
    /// The two applications.
    pub between: [Alias; 2],
    /// What calls from each of the two use.
    pub auth: BTreeMap<Alias, Level>,
    /// The name of the record on each of the two.
    pub names: BTreeMap<Alias, String>,
    /// The address at which each of the two calls the other.
    pub application_urls: BTreeMap<Alias, BaseUrl>,
    /// The address of the other that the users of each of the two get.
    pub display_urls: BTreeMap<Alias, BaseUrl>,
    /// Where it shall be the first choice of its type.
    pub primary: BTreeSet<Alias>,
    /// The application that holds the only record.
    pub one_way: Option<Alias>,
    /// Where the file says so.
    pub at: Position,
}

/// A consumer that shall be registered; what is not said is left as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DesiredConsumer {
    /// The application that it may call.
    pub on: Alias,
    /// Its name.
    pub name: String,
    /// Its consumer key.
    pub key: Option<String>,
    /// Its public key.
    pub public_key: Option<PublicKeySource>,
    /// The address of its link.
    pub url: Option<BaseUrl>,
    /// Where browsers are sent after a user's consent.
    pub callback: Option<String>,
    /// Whether it may call as itself.
    pub two_legged: Option<bool>,
    /// Whether it may call as any user.
    pub impersonation: Option<bool>,
    /// Where the file says so.
    pub at: Position,
}

/// A public key as the file gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PublicKeySource {
    /// The PEM itself.
    Inline(String),
    /// A file; relative paths start at the file that names it.
    File(PathBuf),
}

impl DesiredLink {
    /// The other one of the two.
    pub fn other(&self, alias: &Alias) -> &Alias {
        let [a, b] = &self.between;
        if alias == a { b } else { a }
    }

    /// Whether this application shall have a record of the other.
    pub fn has_record_on(&self, alias: &Alias) -> bool {
        self.one_way.as_ref().is_none_or(|holder| holder == alias)
    }
}

impl DesiredState {
    /// Whether the file wants a link between these two.
    pub fn wants_link(&self, a: &Alias, b: &Alias) -> bool {
        self.links
            .iter()
            .any(|link| link.between.contains(a) && link.between.contains(b) && a != b)
    }

    /// Whether an application takes part only as the far side of one-way links, so that no account
    /// of it is needed.
    pub fn needs_no_account(&self, alias: &Alias) -> bool {
        let mut links = self
            .links
            .iter()
            .filter(|link| link.between.contains(alias))
            .peekable();
        links.peek().is_some()
            && links.all(|link| !link.has_record_on(alias))
            && !self.consumers.iter().any(|consumer| consumer.on == *alias)
    }

    /// Whether nothing is wanted of an application but that it is known.
    pub fn is_unused(&self, alias: &Alias) -> bool {
        !self.links.iter().any(|link| link.between.contains(alias))
            && !self.consumers.iter().any(|consumer| consumer.on == *alias)
    }
}
