//! Plans a whole file: link after link, consumer after consumer, then what is deleted.

use std::collections::BTreeMap;

use super::file_plan::FilePlan;
use super::observed_state::{ObservedApp, ObservedState};
use super::primary::{PrimaryClaims, PrimaryLinks};
use super::{consumer, link, names, prune};
use crate::desired::DesiredState;
use crate::domain::{ApplicationId, Code};
use crate::error::{Error, Result};
use crate::plan::Step;

/// Plans what makes the applications match the file. Skips links with an application that could not
/// be observed: the observation reports that.
///
/// # Errors
///
/// Two aliases of the file are one application, or a copy of one.
pub fn plan(
    observed_state: &ObservedState,
    wanted: &DesiredState,
    prune: bool,
) -> Result<FilePlan> {
    refuse_clones(observed_state)?;
    let mut outcome = FilePlan::default();
    let firsts = PrimaryLinks::new(observed_state);
    let mut claimed = PrimaryClaims::default();
    for link in &wanted.links {
        let [a, b] = &link.between;
        let (Some(local), Some(remote)) = (observed_state.apps.get(a), observed_state.apps.get(b))
        else {
            continue;
        };
        if let Err(error) = claimed.claim(local, remote, link) {
            outcome.refused.push(error);
            continue;
        }
        match link::plan(observed_state, local, remote, link, &firsts) {
            Ok(part) => outcome.items.push(part),
            Err(error) => outcome.refused.push(error),
        }
    }
    for (n, consumer) in wanted.consumers.iter().enumerate() {
        let Some(on) = observed_state.apps.get(&consumer.on) else {
            continue;
        };
        match consumer::plan(observed_state, on, n, consumer) {
            Ok(part) => outcome.items.push(part),
            Err(error) => outcome.refused.push(error),
        }
    }
    if prune {
        prune::plan(observed_state, wanted, &mut outcome);
    }
    names::resolve(observed_state, &mut outcome);
    add_primary_steps(observed_state, &mut outcome);
    Ok(outcome)
}

/// Adds the steps that make links primary. The first record of a type becomes primary by itself, so
/// they are decided in the order in which the plans are carried out, without those that were refused.
fn add_primary_steps(observed_state: &ObservedState, outcome: &mut FilePlan) {
    let mut firsts = PrimaryLinks::new(observed_state);
    for item in &mut outcome.items {
        let steps: Vec<Step> = item
            .primary
            .iter()
            .filter_map(|request| firsts.step(request))
            .collect();
        // Levels are set last.
        let all = &mut item.plan.steps;
        let at = all
            .iter()
            .position(|step| matches!(step, Step::SetFlags { .. }))
            .unwrap_or(all.len());
        all.splice(at..at, steps);
    }
}

fn refuse_clones(observed_state: &ObservedState) -> Result<()> {
    let mut ids: BTreeMap<ApplicationId, &ObservedApp> = BTreeMap::new();
    for seen in observed_state.apps.values() {
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
