//! Carries out plans one after the other, or takes them back.
//!
//! The executor is one task that is never dropped. It looks for a signal between steps, and
//! that signal ends a read at once. It always waits for a write in flight.

use super::provider::{Log, Observer, Provider, Stop};
use super::run::Executor;
use crate::error::Error;
use crate::plan::progress::{Report, StepState, losses_so_far};
use crate::plan::{PlanSet, Policy};

/// Carries out what is left of a plan set, plan after plan.
pub async fn run<E: Provider, L: Log>(
    plan_set: &PlanSet,
    states: Vec<StepState>,
    provider: &E,
    log: &mut L,
    stop: &Stop,
    observer: &dyn Observer,
) -> Report {
    let mut run = Executor::new(plan_set, states, provider, log, stop, observer);
    while run.current_range().is_some() && !run.stopped && !run.halted {
        run.forward().await;
        let failed = run
            .current_failures()
            .is_some_and(|tally| tally.failure.is_some());
        let undoes = run.policy() == Policy::RollBack;
        if failed && undoes && !run.stopped && !run.unknown() {
            run.roll_back().await;
        }
        run.at += 1;
    }
    run.report()
}

/// Undoes what a plan set has done so far, the newest plan first. Undoes nothing when something of
/// it turns out to be lost; the caller has checked what is known.
pub async fn undo<E: Provider, L: Log>(
    plan_set: &PlanSet,
    states: Vec<StepState>,
    provider: &E,
    log: &mut L,
    stop: &Stop,
    observer: &dyn Observer,
) -> Report {
    let mut run = Executor::new(plan_set, states, provider, log, stop, observer);
    for at in 0..run.ranges.len() {
        run.at = at;
        if run.stopped {
            break;
        }
        run.reconcile_in_flight().await;
    }
    let lost = losses_so_far(plan_set, &run.states);
    if !run.failed() && !lost.is_empty() {
        // A step that was only known to be begun turned out to be done.
        run.fail(Error::refused(format!(
            "this cannot be taken back: {}",
            lost.join("; ")
        )));
    }
    if !run.failed() {
        for at in (0..run.ranges.len()).rev() {
            run.at = at;
            if run.stopped || run.halted {
                break;
            }
            run.roll_back().await;
        }
    }
    if !run.failed() {
        run.mark_pending_skipped();
    }
    run.report()
}

impl<E: Provider, L: Log> Executor<'_, E, L> {
    async fn forward(&mut self) {
        for k in self.current_range().unwrap_or_default() {
            let begun = match self.states.get(k) {
                Some(StepState::Pending | StepState::Undone) => false,
                Some(StepState::InFlight | StepState::Undoing(_)) => true,
                _ => continue,
            };
            if self.is_blocked(k) {
                continue;
            }
            let Some(step) = self.rebased_on_actual(k) else {
                break;
            };
            self.observer.begins(&step, false);
            let outcome = self.apply_step(k, &step, begun).await;
            let go_on = self.record_outcome(k, &step, outcome);
            if !go_on {
                break;
            }
        }
    }
}

#[cfg(test)]
#[path = "failure_tests.rs"]
mod tests;
