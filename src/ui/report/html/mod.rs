//! The report as one file for a browser and for paper.

mod link;

use super::{map, style, words};
use crate::diagnose::codes;
use crate::diagnose::report::{Report, Trouble};
use crate::domain::{CheckStatus, Code, Health};
use crate::ui::page::Page;

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
    if !report.apps.is_empty() {
        page.element("h2", &[], "Map");
        page.within("figure", &[("class", "map")], |page| {
            map::draw(page, report);
            legend(page);
        });
    }
    page.element("h2", &[], "Links at a glance");
    overview(&mut page, report);
    applications(&mut page, report);
    for link in &report.links {
        link::section(&mut page, link);
    }
    let notes = report.only_notes();
    if !notes.is_empty() {
        page.element("h2", &[], "Codes that are only notes here");
        for code in notes {
            entry(&mut page, code);
        }
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
                        badge(page, link.health);
                    });
                    page.within("td", &[("class", "title")], |page| {
                        let target = format!("#link-{}", link.number);
                        page.element("a", &[("href", &target)], &link.title());
                    });
                    page.within("td", &[("class", "narrow")], |page| code(page, link.code));
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
                    page.element("td", &[("class", "app")], app);
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
