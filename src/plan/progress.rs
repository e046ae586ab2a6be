//! How far a plan is: what the journal says step by step, and what a report says of it.

use serde::{Deserialize, Serialize};

use crate::error::{Error, worst_exit};
use crate::plan::{Agenda, Goal, Plan, Step, Undo, View};

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
    /// The run came to its end, and what it did is recorded; something is left to do.
    Ended,
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
            Entry::Ended => continue,
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
    /// What a mark says of a step.
    pub fn of(mark: &Mark) -> Self {
        match mark {
            Mark::Open => Self::Planned,
            Mark::Begun | Mark::Undoing(_) => Self::Stuck,
            Mark::Done(_) => Self::Done,
            Mark::Skipped => Self::Skipped,
            Mark::Undone => Self::Undone,
        }
    }

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

/// What became of an agenda, or of one of its plans.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Every step.
    pub steps: Vec<StepReport>,
    /// Whether anything is changed now.
    pub changed: bool,
    /// Whether something is changed and the rest is not, or may be.
    pub partial: bool,
    /// The first failure, or the gravest where several plans failed.
    pub failure: Option<Error>,
    /// The other failures.
    pub further: Vec<Error>,
    /// What became of each plan of an agenda; empty in the report of one plan.
    pub parts: Vec<Report>,
    /// Whether this process has changed anything, or was the first to see that something is: one
    /// that goes on with an earlier run may find all of it done and noted.
    pub acted: bool,
}

impl Report {
    /// The report of an agenda from those of its plans.
    pub fn of_parts(parts: Vec<Self>) -> Self {
        let steps = parts.iter().flat_map(|part| part.steps.clone()).collect();
        let changed = parts.iter().any(|part| part.changed);
        let mut failures: Vec<Error> = parts
            .iter()
            .filter_map(|part| part.failure.clone())
            .collect();
        let worst = worst_exit(&failures);
        let gravest = failures.iter().position(|error| error.exit() == worst);
        let failure = gravest.map(|at| failures.remove(at));
        failures.extend(parts.iter().flat_map(|part| part.further.clone()));
        Self {
            steps,
            changed,
            partial: failure.is_some() && (changed || parts.iter().any(|part| part.partial)),
            failure,
            further: failures,
            acted: parts.iter().any(|part| part.acted),
            parts,
        }
    }

    /// Whether there is news of a change: anything that this process changed or was the first to
    /// see, or that is left where the run did not end.
    pub fn tells_of_change(&self) -> bool {
        self.changed && (self.acted || self.partial || self.failure.is_some())
    }

    /// Whether every step of it is done, or was so already.
    pub fn is_done(&self) -> bool {
        self.failure.is_none()
            && self
                .steps
                .iter()
                .all(|step| matches!(step.status, StepStatus::Done | StepStatus::Skipped))
    }
}

/// An agenda that is only shown.
pub fn preview(agenda: &Agenda) -> Report {
    let parts = agenda.parts.iter().map(|plan| Report {
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
        parts: Vec::new(),
        acted: false,
    });
    Report::of_parts(parts.collect())
}

/// Why a run that was to be taken back was not: a step that was only known to be begun turned out
/// to be done, and to have lost something.
pub fn kept(report: &Report) -> Vec<String> {
    report
        .steps
        .iter()
        .filter(|step| step.status == StepStatus::Done)
        .filter_map(|step| loss(&step.step))
        .collect()
}

/// What was lost by the steps that are done: then there is no way back.
pub fn lost(agenda: &Agenda, marks: &[Mark]) -> Vec<String> {
    losses_of(agenda.steps().zip(marks))
}

/// The same of any steps.
pub(super) fn losses_of<'a>(steps: impl Iterator<Item = (&'a Step, &'a Mark)>) -> Vec<String> {
    steps
        .filter(|(_, mark)| matches!(mark, Mark::Done(_)))
        .filter_map(|(step, _)| loss(step))
        .collect()
}

/// What a step that is done has lost.
fn loss(step: &Step) -> Option<String> {
    match step.undo(None) {
        Undo::Exact(_) => None,
        Undo::Lossy(_, loss) | Undo::Never(loss) => Some(format!("{}: {loss}", step.describe())),
    }
}

/// The client id that a run ended with: known before, or made up by the application.
pub(crate) fn client_id(goal: &Goal, report: &Report) -> Option<String> {
    let Goal::OAuth2Client { client_id, .. } = goal else {
        return None;
    };
    let made = report.steps.iter().rev().find_map(|step| {
        let client = step.left.as_ref()?.client.as_ref()?.client.as_ref()?;
        Some(client.client_id.clone())
    });
    made.or_else(|| client_id.clone())
}

/// Whether what is left of a goal is due in the state, and needs no journal.
pub(crate) fn leaves_due(goal: &Goal) -> bool {
    matches!(goal, Goal::NoLink { .. })
}

/// Whether `resume` has something to go on with, or to take back.
pub(crate) fn is_unfinished(agenda: &Agenda, report: &Report) -> bool {
    let left = |(plan, part): (&Plan, &Report)| {
        (part.partial || part.failure.is_some()) && !leaves_due(&plan.goal)
    };
    interrupted(report) || agenda.parts.iter().zip(&report.parts).any(left)
}

/// Whether something is left in its middle, which keeps every other change from being made. What
/// failed and left nothing behind must not: the plans of an agenda do not depend on each other.
pub(crate) fn is_half_made(agenda: &Agenda, report: &Report) -> bool {
    let half = |(plan, part): (&Plan, &Report)| part.partial && !leaves_due(&plan.goal);
    interrupted(report) || agenda.parts.iter().zip(&report.parts).any(half)
}

pub(crate) fn interrupted(report: &Report) -> bool {
    report
        .failure
        .as_ref()
        .is_some_and(|error| error.signal.is_some())
}
