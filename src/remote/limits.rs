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
pub enum Priority {
    /// Nothing speaks against it.
    #[default]
    Normal,
    /// The application asks another one first, which has not answered yet.
    Low,
}

/// Limits the calls in flight over all applications.
#[derive(Debug)]
pub(super) struct GlobalLimiter {
    all: Semaphore,
    low: Semaphore,
}

/// The right to have one call in flight.
#[must_use = "dropping it frees the permit"]
#[derive(Debug)]
pub(super) struct GlobalPermit<'a> {
    _low: Option<SemaphorePermit<'a>>,
    _any: Option<SemaphorePermit<'a>>,
}

impl GlobalLimiter {
    pub(super) fn new(jobs: usize) -> Self {
        Self {
            all: Semaphore::new(jobs.max(1)),
            low: Semaphore::new((jobs / 4).max(1)),
        }
    }

    /// Waits for a permit.
    pub(super) async fn acquire(&self, hope: Priority) -> GlobalPermit<'_> {
        // Only a closed semaphore gives none, and these are never closed.
        let low = match hope {
            Priority::Normal => None,
            Priority::Low => self.low.acquire().await.ok(),
        };
        GlobalPermit {
            _low: low,
            _any: self.all.acquire().await.ok(),
        }
    }
}

/// Limits the calls in flight to one application.
#[derive(Debug)]
pub(super) struct HostLimiter {
    several: Semaphore,
    first: tokio::sync::Mutex<()>,
    health: Mutex<HostHealth>,
    per_host: usize,
}

/// What the calls so far have shown of an application.
#[derive(Debug, Default)]
struct HostHealth {
    answered: bool,
    /// Why there was no answer, and how many calls found that out.
    silence: Option<NetworkError>,
    silences: u32,
    /// Calls in a row for which the application asked its peer and did not answer in time.
    late: usize,
    lateness: Option<NetworkError>,
    /// Whether silence ends all calls.
    fail_fast: bool,
}

impl HostHealth {
    /// The error that ends all further calls.
    fn final_error(&self, relayed: bool, per_host: usize) -> Option<NetworkError> {
        if !self.fail_fast {
            return None;
        }
        let lateness = || {
            let late = relayed && self.late >= per_host;
            late.then(|| self.lateness.clone()).flatten()
        };
        self.silence.clone().or_else(lateness)
    }
}

/// The right to have one call to the application in flight.
#[must_use = "dropping it frees the permit"]
#[derive(Debug)]
pub(super) struct HostPermit<'a> {
    limiter: &'a HostLimiter,
    first: Option<MutexGuard<'a, ()>>,
    relayed: bool,
    _one: Option<SemaphorePermit<'a>>,
}

impl HostLimiter {
    pub(super) fn new(per_host: usize) -> Self {
        let per_host = per_host.max(1);
        Self {
            several: Semaphore::new(per_host),
            first: tokio::sync::Mutex::default(),
            health: Mutex::default(),
            per_host,
        }
    }

    /// Lets silence end all calls from now on. A command that only reads would otherwise wait the
    /// whole timeout for each.
    pub(super) fn fail_fast(&self) {
        self.health(|health| health.fail_fast = true);
    }

    /// Waits for a permit. The error is that of an earlier call, which this one shares.
    pub(super) async fn acquire(&self, relayed: bool) -> Result<HostPermit<'_>, NetworkError> {
        let final_error = |health: &mut HostHealth| health.final_error(relayed, self.per_host);
        let (answered, silences, ended) =
            self.health(|health| (health.answered, health.silences, final_error(health)));
        if let Some(error) = ended {
            return Err(error);
        }
        let mut first = None;
        if !answered {
            let guard = self.first.lock().await;
            let (answered, shared) = self.health(|health| {
                let shared = health.silences != silences;
                (
                    health.answered,
                    shared.then(|| health.silence.clone()).flatten(),
                )
            });
            if let Some(error) = shared {
                return Err(error);
            }
            first = (!answered).then_some(guard);
        }
        // Only a closed semaphore gives none, and this one is never closed.
        let one = self.several.acquire().await.ok();
        if let Some(error) = self.health(final_error) {
            return Err(error);
        }
        Ok(HostPermit {
            limiter: self,
            first,
            relayed,
            _one: one,
        })
    }

    fn health<T>(&self, visit: impl FnOnce(&mut HostHealth) -> T) -> T {
        visit(&mut self.health.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl HostPermit<'_> {
    /// Ends the call, and remembers how it went.
    pub(super) fn release<T>(self, outcome: &Result<T, NetworkError>) {
        let silence = outcome.as_ref().err().filter(|error| is_silence(error));
        self.limiter.health(|health| match silence {
            None => {
                health.answered = true;
                if self.relayed {
                    health.late = 0;
                }
            }
            Some(error) if self.relayed && health.answered => {
                health.late += 1;
                health.lateness = Some(error.clone());
            }
            Some(error) if self.first.is_some() || health.fail_fast => {
                health.silence = Some(error.clone());
                health.silences += 1;
            }
            Some(_) => {}
        });
    }
}

/// Whether a failure says that the application is silent, and not that one answer went wrong.
fn is_silence(error: &NetworkError) -> bool {
    !matches!(
        error.problem,
        NetworkProblem::Cut | NetworkProblem::TooLarge | NetworkProblem::Other(_)
    )
}

#[cfg(test)]
#[path = "limits_tests.rs"]
mod tests;
