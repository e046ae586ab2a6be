//! The report for programs. Its links have the fields of `verify -o json`, and more.

use serde::Serialize;

use crate::diagnose::codes;
use crate::diagnose::report::{AppReport, FailureReport, LinkReport, RequestReport, SupportReport};
use crate::ui::output::EntryOutput;

/// The whole document.
#[derive(Serialize)]
struct ReportDocument<'a> {
    schema: u8,
    made_at: &'a str,
    applink: &'a str,
    applications: &'a [AppReport],
    links: &'a [LinkReport],
    catalogue: Vec<EntryOutput>,
    requests: &'a [RequestReport],
    requests_left_out: usize,
    errors: &'a [FailureReport],
}

pub(super) fn render(report: &SupportReport) -> String {
    let codes = report.codes().into_iter();
    let document = ReportDocument {
        schema: 1,
        made_at: &report.made_at,
        applink: &report.applink_version,
        applications: &report.apps,
        links: &report.links,
        catalogue: codes
            .map(|code| EntryOutput::from(codes::entry(code)))
            .collect(),
        requests: &report.requests,
        requests_left_out: report.left_out,
        errors: &report.errors,
    };
    // Only texts, numbers and maps with texts as keys: this cannot fail.
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    text
}
