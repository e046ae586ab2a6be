//! What a step needs, what it reaches, and how it is undone.

use super::*;
use crate::domain::TypeId;
use crate::plan::testing::world::*;
use crate::plan::{Reversibility, Undo, View, describe_levels};

const AT: &str = "https://peer.example";

fn at(flags: Flags) -> View {
    view(2, "Peer", "jira", AT, flags)
}

fn levels(from: Flags, to: Flags) -> Step {
    Step::SetFlags {
        on: alias("wiki"),
        id: id(2),
        from: Directions::both(from),
        to: Directions::both(to),
    }
}

fn moved(to: &str, way: RelocationMethod) -> Step {
    let addresses = |url: &str| Addresses {
        rpc_url: url.to_owned(),
        display_url: url.to_owned(),
    };
    Step::Move {
        on: alias("wiki"),
        id: id(2),
        from: addresses(AT),
        to: addresses(to),
        method: way,
    }
}

fn create() -> Step {
    Step::Create {
        on: alias("wiki"),
        id: id(2),
        link: NewLink {
            name: "Peer".to_owned(),
            type_id: TypeId::from_wire("jira"),
            rpc_url: AT.to_owned(),
            display_url: AT.to_owned(),
            primary: false,
        },
    }
}

#[test]
fn only_what_ends_a_direction_is_grave() {
    let three_legged = Flags {
        three_legged: true,
        ..Flags::NONE
    };
    let cases = [
        (levels(Flags::NONE, Flags::OAUTH), Reversibility::Reversible),
        (
            levels(Flags::OAUTH, Flags::IMPERSONATION),
            Reversibility::Reversible,
        ),
        (
            levels(Flags::IMPERSONATION, Flags::OAUTH),
            Reversibility::Reversible,
        ),
        (
            levels(Flags::OAUTH, Flags::NONE),
            Reversibility::Irreversible,
        ),
        (
            levels(three_legged, Flags::NONE),
            Reversibility::Irreversible,
        ),
        (
            moved("https://new.example", RelocationMethod::Forced),
            Reversibility::Reversible,
        ),
        (create(), Reversibility::Reversible),
    ];
    for (step, gravity) in cases {
        assert_eq!(step.reversibility(), gravity, "{}", step.describe());
    }
    let mut one_direction = levels(Flags::OAUTH, Flags::OAUTH);
    if let Step::SetFlags { to, .. } = &mut one_direction {
        to.incoming = Flags::NONE;
    }
    assert_eq!(one_direction.reversibility(), Reversibility::Irreversible);
}

#[test]
fn undone_twice_is_the_step_again() {
    let steps = [
        levels(Flags::OAUTH, Flags::IMPERSONATION),
        moved("https://new.example", RelocationMethod::Rewritten),
        Step::Edit {
            on: alias("wiki"),
            id: id(2),
            from: Details {
                name: "Peer".to_owned(),
                display_url: AT.to_owned(),
            },
            to: Details {
                name: "Other".to_owned(),
                display_url: AT.to_owned(),
            },
        },
        Step::MakePrimary {
            on: alias("wiki"),
            id: id(2),
            was: Some(id(3)),
        },
    ];
    for step in steps {
        let back = match step.undo(None) {
            Undo::Exact(back) => back.undo(None),
            other => other,
        };
        assert_eq!(back, Undo::Exact(step));
    }
}

#[test]
fn a_move_is_taken_back_from_where_it_led() {
    let mut left = at(Flags::OAUTH);
    left.record.rpc_url = Some("https://new.example".to_owned());
    left.record.display_url = "https://own.example".to_owned();
    let step = moved("https://new.example", RelocationMethod::Checked);
    assert!(step.is_satisfied(Some(&left)));
    // Rewriting sets both, and is reached only with both.
    assert!(!moved("https://new.example", RelocationMethod::Rewritten).is_satisfied(Some(&left)));
    let Undo::Exact(back) = step.undo(Some(&left)) else {
        unreachable!("a move has a way back");
    };
    assert_eq!(back.check(Some(&left)), Ok(()));
    left.record.display_url = "https://mine.example".to_owned();
    let difference = back.check(Some(&left)).map_err(|d| (d.field, d.found));
    assert_eq!(
        difference,
        Err(("display URL", "https://mine.example".to_owned()))
    );
}

#[test]
fn what_stands_in_the_way_is_named() {
    let field = |step: Step, view: Option<&View>| step.check(view).map_err(|d| d.field);
    let there = at(Flags::OAUTH);
    assert_eq!(field(create(), None), Ok(()));
    assert_eq!(field(create(), Some(&there)), Err("link"));
    let raise = || levels(Flags::NONE, Flags::OAUTH);
    assert_eq!(field(raise(), None), Err("link"));
    assert_eq!(
        field(levels(Flags::IMPERSONATION, Flags::NONE), Some(&there)),
        Err("level")
    );
    assert!(raise().is_satisfied(Some(&there)));
    let mut elsewhere = there;
    elsewhere.record.rpc_url = Some("https://elsewhere.example".to_owned());
    assert_eq!(
        field(
            moved("https://new.example", RelocationMethod::Checked),
            Some(&elsewhere)
        ),
        Err("application URL")
    );
    assert!(!create().is_satisfied(Some(&elsewhere)));
}

#[test]
fn levels_are_told_in_words() {
    let mixed = Directions {
        incoming: Flags::OAUTH,
        outgoing: Flags::NONE,
    };
    assert_eq!(describe_levels(mixed), "incoming oauth, outgoing none");
    assert_eq!(describe_levels(Directions::both(Flags::OAUTH)), "oauth");
    assert_eq!(
        levels(Flags::NONE, Flags::OAUTH).describe(),
        "set both directions to oauth (from none)"
    );
}
