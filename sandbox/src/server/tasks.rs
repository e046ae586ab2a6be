//! Runs each request as a task of its own.
//!
//! A server finishes a request even when the client closes the connection. Only stopping the
//! application aborts its requests.

use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex};

use tokio::sync::oneshot;
use tokio::task::JoinSet;

use crate::sync::lock;

/// The tasks of one listener.
#[derive(Debug, Clone)]
pub(crate) struct RequestTasks {
    tasks: Arc<Mutex<JoinSet<()>>>,
    alive: Sender<()>,
}

impl RequestTasks {
    /// Every task holds `alive` until it has ended. The owner of `tasks` can abort them.
    pub(crate) fn new(alive: Sender<()>, tasks: Arc<Mutex<JoinSet<()>>>) -> Self {
        Self { tasks, alive }
    }

    /// Runs `work` to its end, even when the caller stops waiting. `None` when it was aborted.
    pub(crate) async fn run<T, F>(&self, work: F) -> Option<T>
    where
        T: Send + 'static,
        F: Future<Output = T> + Send + 'static,
    {
        let (done, outcome) = oneshot::channel();
        let alive = self.alive.clone();
        {
            let mut tasks = lock(&self.tasks);
            while tasks.try_join_next().is_some() {}
            tasks.spawn(async move {
                let _ = done.send(work.await);
                drop(alive);
            });
        }
        outcome.await.ok()
    }
}
