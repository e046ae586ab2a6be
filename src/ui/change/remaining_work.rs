//! The error of a run that stopped, with what is left and how to continue.

use super::goal_text::aim;
use crate::domain::Alias;
use crate::error::{Error, Kind};
use crate::plan::execute::{Report, StepReport, StepStatus};
use crate::plan::progress::is_half_done;
use crate::plan::{Goal, PlanSet, PlanSource, Policy, Reversibility};

/// The error of a run, with what is left and how to go on.
pub(crate) fn with_remaining_work(cause: Error, report: &Report, plan_set: &PlanSet) -> Error {
    if !report.partial {
        if report
            .steps
            .iter()
            .any(|step| step.status == StepStatus::Undone)
        {
            return cause
                .hint("what this run had done before is taken back: nothing is left changed");
        }
        return cause;
    }
    let open = left_to_do(report, plan_set).join(", ");
    let mut error = Error {
        kind: Kind::Partial,
        message: if cause.signal.is_some() {
            format!("interrupted; left to do: {open}")
        } else {
            format!("{}; left to do: {open}", cause.message)
        },
        ..cause
    };
    let only = match plan_set.plans.as_slice() {
        [plan] => Some(&plan.goal),
        _ => None,
    };
    if let (Some(Goal::NoLink { local, remote, .. }), None) = (only, error.signal) {
        let remote = remote.as_ref().map_or("REMOTE", Alias::as_str);
        error = error.hint(format!(
            "finish it with: applink delete {local} {remote}, or applink resume"
        ));
    } else {
        error = error.hint(if is_half_done(plan_set, report) || is_due(plan_set, report) {
            "continue with: applink resume".to_owned()
        } else {
            format!(
                "nothing is half made; to try the rest: applink resume, or the same command again{}",
                match plan_set.source {
                    PlanSource::File => " (applink apply FILE)",
                    PlanSource::Repair => " (applink repair)",
                    PlanSource::Goal => "",
                }
            )
        });
        let lost = report.steps.iter().any(|one| {
            matches!(one.status, StepStatus::Done)
                && one.step.reversibility() == Reversibility::Irreversible
        });
        if !lost
            && plan_set
                .plans
                .iter()
                .all(|plan| plan.policy == Policy::RollBack)
        {
            error = error.hint("or take it back with: applink resume --undo");
        }
    }
    error
}

/// Whether a delete is left that `resume` tries again.
fn is_due(plan_set: &PlanSet, report: &Report) -> bool {
    let mut parts = plan_set.plans.iter().zip(&report.plans);
    parts.any(|(plan, part)| matches!(plan.goal, Goal::NoLink { .. }) && part.partial)
}

/// How many plans that are left to do are named; the steps of all are in the report.
const NAMED: usize = 10;

/// The remaining work: the steps of one plan, or the goals of several.
fn left_to_do(report: &Report, plan_set: &PlanSet) -> Vec<String> {
    if plan_set.plans.len() <= 1 {
        let is_open = |step: &&StepReport| {
            matches!(
                step.status,
                StepStatus::Failed | StepStatus::Stuck | StepStatus::Planned
            )
        };
        let open = report.steps.iter().filter(is_open);
        return open
            .map(|step| format!("{} on {}", step.step.action(), step.step.on()))
            .collect();
    }
    let mut open: Vec<String> = plan_set
        .plans
        .iter()
        .zip(&report.plans)
        .filter(|(_, part)| !part.is_done())
        .map(|(plan, _)| aim(&plan.goal))
        .collect();
    let more = open.len().saturating_sub(NAMED);
    if more > 0 {
        open.truncate(NAMED);
        open.push(format!("and {more} more"));
    }
    open
}
