//! What a person and a script see: the only room that knows standard output and standard
//! error, colours, widths, prompts and progress.
//!
//! Standard output carries the result and nothing else. Every text that goes through here is
//! cleaned, so that nothing a server sends can steer a terminal; what goes to standard error is
//! also passed through the redactor. Nothing here ends a run: a reader that went away and a
//! full disk are remembered and told by [`Ui::finish`].

mod board;
mod capture;
pub(crate) mod change;
pub(crate) mod diff;
pub(crate) mod errors;
mod facts;
pub mod graph;
mod help;
mod json;
mod log;
pub(crate) mod output_file;
mod page;
mod progress;
pub mod prompt;
mod render;
pub mod report;
mod style;
mod table;
mod verdict;
pub mod width;

use std::fmt;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use serde_json::Value;

use crate::domain::text::clean;
use crate::error::Error;

pub use board::{Calls, Pending};
pub use capture::Capture;
pub use facts::Facts;
pub use log::LogWriter;
pub use progress::{Fleet, Outcome, Steps, Turn, Wait};
pub use style::{Look, Sign, Style};
pub use table::{Cell, Column, Table};
pub use verdict::verdict_json;

/// The form of the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, clap::ValueEnum)]
pub enum Output {
    /// For people; tab-separated in a pipe.
    #[default]
    Table,
    /// One JSON document.
    Json,
    /// Comma-separated values.
    Csv,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, clap::ValueEnum)]
pub enum ColorChoice {
    /// On a terminal that can, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Also in a pipe.
    Always,
    /// Not at all.
    Never,
}

/// What the command line says of input and output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct UiOptions {
    /// The form of the result.
    pub output: Output,
    /// When to use colours.
    pub color: ColorChoice,
    /// Only results, warnings and errors.
    pub quiet: bool,
    /// How much more to say.
    pub verbose: u8,
    /// Never ask.
    pub no_input: bool,
    /// Every confirmation is answered with yes.
    pub yes: bool,
}

/// Masks secrets in what goes to standard error.
pub type Redactor = Arc<dyn Fn(&str) -> String + Send + Sync>;

/// The streams. Clones share them.
#[derive(Clone)]
pub struct Ui {
    inner: Arc<Inner>,
}

struct Inner {
    options: UiOptions,
    facts: Facts,
    out: Mutex<OutStream>,
    err: Mutex<ErrStream>,
    redactor: RwLock<Option<Redactor>>,
    board: board::Board,
    script: Option<capture::Script>,
}

/// Standard output: after its first failure nothing more is written.
struct OutStream {
    sink: Box<dyn Write + Send>,
    closed: bool,
    failure: Option<io::Error>,
}

/// Standard error: while a prompt is open, lines wait.
struct ErrStream {
    sink: Box<dyn Write + Send>,
    held: Option<String>,
}

/// Locks, also after a panic elsewhere: what is written is lines, and they stay whole.
fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for Ui {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ui")
            .field("options", &self.inner.options)
            .field("facts", &self.inner.facts)
            .finish_non_exhaustive()
    }
}

impl Ui {
    /// The streams of this process.
    pub fn new(options: UiOptions, facts: Facts) -> Self {
        let live = facts.stderr_tty && !facts.term_dumb && !facts.ci && !options.quiet;
        Self::with_sinks(
            options,
            facts,
            Box::new(io::stdout()),
            Box::new(io::stderr()),
            live,
            None,
        )
    }

    fn with_sinks(
        options: UiOptions,
        facts: Facts,
        out: Box<dyn Write + Send>,
        err: Box<dyn Write + Send>,
        live: bool,
        script: Option<capture::Script>,
    ) -> Self {
        let is_dumb = facts.stderr_tty && facts.term_dumb && script.is_none();
        let plain = is_dumb && !facts.ci && !options.quiet;
        let board = board::Board::new(live, plain, facts.utf8);
        let inner = Inner {
            options,
            facts,
            out: Mutex::new(OutStream {
                sink: out,
                closed: false,
                failure: None,
            }),
            err: Mutex::new(ErrStream {
                sink: err,
                held: None,
            }),
            redactor: RwLock::new(None),
            board,
            script,
        };
        Self {
            inner: Arc::new(inner),
        }
    }

    /// Sets what masks secrets on standard error, from now on.
    pub fn set_redactor(&self, redactor: Redactor) {
        *self
            .inner
            .redactor
            .write()
            .unwrap_or_else(PoisonError::into_inner) = Some(redactor);
    }

    /// What the command line says.
    pub fn options(&self) -> UiOptions {
        self.inner.options
    }

    /// What is known of the terminal.
    pub fn facts(&self) -> &Facts {
        &self.inner.facts
    }

    /// Whether the result is JSON.
    pub fn is_json(&self) -> bool {
        self.inner.options.output == Output::Json
    }

    /// The style of standard output.
    pub fn style(&self) -> Style {
        let facts = &self.inner.facts;
        Style::of(self.inner.options.color, facts.stdout_tty, facts)
    }

    /// The style of standard error.
    pub fn err_style(&self) -> Style {
        let facts = &self.inner.facts;
        Style::of(self.inner.options.color, facts.stderr_tty, facts)
    }

    // --- standard output -------------------------------------------------------------------

    /// One line of the result. A line end inside is shown as an escape.
    pub fn result(&self, line: &str) {
        self.write_out(&format!("{}\n", clean(line)));
    }

    /// One line of the result in pieces that each have a look of their own.
    pub fn line(&self, pieces: &[(Look, &str)]) {
        let text = painted(self.style(), pieces, |text| clean(text).into_owned());
        self.write_out(&text);
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

    /// One JSON document: on one line in a pipe, indented on a terminal.
    pub fn json(&self, value: &Value) {
        match json::document(value, self.inner.facts.stdout_tty) {
            Ok(text) => self.write_out(&text),
            Err(error) => {
                let mut out = lock(&self.inner.out);
                out.failure.get_or_insert_with(|| io::Error::other(error));
            }
        }
    }

    /// One JSON document on one line, wherever it goes: for programs that read line by line.
    pub fn json_line(&self, value: &Value) {
        match json::document(value, false) {
            Ok(text) => self.write_out(&text),
            Err(error) => {
                let mut out = lock(&self.inner.out);
                out.failure.get_or_insert_with(|| io::Error::other(error));
            }
        }
    }

    /// A table, in the form that was asked for. Under `-o json` nothing: see [`Ui::show`].
    pub fn table(&self, table: &Table) {
        let facts = &self.inner.facts;
        match self.inner.options.output {
            Output::Json => {}
            Output::Csv => self.write_out(&table.to_csv()),
            Output::Table if !facts.stdout_tty => self.write_out(&table.to_tsv()),
            Output::Table if table.is_empty() => self.status(table.words_when_empty()),
            Output::Table => {
                let fitted = table.to_terminal(facts.width, self.style());
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
    pub fn show(&self, table: &Table, json: impl FnOnce() -> Value) {
        if self.is_json() {
            self.json(&json());
        } else {
            self.table(table);
        }
    }

    /// Flushes, and tells the first failure to write the result. A reader that went away is
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
    fn write_out(&self, text: &str) {
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
        self.inner.board.suspend(write);
    }

    // --- standard error --------------------------------------------------------------------

    /// What is going on; not with `--quiet`.
    pub fn status(&self, text: &str) {
        if !self.inner.options.quiet {
            self.say(Look::Plain, "", text);
        }
    }

    /// What is going on, in pieces that each have a look of their own; not with `--quiet`.
    pub fn status_line(&self, pieces: &[(Look, &str)]) {
        if !self.inner.options.quiet {
            let polish = |text: &str| clean(&self.redact(text)).into_owned();
            let text = painted(self.err_style(), pieces, polish);
            self.write_err(&self.redact(&text));
        }
    }

    /// An address that a person has to open: on a line of its own that is never broken, also with
    /// `--quiet`, since without it nothing goes on.
    pub fn address(&self, url: &str) {
        self.write_err(&format!("{}\n", clean(&self.redact(url))));
    }

    /// What is going on in detail: from `level` times `-v` on.
    pub fn detail(&self, level: u8, text: &str) {
        if self.inner.options.verbose >= level {
            self.say(Look::Plain, "", text);
        }
    }

    /// Worth knowing; not with `--quiet`.
    pub fn note(&self, text: &str) {
        if !self.inner.options.quiet {
            self.say(Look::Strong, "note:", text);
        }
    }

    /// What to do next; not with `--quiet`.
    pub fn hint(&self, text: &str) {
        if !self.inner.options.quiet {
            self.say(Look::Command, "hint:", text);
        }
    }

    /// Something that a person should look at.
    pub fn warn(&self, text: &str) {
        self.say(Look::Caution, "warning:", text);
    }

    /// A failure: message, hints, and where to read more; under `-o json` one line of JSON.
    pub fn error(&self, error: &Error) {
        if self.is_json() {
            let mut masked = error.clone();
            masked.message = self.redact(&error.message);
            masked.hints = error.hints.iter().map(|hint| self.redact(hint)).collect();
            if let Ok(line) = json::document(&masked.to_json(), false) {
                self.write_err(&line);
            }
            return;
        }
        self.say(Look::Bad, "error:", &error.message);
        self.further(error);
    }

    /// A failure that a person can put right at once, in the middle of a conversation.
    pub fn complain(&self, error: &Error) {
        let style = self.err_style();
        let sign = style.sign(Sign::Bad);
        self.say(Sign::Bad.look(), sign, &error.message);
        self.further(error);
    }

    /// What to do about a failure, and where to read more.
    fn further(&self, error: &Error) {
        for hint in &error.hints {
            self.say(Look::Command, "hint:", hint);
        }
        if let Some(code) = error.code {
            self.say(Look::Command, "see:", &format!("applink explain {code}"));
        }
    }

    /// One line: a word with a look, then the text.
    fn say(&self, look: Look, word: &str, text: &str) {
        let text = self.redact(text);
        let text = clean(&text);
        let indent = if word.is_empty() {
            text.len() - text.trim_start_matches(' ').len() + 2
        } else {
            width::of(word) + 1
        };
        let facts = self.facts();
        // A terminal breaks lines anywhere; a log keeps them whole.
        let text = if facts.stderr_tty {
            let columns = facts.width.saturating_sub(indent).max(10);
            width::folded(&text, columns).join(&format!("\n{}", " ".repeat(indent)))
        } else {
            text.into_owned()
        };
        let line = if word.is_empty() {
            format!("{text}\n")
        } else {
            format!("{} {text}\n", self.err_style().paint(look, word))
        };
        self.write_err(&self.redact(&line));
    }

    /// Masks secrets, as in everything that goes to standard error.
    pub fn redact(&self, text: &str) -> String {
        let redactor = self
            .inner
            .redactor
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        redactor
            .as_ref()
            .map_or_else(|| text.to_owned(), |mask| mask(text))
    }

    /// Text that is clean and redacted. Nobody can be told that standard error fails.
    fn write_err(&self, text: &str) {
        let mut err = lock(&self.inner.err);
        if let Some(held) = &mut err.held {
            held.push_str(text);
            return;
        }
        self.inner.board.suspend(|| {
            let _ = err.sink.write_all(text.as_bytes());
            let _ = err.sink.flush();
        });
    }

    /// Holds progress and the lines of others back while `ask` has the terminal.
    fn with_terminal<T>(&self, ask: impl FnOnce() -> T) -> T {
        self.inner.board.pause();
        lock(&self.inner.err).held.get_or_insert_default();
        let answer = ask();
        let held = lock(&self.inner.err).held.take();
        self.inner.board.resume();
        if let Some(held) = held.filter(|held| !held.is_empty()) {
            self.write_err(&held);
        }
        answer
    }
}

/// A line of pieces, cleaned by `polish` before they are painted.
fn painted(style: Style, pieces: &[(Look, &str)], polish: impl Fn(&str) -> String) -> String {
    let mut line: String = pieces
        .iter()
        .map(|(look, text)| style.paint(*look, &polish(text)))
        .collect();
    line.push('\n');
    line
}

impl OutStream {
    /// After a failure the rest of the result is dropped, and the run goes on.
    fn remember(&mut self, written: io::Result<()>) {
        if let Err(error) = written {
            self.closed = true;
            if error.kind() != io::ErrorKind::BrokenPipe {
                self.failure.get_or_insert(error);
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
