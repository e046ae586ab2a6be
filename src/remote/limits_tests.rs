#![expect(clippy::unwrap_used, reason = "a test may fail that way")]

use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;

use super::*;

type Outcome = Result<(), NetworkError>;

fn silent() -> Outcome {
    Err(NetworkError {
        problem: NetworkProblem::Timeout(Duration::from_secs(30)),
        never_sent: false,
    })
}

fn answer() -> Outcome {
    silent().or(Ok(()))
}

/// The value of a future that is ready at once.
fn now<T>(future: impl Future<Output = T>) -> Option<T> {
    future.now_or_never()
}

/// The future of a permit that is not free yet.
fn waiting(limiter: &HostLimiter) -> BoxFuture<'_, Result<HostPermit<'_>, NetworkError>> {
    let mut turn = limiter.acquire(false).boxed();
    assert!(now(&mut turn).is_none());
    turn
}

#[test]
fn the_first_call_goes_alone_and_then_several() {
    let limiter = HostLimiter::new(3);
    let first = now(limiter.acquire(false)).unwrap().unwrap();
    let others = [waiting(&limiter), waiting(&limiter), waiting(&limiter)];
    first.release(&answer());
    let _turns = others.map(|turn| now(turn).unwrap().unwrap());
    assert!(now(limiter.acquire(false)).is_none());
}

#[test]
fn calls_that_waited_for_the_first_share_its_failure() {
    let limiter = HostLimiter::new(3);
    let first = now(limiter.acquire(false)).unwrap().unwrap();
    let (one, two) = (waiting(&limiter), waiting(&limiter));
    first.release(&silent());
    assert!(now(one).unwrap().is_err());
    assert!(now(two).unwrap().is_err());
    // Whoever comes later may find it awake, and is again the first.
    let _again = now(limiter.acquire(false)).unwrap().unwrap();
    assert!(now(limiter.acquire(false)).is_none());
}

#[test]
fn a_first_call_that_is_dropped_lets_the_next_one_be_first() {
    let limiter = HostLimiter::new(3);
    let first = now(limiter.acquire(false)).unwrap().unwrap();
    let next = waiting(&limiter);
    drop(first);
    let _next = now(next).unwrap().unwrap();
    assert!(now(limiter.acquire(false)).is_none());
}

#[test]
fn a_cut_answer_counts_as_an_answer() {
    let limiter = HostLimiter::new(3);
    let first = now(limiter.acquire(false)).unwrap().unwrap();
    first.release::<()>(&Err(NetworkError {
        problem: NetworkProblem::Cut,
        never_sent: false,
    }));
    let _turns = [1, 2, 3].map(|_| now(limiter.acquire(false)).unwrap().unwrap());
}

/// The limiter of an application that has answered once.
fn answered(fail_fast: bool) -> HostLimiter {
    let limiter = HostLimiter::new(2);
    if fail_fast {
        limiter.fail_fast();
    }
    now(limiter.acquire(false))
        .unwrap()
        .unwrap()
        .release(&answer());
    limiter
}

#[test]
fn fail_fast_waits_for_silence_once() {
    let limiter = answered(true);
    let (one, two) = (now(limiter.acquire(false)), now(limiter.acquire(true)));
    let queued = waiting(&limiter);
    one.unwrap().unwrap().release(&silent());
    assert!(now(queued).unwrap().is_err());
    drop(two);
    assert!(now(limiter.acquire(false)).unwrap().is_err());

    // Who changes something has to find out what became of it.
    let limiter = answered(false);
    now(limiter.acquire(false))
        .unwrap()
        .unwrap()
        .release(&silent());
    assert!(now(limiter.acquire(false)).unwrap().is_ok());
}

#[test]
fn late_relayed_calls_end_further_ones() {
    let limiter = answered(true);
    let relayed = |outcome: &Outcome| {
        now(limiter.acquire(true))
            .unwrap()
            .unwrap()
            .release(outcome);
    };
    relayed(&silent());
    relayed(&answer());
    relayed(&silent());
    relayed(&silent());
    assert!(now(limiter.acquire(true)).unwrap().is_err());
    // What it answers by itself is another thing.
    now(limiter.acquire(false))
        .unwrap()
        .unwrap()
        .release(&answer());
    assert!(now(limiter.acquire(true)).unwrap().is_err());
}

#[test]
fn calls_of_low_priority_leave_permits_for_others() {
    let limiter = GlobalLimiter::new(8);
    let take = |hope| now(limiter.acquire(hope));
    let poor: Vec<_> = std::iter::from_fn(|| take(Priority::Low)).collect();
    let good: Vec<_> = std::iter::from_fn(|| take(Priority::Normal)).collect();
    assert_eq!([poor.len(), good.len()], [2, 6]);
    // One seat is one for all.
    let one = GlobalLimiter::new(1);
    for hope in [Priority::Normal, Priority::Low] {
        let seat = now(one.acquire(hope));
        assert!(seat.is_some());
        assert!(now(one.acquire(Priority::Normal)).is_none());
    }
}
