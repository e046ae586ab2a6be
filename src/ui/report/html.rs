//! The report as one file for a browser and for paper.

use super::page::Page;
use super::{map, style, words};
use crate::diagnose::codes;
use crate::diagnose::report::{Link, Report, Trouble};
use crate::domain::{CheckStatus, Code, Health};

/// Nothing is loaded, nothing runs.
const HEAD: &str = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
    <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
    <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
    <meta name=\"referrer\" content=\"no-referrer\">\n";

pub(super) fn render(report: &Report) -> String {
    let mut page = Page::default();
    page.own(HEAD);
    page.element("title", &[], words::TITLE);
    page.own("<style>");
    page.own(style::SHEET);
    page.own("</style>\n</head>\n<body>\n");
    page.within("header", &[], |page| {
        page.element("h1", &[], words::TITLE);
        page.element("p", &[("class", "lead")], &words::tally(report));
        page.element("p", &[("class", "dim")], &words::made(report));
    });
    page.within("div", &[("class", "box")], |page| {
        page.element("p", &[], words::PRIVACY);
        page.within("p", &[], |page| {
            page.element("b", &[], "Support asks for this too, and only you know it:");
        });
        page.within("ul", &[], |page| {
            for text in words::FOR_YOU {
                page.element("li", &[], text);
            }
        });
    });
    page.element("h2", &[], "Links at a glance");
    overview(&mut page, report);
    if !report.apps.is_empty() {
        page.within("figure", &[("class", "map")], |page| {
            map::draw(page, report);
            legend(page);
        });
    }
    applications(&mut page, report);
    for link in &report.links {
        section(&mut page, link);
    }
    log(&mut page, report);
    page.within("footer", &[], |page| {
        page.element("p", &[("class", "dim")], words::PRIVACY);
    });
    page.own("</body>\n</html>\n");
    page.finish()
}

fn badge(page: &mut Page, health: Health) {
    let class = format!("badge {}", health.as_str());
    page.within("span", &[("class", &class)], |page| {
        map::icon(page, health);
        page.text(health.as_str());
    });
}

fn check(page: &mut Page, status: CheckStatus, word: Option<&str>) {
    let (sign, class) = words::check(status);
    let text = format!("{sign} {}", word.unwrap_or(class));
    page.element("span", &[("class", class)], &text);
}

fn head(page: &mut Page, titles: &[&str]) {
    page.within("thead", &[], |page| {
        page.within("tr", &[], |page| {
            for title in titles {
                page.element("th", &[("scope", "col")], title);
            }
        });
    });
}

fn code(page: &mut Page, code: Option<Code>) {
    match code {
        Some(code) => page.element("code", &[], code.as_str()),
        None => page.text("–"),
    }
}

fn overview(page: &mut Page, report: &Report) {
    if report.links.is_empty() {
        page.element("p", &[], "There are no links.");
        return;
    }
    page.within("table", &[], |page| {
        head(page, &["No.", "State", "Link", "Code", "In one sentence"]);
        page.within("tbody", &[], |page| {
            for link in &report.links {
                page.within("tr", &[], |page| {
                    page.element("td", &[("class", "narrow")], &link.number.to_string());
                    page.within("td", &[("class", "narrow")], |page| {
                        badge(page, link.health)
                    });
                    page.within("td", &[], |page| {
                        let target = format!("#link-{}", link.number);
                        page.element("a", &[("href", &target)], &link.title());
                    });
                    page.within("td", &[], |page| code(page, link.code));
                    page.element("td", &[], &link.summary);
                });
            }
        });
    });
}

fn legend(page: &mut Page) {
    page.within("div", &[("class", "legend")], |page| {
        for health in words::HEALTHS {
            page.within("span", &[], |page| {
                badge(page, health);
                page.text(": ");
                page.text(words::meaning(health));
            });
        }
    });
    page.element(
        "p",
        &[("class", "dim")],
        "The number in a shape is the number of the link. A dashed frame: the application could not be asked; a dotted one: applink does not know it.",
    );
}

fn applications(page: &mut Page, report: &Report) {
    page.element("h2", &[], "Applications");
    page.within("div", &[("class", "apps")], |page| {
        for app in &report.apps {
            page.within("table", &[], |page| {
                page.within("thead", &[], |page| {
                    page.within("tr", &[], |page| {
                        let wide = [("colspan", "2"), ("scope", "colgroup")];
                        page.element("th", &wide, app.alias.as_str());
                    });
                });
                page.within("tbody", &[], |page| {
                    for (label, text) in words::app(app) {
                        page.within("tr", &[], |page| {
                            page.element("th", &[("scope", "row")], label);
                            page.element("td", &[], &text);
                        });
                    }
                });
            });
        }
    });
    for error in &report.errors {
        trouble(page, error);
    }
}

fn trouble(page: &mut Page, trouble: &Trouble) {
    page.within("div", &[("class", "box")], |page| {
        page.within("p", &[], |page| {
            page.element("b", &[("class", "fail")], &format!("✗ {}: ", trouble.app));
            page.text(&trouble.message);
        });
        if !trouble.hints.is_empty() {
            page.within("ul", &[], |page| {
                for hint in &trouble.hints {
                    page.element("li", &[], hint);
                }
            });
        }
        if let Some(code) = trouble.code {
            entry(page, code);
        }
    });
}

fn section(page: &mut Page, link: &Link) {
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
    });
}

fn questions(page: &mut Page, link: &Link) {
    page.element("h3", &[], "What support asks");
    page.within("table", &[], |page| {
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
    page.within("table", &[], |page| {
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
    page.within("table", &[], |page| {
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
                    page.element("td", &[], end);
                    page.within("td", &[], |page| code(page, finding.code));
                    page.element("td", &[], &finding.summary);
                });
            }
        });
    });
}

/// What the catalogue says of a code.
fn entry(page: &mut Page, code: Code) {
    let entry = codes::entry(code);
    page.within("div", &[("class", "code")], |page| {
        page.within("h4", &[], |page| {
            page.element("code", &[], code.as_str());
            page.text(&format!(
                " {}, {}",
                code.category().as_str(),
                entry.status()
            ));
        });
        page.within("p", &[], |page| {
            page.prose(entry.meaning);
            page.text(" ");
            page.element(
                "span",
                &[("class", "dim")],
                &format!("Where: {}", entry.who),
            );
        });
        for (title, texts) in [("Causes", entry.causes), ("What to do", entry.fixes)] {
            page.within("p", &[], |page| page.element("b", &[], title));
            page.within("ul", &[], |page| {
                for text in texts {
                    page.within("li", &[], |page| page.prose(text));
                }
            });
        }
    });
}

fn log(page: &mut Page, report: &Report) {
    page.element("h2", &[], "Requests");
    if report.left_out > 0 {
        let left_out = words::count(report.left_out, "more request");
        page.element("p", &[], &format!("{left_out} found no room here."));
    }
    page.within("table", &[("class", "log")], |page| {
        head(page, &["When", "ms", "Application", "Request", "Answer"]);
        page.within("tbody", &[], |page| {
            for request in &report.requests {
                page.within("tr", &[], |page| {
                    page.element("td", &[("class", "narrow")], &request.at);
                    page.element("td", &[("class", "narrow")], &request.millis.to_string());
                    let app = request.app.as_ref().map_or("–", |app| app.as_str());
                    page.element("td", &[], app);
                    page.within("td", &[], |page| {
                        let text = format!("{} {}", request.method, request.url);
                        page.element("code", &[], &text);
                    });
                    page.element("td", &[], &words::outcome(request));
                });
            }
        });
    });
}
