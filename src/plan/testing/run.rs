//! Runs of a plan on the applications in memory, and what has to hold afterwards.

#![expect(clippy::unwrap_used, reason = "tests")]

use futures_util::FutureExt as _;
use tokio::sync::watch;

use super::scenes::{Scene, world};
use super::world::{Nobody, Notes, Records, World};
use crate::error::Kind;
use crate::plan::PlanSet;
use crate::plan::execute::{
    JournalEntry, Report, StepState, StepStatus, Stop, losses_so_far, run, step_states, undo,
};

pub(crate) fn nobody_stops() -> Stop {
    watch::channel(None).1
}

pub(crate) fn go(plan: &PlanSet, states: Vec<StepState>, world: &World, log: &mut Notes) -> Report {
    run(plan, states, world, log, &nobody_stops(), &Nobody)
        .now_or_never()
        .unwrap()
}

pub(crate) fn go_back(
    plan: &PlanSet,
    states: Vec<StepState>,
    world: &World,
    log: &mut Notes,
) -> Report {
    undo(plan, states, world, log, &nobody_stops(), &Nobody)
        .now_or_never()
        .unwrap()
}

/// Where an undisturbed run ends, and after how many calls.
pub(crate) fn goal(scene: &Scene) -> (Records, usize) {
    let world = world(scene);
    let report = go(&scene.3, Vec::new(), &world, &mut Notes::default());
    assert_eq!(report.failure, None, "{}", scene.0);
    assert!(report.changed && !report.partial);
    (world.snapshot(), world.calls.get())
}

/// From what the journal says, a healed world comes to the goal, and back to the start.
pub(crate) fn converges(
    scene: &Scene,
    goal: &Records,
    world: &World,
    notes: &[JournalEntry],
    case: &str,
) {
    let (_, start, _, plan) = scene;
    let log = || Notes {
        entries: notes.to_vec(),
        ..Notes::default()
    };
    let states = step_states(plan.len(), notes);

    let healed = world.healed();
    let report = go(plan, states.clone(), &healed, &mut log());
    assert_eq!(report.failure, None, "resume: {case}");
    assert_eq!(&healed.snapshot(), goal, "resume: {case}");

    if losses_so_far(plan, &states).is_empty() {
        let healed = world.healed();
        let report = go_back(plan, states, &healed, &mut log());
        if let Some(error) = report.failure {
            // What was only begun was done, and is lost.
            assert!(
                error.kind == Kind::Refused && report.partial,
                "undo: {case}: {error}"
            );
            assert!(healed.writes.borrow().is_empty(), "undo: {case}");
        } else {
            assert!(!report.changed, "undo: {case}");
            assert_eq!(&healed.snapshot(), start, "undo: {case}");
        }
    }
}

/// Each step of a report stands as the report says.
fn exact(report: &Report, world: &World, case: &str) {
    for line in &report.steps {
        let view = world.get(line.step.on(), line.step.id());
        let reached = line.step.is_satisfied(view.as_ref());
        match line.status {
            StepStatus::Done | StepStatus::Skipped => assert!(reached, "{case}: {line:?}"),
            StepStatus::Planned | StepStatus::Failed | StepStatus::Undone => {
                assert!(!reached, "{case}: {line:?}");
            }
            StepStatus::Stuck => {}
        }
    }
}

pub(crate) fn judge(
    scene: &Scene,
    goal: &Records,
    world: &World,
    report: &Report,
    log: &Notes,
    case: &str,
) {
    let now = world.snapshot();
    if report.failure.is_none() {
        assert_eq!(&now, goal, "{case}");
        assert!(!report.partial, "{case}");
    } else if report.changed {
        assert!(report.partial, "{case}");
        exact(report, world, case);
        converges(scene, goal, world, &log.entries, case);
    } else {
        assert_eq!(now, scene.1, "{case}");
        assert!(!report.partial, "{case}");
    }
}
