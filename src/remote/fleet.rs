//! Asks many applications at once, and each question once.

use std::collections::BTreeMap;
use std::future::{Future, pending};
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::{join_all, try_join_all};
use tokio::sync::{OnceCell, watch};

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
pub struct OnceMap<K, V>(Mutex<BTreeMap<K, Arc<OnceCell<V>>>>);

impl<K, V> Default for OnceMap<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Ord, V: Clone> OnceMap<K, V> {
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
pub struct Responsiveness(watch::Sender<Option<bool>>);

impl Default for Responsiveness {
    fn default() -> Self {
        Self(watch::Sender::new(None))
    }
}

impl Responsiveness {
    /// It is known now.
    pub fn report(&self, hangs: bool) {
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

#[cfg(test)]
#[path = "fleet_tests.rs"]
mod tests;
