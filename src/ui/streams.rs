//! Standard output and standard error of one run, and what decides how they are written.

use std::collections::VecDeque;
use std::fmt;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use super::options::{OutputFormat, UiOptions};
use super::status_line::StatusLine;
use super::style::Style;
use super::terminal::TerminalInfo;

/// Masks secrets in what goes to standard error.
pub type RedactFn = Arc<dyn Fn(&str) -> String + Send + Sync>;

/// The streams. Clones share them.
#[derive(Clone)]
pub struct Ui {
    pub(super) inner: Arc<Streams>,
}

/// The state that all clones share.
pub(super) struct Streams {
    pub(super) options: UiOptions,
    pub(super) terminal: TerminalInfo,
    pub(super) out: Mutex<OutStream>,
    pub(super) err: Mutex<ErrStream>,
    pub(super) redactor: RwLock<Option<RedactFn>>,
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
            .field("terminal", &self.inner.terminal)
            .finish_non_exhaustive()
    }
}

impl Ui {
    /// The streams of this process.
    pub fn new(options: UiOptions, terminal: TerminalInfo) -> Self {
        let live = terminal.stderr_tty && !terminal.term_dumb && !terminal.ci && !options.quiet;
        Self::with_sinks(
            options,
            terminal,
            Box::new(io::stdout()),
            Box::new(io::stderr()),
            live,
            None,
        )
    }

    pub(super) fn with_sinks(
        options: UiOptions,
        terminal: TerminalInfo,
        out: Box<dyn Write + Send>,
        err: Box<dyn Write + Send>,
        live: bool,
        script: Option<Script>,
    ) -> Self {
        let is_dumb = terminal.stderr_tty && terminal.term_dumb && script.is_none();
        let plain = is_dumb && !terminal.ci && !options.quiet;
        let status_line = StatusLine::new(live, plain, terminal.utf8);
        let inner = Streams {
            options,
            terminal,
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
    pub fn set_redactor(&self, redactor: RedactFn) {
        *self
            .inner
            .redactor
            .write()
            .unwrap_or_else(PoisonError::into_inner) = Some(redactor);
    }

    /// The options of the command line.
    pub fn options(&self) -> UiOptions {
        self.inner.options
    }

    /// The capabilities of the terminal.
    pub fn terminal(&self) -> &TerminalInfo {
        &self.inner.terminal
    }

    /// Whether the result is JSON.
    pub fn is_json(&self) -> bool {
        self.inner.options.output == OutputFormat::Json
    }

    /// The style of standard output.
    pub fn style(&self) -> Style {
        let terminal = &self.inner.terminal;
        Style::of(self.inner.options.color, terminal.stdout_tty, terminal)
    }

    /// The style of standard error.
    pub fn err_style(&self) -> Style {
        let terminal = &self.inner.terminal;
        Style::of(self.inner.options.color, terminal.stderr_tty, terminal)
    }
}

impl OutStream {
    /// After a failure the rest of the result is dropped, and the run continues.
    pub(super) fn remember(&mut self, written: io::Result<()>) {
        if let Err(error) = written {
            self.closed = true;
            if error.kind() != io::ErrorKind::BrokenPipe {
                self.failure.get_or_insert(error);
            }
        }
    }
}
