//! Questions to a person, and the terminal put right again when one is interrupted.
//!
//! A prompt switches the terminal's echo or cursor off. A signal handler calls [`leave_if_open`]
//! before anything else: while a prompt is open it restores the terminal and ends the process;
//! otherwise it returns, and the signal only asks the run to stop. No prompt is open while a
//! request that changes something is in flight. No question of one command may enter.

mod line;
mod questions;
mod saved_terminal;

pub use saved_terminal::{OpenPrompt, is_open, leave_if_open, open, restore_terminal};

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
