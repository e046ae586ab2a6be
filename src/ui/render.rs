//! How checks, fixes and entries of the catalogue are shown.

use std::fmt::Write as _;

use super::cell::{Cell, Column};
use super::style::{Role, Style, Symbol};
use super::table::Table;
use super::{Ui, width};
use crate::diagnose::codes::CodeEntry;
use crate::domain::{Check, Health, SuggestedCommand};

/// The widest text of prose.
const PROSE: usize = 100;

impl Ui {
    /// The sign and the word of a status, for [`Ui::line`]; the word alone where standard
    /// output is no terminal.
    pub fn health(&self, health: Health) -> (Role, String) {
        let word = health.as_str();
        if !self.terminal().stdout_tty {
            return (Role::Plain, word.to_owned());
        }
        let sign = Symbol::from(health);
        (sign.role(), format!("{} {word}", self.style().symbol(sign)))
    }

    /// The checks that were made, as a table.
    pub fn checks(&self, checks: &[Check]) {
        self.table(&checks_table(checks));
    }

    /// The commands that fix something, one a line, ready to paste.
    pub fn fixes(&self, fixes: &[SuggestedCommand]) {
        for fix in fixes {
            self.line(&[(Role::Plain, "  "), (Role::Command, &fix.command())]);
        }
    }

    /// An entry of the catalogue.
    pub fn entry(&self, entry: &CodeEntry) {
        let columns = if self.terminal().stdout_tty {
            self.terminal().width.min(PROSE)
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
fn entry_text(entry: &CodeEntry, columns: usize, style: Style) -> String {
    let mut out = String::new();
    let code = style.paint(Role::Strong, entry.code.as_str());
    let _ = writeln!(out, "{code}  {}", entry.code.category().as_str());
    let mut status = entry.severity.as_str().to_owned();
    if let Some(varies) = entry.varies {
        status.push_str("; ");
        status.push_str(varies);
    }
    push_prose(&mut out, "", entry.meaning, columns, style);
    push_prose(&mut out, "", &format!("Status: {status}"), columns, style);
    push_prose(
        &mut out,
        "",
        &format!("Where: {}", entry.where_to_fix),
        columns,
        style,
    );
    for (title, items) in [("Causes", entry.causes), ("What to do", entry.fixes)] {
        let _ = writeln!(out, "{}", style.paint(Role::Strong, title));
        for item in items {
            push_prose(&mut out, "  - ", item, columns, style);
        }
    }
    let mut problems = entry.oauth_problems().peekable();
    if problems.peek().is_some() {
        let _ = writeln!(
            out,
            "{}",
            style.paint(Role::Strong, "Values of oauth_problem")
        );
    }
    for known in problems {
        let name = format!("`{}`  {}", known.problem, known.http_status);
        push_prose(&mut out, "  ", &name, columns, style);
        push_prose(&mut out, "    ", known.meaning, columns, style);
        push_prose(&mut out, "    ", known.fix, columns, style);
    }
    out
}

/// A paragraph that hangs under its lead. What stands between backquotes is a command.
fn push_prose(out: &mut String, lead: &str, text: &str, columns: usize, style: Style) {
    let hang = " ".repeat(lead.len());
    let columns = columns.saturating_sub(lead.len()).max(16);
    // A command stays on one line where it fits on one.
    let text: String = text
        .split('`')
        .enumerate()
        .map(|(i, piece)| match i {
            0 => piece.to_owned(),
            _ if i % 2 == 1 && width::of(piece) < columns => {
                format!("`{}", piece.replace(' ', "\u{a0}"))
            }
            _ => format!("`{piece}"),
        })
        .collect();
    // A command keeps its role over the end of a line.
    let mut role = Role::Plain;
    for (n, line) in width::wrap(&text, columns).iter().enumerate() {
        out.push_str(if n == 0 { lead } else { &hang });
        for (i, piece) in line.split('`').enumerate() {
            if i > 0 {
                role = if role == Role::Plain {
                    Role::Command
                } else {
                    Role::Plain
                };
            }
            out.push_str(&style.paint(role, &piece.replace('\u{a0}', " ")));
        }
        out.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::super::{TerminalInfo, UiOptions};
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
        let (ui, capture) = Ui::captured(UiOptions::default(), TerminalInfo::terminal(80));
        ui.checks(&checks());
        assert_eq!(
            capture.stdout(),
            "\
STATUS  CHECK     END   CODE        SUMMARY
✓ pass  manifest  wiki  -           answers as Confluence 8.5.4
✗ fail  clock     -     CLOCK_SKEW  the clocks differ by 301 s\\x1b[2J
"
        );
        let (ui, capture) = Ui::captured(UiOptions::default(), TerminalInfo::piped());
        ui.checks(&checks());
        assert_eq!(
            capture.stdout(),
            "pass\tmanifest\twiki\t\tanswers as Confluence 8.5.4\n\
             fail\tclock\t\tCLOCK_SKEW\tthe clocks differ by 301 s\\x1b[2J\n"
        );
    }

    #[test]
    fn health_is_a_shape_and_a_word() {
        let (ui, _) = Ui::captured(UiOptions::default(), TerminalInfo::terminal(80));
        let all = [
            Health::Ok,
            Health::Warning,
            Health::Broken,
            Health::Unverifiable,
        ];
        assert_eq!(
            all.map(|health| ui.health(health).1),
            ["✓ ok", "! warning", "✗ broken", "? unverifiable"]
        );
        let ascii = TerminalInfo {
            utf8: false,
            ..TerminalInfo::terminal(80)
        };
        let (ui, _) = Ui::captured(UiOptions::default(), ascii);
        assert_eq!(
            all.map(|health| ui.health(health).1),
            ["+ ok", "! warning", "x broken", "? unverifiable"]
        );
    }

    #[test]
    fn entries_fit_every_terminal() {
        let (ui, capture) = Ui::captured(UiOptions::default(), TerminalInfo::terminal(40));
        ui.entry(codes::entry(Code::OauthProblem));
        assert!(capture.stdout().contains("\n  nonce_used  401\n"));
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
        let moved = entry_text(codes::entry(Code::BaseUrlMismatch), 60, Style::plain(true));
        assert!(
            moved.contains("\n    applink relocate REMOTE NEW_URL --on LOCAL.\n"),
            "{moved}"
        );
        assert!(text.starts_with("ONE_WAY  CONFIG_ERROR\nOnly one of"));
        assert!(text.contains("\n  - Complete it: applink create LOCAL REMOTE.\n"));
    }
}
