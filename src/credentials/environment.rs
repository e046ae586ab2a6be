//! What is asked for secrets besides files and programs: variables, and a person.

use std::ffi::OsString;

use super::secret::Secret;
use crate::error::Error;

/// The environment variables of this run.
pub trait Environment: Send + Sync {
    /// A variable, where it is set.
    fn var(&self, name: &str) -> Option<OsString>;
}

/// The environment of this process.
#[derive(Debug, Clone, Copy, Default)]
pub struct ProcessEnvironment;

impl Environment for ProcessEnvironment {
    fn var(&self, name: &str) -> Option<OsString> {
        std::env::var_os(name)
    }
}

/// Somebody to ask.
pub trait Asker: Send + Sync {
    /// Whether there is anybody: a terminal, and leave to use it.
    fn can_ask(&self) -> bool;

    /// Asks for a text; empty where nothing was typed.
    fn ask_text(&self, question: &str) -> Result<String, Error>;

    /// Asks for a secret, which is not shown.
    fn ask_secret(&self, question: &str) -> Result<Secret, Error>;
}
