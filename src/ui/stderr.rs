//! Standard error: everything that is not the result, cleaned and redacted.

use std::sync::PoisonError;

use super::json_text;
use super::lock::lock;
use super::output::{ErrorOutput, Versioned};
use super::streams::Ui;
use super::style::{Role, Symbol};
use super::width;
use crate::domain::text::clean;
use crate::error::Error;
use crate::exit::Exit;

impl Ui {
    /// Progress in one line; not with `--quiet`.
    pub fn status(&self, text: &str) {
        if !self.inner.options.quiet {
            self.say(Role::Plain, "", text);
        }
    }

    /// Progress in one line, in pieces with a role each; not with `--quiet`.
    pub fn status_line(&self, pieces: &[(Role, &str)]) {
        if !self.inner.options.quiet {
            let polish = |text: &str| clean(&self.redact(text)).into_owned();
            let text = self.err_style().paint_line(pieces, polish);
            self.write_err(&self.redact(&text));
        }
    }

    /// An address that a person has to open: on a line of its own that is never broken, also with
    /// `--quiet`, since the run cannot continue without it.
    pub fn address(&self, url: &str) {
        self.write_err(&format!("{}\n", clean(&self.redact(url))));
    }

    /// Details, from `level` times `-v` on.
    pub fn detail(&self, level: u8, text: &str) {
        if self.inner.options.verbose >= level {
            self.say(Role::Plain, "", text);
        }
    }

    /// Worth knowing; not with `--quiet`.
    pub fn note(&self, text: &str) {
        if !self.inner.options.quiet {
            self.say(Role::Strong, "note:", text);
        }
    }

    /// The next step for the user; not with `--quiet`.
    pub fn hint(&self, text: &str) {
        if !self.inner.options.quiet {
            self.say(Role::Command, "hint:", text);
        }
    }

    /// Something that a person should look at.
    pub fn warn(&self, text: &str) {
        self.say(Role::Caution, "warning:", text);
    }

    /// A failure: message, hints, and where to read more; under `-o json` one line of JSON.
    pub fn error(&self, error: &Error) {
        if self.is_json() {
            let mut masked = error.clone();
            masked.message = self.redact(&error.message);
            masked.hints = error.hints.iter().map(|hint| self.redact(hint)).collect();
            if let Ok(line) =
                json_text::document(&Versioned::new(&ErrorOutput::from(&masked)), false)
            {
                self.write_err(&line);
            }
            return;
        }
        self.say(Role::Bad, "error:", &error.message);
        self.further(error);
    }

    /// Errors that did not stop the run, with what to do about each.
    pub fn warnings<'a>(&self, errors: impl IntoIterator<Item = &'a Error>) {
        for error in errors {
            self.warn(&error.to_string());
            for hint in &error.hints {
                self.hint(hint);
            }
        }
    }

    /// The last line of standard error under `-o json`: the error that has decided on the exit code.
    /// A person has read all of them already.
    pub fn error_for_program<'a>(&self, errors: impl IntoIterator<Item = &'a Error>, exit: Exit) {
        if self.is_json()
            && let Some(error) = errors.into_iter().find(|error| error.exit() == exit)
        {
            self.error(error);
        }
    }

    /// A failure that a person can put right at once, in the middle of a conversation.
    pub fn complain(&self, error: &Error) {
        let style = self.err_style();
        let sign = style.symbol(Symbol::Bad);
        self.say(Symbol::Bad.role(), sign, &error.message);
        self.further(error);
    }

    /// The hints of a failure, and a command that shows more.
    fn further(&self, error: &Error) {
        for hint in &error.hints {
            self.say(Role::Command, "hint:", hint);
        }
        if let Some(code) = error.code {
            self.say(Role::Command, "see:", &format!("applink explain {code}"));
        }
    }

    /// One line: a word with a role, then the text.
    pub(super) fn say(&self, role: Role, word: &str, text: &str) {
        let text = self.redact(text);
        let text = clean(&text);
        let indent = if word.is_empty() {
            text.len() - text.trim_start_matches(' ').len() + 2
        } else {
            width::of(word) + 1
        };
        let terminal = self.terminal();
        // A terminal breaks lines anywhere; a log keeps them whole.
        let text = if terminal.stderr_tty {
            let columns = terminal.width.saturating_sub(indent).max(10);
            width::folded(&text, columns).join(&format!("\n{}", " ".repeat(indent)))
        } else {
            text.into_owned()
        };
        let line = if word.is_empty() {
            format!("{text}\n")
        } else {
            format!("{} {text}\n", self.err_style().paint(role, word))
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

    /// Writes text that is clean and redacted. A failure of standard error has nowhere to go.
    pub(super) fn write_err(&self, text: &str) {
        let mut err = lock(&self.inner.err);
        if let Some(held) = &mut err.held {
            held.push_str(text);
            return;
        }
        self.inner.status_line.suspend(|| {
            let _ = err.sink.write_all(text.as_bytes());
            let _ = err.sink.flush();
        });
    }

    /// Holds progress and the lines of others back while `ask` has the terminal.
    pub(super) fn with_terminal<T>(&self, ask: impl FnOnce() -> T) -> T {
        self.inner.status_line.pause();
        lock(&self.inner.err).held.get_or_insert_default();
        let answer = ask();
        let held = lock(&self.inner.err).held.take();
        self.inner.status_line.resume();
        if let Some(held) = held.filter(|held| !held.is_empty()) {
            self.write_err(&held);
        }
        answer
    }
}
