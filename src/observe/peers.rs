//! Which records are looked at closely, and whether the applications answer that they are about.

use std::collections::BTreeMap;

use crate::context::Target;
use crate::domain::{Alias, ApplicationId, BaseUrl, Record};
use crate::remote::fleet::Responsiveness;

/// Of which records the applications are asked for more than the list, as soon as that is there.
#[derive(Clone, Copy)]
pub(crate) enum Ends<'a> {
    /// Those of links between all of these, which are all records where none is named.
    Of(&'a [Target]),
    /// None: which ones matter is found out later.
    Later,
}

impl Ends<'_> {
    /// Whether a record is one of them, as far as it shows by itself.
    pub(crate) fn include(self, holder: &Alias, record: &Record) -> bool {
        match self {
            Self::Of(named) => named
                .iter()
                .all(|one| one.alias == *holder || one.entry.id == record.id),
            Self::Later => false,
        }
    }
}

/// Whether the applications that are looked at answer, by the id on record.
#[derive(Default)]
pub(crate) struct Peers(BTreeMap<ApplicationId, Vec<(Target, Responsiveness)>>);

impl Peers {
    pub(crate) fn new(targets: &[Target]) -> Self {
        let mut peers = Self::default();
        for target in targets {
            let all = peers.0.entry(target.entry.id).or_default();
            all.push((target.clone(), Responsiveness::default()));
        }
        peers
    }

    /// The application that a record is about, by its id; of a clone and its model the one at the
    /// record's address.
    pub(crate) fn of(&self, record: &Record) -> Option<&(Target, Responsiveness)> {
        let all = self.0.get(&record.id)?;
        let url = record.application_url();
        all.iter()
            .find(|(target, _)| Some(&target.entry.url) == url.as_ref())
            .or_else(|| all.first())
    }

    pub(crate) fn report(&self, target: &Target, hangs: bool) {
        let all = self.0.get(&target.entry.id).into_iter().flatten();
        for (_, presence) in all.filter(|(one, _)| one.alias == target.alias) {
            presence.report(hangs);
        }
    }

    pub(crate) fn has_url(&self, url: &BaseUrl) -> bool {
        let mut all = self.0.values().flatten();
        all.any(|(target, _)| target.entry.url == *url)
    }
}

/// How closely is looked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Depth {
    /// Does it work? After a change.
    Closing,
    /// And if not, why?
    Full,
    /// And all that there is to know besides.
    Report,
}

impl Depth {
    pub(crate) fn is_full(self) -> bool {
        self != Self::Closing
    }
}
