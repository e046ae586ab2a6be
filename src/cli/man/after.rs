//! What stands after the options of a command's help, as sections of its page: examples, tables of
//! words, and notes.

use std::fmt::Write as _;

use crate::cli::man::roff::roff;

/// A title with lines under it, or a paragraph.
#[derive(Debug, PartialEq, Eq)]
enum Part<'a> {
    Group(&'a str, Vec<&'a str>),
    Prose(Vec<&'a str>),
}

/// The sections of one page.
pub(super) fn sections(text: &str) -> String {
    let parts = parts(text);
    let mut page = String::new();
    let is_example = |lines: &[&str]| lines.iter().any(|line| line.trim().starts_with("applink "));
    for part in &parts {
        if let Part::Group(title, lines) = part
            && !is_example(lines)
            // A section of its own says more.
            && *title != "Exit codes"
        {
            let _ = writeln!(page, ".SH {}", quoted(title));
            verbatim(&mut page, lines);
        }
    }
    let notes = parts.iter().filter_map(|part| match part {
        Part::Prose(lines) => Some(lines.join(" ")),
        Part::Group(..) => None,
    });
    for (at, note) in notes.enumerate() {
        page.push_str(if at == 0 { ".SH NOTES\n" } else { ".PP\n" });
        let _ = writeln!(page, "{}", roff(&note));
    }
    let mut has_title = false;
    for part in &parts {
        if let Part::Group(title, lines) = part
            && is_example(lines)
        {
            if has_title {
                page.push_str(".PP\n");
            } else {
                page.push_str(".SH EXAMPLES\n");
                has_title = true;
            }
            if *title != "Examples" {
                let _ = writeln!(page, "{}:", roff(title));
            }
            verbatim(&mut page, lines);
        }
    }
    page
}

fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts: Vec<Part<'_>> = Vec::new();
    let mut is_new = true;
    for line in text.lines() {
        if line.trim().is_empty() {
            is_new = true;
            continue;
        }
        let title = line
            .strip_suffix(':')
            .filter(|title| is_new && !title.starts_with(' '));
        match (title, parts.last_mut()) {
            (Some(title), _) => parts.push(Part::Group(title, Vec::new())),
            (None, Some(Part::Group(_, lines))) if line.starts_with(' ') => lines.push(line),
            (None, Some(Part::Prose(lines))) if !is_new => lines.push(line.trim()),
            (None, _) => parts.push(Part::Prose(vec![line.trim()])),
        }
        is_new = false;
    }
    parts
}

fn verbatim(page: &mut String, lines: &[&str]) {
    page.push_str(".nf\n");
    for line in lines {
        let _ = writeln!(page, "{}", roff(line));
    }
    page.push_str(".fi\n");
}

/// A title of a section.
fn quoted(title: &str) -> String {
    let title = roff(&title.to_uppercase());
    if title.contains(' ') {
        format!("\"{title}\"")
    } else {
        title
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_goes_where_it_belongs() {
        let text = "Forms:\n  a  first\n\nExamples:\n  applink x\n\nWithout an outage:\n  applink y\n  # then\n\nA note of\ntwo lines.\n\nAnother.";
        let expected = ".SH FORMS\n.nf\n  a  first\n.fi\n.SH NOTES\nA note of two lines.\n.PP\nAnother.\n\
            .SH EXAMPLES\n.nf\n  applink x\n.fi\n.PP\nWithout an outage:\n.nf\n  applink y\n  # then\n.fi\n";
        assert_eq!(sections(text), expected);
    }
}
