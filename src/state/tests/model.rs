//! Finding, adding and removing entries of a state.

use jiff::Timestamp;

use super::super::consistency;
use super::super::*;
use super::{alias, id};
use crate::domain::{Alias, BaseUrl, LastApplied, Level, TypeId};

fn app(n: u128, type_id: &str) -> AppEntry {
    let url = BaseUrl::parse(&format!("https://a{n}.example.com")).unwrap();
    AppEntry::new(url, id(n), TypeId::from_wire(type_id))
}

fn link(a: &str, b: &str) -> LinkEntry {
    LinkEntry {
        between: [alias(a), alias(b)],
        ids: [(alias(a), id(2)), (alias(b), id(1))].into(),
        auth: Auth::Both(Level::OAuth),
        one_way: None,
        last_applied: LastApplied::default(),
    }
}

fn sample() -> State {
    let mut state = State::fresh();
    state.applications.insert(alias("jira"), app(1, "jira"));
    state
        .applications
        .insert(alias("wiki"), app(2, "confluence"));
    state.applications.insert(alias("code"), app(3, "stash"));
    state.upsert_link(link("jira", "wiki"));
    state.upsert_link(link("wiki", "code"));
    state
}

#[test]
fn links_are_found_whichever_end_is_named_first() {
    let mut state = sample();
    let (jira, wiki) = (alias("jira"), alias("wiki"));
    assert!(state.link(&wiki, &jira).is_some());
    let mut other = link("wiki", "jira");
    other.auth = Auth::new((&jira, Level::OAuth), (&wiki, Level::None));
    state.upsert_link(other);
    assert_eq!(state.links.len(), 2);
    let found = state.link(&jira, &wiki).unwrap();
    assert_eq!(found.auth.level_from(&jira), Level::OAuth);
    assert_eq!(found.auth.level_from(&wiki), Level::None);
    assert_eq!(found.other(&jira), Some(&wiki));
    assert_eq!(found.id_on(&jira), Some(id(1)));
    assert_eq!(state.links_of(&wiki).count(), 2);
    assert!(state.remove_link(&jira, &wiki).is_some());
    assert!(state.remove_link(&jira, &wiki).is_none());
    assert_eq!(consistency::check(&state), Ok(()));
}

#[test]
fn one_word_stands_for_both_directions() {
    let (a, b) = (alias("a"), alias("b"));
    assert_eq!(
        Auth::new((&a, Level::OAuth), (&b, Level::OAuth)),
        Auth::Both(Level::OAuth)
    );
}

#[test]
fn applications_are_found_moved_and_forgotten() {
    let mut state = sample();
    let wiki = alias("wiki");
    assert_eq!(state.by_id(id(2)).map(|found| found.0), Some(&wiki));
    let url = BaseUrl::parse("https://new.example.com/wiki/").unwrap();
    assert!(state.by_url(&url).is_none());
    assert!(state.set_url(&wiki, url.clone()));
    assert!(!state.set_url(&alias("nobody"), url.clone()));
    assert_eq!(state.by_url(&url).map(|found| found.0), Some(&wiki));
    assert_eq!(state.of_type(&TypeId::from_wire("stash")).count(), 1);
    let due = |on: &str, remote: &str| PendingDelete {
        on: alias(on),
        id: id(7),
        name: "x".to_owned(),
        remote: Some(alias(remote)),
        since: Timestamp::UNIX_EPOCH,
    };
    state.add_pending_delete(due("wiki", "jira"));
    state.add_pending_delete(due("jira", "wiki"));
    state.add_pending_delete(due("jira", "code"));
    assert_eq!(state.pending_deletes.len(), 2);
    assert!(state.remove_application(&wiki).is_some());
    assert!(state.links.is_empty());
    assert_eq!(state.pending_deletes.len(), 1);
    assert_eq!(consistency::check(&state), Ok(()));
    let kept = state.remove_pending_delete(&alias("jira"), id(7)).unwrap();
    assert_eq!(kept.remote, None);
}

#[test]
fn automatic_aliases_count_on() {
    let mut state = sample();
    let next = |state: &State, type_id: &str, taken: &[Alias]| {
        let type_id = TypeId::from_wire(type_id);
        state.next_alias(&type_id, taken).unwrap().to_string()
    };
    assert_eq!(next(&state, "jira", &[]), "jira-2");
    assert_eq!(next(&state, "jira", &[alias("jira-2")]), "jira-3");
    assert_eq!(next(&state, "stash", &[]), "bitbucket");
    assert_eq!(next(&state, "some.plugin", &[]), "app");
    state.applications.insert(alias("jira-2"), app(9, "jira"));
    state.remove_application(&alias("jira"));
    assert_eq!(next(&state, "jira", &[]), "jira");
}

#[test]
fn contradictions_are_found() {
    let broken = |change: &dyn Fn(&mut State)| {
        let mut state = sample();
        change(&mut state);
        consistency::check(&state).unwrap_err()
    };
    assert!(broken(&|s| drop(s.applications.remove(&alias("wiki")))).contains("wiki"));
    assert!(broken(&|s| s.links.push(link("code", "code"))).contains("itself"));
    assert!(broken(&|s| s.links.push(link("wiki", "jira"))).contains("twice"));
    assert!(broken(&|s| s.links[0].one_way = Some(alias("code"))).contains("says something of"));
    assert!(
        broken(&|s| s.links[0].auth = Auth::Each([(alias("jira"), Level::None)].into()))
            .contains("no level")
    );
}
