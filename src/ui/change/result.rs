//! The result of a change, for a person.

use super::goal_text::{nothing_to_do, reached};
use crate::diagnose::Verdict;
use crate::plan::execute::Report;
use crate::plan::{PlanSet, PlanSource};
use crate::ui::{Role, Ui};

/// The result for a person.
pub(crate) fn show(ui: &Ui, plan_set: &PlanSet, report: &Report, verdicts: &[Verdict]) {
    let failed = report.failure.is_some();
    if !failed && plan_set.is_empty() {
        ui.result(&nothing_to_do(plan_set));
    } else if !failed && plan_set.source == PlanSource::Repair {
        ui.result("everything that could be mended is");
    } else {
        for (plan, part) in plan_set.plans.iter().zip(&report.plans) {
            if !plan.is_empty() && part.is_done() {
                ui.result(&reached(plan));
            }
        }
    }
    for verdict in verdicts {
        let name = verdict.remote.as_ref().map_or_else(
            || verdict.local.to_string(),
            |remote| format!("{} and {remote}", verdict.local),
        );
        let code = verdict
            .code
            .map(|code| format!(" {code}"))
            .unwrap_or_default();
        let (role, word) = ui.health(verdict.health);
        let rest = format!(" {name}{code}: {}", verdict.summary);
        ui.line(&[(role, &word), (Role::Plain, &rest)]);
        ui.fixes(&verdict.commands);
    }
}
