//! The one place where a failure becomes a kind, a message and what to do next.
//!
//! Rooms have typed errors of their own; each is turned into an [`Error`] by a `From` in this
//! file or beside the room's type, and nothing else decides on exit codes.

use std::fmt;

use serde::Serialize;

use crate::domain::{Alias, Code, text};
use crate::exit::Exit;

/// What family a failure belongs to; it decides the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Wrong usage.
    Usage,
    /// Credentials are missing or were refused.
    Auth,
    /// The account lacks a permission.
    Permission,
    /// An application could not be reached, or did not answer as one.
    Unreachable,
    /// The world is not as it was expected to be.
    Conflict,
    /// applink or an application will not do this.
    Refused,
    /// Changed in part.
    Partial,
    /// The state file.
    State,
    /// A defect of applink, or of the machine below it.
    Internal,
}

impl Kind {
    /// The exit code of this family.
    pub fn exit(self) -> Exit {
        match self {
            Self::Usage => Exit::Usage,
            Self::Auth | Self::Permission => Exit::Auth,
            Self::Unreachable => Exit::Unreachable,
            Self::Conflict | Self::Refused | Self::Internal => Exit::Failed,
            Self::Partial => Exit::Partial,
            Self::State => Exit::State,
        }
    }

    /// The word used in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Usage => "usage",
            Self::Auth => "auth",
            Self::Permission => "permission",
            Self::Unreachable => "unreachable",
            Self::Conflict => "conflict",
            Self::Refused => "refused",
            Self::Partial => "partial",
            Self::State => "state",
            Self::Internal => "internal",
        }
    }
}

/// A failure as a person or a script gets it.
///
/// The message is a lower-case fragment: what failed, on which application. Hints say what to do
/// next, one a line. Neither ever holds a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// The family.
    pub kind: Kind,
    /// The entry of the catalogue, where there is one.
    pub code: Option<Code>,
    /// What failed.
    pub message: String,
    /// What to do next.
    pub hints: Vec<String>,
    /// The application that it is about, where it stopped nothing but that application's part.
    pub app: Option<Alias>,
    /// Set when the run was ended by a signal: its exit code goes before the family's.
    pub signal: Option<Exit>,
}

/// What a fallible function of applink's upper rooms returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// A failure of the given family.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self {
            kind,
            code: None,
            message: message.into(),
            hints: Vec::new(),
            app: None,
            signal: None,
        }
    }

    /// Wrong usage.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Kind::Usage, message)
    }

    /// Refused.
    pub fn refused(message: impl Into<String>) -> Self {
        Self::new(Kind::Refused, message)
    }

    /// The world is not as expected.
    pub fn conflict(message: impl Into<String>) -> Self {
        Self::new(Kind::Conflict, message)
    }

    /// The state file.
    pub fn state(message: impl Into<String>) -> Self {
        Self::new(Kind::State, message)
    }

    /// A defect.
    pub fn internal(message: impl Into<String>) -> Self {
        Self::new(Kind::Internal, message)
    }

    /// Adds what to do next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Names the entry of the catalogue.
    #[must_use]
    pub fn code(mut self, code: Code) -> Self {
        self.code = Some(code);
        self
    }

    /// Names the application that it is about.
    #[must_use]
    pub fn about(mut self, app: &Alias) -> Self {
        self.app.get_or_insert_with(|| app.clone());
        self
    }

    /// The same failure where part of the run is done.
    #[must_use]
    pub fn partial(mut self) -> Self {
        self.kind = Kind::Partial;
        self
    }

    /// The same failure where part of the run is done, with what could not be done before it.
    #[must_use]
    pub fn as_partial(mut self, what: &str) -> Self {
        self.message = format!("{what}: {}", self.message);
        self.partial()
    }

    /// The exit code of the run.
    pub fn exit(&self) -> Exit {
        self.signal.unwrap_or_else(|| self.kind.exit())
    }
}

/// The exit code of a run in which all of these happened.
pub fn worst_exit<'a>(errors: impl IntoIterator<Item = &'a Error>) -> Exit {
    errors
        .into_iter()
        .map(Error::exit)
        .fold(Exit::Ok, Exit::worst)
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&text::clean(&self.message))
    }
}

impl std::error::Error for Error {}
