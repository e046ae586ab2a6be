//! Builds the report of a run: of all of it, and of each plan.

use super::provider::{Estate, Log};
use super::run::Run;
use crate::plan::Step;
use crate::plan::progress::{Mark, Report, StepReport, StepStatus};

impl<E: Estate, L: Log> Run<'_, E, L> {
    pub(super) fn report(self) -> Report {
        let acted = self.acted;
        let mut steps = self
            .steps
            .iter()
            .zip(self.details)
            .zip(self.marks)
            .map(|((step, detail), mark)| Line::new(step, detail, &mark));
        let parts = self.parts.iter().zip(self.tallies).map(|(part, tally)| {
            let lines: Vec<Line> = steps.by_ref().take(part.len()).collect();
            let changed = lines.iter().any(|line| line.changed);
            let stuck = lines
                .iter()
                .any(|line| line.report.status == StepStatus::Stuck);
            Report {
                changed,
                partial: tally.failure.is_some() && (changed || stuck),
                failure: tally.failure,
                further: tally.further,
                steps: lines.into_iter().map(|line| line.report).collect(),
                parts: Vec::new(),
                acted,
            }
        });
        Report {
            acted,
            ..Report::of_parts(parts.collect())
        }
    }
}

/// One step in a report, and whether something is or may be changed by it.
struct Line {
    report: StepReport,
    changed: bool,
}

impl Line {
    fn new(step: &Step, detail: Option<(StepStatus, String)>, mark: &Mark) -> Self {
        let (status, detail) = detail.unwrap_or_else(|| (StepStatus::of(mark), step.describe()));
        Self {
            report: StepReport {
                step: step.clone(),
                status,
                detail,
                left: match mark {
                    Mark::Done(left) => left.clone(),
                    _ => None,
                },
            },
            changed: !step.only_asks()
                && matches!(mark, Mark::Done(_) | Mark::Undoing(_) | Mark::Begun),
        }
    }
}
