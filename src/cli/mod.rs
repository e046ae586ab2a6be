//! The command line: arguments, prompts, and one file a command.
//!
//! A command's file has its arguments (the doc comments are the help), one function that runs it,
//! and what is particular to it. Reading applications is `observe`; carrying a plan out is `apply`.

pub mod app;
pub mod apply;
pub(crate) mod args;
pub mod authorize;
mod command;
pub(crate) mod complete;
pub mod completions;
pub mod consumer;
pub mod create;
pub mod delete;
mod dispatch;
pub mod edit;
pub mod explain;
pub mod export;
mod global;
pub mod key;
pub mod list;
pub mod man;
pub mod migrate;
pub mod oauth2;
mod panics;
mod parse;
pub mod plan;
pub(crate) mod prompt;
pub mod relocate;
pub mod repair;
pub mod resume;
#[cfg(feature = "sandbox")]
pub mod sandbox;
pub mod scan;
pub(crate) mod synonyms;
mod usage;
mod values;
pub mod verify;

pub use command::{Cli, Command, command};
pub use dispatch::{main, run_to_end};
pub use parse::parse;

pub use crate::resolve::AppArg;
pub use global::Global;
