//! One plan for one goal, and the plans of one run, which do not depend on each other.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::goal::Goal;
use super::step::Step;
use super::undo::Undo;

/// A plan: what one goal needs, and the steps in their order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// What is reached when all steps are done.
    pub goal: Goal,
    /// The steps.
    pub steps: Vec<Step>,
    /// What happens after a step that fails.
    pub policy: Policy,
}

/// What happens after a step that fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Policy {
    /// Undo what this run did, newest first, unless an irreversible step was taken.
    RollBack,
    /// Go on with the steps on other records: those do not depend on the one that failed.
    Continue,
}

impl Plan {
    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// What the steps lose that cannot be brought back, each thing once.
    pub fn losses(&self) -> Vec<String> {
        losses(&self.steps.iter())
    }
}

/// The plans of one run. Each has its own goal and its own policy: one that fails is rolled back, or
/// not, and the others go on. One journal covers them all, and numbers the steps of all plans.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanSet {
    /// What it is all for.
    #[serde(default)]
    pub source: PlanSource,
    /// The plans, in their order.
    pub plans: Vec<Plan>,
}

/// What a plan set is for, as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PlanSource {
    /// The goal of its only plan.
    #[default]
    Goal,
    /// To fix links.
    Repair,
    /// To make links what a file says.
    File,
}

impl From<Plan> for PlanSet {
    fn from(plan: Plan) -> Self {
        Self {
            source: PlanSource::Goal,
            plans: vec![plan],
        }
    }
}

impl PlanSet {
    /// All steps, in their order.
    pub fn steps(&self) -> impl Iterator<Item = &Step> + Clone {
        self.plans.iter().flat_map(|plan| &plan.steps)
    }

    /// How many steps there are.
    pub fn len(&self) -> usize {
        self.plans.iter().map(|plan| plan.steps.len()).sum()
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.plans.iter().all(Plan::is_empty)
    }

    /// Which steps are which plan's.
    pub(super) fn ranges(&self) -> Vec<Range<usize>> {
        let mut start = 0;
        self.plans
            .iter()
            .map(|plan| {
                let range = start..start + plan.steps.len();
                start = range.end;
                range
            })
            .collect()
    }

    /// Each step that loses something, and what.
    pub fn destructive_steps(&self) -> Vec<String> {
        let stake = |step: &Step| match step.undo(None) {
            _ if is_own(step, self.steps()) => None,
            Undo::Lossy(_, loss) | Undo::Never(loss) => {
                Some(format!("{}: {} ends {loss}", step.on(), step.describe()))
            }
            Undo::Exact(_) => None,
        };
        self.steps().filter_map(stake).collect()
    }

    /// What the steps lose that cannot be brought back, each thing once.
    pub fn losses(&self) -> Vec<String> {
        losses(&self.steps())
    }
}

/// Whether a step deletes what one of the steps makes: nothing hangs on that.
fn is_own<'a>(step: &Step, mut steps: impl Iterator<Item = &'a Step>) -> bool {
    let made =
        |other: &Step| other.creates_record() && (other.on(), other.id()) == (step.on(), step.id());
    matches!(step, Step::Delete { .. }) && steps.any(made)
}

pub(super) fn losses<'a>(steps: &(impl Iterator<Item = &'a Step> + Clone)) -> Vec<String> {
    let mut losses: Vec<String> = Vec::new();
    for step in steps.clone() {
        if is_own(step, steps.clone()) {
            continue;
        }
        if let Undo::Lossy(_, loss) | Undo::Never(loss) = step.undo(None)
            && !losses.contains(&loss)
        {
            losses.push(loss);
        }
    }
    losses
}
