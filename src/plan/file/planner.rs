//! Plans a whole file: link after link, consumer after consumer, then what is deleted.

use std::collections::BTreeMap;

use super::file_plan::Outcome;
use super::observed_state::{Estate, Seen};
use super::primary::{Claims, Firsts};
use super::{consumer, link, names, prune};
use crate::domain::{ApplicationId, Code};
use crate::error::{Error, Result};
use crate::wanted::Wanted;

/// Plans what makes the applications match the file. Skips links with an application that could not
/// be observed: the observation reports that.
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

#[cfg(test)]
#[path = "properties.rs"]
mod properties;
#[cfg(test)]
#[path = "tests.rs"]
mod tests;
