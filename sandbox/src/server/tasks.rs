//! The tasks that carry out requests. They are tasks of their own because a server goes on with a
//! request whose sender hung up; only stopping the application ends them.

use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex};

use tokio::sync::oneshot;
use tokio::task::JoinSet;

use crate::sync::lock;

/// The requests of one listener that are being carried out.
#[derive(Debug, Clone)]
pub(crate) struct RequestTasks {
    tasks: Arc<Mutex<JoinSet<()>>>,
    alive: Sender<()>,
}

impl RequestTasks {
    /// `alive` is held by every task until it has ended; whoever holds `tasks` can end them.
    pub(crate) fn new(alive: Sender<()>, tasks: Arc<Mutex<JoinSet<()>>>) -> Self {
        Self { tasks, alive }
    }

    /// Carries out `work` to its end, whether or not anybody waits for it. `None`: it was ended.
    pub(crate) async fn carry_out<T, F>(&self, work: F) -> Option<T>
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
