//! Carries out one step: read, note down, write, read back.

use super::provider::{Estate, Log, WriteError};
use super::run::{Outcome, Run, interrupted};
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::plan::progress::Entry;
use crate::plan::{Step, View};

impl<E: Estate, L: Log> Run<'_, E, L> {
    pub(super) async fn take(&mut self, k: usize, step: &Step, begun: bool) -> Outcome {
        let view = match self.look(step).await {
            Ok(view) => view,
            Err(Looked::Stopped(exit)) if begun => {
                return Outcome::Unknown(interrupted(exit));
            }
            Err(Looked::Stopped(exit)) => return Outcome::Stopped(exit),
            Err(Looked::Failed(error)) if begun => return Outcome::Unknown(error),
            Err(Looked::Failed(error)) => return Outcome::Failed(error),
        };
        if step.is_reached(view.as_ref()) {
            return if begun {
                // What an earlier process was doing is known only now.
                self.acted = true;
                Outcome::Done(view, None)
            } else {
                Outcome::Skipped
            };
        }
        let rest = if begun {
            step.from_here(view.as_ref())
        } else {
            step.clone()
        };
        let step = &rest;
        if let Err(difference) = step.check(view.as_ref()) {
            let error = Error::conflict(format!(
                "the {} on {} changed meanwhile: expected {}, found {}",
                difference.field,
                step.on(),
                difference.expected,
                difference.found
            ));
            return if begun {
                Outcome::Unknown(error)
            } else {
                Outcome::Failed(error)
            };
        }
        if let Err(error) = self.log.note(Entry::Begin { k }) {
            return Outcome::Failed(error);
        }
        let written = self.estate.write(step).await;
        let outcome = self.judge(step, written).await;
        self.acted |=
            !step.only_asks() && !matches!(outcome, Outcome::Failed(_) | Outcome::Skipped);
        outcome
    }

    /// A write is believed when it reads back so, whatever its answer was.
    pub(super) async fn judge(
        &self,
        step: &Step,
        written: Result<Option<String>, WriteError>,
    ) -> Outcome {
        if step.only_asks() {
            return match written {
                Ok(note) => Outcome::Done(None, note),
                Err(WriteError { error, .. }) => Outcome::Failed(error),
            };
        }
        let (note, refusal) = match written {
            Ok(note) => (note, None),
            Err(WriteError {
                error,
                not_applied: true,
            }) => {
                return match self.estate.view(step).await {
                    // A link that another administrator created meanwhile is what was wanted.
                    Ok(view) if step.is_reached(view.as_ref()) && step.creates() => {
                        Outcome::Skipped
                    }
                    // It was not so a moment ago: the refusal came after the deed.
                    Ok(view) if step.is_reached(view.as_ref()) => Outcome::Done(view, None),
                    Ok(view) if step.is_partly_there(view.as_ref()) => Outcome::Half(error),
                    _ => Outcome::Failed(error),
                };
            }
            Err(WriteError { error, .. }) => (None, Some(error)),
        };
        match (self.estate.view(step).await, refusal) {
            (Ok(view), _) if step.is_reached(view.as_ref()) => Outcome::Done(view, note),
            (Ok(view), Some(error))
                if step.check(view.as_ref()).is_ok() && !step.is_partly_there(view.as_ref()) =>
            {
                Outcome::Failed(error)
            }
            (Ok(view), Some(error)) if step.is_partly_there(view.as_ref()) => Outcome::Half(error),
            (Ok(_) | Err(_), Some(error)) => Outcome::Unknown(error),
            (Ok(_), None) => Outcome::Unknown(Error::new(
                Kind::Partial,
                format!(
                    "{} took the change and does not show it when read back",
                    step.on()
                ),
            )),
            // An answer alone proves nothing.
            (Err(mut error), None) => {
                error.message = format!(
                    "{} took the change and could not be asked again: {}",
                    step.on(),
                    error.message
                );
                Outcome::Unknown(error)
            }
        }
    }

    pub(super) async fn look(&self, step: &Step) -> Result<Option<View>, Looked> {
        let mut wish = self.stop.clone();
        let stopped = async {
            match wish.wait_for(Option::is_some).await {
                Ok(exit) => (*exit).unwrap_or(Exit::Interrupt),
                // No signal can come any more.
                Err(_) => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            exit = stopped => Err(Looked::Stopped(exit)),
            view = self.estate.view(step) => match *self.stop.borrow() {
                // It came while the answer did; a read leads to a write.
                Some(exit) => Err(Looked::Stopped(exit)),
                None => view.map_err(Looked::Failed),
            },
        }
    }
}

pub(super) enum Looked {
    Stopped(Exit),
    Failed(Error),
}

impl From<Error> for Looked {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}
