//! Standard output and standard error of one run, and what decides how they are written.

use std::collections::VecDeque;
use std::fmt;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use super::options::{Output, UiOptions};
use super::status_line::StatusLine;
use super::style::Style;
use super::terminal::Facts;

/// Masks secrets in what goes to standard error.
pub type Redactor = Arc<dyn Fn(&str) -> String + Send + Sync>;

/// The streams. Clones share them.
#[derive(Clone)]
pub struct Ui {
    pub(super) inner: Arc<Streams>,
}

/// What all clones share.
pub(super) struct Streams {
    pub(super) options: UiOptions,
    pub(super) facts: Facts,
    pub(super) out: Mutex<OutStream>,
    pub(super) err: Mutex<ErrStream>,
    pub(super) redactor: RwLock<Option<Redactor>>,
    pub(super) status_line: StatusLine,
    pub(super) script: Option<Script>,
}

/// Standard output: after its first failure nothing more is written.
pub(super) struct OutStream {
    pub(super) sink: Box<dyn Write + Send>,
    pub(super) closed: bool,
    pub(super) failure: Option<io::Error>,
}

/// Standard error: while a prompt is open, lines wait.
pub(super) struct ErrStream {
    pub(super) sink: Box<dyn Write + Send>,
    pub(super) held: Option<String>,
}

/// Answers prepared for prompts.
pub(super) type Script = Arc<Mutex<VecDeque<String>>>;

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

    pub(super) fn with_sinks(
        options: UiOptions,
        facts: Facts,
        out: Box<dyn Write + Send>,
        err: Box<dyn Write + Send>,
        live: bool,
        script: Option<Script>,
    ) -> Self {
        let is_dumb = facts.stderr_tty && facts.term_dumb && script.is_none();
        let plain = is_dumb && !facts.ci && !options.quiet;
        let status_line = StatusLine::new(live, plain, facts.utf8);
        let inner = Streams {
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
            status_line,
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
}

impl OutStream {
    /// After a failure the rest of the result is dropped, and the run goes on.
    pub(super) fn remember(&mut self, written: io::Result<()>) {
        if let Err(error) = written {
            self.closed = true;
            if error.kind() != io::ErrorKind::BrokenPipe {
                self.failure.get_or_insert(error);
            }
        }
    }
}
