//! Standard output: the result and nothing else.

use std::io;

use serde::Serialize;
use serde_json::Value;

use super::json_text;
use super::lock::lock;
use super::options::OutputFormat;
use super::output::{Document, Versioned};
use super::streams::Ui;
use super::style::Role;
use super::table::Table;
use crate::domain::text::clean;

impl Ui {
    /// One line of the result. A line end inside is shown as an escape.
    pub fn result(&self, line: &str) {
        self.write_out(&format!("{}\n", clean(line)));
    }

    /// One line of the result in pieces with a role each.
    pub fn line(&self, pieces: &[(Role, &str)]) {
        let text = self
            .style()
            .paint_line(pieces, |text| clean(text).into_owned());
        self.write_out(&text);
    }

    /// Values with their labels, one a line; the values begin in one column.
    pub fn labelled<'a>(&self, width: usize, values: impl IntoIterator<Item = (&'a str, String)>) {
        for (label, value) in values {
            self.result(&format!("{label:<width$} {value}"));
        }
    }

    /// Several lines of the result: for text whose line ends are applink's own, such as a
    /// graph or a file. Every line is cleaned.
    pub fn block(&self, text: &str) {
        let mut out = String::with_capacity(text.len() + 1);
        for line in text.lines() {
            out.push_str(&clean(line));
            out.push('\n');
        }
        self.write_out(&out);
    }

    /// One document: on one line in a pipe, indented on a terminal.
    pub fn json<T: Document>(&self, document: &T) {
        self.write_json(&Versioned::new(document), self.inner.terminal.stdout_tty);
    }

    /// One document on one line, wherever it goes: for programs that read line by line.
    pub fn json_line<T: Document>(&self, document: &T) {
        self.write_json(&Versioned::new(document), false);
    }

    /// A document of another program on one line: it has its `schema` already.
    pub fn foreign_json_line(&self, value: &Value) {
        self.write_json(value, false);
    }

    fn write_json<T: Serialize>(&self, value: &T, pretty: bool) {
        match json_text::document(value, pretty) {
            Ok(text) => self.write_out(&text),
            Err(error) => {
                let mut out = lock(&self.inner.out);
                out.failure.get_or_insert_with(|| io::Error::other(error));
            }
        }
    }

    /// A table, in the form that was asked for. Under `-o json` nothing: see [`Ui::show`].
    pub fn table(&self, table: &Table) {
        let terminal = &self.inner.terminal;
        match self.inner.options.output {
            OutputFormat::Json => {}
            OutputFormat::Csv => self.write_out(&table.to_csv()),
            OutputFormat::Table if !terminal.stdout_tty => self.write_out(&table.to_tsv()),
            OutputFormat::Table if table.is_empty() => self.status(table.words_when_empty()),
            OutputFormat::Table => {
                let fitted = table.to_terminal(terminal.width, self.style());
                self.write_out(&fitted.text);
                if !fitted.hidden.is_empty() {
                    self.note(&format!(
                        "the terminal is too narrow for {}: make it wider, or use -o json",
                        fitted.hidden.join(", ")
                    ));
                }
            }
        }
    }

    /// The result as a table, or as JSON where that was asked for.
    pub fn show<T: Document>(&self, table: &Table, json: impl FnOnce() -> T) {
        if self.is_json() {
            self.json(&json());
        } else {
            self.table(table);
        }
    }

    /// Flushes, and returns the first failure to write the result. A closed pipe is
    /// none.
    pub fn finish(&self) -> io::Result<()> {
        let mut out = lock(&self.inner.out);
        if !out.closed {
            let flushed = out.sink.flush();
            out.remember(flushed);
        }
        out.failure.take().map_or(Ok(()), Err)
    }

    /// Text that is clean already, except for applink's own styling.
    pub(super) fn write_out(&self, text: &str) {
        if text.is_empty() {
            return;
        }
        let write = || {
            let mut out = lock(&self.inner.out);
            if !out.closed {
                let written = out
                    .sink
                    .write_all(text.as_bytes())
                    .and_then(|()| out.sink.flush());
                out.remember(written);
            }
        };
        self.inner.status_line.suspend(write);
    }
}
