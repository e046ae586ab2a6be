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

/// What is there without waiting.
fn now<T>(future: impl Future<Output = T>) -> Option<T> {
    future.now_or_never()
}

/// A turn that is waited for, asked for already.
fn waiting(turns: &Turns) -> BoxFuture<'_, Result<Turn<'_>, NetworkError>> {
    let mut turn = turns.begin(false).boxed();
    assert!(now(&mut turn).is_none());
    turn
}

#[test]
fn one_call_first_and_then_several() {
    let turns = Turns::new(3);
    let first = now(turns.begin(false)).unwrap().unwrap();
    let others = [waiting(&turns), waiting(&turns), waiting(&turns)];
    first.end(&answer());
    let _turns = others.map(|turn| now(turn).unwrap().unwrap());
    assert!(now(turns.begin(false)).is_none());
}

#[test]
fn who_waited_for_the_first_call_shares_its_failure() {
    let turns = Turns::new(3);
    let first = now(turns.begin(false)).unwrap().unwrap();
    let (one, two) = (waiting(&turns), waiting(&turns));
    first.end(&silent());
    assert!(now(one).unwrap().is_err());
    assert!(now(two).unwrap().is_err());
    // Whoever comes later may find it awake, and is again the first.
    let _again = now(turns.begin(false)).unwrap().unwrap();
    assert!(now(turns.begin(false)).is_none());
}

#[test]
fn a_first_call_that_is_dropped_lets_the_next_one_be_first() {
    let turns = Turns::new(3);
    let first = now(turns.begin(false)).unwrap().unwrap();
    let next = waiting(&turns);
    drop(first);
    let _next = now(next).unwrap().unwrap();
    assert!(now(turns.begin(false)).is_none());
}

#[test]
fn an_answer_that_goes_wrong_is_one() {
    let turns = Turns::new(3);
    let first = now(turns.begin(false)).unwrap().unwrap();
    first.end::<()>(&Err(NetworkError {
        problem: NetworkProblem::Cut,
        never_sent: false,
    }));
    let _turns = [1, 2, 3].map(|_| now(turns.begin(false)).unwrap().unwrap());
}

/// Turns of an application that has answered once.
fn answered(hurried: bool) -> Turns {
    let turns = Turns::new(2);
    if hurried {
        turns.hurry();
    }
    now(turns.begin(false)).unwrap().unwrap().end(&answer());
    turns
}

#[test]
fn who_hurries_waits_for_silence_once() {
    let turns = answered(true);
    let (one, two) = (now(turns.begin(false)), now(turns.begin(true)));
    let queued = waiting(&turns);
    one.unwrap().unwrap().end(&silent());
    assert!(now(queued).unwrap().is_err());
    drop(two);
    assert!(now(turns.begin(false)).unwrap().is_err());

    // Who changes something has to find out what became of it.
    let turns = answered(false);
    now(turns.begin(false)).unwrap().unwrap().end(&silent());
    assert!(now(turns.begin(false)).unwrap().is_ok());
}

#[test]
fn peers_that_do_not_answer_are_not_asked_about_without_end() {
    let turns = answered(true);
    let relayed = |outcome: &Outcome| now(turns.begin(true)).unwrap().unwrap().end(outcome);
    relayed(&silent());
    relayed(&answer());
    relayed(&silent());
    relayed(&silent());
    assert!(now(turns.begin(true)).unwrap().is_err());
    // What it answers by itself is another thing.
    now(turns.begin(false)).unwrap().unwrap().end(&answer());
    assert!(now(turns.begin(true)).unwrap().is_err());
}

#[test]
fn what_may_hang_leaves_seats_for_the_others() {
    let seats = Seats::new(8);
    let take = |hope| now(seats.take(hope));
    let poor: Vec<_> = std::iter::from_fn(|| take(Hope::Poor)).collect();
    let good: Vec<_> = std::iter::from_fn(|| take(Hope::Good)).collect();
    assert_eq!([poor.len(), good.len()], [2, 6]);
    // One seat is one for all.
    let one = Seats::new(1);
    for hope in [Hope::Good, Hope::Poor] {
        let seat = now(one.take(hope));
        assert!(seat.is_some());
        assert!(now(one.take(Hope::Good)).is_none());
    }
}
