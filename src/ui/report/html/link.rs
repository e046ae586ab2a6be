//! The section of one link.

use maud::{Markup, html};

use super::super::words;
use super::parts::{badge, check, code, entry, head, prose};
use crate::diagnose::codes;
use crate::diagnose::report::LinkReport;

/// Everything about a link.
pub(super) fn section(link: &LinkReport) -> Markup {
    html! {
        section.link id={ "link-" (link.number) } {
            h2 { "Link " (link.number) ": " (link.title()) " " (badge(link.health)) }
            p.lead {
                @if link.code.is_some() { (code(link.code)) " " }
                (link.summary)
            }
            @if link.one_way_wanted { p { "One way is what was asked for when it was made." } }
            @if !link.fixes.is_empty() {
                p { "To mend it:" @for fix in &link.fixes { " " code { (fix) } } }
            }
            (questions(link))
            @if !link.levels.is_empty() { (levels(link)) }
            (ends(link))
            (checks(link))
            @for code in &link.codes { (entry(*code)) }
            @for code in &link.notes {
                p {
                    "Only a note here: " code { (code.as_str()) } " "
                    (prose(codes::entry(*code).meaning))
                }
            }
        }
    }
}

fn questions(link: &LinkReport) -> Markup {
    html! {
        h3 { "What support asks" }
        table.keep {
            tbody {
                @for (at, question) in link.questions.iter().enumerate() {
                    tr {
                        td.narrow { (at + 1) }
                        td { (question.text) }
                        td.narrow { (check(question.mark, Some(question.reply.as_str()))) }
                        td {
                            @for (at, why) in question.because.iter().enumerate() {
                                @if at > 0 { br; }
                                (why)
                            }
                        }
                    }
                }
            }
        }
    }
}

fn levels(link: &LinkReport) -> Markup {
    html! {
        h3 { "Levels" }
        p.dim { (words::LEVELS) }
        table.keep {
            (head(&["Direction", "Caller lets out", "Called lets in", ""]))
            tbody {
                @for flow in &link.levels {
                    @let class = match flow.equal {
                        Some(true) => "pass",
                        Some(false) => "fail",
                        None => "skip",
                    };
                    tr.differ[flow.equal == Some(false)] {
                        td { (flow.from) " calls " (flow.to) }
                        td { (flow.from) ": " (flow.outgoing) }
                        td { (flow.to) ": " (flow.incoming) }
                        td.narrow { span class=(class) { (words::agreement(flow.equal)) } }
                    }
                }
            }
        }
    }
}

fn ends(link: &LinkReport) -> Markup {
    let mut titles = vec![""];
    titles.extend(link.ends.iter().map(|end| end.app.as_str()));
    html! {
        h3 { "Both ends" }
        table.ends {
            (head(&titles))
            tbody {
                @for (label, cells) in words::ends(link) {
                    tr {
                        th scope="row" { (label) }
                        @for cell in &cells { td { (cell) } }
                    }
                }
            }
        }
    }
}

fn checks(link: &LinkReport) -> Markup {
    html! {
        h3 { "Checks" }
        table {
            (head(&["", "Check", "End", "Code", "Finding"]))
            tbody {
                @for finding in &link.checks {
                    tr {
                        td.narrow { (check(finding.status, None)) }
                        td.narrow { (finding.name) }
                        td.app { (finding.end.as_ref().map_or("both", |end| end.as_str())) }
                        td.narrow { (code(finding.code)) }
                        td { (finding.summary) }
                    }
                }
            }
        }
    }
}
