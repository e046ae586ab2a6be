//! The terminal as it was before a prompt, and how it is put right again.

use std::io::{self, IsTerminal, Write};
use std::sync::{Mutex, MutexGuard};

use crate::exit::Exit;
use crate::ui::lock::lock;

/// One prompt at a time.
static TURN: Mutex<()> = Mutex::new(());

/// The terminal as it was before the prompt that is open.
static OPEN: Mutex<Option<SavedTerminal>> = Mutex::new(None);

struct SavedTerminal {
    #[cfg(unix)]
    modes: Option<rustix::termios::Termios>,
    cursor: bool,
}

/// A prompt is open as long as this lives; afterwards the terminal is as it was.
#[must_use = "the prompt is over when this is dropped"]
pub struct OpenPrompt {
    _turn: MutexGuard<'static, ()>,
}

/// Remembers the terminal's modes before a prompt changes them. `cursor`: the prompt hides the
/// cursor. Waits while another prompt is open.
pub fn open(cursor: bool) -> OpenPrompt {
    let turn = lock(&TURN);
    *lock(&OPEN) = Some(SavedTerminal {
        #[cfg(unix)]
        modes: rustix::termios::tcgetattr(io::stdin()).ok(),
        cursor,
    });
    OpenPrompt { _turn: turn }
}

/// Puts the terminal right; false where a signal has done so, and ends the run.
pub(super) fn close(open: OpenPrompt) -> bool {
    let is_mine = lock(&OPEN).take().inspect(SavedTerminal::restore).is_some();
    drop(open);
    is_mine
}

impl Drop for OpenPrompt {
    fn drop(&mut self) {
        if let Some(saved) = lock(&OPEN).take() {
            saved.restore();
        }
    }
}

impl SavedTerminal {
    fn restore(&self) {
        #[cfg(unix)]
        if let Some(modes) = &self.modes {
            let _ = rustix::termios::tcsetattr(
                io::stdin(),
                rustix::termios::OptionalActions::Now,
                modes,
            );
        }
        if self.cursor && io::stderr().is_terminal() {
            let _ = io::stderr().write_all(b"\x1b[?25h");
        }
    }
}

/// Whether a prompt is open.
pub fn is_open() -> bool {
    lock(&OPEN).is_some()
}

/// Puts the terminal right when a prompt is open, and says whether one was.
pub fn restore_terminal() -> bool {
    let open = lock(&OPEN);
    if let Some(saved) = &*open {
        saved.restore();
        // The shell's prompt begins on a line of its own.
        let _ = io::stderr().write_all(b"\n");
    }
    open.is_some()
}

/// For the handler of signals: ends the process with `exit` when a prompt is open, with the
/// terminal put right and after `say`; otherwise returns at once.
pub fn leave_if_open(exit: Exit, say: impl FnOnce()) {
    let Some(saved) = lock(&OPEN).take() else {
        return;
    };
    saved.restore();
    // A list has left the cursor on a line of its own.
    if !saved.cursor {
        let _ = io::stderr().write_all(b"\n");
    }
    say();
    std::process::exit(i32::from(exit.code()));
}
