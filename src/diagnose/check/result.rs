//! Results of checks, and what their sentences are made of.

use crate::diagnose::codes::{Case, Severity, severity};
use crate::diagnose::observation::AppObservation;
use crate::domain::{Alias, Check, CheckStatus, Code};

/// The application behind an alias.
pub(super) fn app<'a>(apps: &'a [AppObservation], alias: &Alias) -> Option<&'a AppObservation> {
    apps.iter().find(|app| app.alias == *alias)
}

/// Things that are listed in one sentence.
pub(super) const SHOWN: usize = 5;

/// A list that stays a part of a sentence.
pub(super) fn listed<T: ToString>(items: &[T]) -> String {
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
pub(super) fn plain(
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
pub(super) fn coded_skip(
    name: &'static str,
    end: &Alias,
    code: Code,
    summary: impl Into<String>,
) -> Check {
    Check {
        code: Some(code),
        ..plain(name, Some(end), CheckStatus::Skip, summary)
    }
}

/// A check that found something with a name; the catalogue says how grave it is.
pub(super) fn found(
    name: &'static str,
    end: Option<&Alias>,
    code: Code,
    case: Case,
    summary: impl Into<String>,
) -> Check {
    let status = match severity(code, case) {
        Severity::Broken => CheckStatus::Fail,
        Severity::Warning => CheckStatus::Warn,
        Severity::Note => CheckStatus::Note,
        Severity::Unverifiable | Severity::Account => CheckStatus::Skip,
    };
    Check {
        code: Some(code),
        ..plain(name, end, status, summary)
    }
}
