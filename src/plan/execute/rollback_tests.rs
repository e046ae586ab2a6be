//! What others did meanwhile is theirs.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use super::*;
use crate::error::Kind;
use crate::plan::progress::{Report, step_states};
use crate::plan::testing::run::{go, go_back, goal};
use crate::plan::testing::scenes::{JIRA, WIKI, scenes, world};
use crate::plan::testing::world::*;

#[test]
fn what_someone_else_did_before_is_not_sent_and_not_taken_back() {
    let scene = &scenes()[0];
    let (_, calls) = goal(scene);
    let world = world(scene);
    world.apply(&scene.3.plans[0].steps[0]).unwrap();
    let start = world.snapshot();
    let mut log = Notes::default();
    let world = World {
        // The last write: one create fewer was sent, and so two calls fewer.
        faults: vec![(calls - 4, Mode::Refused)],
        ..world
    };
    let report = go(&scene.3, Vec::new(), &world, &mut log);
    assert!(report.failure.is_some() && !report.changed);
    assert_eq!(report.steps[0].status, StepStatus::Skipped);
    assert_eq!(world.snapshot(), start);
}

/// Carries out the first `done` steps, changes the applications, and rolls back.
fn changed_meanwhile(done: usize, change: impl FnOnce(&World)) -> (Report, Records, Records) {
    let scene = &scenes()[0];
    let mut plan = scene.3.clone();
    plan.plans[0].steps.truncate(done);
    let world = world(scene);
    let mut log = Notes::default();
    let report = go(&plan, Vec::new(), &world, &mut log);
    assert_eq!(report.failure, None);
    let world = world.healed();
    change(&world);
    let before = world.snapshot();
    let states = step_states(done, &log.entries);
    let report = go_back(&plan, states, &world, &mut log);
    (report, before, world.snapshot())
}

#[test]
fn an_end_that_someone_else_changed_is_left_to_them() {
    type Change = fn(&mut View);
    let changes: [(&str, Change); 4] = [
        ("name", |view| view.record.name = "Mine".to_owned()),
        ("flags", |view| {
            view.flags = Directions::both(Flags::IMPERSONATION);
        }),
        ("display", |view| {
            view.record.display_url = "https://x.example".to_owned();
        }),
        ("address", |view| {
            view.record.rpc_url = Some("https://x.example".to_owned());
        }),
    ];
    for (what, change) in changes {
        for done in [2, 4] {
            let (report, before, after) =
                changed_meanwhile(done, |world| world.change(&alias("wiki"), id(JIRA), change));
            let error = report.failure.unwrap();
            assert_eq!(error.kind, Kind::Conflict, "{what}");
            assert!(report.partial, "{what}");
            let key = (alias("wiki"), id(JIRA));
            if done == 2 {
                assert_eq!(before, after, "{what}");
            }
            let same_name = before[&key].record == after[&key].record;
            assert!(same_name, "{what}: {after:?}");
        }
    }
}

#[test]
fn an_end_that_someone_else_deleted_counts_as_taken_back() {
    let (report, _, after) = changed_meanwhile(2, |world| {
        world
            .records
            .borrow_mut()
            .remove(&(alias("wiki"), id(JIRA)));
    });
    assert_eq!(report.failure, None);
    assert!(after.is_empty());
}

#[test]
fn a_primary_link_of_someone_else_stays_so() {
    let scene = &scenes()[1];
    let world = world(scene);
    let mut log = Notes::default();
    go(&scene.3, Vec::new(), &world, &mut log);
    let third = view(
        7,
        "third",
        "confluence",
        "https://third.example",
        Flags::NONE,
    );
    world
        .records
        .borrow_mut()
        .insert((alias("jira"), id(7)), third);
    world
        .apply(&Step::MakePrimary {
            on: alias("jira"),
            id: id(7),
            was: None,
        })
        .unwrap();
    let steps = step_states(scene.3.len(), &log.entries);
    let report = go_back(&scene.3, steps, &world, &mut log);
    assert_eq!(report.failure.map(|e| e.kind), Some(Kind::Conflict));
    assert!(world.get(&alias("jira"), id(7)).unwrap().record.primary);
}

#[test]
fn a_record_made_or_moved_by_someone_else_before_the_write_is_a_conflict() {
    let scenes = scenes();
    for (scene, on, of) in [(&scenes[4], "jira", WIKI), (&scenes[6], "jira", WIKI)] {
        let world = world(scene);
        world.change(&alias(on), id(of), |view| {
            view.record.display_url = "https://mine.example".to_owned();
        });
        let report = go(&scene.3, Vec::new(), &world, &mut Notes::default());
        let error = report.failure.unwrap();
        assert_eq!(error.kind, Kind::Conflict);
        assert!(error.message.contains("display URL"), "{error}");
        assert_eq!(
            world.get(&alias(on), id(of)).unwrap().record.display_url,
            "https://mine.example"
        );
    }
}

#[test]
fn a_step_does_not_go_on_without_the_one_it_stands_on() {
    let scene = &scenes()[6];
    let world = World {
        // The first relocation is refused, and so its display URL is not set either.
        faults: vec![(1, Mode::Refused)],
        ..world(scene)
    };
    let report = go(&scene.3, Vec::new(), &world, &mut Notes::default());
    let of = |name: &str| -> Vec<StepStatus> {
        let steps = report.steps.iter();
        steps
            .filter(|line| line.step.on().as_str() == name)
            .map(|line| line.status)
            .collect()
    };
    assert_eq!(of("bamboo"), [StepStatus::Failed, StepStatus::Planned]);
    assert_eq!(of("jira"), [StepStatus::Done]);
    assert_eq!(of("stash"), [StepStatus::Done, StepStatus::Done]);
    assert!(report.other_failures.is_empty());
}

#[test]
fn a_name_that_the_server_numbered_is_said() {
    let scene = &scenes()[1];
    let world = world(scene);
    let report = go(&scene.3, Vec::new(), &world, &mut Notes::default());
    let said: Vec<_> = report.steps.iter().map(|line| &line.detail).collect();
    assert!(said[0].contains("\"wiki - 2\""), "{said:?}");
}

/// Goes on, or back, where the journal only says that the first step was begun.
fn from_begun(
    entries: &[JournalEntry],
    change: impl FnOnce(&mut View),
    on: bool,
) -> (Report, World) {
    let (_, _, _, mut plan) = scenes().swap_remove(0);
    plan.plans[0].steps.truncate(1);
    let world = World::default();
    world.apply(&plan.plans[0].steps[0]).unwrap();
    world.change(&alias("jira"), id(WIKI), change);
    let mut log = Notes::default();
    let report = if on {
        go(&plan, step_states(1, entries), &world, &mut log)
    } else {
        go_back(&plan, step_states(1, entries), &world, &mut log)
    };
    (report, world)
}

#[test]
fn a_record_that_was_never_read_back_goes_only_as_it_was_made() {
    let entries = [JournalEntry::Begin { k: 0 }, JournalEntry::Undoing { k: 0 }];
    let (report, world) = from_begun(&entries, |_| {}, false);
    assert_eq!(report.failure, None);
    assert!(!report.changed && world.snapshot().is_empty());

    let changes: [fn(&mut View); 3] = [
        |view| view.record.name = "Mine".to_owned(),
        |view| view.record.display_url = "https://mine.example".to_owned(),
        |view| view.flags = Directions::both(Flags::OAUTH),
    ];
    for change in changes {
        let (report, world) = from_begun(&entries, change, false);
        assert_eq!(report.failure.map(|e| e.kind), Some(Kind::Conflict));
        assert!(report.partial && world.writes.borrow().is_empty());
    }
}

#[test]
fn a_record_that_may_be_this_runs_and_was_changed_is_neither_done_nor_gone() {
    for on in [true, false] {
        let (report, world) = from_begun(
            &[JournalEntry::Begin { k: 0 }],
            |view| view.record.name = "Mine".to_owned(),
            on,
        );
        assert_eq!(report.failure.map(|e| e.kind), Some(Kind::Conflict));
        assert!(report.partial && report.changed);
        assert_eq!(report.steps[0].status, StepStatus::Stuck);
        assert!(world.writes.borrow().is_empty());
    }
}

#[test]
fn a_level_that_someone_set_on_a_new_record_is_kept() {
    for undoes in [true, false] {
        let (_, _, _, plan) = scenes().swap_remove(0);
        let world = World::default();
        world.apply(&plan.plans[0].steps[0]).unwrap();
        world.change(&alias("jira"), id(WIKI), |view| {
            view.flags.outgoing = Flags::OAUTH;
        });
        let count = plan.plans[0].steps.len();
        let states = step_states(count, &[JournalEntry::Begin { k: 0 }]);
        let mut log = Notes::default();
        let report = if undoes {
            go_back(&plan, states, &world, &mut log)
        } else {
            go(&plan, states, &world, &mut log)
        };
        assert!(report.failure.is_some(), "{undoes}");
        let left = world.get(&alias("jira"), id(WIKI));
        assert_eq!(
            left.map(|view| view.flags.outgoing),
            Some(Flags::OAUTH),
            "{undoes}"
        );
    }
}

#[test]
fn beside_a_step_that_nobody_knows_about_nothing_is_taken_back() {
    let scene = &scenes()[0];
    let (_, calls) = goal(scene);
    for n in 0..calls {
        let world = World {
            faults: vec![(n, Mode::NotStuck)],
            ..world(scene)
        };
        let mut log = Notes::default();
        let report = go(&scene.3, Vec::new(), &world, &mut log);
        if let Some(error) = report.failure {
            assert_eq!(error.kind, Kind::Partial);
            let back = |entry: &JournalEntry| matches!(entry, JournalEntry::Undoing { .. });
            assert!(!log.entries.iter().any(back), "{n}");
        }
    }
}
