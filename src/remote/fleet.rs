//! Many applications at once. How many requests are in flight is bounded below, in the transport
//! (over all) and in each session (to one application); here nothing waits for anything else.

use std::future::Future;

use futures_util::future::join_all;

/// Runs `work` for all items at once; the results come in the order of the items.
pub async fn each<T, R, F>(items: impl IntoIterator<Item = T>, work: impl FnMut(T) -> F) -> Vec<R>
where
    F: Future<Output = R>,
{
    join_all(items.into_iter().map(work)).await
}
