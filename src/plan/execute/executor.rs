//! Carries out plans one after the other, or takes them back.
//!
//! The executor is one task that is never dropped. It looks for a signal between steps, and
//! that signal ends a read at once. It always waits for a write in flight.

use super::provider::{Estate, Log, Observer, Stop};
use super::run::Run;
use crate::error::Error;
use crate::plan::progress::{Mark, Report, lost};
use crate::plan::{Agenda, Policy};

/// Carries out what is left of an agenda, plan after plan.
pub async fn run<E: Estate, L: Log>(
    agenda: &Agenda,
    marks: Vec<Mark>,
    estate: &E,
    log: &mut L,
    stop: &Stop,
    observer: &dyn Observer,
) -> Report {
    let mut run = Run::new(agenda, marks, estate, log, stop, observer);
    while run.part().is_some() && !run.stopped && !run.halted {
        run.forward().await;
        let failed = run.tally().is_some_and(|tally| tally.failure.is_some());
        let undoes = run.policy() == Policy::Undo;
        if failed && undoes && !run.stopped && !run.unknown() {
            run.backward().await;
        }
        run.at += 1;
    }
    run.report()
}

/// Undoes what a plan set has done so far, the newest plan first. Undoes nothing when something of
/// it turns out to be lost; the caller has checked what is known.
pub async fn undo<E: Estate, L: Log>(
    agenda: &Agenda,
    marks: Vec<Mark>,
    estate: &E,
    log: &mut L,
    stop: &Stop,
    observer: &dyn Observer,
) -> Report {
    let mut run = Run::new(agenda, marks, estate, log, stop, observer);
    for at in 0..run.parts.len() {
        run.at = at;
        if run.stopped {
            break;
        }
        run.settle_begun().await;
    }
    let lost = lost(agenda, &run.marks);
    if !run.failed() && !lost.is_empty() {
        // A step that was only known to be begun turned out to be done.
        run.fail(Error::refused(format!(
            "this cannot be taken back: {}",
            lost.join("; ")
        )));
    }
    if !run.failed() {
        for at in (0..run.parts.len()).rev() {
            run.at = at;
            if run.stopped || run.halted {
                break;
            }
            run.backward().await;
        }
    }
    if !run.failed() {
        run.leave_the_rest();
    }
    run.report()
}

impl<E: Estate, L: Log> Run<'_, E, L> {
    async fn forward(&mut self) {
        for k in self.part().unwrap_or_default() {
            let begun = match self.marks.get(k) {
                Some(Mark::Open | Mark::Undone) => false,
                Some(Mark::Begun | Mark::Undoing(_)) => true,
                _ => continue,
            };
            if self.waits(k) {
                continue;
            }
            let Some(step) = self.as_left(k) else { break };
            self.observer.begins(&step, false);
            let outcome = self.take(k, &step, begun).await;
            let go_on = self.keep(k, &step, outcome);
            if !go_on {
                break;
            }
        }
    }
}

#[cfg(test)]
#[path = "failure_tests.rs"]
mod tests;
