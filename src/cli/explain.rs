//! `applink explain`

use crate::diagnose::codes;
use crate::domain::{Code, nearest};
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::ui::output::{EntryOutput, ExplainOutput};
use crate::ui::{Cell, Column, Table, Ui};

/// Say what a code means, why it happens and how it is cured
///
/// Without a code all of them are listed; with a text that is no code, those that speak of it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    applink explain OAUTH_SIGNATURE_INVALID\n  \
    applink explain clock\n  \
    applink explain")]
pub struct Args {
    /// A code, or words to look for
    #[arg(value_name = "CODE", add = crate::cli::complete::code())]
    code: Vec<String>,
}

/// Runs the command.
pub fn run(args: &Args, ui: &Ui) -> Result<Exit> {
    let wanted = args.code.join(" ");
    let entries: Vec<&codes::CodeEntry> = if wanted.trim().is_empty() {
        codes::all().collect()
    } else if let Some(code) = Code::from_name(wanted.trim()) {
        vec![codes::entry(code)]
    } else {
        codes::search(&wanted)
    };
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
        ui.json(&ExplainOutput { codes });
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
