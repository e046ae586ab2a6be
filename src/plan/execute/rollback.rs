//! Undoes what a run did, as long as it still reads back as the run left it.

use super::provider::{Log, Provider};
use super::run::{Executor, StepOutcome};
use super::step::ReadFailure;
use super::written::as_written;
use crate::domain::{Directions, Flags, same_url};
use crate::error::{Error, Result};
use crate::plan::progress::{JournalEntry, StepState, StepStatus, losses_of};
use crate::plan::{Step, Undo, View};

impl<E: Provider, L: Log> Executor<'_, E, L> {
    /// Finds out about the steps of this plan that were begun and not ended.
    pub(super) async fn reconcile_in_flight(&mut self) {
        for k in self.current_range().unwrap_or_default() {
            let (Some(StepState::InFlight), Some(step)) =
                (self.states.get(k), self.steps.get(k).copied())
            else {
                continue;
            };
            let error = match self.read(step).await {
                Ok(view) => match step.check(view.as_ref()) {
                    _ if step.is_satisfied(view.as_ref())
                        || step.is_partially_applied(view.as_ref()) =>
                    {
                        let left = view.map(|view| as_written(step, view));
                        self.set_state(k, StepState::Done(left));
                        continue;
                    }
                    // Whoever made it or changed it: it may be what this run made.
                    Err(difference) if step.creates_record() => Error::conflict(format!(
                        "the {} on {} may be this run's, changed by someone else: found {}",
                        difference.field,
                        step.on(),
                        difference.found
                    )),
                    // Nothing of this step is there.
                    _ => {
                        self.set_state(k, StepState::Pending);
                        continue;
                    }
                },
                Err(ReadFailure::Failed(error)) => error,
                Err(ReadFailure::Stopped(exit)) => {
                    self.interrupt(exit);
                    return;
                }
            };
            self.set_detail(k, StepStatus::Stuck, error.to_string());
            self.fail(error);
        }
    }

    /// Steps that were never carried out stay so once the rest is rolled back.
    pub(super) fn mark_pending_skipped(&mut self) {
        for k in 0..self.steps.len() {
            if self.states.get(k) == Some(&StepState::Pending) {
                let detail = "it was not carried out: there is nothing to take back".to_owned();
                self.set_detail(k, StepStatus::Skipped, detail);
            }
        }
    }

    /// Undoes what this run did of this plan, newest first; nothing, once something of it was lost.
    pub(super) async fn roll_back(&mut self) {
        let part = self.current_range().unwrap_or_default();
        let done = self.steps.iter().copied().zip(&self.states);
        if !losses_of(done.skip(part.start).take(part.len())).is_empty() {
            return;
        }
        for k in part.rev() {
            let Some(StepState::Done(left) | StepState::Undoing(left)) = self.states.get(k) else {
                continue;
            };
            let left = left.clone();
            let Some(step) = self.rebased_on_actual(k) else {
                break;
            };
            if step.is_read_only() {
                self.set_state(k, StepState::Undone);
                continue;
            }
            self.observer.begins(&step, true);
            let (status, detail) = match self.undo_step(k, &step, left.as_ref()).await {
                Ok(()) => {
                    self.set_state(k, StepState::Undone);
                    (StepStatus::Undone, "taken back".to_owned())
                }
                Err(ReadFailure::Stopped(exit)) => {
                    self.interrupt(exit);
                    break;
                }
                Err(ReadFailure::Failed(error)) => {
                    let detail = format!("could not be taken back: {error}");
                    self.fail(error);
                    (StepStatus::Stuck, detail)
                }
            };
            self.observer.ended(&step, status, &detail);
            self.set_detail(k, status, detail);
            if status == StepStatus::Stuck {
                // What was made before this step may be what it stands on.
                break;
            }
        }
    }

    async fn undo_step(
        &mut self,
        k: usize,
        step: &Step,
        left: Option<&View>,
    ) -> Result<(), ReadFailure> {
        let (Undo::Exact(back) | Undo::Lossy(back, _)) = step.undo(left) else {
            let error = Error::conflict(format!("{} cannot be taken back", step.action()));
            return Err(ReadFailure::Failed(error));
        };
        let view = self.read(&back).await?;
        if back.is_satisfied(view.as_ref()) {
            return Ok(self.log.note(JournalEntry::Undone { k })?);
        }
        if let (Step::Create { .. }, Some(now)) = (step, &view)
            && !left.map_or_else(|| is_as_created(step, now), |left| is_untouched(left, now))
        {
            return Err(ReadFailure::Failed(Error::conflict(format!(
                "the link {:?} on {} was changed by someone else meanwhile",
                now.record.name,
                step.on()
            ))));
        }
        // Another record is to be the primary one again, and only if this one still is.
        if back.id() != step.id() && !step.is_satisfied(self.read(step).await?.as_ref()) {
            return Err(ReadFailure::Failed(Error::conflict(format!(
                "someone else made another link on {} the primary one",
                step.on()
            ))));
        }
        if let Err(difference) = back.check(view.as_ref()) {
            return Err(ReadFailure::Failed(Error::conflict(format!(
                "the {} on {} is {} and not {}: someone else changed it",
                difference.field,
                back.on(),
                difference.found,
                difference.expected
            ))));
        }
        self.log.note(JournalEntry::Undoing { k })?;
        let written = self.provider.write(&back).await;
        self.acted = true;
        match self.read_back(&back, written).await {
            StepOutcome::Done(..) | StepOutcome::Skipped => {
                Ok(self.log.note(JournalEntry::Undone { k })?)
            }
            StepOutcome::Failed(error) | StepOutcome::Unknown(error) | StepOutcome::Half(error) => {
                Err(ReadFailure::Failed(error))
            }
            StepOutcome::Stopped(exit) => Err(ReadFailure::Stopped(exit)),
        }
    }
}

/// Whether a record is as it was left; being the first of its type is not its own doing.
fn is_untouched(left: &View, now: &View) -> bool {
    left.flags == now.flags
        && left.record.name == now.record.name
        && left.record.rpc_url == now.record.rpc_url
        && left.record.display_url == now.record.display_url
}

/// Whether a record that could not be read after it was made is as it must have been then.
fn is_as_created(step: &Step, now: &View) -> bool {
    step.is_satisfied(Some(now))
        && now.flags == Directions::both(Flags::NONE)
        && matches!(step, Step::Create { link, .. }
            if same_url(&now.record.display_url, &link.display_url))
}

#[cfg(test)]
#[path = "rollback_tests.rs"]
mod tests;
