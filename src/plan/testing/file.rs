//! Plan files and applications for the tests of the file planner.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::{BTreeMap, BTreeSet};

use super::run::go;
use super::world::{Notes, World, alias, base, id, manifest, view};
use crate::domain::{Alias, ApplicationId, BaseUrl, Directions, Flags, Manifest, Position};
use crate::plan::file::{Estate, Outcome, Seen};
use crate::plan::{Agenda, NewConsumer, Purpose, View, Way};
use crate::wanted::{Wanted, WantedApplication, WantedLink};

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
pub(crate) fn estate(world: &World, way: Way) -> Estate {
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
            let seen = Seen {
                alias: alias(name),
                url: address(name),
                manifest: Manifest {
                    url: None,
                    ..manifest(*n, name, type_id, "")
                },
                records: own,
                consumers,
                keeps_consumers: true,
                way,
                is_far_side: false,
            };
            (seen.alias.clone(), seen)
        })
        .collect();
    Estate {
        apps,
        ..Estate::default()
    }
}

pub(crate) fn wanted(links: Vec<WantedLink>) -> Wanted {
    Wanted {
        applications: APPS
            .iter()
            .map(|(name, ..)| {
                let url = address(name);
                (alias(name), WantedApplication { url, at: AT })
            })
            .collect(),
        links,
        consumers: Vec::new(),
    }
}

pub(crate) fn link(a: &str, b: &str) -> WantedLink {
    WantedLink {
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

pub(crate) fn carry_out(world: &World, outcome: &Outcome) {
    let agenda = Agenda {
        purpose: Purpose::File,
        parts: outcome.parts.iter().map(|part| part.plan.clone()).collect(),
    };
    let report = go(&agenda, Vec::new(), world, &mut Notes::default());
    assert_eq!(report.failure, None);
}

/// `action field from -> to`, one for each change.
pub(crate) fn lines(outcome: &Outcome) -> Vec<String> {
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
