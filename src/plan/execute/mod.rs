//! Carrying out a plan: look, note down, write, read back; roll back when a step fails.
//!
//! HTTP, files and the terminal may not enter: they are behind [`Provider`], [`Log`] and [`Observer`].

mod executor;
mod provider;
mod report;
mod rollback;
mod run;
mod step;
mod written;

pub use executor::{run, undo};
pub use provider::{Log, Observer, Provider, Stop, WriteError};

pub use super::progress::{
    JournalEntry, Report, StepReport, StepState, StepStatus, irreversible_steps_done,
    losses_so_far, preview, step_states,
};
