//! What the executor asks of the rest of the program: read and write an application, keep a note,
//! tell the user, stop.

use std::future::Future;

use tokio::sync::watch;

use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::plan::progress::{JournalEntry, StepStatus};
use crate::plan::{Step, View};

/// What the executor needs of the applications.
pub trait Provider {
    /// What a step is about, as it reads now.
    fn view(&self, step: &Step) -> impl Future<Output = Result<Option<View>>>;

    /// Waits until a step may be read again, after the `attempt`-th read did not show a change that
    /// was accepted: a node of a cluster learns later. False when there is no more time.
    fn wait_for_change(&self, attempt: u32) -> impl Future<Output = bool>;

    /// Carries out one step; may say how.
    fn write(&self, step: &Step) -> impl Future<Output = Result<Option<String>, WriteError>>;
}

/// A write that did not end well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WriteError {
    /// Why.
    pub error: Error,
    /// Whether it is certain that nothing was changed.
    pub not_applied: bool,
}

/// Where the executor notes what it does, before it does it.
pub trait Log {
    /// Keeps an entry; it is safe on disk when this returns.
    fn note(&mut self, entry: JournalEntry) -> Result<()>;
}

/// Who is told while it goes on.
pub trait Observer {
    /// A step begins.
    fn begins(&self, step: &Step, undoing: bool);
    /// A step ended.
    fn ended(&self, step: &Step, status: StepStatus, detail: &str);
}

/// Which signal asked the run to stop, if one did.
pub type Stop = watch::Receiver<Option<Exit>>;
