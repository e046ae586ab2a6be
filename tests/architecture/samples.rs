//! Small crates with a planted mistake: the reader has to find each.

use crate::arrows::Arrows;
use crate::tree::{Files, Tree};

const FLOORS: &[&[&str]] = &[&["upper"], &["lower"]];

fn arrows(files: &[(&str, &str)]) -> Arrows {
    let files: Files = files
        .iter()
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
        .collect();
    let tree = Tree::read(&files, "sample");
    assert_eq!(tree.undeclared(&files), [""; 0]);
    tree.arrows()
}

#[track_caller]
fn assert_upward(lower: &str) {
    let found = arrows(&[
        ("lib.rs", "mod upper; mod lower;"),
        (
            "upper.rs",
            "pub(crate) struct Plan; pub(crate) fn draw() {}",
        ),
        ("lower.rs", lower),
    ]);
    assert_eq!(found.upward(FLOORS, false).len(), 1, "{lower}");
}

#[test]
fn upward_imports_are_found_in_every_form() {
    assert_upward("use crate::upper::Plan;");
    assert_upward("use crate::{upper::{Plan as Other}};");
    assert_upward("use super::upper; fn run() { upper::draw() }");
    assert_upward("fn run(plan: &crate::upper::Plan) {}");
    assert_upward("fn run() { println!(\"{}\", crate::upper::draw()) }");
    assert_upward("#[arg(value_parser = crate::upper::draw)] struct Arguments;");
    assert_upward("#[serde(with = \"crate::upper::draw\")] struct Arguments;");
    assert_upward("use crate::upper::*; fn run(plan: Plan) {}");
    assert_upward("mod inner { use super::super::upper::Plan; }");
    assert_upward("fn run() { use crate::upper::Plan; }");
}

#[test]
fn downward_imports_and_tests_are_allowed() {
    let found = arrows(&[
        ("lib.rs", "mod upper; mod lower;"),
        (
            "upper.rs",
            "use crate::lower::Value; pub(crate) struct Plan;",
        ),
        (
            "lower.rs",
            "pub(crate) struct Value; #[cfg(test)] mod tests { use crate::upper::Plan; }
             #[cfg(test)] fn sample() -> crate::upper::Plan { todo!() }",
        ),
    ]);
    assert_eq!(found.0.len(), 1);
    assert_eq!(found.upward(FLOORS, false), [""; 0]);
}

#[test]
fn a_circle_through_a_reexport_is_found() {
    let found = arrows(&[
        ("lib.rs", "mod room;"),
        (
            "room/mod.rs",
            "mod first; mod second; pub(crate) use first::First;",
        ),
        (
            "room/first.rs",
            "use super::second::Second; pub(crate) struct First;",
        ),
        (
            "room/second.rs",
            "use crate::room::First; pub(crate) struct Second;",
        ),
    ]);
    assert_eq!(
        found.circles_in_words(),
        ["circle of 2 files: room/first.rs, room/second.rs\n    \
          room/first.rs imports Second from room/second.rs\n    \
          room/second.rs imports First from room/first.rs"]
    );
}

#[test]
fn a_circle_of_parent_and_child_is_found() {
    let found = arrows(&[
        ("lib.rs", "mod parent;"),
        (
            "parent.rs",
            "mod child; pub(crate) struct Value; fn run() { child::draw() }",
        ),
        (
            "parent/child.rs",
            "use super::Value; pub(crate) fn draw() {}",
        ),
    ]);
    assert_eq!(found.circles().len(), 1);
}

#[test]
fn a_mod_file_that_only_declares_and_hands_on_makes_no_circle() {
    let found = arrows(&[
        ("lib.rs", "pub mod room; pub use room::Value;"),
        (
            "room/mod.rs",
            "mod first; mod second; pub(crate) use first::Value;",
        ),
        ("room/first.rs", "pub struct Value;"),
        ("room/second.rs", "use super::Value;"),
    ]);
    assert_eq!(found.circles().len(), 0);
    assert_eq!(found.0.len(), 1);
}

#[test]
fn a_mod_file_that_uses_what_it_hands_on_is_part_of_a_circle() {
    let found = arrows(&[
        ("lib.rs", "mod room;"),
        (
            "room/mod.rs",
            "mod first; pub(crate) use first::First; pub(crate) struct Value; fn run(one: First) {}",
        ),
        (
            "room/first.rs",
            "use super::Value; pub(crate) struct First;",
        ),
    ]);
    assert_eq!(found.circles().len(), 1);
}
