//! Do the clocks agree? Signed requests are refused when they are more than five minutes apart.

use std::time::Duration;

use super::result::{app, found, plain};
use crate::diagnose::codes::{Case, Gravity, SKEW_WARNING, gravity};
use crate::diagnose::seen::{AppSeen, LinkSeen};
use crate::domain::{Alias, Check, CheckStatus, Code};

/// Compares the clocks of both ends with each other, and each with this machine's.
///
/// Against this machine a difference is never more than a note or a warning: which of the two is
/// wrong is not known, and this machine takes no part in the link.
pub(super) fn clocks(link: &LinkSeen, apps: &[AppSeen], checks: &mut Vec<Check>) {
    let ahead = |alias: &Alias| app(apps, alias).and_then(|seen| seen.ahead);
    let mut between = None;
    if let Some(remote) = &link.remote
        && let (Some(here), Some(there)) = (ahead(&link.local.app), ahead(&remote.app))
    {
        let apart = here.abs_diff(there);
        let (fast, slow) = if here >= there {
            (&link.local.app, &remote.app)
        } else {
            (&remote.app, &link.local.app)
        };
        let skew = Case::Skew(Duration::from_secs(apart));
        between = Some(match gravity(Code::ClockSkew, skew) {
            Gravity::Note => plain(
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
        });
    }
    let alone = between.is_none();
    checks.extend(between);
    for end in link.ends() {
        let Some(ahead) = ahead(&end.app) else {
            if app(apps, &end.app).is_some_and(|seen| seen.manifest.is_ok()) {
                checks.push(plain(
                    "clock",
                    Some(&end.app),
                    CheckStatus::Skip,
                    format!("{} does not say what time it has", end.app),
                ));
            }
            continue;
        };
        let apart = Duration::from_secs(ahead.unsigned_abs());
        if apart >= SKEW_WARNING {
            let direction = if ahead > 0 { "ahead of" } else { "behind" };
            checks.push(Check {
                status: if alone {
                    CheckStatus::Warn
                } else {
                    CheckStatus::Note
                },
                ..found(
                    "clock",
                    Some(&end.app),
                    Code::ClockSkew,
                    Case::Usual,
                    format!(
                        "the clock of {} is {} s {direction} this machine's",
                        end.app,
                        apart.as_secs()
                    ),
                )
            });
        }
    }
}
