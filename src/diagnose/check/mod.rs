//! applink's own checks, one file a thing.
//!
//! A check says what it looked at, at which end, and how it ended. Whether that makes a link
//! broken is decided in the verdict, from the code.

mod address;
mod clock;
mod consumer;
pub(super) use address::astray_for_users;
pub(super) use consumer::consumers;
mod freshness;
mod identity;
mod leftover;
mod levels;
mod moved;
mod reach;
mod reciprocal;
mod tls;

pub use reach::way_to;

use super::codes::{Case, Gravity, gravity};
use super::seen::{AppSeen, LinkSeen};
use crate::domain::{Alias, Check, CheckStatus, Code};

/// Makes every check on one link.
pub fn all(link: &LinkSeen, apps: &[AppSeen]) -> Vec<Check> {
    let mut checks = Vec::new();
    for look in [
        identity::manifest,
        reciprocal::reciprocal,
        levels::levels,
        identity::sameness,
        identity::clones,
        address::base_urls,
        address::display_urls,
        address::reach,
        moved::moved,
        consumer::consumers,
        consumer::key_size,
        leftover::leftovers,
        leftover::two_legged,
        clock::clocks,
        reach::way,
        freshness::capabilities,
    ] {
        look(link, apps, &mut checks);
    }
    checks
}

/// What applink itself meets on its way to an application.
const FROM_HERE: &[&str] = &[
    "manifest",
    "permission",
    "dns",
    "tcp",
    "tls-protocol",
    "tls-trust",
    "tls-name",
    "certificate",
];

/// Whether a check only says how applink gets on with an application from where it runs. Such a
/// one sets no status: an application that cannot be reached from here is an error of the run, and
/// whether the link works is for the servers to say. A certificate that runs out does so for all.
pub(super) fn is_only_from_here(check: &Check) -> bool {
    FROM_HERE.contains(&check.name) && check.code != Some(Code::CertExpires)
}

/// The application behind an alias.
fn app<'a>(apps: &'a [AppSeen], alias: &Alias) -> Option<&'a AppSeen> {
    apps.iter().find(|app| app.alias == *alias)
}

/// Things that are listed in one sentence.
const SHOWN: usize = 5;

/// A list that stays a part of a sentence.
fn listed<T: ToString>(items: &[T]) -> String {
    let shown: Vec<String> = items.iter().take(SHOWN).map(T::to_string).collect();
    let more = items.len().saturating_sub(SHOWN);
    let shown = shown.join(", ");
    if more > 0 {
        format!("{shown} and {more} more")
    } else {
        shown
    }
}

/// A check without a code.
fn plain(
    name: &'static str,
    end: Option<&Alias>,
    status: CheckStatus,
    summary: impl Into<String>,
) -> Check {
    Check {
        name,
        end: end.cloned(),
        status,
        code: None,
        summary: summary.into(),
    }
}

/// A check that names what stands in the way, and judges nothing by it.
fn coded_skip(name: &'static str, end: &Alias, code: Code, summary: impl Into<String>) -> Check {
    Check {
        code: Some(code),
        ..plain(name, Some(end), CheckStatus::Skip, summary)
    }
}

/// A check that found something with a name; the catalogue says how grave it is.
fn found(
    name: &'static str,
    end: Option<&Alias>,
    code: Code,
    case: Case,
    summary: impl Into<String>,
) -> Check {
    let status = match gravity(code, case) {
        Gravity::Broken => CheckStatus::Fail,
        Gravity::Warning => CheckStatus::Warn,
        Gravity::Note => CheckStatus::Note,
        Gravity::Unverifiable | Gravity::Account => CheckStatus::Skip,
    };
    Check {
        code: Some(code),
        ..plain(name, end, status, summary)
    }
}
