//! Continuing or undoing an interrupted run from its journal.

use std::sync::atomic::Ordering;

use crate::apply::execution::{Direction, Execution};
use crate::apply::finish::{Closing, finish_undone};
use crate::apply::provider::RemoteProvider;
use crate::apply::{commit, key_file, unobserved};
use crate::context::{Context, Target};
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::plan::PlanSet;
use crate::plan::execute;
use crate::plan::journal::{Journal, OpenJournal};
use crate::state::Guard;
use crate::ui::change::headline;

/// Continues what a journal says, or undoes it.
pub(crate) async fn resume(
    context: &mut Context,
    guard: &Guard,
    open: OpenJournal,
    direction: Direction,
) -> Result<Exit> {
    let path = context.store.paths().journal();
    let plan_set = open.header.plan_set.clone();
    let made = key_file::noted(&open.header.context);
    let targets = commit::from_context(context, &open.header.context, &plan_set)?;
    let marks = execute::step_states(plan_set.len(), &open.entries);
    let doing = match direction {
        Direction::Back => "taking back",
        Direction::Forward => "continuing",
    };
    context
        .ui
        .status(&format!("{doing} an earlier run: {}", headline(&plan_set)));
    match (direction, &made) {
        (Direction::Back, _) => refuse_irreversible(&execute::losses_so_far(&plan_set, &marks))?,
        (Direction::Forward, Some(file)) => key_file::refuse_gone(&plan_set, &marks, file)?,
        (Direction::Forward, None) => {}
    }
    let provider = provider(context, &targets, &plan_set).await;
    context.changing.store(true, Ordering::SeqCst);
    let journal = Journal::resume(&path, &open)?;
    let mut execution = Execution {
        plan_set,
        marks,
        targets,
        provider,
        journal,
        closing: Closing::Verify,
        details: None,
        errors: unobserved_errors(&open, direction),
        key_file: made,
    };
    let report = execution.run(context, direction).await;
    if direction == Direction::Forward {
        return execution.close(context, guard, report).await;
    }
    let failed = report.failure.as_ref();
    if failed.is_some_and(|error| error.signal.is_none()) {
        // Nothing was touched: the journal says still what there is to go on with.
        refuse_irreversible(&execute::irreversible_steps_done(&report))?;
    }
    if report.partial {
        return execution.close(context, guard, report).await;
    }
    commit::restore(context, guard, &execution.plan_set, &open.header.context)?;
    execution.journal.finish()?;
    if let (false, Some(file)) = (report.changed, &execution.key_file) {
        key_file::forget(file, &execution.plan_set);
    }
    finish_undone(context, report)
}

/// What a continued run still leaves undone: an undone one leaves nothing.
fn unobserved_errors(open: &OpenJournal, direction: Direction) -> Vec<Error> {
    if direction == Direction::Back {
        return Vec::new();
    }
    let reasons = unobserved::reasons(open).into_iter();
    reasons
        .map(|reason| Error::new(Kind::Unreachable, reason))
        .collect()
}

/// Refuses to undo a run that has lost something.
fn refuse_irreversible(lost: &[String]) -> Result<()> {
    if lost.is_empty() {
        return Ok(());
    }
    Err(
        Error::refused(format!("it cannot be taken back: {}", lost.join("; ")))
            .hint("go on with it instead: applink resume")
            .hint("where that is not possible, give it up with: applink resume --abandon"),
    )
}

/// Sessions with the applications that the plans touch.
async fn provider(context: &Context, targets: &[Target], plan_set: &PlanSet) -> RemoteProvider {
    let mut sessions = Vec::new();
    let mut closed = Vec::new();
    for target in targets {
        if !plan_set.steps().any(|step| *step.on() == target.alias) {
            continue;
        }
        match context.session(target).await {
            Ok(session) => sessions.push(session),
            Err(error) => closed.push((target.alias.clone(), error)),
        }
    }
    let mut provider = RemoteProvider::new(sessions).masking(context.resolver().redactor());
    for (alias, error) in closed {
        provider.close(alias, error);
    }
    provider.watching(plan_set)
}
