//! Does the application answer from another address now?

use super::{app, coded_skip, found};
use crate::diagnose::codes::Case;
use crate::diagnose::seen::{AppSeen, LinkSeen, Moved};
use crate::domain::{Alias, ApplicationId, Check, Code};

/// Redirects, of the applications' own addresses and of the records'.
pub(super) fn moved(link: &LinkSeen, apps: &[AppSeen], checks: &mut Vec<Check>) {
    for end in link.ends() {
        if let Some(seen) = app(apps, &end.app)
            && let Some(moved) = &seen.moved
        {
            let from = seen.url.to_string();
            checks.push(judged(&end.app, &from, moved, seen.id()));
        }
        if let (Some(record), Some(moved)) = (&end.record, &end.moved) {
            let from = record.rpc_url.clone().unwrap_or_default();
            checks.push(judged(&end.app, &from, moved, Some(record.id)));
        }
    }
}

fn judged(end: &Alias, from: &str, moved: &Moved, id: Option<ApplicationId>) -> Check {
    let same = moved
        .manifest
        .as_ref()
        .map(|manifest| Some(manifest.id) == id);
    match same {
        Some(true) => found(
            "redirect",
            Some(end),
            Code::Moved,
            Case::Usual,
            format!(
                "{from} redirects to {}, where the same application answers",
                moved.to
            ),
        ),
        Some(false) => coded_skip(
            "redirect",
            end,
            Code::UnexpectedResponseStatus,
            format!(
                "{from} redirects to {}, where another application answers",
                moved.to
            ),
        ),
        None => coded_skip(
            "redirect",
            end,
            Code::UnexpectedResponseStatus,
            format!(
                "{from} redirects to {}, where no application answers from here",
                moved.to
            ),
        ),
    }
}
