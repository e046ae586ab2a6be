//! The plan that makes the links of an estate what a file says: from what was observed and what is
//! wanted to changes, each with the steps that make it.
//!
//! A link is a plan of its own, and so is a program: what fails in one leaves the others alone.
//! What the file does not say is left as it is.

mod change;
mod consumer;
mod kept;
mod link;
mod memory;
mod names;
mod prune;
#[doc(hidden)]
pub mod tried;

use std::collections::{BTreeMap, BTreeSet};

pub use change::{Action, Change, Drift};
pub use kept::{KEPT_MARK, Kept, Observed, Unkept, difference, is_kept};
pub use names::{Given, names_given};

use super::{Agenda, Goal, Plan, View};
use crate::domain::{
    Alias, ApplicationId, BaseUrl, Code, Directions, Level, Made, Manifest, TypeId,
};
use crate::error::{Error, Result};
use crate::plan::{NewConsumer, Way};
use crate::wanted::{Wanted, WantedLink};

/// An application as it was observed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
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
    /// Whether it can store and take back what a third-party program may do.
    pub keeps_consumers: bool,
    /// How the address of a record can be changed on it.
    pub way: Way,
    /// Nobody may look at its records: it is only the far side of one-way links.
    pub is_far_side: bool,
}

/// What applink remembers of a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remembered {
    /// What calls from each of the two use.
    pub levels: BTreeMap<Alias, Level>,
    /// Which of the two held a record of the other.
    pub holders: Vec<Alias>,
    /// What their records were given besides.
    pub made: Made,
}

/// What applink remembers of a third-party program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RememberedConsumer {
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
pub struct Estate {
    /// The applications that could be observed.
    pub apps: BTreeMap<Alias, Seen>,
    /// What the state remembers of links, under the pair in the order of aliases.
    pub links: BTreeMap<(Alias, Alias), Remembered>,
    /// What the state remembers of programs, under application and name.
    pub consumers: BTreeMap<(Alias, String), RememberedConsumer>,
    /// The public keys that the file gives, by the place of the program in the file.
    pub keys: BTreeMap<usize, GivenKey>,
    /// The lengths of the keys of observed consumers, by fingerprint.
    pub bits: BTreeMap<String, u32>,
}

/// A public key as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenKey {
    /// Base64 of its `SubjectPublicKeyInfo`.
    pub base64: String,
    /// The SHA-256 of it, in hex.
    pub fingerprint: String,
    /// The length of the key.
    pub bits: u32,
}

/// One link or program: what changes, and the plan that makes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The changes, as a person reviews them; none where all is as wanted.
    pub changes: Vec<Change>,
    /// What somebody changed by hand since applink made it.
    pub drift: Vec<Drift>,
    /// Whether it allows calls as any user that were not allowed before.
    pub impersonates: bool,
    /// Where the file gives the name of the record.
    pub named: BTreeSet<Alias>,
    /// The steps.
    pub plan: Plan,
}

/// What a file comes to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcome {
    /// The links and programs of the file in its order, then what is deleted; but what gives up a
    /// name goes before what gets it.
    pub parts: Vec<Part>,
    /// What cannot be planned; the rest can.
    pub refused: Vec<Error>,
    /// What a person should know.
    pub notes: Vec<String>,
    /// What a person may not want, and how to choose otherwise.
    pub warnings: Vec<Error>,
}

impl Outcome {
    /// All changes.
    pub fn changes(&self) -> impl Iterator<Item = &Change> {
        self.parts.iter().flat_map(|part| &part.changes)
    }

    /// All that somebody changed by hand.
    pub fn drift(&self) -> impl Iterator<Item = &Drift> {
        self.parts.iter().flat_map(|part| &part.drift)
    }
}

/// Plans what makes the estate what the file says. Links with an application that is not in the
/// estate, because it could not be observed, are passed over: that was said where it was looked.
///
/// # Errors
///
/// Two aliases of the file are one application, or a copy of one.
pub fn plan(estate: &Estate, wanted: &Wanted, prune: bool) -> Result<Outcome> {
    refuse_clones(estate)?;
    let mut outcome = Outcome::default();
    let mut firsts = Firsts::new(estate);
    let mut claimed = Claims::default();
    for link in &wanted.links {
        let [a, b] = &link.between;
        let (Some(local), Some(remote)) = (estate.apps.get(a), estate.apps.get(b)) else {
            continue;
        };
        if let Err(error) = claimed.claim(local, remote, link) {
            outcome.refused.push(error);
            continue;
        }
        match link::plan(estate, local, remote, link, &mut firsts) {
            Ok(part) => outcome.parts.push(part),
            Err(error) => outcome.refused.push(error),
        }
    }
    for (n, consumer) in wanted.consumers.iter().enumerate() {
        let Some(on) = estate.apps.get(&consumer.on) else {
            continue;
        };
        match consumer::plan(estate, on, n, consumer) {
            Ok(part) => outcome.parts.push(part),
            Err(error) => outcome.refused.push(error),
        }
    }
    if prune {
        prune::plan(estate, wanted, &mut outcome);
    }
    names::settle(estate, &mut outcome);
    Ok(outcome)
}

fn refuse_clones(estate: &Estate) -> Result<()> {
    let mut ids: BTreeMap<ApplicationId, &Seen> = BTreeMap::new();
    for seen in estate.apps.values() {
        if let Some(other) = ids.insert(seen.manifest.id, seen) {
            return Err(Error::refused(format!(
                "{} ({}) and {} ({}) carry one application id: it is the same application under two addresses, or one is a clone of the other",
                other.alias, other.url, seen.alias, seen.url
            ))
            .code(Code::ClonedApplication)
            .hint("give the copy a server id of its own before linking it"));
        }
    }
    Ok(())
}

/// Which record is the first choice of its type on each application, as the plan goes on: the first
/// one that is made becomes it by itself.
struct Firsts(BTreeMap<(Alias, TypeId), ApplicationId>);

impl Firsts {
    fn new(estate: &Estate) -> Self {
        let mut firsts = BTreeMap::new();
        for seen in estate.apps.values() {
            for (id, view) in &seen.records {
                let key = (seen.alias.clone(), view.record.type_id.clone());
                if view.record.primary {
                    firsts.insert(key, *id);
                }
            }
        }
        Self(firsts)
    }

    fn get(&self, on: &Alias, type_id: &TypeId) -> Option<ApplicationId> {
        self.0.get(&(on.clone(), type_id.clone())).copied()
    }

    fn set(&mut self, on: &Alias, type_id: &TypeId, id: ApplicationId) {
        self.0.insert((on.clone(), type_id.clone()), id);
    }
}

/// Which links of the file shall be the first choice of a type on an application: one for each.
#[derive(Default)]
struct Claims(BTreeMap<(Alias, TypeId), Alias>);

impl Claims {
    fn claim(&mut self, local: &Seen, remote: &Seen, link: &WantedLink) -> Result<()> {
        for (here, there) in [(local, remote), (remote, local)] {
            if !link.primary.contains(&here.alias) {
                continue;
            }
            let type_id = &there.manifest.type_id;
            let key = (here.alias.clone(), type_id.clone());
            if let Some(other) = self.0.insert(key, there.alias.clone()) {
                return Err(Error::usage(format!(
                    "on {} the links to {other} and to {} cannot both be the primary one to {}",
                    here.alias,
                    there.alias,
                    type_id.name()
                )));
            }
        }
        Ok(())
    }
}

/// What every record that an agenda is about was when it was observed: what a plan that is kept goes
/// by. Of a link that changes both ends count, whichever of them the steps touch.
pub fn observed(estate: &Estate, agenda: &Agenda) -> Vec<(Alias, ApplicationId, Option<View>)> {
    let mut seen: BTreeMap<(Alias, ApplicationId), Option<View>> = BTreeMap::new();
    for plan in agenda.parts.iter().filter(|plan| !plan.is_empty()) {
        let mut places: Vec<(&Alias, ApplicationId)> = plan
            .steps
            .iter()
            .map(|step| (step.on(), step.id()))
            .collect();
        if let Goal::Link {
            local,
            remote,
            local_link_id,
            remote_link_id,
            ..
        } = &plan.goal
        {
            places.push((local, *local_link_id));
            places.extend(remote_link_id.map(|id| (remote, id)));
        }
        for (on, id) in places {
            let app = estate.apps.get(on);
            let view = app.and_then(|app| app.records.get(&id)).cloned();
            seen.insert((on.clone(), id), view);
        }
    }
    let seen = seen.into_iter();
    seen.map(|((on, id), view)| (on, id, view)).collect()
}

/// The levels of a record in one word per direction.
fn levels(view: &View) -> Directions<Level> {
    view.flags.map(Level::from)
}

#[cfg(test)]
mod properties;
#[cfg(test)]
#[path = "tests.rs"]
mod tests;
