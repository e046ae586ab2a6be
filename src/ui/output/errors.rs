//! Errors: the last line of standard error, and what did not stop the rest.

use serde::Serialize;

use super::document::Document;
use crate::domain::{Alias, Code, text};
use crate::error::Error;

/// The last line of standard error.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "error"))]
pub struct ErrorOutput {
    /// Why the exit code is what it is.
    pub error: ReasonOutput,
}

impl Document for ErrorOutput {}

/// Why a run failed.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "reason"))]
pub struct ReasonOutput {
    /// `usage` (exit code 2), `auth`, `permission` (4), `unreachable` (5), `conflict`, `refused`, `internal` (1), `partial` (3), `state` (7).
    pub kind: &'static str,
    /// One of [the codes](codes.md).
    pub code: Option<Code>,
    /// What failed, on which application.
    pub message: String,
    /// The next steps for the user.
    pub hints: Vec<String>,
}

impl From<&Error> for ErrorOutput {
    fn from(error: &Error) -> Self {
        let hints = error.hints.iter();
        Self {
            error: ReasonOutput {
                kind: error.kind.as_str(),
                code: error.code,
                message: text::clean(&error.message).into_owned(),
                hints: hints.map(|hint| text::clean(hint).into_owned()).collect(),
            },
        }
    }
}

/// What could not be asked or done, while the rest was.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "trouble"))]
pub struct TroubleOutput {
    /// The alias of the application that is to blame, where one is named.
    pub app: Option<Alias>,
    /// As in [reason](#reason).
    pub kind: &'static str,
    /// One of [the codes](codes.md).
    pub code: Option<Code>,
    /// What went wrong.
    pub message: String,
}

impl TroubleOutput {
    /// The trouble of that application.
    pub fn new(app: Option<&Alias>, error: &Error) -> Self {
        Self {
            app: app.cloned(),
            kind: error.kind.as_str(),
            code: error.code,
            message: error.to_string(),
        }
    }

    /// The troubles of several applications.
    pub fn all<'a>(errors: impl IntoIterator<Item = &'a (Alias, Error)>) -> Vec<Self> {
        let errors = errors.into_iter();
        errors
            .map(|(app, error)| Self::new(Some(app), error))
            .collect()
    }
}

/// What a person should know about a plan.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "warning"))]
pub struct WarningOutput {
    /// One sentence.
    pub message: String,
    /// What to do about it.
    pub hints: Vec<String>,
}

impl From<&Error> for WarningOutput {
    fn from(error: &Error) -> Self {
        Self {
            message: error.message.clone(),
            hints: error.hints.clone(),
        }
    }
}
