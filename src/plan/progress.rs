//! How far a plan is: what the journal says step by step, and what a report says of it.

use serde::{Deserialize, Serialize};

use super::{Plan, Step, Undo, View};
use crate::error::Error;

/// One line of the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "e", rename_all = "kebab-case")]
pub enum Entry {
    /// About to write step `k`.
    Begin {
        /// Which step.
        k: usize,
    },
    /// Step `k` is done; how the record reads now.
    Done {
        /// Which step.
        k: usize,
        /// The record after it.
        left: Option<View>,
    },
    /// Step `k` was done already, by somebody else.
    Skipped {
        /// Which step.
        k: usize,
    },
    /// Step `k` failed and changed nothing.
    Failed {
        /// Which step.
        k: usize,
    },
    /// About to take step `k` back.
    Undoing {
        /// Which step.
        k: usize,
    },
    /// Step `k` was taken back.
    Undone {
        /// Which step.
        k: usize,
    },
}

/// How far one step is, as the journal tells it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Mark {
    /// Nothing was sent.
    #[default]
    Open,
    /// Something may have been sent.
    Begun,
    /// Done by this run; how it left the record.
    Done(Option<View>),
    /// It was so already.
    Skipped,
    /// Done by this run, and perhaps taken back since; how it left the record.
    Undoing(Option<View>),
    /// Taken back.
    Undone,
}

/// Folds journal entries into how far each step is.
pub fn marks(steps: usize, entries: &[Entry]) -> Vec<Mark> {
    let mut marks = vec![Mark::Open; steps];
    for entry in entries {
        let (k, mark) = match entry {
            Entry::Begin { k } => (*k, Mark::Begun),
            Entry::Done { k, left } => (*k, Mark::Done(left.clone())),
            Entry::Skipped { k } => (*k, Mark::Skipped),
            Entry::Failed { k } => (*k, Mark::Open),
            Entry::Undone { k } => (*k, Mark::Undone),
            // How it was left is still what decides whether it may be touched.
            Entry::Undoing { k } => (
                *k,
                Mark::Undoing(match marks.get(*k) {
                    Some(Mark::Done(left) | Mark::Undoing(left)) => left.clone(),
                    _ => None,
                }),
            ),
        };
        if let Some(slot) = marks.get_mut(k) {
            *slot = mark;
        }
    }
    marks
}

/// How a step stands in a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum StepStatus {
    /// Not begun.
    Planned,
    /// Done by this run.
    Done,
    /// It was so already.
    Skipped,
    /// Failed; nothing was changed by it.
    Failed,
    /// Done, and taken back.
    Undone,
    /// It is not known, or cannot be taken back.
    Stuck,
}

impl StepStatus {
    /// The word used in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Done => "done",
            Self::Skipped => "skipped",
            Self::Failed => "failed",
            Self::Undone => "undone",
            Self::Stuck => "stuck",
        }
    }
}

/// One step in a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepReport {
    /// The step.
    pub step: Step,
    /// How it stands.
    pub status: StepStatus,
    /// What a person should know about it.
    pub detail: String,
    /// What it left, where it was done.
    pub left: Option<View>,
}

/// What became of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Every step.
    pub steps: Vec<StepReport>,
    /// Whether anything is changed now.
    pub changed: bool,
    /// Whether something is changed and the rest is not, or may be.
    pub partial: bool,
    /// The first failure.
    pub failure: Option<Error>,
    /// Failures after the first, where the policy was to go on.
    pub further: Vec<Error>,
}

/// A plan that is only shown.
pub fn preview(plan: &Plan) -> Report {
    Report {
        steps: plan
            .steps
            .iter()
            .map(|step| StepReport {
                step: step.clone(),
                status: StepStatus::Planned,
                detail: step.describe(),
                left: None,
            })
            .collect(),
        changed: false,
        partial: false,
        failure: None,
        further: Vec::new(),
    }
}

/// What was lost by the steps that are done: then there is no way back.
pub fn lost(plan: &Plan, marks: &[Mark]) -> Vec<String> {
    plan.steps
        .iter()
        .zip(marks)
        .filter(|(_, mark)| matches!(mark, Mark::Done(_)))
        .filter_map(|(step, _)| match step.undo(None) {
            Undo::Exact(_) => None,
            Undo::Lossy(_, loss) | Undo::Never(loss) => {
                Some(format!("{}: {loss}", step.describe()))
            }
        })
        .collect()
}
