//! What was observed, without judgement.

use std::time::Duration;

use crate::domain::{
    Alias, ApplicationId, BaseUrl, Consumer, Directions, LastApplied, Level, Manifest,
    ProductStatus, Reachability, Record,
};
use crate::error::Error;

/// An application as this run saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppObservation {
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
    /// How far a connection from here gets, or why that was not probed. None when it was not asked.
    pub reach: Option<Result<Reachability, String>>,
    /// The consumer that it presents to its peers; none when it was not asked.
    pub consumer: Option<Result<Consumer, Error>>,
    /// Where its address leads now, when it redirects.
    pub redirect: Option<Redirect>,
}

/// An address that redirects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redirect {
    /// The base URL to which it leads.
    pub to: BaseUrl,
    /// Whether it says that this is for good.
    pub permanent: bool,
    /// What answers there, where something does.
    pub manifest: Option<Manifest>,
}

impl AppObservation {
    /// The id on record and the one that answers, where they differ: it was reinstalled, or is
    /// another one.
    pub fn replaced(&self) -> Option<(ApplicationId, ApplicationId)> {
        let known = self.known_id?;
        let now = self.manifest.as_ref().ok()?.id;
        (known != now).then_some((known, now))
    }

    /// Whether it keeps a record under the id of the other: where the record is not of the other,
    /// it is of a copy.
    pub fn has_record_of(&self, other: &Self) -> bool {
        let records = self.records.as_deref().unwrap_or_default();
        other
            .id()
            .is_some_and(|id| records.iter().any(|record| record.id == id))
    }

    /// Whether it is the same application as the other under another address, as far as can be seen:
    /// both carry one id and name the address of one of them as their base URL. A copy that has not
    /// got a base URL of its own looks the same.
    pub fn is_same_instance(&self, other: &Self) -> bool {
        let (Ok(own), Ok(theirs)) = (&self.manifest, &other.manifest) else {
            return false;
        };
        let base_url = own.base_url();
        own.id == theirs.id
            && base_url == theirs.base_url()
            && base_url.is_some_and(|url| url == self.url || url == other.url)
    }

    /// Its application id: what it says itself, else what is on record.
    pub fn id(&self) -> Option<ApplicationId> {
        self.manifest
            .as_ref()
            .ok()
            .map(|manifest| manifest.id)
            .or(self.known_id)
    }

    /// The ids of records that are about it: its own, and the one that is derived from its base
    /// URL, under which the products look too.
    pub fn ids(&self) -> impl Iterator<Item = ApplicationId> {
        let derived = self.manifest.as_ref().ok().and_then(derived_id);
        self.id().into_iter().chain(derived)
    }

    /// Why it could not be asked everything, if so.
    pub fn error(&self) -> Option<&Error> {
        self.manifest.as_ref().err().or(self.records.as_ref().err())
    }
}

/// What an end's own status said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StatusObservation {
    /// It answered.
    Said(ProductStatus),
    /// It has no such thing, being too old.
    None,
    /// It could not be asked.
    Failed(Error),
    /// It asks its peer first, and has not said so within that time; none where it was not asked,
    /// or not waited for, because that peer does not answer here either.
    Late(Option<Duration>),
}

/// One end of a link: an application with its record of the other, if it has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndObservation {
    /// The application.
    pub app: Alias,
    /// Its record of the other.
    pub record: Option<Record>,
    /// The levels of that record.
    pub levels: Option<Directions<Level>>,
    /// What its own status says.
    pub status: StatusObservation,
    /// What answers at the record's application URL, where that is another address than the one
    /// under which the peer is known. None when it was not asked.
    pub at_url: Option<Result<Manifest, Error>>,
    /// Where the record's application URL leads now, when it redirects.
    pub moved: Option<Redirect>,
    /// The consumers that it keeps for the other, or why they could not be read; none when they
    /// were not asked for.
    pub stored_consumers: Option<Result<Vec<Consumer>, Error>>,
    /// The base URL that the application names when it refuses a call; none when it was not asked.
    pub realm: Option<String>,
    /// What its status said before it was made to look again, where that was another thing.
    pub stale: Option<ProductStatus>,
}

/// A link as it was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkObservation {
    /// The end that gives the link its name.
    pub local: EndObservation,
    /// The other end, where its application is known.
    pub remote: Option<EndObservation>,
    /// Whether the state says that one way is what was wanted.
    pub one_way_wanted: bool,
    /// The level that the state says was wanted.
    pub wanted_level: Option<Level>,
    /// What the state says that its records were given besides.
    pub last_applied: LastApplied,
    /// What a run that was given up left undone: on which application, and what.
    pub abandoned: Vec<(Alias, String)>,
    /// Consumers of this link that are accepted though it does not name them.
    pub stale_consumers: Vec<StaleConsumer>,
}

/// A consumer that an application accepts though no link names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaleConsumer {
    /// The program that it belonged to.
    pub program: String,
    /// The consumer key.
    pub key: String,
    /// Whether the link is gone altogether.
    pub link_gone: bool,
}

impl EndObservation {
    /// Whether anything comes in there by OAuth.
    pub fn accepts_oauth(&self) -> bool {
        self.levels
            .is_some_and(|levels| !matches!(levels.incoming, Level::None | Level::Legacy))
    }
}

impl LinkObservation {
    /// Whether the other application has just shown that this end takes its signature: to find
    /// nothing wrong it makes a signed call, where it may and both have a status of their own.
    pub fn is_signature_accepted(&self, end: &EndObservation) -> bool {
        let Some(other) = self.other(&end.app) else {
            return false;
        };
        let StatusObservation::Said(said) = &other.status else {
            return false;
        };
        let signs = said.local.is_some_and(|flags| flags.outgoing.two_legged);
        said.working && signs && matches!(end.status, StatusObservation::Said(_))
    }

    /// Both ends that are known.
    pub fn ends(&self) -> impl Iterator<Item = &EndObservation> {
        std::iter::once(&self.local).chain(self.remote.as_ref())
    }

    /// The end across from the given one.
    pub fn other(&self, app: &Alias) -> Option<&EndObservation> {
        if self.local.app == *app {
            self.remote.as_ref()
        } else {
            Some(&self.local)
        }
    }
}

/// Whether an application is the one that a record was made for.
pub fn is_under(manifest: &Manifest, record: &Record) -> bool {
    manifest.id == record.id || derived_id(manifest) == Some(record.id)
}

/// The id that products derive from an application's base URL.
fn derived_id(manifest: &Manifest) -> Option<ApplicationId> {
    let url = BaseUrl::parse(manifest.url.as_deref()?).ok()?;
    Some(ApplicationId::of_url(&url))
}
