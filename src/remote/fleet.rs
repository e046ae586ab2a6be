//! Many applications at once, and fairly: one that hangs costs its own time-out, and nobody else's.
//!
//! Two bounds hold for everything that is in flight: over all applications (`--jobs`) and to one
//! (`--per-host`). What may hang must not use them up:
//!
//! - An application is asked one thing first: one that hangs takes one seat. The rest follows,
//!   several at a time, once it has answered anything; where it does not answer, what waited gets
//!   the same failure and costs no time of its own.
//! - Calls for which an application first asks another one that is silent so far take a quarter of
//!   all seats at most.

use std::collections::BTreeMap;
use std::future::{Future, pending};
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::{join_all, try_join_all};
use tokio::sync::{MutexGuard, OnceCell, Semaphore, SemaphorePermit, watch};

use super::transport::{Answer, NetworkError, NetworkProblem};

/// Runs `work` for all items at once; the results come in the order of the items.
pub async fn each<T, R, F>(items: impl IntoIterator<Item = T>, work: impl FnMut(T) -> F) -> Vec<R>
where
    F: Future<Output = R>,
{
    join_all(items.into_iter().map(work)).await
}

/// The same where one failure is the failure of all: what is under way is dropped, and what waits for
/// its turn is never sent.
///
/// # Errors
///
/// The first that occurs.
pub async fn all<T, R, E, F>(
    items: impl IntoIterator<Item = T>,
    work: impl FnMut(T) -> F,
) -> Result<Vec<R>, E>
where
    F: Future<Output = Result<R, E>>,
{
    try_join_all(items.into_iter().map(work)).await
}

/// What is found out once for each key, however many want it and whenever they do.
#[derive(Debug)]
pub struct Once<K, V>(Mutex<BTreeMap<K, Arc<OnceCell<V>>>>);

impl<K, V> Default for Once<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Ord, V: Clone> Once<K, V> {
    /// What was found, or is found now.
    pub async fn get(&self, key: K, find: impl Future<Output = V>) -> V {
        let cell = {
            let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(all.entry(key).or_default())
        };
        cell.get_or_init(|| find).await.clone()
    }
}

/// Whether an application answers at all, for those who ask others about it.
#[derive(Debug)]
pub struct Presence(watch::Sender<Option<bool>>);

impl Default for Presence {
    fn default() -> Self {
        Self(watch::Sender::new(None))
    }
}

impl Presence {
    /// It is known now.
    pub fn tell(&self, hangs: bool) {
        self.0.send_replace(Some(!hangs));
    }

    /// Whether it answers, as far as that is known.
    pub fn answers(&self) -> Option<bool> {
        *self.0.borrow()
    }

    /// Waits until it is known to answer; without an end where it does not.
    pub async fn answering(&self) {
        self.becomes(true).await;
    }

    /// Waits until it is known to hang; without an end where it does not.
    pub async fn hanging(&self) {
        self.becomes(false).await;
    }

    async fn becomes(&self, wanted: bool) {
        let mut known = self.0.subscribe();
        let now = known.wait_for(Option::is_some).await;
        let as_wanted = now.is_ok_and(|now| *now == Some(wanted));
        if !as_wanted {
            pending::<()>().await;
        }
    }
}

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
    /// It is over.
    pub(super) fn end(self, outcome: &Result<Answer, NetworkError>) {
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
#[path = "fleet_tests.rs"]
mod tests;
