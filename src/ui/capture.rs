//! Streams that are kept in memory.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use super::lock::lock;
use super::options::UiOptions;
use super::streams::{Script, Ui};
use super::terminal::TerminalInfo;

/// The output of a captured [`Ui`], and its answers to prompts.
#[derive(Debug, Clone, Default)]
pub struct Capture {
    out: Arc<Mutex<Vec<u8>>>,
    err: Arc<Mutex<Vec<u8>>>,
    script: Script,
}

impl Capture {
    /// Everything written to standard output so far.
    pub fn stdout(&self) -> String {
        String::from_utf8_lossy(&lock(&self.out)).into_owned()
    }

    /// Everything written to standard error so far.
    pub fn stderr(&self) -> String {
        String::from_utf8_lossy(&lock(&self.err)).into_owned()
    }

    /// Prepares the answer to the next prompt that has none.
    pub fn answer(&self, text: impl Into<String>) {
        lock(&self.script).push_back(text.into());
    }
}

/// Writes into a shared buffer.
struct MemoryStream(Arc<Mutex<Vec<u8>>>);

impl Write for MemoryStream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        lock(&self.0).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Ui {
    /// Streams that are kept in memory, on a terminal as given: for tests and for programs
    /// that use applink as a library. Prompts take the answers that were prepared.
    pub fn captured(options: UiOptions, terminal: TerminalInfo) -> (Self, Capture) {
        let capture = Capture::default();
        let ui = Self::with_sinks(
            options,
            terminal,
            Box::new(MemoryStream(Arc::clone(&capture.out))),
            Box::new(MemoryStream(Arc::clone(&capture.err))),
            false,
            Some(Arc::clone(&capture.script)),
        );
        (ui, capture)
    }
}
