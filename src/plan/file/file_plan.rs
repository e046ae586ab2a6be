//! The plan of a whole file: its parts, what is refused, what the user should know.

use std::collections::BTreeSet;

use super::change::{Change, Drift};
use super::primary::PrimaryRequest;
use crate::domain::Alias;
use crate::error::Error;
use crate::plan::Plan;

/// One link or program: what changes, and the plan that makes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemPlan {
    /// The changes, as a person reviews them; none where all is as wanted.
    pub changes: Vec<Change>,
    /// What was changed outside applink since applink set it.
    pub drift: Vec<Drift>,
    /// Whether it allows calls as any user that were not allowed before.
    pub impersonates: bool,
    /// Where the file gives the name of the record.
    pub named: BTreeSet<Alias>,
    /// What is wanted of the primary links; the steps for it are added last.
    pub(super) primary: Vec<PrimaryRequest>,
    /// The steps.
    pub plan: Plan,
}

/// What a file comes to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FilePlan {
    /// The links and programs of the file in its order, then what is deleted; but what gives up a
    /// name goes before what gets it.
    pub items: Vec<ItemPlan>,
    /// What cannot be planned; the rest can.
    pub refused: Vec<Error>,
    /// What a person should know.
    pub notes: Vec<String>,
    /// What a person may not want, and how to choose otherwise.
    pub warnings: Vec<Error>,
}

impl FilePlan {
    /// All changes.
    pub fn changes(&self) -> impl Iterator<Item = &Change> {
        self.items.iter().flat_map(|part| &part.changes)
    }

    /// Everything that was changed outside applink.
    pub fn drift(&self) -> impl Iterator<Item = &Drift> {
        self.items.iter().flat_map(|part| &part.drift)
    }
}
