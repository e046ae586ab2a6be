//! Builds the report of a run: of all of it, and of each plan.

use super::provider::{Log, Provider};
use super::run::Executor;
use crate::plan::Step;
use crate::plan::progress::{Report, StepReport, StepState, StepStatus};

impl<E: Provider, L: Log> Executor<'_, E, L> {
    pub(super) fn report(self) -> Report {
        let acted = self.acted;
        let mut steps = self
            .steps
            .iter()
            .zip(self.details)
            .zip(self.states)
            .map(|((step, detail), state)| Line::new(step, detail, &state));
        let parts = self.ranges.iter().zip(self.failures).map(|(part, tally)| {
            let lines: Vec<Line> = steps.by_ref().take(part.len()).collect();
            let changed = lines.iter().any(|line| line.changed);
            let stuck = lines
                .iter()
                .any(|line| line.report.status == StepStatus::Stuck);
            Report {
                changed,
                partial: tally.failure.is_some() && (changed || stuck),
                failure: tally.failure,
                other_failures: tally.others,
                steps: lines.into_iter().map(|line| line.report).collect(),
                plans: Vec::new(),
                acted,
            }
        });
        Report {
            acted,
            ..Report::of_plans(parts.collect())
        }
    }
}

/// One step in a report, and whether something is or may be changed by it.
struct Line {
    report: StepReport,
    changed: bool,
}

impl Line {
    fn new(step: &Step, detail: Option<(StepStatus, String)>, state: &StepState) -> Self {
        let (status, detail) = detail.unwrap_or_else(|| (StepStatus::of(state), step.describe()));
        Self {
            report: StepReport {
                step: step.clone(),
                status,
                detail,
                left: match state {
                    StepState::Done(left) => left.clone(),
                    _ => None,
                },
            },
            changed: !step.is_read_only()
                && matches!(
                    state,
                    StepState::Done(_) | StepState::Undoing(_) | StepState::InFlight
                ),
        }
    }
}
