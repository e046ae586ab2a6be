//! One run of a command that changes something.
//!
//! ```text
//! Run::lock ─▶ begin: unfinished journal? ─▶ (observe, plan) ─▶ apply: confirm, journal, execute, commit, verify, report
//! ```
//!
//! The command's own file holds only what is particular to it: what is looked at, the plan, and the
//! reason to ask.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use serde::Serialize;

use crate::apply::confirm::{Confirmation, confirm};
use crate::apply::execution::{Direction, Execution};
use crate::apply::fingerprint::fingerprint;
use crate::apply::finish::{Closing, Outcome, finish};
use crate::apply::key_file::LocalSetup;
use crate::apply::provider::RemoteProvider;
use crate::apply::{commit, interrupted, key_file, resume, unobserved};
use crate::context::{Context, Target};
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::plan::PlanSet;
use crate::plan::execute::{self, StepState};
use crate::plan::journal::{self, Header, Journal};
use crate::state::Guard;
use crate::ui::change::{document, nothing_to_do, with};
use crate::ui::output::ScanOutput;

/// The right to change the state, which a run takes first. A dry run locks nothing.
pub(crate) struct Lock {
    command: &'static str,
    guard: Option<Arc<Guard>>,
}

/// How a run begins.
pub(crate) enum Begin {
    /// The same command was interrupted before: that run is continued, and this is its end.
    Resumed(Exit),
    /// A new run.
    New(Box<Run>),
}

/// A run that has begun: nothing is planned, nothing is changed.
pub(crate) struct Run {
    guard: Option<Arc<Guard>>,
    fingerprint: String,
    targets: Vec<Target>,
    confirmation: Confirmation,
    errors: Vec<Error>,
    local_setup: Option<LocalSetup>,
    closing: Closing,
    details: Option<ScanOutput>,
}

impl Run {
    /// Takes the lock, and reads the state again under it.
    pub(crate) fn lock(context: &mut Context, command: &'static str) -> Result<Lock> {
        let guard = context.lock(command)?.map(Arc::new);
        Ok(Lock { command, guard })
    }

    fn new(guard: Option<Arc<Guard>>, fingerprint: String) -> Self {
        Self {
            guard,
            fingerprint,
            targets: Vec::new(),
            confirmation: Confirmation::IfInteractive,
            errors: Vec::new(),
            local_setup: None,
            closing: Closing::Verify,
            details: None,
        }
    }

    /// A run that only shows what another one would do.
    pub(crate) fn preview() -> Self {
        Self::new(None, String::new())
    }

    /// The applications that the run is about.
    #[must_use]
    pub(crate) fn targets(mut self, targets: impl IntoIterator<Item = Target>) -> Self {
        self.targets = targets.into_iter().collect();
        self
    }

    /// The applications that take part, to complete what the state will know of them.
    pub(crate) fn targets_mut(&mut self) -> &mut [Target] {
        &mut self.targets
    }

    /// How the plan is confirmed; unless told otherwise, on a terminal only.
    #[must_use]
    pub(crate) fn confirmation(mut self, confirmation: Confirmation) -> Self {
        self.confirmation = confirmation;
        self
    }

    /// What went wrong on the way to the plan and does not stop it.
    #[must_use]
    pub(crate) fn errors(mut self, errors: Vec<Error>) -> Self {
        self.errors = errors;
        self
    }

    /// What is done on this machine before anything is sent.
    #[must_use]
    pub(crate) fn local_setup(mut self, setup: Option<LocalSetup>) -> Self {
        self.local_setup = setup;
        self
    }

    /// No verification closes the run: nothing that one looks at is changed.
    #[must_use]
    pub(crate) fn without_verification(mut self) -> Self {
        self.closing = Closing::Nothing;
        self
    }

    /// More fields for the document of the result.
    #[must_use]
    pub(crate) fn details(mut self, details: ScanOutput) -> Self {
        self.details = Some(details);
        self
    }

    /// Confirms the plans, carries them out, records them, verifies the links and reports.
    pub(crate) async fn apply(
        self,
        context: &mut Context,
        plans: impl Into<PlanSet>,
        provider: RemoteProvider,
    ) -> Result<Exit> {
        let plan_set = plans.into();
        let provider = provider.watching(&plan_set);
        if context.settings.dry_run {
            return Ok(self.show(context, &plan_set));
        }
        let Self {
            guard: Some(guard),
            fingerprint,
            targets,
            confirmation,
            errors,
            mut local_setup,
            closing,
            details,
        } = self
        else {
            return Err(Error::internal("a change without the lock"));
        };
        if plan_set.is_empty() {
            let report = execute::preview(&plan_set);
            if errors.is_empty() {
                commit::remember(context, &guard, &plan_set, &report, &targets)?;
                interrupted::forget_finished_journal(context, &fingerprint)?;
            }
            let outcome = Outcome {
                plan_set: &plan_set,
                targets: &targets,
                closing,
                details: details.as_ref(),
                report,
                unrecorded: None,
                errors,
            };
            return finish(context, outcome).await;
        }
        let confirmation = confirmation.with_consent(&plan_set);
        confirm(&context.ui, &plan_set, &confirmation)?;
        let made = local_setup.as_ref().and_then(LocalSetup::key_file);
        if let Some(setup) = local_setup.take_if(|_| made.is_none()) {
            setup.act()?;
        }
        let path = context.store.paths().journal();
        if interrupted::found(context)?.is_none_or(|open| interrupted::needs_no_resume(&open)) {
            journal::remove(&path)?;
        }
        let mut about = commit::journal_context(context.state.state(), &targets, &plan_set);
        key_file::note(&mut about, made.as_deref());
        unobserved::note(&mut about, &context.settings.command_line, &errors);
        let header = Header::new(fingerprint, about, plan_set);
        let journal = Journal::create(&path, &header)?;
        // A key that is made is known to the journal first: whoever goes on finds it.
        if let Some(Err(error)) = local_setup.map(LocalSetup::act) {
            journal.finish()?;
            return Err(error);
        }
        context.changing.store(true, Ordering::SeqCst);
        let mut execution = Execution {
            marks: vec![StepState::Pending; header.plan_set.len()],
            plan_set: header.plan_set,
            targets,
            closing,
            details,
            errors,
            key_file: made,
            provider,
            journal,
        };
        let report = execution.run(context, Direction::Forward).await;
        execution.close(context, &guard, report).await
    }

    /// What the plan loses, where a difference that was shown before has not said it.
    fn unshown_losses(&self, plan_set: &PlanSet) -> Vec<String> {
        match self.confirmation {
            Confirmation::AfterDiff(_) => Vec::new(),
            _ => plan_set.losses(),
        }
    }

    /// Shows what would be done, with everything that the question before the real run says, and
    /// changes nothing.
    pub(crate) fn show(&self, context: &Context, plan_set: &PlanSet) -> Exit {
        let ui = &context.ui;
        let report = execute::preview(plan_set);
        if ui.is_json() {
            let document = document(&report, Some(plan_set), &[]);
            ui.json(&with(document, self.details.as_ref(), &self.errors));
        } else if plan_set.is_empty() {
            ui.result(&nothing_to_do(plan_set));
        } else {
            for step in &report.steps {
                ui.result(&format!("{}: {}", step.step.on(), step.detail));
            }
            for loss in self.unshown_losses(plan_set) {
                ui.warn(&format!("this cannot be taken back: {loss}"));
            }
            let confirmation = self.confirmation.clone().with_consent(plan_set);
            if let Some(about) = confirmation.about() {
                ui.warn(&format!("this needs a yes: {about}"));
            }
            ui.status("nothing was changed: this was a dry run");
        }
        ui.warnings(&self.errors);
        let exits = self.errors.iter().map(Error::exit);
        let exit = exits.fold(Exit::Ok, Exit::worst);
        // A program is told by the last line why the exit code is what it is.
        if ui.is_json()
            && let Some(error) = self.errors.iter().find(|error| error.exit() == exit)
        {
            ui.error(error);
        }
        exit
    }
}

impl Lock {
    /// What proves that the lock is held; none in a dry run.
    pub(crate) fn guard(&self) -> Option<&Guard> {
        self.guard.as_deref()
    }

    /// A run of a request, where it is known that none is unfinished.
    pub(crate) fn run(&self, request: &impl Serialize) -> Result<Run> {
        let fingerprint = fingerprint(self.command, request)?;
        Ok(Run::new(self.guard.clone(), fingerprint))
    }

    /// Begins the run of a request. The same request that was interrupted before is continued
    /// instead; another unfinished run refuses it.
    pub(crate) async fn begin(
        self,
        context: &mut Context,
        request: &impl Serialize,
    ) -> Result<Begin> {
        let fingerprint = fingerprint(self.command, request)?;
        if let Some(open) = interrupted::unfinished(context, &fingerprint)?
            && let Some(guard) = &self.guard
        {
            let exit = resume::resume(context, guard, open, Direction::Forward).await?;
            return Ok(Begin::Resumed(exit));
        }
        Ok(Begin::New(Box::new(Run::new(self.guard, fingerprint))))
    }
}
