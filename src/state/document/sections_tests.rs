#![expect(clippy::unwrap_used, reason = "a test may fail that way")]

use std::fmt::Write as _;

use super::super::{edit as edit_whole, read};
use super::*;
use crate::domain::{ApplicationId, Level};
use crate::state::link::Auth;

const HEAD: &str = "# applink state; it ends with a line \"# end\", or it was cut off.\nversion = 2\nlineage = \"67e55044-10b1-426f-9247-bb680e5fe0c8\" # ours\nserial = 7\n";

fn id(n: u128) -> String {
    ApplicationId::from(uuid::Uuid::from_u128(n)).to_string()
}

/// Five applications and four links, with comments and tables of somebody else.
fn sample() -> String {
    let mut text = HEAD.to_owned();
    for n in 0..5 {
        let _ = write!(
            text,
            "\n# number {n}\n[applications.app-{n}]\nurl = \"https://a{n}.example.com\" # where\nid = \"{}\"\ntype = \"jira\"\nodd = true\n",
            id(n)
        );
    }
    text.push_str("\n[their.own]\nx = [\n  1,\n]\n");
    for n in 1..5 {
        let _ = write!(
            text,
            "\n# link {n}\n[[links]]\nbetween = [\"app-0\", \"app-{n}\"]\nids = {{ app-0 = \"{}\", app-{n} = \"{}\" }} # both\nauth = \"oauth\"\nnote = \"kept\"\n\n",
            id(n),
            id(0)
        );
    }
    text.push_str("# the last word\n\n# end\n");
    text
}

fn alias(n: u32) -> Alias {
    format!("app-{n}").parse().unwrap()
}

fn link(a: u32, b: u32) -> LinkEntry {
    let number = |n: u32| ApplicationId::from(uuid::Uuid::from_u128(n.into()));
    LinkEntry {
        between: [alias(a), alias(b)],
        ids: [(alias(a), number(b)), (alias(b), number(a))].into(),
        auth: Auth::Both(Level::Impersonation),
        one_way: None,
        last_applied: crate::domain::LastApplied::default(),
    }
}

type Change = fn(&mut State);
type Written<'a> = &'a dyn Fn(&str) -> String;

const CHANGES: [Change; 9] = [
    |state| state.links[1].auth = Auth::Both(Level::None),
    |state| state.links[3].one_way = Some(alias(0)),
    |state| drop(state.links.remove(0)),
    |state| drop(state.links.pop()),
    |state| state.upsert_link(link(1, 2)),
    |state| {
        state.links.remove(2);
        state.upsert_link(link(3, 4));
        state.upsert_link(link(2, 4));
        state.links[0].auth = Auth::Both(Level::Impersonation);
    },
    |state| {
        let app = state.applications.get_mut(&alias(2)).unwrap();
        app.user = Some("admin".to_owned());
    },
    |state| drop(state.remove_application(&alias(4))),
    |state| {
        let app = state.applications[&alias(1)].clone();
        state.applications.insert("wiki".parse().unwrap(), app);
    },
];

#[test]
fn it_comes_to_the_same_as_editing_the_whole() {
    let (text, old) = read(sample().as_bytes()).unwrap();
    for (number, change) in CHANGES.iter().enumerate() {
        let mut new = old.clone();
        change(&mut new);
        let whole = edit_whole(Some(&text), &old, &new).unwrap().unwrap();
        assert_eq!(edit(&text, &old, &new), Some(whole), "change {number}");
    }
}

#[test]
fn what_is_written_otherwise_is_left_to_others() {
    let inline = |text: &str| text.replace("ids = { app-0", "ids = { \"app-0\"");
    let below = |text: &str| {
        let (before, after) = text.split_once("[their.own]").unwrap();
        format!("{before}[applications.app-4.more]\ny = 1\n\n[their.own]{after}")
    };
    let spaced = |text: &str| text.replace("[[links]]", "[[ links ]]");
    let long = |text: &str| text.replace("x = [\n  1,\n]", "x = \"\"\"\n[[links]]\n\"\"\"");
    let windows = |text: &str| text.replace('\n', "\r\n");
    let cases: [(Written<'_>, bool); 5] = [
        (&inline, true),
        (&below, false),
        (&spaced, false),
        (&long, false),
        (&windows, false),
    ];
    for (written, quick) in cases {
        let (text, old) = read(written(&sample()).as_bytes()).unwrap();
        for change in CHANGES {
            let mut new = old.clone();
            change(&mut new);
            let whole = edit_whole(Some(&text), &old, &new).unwrap().unwrap();
            let found = edit(&text, &old, &new);
            if let Some(found) = &found {
                assert_eq!(*found, whole);
            }
            assert!(found.is_some() || !quick);
        }
    }
}
