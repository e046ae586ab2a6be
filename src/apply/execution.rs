//! Plans that are being carried out under a journal, or undone, and how such a run is closed. A run
//! that begins and one that is resumed share it.

use std::path::PathBuf;

use crate::apply::finish::{Closing, Outcome, finish};
use crate::apply::provider::RemoteProvider;
use crate::apply::{commit, key_file, keyring, unobserved};
use crate::context::{Context, Target};
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::plan::PlanSet;
use crate::plan::execute::{
    self, JournalEntry, Log as _, Report, StepReport, StepState, StepStatus,
};
use crate::plan::journal::Journal;
use crate::plan::progress::{is_unfinished, leaves_due};
use crate::state::Guard;
use crate::ui::change::Watcher;
use crate::ui::output::ScanOutput;

/// Which way a run goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    /// Carries the steps out.
    Forward,
    /// Undoes what is done.
    Back,
}

/// Plans under way.
pub(crate) struct Execution {
    /// The plans.
    pub(crate) plan_set: PlanSet,
    /// How far each step is.
    pub(crate) marks: Vec<StepState>,
    /// The applications that they are about.
    pub(crate) targets: Vec<Target>,
    /// How the steps reach them.
    pub(crate) provider: RemoteProvider,
    /// What is written down before and after each step.
    pub(crate) journal: Journal,
    /// What is done when all steps are.
    pub(crate) closing: Closing,
    /// More fields for the document of the result.
    pub(crate) details: Option<ScanOutput>,
    /// What went wrong on the way to the plans.
    pub(crate) errors: Vec<Error>,
    /// The file of a private key that this run has made.
    pub(crate) key_file: Option<PathBuf>,
}

impl Execution {
    /// Carries the steps out, or undoes them.
    pub(crate) async fn run(&mut self, context: &Context, direction: Direction) -> Report {
        let watcher = Watcher::new(&context.ui);
        let marks = std::mem::take(&mut self.marks);
        let (plan_set, provider, journal) = (&self.plan_set, &self.provider, &mut self.journal);
        match direction {
            Direction::Forward => {
                execute::run(plan_set, marks, provider, journal, &context.stop, &watcher).await
            }
            Direction::Back => {
                execute::undo(plan_set, marks, provider, journal, &context.stop, &watcher).await
            }
        }
    }

    /// Ends a run: the state records it, and the journal goes when nothing is left to do.
    pub(crate) async fn close(
        mut self,
        context: &mut Context,
        guard: &Guard,
        mut report: Report,
    ) -> Result<Exit> {
        let plan_set = &self.plan_set;
        let deletes = plan_set.plans.iter().any(|plan| leaves_due(&plan.goal));
        let undone = !report.changed && report.failure.is_some();
        // What could not be observed is a part of the run that `resume` goes on with.
        let is_incomplete = report.changed && unobserved::any(&self.errors);
        let keeps_journal = is_incomplete || report.partial && is_unfinished(plan_set, &report);
        let mut recorded = Ok(());
        if !undone || deletes {
            let before = context.state.to_state();
            recorded = commit::remember(context, guard, plan_set, &report, &self.targets);
            keyring::move_entries(context, &before).await;
        }
        report.partial |= deletes && report.steps.iter().any(|step| is_pending(context, step));
        let mut pair_is_gone = false;
        if !keeps_journal && recorded.is_ok() {
            recorded = self.journal.finish();
            // Not before: a journal that stays would publish a key that nobody has.
            let due = self
                .key_file
                .as_ref()
                .filter(|_| undone && recorded.is_ok());
            pair_is_gone = due.is_some_and(|file| key_file::forget(file, plan_set));
        } else if recorded.is_ok() {
            recorded = self.journal.note(JournalEntry::Ended);
        }
        let unrecorded = match recorded {
            Ok(()) => None,
            Err(error) if report.changed => Some(
                error
                    .as_partial("the change could not be recorded")
                    .hint("when the state can be written again: applink resume"),
            ),
            Err(error) => return Err(error),
        };
        let without = pair_is_gone.then(|| key_file::without_key(plan_set));
        let outcome = Outcome {
            plan_set: without.as_ref().unwrap_or(plan_set),
            targets: &self.targets,
            closing: self.closing,
            details: self.details.as_ref(),
            report,
            unrecorded,
            errors: self.errors,
        };
        finish(context, outcome).await
    }
}

/// Whether a delete that failed is one that an earlier run left pending: half of it is done.
fn is_pending(context: &Context, step: &StepReport) -> bool {
    matches!(step.status, StepStatus::Failed | StepStatus::Stuck)
        && context
            .state
            .state()
            .pending_delete(step.step.on(), step.step.id())
            .is_some()
}
