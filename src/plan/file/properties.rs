//! Property tests: after the changes are carried out, a second plan has none.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::desired::DesiredLink;
use crate::domain::{Alias, Directions, Flags, Level};
use crate::plan::testing::file::{
    APPS, address, carry_out, lines, link, observed_state, record, wanted,
};
use crate::plan::testing::world::*;
use crate::plan::{RelocationMethod, View};

fn flags() -> impl Strategy<Value = Directions<Flags>> {
    let one = prop_oneof![
        Just(Flags::NONE),
        Just(Flags::THREE_LEGGED),
        Just(Flags::OAUTH),
        Just(Flags::IMPERSONATION)
    ];
    (one.clone(), one).prop_map(|(incoming, outgoing)| Directions { incoming, outgoing })
}

fn level() -> impl Strategy<Value = Option<Level>> {
    prop_oneof![
        Just(None),
        Just(Some(Level::None)),
        Just(Some(Level::OAuth)),
        Just(Some(Level::Impersonation))
    ]
}

fn text() -> impl Strategy<Value = Option<String>> {
    prop_oneof![Just(None), Just(None), "[ab]".prop_map(Some)]
}

/// Names that links have, get, and take from each other.
fn name() -> impl Strategy<Value = Option<String>> {
    prop_oneof![Just(None), "(a|b|c|wiki|code|jira - 2)".prop_map(Some)]
}

/// Some records, as an application may have them: one first choice of each type.
fn records() -> impl Strategy<Value = Records> {
    let pairs: Vec<(&str, &str)> = APPS
        .iter()
        .flat_map(|(on, ..)| APPS.iter().map(move |(of, ..)| (*on, *of)))
        .filter(|(on, of)| on != of)
        .collect();
    let some = proptest::option::of((flags(), name(), text(), text()));
    proptest::collection::vec(some, pairs.len()).prop_map(move |all| {
        let mut records = Records::new();
        for ((on, of), some) in pairs.iter().zip(all) {
            let Some((flags, name, rpc_url, display_url)) = some else {
                continue;
            };
            let (key, mut view) = record(on, of, flags);
            let taken: BTreeSet<&str> = records
                .iter()
                .filter(|((at, _), _): &(&(Alias, _), &View)| *at == key.0)
                .map(|(_, other)| other.record.name.as_str())
                .collect();
            let names = [name.as_deref().unwrap_or(of), of, &format!("{of}!")].map(str::to_owned);
            let free = names
                .into_iter()
                .find(|name| !taken.contains(name.as_str()));
            view.record.name = free.unwrap_or_default();
            if let Some(url) = rpc_url {
                view.record.rpc_url = Some(address(&url).to_string());
            }
            if let Some(url) = display_url {
                view.record.display_url = address(&url).to_string();
            }
            let first = records
                .iter()
                .any(|((at, _), other): (&(Alias, _), &View)| {
                    *at == key.0 && other.record.type_id == view.record.type_id
                });
            view.record.primary = !first;
            records.insert(key, view);
        }
        records
    })
}

fn links() -> impl Strategy<Value = Vec<DesiredLink>> {
    let pairs: Vec<(&str, &str)> = (0..APPS.len())
        .flat_map(|n| (0..n).map(move |m| (APPS[n].0, APPS[m].0)))
        .collect();
    let end = || (level(), name(), text(), text(), any::<bool>());
    let some = proptest::option::of((end(), end(), 0..6_u8));
    proptest::collection::vec(some, pairs.len()).prop_map(move |all| {
        let mut links = Vec::new();
        for ((a, b), some) in pairs.iter().zip(all) {
            let Some((one, other, way)) = some else {
                continue;
            };
            let mut link = link(a, b);
            link.one_way = match way {
                0 => Some(alias(a)),
                1 => Some(alias(b)),
                _ => None,
            };
            for (name, (level, text, rpc_url, display_url, primary)) in [(a, one), (b, other)] {
                let on = alias(name);
                if !link.has_record_on(&on) {
                    continue;
                }
                if let (Some(level), None) = (level, &link.one_way) {
                    link.auth.insert(on.clone(), level);
                }
                if let Some(text) = text {
                    link.names.insert(on.clone(), text);
                }
                if let Some(url) = rpc_url {
                    link.application_urls.insert(on.clone(), address(&url));
                }
                if let Some(url) = display_url {
                    link.display_urls.insert(on.clone(), address(&url));
                }
                if primary {
                    link.primary.insert(on);
                }
            }
            links.push(link);
        }
        links
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn after_its_changes_are_carried_out_a_plan_is_empty(
        records in records(),
        links in links(),
        checked in any::<bool>(),
        prune in any::<bool>(),
    ) {
        let way = if checked { RelocationMethod::Checked } else { RelocationMethod::Rewritten };
        let world = World::of(&records);
        let file = wanted(links);
        let outcome = plan(&observed_state(&world, way), &file, prune).unwrap();
        // Every change has its steps, and every step its change.
        for part in &outcome.items {
            prop_assert_eq!(part.changes.is_empty(), part.plan.is_empty());
        }
        carry_out(&world, &outcome);
        // No name is there twice, and every one that was chosen and not refused is given.
        let mut names = BTreeSet::new();
        for ((on, _), view) in &world.snapshot() {
            prop_assert!(names.insert((on.clone(), view.record.name.clone())));
        }
        let again = plan(&observed_state(&world, way), &file, prune).unwrap();
        prop_assert_eq!(lines(&again), Vec::<String>::new());
        let again = again.items.iter().all(|part| part.plan.is_empty());
        prop_assert!(again);
        // What the file does not name is as it was.
        let after = world.snapshot();
        for ((on, of), view) in &records {
            let other = APPS.iter().find(|(_, n, _)| id(*n) == *of).unwrap().0;
            if !prune && !file.wants_link(on, &alias(other)) {
                let now = &after[&(on.clone(), *of)];
                prop_assert_eq!(&now.flags, &view.flags);
                prop_assert_eq!(&now.record.name, &view.record.name);
            }
        }
    }
}
