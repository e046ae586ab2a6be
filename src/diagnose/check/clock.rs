//! Do the clocks agree? Signed requests are refused when they are more than five minutes apart.

use super::{app, coded, plain};
use crate::diagnose::seen::{AppSeen, LinkSeen};
use crate::domain::{Alias, Check, CheckStatus, Code};

/// From here on a person should look, in seconds.
const WARN: i64 = 60;

/// From here on the products refuse each other's timestamps, in seconds.
const BROKEN: i64 = 300;

/// Compares the clocks of both ends with each other; with one end only, with this machine's.
pub(super) fn clocks(link: &LinkSeen, apps: &[AppSeen], checks: &mut Vec<Check>) {
    let ahead = |alias: &Alias| app(apps, alias).and_then(|seen| seen.ahead);
    let local = &link.local.app;
    match (&link.remote, ahead(local)) {
        (Some(remote), Some(here)) => {
            if let Some(there) = ahead(&remote.app) {
                let apart = here - there;
                let (fast, slow) = if apart >= 0 { (local, &remote.app) } else { (&remote.app, local) };
                checks.push(judged(
                    None,
                    apart.abs(),
                    &format!("the clock of {fast} is {} s ahead of that of {slow}", apart.abs()),
                    "the clocks of both ends agree",
                ));
            }
            for (alias, ahead) in [(local, Some(here)), (&remote.app, ahead(&remote.app))] {
                let Some(ahead) = ahead else { continue };
                // Against this machine it is only a hint: which of the two is wrong is not known.
                if ahead.abs() >= WARN {
                    checks.push(coded(
                        "clock",
                        Some(alias),
                        CheckStatus::Note,
                        Code::ClockSkew,
                        format!(
                            "the clock of {alias} is {} s {} this machine's",
                            ahead.abs(),
                            if ahead > 0 { "ahead of" } else { "behind" }
                        ),
                    ));
                }
            }
        }
        (None, Some(here)) => checks.push(judged(
            Some(local),
            here.abs().min(BROKEN - 1),
            &format!("the clock of {local} is {} s apart from this machine's", here.abs()),
            "the clock agrees with this machine's",
        )),
        _ => {}
    }
}

fn judged(end: Option<&Alias>, apart: i64, found: &str, fine: &str) -> Check {
    if apart >= BROKEN {
        coded("clock", end, CheckStatus::Fail, Code::ClockSkew, found)
    } else if apart >= WARN {
        coded("clock", end, CheckStatus::Warn, Code::ClockSkew, found)
    } else {
        plain("clock", end, CheckStatus::Pass, fine)
    }
}
