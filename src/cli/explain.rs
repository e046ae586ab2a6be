//! `applink explain`

mod log;

use crate::diagnose::{codes, phrases};
use crate::domain::{Code, nearest};
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::ui::output::{EntryOutput, ExplainOutput};
use crate::ui::{Cell, Column, Table, Ui};

/// Explain a code, a line of a log, or a whole log
///
/// Without a code, lists all of them. A line of a log, a page or an answer is searched for known
/// phrases. `-` reads a whole log from standard input. Secrets are removed from what is shown.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    applink explain OAUTH_SIGNATURE_INVALID\n  \
    applink explain 'oauth_problem=token_rejected'\n  \
    applink explain - < atlassian-jira.log\n  \
    applink explain")]
pub struct Args {
    /// A code, a line of a log, words to look for, or - for standard input
    #[arg(value_name = "CODE", add = crate::cli::complete::code())]
    code: Vec<String>,
}

/// Runs the command.
pub fn run(args: &Args, ui: &Ui) -> Result<Exit> {
    let wanted = args.code.join(" ");
    if wanted.trim() == "-" {
        return log::explain(std::io::stdin().lock(), ui);
    }
    let entries: Vec<&codes::CodeEntry> = if wanted.trim().is_empty() {
        codes::all().collect()
    } else if let Some(code) = Code::from_name(wanted.trim()) {
        vec![codes::entry(code)]
    } else {
        codes::search(&wanted)
    };
    let is_code = Code::from_name(wanted.trim()).is_some();
    let phrases = if is_code {
        Vec::new()
    } else {
        phrases::find(&wanted)
    };
    if !phrases.is_empty() {
        log::print_line(&wanted, &phrases, &entries, ui);
        return Ok(Exit::Ok);
    }
    if entries.is_empty() {
        // The text may be a line with a password in it, so it is not repeated.
        let mut error = Error::usage("no code and no text in the catalogue matches");
        let codes = codes::all().map(|entry| entry.code.as_str());
        if let Some(code) = nearest(wanted.trim(), codes) {
            error = error.hint(format!("did you mean {code}?"));
        }
        return Err(error.hint("all of them: applink explain"));
    }
    if ui.is_json() {
        let codes = entries.into_iter().map(EntryOutput::from).collect();
        ui.json(&ExplainOutput {
            codes,
            lines: Vec::new(),
        });
    } else if let [entry] = entries.as_slice() {
        ui.entry(entry);
    } else {
        let mut table = Table::new([
            Column::new("code"),
            Column::new("status").optional(1),
            Column::new("meaning").wraps(),
        ]);
        for entry in entries {
            table.push([
                Cell::new(entry.code.as_str()),
                Cell::new(entry.severity.as_str()),
                Cell::new(entry.meaning),
            ]);
        }
        ui.table(&table);
    }
    Ok(Exit::Ok)
}
