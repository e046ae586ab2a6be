//! The planner of a plan file: from what was observed and what the file says to changes, each with
//! the steps that make it.
//!
//! Each link has a plan of its own, and so has each consumer: a failure in one leaves the others
//! alone. What the file does not say stays as it is.

mod change;
mod consumer;
mod drift;
mod file_plan;
mod goal;
mod levels;
mod link;
mod link_end;
mod names;
mod observed_state;
mod planner;
mod primary;
mod prune;
pub(crate) mod saved_plan;
pub(crate) mod snapshot;

pub use change::{Action, Change, Drift};
pub use file_plan::{FilePlan, ItemPlan};
pub use names::{ClaimedName, claimed_names};
pub use observed_state::{FileKey, KnownConsumer, KnownLink, ObservedApp, ObservedState};
pub use planner::plan;
pub use saved_plan::{SAVED_PLAN_MARK, SavedPlan, SavedPlanError, is_saved_plan};
pub use snapshot::{RecordSnapshot, difference, snapshots};
