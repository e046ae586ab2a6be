//! The end of a run: the links are verified, and the result is reported.

use crate::apply::verify;
use crate::context::{Context, Target};
use crate::diagnose::Verdict;
use crate::domain::Health;
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::interrupt;
use crate::plan::PlanSet;
use crate::plan::execute::Report;
use crate::plan::progress::interrupted;
use crate::ui::change::{document, show, with, with_remaining_work};
use crate::ui::output::ScanOutput;

/// What is done when all steps are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Closing {
    /// The links are verified.
    Verify,
    /// Nothing: nothing that a verification looks at was changed.
    Nothing,
}

/// What a run has done.
pub(crate) struct Outcome<'a> {
    /// The plans.
    pub(crate) plan_set: &'a PlanSet,
    /// The applications that they are about.
    pub(crate) targets: &'a [Target],
    /// What is done now.
    pub(crate) closing: Closing,
    /// More fields for the document.
    pub(crate) details: Option<&'a ScanOutput>,
    /// What became of the steps.
    pub(crate) report: Report,
    /// Why the state does not say so.
    pub(crate) unrecorded: Option<Error>,
    /// What went wrong on the way to the plans.
    pub(crate) errors: Vec<Error>,
}

/// What the closing verification found.
#[derive(Default)]
struct Closed {
    verdicts: Vec<Verdict>,
    unasked: Vec<Error>,
    stopped: Option<Exit>,
}

/// Verifies what was changed, and reports.
pub(crate) async fn finish(context: &Context, mut outcome: Outcome<'_>) -> Result<Exit> {
    // What could not be planned for is not done either.
    outcome.report.partial |=
        outcome.report.changed && (!outcome.errors.is_empty() || outcome.unrecorded.is_some());
    let closed = verify_links(context, &outcome).await;
    let ui = &context.ui;
    let Outcome {
        plan_set, report, ..
    } = &outcome;
    if ui.is_json() {
        let document = document(report, Some(plan_set), &closed.verdicts);
        let all = [outcome.errors.as_slice(), closed.unasked.as_slice()].concat();
        ui.json(&with(document, outcome.details, &all));
    } else {
        show(ui, plan_set, report, &closed.verdicts);
    }
    refuse_failed(context, &outcome)?;
    exit_of(context, &closed)
}

/// Links that are as they should be are verified, whatever became of the others.
async fn verify_links(context: &Context, outcome: &Outcome<'_>) -> Closed {
    let looks = outcome.report.plans.iter().any(Report::is_done)
        && !interrupted(&outcome.report)
        && outcome.unrecorded.is_none()
        && outcome.closing == Closing::Verify;
    if !looks {
        return Closed::default();
    }
    // The verification can be dropped at any time: the changes are made.
    tokio::select! {
        (verdicts, unasked) = verify::after(context, outcome.plan_set, &outcome.report, outcome.targets) => {
            Closed { verdicts, unasked, stopped: None }
        }
        exit = interrupt::wished(&context.stop) => Closed {
            stopped: Some(exit),
            ..Closed::default()
        },
    }
}

/// Tells every failure; the one that decides on the exit code is returned, as the last.
fn refuse_failed(context: &Context, outcome: &Outcome<'_>) -> Result<()> {
    let ui = &context.ui;
    let report = &outcome.report;
    let failure = outcome.unrecorded.clone().or_else(|| {
        let failure = report.failure.clone();
        failure.map(|error| with_remaining_work(error, report, outcome.plan_set))
    });
    ui.warnings(&report.other_failures);
    let decides = usize::from(failure.is_none());
    ui.warnings(outcome.errors.iter().skip(decides));
    if let Some(error) = failure {
        return Err(error);
    }
    let Some(first) = outcome.errors.first().cloned() else {
        return Ok(());
    };
    if !report.changed {
        return Err(first);
    }
    let hint = if first.kind == Kind::Unreachable {
        "the rest is done; run the same command again when that application answers"
    } else {
        "the rest is done; when this is mended, run the same command again"
    };
    Err(first.partial().hint(hint))
}

fn exit_of(context: &Context, closed: &Closed) -> Result<Exit> {
    if let Some(exit) = closed.stopped {
        return Err(interrupt::unverified(exit));
    }
    let mut exit = Exit::Ok;
    let mut verdicts = closed.verdicts.iter();
    if verdicts.any(|verdict| verdict.health == Health::Broken) {
        exit = exit.worst(Exit::Broken);
    }
    let ui = &context.ui;
    if let Some(first) = closed.unasked.first() {
        exit = exit.worst(Exit::Unreachable);
        if ui.is_json() {
            ui.error(first);
        }
    }
    if !ui.is_json() {
        for error in &closed.unasked {
            ui.warn(&format!("it could not be verified: {error}"));
        }
    }
    Ok(exit)
}

/// Reports a run that was undone.
pub(crate) fn finish_undone(context: &Context, report: Report) -> Result<Exit> {
    let ui = &context.ui;
    if ui.is_json() {
        ui.json(&with(document(&report, None, &[]), None, &[]));
    } else if report.failure.is_none() {
        ui.status("everything that the earlier run did is taken back");
    }
    match report.failure {
        Some(error) => Err(error),
        None => Ok(Exit::Ok),
    }
}
