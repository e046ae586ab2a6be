//! How the findings of a look at a link are shown.

use std::fmt::Write as _;

use super::style::{Look, Style};
use super::table::{Cell, Column, Table};
use super::{Ui, width};
use crate::diagnose::codes::Entry;
use crate::domain::text::clean;
use crate::domain::{Check, Fix, Health};

/// The widest text of prose.
const PROSE: usize = 100;

impl Ui {
    /// The sign and the word of a status, with the style of standard output: the word alone
    /// where that is no terminal.
    pub fn health(&self, health: Health) -> String {
        if !self.facts().stdout_tty {
            return health.as_str().to_owned();
        }
        let (style, sign) = (self.style(), health.into());
        style.paint(
            super::Sign::look(sign),
            &format!("{} {}", style.sign(sign), health.as_str()),
        )
    }

    /// The checks that were made, as a table.
    pub fn checks(&self, checks: &[Check]) {
        self.table(&checks_table(checks));
    }

    /// The commands and settings that mend something, each to be pasted as it is.
    pub fn fixes(&self, fixes: &[Fix]) {
        let style = self.style();
        for fix in fixes {
            let command = fix.command();
            let line = style.paint(Look::Command, &clean(&command));
            self.write_out(&format!("  {line}\n"));
        }
    }

    /// An entry of the catalogue.
    pub fn entry(&self, entry: &Entry) {
        let columns = if self.facts().stdout_tty {
            self.facts().width.min(PROSE)
        } else {
            PROSE
        };
        self.write_out(&entry_text(entry, columns, self.style()));
    }
}

/// The checks that were made, worst last as they came.
pub(super) fn checks_table(checks: &[Check]) -> Table {
    let mut table = Table::new([
        Column::new("status"),
        Column::new("check"),
        Column::new("end").optional(1),
        Column::new("code").optional(2),
        Column::new("summary").wraps(),
    ])
    .when_empty("no checks were made");
    for check in checks {
        table.push([
            check.status.into(),
            Cell::new(check.name),
            check.end.as_ref().map(|end| Cell::new(end.as_str())).into(),
            check.code.map(|code| Cell::new(code.as_str())).into(),
            Cell::new(check.summary.as_str()),
        ]);
    }
    table
}

/// An entry of the catalogue for a person, at most `columns` wide.
fn entry_text(entry: &Entry, columns: usize, style: Style) -> String {
    let mut out = String::new();
    let code = style.paint(Look::Strong, entry.code.as_str());
    let _ = writeln!(out, "{code}  {}", entry.code.category().as_str());
    let mut status = entry.gravity.as_str().to_owned();
    if let Some(varies) = entry.varies {
        status.push_str("; ");
        status.push_str(varies);
    }
    push_prose(&mut out, "", entry.meaning, columns, style);
    push_prose(&mut out, "Makes the link: ", &status, columns, style);
    push_prose(&mut out, "Where: ", entry.who, columns, style);
    for (title, items) in [("Causes", entry.causes), ("What to do", entry.fixes)] {
        let _ = writeln!(out, "{}", style.paint(Look::Strong, title));
        for item in items {
            push_prose(&mut out, "  - ", item, columns, style);
        }
    }
    out
}

/// A paragraph that hangs under its lead.
fn push_prose(out: &mut String, lead: &str, text: &str, columns: usize, style: Style) {
    let indent = if lead.trim_start().starts_with('-') {
        lead.len()
    } else {
        0
    };
    let body = format!("{}{text}", lead.trim_start());
    let body = if indent > 0 { text } else { &body };
    // Commands keep their look over a line's end.
    let mut command = false;
    for (n, line) in width::wrap(body, columns.saturating_sub(indent).max(20))
        .iter()
        .enumerate()
    {
        out.push_str(match (indent, n) {
            (0, _) => "",
            (_, 0) => lead,
            _ => "    ",
        });
        for (i, piece) in line.split('`').enumerate() {
            if i > 0 {
                command = !command;
            }
            let look = if command { Look::Command } else { Look::Plain };
            out.push_str(&style.paint(look, piece));
        }
        out.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Facts, UiOptions};
    use super::*;
    use crate::diagnose::codes;
    use crate::domain::{CheckStatus, Code};

    fn checks() -> Vec<Check> {
        vec![
            Check {
                name: "manifest",
                end: "wiki".parse().ok(),
                status: CheckStatus::Pass,
                code: None,
                summary: "answers as Confluence 8.5.4".to_owned(),
            },
            Check {
                name: "clock",
                end: None,
                status: CheckStatus::Fail,
                code: Some(Code::ClockSkew),
                summary: "the clocks differ by 301 s\u{1b}[2J".to_owned(),
            },
        ]
    }

    #[test]
    fn checks_for_a_person_and_for_a_pipe() {
        let (ui, capture) = Ui::captured(UiOptions::default(), Facts::terminal(80));
        ui.checks(&checks());
        assert_eq!(
            capture.stdout(),
            "\
STATUS  CHECK     END   CODE        SUMMARY
✓ pass  manifest  wiki  -           answers as Confluence 8.5.4
✗ fail  clock     -     CLOCK_SKEW  the clocks differ by 301 s\\x1b[2J
"
        );
        let (ui, capture) = Ui::captured(UiOptions::default(), Facts::piped());
        ui.checks(&checks());
        assert_eq!(
            capture.stdout(),
            "pass\tmanifest\twiki\t\tanswers as Confluence 8.5.4\n\
             fail\tclock\t\tCLOCK_SKEW\tthe clocks differ by 301 s\\x1b[2J\n"
        );
    }

    #[test]
    fn health_is_a_shape_and_a_word() {
        let (ui, _) = Ui::captured(UiOptions::default(), Facts::terminal(80));
        let all = [
            Health::Ok,
            Health::Warning,
            Health::Broken,
            Health::Unverifiable,
        ];
        assert_eq!(
            all.map(|health| ui.health(health)),
            ["✓ ok", "! warning", "✗ broken", "? unverifiable"]
        );
        let ascii = Facts {
            utf8: false,
            ..Facts::terminal(80)
        };
        let (ui, _) = Ui::captured(UiOptions::default(), ascii);
        assert_eq!(
            all.map(|health| ui.health(health)),
            ["+ ok", "! warning", "x broken", "? unverifiable"]
        );
    }

    #[test]
    fn entries_fit_every_terminal() {
        for entry in codes::all() {
            for columns in [24, 40, 80, 200] {
                let text = entry_text(entry, columns, Style::plain(true));
                assert!(!text.contains('`'));
                for line in text.lines().skip(1) {
                    assert!(width::of(line) <= columns, "{line}");
                }
            }
        }
        let text = entry_text(codes::entry(Code::OneWay), 60, Style::plain(true));
        assert!(text.starts_with("ONE_WAY  CONFIG_ERROR\nOnly one of"));
        assert!(text.contains("\n  - Complete it: applink create LOCAL REMOTE.\n"));
    }
}
