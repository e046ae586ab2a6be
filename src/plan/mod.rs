//! Changes as data: planned purely, printed, written to a journal, carried out step by step, undone.
//!
//! HTTP, files of the user and terminals may not enter: whoever carries out a plan implements
//! [`execute::Provider`]. Only the journal writes a file.

pub mod client;
mod client_step;
pub mod consent;
pub mod consumer;
pub mod create;
pub mod delete;
mod describe;
pub mod detach;
mod difference;
pub mod edit;
pub mod execute;
pub mod file;
mod goal;
pub mod journal;
pub mod migrate;
mod partial;
mod payload;
mod plan_set;
mod preconditions;
pub(crate) mod progress;
mod proof;
pub mod relocate;
mod reversal;
pub mod rotate;
pub mod side;
mod step;
#[cfg(test)]
mod testing;
mod undo;
mod unique_name;

pub use client_step::ClientStep;
pub use describe::describe_levels;
pub use difference::Difference;
pub(crate) use goal::is_about;
pub use goal::{ConsumerAction, Goal};
pub use payload::{Addresses, Details, NewConsumer, NewLink};
pub use plan_set::{Plan, PlanSet, PlanSource, Policy};
pub use proof::{Expected, Proof};
pub use reversal::Reversibility;
pub use step::{RelocationMethod, Step};
pub use undo::Undo;
pub(crate) use unique_name::matches_requested_name;

pub use crate::domain::View;
