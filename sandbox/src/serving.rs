//! An open port, and how it is closed.

use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::task::{AbortHandle, JoinSet};

use crate::sync::lock;

/// An open port. Dropping it closes the port and its connections.
#[derive(Debug)]
pub(crate) struct Serving {
    pub(crate) task: AbortHandle,
    pub(crate) requests: Arc<Mutex<JoinSet<()>>>,
    /// Disconnects when the last task of the listener has ended.
    pub(crate) gone: Mutex<Receiver<()>>,
}

impl Serving {
    /// Closes the listener and its connections, and waits until they are closed.
    pub(crate) fn close(self) {
        self.task.abort();
        lock(&self.requests).abort_all();
        // No task ever sends a message, so this returns on disconnection. The limit only guards
        // against a runtime that no longer runs.
        let _ = lock(&self.gone).recv_timeout(Duration::from_secs(5));
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.task.abort();
    }
}
