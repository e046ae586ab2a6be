//! Carrying out a plan: look, note down, write, read back; roll back when a step fails.
//!
//! HTTP, files and the terminal may not enter: they are behind [`Estate`], [`Log`] and [`Observer`].

mod executor;
mod provider;
mod report;
mod rollback;
mod run;
mod step;

pub use executor::{run, undo};
pub use provider::{Estate, Log, Observer, Stop, WriteError};

pub use super::progress::{
    Entry, Mark, Report, StepReport, StepStatus, kept, lost, marks, preview,
};
