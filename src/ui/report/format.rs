//! The forms in which a report can be written.

use std::path::Path;

use super::{html, json, markdown, words};
use crate::diagnose::report::SupportReport;
use crate::error::{Error, Result};

/// The form of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportFormat {
    /// For tickets and chats.
    Markdown,
    /// One file for a browser and for paper.
    Html,
    /// For programs.
    Json,
}

impl ReportFormat {
    /// A text near the beginning of every report of this form, and of hardly any other file.
    pub fn mark(self) -> &'static str {
        match self {
            Self::Markdown | Self::Html => words::TITLE,
            Self::Json => "\"applink\": ",
        }
    }

    /// The form that the ending of a file's name asks for.
    pub fn of(path: &Path) -> Result<Self> {
        let ending = path
            .extension()
            .map(|ending| ending.to_string_lossy().to_ascii_lowercase());
        match ending.as_deref() {
            Some("md") => Ok(Self::Markdown),
            Some("html") => Ok(Self::Html),
            Some("json") => Ok(Self::Json),
            _ => Err(Error::usage(format!(
                "{} is no file for a report: its name has to end in .md, .html or .json",
                path.display()
            ))),
        }
    }

    /// The report in this form. It must have been scrubbed.
    pub fn render(self, report: &SupportReport) -> String {
        match self {
            Self::Markdown => markdown::render(report),
            Self::Html => html::render(report),
            Self::Json => json::render(report),
        }
    }
}

/// One sentence on what the report holds and what it does not.
pub fn contents(report: &SupportReport) -> String {
    format!(
        "{} of {} and {}, with {}; no passwords, tokens, cookies, private keys or bodies of requests",
        "addresses, versions, account names, levels and checks",
        words::count(report.apps.len(), "application"),
        words::count(report.links.len(), "link"),
        words::count(report.requests.len(), "request"),
    )
}
