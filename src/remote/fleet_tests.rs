use futures_util::FutureExt as _;

use super::*;

/// The value of a future that is ready at once.
fn now<T>(future: impl Future<Output = T>) -> Option<T> {
    future.now_or_never()
}

#[test]
fn presence_is_waited_for() {
    let (there, gone) = (Responsiveness::default(), Responsiveness::default());
    assert_eq!(there.answers(), None);
    let mut waits = there.answering().boxed();
    assert!(now(&mut waits).is_none());
    there.report(false);
    gone.report(true);
    assert!(now(waits).is_some());
    assert!(now(there.hanging()).is_none());
    assert!(now(gone.hanging()).is_some());
    assert!(now(gone.answering()).is_none());
}

#[test]
fn once_is_once() {
    let once = OnceMap::default();
    assert_eq!(now(once.get("a", async { 1 })), Some(1));
    assert_eq!(now(once.get("a", async { 2 })), Some(1));
    assert_eq!(now(once.get("b", async { 3 })), Some(3));
}
