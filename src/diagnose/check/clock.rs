//! Compares the clocks: the products refuse signed requests that are five minutes off.

use std::time::Duration;

use super::result::{app, found, plain};
use crate::diagnose::codes::{Case, SKEW_WARNING, Severity, severity};
use crate::diagnose::observation::{AppObservation, LinkObservation};
use crate::domain::{Alias, Check, CheckStatus, Code};

/// Compares the clocks of both ends with each other, and each with this machine's.
///
/// Against this machine a difference is never more than a note or a warning: which of the two is
/// wrong is not known, and this machine takes no part in the link.
pub(super) fn clocks(link: &LinkObservation, apps: &[AppObservation], checks: &mut Vec<Check>) {
    let between = between_ends(link, apps);
    // Without a comparison of the ends, a difference to this machine is all that is known.
    let status = if between.is_none() {
        CheckStatus::Warn
    } else {
        CheckStatus::Note
    };
    checks.extend(between);
    checks.extend(
        link.ends()
            .filter_map(|end| against_this_machine(&end.app, apps, status)),
    );
}

/// How many seconds the clock of an application is ahead of this machine's.
fn ahead(apps: &[AppObservation], alias: &Alias) -> Option<i64> {
    app(apps, alias)?.ahead
}

fn between_ends(link: &LinkObservation, apps: &[AppObservation]) -> Option<Check> {
    let (a, b) = (&link.local.app, &link.remote.as_ref()?.app);
    let (local, remote) = (ahead(apps, a)?, ahead(apps, b)?);
    let apart = local.abs_diff(remote);
    let (fast, slow) = if local >= remote { (a, b) } else { (b, a) };
    let skew = Case::Skew(Duration::from_secs(apart));
    Some(match severity(Code::ClockSkew, skew) {
        Severity::Note => plain(
            "clock",
            None,
            CheckStatus::Pass,
            "the clocks of both ends agree",
        ),
        _ => found(
            "clock",
            None,
            Code::ClockSkew,
            skew,
            format!("the clock of {fast} is {apart} s ahead of that of {slow}"),
        ),
    })
}

fn against_this_machine(on: &Alias, apps: &[AppObservation], status: CheckStatus) -> Option<Check> {
    let Some(ahead) = ahead(apps, on) else {
        let answers = app(apps, on).is_some_and(|seen| seen.manifest.is_ok());
        return answers.then(|| {
            let summary = format!("{on} does not say what time it has");
            plain("clock", Some(on), CheckStatus::Skip, summary)
        });
    };
    let apart = Duration::from_secs(ahead.unsigned_abs());
    (apart >= SKEW_WARNING).then(|| {
        let direction = if ahead > 0 { "ahead of" } else { "behind" };
        let summary = format!(
            "the clock of {on} is {} s {direction} this machine's",
            apart.as_secs()
        );
        Check {
            status,
            ..found("clock", Some(on), Code::ClockSkew, Case::Usual, summary)
        }
    })
}
