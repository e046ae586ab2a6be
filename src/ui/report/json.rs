//! The report for programs. Its links have the fields of `verify -o json`, and more.

use serde::Serialize;
use serde_json::Value;

use crate::diagnose::codes;
use crate::diagnose::report::{AppReport, FailureReport, LinkReport, RequestReport, SupportReport};

/// The whole document.
#[derive(Serialize)]
struct Document<'a> {
    schema: u8,
    made_at: &'a str,
    applink: &'a str,
    applications: &'a [AppReport],
    links: &'a [LinkReport],
    catalogue: Vec<Value>,
    requests: &'a [RequestReport],
    requests_left_out: usize,
    errors: &'a [FailureReport],
}

pub(super) fn render(report: &SupportReport) -> String {
    let codes = report.codes().into_iter();
    let document = Document {
        schema: 1,
        made_at: &report.made_at,
        applink: &report.applink_version,
        applications: &report.apps,
        links: &report.links,
        catalogue: codes.map(|code| codes::entry(code).to_json()).collect(),
        requests: &report.requests,
        requests_left_out: report.left_out,
        errors: &report.errors,
    };
    // Only texts, numbers and maps with texts as keys: this cannot fail.
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    text
}
