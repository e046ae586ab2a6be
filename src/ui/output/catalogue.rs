//! The document of `explain`: entries of the catalogue.

use serde::Serialize;

use super::document::Document;
use crate::diagnose::codes::{CodeEntry, OauthProblemEntry};
use crate::diagnose::phrases::Phrase;
use crate::domain::{Category, Code};

/// The document of `explain`.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "explain"))]
pub struct ExplainOutput {
    /// The codes that were asked for, or all.
    pub codes: Vec<EntryOutput>,
    /// The lines in which phrases were recognised, at most 1000.
    pub lines: Vec<LineOutput>,
}

impl Document for ExplainOutput {}

/// A line of a log.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "log-line"))]
pub struct LineOutput {
    /// Its number.
    pub line: u64,
    /// Its text, with secrets removed.
    pub text: String,
    /// What was recognised, the longest phrase first.
    pub matches: Vec<PhraseOutput>,
}

/// A recognised phrase.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "phrase"))]
pub struct PhraseOutput {
    /// The words.
    pub phrase: &'static str,
    /// Who writes them.
    pub source: &'static str,
    /// One sentence.
    pub meaning: &'static str,
    /// What to do.
    pub fixes: Vec<&'static str>,
}

impl From<Phrase> for PhraseOutput {
    fn from(phrase: Phrase) -> Self {
        Self {
            phrase: phrase.text,
            source: phrase.source,
            meaning: phrase.meaning,
            fixes: vec![phrase.fix],
        }
    }
}

/// What the catalogue says about one code.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "entry"))]
pub struct EntryOutput {
    /// The code.
    pub code: Code,
    /// As in [verdict](#verdict).
    pub category: Category,
    /// What it makes of a link.
    pub status: &'static str,
    /// When it makes another one of it.
    pub status_varies: Option<&'static str>,
    /// One sentence.
    pub meaning: &'static str,
    /// Why it happens, the likeliest first.
    pub causes: Vec<&'static str>,
    /// What to do, the mildest first.
    pub fixes: Vec<&'static str>,
    /// Who says it.
    #[serde(rename = "where")]
    pub who: &'static str,
    /// Values of `oauth_problem` that come with it.
    pub oauth_problems: Vec<ProblemOutput>,
}

impl From<&CodeEntry> for EntryOutput {
    fn from(entry: &CodeEntry) -> Self {
        Self {
            code: entry.code,
            category: entry.code.category(),
            status: entry.status(),
            status_varies: entry.varies,
            meaning: entry.meaning,
            causes: entry.causes.to_vec(),
            fixes: entry.fixes.to_vec(),
            who: entry.where_to_fix,
            oauth_problems: entry.oauth_problems().map(ProblemOutput::from).collect(),
        }
    }
}

/// One value of `oauth_problem`.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "problem"))]
pub struct ProblemOutput {
    /// The value.
    pub problem: &'static str,
    /// The status that it comes with.
    pub http_status: u16,
    /// One sentence.
    pub meaning: &'static str,
    /// What to do.
    pub fix: &'static str,
}

impl From<&OauthProblemEntry> for ProblemOutput {
    fn from(known: &OauthProblemEntry) -> Self {
        Self {
            problem: known.problem,
            http_status: known.http_status,
            meaning: known.meaning,
            fix: known.fix,
        }
    }
}
