//! The progress of a plan: step by step for the journal, and as a report.

use serde::{Deserialize, Serialize};

use crate::error::{Error, worst_exit};
use crate::plan::{Goal, Plan, PlanSet, Step, Undo, View};

/// One line of the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum JournalEntry {
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
    /// Step `k` was done already, outside this run.
    Skipped {
        /// Which step.
        k: usize,
    },
    /// Step `k` failed and changed nothing.
    Failed {
        /// Which step.
        k: usize,
    },
    /// About to undo step `k`.
    Undoing {
        /// Which step.
        k: usize,
    },
    /// Step `k` was undone.
    Undone {
        /// Which step.
        k: usize,
    },
    /// The run came to its end, and what it did is recorded; something is left to do.
    Ended,
}

/// How far one step is, as the journal tells it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum StepState {
    /// Nothing was sent.
    #[default]
    Pending,
    /// Something may have been sent.
    InFlight,
    /// Done by this run; how it left the record.
    Done(Option<View>),
    /// It was so already.
    Skipped,
    /// Done by this run, and perhaps undone since; how it left the record.
    Undoing(Option<View>),
    /// Undone.
    Undone,
}

/// Folds journal entries into how far each step is.
pub fn step_states(steps: usize, entries: &[JournalEntry]) -> Vec<StepState> {
    let mut states = vec![StepState::Pending; steps];
    for entry in entries {
        let (k, state) = match entry {
            JournalEntry::Begin { k } => (*k, StepState::InFlight),
            JournalEntry::Done { k, left } => (*k, StepState::Done(left.clone())),
            JournalEntry::Skipped { k } => (*k, StepState::Skipped),
            JournalEntry::Failed { k } => (*k, StepState::Pending),
            JournalEntry::Undone { k } => (*k, StepState::Undone),
            JournalEntry::Ended => continue,
            // How it was left is still what decides whether it may be touched.
            JournalEntry::Undoing { k } => (
                *k,
                StepState::Undoing(match states.get(*k) {
                    Some(StepState::Done(left) | StepState::Undoing(left)) => left.clone(),
                    _ => None,
                }),
            ),
        };
        if let Some(slot) = states.get_mut(k) {
            *slot = state;
        }
    }
    states
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
    /// Done, and undone.
    Undone,
    /// Whether it was carried out is not known, or it cannot be undone.
    Stuck,
}

impl StepStatus {
    /// What a state says of a step.
    pub fn of(state: &StepState) -> Self {
        match state {
            StepState::Pending => Self::Planned,
            StepState::InFlight | StepState::Undoing(_) => Self::Stuck,
            StepState::Done(_) => Self::Done,
            StepState::Skipped => Self::Skipped,
            StepState::Undone => Self::Undone,
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

/// What became of a plan set, or of one of its plans.
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
    pub other_failures: Vec<Error>,
    /// What became of each plan of a plan set; empty in the report of one plan.
    pub plans: Vec<Report>,
    /// Whether this process has changed anything, or was the first to see that something is: one
    /// that goes on with an earlier run may find all of it done and noted.
    pub acted: bool,
}

impl Report {
    /// The report of a plan set from those of its plans.
    pub fn of_plans(plans: Vec<Self>) -> Self {
        let steps = plans.iter().flat_map(|part| part.steps.clone()).collect();
        let changed = plans.iter().any(|part| part.changed);
        let mut failures: Vec<Error> = plans
            .iter()
            .filter_map(|part| part.failure.clone())
            .collect();
        let worst = worst_exit(&failures);
        let gravest = failures.iter().position(|error| error.exit() == worst);
        let failure = gravest.map(|at| failures.remove(at));
        failures.extend(plans.iter().flat_map(|part| part.other_failures.clone()));
        Self {
            steps,
            changed,
            partial: failure.is_some() && (changed || plans.iter().any(|part| part.partial)),
            failure,
            other_failures: failures,
            acted: plans.iter().any(|part| part.acted),
            plans,
        }
    }

    /// Whether there is news of a change: anything that this process changed or was the first to
    /// see, or that is left where the run did not end.
    pub fn has_changes_to_report(&self) -> bool {
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

/// A plan set that is only shown.
pub fn preview(plan_set: &PlanSet) -> Report {
    let plans = plan_set.plans.iter().map(|plan| Report {
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
        other_failures: Vec::new(),
        plans: Vec::new(),
        acted: false,
    });
    Report::of_plans(plans.collect())
}

/// Why a run could not be rolled back: a step that was in flight turned out to be done, and to have
/// lost something.
pub fn irreversible_steps_done(report: &Report) -> Vec<String> {
    report
        .steps
        .iter()
        .filter(|step| step.status == StepStatus::Done)
        .filter_map(|step| loss(&step.step))
        .collect()
}

/// What was lost by the steps that are done: then there is no way back.
pub fn losses_so_far(plan_set: &PlanSet, states: &[StepState]) -> Vec<String> {
    losses_of(plan_set.steps().zip(states))
}

/// The same of any steps.
pub(super) fn losses_of<'a>(steps: impl Iterator<Item = (&'a Step, &'a StepState)>) -> Vec<String> {
    steps
        .filter(|(_, state)| matches!(state, StepState::Done(_)))
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
pub(crate) fn is_unfinished(plan_set: &PlanSet, report: &Report) -> bool {
    let left = |(plan, part): (&Plan, &Report)| {
        (part.partial || part.failure.is_some()) && !leaves_due(&plan.goal)
    };
    interrupted(report) || plan_set.plans.iter().zip(&report.plans).any(left)
}

/// Whether something is left in its middle, which keeps every other change from being made. What
/// failed and left nothing behind must not: the plans of a plan set do not depend on each other.
pub(crate) fn is_half_done(plan_set: &PlanSet, report: &Report) -> bool {
    let half = |(plan, part): (&Plan, &Report)| part.partial && !leaves_due(&plan.goal);
    interrupted(report) || plan_set.plans.iter().zip(&report.plans).any(half)
}

pub(crate) fn interrupted(report: &Report) -> bool {
    report
        .failure
        .as_ref()
        .is_some_and(|error| error.signal.is_some())
}
