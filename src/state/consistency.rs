//! Whether a state contradicts itself.

use std::collections::BTreeSet;

use super::link::{Auth, LinkEntry};
use super::model::State;
use crate::domain::Alias;

/// Refuses a state that names an unknown application, or says the same thing twice.
pub(crate) fn check(state: &State) -> Result<(), String> {
    check_links(state)?;
    check_keys(state, &state.consumers, |one| {
        (
            format!("the consumer {:?}", one.name),
            &one.on,
            one.name.clone(),
        )
    })?;
    check_keys(state, &state.former_consumers, |one| {
        (
            format!("the former consumer {:?}", one.key),
            &one.on,
            one.key.clone(),
        )
    })?;
    check_keys(state, &state.oauth2_clients, |one| {
        (
            format!("the OAuth 2.0 client {:?}", one.name),
            &one.on,
            one.name.clone(),
        )
    })?;
    check_keys(state, &state.pending_deletes, |due| {
        (
            format!("the pending delete of {}", due.id),
            &due.on,
            due.id.to_string(),
        )
    })?;
    check_keys(state, &state.abandoned, |change| {
        (
            format!("the abandoned change of {}", change.id),
            &change.on,
            format!("{} {}", change.id, change.detail),
        )
    })
}

fn check_links(state: &State) -> Result<(), String> {
    let mut pairs = BTreeSet::new();
    for link in &state.links {
        let [a, b] = &link.between;
        // There may be very many, and nothing is said of most.
        let name = || format!("the link between {a} and {b}");
        if a == b {
            return Err(format!("there is a link between {a} and itself"));
        }
        for end in [a, b] {
            check_known(state, end, name)?;
        }
        if !pairs.insert(link.key()) {
            return Err(format!("{} is there twice", name()));
        }
        if let Auth::Each(levels) = &link.auth
            && levels.len() != 2
        {
            return Err(format!("{} has no level for each of the two", name()));
        }
        if let Some(alias) = named(link).find(|alias| !link.touches(alias)) {
            return Err(format!("{} says something of {alias}", name()));
        }
    }
    Ok(())
}

/// The applications that the values of a link name.
fn named(link: &LinkEntry) -> impl Iterator<Item = &Alias> {
    let levels = match &link.auth {
        Auth::Both(_) => None,
        Auth::Each(levels) => Some(levels.keys()),
    };
    let values = link.ids.keys().chain(&link.one_way);
    values
        .chain(link.last_applied.applications())
        .chain(levels.into_iter().flatten())
}

/// Checks entries of which each has a key of its own on its application. `describe` gives the name
/// of an entry in messages, its application and its key.
fn check_keys<'a, T>(
    state: &State,
    entries: &'a [T],
    describe: impl Fn(&'a T) -> (String, &'a Alias, String),
) -> Result<(), String> {
    let mut seen = BTreeSet::new();
    for entry in entries {
        let (name, on, key) = describe(entry);
        check_known(state, on, || name.clone())?;
        if !seen.insert((on, key)) {
            return Err(format!("{name} on {on} is there twice"));
        }
    }
    Ok(())
}

fn check_known(state: &State, alias: &Alias, what: impl Fn() -> String) -> Result<(), String> {
    if state.applications.contains_key(alias) {
        return Ok(());
    }
    Err(format!(
        "{} names {alias}, which is not among the applications",
        what()
    ))
}
