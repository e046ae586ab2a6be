//! A run that was interrupted, in the way of the next one.

use std::collections::{BTreeMap, BTreeSet};

use crate::apply::key_file::never_begun;
use crate::context::Context;
use crate::domain::{Alias, ApplicationId};
use crate::error::{Error, Result};
use crate::plan::Goal;
use crate::plan::execute::{self, JournalEntry, StepState};
use crate::plan::journal::{self, OpenJournal};
use crate::state::StateStore as _;
use crate::ui::change::headline;

/// The journal of a run that has begun and not ended. What was killed before it had begun is none:
/// whoever holds the lock may remove its journal.
pub(crate) fn found(context: &Context) -> Result<Option<OpenJournal>> {
    let found = journal::find(&context.store.paths().journal())?;
    Ok(found.filter(|found| !never_begun(found)))
}

/// Refuses to begin something new while something else is unfinished; gives back the journal when
/// it is the same command, which is then continued. What ended by itself and left nothing half made
/// is in nobody's way.
pub(crate) fn unfinished(context: &Context, command: &str) -> Result<Option<OpenJournal>> {
    let Some(found) = found(context)? else {
        return Ok(None);
    };
    let needs_no_resume = needs_no_resume(&found);
    if found.header.command == command {
        // What is left of it is planned anew: the world, or the file, may have changed.
        return Ok(Some(found).filter(|_| !needs_no_resume));
    }
    if context.settings.dry_run {
        context
            .ui
            .warn("an earlier run is unfinished: applink resume");
        return Ok(None);
    }
    if needs_no_resume {
        context.ui.note(&format!(
            "an earlier run could not do all of it: {}; nothing of that is half made, and the same command again does the rest",
            headline(&found.header.plan_set)
        ));
        return Ok(None);
    }
    Err(Error::conflict(format!(
        "an earlier run is unfinished: {}",
        headline(&found.header.plan_set)
    ))
    .hint("continue it with: applink resume")
    .hint("take it back with: applink resume --undo")
    .hint("where neither is possible, give it up with: applink resume --abandon"))
}

/// Removes the journal of what this command did not end at first, where nothing is left to do.
pub(crate) fn forget_finished_journal(context: &Context, command: &str) -> Result<()> {
    match found(context)? {
        Some(found) if found.header.command == command && needs_no_resume(&found) => {
            journal::remove(&context.store.paths().journal())
        }
        _ => Ok(()),
    }
}

/// Whether a run has tried everything, and what it could not do are plans that it took back whole, or
/// records that it left as they were while others are done: where an application refuses one for good,
/// no resumption would ever end it. The next change takes the place of its journal.
pub(crate) fn needs_no_resume(found: &OpenJournal) -> bool {
    if found.entries.last() != Some(&JournalEntry::Ended) {
        return false;
    }
    let plan_set = &found.header.plan_set;
    let marks = execute::step_states(plan_set.len(), &found.entries);
    let failed: BTreeSet<usize> = found
        .entries
        .iter()
        .filter_map(|entry| match entry {
            JournalEntry::Failed { k } => Some(*k),
            _ => None,
        })
        .collect();
    let mut steps = marks.iter().enumerate();
    plan_set.plans.iter().all(|plan| {
        let own: Vec<(usize, &StepState)> = steps.by_ref().take(plan.steps.len()).collect();
        let is_untouched = |(_, mark): &(usize, &StepState)| {
            matches!(mark, StepState::Pending | StepState::Undone)
        };
        if own.iter().all(is_untouched) && own.iter().any(|(k, _)| failed.contains(k)) {
            return true;
        }
        let mut records: BTreeMap<(&Alias, ApplicationId), Vec<(usize, &StepState)>> =
            BTreeMap::new();
        for (step, mark) in plan.steps.iter().zip(own) {
            records
                .entry((step.on(), step.id()))
                .or_default()
                .push(mark);
        }
        let stands_alone = matches!(
            plan.goal,
            Goal::Moved { .. } | Goal::Relocated { .. } | Goal::Detached { .. }
        );
        records.into_values().all(|steps| {
            let is_done = |(_, mark): &(usize, &StepState)| {
                matches!(mark, StepState::Done(_) | StepState::Skipped)
            };
            let is_left = stands_alone
                && steps.first().is_some_and(|(k, _)| failed.contains(k))
                && steps
                    .iter()
                    .all(|(_, mark)| matches!(mark, StepState::Pending));
            is_left || steps.iter().all(is_done)
        })
    })
}

/// The records that an unfinished run has not changed yet, or not whole.
pub(crate) fn records_left(context: &Context) -> Vec<(Alias, ApplicationId)> {
    let Ok(Some(open)) = found(context) else {
        return Vec::new();
    };
    let plan_set = &open.header.plan_set;
    let states = execute::step_states(plan_set.len(), &open.entries);
    plan_set
        .steps()
        .zip(states)
        .filter(|(_, state)| {
            !matches!(
                state,
                StepState::Done(_) | StepState::Skipped | StepState::Undone
            )
        })
        .map(|(step, _)| (step.on().clone(), step.id()))
        .collect()
}

/// Refuses while something is unfinished, for commands that change the state only.
pub(crate) fn refuse_unfinished(context: &Context) -> Result<()> {
    unfinished(context, "").map(drop)
}

/// Says that an earlier run is unfinished, or one at work, for commands that only read.
pub(crate) fn warn_unfinished(context: &Context) {
    match found(context) {
        Ok(Some(found)) => {
            if let Some(holder) = context.store.lock_holder() {
                context.ui.note(&format!(
                    "another run is at work, and what it does may be seen half done: {holder}"
                ));
                return;
            }
            context.ui.warn(&format!(
                "an earlier run is unfinished: {}",
                headline(&found.header.plan_set)
            ));
            context.ui.hint("continue it with: applink resume");
        }
        Ok(None) => {}
        Err(error) => context.ui.warn(&error.to_string()),
    }
}
