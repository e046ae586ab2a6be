//! Every call fails once, in every way; afterwards nothing is changed, or all is, or the report
//! says exactly what is left.

#![expect(clippy::unwrap_used, reason = "tests")]

use futures_util::FutureExt as _;

use std::collections::BTreeSet;

use tokio::sync::watch;

use super::*;
use crate::error::Kind;
use crate::exit::Exit;
use crate::plan::progress::{JournalEntry, step_states};
use crate::plan::testing::run::{converges, go, goal, judge, nobody_stops};
use crate::plan::testing::scenes::{scenes, world};
use crate::plan::testing::world::*;

#[test]
fn every_call_fails_in_every_way() {
    for scene in scenes() {
        let (goal, calls) = goal(&scene);
        for mode in MODES {
            for n in 0..calls {
                let case = format!("{}: {mode:?} at {n}", scene.0);
                let world = World {
                    faults: vec![(n, mode)],
                    ..world(&scene)
                };
                let mut log = Notes::default();
                let report = go(&scene.3, Vec::new(), &world, &mut log);
                judge(&scene, &goal, &world, &report, &log, &case);
            }
        }
    }
}

#[test]
fn two_calls_fail_so_that_taking_back_fails_too() {
    for scene in scenes() {
        let (goal, calls) = goal(&scene);
        // Of plans that stand alone the second fault mostly hits another one.
        let seconds = match scene.3.plans.len() {
            1 => &MODES[..],
            _ => &[Mode::Refused, Mode::LostAfter],
        };
        for first in MODES {
            for second in seconds.iter().copied() {
                for n in 0..calls {
                    for m in n + 1..2 * calls + 2 {
                        let case = format!("{}: {first:?} at {n}, {second:?} at {m}", scene.0);
                        let world = World {
                            faults: vec![(n, first), (m, second)],
                            ..world(&scene)
                        };
                        let mut log = Notes::default();
                        let report = go(&scene.3, Vec::new(), &world, &mut log);
                        if world.fired.get() < 2 {
                            break;
                        }
                        judge(&scene, &goal, &world, &report, &log, &case);
                    }
                }
            }
        }
    }
}

#[test]
fn a_crash_at_every_call() {
    for scene in scenes() {
        let (goal, calls) = goal(&scene);
        for applied in [false, true] {
            for n in 0..calls {
                let case = format!("{}: crash at {n}, applied {applied}", scene.0);
                let world = World {
                    hangs: Some((n, applied)),
                    ..world(&scene)
                };
                let mut log = Notes::default();
                let ended = run(
                    &scene.3,
                    Vec::new(),
                    &world,
                    &mut log,
                    &nobody_stops(),
                    &Nobody,
                )
                .now_or_never();
                assert_eq!(ended, None, "{case}");
                converges(&scene, &goal, &world, &log.entries, &case);
            }
        }
    }
}

#[test]
fn a_crash_while_taking_back() {
    for scene in scenes() {
        let (goal, calls) = goal(&scene);
        for (n, m, applied) in (0..calls)
            .flat_map(|n| (n + 1..2 * calls).flat_map(move |m| [(n, m, false), (n, m, true)]))
        {
            let case = format!("{}: refused at {n}, crash at {m}, {applied}", scene.0);
            let world = World {
                faults: vec![(n, Mode::Refused)],
                hangs: Some((m, applied)),
                ..world(&scene)
            };
            let mut log = Notes::default();
            if run(
                &scene.3,
                Vec::new(),
                &world,
                &mut log,
                &nobody_stops(),
                &Nobody,
            )
            .now_or_never()
            .is_none()
            {
                converges(&scene, &goal, &world, &log.entries, &case);
            }
        }
    }
}

#[test]
fn every_note_fails() {
    for scene in scenes() {
        let (goal, _) = goal(&scene);
        for for_good in [false, true] {
            for n in 0..2 * scene.3.len() {
                let case = format!("{}: note {n} fails, for good {for_good}", scene.0);
                let world = world(&scene);
                let mut log = Notes {
                    fails: Some((n, for_good)),
                    ..Notes::default()
                };
                let report = go(&scene.3, Vec::new(), &world, &mut log);
                assert!(report.failure.is_some(), "{case}");
                judge(&scene, &goal, &world, &report, &log, &case);
            }
        }
    }
}

#[test]
fn a_wish_to_stop_after_every_call() {
    for scene in scenes() {
        let (goal, calls) = goal(&scene);
        for n in 0..calls {
            let case = format!("{}: stopped after {n}", scene.0);
            let (wanted, stop) = watch::channel(None);
            let world = World {
                stop_after: Some((n, wanted)),
                ..world(&scene)
            };
            let mut log = Notes::default();
            let report = run(&scene.3, Vec::new(), &world, &mut log, &stop, &Nobody)
                .now_or_never()
                .unwrap();
            if let Some(error) = &report.failure {
                assert_eq!(error.exit(), Exit::Interrupt, "{case}");
            }
            // No read goes out, and the write in flight is read back.
            assert!(world.calls.get() <= n + 2, "{case}");
            assert!(
                !log.entries
                    .iter()
                    .any(|e| matches!(e, JournalEntry::Undoing { .. }))
            );
            judge(&scene, &goal, &world, &report, &log, &case);
        }
    }
}

#[test]
fn a_wish_to_stop_while_taking_back() {
    let scene = &scenes()[0];
    let (goal, calls) = goal(scene);
    for n in calls - 2..2 * calls {
        let (wanted, stop) = watch::channel(None);
        let world = World {
            faults: vec![(calls - 2, Mode::Refused)],
            stop_after: Some((n, wanted)),
            ..world(scene)
        };
        let mut log = Notes::default();
        let report = run(&scene.3, Vec::new(), &world, &mut log, &stop, &Nobody)
            .now_or_never()
            .unwrap();
        judge(
            scene,
            &goal,
            &world,
            &report,
            &log,
            &format!("stopped after {n}"),
        );
        if report.changed {
            assert_eq!(report.failure.map(|e| e.exit()), Some(Exit::Interrupt));
        }
    }
}

#[test]
fn a_plan_that_fails_leaves_the_others_alone() {
    let mut failed = BTreeSet::new();
    for scene in scenes().iter().filter(|scene| scene.3.plans.len() > 1) {
        let (_, calls) = goal(scene);
        for mode in [Mode::Refused, Mode::NotStuck, Mode::DownOnce] {
            for n in 0..calls {
                let case = format!("{}: {mode:?} at {n}", scene.0);
                let world = World {
                    faults: vec![(n, mode)],
                    ..world(scene)
                };
                let report = go(&scene.3, Vec::new(), &world, &mut Notes::default());
                let parts: Vec<_> = report.plans.iter().map(Report::is_done).collect();
                let open = parts.iter().filter(|done| !**done).count();
                assert!(open <= 1, "{case}: {parts:?}");
                failed.extend(parts.iter().position(|done| !done));
                // Each plan says of its own steps what all of them together say.
                let steps: Vec<_> = report.plans.iter().flat_map(|part| &part.steps).collect();
                assert!(steps.into_iter().eq(&report.steps), "{case}");
                assert_eq!(report.failure.is_some(), open == 1, "{case}");
            }
        }
    }
    assert_eq!(failed.into_iter().collect::<Vec<_>>(), [0, 1, 2, 3]);
}

#[test]
fn after_a_wish_to_stop_no_other_plan_begins() {
    let scene = scenes().pop().unwrap();
    let (wanted, stop) = watch::channel(None);
    let world = World {
        stop_after: Some((1, wanted)),
        ..world(&scene)
    };
    let mut log = Notes::default();
    let report = run(&scene.3, Vec::new(), &world, &mut log, &stop, &Nobody)
        .now_or_never()
        .unwrap();
    assert_eq!(
        report.failure.map(|error| error.exit()),
        Some(Exit::Interrupt)
    );
    assert!(report.partial && report.other_failures.is_empty());
    let begun: Vec<_> = report.plans.iter().map(|part| part.changed).collect();
    assert_eq!(begun, [true, false, false, false]);
    assert!(report.plans.iter().all(|part| !part.is_done()));
}

#[test]
fn the_gravest_failure_of_several_plans_decides() {
    let part = |kind: Kind| Report {
        failure: Some(Error::new(kind, kind.as_str())),
        ..Report::of_plans(Vec::new())
    };
    let report = Report::of_plans(vec![
        part(Kind::Conflict),
        part(Kind::Unreachable),
        part(Kind::Auth),
    ]);
    assert_eq!(report.failure.map(|error| error.kind), Some(Kind::Auth));
    let further: Vec<_> = report
        .other_failures
        .iter()
        .map(|error| error.kind)
        .collect();
    assert_eq!(further, [Kind::Conflict, Kind::Unreachable]);
    assert!(!report.partial);
}

#[test]
fn a_run_that_finds_all_done_and_noted_has_no_news() {
    for scene in scenes() {
        let world = world(&scene);
        let mut log = Notes::default();
        let first = go(&scene.3, Vec::new(), &world, &mut log);
        assert!(
            first.changed && first.has_changes_to_report(),
            "{}",
            scene.0
        );
        let noted = step_states(scene.3.len(), &log.entries);
        let again = go(&scene.3, noted.clone(), &world.healed(), &mut log);
        assert!(again.changed && again.is_done(), "{}", scene.0);
        assert!(!again.has_changes_to_report(), "{}", scene.0);
        // What was only begun is seen to be done now.
        let mut begun = noted;
        begun[0] = StepState::InFlight;
        let again = go(&scene.3, begun, &world.healed(), &mut log);
        assert!(again.has_changes_to_report(), "{}", scene.0);
    }
}
