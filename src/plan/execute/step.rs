//! Carries out one step: read, note down, write, read back.

use super::provider::{Log, Provider, WriteError};
use super::run::{Executor, StepOutcome, interrupted};
use super::written::as_written;
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::plan::progress::{JournalEntry, StepState};
use crate::plan::{Step, View};

/// So many reads again last about a second.
const SHORT_WAIT: u32 = 5;

impl<E: Provider, L: Log> Executor<'_, E, L> {
    pub(super) async fn apply_step(&mut self, k: usize, step: &Step, begun: bool) -> StepOutcome {
        let view = match self.read(step).await {
            Ok(view) => view,
            Err(ReadFailure::Stopped(exit)) if begun => {
                return StepOutcome::Unknown(interrupted(exit));
            }
            Err(ReadFailure::Stopped(exit)) => return StepOutcome::Stopped(exit),
            Err(ReadFailure::Failed(error)) if begun => return StepOutcome::Unknown(error),
            Err(ReadFailure::Failed(error)) => return StepOutcome::Failed(error),
        };
        if step.is_satisfied(view.as_ref()) {
            return if begun {
                // What an earlier process was doing is known only now.
                self.acted = true;
                StepOutcome::Done(view.map(|view| as_written(step, view)), None)
            } else {
                StepOutcome::Skipped
            };
        }
        let rest = if begun {
            step.remaining(view.as_ref())
        } else {
            step.clone()
        };
        let step = &rest;
        let view = match self.settled(step, view).await {
            Ok(view) => view,
            Err(ReadFailure::Stopped(exit)) => return StepOutcome::Stopped(exit),
            Err(ReadFailure::Failed(error)) => return StepOutcome::Failed(error),
        };
        if let Err(difference) = step.check(view.as_ref()) {
            let error = Error::conflict(format!(
                "the {} on {} changed meanwhile: expected {}, found {}",
                difference.field,
                step.on(),
                difference.expected,
                difference.found
            ));
            return if begun {
                StepOutcome::Unknown(error)
            } else {
                StepOutcome::Failed(error)
            };
        }
        if let Err(error) = self.log.note(JournalEntry::Begin { k }) {
            return StepOutcome::Failed(error);
        }
        let written = self.provider.write(step).await;
        let outcome = self.read_back(step, written).await;
        self.acted |= !step.is_read_only()
            && !matches!(outcome, StepOutcome::Failed(_) | StepOutcome::Skipped);
        outcome
    }

    /// A write is believed when it reads back so, whatever its answer was.
    pub(super) async fn read_back(
        &self,
        step: &Step,
        written: Result<Option<String>, WriteError>,
    ) -> StepOutcome {
        if step.is_read_only() {
            return match written {
                Ok(note) => StepOutcome::Done(None, note),
                Err(WriteError { error, .. }) => StepOutcome::Failed(error),
            };
        }
        let (note, refusal) = match written {
            Ok(note) => (note, None),
            Err(WriteError {
                error,
                not_applied: true,
            }) => {
                return match self.provider.view(step).await {
                    // A link that another administrator created meanwhile is what was wanted.
                    Ok(view) if step.is_satisfied(view.as_ref()) && step.creates_record() => {
                        StepOutcome::Skipped
                    }
                    // It was not so a moment ago: the refusal came after the deed.
                    Ok(view) if step.is_satisfied(view.as_ref()) => StepOutcome::Done(view, None),
                    Ok(view) if step.is_partially_applied(view.as_ref()) => {
                        StepOutcome::Half(error)
                    }
                    _ => StepOutcome::Failed(error),
                };
            }
            Err(WriteError { error, .. }) => (None, Some(error)),
        };
        let mut view = self.provider.view(step).await;
        let mut attempt = 1;
        while refusal.is_none()
            && matches!(&view, Ok(view) if !step.is_satisfied(view.as_ref()))
            && self.provider.wait_for_change(attempt).await
        {
            attempt += 1;
            view = self.provider.view(step).await;
        }
        match (view, refusal) {
            (Ok(view), _) if step.is_satisfied(view.as_ref()) => StepOutcome::Done(view, note),
            (Ok(view), Some(error))
                if step.check(view.as_ref()).is_ok()
                    && !step.is_partially_applied(view.as_ref()) =>
            {
                StepOutcome::Failed(error)
            }
            (Ok(view), Some(error)) if step.is_partially_applied(view.as_ref()) => {
                StepOutcome::Half(error)
            }
            (Ok(_) | Err(_), Some(error)) => StepOutcome::Unknown(error),
            (Ok(_), None) => StepOutcome::Unknown(
                Error::new(
                    Kind::Partial,
                    format!(
                        "{} took the change and does not show it when read back",
                        step.on()
                    ),
                )
                .hint("in a cluster a node may learn of it later: applink resume looks again"),
            ),
            // An answer alone proves nothing.
            (Err(mut error), None) => {
                error.message = format!(
                    "{} took the change and could not be asked again: {}",
                    step.on(),
                    error.message
                );
                StepOutcome::Unknown(error)
            }
        }
    }

    /// A view on which the step can be carried out. A node of a cluster may show an older one, so a
    /// view that does not fit is read again: for a second, and longer where this run has changed the
    /// same record already.
    async fn settled(
        &self,
        step: &Step,
        mut view: Option<View>,
    ) -> Result<Option<View>, ReadFailure> {
        let mut attempt = 1;
        while step.check(view.as_ref()).is_err()
            && !step.is_satisfied(view.as_ref())
            && (attempt <= SHORT_WAIT || self.has_changed(step))
            && self.provider.wait_for_change(attempt).await
        {
            attempt += 1;
            view = self.read(step).await?;
        }
        Ok(view)
    }

    /// Whether this run has changed the record that a step is about.
    fn has_changed(&self, step: &Step) -> bool {
        self.steps.iter().zip(&self.states).any(|(other, state)| {
            matches!(state, StepState::Done(_) | StepState::Undone)
                && !other.is_read_only()
                && (other.on(), other.id()) == (step.on(), step.id())
        })
    }

    pub(super) async fn read(&self, step: &Step) -> Result<Option<View>, ReadFailure> {
        let mut signal = self.stop.clone();
        let stopped = async {
            match signal.wait_for(Option::is_some).await {
                Ok(exit) => (*exit).unwrap_or(Exit::Interrupt),
                // No signal can come any more.
                Err(_) => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            exit = stopped => Err(ReadFailure::Stopped(exit)),
            view = self.provider.view(step) => match *self.stop.borrow() {
                // It came while the answer did; a read leads to a write.
                Some(exit) => Err(ReadFailure::Stopped(exit)),
                None => view.map_err(ReadFailure::Failed),
            },
        }
    }
}

pub(super) enum ReadFailure {
    Stopped(Exit),
    Failed(Error),
}

impl From<Error> for ReadFailure {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}
