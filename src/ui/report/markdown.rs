//! The report for tickets and chats.

use std::fmt::Write as _;

use super::words;
use crate::diagnose::codes;
use crate::diagnose::report::{LinkReport, SupportReport};
use crate::domain::Code;

pub(super) fn render(report: &SupportReport) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "# {}\n", words::TITLE);
    let _ = writeln!(out, "{}.\n", text(&words::tally(report)));
    let _ = writeln!(out, "{}\n", text(&words::creation_line(report)));
    let _ = writeln!(out, "> {}\n", words::PRIVACY);
    out.push_str("Support asks for this too, and only you know it:\n\n");
    for question in words::FOR_YOU {
        let _ = writeln!(out, "- {question}");
    }
    out.push_str("\n## Links at a glance\n\n");
    if report.links.is_empty() {
        out.push_str("There are no links.\n");
    } else {
        head(
            &mut out,
            &["No.", "State", "Link", "Code", "In one sentence"],
        );
        for link in &report.links {
            row(
                &mut out,
                &[
                    &link.number.to_string(),
                    &format!("{} {}", words::sign(link.health), link.health.as_str()),
                    &link.title(),
                    name(link.code),
                    &link.summary,
                ],
            );
        }
    }
    applications(&mut out, report);
    for link in &report.links {
        section(&mut out, link);
    }
    let notes = report.only_notes();
    if !notes.is_empty() {
        out.push_str("\n## Codes that are only notes here\n");
        for code in notes {
            entry(&mut out, code);
        }
    }
    log(&mut out, report);
    out
}

fn name(code: Option<Code>) -> &'static str {
    code.map_or("–", Code::as_str)
}

fn applications(out: &mut String, report: &SupportReport) {
    out.push_str("\n## Applications\n");
    for app in &report.apps {
        let _ = writeln!(out, "\n### {}\n", app.alias);
        for (label, value) in words::app(app) {
            let _ = writeln!(out, "- {label}: {}", text(&value));
        }
    }
    for trouble in &report.errors {
        let _ = writeln!(out, "\n**✗ {}**: {}\n", trouble.app, text(&trouble.message));
        for hint in &trouble.hints {
            let _ = writeln!(out, "- {}", text(hint));
        }
        if let Some(code) = trouble.code {
            entry(out, code);
        }
    }
}

fn section(out: &mut String, link: &LinkReport) {
    let _ = writeln!(
        out,
        "\n## Link {}: {}: {} {}\n",
        link.number,
        text(&link.title()),
        words::sign(link.health),
        link.health.as_str()
    );
    if let Some(code) = link.code {
        let _ = write!(out, "`{code}` ");
    }
    let _ = writeln!(out, "{}", text(&link.summary));
    if link.one_way_wanted {
        out.push_str("\nOne way is what was asked for when it was made.\n");
    }
    for fix in &link.fixes {
        let _ = writeln!(out, "\nTo mend it: {}", command(fix));
    }
    questions(out, link);
    levels(out, link);
    ends(out, link);
    checks(out, link);
    for code in &link.codes {
        entry(out, *code);
    }
    for code in &link.notes {
        let meaning = codes::entry(*code).meaning;
        let _ = writeln!(out, "\nOnly a note here: `{code}` {meaning}");
    }
}

fn questions(out: &mut String, link: &LinkReport) {
    out.push_str("\n### What support asks\n\n");
    for (at, question) in link.questions.iter().enumerate() {
        let (sign, _) = words::check(question.mark);
        let _ = writeln!(
            out,
            "{}. {} **{sign} {}**",
            at + 1,
            question.text,
            question.reply.as_str()
        );
        for why in &question.because {
            let _ = writeln!(out, "   - {}", text(why));
        }
    }
}

fn levels(out: &mut String, link: &LinkReport) {
    if !link.levels.is_empty() {
        let _ = writeln!(out, "\n### Levels\n\n{}\n", words::LEVELS);
        head(out, &["Direction", "Caller lets out", "Called lets in", ""]);
        for flow in &link.levels {
            row(
                out,
                &[
                    &format!("{} calls {}", flow.from, flow.to),
                    &format!("{}: {}", flow.from, flow.outgoing),
                    &format!("{}: {}", flow.to, flow.incoming),
                    words::agreement(flow.equal),
                ],
            );
        }
    }
}

fn ends(out: &mut String, link: &LinkReport) {
    out.push_str("\n### Both ends\n\n");
    let mut titles = vec![""];
    titles.extend(link.ends.iter().map(|end| end.app.as_str()));
    head(out, &titles);
    for (label, cells) in words::ends(link) {
        let mut texts = vec![label];
        texts.extend(cells.iter().map(String::as_str));
        row(out, &texts);
    }
}

fn checks(out: &mut String, link: &LinkReport) {
    out.push_str("\n### Checks\n\n");
    head(out, &["", "Check", "End", "Code", "Finding"]);
    for finding in &link.checks {
        let (sign, word) = words::check(finding.status);
        row(
            out,
            &[
                &format!("{sign} {word}"),
                finding.name,
                finding.end.as_ref().map_or("both", |end| end.as_str()),
                name(finding.code),
                &finding.summary,
            ],
        );
    }
}

/// The entry of the catalogue for a code. Its texts are Markdown already.
fn entry(out: &mut String, code: Code) {
    let entry = codes::entry(code);
    let category = code.category().as_str();
    let _ = writeln!(out, "\n#### `{code}`\n\n`{category}`, {}\n", entry.status());
    let _ = writeln!(out, "{} Where: {}", entry.meaning, entry.where_to_fix);
    for (title, texts) in [("Causes", entry.causes), ("What to do", entry.fixes)] {
        let _ = writeln!(out, "\n{title}:\n");
        for item in texts {
            let _ = writeln!(out, "- {}", item.replace('<', "&lt;"));
        }
    }
}

fn log(out: &mut String, report: &SupportReport) {
    out.push_str("\n## Requests\n\n");
    if report.left_out > 0 {
        let left_out = words::count(report.left_out, "more request");
        let _ = writeln!(out, "{left_out} found no room here.\n");
    }
    head(out, &["When", "ms", "Application", "Request", "Answer"]);
    for request in &report.requests {
        row(
            out,
            &[
                &request.at,
                &request.millis.to_string(),
                request.app.as_ref().map_or("–", |app| app.as_str()),
                &format!("{} {}", request.method, request.url),
                &words::outcome(request),
            ],
        );
    }
}

fn head(out: &mut String, titles: &[&str]) {
    row(out, titles);
    out.push('|');
    for _ in titles {
        out.push_str(" --- |");
    }
    out.push('\n');
}

fn row(out: &mut String, cells: &[&str]) {
    out.push('|');
    for cell in cells {
        let _ = write!(out, " {} |", text(cell));
    }
    out.push('\n');
}

/// The one function that makes a text harmless in a paragraph, an item and a cell.
fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    let mut before = ' ';
    let mut chars = text.chars().enumerate().peekable();
    while let Some((at, c)) = chars.next() {
        let after = chars.peek().map_or(' ', |(_, c)| *c);
        match c {
            // Inside a word it is only itself.
            '_' if before.is_alphanumeric() && after.is_alphanumeric() => out.push(c),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            // A scrubbed text has none; one that slipped through must not end a row.
            '\n' | '\r' => out.push(' '),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' => {
                out.push('\\');
                out.push(c);
            }
            // At the beginning these make headings, lists and rules.
            '#' | '+' | '-' | '=' if at == 0 => {
                out.push('\\');
                out.push(c);
            }
            '.' | ')' if at == digits && digits > 0 && after == ' ' => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
        before = c;
    }
    out
}

/// A command as code. What cannot stand between backquotes is written as text.
fn command(line: &str) -> String {
    if line.contains(['`', '\n']) {
        text(line)
    } else {
        format!("`{line}`")
    }
}
