//! Lines of logs: which known phrases they hold.

use std::collections::BTreeMap;
use std::io::{BufRead, Read as _};

use crate::diagnose::codes::CodeEntry;
use crate::diagnose::phrases::{self, Phrase};
use crate::diagnose::report::scrubbed;
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::ui::Ui;
use crate::ui::output::{EntryOutput, ExplainOutput, LineOutput, PhraseOutput};

/// More of a line is not read.
const LONGEST_LINE: u64 = 64 * 1024;
/// So many lines are shown.
const MOST_LINES: usize = 1000;

/// Prints what is known of one line.
pub(super) fn print_line(line: &str, found: &[Phrase], entries: &[&CodeEntry], ui: &Ui) {
    if ui.is_json() {
        ui.json(&ExplainOutput {
            codes: entries
                .iter()
                .map(|entry| EntryOutput::from(*entry))
                .collect(),
            lines: vec![output(1, line, found)],
        });
        return;
    }
    for phrase in found {
        print_phrase(phrase, ui);
    }
}

/// Reads a log and prints the lines in which something is recognised, then what it means.
pub(super) fn explain(mut log: impl BufRead, ui: &Ui) -> Result<Exit> {
    let failed =
        |error: std::io::Error| Error::refused(format!("standard input cannot be read: {error}"));
    let mut counts: BTreeMap<&'static str, (Phrase, u64)> = BTreeMap::new();
    let mut lines = Vec::new();
    let (mut number, mut recognised) = (0_u64, 0_usize);
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        let read = log
            .by_ref()
            .take(LONGEST_LINE)
            .read_until(b'\n', &mut bytes)
            .map_err(failed)?;
        if read == 0 {
            break;
        }
        number += 1;
        let is_cut = bytes.last() != Some(&b'\n');
        let line = String::from_utf8_lossy(&bytes);
        let line = line.trim_end();
        let found = phrases::find(line);
        if !found.is_empty() {
            recognised += 1;
            for phrase in &found {
                counts.entry(phrase.text).or_insert((*phrase, 0)).1 += 1;
            }
            if recognised <= MOST_LINES {
                if ui.is_json() {
                    lines.push(output(number, line, &found));
                } else {
                    let names: Vec<&str> = found.iter().map(|phrase| phrase.text).collect();
                    ui.result(&format!("{number}: {}", names.join(", ")));
                    ui.result(&format!("   {}", shown(line)));
                }
            }
        }
        if is_cut {
            skip_line(&mut log).map_err(failed)?;
        }
    }
    if ui.is_json() {
        ui.json(&ExplainOutput {
            codes: Vec::new(),
            lines,
        });
    } else if recognised > MOST_LINES {
        ui.note(&format!(
            "{recognised} lines were recognised, {MOST_LINES} are shown"
        ));
    }
    if counts.is_empty() {
        return Err(
            Error::refused(format!("none of the {number} lines holds a known phrase"))
                .hint("see the links themselves with: applink verify"),
        );
    }
    if !ui.is_json() {
        for (phrase, count) in counts.values() {
            ui.result("");
            ui.result(&format!("{count} x"));
            print_phrase(phrase, ui);
        }
    }
    Ok(Exit::Ok)
}

/// Leaves out the rest of a line that is longer than is read.
fn skip_line(log: &mut impl BufRead) -> std::io::Result<()> {
    loop {
        let buffer = log.fill_buf()?;
        let (used, is_over) = match buffer.iter().position(|byte| *byte == b'\n') {
            Some(at) => (at + 1, true),
            None => (buffer.len(), buffer.is_empty()),
        };
        log.consume(used);
        if is_over {
            return Ok(());
        }
    }
}

fn print_phrase(phrase: &Phrase, ui: &Ui) {
    ui.result(&format!("{}  ({})", phrase.text, phrase.source));
    ui.result(&format!("  {}", phrase.meaning));
    ui.result(&format!("  To fix: {}", phrase.fix));
}

fn output(number: u64, line: &str, found: &[Phrase]) -> LineOutput {
    LineOutput {
        line: number,
        text: shown(line),
        matches: found.iter().copied().map(PhraseOutput::from).collect(),
    }
}

/// A line as it may be shown.
fn shown(line: &str) -> String {
    crate::domain::text::excerpt(&scrubbed(line, &|text| text.to_owned()), 500)
}
