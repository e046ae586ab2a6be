//! Whatever a server or a person may call something, it comes back as it was.

use std::path::PathBuf;

use proptest::prelude::*;
use uuid::Uuid;

use super::super::document;
use super::super::*;
use super::{BY_HAND, add, alias, id, link};
use crate::domain::Level;

fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[\"'\\\\\n\r\t \u{2028}\0\u{7f}#=\\[\\]]{0,12}",
        Just("\"\n[[links]]\nid=\"x".to_owned()),
        Just("''' \"\"\" \\".to_owned()),
        Just("\u{2028}\u{202e}\u{feff}\0".to_owned()),
        Just("# end".to_owned()),
        Just("\n# end\n".to_owned()),
    ]
}

fn any_level() -> impl Strategy<Value = Level> {
    prop_oneof![
        Just(Level::None),
        Just(Level::OAuth),
        Just(Level::Impersonation),
        Just(Level::ThreeLegged),
        Just(Level::Legacy),
    ]
}

fn any_state() -> impl Strategy<Value = State> {
    let apps = proptest::collection::vec((hostile(), hostile(), any::<bool>()), 2..6);
    let pairs = proptest::collection::vec((0..5_u128, 0..5_u128, any_level(), any_level()), 0..6);
    let dues = proptest::collection::vec((0..5_u128, any::<u128>(), hostile()), 0..4);
    (apps, pairs, dues).prop_map(|(apps, pairs, dues)| {
        let mut state = State::empty(Uuid::from_u128(1));
        for (n, (user, path, known)) in (0..).zip(&apps) {
            add(&mut state, n);
            let entry = state
                .applications
                .get_mut(&alias(&format!("a{n}")))
                .unwrap();
            if *known {
                entry.user = Some(user.clone());
                entry.cacert = Some(PathBuf::from(path));
                entry.credential = "command:pass 'a b'".parse().ok();
            }
        }
        let count = apps.len() as u128;
        for (a, b, one, two) in pairs {
            let (a, b) = (a % count, b % count);
            if a != b {
                let mut link = link(a, b);
                let [x, y] = &link.between;
                link.auth = Auth::new((x, one), (y, two));
                link.one_way = (one == Level::None).then(|| x.clone());
                state.upsert_link(link);
            }
        }
        for (on, record, name) in dues {
            state.add_pending_delete(PendingDelete {
                on: alias(&format!("a{}", on % count)),
                id: id(record),
                name,
                remote: None,
                since: jiff::Timestamp::UNIX_EPOCH,
            });
        }
        state
    })
}

fn edited(text: Option<&str>, old: &State, new: &State) -> (String, State) {
    match document::edit(text, old, new).unwrap() {
        Some(text) => document::read(text.as_bytes()).unwrap(),
        None => (text.unwrap_or_default().to_owned(), old.clone()),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn every_state_becomes_every_other_one(one in any_state(), two in any_state()) {
        let empty = State::empty(one.lineage);
        let (text, first) = edited(None, &empty, &one);
        prop_assert!(document::is_same_content(&first, &one));
        let wanted = State { serial: first.serial, ..two };
        let text = (!text.is_empty()).then_some(text);
        let (_, second) = edited(text.as_deref(), &first, &wanted);
        prop_assert!(document::is_same_content(&second, &wanted));
    }

    #[test]
    fn a_change_leaves_what_a_person_wrote(state in any_state()) {
        let (_, old) = document::read(BY_HAND.as_bytes()).unwrap();
        let mut new = old.clone();
        new.applications.extend(state.applications);
        new.links.extend(state.links);
        let (text, read) = edited(Some(BY_HAND), &old, &new);
        prop_assert!(document::is_same_content(&read, &new));
        for line in BY_HAND.lines().filter(|line| !line.starts_with("serial")) {
            prop_assert!(text.contains(line), "{}", line);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn ten_thousand_names_come_back(name in hostile()) {
        let empty = State::empty(Uuid::from_u128(1));
        let mut state = empty.clone();
        add(&mut state, 1);
        let due = PendingDelete {
            on: alias("a1"),
            id: id(7),
            name: name.clone(),
            remote: None,
            since: jiff::Timestamp::UNIX_EPOCH,
        };
        state.add_pending_delete(due);
        let (_, read) = edited(None, &empty, &state);
        prop_assert_eq!(&read.pending_deletes[0].name, &name);
    }

    #[test]
    fn no_bytes_are_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = document::read(&bytes);
        let _ = document::read_revision(&bytes);
    }
}
