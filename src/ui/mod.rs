//! Everything that a person or a script sees: the only room that writes to standard output and
//! standard error, and the only one that knows colours, widths, prompts and progress.
//!
//! Standard output carries the result and nothing else. Every text is cleaned on its way, so that
//! nothing a server sends can steer a terminal; standard error also goes through the redactor.
//! Nothing here ends a run: a closed pipe or a full disk is remembered and reported by
//! [`Ui::finish`]. No request, no state and no decision about a link may enter.

mod capture;
mod cell;
pub(crate) mod change;
mod diagram;
pub(crate) mod diff;
pub mod graph;
mod help;
mod json_text;
mod lock;
mod log;
mod options;
pub mod output;
pub(crate) mod output_file;
mod progress;
pub mod prompt;
mod render;
pub mod report;
mod status_line;
mod stderr;
mod stdout;
mod streams;
mod style;
mod table;
mod terminal;
mod verdict;
pub mod width;

pub use capture::Capture;
pub use cell::{Cell, Column};
pub use log::LogWriter;
pub use options::{ColorChoice, OutputFormat, UiOptions};
pub use progress::{AppProgress, FleetProgress, StepResult, Steps, Wait};
pub use status_line::{PendingCall, PendingCallSource};
pub use streams::{RedactFn, Ui};
pub use style::{Role, Style, Symbol};
pub use table::Table;
pub use terminal::TerminalInfo;

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
