//! Limits what is in flight, so that an application that hangs costs only its own timeout.
//!
//! Two bounds hold: over all applications (`--jobs`) and to one (`--per-host`). Calls that may hang
//! must not use them up:
//!
//! - An application is asked one thing first: one that hangs takes one permit. The rest follows,
//!   several at a time, once it has answered anything. If it does not answer, the calls that waited
//!   get the same failure and cost no time of their own.
//! - Calls for which an application first asks a peer that has been silent so far take a quarter of
//!   all permits at most.

use std::sync::{Mutex, PoisonError};

use tokio::sync::{MutexGuard, Semaphore, SemaphorePermit};

use super::network::{NetworkError, NetworkProblem};

/// How likely it is that a call is answered soon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Hope {
    /// Nothing speaks against it.
    #[default]
    Good,
    /// The application asks another one first, which has not answered yet.
    Poor,
}

/// The seats of everything that is in flight.
#[derive(Debug)]
pub(super) struct Seats {
    all: Semaphore,
    poor: Semaphore,
}

/// A seat, until it is dropped.
#[must_use = "the seat is free again when this is dropped"]
#[derive(Debug)]
pub(super) struct Seat<'a> {
    _share: Option<SemaphorePermit<'a>>,
    _seat: Option<SemaphorePermit<'a>>,
}

impl Seats {
    pub(super) fn new(jobs: usize) -> Self {
        Self {
            all: Semaphore::new(jobs.max(1)),
            poor: Semaphore::new((jobs / 4).max(1)),
        }
    }

    /// Waits for a seat.
    pub(super) async fn take(&self, hope: Hope) -> Seat<'_> {
        // Closing one, which nobody does, would only lift its bound.
        let share = match hope {
            Hope::Good => None,
            Hope::Poor => self.poor.acquire().await.ok(),
        };
        Seat {
            _share: share,
            _seat: self.all.acquire().await.ok(),
        }
    }
}

/// The turns of the calls to one application.
#[derive(Debug)]
pub(super) struct Turns {
    several: Semaphore,
    first: tokio::sync::Mutex<()>,
    known: Mutex<Known>,
    per_host: usize,
}

/// What the calls so far have shown.
#[derive(Debug, Default)]
struct Known {
    answered: bool,
    /// Why there was no answer, and how often that was found out.
    silence: Option<NetworkError>,
    silences: u32,
    /// Calls in a row for which the application asked its peer, and did not come back in time.
    late: usize,
    lateness: Option<NetworkError>,
    /// Whether silence ends all calls.
    hurried: bool,
}

impl Known {
    /// Why no call is made any more.
    fn over(&self, relayed: bool, per_host: usize) -> Option<NetworkError> {
        if !self.hurried {
            return None;
        }
        let lateness = || {
            let late = relayed && self.late >= per_host;
            late.then(|| self.lateness.clone()).flatten()
        };
        self.silence.clone().or_else(lateness)
    }
}

/// A turn, until it is dropped.
#[must_use = "the turn is over when this is dropped"]
#[derive(Debug)]
pub(super) struct Turn<'a> {
    turns: &'a Turns,
    first: Option<MutexGuard<'a, ()>>,
    relayed: bool,
    _one: Option<SemaphorePermit<'a>>,
}

impl Turns {
    pub(super) fn new(per_host: usize) -> Self {
        let per_host = per_host.max(1);
        Self {
            several: Semaphore::new(per_host),
            first: tokio::sync::Mutex::default(),
            known: Mutex::default(),
            per_host,
        }
    }

    /// From now on silence ends all calls: for whoever only looks, and would else wait as long
    /// again for each.
    pub(super) fn hurry(&self) {
        self.known(|known| known.hurried = true);
    }

    /// Waits for a turn. The error is that of a call before, which this one shares.
    pub(super) async fn begin(&self, relayed: bool) -> Result<Turn<'_>, NetworkError> {
        let over = |known: &mut Known| known.over(relayed, self.per_host);
        let (answered, silences, ended) =
            self.known(|known| (known.answered, known.silences, over(known)));
        if let Some(error) = ended {
            return Err(error);
        }
        let mut first = None;
        if !answered {
            let turn = self.first.lock().await;
            let (answered, shared) = self.known(|known| {
                let shared = known.silences != silences;
                (
                    known.answered,
                    shared.then(|| known.silence.clone()).flatten(),
                )
            });
            if let Some(error) = shared {
                return Err(error);
            }
            first = (!answered).then_some(turn);
        }
        // Closing it, which nobody does, would only lift the bound.
        let one = self.several.acquire().await.ok();
        if let Some(error) = self.known(over) {
            return Err(error);
        }
        Ok(Turn {
            turns: self,
            first,
            relayed,
            _one: one,
        })
    }

    fn known<T>(&self, look: impl FnOnce(&mut Known) -> T) -> T {
        look(&mut self.known.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Turn<'_> {
    /// Ends the turn, and learns from how the call went.
    pub(super) fn end<T>(self, outcome: &Result<T, NetworkError>) {
        let silence = outcome.as_ref().err().filter(|error| is_silence(error));
        self.turns.known(|known| match silence {
            None => {
                known.answered = true;
                if self.relayed {
                    known.late = 0;
                }
            }
            Some(error) if self.relayed && known.answered => {
                known.late += 1;
                known.lateness = Some(error.clone());
            }
            Some(error) if self.first.is_some() || known.hurried => {
                known.silence = Some(error.clone());
                known.silences += 1;
            }
            Some(_) => {}
        });
    }
}

/// Whether a failure says that nobody is there, and not that one answer went wrong.
fn is_silence(error: &NetworkError) -> bool {
    !matches!(
        error.problem,
        NetworkProblem::Cut | NetworkProblem::TooLarge | NetworkProblem::Other(_)
    )
}

#[cfg(test)]
#[path = "limits_tests.rs"]
mod tests;
