//! The page around the sections of the links.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::super::{map, words};
use super::link;
use super::parts::{badge, code, entry, head};
use super::style;
use crate::diagnose::report::{FailureReport, SupportReport};

/// Nothing is loaded, nothing runs.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

/// The whole file.
pub(in crate::ui::report) fn render(report: &SupportReport) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="referrer" content="no-referrer";
                title { (words::TITLE) }
                style { (PreEscaped(style::SHEET)) }
            }
            body { (body(report)) }
        }
    };
    let mut page = page.into_string();
    // A file that people send and compare has lines.
    for end in ["</tr>", "</p>", "</g>", "</h2>", "</section>"] {
        page = page.replace(end, &format!("{end}\n"));
    }
    page.push('\n');
    page
}

fn body(report: &SupportReport) -> Markup {
    let notes = report.only_notes();
    html! {
        header {
            h1 { (words::TITLE) }
            p.lead { (words::tally(report)) }
            p.dim { (words::creation_line(report)) }
        }
        div.box {
            p { (words::PRIVACY) }
            p { b { "Support asks for this too, and only you know it:" } }
            ul { @for text in words::FOR_YOU { li { (text) } } }
        }
        @if !report.apps.is_empty() {
            h2 { "Map" }
            figure.map { (map::draw(report)) (legend()) }
        }
        h2 { "Links at a glance" }
        (overview(report))
        (applications(report))
        @for link in &report.links { (link::section(link)) }
        @if !notes.is_empty() {
            h2 { "Codes that are only notes here" }
            @for code in notes { (entry(code)) }
        }
        (log(report))
        footer { p.dim { (words::PRIVACY) } }
    }
}

fn overview(report: &SupportReport) -> Markup {
    if report.links.is_empty() {
        return html! { p { "There are no links." } };
    }
    html! {
        table {
            (head(&["No.", "State", "Link", "Code", "In one sentence"]))
            tbody {
                @for link in &report.links {
                    tr {
                        td.narrow { (link.number) }
                        td.narrow { (badge(link.health)) }
                        td.title { a href={ "#link-" (link.number) } { (link.title()) } }
                        td.narrow { (code(link.code)) }
                        td { (link.summary) }
                    }
                }
            }
        }
    }
}

fn legend() -> Markup {
    html! {
        div.legend {
            @for health in words::HEALTHS {
                span { (badge(health)) ": " (words::meaning(health)) }
            }
        }
        p.dim {
            "The number in a shape is the number of the link. A dashed frame: the application could "
            "not be asked; a dotted one: applink does not know it."
        }
    }
}

fn applications(report: &SupportReport) -> Markup {
    html! {
        h2 { "Applications" }
        div.apps {
            @for app in &report.apps {
                table {
                    thead { tr { th colspan="2" scope="colgroup" { (app.alias) } } }
                    tbody {
                        @for (label, text) in words::app(app) {
                            tr { th scope="row" { (label) } td { (text) } }
                        }
                    }
                }
            }
        }
        @for error in &report.errors { (trouble(error)) }
    }
}

fn trouble(trouble: &FailureReport) -> Markup {
    html! {
        div.box {
            p { b.fail { "✗ " (trouble.app) ": " } (trouble.message) }
            @if !trouble.hints.is_empty() {
                ul { @for hint in &trouble.hints { li { (hint) } } }
            }
            @if let Some(code) = trouble.code { (entry(code)) }
        }
    }
}

fn log(report: &SupportReport) -> Markup {
    html! {
        h2 { "Requests" }
        @if report.left_out > 0 {
            p { (words::count(report.left_out, "more request")) " found no room here." }
        }
        table.log {
            (head(&["When", "ms", "Application", "Request", "Answer"]))
            tbody {
                @for request in &report.requests {
                    tr {
                        td.narrow { (request.at) }
                        td.narrow { (request.millis) }
                        td.app { (request.app.as_ref().map_or("–", |app| app.as_str())) }
                        td { code { (request.method) " " (request.url) } }
                        td { (words::outcome(request)) }
                    }
                }
            }
        }
    }
}
