//! The file of a plan that is kept: written whole, for its owner only, and read only when nobody else
//! may have written it.

use std::path::Path;

use crate::apply::plan_file::is_standard_input;
use crate::domain::{Consumer, View};
use crate::error::{Error, Result};
use crate::fs;
use crate::plan::file::{SAVED_PLAN_MARK, SavedPlan};
use crate::remote::Session;
use crate::ui::output_file::{may_replace, replace};

/// No real plan is larger, in bytes.
pub(crate) const LARGEST: usize = 64 * 1024 * 1024;

/// Refuses a name that is taken by something else than a plan.
pub(crate) fn may_write(path: &Path) -> Result<()> {
    may_replace(path, "plan", SAVED_PLAN_MARK)
}

/// Writes it.
pub(crate) fn write(path: &Path, kept: &SavedPlan) -> Result<()> {
    let text = kept.to_text()?;
    replace(path, text.as_bytes())
        .map_err(|error| Error::refused(format!("{} cannot be written: {error}", path.display())))
}

/// A record with the consumers of its peer, which no plan looks at: who changes one by hand while the
/// plan is kept has changed the link.
pub(crate) async fn with_consumers(session: &Session, mut view: View) -> Result<View> {
    if !view.record.type_id.is_generic() && !view.record.system {
        let consumers = session.stored_consumers(view.record.id).await?;
        view.consumers = consumers.iter().map(Consumer::mark).collect();
    }
    Ok(view)
}

/// Reads one.
///
/// # Errors
///
/// Refused, when it is of another version, was edited, or others may have written it.
pub(crate) fn read(path: &Path, bytes: &[u8]) -> Result<SavedPlan> {
    let refused = |why: &str| {
        let plan = if is_standard_input(path) {
            "the plan from standard input".to_owned()
        } else {
            format!("the plan {}", path.display())
        };
        Error::refused(format!("{plan} {why}"))
            .hint("make it anew with: applink plan FILE --out PLAN")
    };
    if bytes.len() > LARGEST {
        return Err(refused("is too large"));
    }
    if !is_standard_input(path) && others_may_write(path) {
        return Err(refused(
            "can be written by others: it may be somebody else's wish",
        ));
    }
    SavedPlan::parse(bytes).map_err(|why| refused(&why.to_string()))
}

fn others_may_write(path: &Path) -> bool {
    path.metadata()
        .is_ok_and(|meta| fs::check_owner(&meta, fs::OTHERS_WRITE).is_err())
}
