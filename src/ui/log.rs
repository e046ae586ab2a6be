//! Logs on standard error, between everything else that goes there.

use std::io::{self, Write};

use super::Ui;
use crate::domain::text::clean;

impl Ui {
    /// A writer to standard error for logs: lines are cleaned and redacted, and do not run
    /// into progress or prompts. Each `write` should hold whole lines.
    pub fn log_writer(&self) -> LogWriter {
        LogWriter { ui: self.clone() }
    }
}

/// See [`Ui::log_writer`].
#[derive(Debug, Clone)]
pub struct LogWriter {
    ui: Ui,
}

impl Write for LogWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(bytes);
        let text = self.ui.redact(&text);
        let mut out = String::with_capacity(text.len() + 1);
        for line in text.lines() {
            out.push_str(&clean(line));
            out.push('\n');
        }
        self.ui.write_err(&self.ui.redact(&out));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
