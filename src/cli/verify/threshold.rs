//! From which status on `verify` fails.

use crate::diagnose::Verdict;
use crate::domain::Health;

/// From which status on a verification has failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum FailOn {
    /// A link that a person should look at, and worse.
    Warning,
    /// A link that does not work.
    Broken,
}

/// Whether a verdict fails the verification.
pub(crate) fn failed(verdict: &Verdict, fail_on: FailOn) -> bool {
    match fail_on {
        FailOn::Broken => verdict.health == Health::Broken,
        FailOn::Warning => verdict.health == Health::Broken || verdict.warns,
    }
}
