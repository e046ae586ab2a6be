//! The calls in flight and their deadlines, for the status line.

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// A call without an answer yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InFlightCall {
    /// The application's alias, or its host where it has none.
    pub who: String,
    /// When its time began.
    pub since: Instant,
    /// When it is given up.
    pub until: Instant,
}

/// All calls that are in flight.
#[derive(Debug, Default)]
pub(super) struct InFlightCalls(Mutex<CallList>);

#[derive(Debug, Default)]
struct CallList {
    next: u64,
    calls: Vec<(u64, InFlightCall)>,
}

/// Keeps a call in the list until it is dropped.
#[must_use = "the call is over when this is dropped"]
pub(super) struct InFlightGuard<'a> {
    calls: &'a InFlightCalls,
    id: u64,
}

impl InFlightCalls {
    /// Adds a call.
    pub(super) fn begin(&self, call: InFlightCall) -> InFlightGuard<'_> {
        let mut list = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        list.next += 1;
        let id = list.next;
        list.calls.push((id, call));
        InFlightGuard { calls: self, id }
    }

    /// The one that has been in flight for the longest time.
    pub(super) fn oldest(&self) -> Option<InFlightCall> {
        let list = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        list.calls.first().map(|(_, call)| call.clone())
    }
}

impl Drop for InFlightGuard<'_> {
    fn drop(&mut self) {
        let mut list = self.calls.0.lock().unwrap_or_else(PoisonError::into_inner);
        list.calls.retain(|(id, _)| *id != self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_is_told_until_it_is_over() {
        let flights = InFlightCalls::default();
        let flight = |who: &str| InFlightCall {
            who: who.to_owned(),
            since: Instant::now(),
            until: Instant::now(),
        };
        let oldest = || flights.oldest().map(|flight| flight.who);
        let a = flights.begin(flight("a"));
        let b = flights.begin(flight("b"));
        assert_eq!(oldest().as_deref(), Some("a"));
        drop(a);
        assert_eq!(oldest().as_deref(), Some("b"));
        drop(b);
        assert_eq!(oldest(), None);
    }
}
