//! A run that was interrupted, in the way of the next one.

use super::made::never_begun;
use crate::cli::outcome::headline;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::plan::journal::{self, Found};

/// The journal of a run that has begun and not ended. What was killed before it had begun is none:
/// whoever holds the lock may remove its journal.
pub(in crate::cli) fn found(context: &Context) -> Result<Option<Found>> {
    let found = journal::find(&context.store.paths().journal())?;
    Ok(found.filter(|found| !never_begun(found)))
}

/// Refuses to begin something new while something else is unfinished; gives back the journal when
/// it is the same command, which is then continued.
pub(in crate::cli) fn unfinished(context: &Context, command: &str) -> Result<Option<Found>> {
    let Some(found) = found(context)? else {
        return Ok(None);
    };
    if found.header.command == command {
        return Ok(Some(found));
    }
    if context.settings.dry_run {
        context
            .ui
            .warn("an earlier run is unfinished: applink resume");
        return Ok(None);
    }
    Err(Error::conflict(format!(
        "an earlier run is unfinished: {}",
        headline(&found.header.agenda)
    ))
    .hint("continue it with: applink resume")
    .hint("take it back with: applink resume --undo"))
}

/// Refuses while something is unfinished, for commands that change the state only.
pub(in crate::cli) fn refuse_unfinished(context: &Context) -> Result<()> {
    unfinished(context, "").map(drop)
}

/// Says that an earlier run is unfinished, for commands that only read.
pub(in crate::cli) fn mention_unfinished(context: &Context) {
    match found(context) {
        Ok(Some(found)) => {
            context.ui.warn(&format!(
                "an earlier run is unfinished: {}",
                headline(&found.header.agenda)
            ));
            context.ui.hint("continue it with: applink resume");
        }
        Ok(None) => {}
        Err(error) => context.ui.warn(&error.to_string()),
    }
}
