//! The section of one link.

use super::super::words;
use super::{badge, check, code, entry, head};
use crate::diagnose::codes;
use crate::diagnose::report::Link;
use crate::ui::page::Page;

/// Everything about a link.
pub(super) fn section(page: &mut Page, link: &Link) {
    let id = format!("link-{}", link.number);
    page.within("section", &[("class", "link"), ("id", &id)], |page| {
        page.within("h2", &[], |page| {
            page.text(&format!("Link {}: {} ", link.number, link.title()));
            badge(page, link.health);
        });
        page.within("p", &[("class", "lead")], |page| {
            if link.code.is_some() {
                code(page, link.code);
                page.text(" ");
            }
            page.text(&link.summary);
        });
        if link.one_way_wanted {
            page.element("p", &[], "One way is what was asked for when it was made.");
        }
        if !link.fixes.is_empty() {
            page.within("p", &[], |page| {
                page.text("To mend it:");
                for fix in &link.fixes {
                    page.text(" ");
                    page.element("code", &[], fix);
                }
            });
        }
        questions(page, link);
        levels(page, link);
        ends(page, link);
        checks(page, link);
        for code in &link.codes {
            entry(page, *code);
        }
        for code in &link.notes {
            page.within("p", &[], |page| {
                page.text("Only a note here: ");
                page.element("code", &[], code.as_str());
                page.text(" ");
                page.prose(codes::entry(*code).meaning);
            });
        }
    });
}

fn questions(page: &mut Page, link: &Link) {
    page.element("h3", &[], "What support asks");
    page.within("table", &[("class", "keep")], |page| {
        page.within("tbody", &[], |page| {
            for (at, question) in link.questions.iter().enumerate() {
                page.within("tr", &[], |page| {
                    page.element("td", &[("class", "narrow")], &(at + 1).to_string());
                    page.element("td", &[], question.text);
                    page.within("td", &[("class", "narrow")], |page| {
                        check(page, question.mark, Some(question.reply.as_str()));
                    });
                    page.within("td", &[], |page| {
                        for (at, why) in question.because.iter().enumerate() {
                            if at > 0 {
                                page.void("br", &[]);
                            }
                            page.text(why);
                        }
                    });
                });
            }
        });
    });
}

fn levels(page: &mut Page, link: &Link) {
    if link.levels.is_empty() {
        return;
    }
    page.element("h3", &[], "Levels");
    page.element("p", &[("class", "dim")], words::LEVELS);
    page.within("table", &[("class", "keep")], |page| {
        head(
            page,
            &["Direction", "Caller lets out", "Called lets in", ""],
        );
        page.within("tbody", &[], |page| {
            for flow in &link.levels {
                let agrees = flow.agrees();
                let class = if agrees == Some(false) { "differ" } else { "" };
                page.within("tr", &[("class", class)], |page| {
                    page.element("td", &[], &format!("{} calls {}", flow.from, flow.to));
                    page.element("td", &[], &format!("{}: {}", flow.from, flow.outgoing));
                    page.element("td", &[], &format!("{}: {}", flow.to, flow.incoming));
                    let class = match agrees {
                        Some(true) => "pass",
                        Some(false) => "fail",
                        None => "skip",
                    };
                    page.within("td", &[("class", "narrow")], |page| {
                        page.element("span", &[("class", class)], words::agreement(agrees));
                    });
                });
            }
        });
    });
}

fn ends(page: &mut Page, link: &Link) {
    page.element("h3", &[], "Both ends");
    page.within("table", &[("class", "ends")], |page| {
        let mut titles = vec![""];
        titles.extend(link.ends.iter().map(|end| end.app.as_str()));
        head(page, &titles);
        page.within("tbody", &[], |page| {
            for (label, cells) in words::ends(link) {
                page.within("tr", &[], |page| {
                    page.element("th", &[("scope", "row")], label);
                    for cell in &cells {
                        page.element("td", &[], cell);
                    }
                });
            }
        });
    });
}

fn checks(page: &mut Page, link: &Link) {
    page.element("h3", &[], "Checks");
    page.within("table", &[], |page| {
        head(page, &["", "Check", "End", "Code", "Finding"]);
        page.within("tbody", &[], |page| {
            for finding in &link.checks {
                page.within("tr", &[], |page| {
                    page.within("td", &[("class", "narrow")], |page| {
                        check(page, finding.status, None);
                    });
                    page.element("td", &[("class", "narrow")], &finding.name);
                    let end = finding.end.as_ref().map_or("both", |end| end.as_str());
                    page.element("td", &[("class", "app")], end);
                    page.within("td", &[("class", "narrow")], |page| {
                        code(page, finding.code);
                    });
                    page.element("td", &[], &finding.summary);
                });
            }
        });
    });
}
