//! Which calls are in flight, and how long each may still take: for whoever tells a person what is
//! waited for.

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// A call that is not answered yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flight {
    /// The application's alias, or its host where it has none.
    pub who: String,
    /// When its time began.
    pub since: Instant,
    /// When it is given up.
    pub until: Instant,
}

/// All calls that are in flight.
#[derive(Debug, Default)]
pub(super) struct Flights(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    next: u64,
    list: Vec<(u64, Flight)>,
}

/// A call is in flight as long as this lives.
#[must_use = "the call is over when this is dropped"]
pub(super) struct Taking<'a> {
    flights: &'a Flights,
    id: u64,
}

impl Flights {
    /// A call begins.
    pub(super) fn begin(&self, flight: Flight) -> Taking<'_> {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        inner.next += 1;
        let id = inner.next;
        inner.list.push((id, flight));
        Taking { flights: self, id }
    }

    /// The one that has been in flight for the longest time.
    pub(super) fn oldest(&self) -> Option<Flight> {
        let inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        inner.list.first().map(|(_, flight)| flight.clone())
    }
}

impl Drop for Taking<'_> {
    fn drop(&mut self) {
        let mut inner = self
            .flights
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        inner.list.retain(|(id, _)| *id != self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_is_told_until_it_is_over() {
        let flights = Flights::default();
        let flight = |who: &str| Flight {
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
