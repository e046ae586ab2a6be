//! Plan files and applications for the tests of the file planner.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::{BTreeMap, BTreeSet};

use super::run::go;
use super::world::{Notes, World, alias, base, id, manifest, view};
use crate::desired::{DesiredApplication, DesiredLink, DesiredState};
use crate::domain::{Alias, ApplicationId, BaseUrl, Directions, Flags, Manifest, Position};
use crate::plan::file::{FilePlan, ObservedApp, ObservedState};
use crate::plan::{NewConsumer, PlanSet, PlanSource, RelocationMethod, View};

pub(crate) const AT: Position = Position { line: 1, column: 1 };
/// The applications: alias, id, type.
pub(crate) const APPS: [(&str, u128, &str); 4] = [
    ("code", 1, "stash"),
    ("jira", 2, "jira"),
    ("jira-2", 3, "jira"),
    ("wiki", 4, "confluence"),
];

pub(crate) fn address(name: &str) -> BaseUrl {
    base(&format!("https://{name}.example"))
}

/// What a planner sees of a world.
pub(crate) fn observed_state(world: &World, way: RelocationMethod) -> ObservedState {
    let records = world.snapshot();
    let apps = APPS
        .iter()
        .map(|(name, n, type_id)| {
            let own: BTreeMap<_, _> = records
                .iter()
                .filter(|((on, _), _)| on.as_str() == *name)
                .map(|((_, id), view)| (*id, view.clone()))
                .collect();
            let consumers = own
                .iter()
                .map(|(id, view)| {
                    let all = view.consumers.iter().map(|mark| NewConsumer {
                        key: mark.key.clone(),
                        name: mark.key.clone(),
                        public_key: mark.fingerprint.clone().unwrap(),
                        fingerprint: mark.fingerprint.clone().unwrap(),
                        callback: mark.callback.clone(),
                        incoming: view.flags.incoming,
                    });
                    (*id, all.collect())
                })
                .collect();
            let seen = ObservedApp {
                alias: alias(name),
                url: address(name),
                manifest: Manifest {
                    url: None,
                    ..manifest(*n, name, type_id, "")
                },
                records: own,
                consumers,
                supports_consumers: true,
                method: way,
                needs_no_account: false,
            };
            (seen.alias.clone(), seen)
        })
        .collect();
    ObservedState {
        apps,
        ..ObservedState::default()
    }
}

pub(crate) fn wanted(links: Vec<DesiredLink>) -> DesiredState {
    DesiredState {
        applications: APPS
            .iter()
            .map(|(name, ..)| {
                let url = address(name);
                (alias(name), DesiredApplication { url, at: AT })
            })
            .collect(),
        links,
        consumers: Vec::new(),
    }
}

pub(crate) fn link(a: &str, b: &str) -> DesiredLink {
    DesiredLink {
        between: [alias(a), alias(b)],
        auth: BTreeMap::new(),
        names: BTreeMap::new(),
        application_urls: BTreeMap::new(),
        display_urls: BTreeMap::new(),
        primary: BTreeSet::new(),
        one_way: None,
        at: AT,
    }
}

pub(crate) fn record(
    on: &str,
    of: &str,
    flags: Directions<Flags>,
) -> ((Alias, ApplicationId), View) {
    let (_, n, type_id) = APPS.iter().find(|(name, ..)| *name == of).unwrap();
    let mut view = view(*n, of, type_id, &address(of).to_string(), Flags::NONE);
    view.flags = flags;
    ((alias(on), id(*n)), view)
}

pub(crate) fn carry_out(world: &World, outcome: &FilePlan) {
    let plan_set = PlanSet {
        source: PlanSource::File,
        plans: outcome.items.iter().map(|part| part.plan.clone()).collect(),
    };
    let report = go(&plan_set, Vec::new(), world, &mut Notes::default());
    assert_eq!(report.failure, None);
}

/// `action field from -> to`, one for each change.
pub(crate) fn lines(outcome: &FilePlan) -> Vec<String> {
    outcome
        .changes()
        .map(|change| {
            format!(
                "{} {} {} -> {}{}",
                change.action.as_str(),
                change.field.as_deref().unwrap_or("-"),
                change.from,
                change.to,
                if change.drift { " drift" } else { "" }
            )
        })
        .collect()
}
