//! What was observed, without judgement.

use crate::domain::{
    Alias, ApplicationId, BaseUrl, Consumer, Directions, Level, Manifest, ProductStatus, Record,
};
use crate::error::Error;

/// An application as this run saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppSeen {
    /// Its alias.
    pub alias: Alias,
    /// The base URL that applink uses.
    pub url: BaseUrl,
    /// The application id on record, where it is known without asking.
    pub known_id: Option<ApplicationId>,
    /// What it says of itself.
    pub manifest: Result<Manifest, Error>,
    /// The records that it keeps; an error is about the account or the way there.
    pub records: Result<Vec<Record>, Error>,
    /// How many seconds its clock is ahead of this machine's, where it said so.
    pub ahead: Option<i64>,
    /// The consumer that it presents to its peers; none when it was not asked.
    pub consumer: Option<Result<Consumer, Error>>,
    /// Where its address leads now, when it redirects.
    pub moved: Option<Moved>,
}

/// An address that redirects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// The base URL to which it leads.
    pub to: BaseUrl,
    /// Whether it says that this is for good.
    pub permanent: bool,
    /// What answers there, where something does.
    pub manifest: Option<Manifest>,
}

impl AppSeen {
    /// Whether it keeps a record under the id of the other: where the record is not of the other,
    /// it is of a copy.
    pub fn keeps(&self, other: &Self) -> bool {
        let records = self.records.as_deref().unwrap_or_default();
        other
            .id()
            .is_some_and(|id| records.iter().any(|record| record.id == id))
    }

    /// Its application id: what it says itself, else what is on record.
    pub fn id(&self) -> Option<ApplicationId> {
        self.manifest
            .as_ref()
            .ok()
            .map(|manifest| manifest.id)
            .or(self.known_id)
    }

    /// Why it could not be asked everything, if so.
    pub fn trouble(&self) -> Option<&Error> {
        self.manifest.as_ref().err().or(self.records.as_ref().err())
    }
}

/// What an end's own status said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StatusSeen {
    /// It answered.
    Said(ProductStatus),
    /// It has no such thing, being too old.
    None,
    /// It could not be asked.
    Failed(Error),
}

/// One end of a link: an application with its record of the other, if it has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndSeen {
    /// The application.
    pub app: Alias,
    /// Its record of the other.
    pub record: Option<Record>,
    /// The levels of that record.
    pub levels: Option<Directions<Level>>,
    /// What its own status says.
    pub status: StatusSeen,
    /// What answers at the record's application URL, where that is another address than the one
    /// under which the peer is known. None when it was not asked.
    pub at_url: Option<Result<Manifest, Error>>,
    /// Where the record's application URL leads now, when it redirects.
    pub moved: Option<Moved>,
    /// The consumers that it keeps for the other, or why they could not be read; none when they
    /// were not asked for.
    pub kept: Option<Result<Vec<Consumer>, Error>>,
    /// The base URL that the application names when it refuses a call; none when it was not asked.
    pub realm: Option<String>,
    /// What its status said before it was made to look again, where that was another thing.
    pub stale: Option<ProductStatus>,
}

/// A link as it was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkSeen {
    /// The end that gives the link its name.
    pub local: EndSeen,
    /// The other end, where its application is known.
    pub remote: Option<EndSeen>,
    /// Whether the state says that one way is what was wanted.
    pub one_way_wanted: bool,
    /// The level that the state says was wanted.
    pub wanted: Option<Level>,
}

impl LinkSeen {
    /// Both ends that are known.
    pub fn ends(&self) -> impl Iterator<Item = &EndSeen> {
        std::iter::once(&self.local).chain(self.remote.as_ref())
    }

    /// The end across from the given one.
    pub fn other(&self, app: &Alias) -> Option<&EndSeen> {
        if self.local.app == *app {
            self.remote.as_ref()
        } else {
            Some(&self.local)
        }
    }
}
