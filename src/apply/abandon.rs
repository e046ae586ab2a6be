//! Giving up a run that can neither end nor be undone: the state records what stays half done, and
//! the journal goes.

use crate::apply::{commit, interrupted};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::plan::execute::{self, Report, StepReport, StepState, StepStatus};
use crate::plan::journal::{self, OpenJournal};
use crate::plan::{PlanSet, Step};
use crate::state::{AbandonedChange, Guard, StateStore as _};
use crate::ui::change::{document, headline, with};

/// Gives up an unfinished run.
pub(crate) fn abandon(context: &mut Context, guard: &Guard, open: &OpenJournal) -> Result<Exit> {
    let plan_set = &open.header.plan_set;
    let states = execute::step_states(plan_set.len(), &open.entries);
    let report = report(plan_set, &states);
    let left: Vec<&StepReport> = report
        .steps
        .iter()
        .filter(|step| is_left(step.status) && !step.step.is_read_only())
        .collect();
    let ui = context.ui.clone();
    for step in &left {
        ui.status(&format!("not done on {}: {}", step.step.on(), step.detail));
    }
    let about = format!(
        "Give up {:?}? What was done stays, and what was not done is only recorded.",
        headline(plan_set)
    );
    if !ui.confirm(&about, "--yes")? {
        return Err(Error::refused("not confirmed; nothing was changed"));
    }
    // A goal that was never begun leaves nothing half done.
    let begun: Vec<AbandonedChange> = if report.changed {
        left.iter().map(|step| abandoned(step)).collect()
    } else {
        Vec::new()
    };
    let targets = commit::from_context(context, &open.header.context, plan_set)?;
    commit::remember(context, guard, plan_set, &report, &targets)?;
    let mut state = context.state.to_state();
    state.add_abandoned(begun);
    context.state = context.store.save(guard, &context.state, &state)?;
    journal::remove(&context.store.paths().journal())?;
    if ui.is_json() {
        ui.json(&with(document(&report, Some(plan_set), &[]), None, &[]));
    } else {
        ui.result(&format!("abandoned: {}", headline(plan_set)));
        for step in &left {
            ui.result(&format!("left on {}: {}", step.step.on(), step.detail));
        }
        ui.hint("see both ends with: applink verify");
    }
    Ok(Exit::Ok)
}

/// Warns of what earlier runs left half done and gave up.
pub(crate) fn warn_abandoned(context: &Context) {
    for change in &context.state.state().abandoned {
        context.ui.warn(&format!(
            "an abandoned run left this undone on {}: {}",
            change.on, change.detail
        ));
    }
    interrupted::warn_unfinished(context);
}

fn is_left(status: StepStatus) -> bool {
    matches!(status, StepStatus::Failed | StepStatus::Stuck)
}

fn abandoned(step: &StepReport) -> AbandonedChange {
    AbandonedChange {
        on: step.step.on().clone(),
        id: step.step.id(),
        detail: step.detail.clone(),
        since: jiff::Timestamp::now(),
    }
}

/// What became of the steps, as far as the journal knows.
fn report(plan_set: &PlanSet, states: &[StepState]) -> Report {
    let mut states = states.iter();
    let parts = plan_set.plans.iter().map(|plan| {
        let steps: Vec<StepReport> = plan
            .steps
            .iter()
            .zip(states.by_ref())
            .map(|(step, state)| step_report(step, state))
            .collect();
        let changed = steps
            .iter()
            .any(|step| matches!(step.status, StepStatus::Done | StepStatus::Stuck));
        let is_left = steps.iter().any(|step| is_left(step.status));
        Report {
            changed,
            partial: changed && is_left,
            failure: is_left.then(|| Error::refused("the run was given up")),
            other_failures: Vec::new(),
            steps,
            plans: Vec::new(),
            acted: changed,
        }
    });
    Report::of_plans(parts.collect())
}

fn step_report(step: &Step, state: &StepState) -> StepReport {
    let (status, left) = match state {
        StepState::Pending => (StepStatus::Failed, None),
        StepState::InFlight | StepState::Undoing(_) => (StepStatus::Stuck, None),
        StepState::Done(left) => (StepStatus::Done, left.clone()),
        StepState::Skipped => (StepStatus::Skipped, None),
        StepState::Undone => (StepStatus::Undone, None),
    };
    StepReport {
        step: step.clone(),
        status,
        detail: step.describe(),
        left,
    }
}
