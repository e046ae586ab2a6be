//! Undoes what a run did, as long as it still reads back as the run left it.

use super::provider::{Estate, Log};
use super::run::{Outcome, Run};
use super::step::Looked;
use crate::domain::{Directions, Flags, same_url};
use crate::error::{Error, Result};
use crate::plan::progress::{Entry, Mark, StepStatus, losses_of};
use crate::plan::{Step, Undo, View};

impl<E: Estate, L: Log> Run<'_, E, L> {
    /// Finds out about the steps of this plan that were begun and not ended.
    pub(super) async fn settle_begun(&mut self) {
        for k in self.part().unwrap_or_default() {
            let (Some(Mark::Begun), Some(step)) = (self.marks.get(k), self.steps.get(k).copied())
            else {
                continue;
            };
            let error = match self.look(step).await {
                Ok(view) => match step.check(view.as_ref()) {
                    _ if step.is_reached(view.as_ref()) || step.is_partly_there(view.as_ref()) => {
                        self.mark(k, Mark::Done(view));
                        continue;
                    }
                    // Whoever made it or changed it: it may be what this run made.
                    Err(difference) if step.creates() => Error::conflict(format!(
                        "the {} on {} may be this run's, changed by someone else: found {}",
                        difference.field,
                        step.on(),
                        difference.found
                    )),
                    // Nothing of this step is there.
                    _ => {
                        self.mark(k, Mark::Open);
                        continue;
                    }
                },
                Err(Looked::Failed(error)) => error,
                Err(Looked::Stopped(exit)) => {
                    self.interrupt(exit);
                    return;
                }
            };
            self.tell(k, StepStatus::Stuck, error.to_string());
            self.fail(error);
        }
    }

    /// Steps that were never carried out stay so once the rest is rolled back.
    pub(super) fn leave_the_rest(&mut self) {
        for k in 0..self.steps.len() {
            if self.marks.get(k) == Some(&Mark::Open) {
                let detail = "it was not carried out: there is nothing to take back".to_owned();
                self.tell(k, StepStatus::Skipped, detail);
            }
        }
    }

    /// Undoes what this run did of this plan, newest first; nothing, once something of it was lost.
    pub(super) async fn backward(&mut self) {
        let part = self.part().unwrap_or_default();
        let done = self.steps.iter().copied().zip(&self.marks);
        if !losses_of(done.skip(part.start).take(part.len())).is_empty() {
            return;
        }
        for k in part.rev() {
            let Some(Mark::Done(left) | Mark::Undoing(left)) = self.marks.get(k) else {
                continue;
            };
            let left = left.clone();
            let Some(step) = self.as_left(k) else { break };
            if step.only_asks() {
                self.mark(k, Mark::Undone);
                continue;
            }
            self.observer.begins(&step, true);
            let (status, detail) = match self.take_back(k, &step, left.as_ref()).await {
                Ok(()) => {
                    self.mark(k, Mark::Undone);
                    (StepStatus::Undone, "taken back".to_owned())
                }
                Err(Looked::Stopped(exit)) => {
                    self.interrupt(exit);
                    break;
                }
                Err(Looked::Failed(error)) => {
                    let detail = format!("could not be taken back: {error}");
                    self.fail(error);
                    (StepStatus::Stuck, detail)
                }
            };
            self.observer.ended(&step, status, &detail);
            self.tell(k, status, detail);
            if status == StepStatus::Stuck {
                // What was made before this step may be what it stands on.
                break;
            }
        }
    }

    async fn take_back(
        &mut self,
        k: usize,
        step: &Step,
        left: Option<&View>,
    ) -> Result<(), Looked> {
        let (Undo::Exact(back) | Undo::Lossy(back, _)) = step.undo(left) else {
            let error = Error::conflict(format!("{} cannot be taken back", step.action()));
            return Err(Looked::Failed(error));
        };
        let view = self.look(&back).await?;
        if back.is_reached(view.as_ref()) {
            return Ok(self.log.note(Entry::Undone { k })?);
        }
        if let (Step::Create { .. }, Some(now)) = (step, &view)
            && !left.map_or_else(|| as_made(step, now), |left| untouched(left, now))
        {
            return Err(Looked::Failed(Error::conflict(format!(
                "the link {:?} on {} was changed by someone else meanwhile",
                now.record.name,
                step.on()
            ))));
        }
        // Another record is to be the primary one again, and only if this one still is.
        if back.id() != step.id() && !step.is_reached(self.look(step).await?.as_ref()) {
            return Err(Looked::Failed(Error::conflict(format!(
                "someone else made another link on {} the primary one",
                step.on()
            ))));
        }
        if let Err(difference) = back.check(view.as_ref()) {
            return Err(Looked::Failed(Error::conflict(format!(
                "the {} on {} is {} and not {}: someone else changed it",
                difference.field,
                back.on(),
                difference.found,
                difference.expected
            ))));
        }
        self.log.note(Entry::Undoing { k })?;
        let written = self.estate.write(&back).await;
        self.acted = true;
        match self.judge(&back, written).await {
            Outcome::Done(..) | Outcome::Skipped => Ok(self.log.note(Entry::Undone { k })?),
            Outcome::Failed(error) | Outcome::Unknown(error) | Outcome::Half(error) => {
                Err(Looked::Failed(error))
            }
            Outcome::Stopped(exit) => Err(Looked::Stopped(exit)),
        }
    }
}

/// Whether a record is as it was left; being the first of its type is not its own doing.
fn untouched(left: &View, now: &View) -> bool {
    left.flags == now.flags
        && left.record.name == now.record.name
        && left.record.rpc_url == now.record.rpc_url
        && left.record.display_url == now.record.display_url
}

/// Whether a record that could not be read after it was made is as it must have been then.
fn as_made(step: &Step, now: &View) -> bool {
    step.is_reached(Some(now))
        && now.flags == Directions::both(Flags::NONE)
        && matches!(step, Step::Create { link, .. }
            if same_url(&now.record.display_url, &link.display_url))
}

#[cfg(test)]
#[path = "rollback_tests.rs"]
mod tests;
