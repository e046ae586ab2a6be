//! The documents of `verify` and of `verify --watch`.

use serde::Serialize;

use super::document::Document;
use super::errors::TroubleOutput;
use crate::diagnose::{EndVerdict, Verdict};
use crate::domain::{
    Alias, ApplicationId, Category, Check, CheckStatus, Code, Directions, Health, Level,
    SuggestedCommand,
};

/// The document of `verify`.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "verify"))]
pub struct VerifyOutput {
    /// Every link that was looked at; none where nothing is known.
    pub links: Vec<VerdictOutput>,
    /// How many of each status.
    pub summary: SummaryOutput,
    /// Applications that could not be read.
    pub errors: Vec<TroubleOutput>,
}

impl Document for VerifyOutput {}

/// How one link is: two records of two known applications are one.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "verdict"))]
pub struct VerdictOutput {
    /// The application named first in the command, else the alias that comes first.
    pub local: Alias,
    /// The other one; null where it is not known to applink.
    pub remote: Option<Alias>,
    /// The id of the record on `local`; of the other one's where only that exists.
    pub id: Option<ApplicationId>,
    /// The name of the link.
    pub name: Option<String>,
    /// `ok`, `warning`, `broken`, `unverifiable`.
    pub status: Health,
    /// The code that set the status; null where it is `ok`.
    pub code: Option<Code>,
    /// The family of the code: `NETWORK_ERROR`, `CONFIG_ERROR`, `ACCESS_ERROR`, `DEPRECATED`, `INCOMPATIBLE`, `NON_ATLASSIAN`, `SYSTEM`, `DISABLED`, `UNKNOWN`.
    pub category: Option<Category>,
    /// One sentence.
    pub summary: String,
    /// What mends it, the likeliest first.
    pub fix: Vec<FixOutput>,
    /// The end on `local`, then the other one where it is known.
    pub ends: Vec<EndOutput>,
    /// Every single finding.
    pub checks: Vec<CheckOutput>,
}

impl From<&Verdict> for VerdictOutput {
    fn from(verdict: &Verdict) -> Self {
        Self {
            local: verdict.local.clone(),
            remote: verdict.remote.clone(),
            id: verdict.id,
            name: Some(verdict.name.clone()).filter(|name| !name.is_empty()),
            status: verdict.health,
            code: verdict.code,
            category: verdict.code.map(Code::category),
            summary: verdict.summary.clone(),
            fix: verdict.commands.iter().map(FixOutput::from).collect(),
            ends: verdict.ends.iter().map(EndOutput::from).collect(),
            checks: verdict.checks.iter().map(CheckOutput::from).collect(),
        }
    }
}

/// A command that fixes a link.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "fix"))]
pub struct FixOutput {
    /// To be pasted into a shell.
    pub command: String,
    /// The same, to be run without one.
    pub argv: Vec<String>,
}

impl From<&SuggestedCommand> for FixOutput {
    fn from(fix: &SuggestedCommand) -> Self {
        Self {
            command: fix.command(),
            argv: fix.argv.clone(),
        }
    }
}

/// One end of a link.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "end"))]
pub struct EndOutput {
    /// The alias.
    pub app: Alias,
    /// As of the link.
    pub status: Health,
    /// What the application itself says, or why it could not be asked.
    pub code: Option<Code>,
    /// As in [record](#record).
    pub incoming: Level,
    /// As in [record](#record).
    pub outgoing: Level,
}

impl From<&EndVerdict> for EndOutput {
    fn from(end: &EndVerdict) -> Self {
        let levels = end.levels.unwrap_or(Directions::both(Level::Unknown));
        Self {
            app: end.app.clone(),
            status: end.health,
            code: end.code,
            incoming: levels.incoming,
            outgoing: levels.outgoing,
        }
    }
}

/// A single finding about a link.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "check"))]
pub struct CheckOutput {
    /// What was looked at: `manifest`, `status`, `levels`, `clock` and so on.
    pub name: &'static str,
    /// The alias of the application that it is about; null where it is about both.
    pub end: Option<Alias>,
    /// `pass`, `note`, `warn`, `fail`, `skip`.
    pub status: CheckStatus,
    /// The code of the finding.
    pub code: Option<Code>,
    /// One sentence.
    pub summary: String,
}

impl From<&Check> for CheckOutput {
    fn from(check: &Check) -> Self {
        Self {
            name: check.name,
            end: check.end.clone(),
            status: check.status,
            code: check.code,
            summary: check.summary.clone(),
        }
    }
}

/// How many links have each status.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "summary"))]
pub struct SummaryOutput {
    /// Links that work.
    pub ok: usize,
    /// Links that work, and that a person should look at.
    pub warning: usize,
    /// Links that do not work.
    pub broken: usize,
    /// Links that cannot be judged.
    pub unverifiable: usize,
}

impl SummaryOutput {
    /// Counts verdicts.
    pub fn of(verdicts: &[Verdict]) -> Self {
        let count = |health: Health| verdicts.iter().filter(|one| one.health == health).count();
        Self {
            ok: count(Health::Ok),
            warning: count(Health::Warning),
            broken: count(Health::Broken),
            unverifiable: count(Health::Unverifiable),
        }
    }
}

/// One line of `verify --watch`.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "watch"))]
pub struct WatchOutput {
    /// The time, RFC 3339, UTC.
    pub at: String,
    /// The alias.
    pub local: String,
    /// The other end; null where an application is meant, which does not answer.
    pub remote: Option<String>,
    /// Its status before; null at first.
    pub before: Option<&'static str>,
    /// Its status now: a link's, or the `kind` of a trouble; null where it is gone, or answers again.
    pub status: Option<&'static str>,
    /// The code of the status.
    pub code: Option<Code>,
    /// One sentence.
    pub summary: Option<String>,
}

impl Document for WatchOutput {}
