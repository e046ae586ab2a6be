//! Verdicts for people.

use super::width::wrap;
use super::{Cell, Column, Role, Symbol, Table, Ui};
use crate::diagnose::{EndVerdict, Verdict};
use crate::domain::text::clean;
use crate::domain::{CheckStatus, Code, Directions, Health, Level};

/// The ends of a link, for people.
fn names(verdict: &Verdict) -> String {
    verdict.remote.as_ref().map_or_else(
        || format!("{}: {}", verdict.local, verdict.name),
        |remote| format!("{} and {remote}", verdict.local),
    )
}

fn levels_or_unknown(levels: Option<Directions<Level>>) -> Directions<Level> {
    levels.unwrap_or(Directions::both(Level::Unknown))
}

impl Ui {
    /// All links, one line each, then a block for each one that needs a person.
    pub fn verdicts(&self, verdicts: &[Verdict]) {
        let mut table = Table::new([
            Column::new("status"),
            Column::new("local"),
            Column::new("remote"),
            Column::new("code"),
            Column::new("summary").wraps(),
        ])
        .when_empty("no links");
        for verdict in verdicts {
            table.push([
                Cell::signed(Symbol::from(verdict.health), verdict.health.as_str()),
                Cell::new(verdict.local.as_str()),
                match &verdict.remote {
                    Some(remote) => Cell::new(remote.as_str()),
                    None => Cell::new(verdict.name.as_str()),
                },
                verdict
                    .code
                    .map_or_else(Cell::missing, |code| Cell::new(code.as_str())),
                Cell::new(verdict.summary.as_str()),
            ]);
        }
        self.table(&table);
        for verdict in verdicts.iter().filter(|verdict| !verdict.needs_no_action()) {
            if self.terminal().stdout_tty {
                self.verdict_block(verdict);
            } else if verdict.health == Health::Broken {
                self.next_command(verdict);
            }
        }
    }

    /// In a pipe there is one line a link, and what to do about it beside the pipe.
    fn next_command(&self, verdict: &Verdict) {
        let next = match (verdict.commands.first(), verdict.code) {
            (Some(fix), _) => fix.command(),
            (None, Some(code)) => format!("applink explain {code}"),
            (None, None) => return,
        };
        self.hint(&format!("{}: {next}", names(verdict)));
    }

    fn verdict_block(&self, verdict: &Verdict) {
        let name = names(verdict);
        self.result("");
        let (role, word) = self.health(verdict.health);
        self.line(&[(role, &word), (Role::Plain, " "), (Role::Strong, &name)]);
        if let [here, there] = verdict.ends.as_slice() {
            self.levels(here, there);
        }
        for check in &verdict.checks {
            // The levels stand above as a table.
            let shown = check.name != "levels";
            if shown && matches!(check.status, CheckStatus::Warn | CheckStatus::Fail) {
                self.detail_lines(&format!("{}: {}", check.name, check.summary));
            }
        }
        if !verdict.commands.is_empty() {
            self.result("  to mend it:");
        }
        self.fixes(&verdict.commands);
        if let Some(code) = verdict.code {
            self.result(&format!("  more: applink explain {code}"));
        }
    }

    /// One thing of a block, in lines that fit.
    fn detail_lines(&self, text: &str) {
        let whole = self.terminal().width.saturating_sub(2);
        let columns = if super::width::of(text) > whole {
            whole.saturating_sub(2)
        } else {
            whole
        };
        for (n, line) in wrap(&clean(text), columns).iter().enumerate() {
            let indent = if n == 0 { "  " } else { "    " };
            self.result(&format!("{indent}{line}"));
        }
    }

    /// The four cells: what goes out at one end against what comes in at the other.
    fn levels(&self, here: &EndVerdict, there: &EndVerdict) {
        let (a, b) = (
            levels_or_unknown(here.levels),
            levels_or_unknown(there.levels),
        );
        for (from, out, to, into) in [
            (&here.app, a.outgoing, &there.app, b.incoming),
            (&there.app, b.outgoing, &here.app, a.incoming),
        ] {
            let mark = if out == into || out == Level::Unknown || into == Level::Unknown {
                ""
            } else {
                "  <- these differ"
            };
            let word = |end: &EndVerdict, level: Level| match end.code {
                Some(Code::OneWay) => "nothing, having no link".to_owned(),
                _ => level.to_string(),
            };
            let (sender, receiver) = if *from == here.app {
                (here, there)
            } else {
                (there, here)
            };
            self.detail_lines(&format!(
                "{from} to {to}: {from} lets out {}, {to} lets in {}{mark}",
                word(sender, out),
                word(receiver, into)
            ));
        }
    }
}
