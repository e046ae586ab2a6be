//! How a command that changes something is carried through: one way for all of them.
//!
//! ```text
//! lock ─▶ unfinished journal? ─▶ (observe, plan) ─▶ show ─▶ confirm ─▶ journal, execute ─▶ state ─▶ verify ─▶ report
//! ```

use std::path::Path;
use std::sync::atomic::Ordering;

use serde_json::{Map, Value};

use crate::apply::provider::Live;
use crate::apply::{commit, confirm, interrupted, key_file, keyring, verify};
use crate::context::{Context, Target};
use crate::domain::Health;
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::interrupt;
use crate::plan::PlanSet;
use crate::plan::execute::{
    self, JournalEntry, Log as _, Report, StepReport, StepState, StepStatus,
};
use crate::plan::journal::{self, Header, Journal, OpenJournal};
use crate::plan::progress::{interrupted, is_unfinished, leaves_due};
use crate::state::Guard;

pub(crate) use crate::apply::confirm::Question;
pub(crate) use crate::apply::interrupted::{
    found, mention_unfinished, refuse_unfinished, unfinished,
};
pub(crate) use crate::apply::key_file::Prepare;
pub(crate) use crate::ui::change::{Watcher, document, headline, show, told, warn, with};

/// Plans that are ready to be carried out.
pub(crate) struct Change {
    /// The command, in a form that is equal when the same thing is asked for.
    pub(crate) command: String,
    /// The plans.
    pub(crate) agenda: PlanSet,
    /// The applications that it is about.
    pub(crate) targets: Vec<Target>,
    /// How to reach them.
    pub(crate) estate: Live,
    /// The question.
    pub(crate) question: Question,
    /// Things that went wrong on the way to the plan and do not stop it.
    pub(crate) troubles: Vec<Error>,
    /// What has to be done here before anything is sent.
    pub(crate) prepare: Option<Prepare>,
    /// What closes it.
    pub(crate) closing: Closing,
}

/// What a run is about, while it is carried out and closed.
#[derive(Clone, Copy)]
struct About<'a> {
    agenda: &'a PlanSet,
    targets: &'a [Target],
    closing: Closing,
    /// What the document of the result has besides.
    more: &'a Map<String, Value>,
    /// The file of a private key that this run has made.
    key_file: Option<&'a Path>,
}

/// What is done when all steps are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Closing {
    /// The links are verified.
    Verify,
    /// Nothing: nothing that a verification looks at was changed.
    Nothing,
}

/// Shows, asks, carries out, remembers, verifies and reports.
pub(crate) async fn carry_out(
    context: &mut Context,
    guard: Option<&Guard>,
    change: Change,
) -> Result<Exit> {
    carry_out_with(context, guard, change, &Map::new()).await
}

/// The same, with more in the document of the result.
pub(crate) async fn carry_out_with(
    context: &mut Context,
    guard: Option<&Guard>,
    change: Change,
    more: &Map<String, Value>,
) -> Result<Exit> {
    let ui = context.ui.clone();
    if context.settings.dry_run {
        return Ok(show_only(context, &change, more));
    }
    let Some(guard) = guard else {
        return Err(Error::internal("a change without the lock"));
    };
    if change.agenda.is_empty() {
        let report = execute::preview(&change.agenda);
        if change.troubles.is_empty() {
            commit::remember(context, guard, &change.agenda, &report, &change.targets)?;
            interrupted::forget_settled(context, &change.command)?;
        }
        let about = About {
            agenda: &change.agenda,
            targets: &change.targets,
            closing: change.closing,
            more,
            key_file: None,
        };
        return finish(context, about, report, None, change.troubles).await;
    }
    confirm::confirm(&ui, &change)?;
    let made = change.prepare.as_ref().and_then(Prepare::key_file);
    let mut prepare = change.prepare;
    if let Some(prepare) = prepare.take_if(|_| made.is_none()) {
        prepare.act()?;
    }
    let path = context.store.paths().journal();
    if found(context)?.is_none_or(|found| interrupted::is_over(&found)) {
        journal::remove(&path)?;
    }
    let mut about = commit::to_context(context.state.state(), &change.targets, &change.agenda);
    key_file::note(&mut about, made.as_deref());
    let header = Header::new(change.command, about, change.agenda);
    let mut journal = Journal::create(&path, &header)?;
    // A key that is made is known to the journal first: whoever goes on finds it.
    if let Some(Err(error)) = prepare.map(Prepare::act) {
        journal.finish()?;
        return Err(error);
    }
    context.changing.store(true, Ordering::SeqCst);
    let watcher = Watcher::new(&ui);
    let marks = vec![StepState::Pending; header.plan_set.len()];
    let report = execute::run(
        &header.plan_set,
        marks,
        &change.estate,
        &mut journal,
        &context.stop,
        &watcher,
    )
    .await;
    let about = About {
        agenda: &header.plan_set,
        targets: &change.targets,
        closing: change.closing,
        more,
        key_file: made.as_deref(),
    };
    close(context, guard, about, report, journal, change.troubles).await
}

/// Continues, or takes back, what a journal says.
pub(crate) async fn go_on(
    context: &mut Context,
    guard: &Guard,
    found: OpenJournal,
    undo: bool,
) -> Result<Exit> {
    let ui = context.ui.clone();
    let path = context.store.paths().journal();
    let agenda = found.header.plan_set.clone();
    let made = key_file::noted(&found.header.context);
    let targets = commit::from_context(context, &found.header.context, &agenda)?;
    let marks = execute::step_states(agenda.len(), &found.entries);
    ui.status(&format!(
        "{} an earlier run: {}",
        if undo { "taking back" } else { "continuing" },
        headline(&agenda)
    ));
    if undo {
        no_way_back(&execute::losses_so_far(&agenda, &marks))?;
    } else if let Some(file) = &made {
        key_file::refuse_gone(&agenda, &marks, file)?;
    }
    let estate = reach(context, &targets, &agenda).await;
    context.changing.store(true, Ordering::SeqCst);
    let mut journal = Journal::resume(&path, &found)?;
    let watcher = Watcher::new(&ui);
    let report = if undo {
        execute::undo(
            &agenda,
            marks,
            &estate,
            &mut journal,
            &context.stop,
            &watcher,
        )
        .await
    } else {
        execute::run(
            &agenda,
            marks,
            &estate,
            &mut journal,
            &context.stop,
            &watcher,
        )
        .await
    };
    if undo
        && report
            .failure
            .as_ref()
            .is_some_and(|error| error.signal.is_none())
    {
        // Nothing was touched: the journal says still what there is to go on with.
        no_way_back(&execute::irreversible_steps_done(&report))?;
    }
    if undo && !report.partial {
        commit::restore(context, guard, &agenda, &found.header.context)?;
        journal.finish()?;
        if let (false, Some(file)) = (report.changed, &made) {
            key_file::forget(file, &agenda);
        }
        return finish_undone(context, report);
    }
    let about = About {
        agenda: &agenda,
        targets: &targets,
        closing: Closing::Verify,
        more: &Map::new(),
        key_file: made.as_deref(),
    };
    close(context, guard, about, report, journal, Vec::new()).await
}

/// Refuses to take back what has lost something.
fn no_way_back(lost: &[String]) -> Result<()> {
    if lost.is_empty() {
        return Ok(());
    }
    Err(
        Error::refused(format!("it cannot be taken back: {}", lost.join("; ")))
            .hint("go on with it instead: applink resume"),
    )
}

/// Sessions with the applications that the plans touch.
async fn reach(context: &Context, targets: &[Target], agenda: &PlanSet) -> Live {
    let mut sessions = Vec::new();
    let mut closed = Vec::new();
    for target in targets {
        if !agenda.steps().any(|step| *step.on() == target.alias) {
            continue;
        }
        match context.session(target).await {
            Ok(session) => sessions.push(session),
            Err(error) => closed.push((target.alias.clone(), error)),
        }
    }
    let mut estate = Live::new(sessions).masking(context.resolver().redactor());
    for (alias, error) in closed {
        estate.close(alias, error);
    }
    estate.watching(agenda)
}

/// Ends a run: the state remembers, the journal goes when nothing is left to do.
async fn close(
    context: &mut Context,
    guard: &Guard,
    about: About<'_>,
    report: Report,
    mut journal: Journal,
    troubles: Vec<Error>,
) -> Result<Exit> {
    let About {
        agenda, targets, ..
    } = about;
    let deletes = agenda.plans.iter().any(|plan| leaves_due(&plan.goal));
    let undone = !report.changed && report.failure.is_some();
    let keeps_journal = report.partial && is_unfinished(agenda, &report);
    let mut recorded = Ok(());
    let mut report = report;
    if !undone || deletes {
        let before = context.state.to_state();
        recorded = commit::remember(context, guard, agenda, &report, targets);
        keyring::follow(context, &before).await;
    }
    // What an earlier run left to be deleted is left still: half of it is done.
    let due = |step: &StepReport| {
        matches!(step.status, StepStatus::Failed | StepStatus::Stuck)
            && context
                .state
                .state()
                .pending_delete(step.step.on(), step.step.id())
                .is_some()
    };
    report.partial |= deletes && report.steps.iter().any(due);
    let mut pair_is_gone = false;
    if !keeps_journal && recorded.is_ok() {
        recorded = journal.finish();
        // Not before: a journal that stays would publish a key that nobody has.
        let due = about.key_file.filter(|_| undone && recorded.is_ok());
        pair_is_gone = due.is_some_and(|file| key_file::forget(file, agenda));
    } else if recorded.is_ok() {
        recorded = journal.note(JournalEntry::Ended);
    }
    let unrecorded = match recorded {
        Ok(()) => None,
        Err(error) if report.changed => Some(
            Error {
                kind: Kind::Partial,
                message: format!("the change could not be recorded: {error}"),
                ..error
            }
            .hint("when the state can be written again: applink resume"),
        ),
        Err(error) => return Err(error),
    };
    let without = pair_is_gone.then(|| key_file::without_key(agenda));
    let about = About {
        agenda: without.as_ref().unwrap_or(agenda),
        ..about
    };
    finish(context, about, report, unrecorded, troubles).await
}

/// Verifies what is left and reports.
async fn finish(
    context: &Context,
    about: About<'_>,
    mut report: Report,
    unrecorded: Option<Error>,
    troubles: Vec<Error>,
) -> Result<Exit> {
    // What could not be planned for is not done either.
    report.partial |= report.changed && (!troubles.is_empty() || unrecorded.is_some());
    let About {
        agenda,
        targets,
        closing: close,
        more,
        key_file: _,
    } = about;
    let ui = &context.ui;
    // Links that are as they should be are looked at, whatever became of the others.
    let looks = report.plans.iter().any(Report::is_done)
        && !interrupted(&report)
        && unrecorded.is_none()
        && close == Closing::Verify;
    let mut stopped = None;
    let (verdicts, unasked) = if looks {
        // Looking back can be dropped at any time: what was to be changed is changed.
        tokio::select! {
            found = verify::after(context, agenda, &report, targets) => found,
            exit = interrupt::wished(&context.stop) => {
                stopped = Some(exit);
                (Vec::new(), Vec::new())
            }
        }
    } else {
        (Vec::new(), Vec::new())
    };
    if ui.is_json() {
        let document = document(&report, Some(agenda), &verdicts);
        let all = [troubles.as_slice(), unasked.as_slice()].concat();
        ui.json(&with(document, more, &all));
    } else {
        show(ui, agenda, &report, &verdicts);
    }
    let failure = unrecorded.or_else(|| {
        report
            .failure
            .clone()
            .map(|error| told(error, &report, agenda))
    });
    warn(ui, &report.other_failures);
    // The one that decides is told last, as the error.
    let decides = usize::from(failure.is_none());
    warn(ui, troubles.iter().skip(decides));
    if let Some(error) = failure {
        return Err(error);
    }
    if let Some(first) = troubles.into_iter().next() {
        let first_is_down = first.kind == Kind::Unreachable;
        return Err(if report.changed {
            Error {
                kind: Kind::Partial,
                ..first
            }
            .hint(if first_is_down {
                "the rest is done; run the same command again when that application answers"
            } else {
                "the rest is done; when this is mended, run the same command again"
            })
        } else {
            first
        });
    }
    let mut exit = stopped.map_or(Ok(Exit::Ok), |exit| Err(interrupt::unverified(exit)))?;
    if verdicts
        .iter()
        .any(|verdict| verdict.health == Health::Broken)
    {
        exit = exit.worst(Exit::Broken);
    }
    if let Some(first) = unasked.first() {
        exit = exit.worst(Exit::Unreachable);
        if ui.is_json() {
            ui.error(first);
        }
    }
    if !ui.is_json() {
        for error in &unasked {
            ui.warn(&format!("it could not be verified: {error}"));
        }
    }
    Ok(exit)
}

fn finish_undone(context: &Context, report: Report) -> Result<Exit> {
    let ui = &context.ui;
    if ui.is_json() {
        ui.json(&with(document(&report, None, &[]), &Map::new(), &[]));
    } else if report.failure.is_none() {
        ui.status("everything that the earlier run did is taken back");
    }
    match report.failure {
        Some(error) => Err(error),
        None => Ok(Exit::Ok),
    }
}

pub(crate) fn show_only(context: &Context, change: &Change, more: &Map<String, Value>) -> Exit {
    let ui = &context.ui;
    let report = execute::preview(&change.agenda);
    if ui.is_json() {
        let document = document(&report, Some(&change.agenda), &[]);
        ui.json(&with(document, more, &change.troubles));
    } else if change.agenda.is_empty() {
        ui.result(&crate::ui::change::nothing_to_do(&change.agenda));
    } else {
        for step in &report.steps {
            ui.result(&format!("{}: {}", step.step.on(), step.detail));
        }
        ui.status("nothing was changed: this was a dry run");
    }
    warn(ui, &change.troubles);
    let exits = change.troubles.iter().map(Error::exit);
    let exit = exits.fold(Exit::Ok, Exit::worst);
    // A program is told by the last line why the exit code is what it is.
    if ui.is_json()
        && let Some(error) = change.troubles.iter().find(|error| error.exit() == exit)
    {
        ui.error(error);
    }
    exit
}
