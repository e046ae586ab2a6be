//! What can be wrong with a state file, and what to do then.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::holder::LockHolder;
use super::version::CURRENT;
use crate::domain::{Position, SuggestedCommand};
use crate::error::{Error, Kind};

/// Why a state cannot be used, or could not be saved.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    /// Another run holds the lock.
    #[error("the state {} is locked by {}", .path.display(), LockHolder::describe(.holder.as_deref()))]
    Locked {
        /// The state file.
        path: PathBuf,
        /// Who holds it, as far as the lock file says.
        holder: Option<Box<LockHolder>>,
        /// How long this run waited.
        waited: Duration,
    },
    /// The file is not a state.
    #[error("the state {}{} cannot be used: {message}", .path.display(), At(*.at))]
    Unreadable {
        /// The state file.
        path: PathBuf,
        /// Where in it.
        at: Option<Position>,
        /// What is wrong.
        message: String,
        /// A backup that can be read, and what it holds.
        backup: Option<Box<Backup>>,
    },
    /// A later version of applink wrote it.
    #[error("the state {} has version {version}, and this applink knows up to {CURRENT}", .path.display())]
    TooNew {
        /// The state file.
        path: PathBuf,
        /// Its version.
        version: i64,
    },
    /// An earlier version of applink wrote it.
    #[error("the state {} has version {version}, and this applink reads only version {CURRENT}", .path.display())]
    TooOld {
        /// The state file.
        path: PathBuf,
        /// Its version.
        version: i64,
    },
    /// Others could have written it, or it is not a file.
    #[error("{} is not safe to use: {reason}", .path.display())]
    Unsafe {
        /// The file or directory.
        path: PathBuf,
        /// Why.
        reason: String,
        /// What to do about it.
        hint: Option<String>,
    },
    /// Somebody changed it after this run had read it.
    #[error("the state {} was changed by someone else meanwhile: {what}", .path.display())]
    Changed {
        /// The state file.
        path: PathBuf,
        /// What differs.
        what: String,
    },
    /// Its history does not go with its backup.
    #[error("the state {} does not continue its backup: {what}", .path.display())]
    Rewound {
        /// The state file.
        path: PathBuf,
        /// The backup.
        backup: PathBuf,
        /// What differs.
        what: String,
    },
    /// There is no place for it.
    #[error("there is no home directory to keep the state in")]
    NoHome,
    /// The machine refused.
    #[error("could not {doing} {}: {source}", .path.display())]
    Io {
        /// What was tried.
        doing: &'static str,
        /// On what.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A caller handed over a state that contradicts itself.
    #[error("the new state contradicts itself: {0}")]
    Invalid(String),
}

/// A backup that can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backup {
    /// Where it is.
    pub path: PathBuf,
    /// Its serial.
    pub serial: u64,
    /// How many applications it holds.
    pub applications: usize,
    /// How many links it holds.
    pub links: usize,
}

struct At(Option<Position>);

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |at| write!(f, ":{at}"))
    }
}

impl StateError {
    /// The machine refused to do something with a file.
    pub(super) fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io {
            doing,
            path,
            source,
        }
    }
}

/// A command on two files: `mv FROM TO`.
fn command(program: &str, from: &Path, to: &Path) -> String {
    let paths = [from, to].map(|path| path.display().to_string());
    SuggestedCommand::program(program, paths)
        .map_or_else(|| format!("{program} FROM TO"), |fix| fix.command())
}

impl From<StateError> for Error {
    fn from(error: StateError) -> Self {
        let message = error.to_string();
        match error {
            StateError::Locked { waited, .. } => Self::state(message)
                .hint(format!(
                    "waited {} s; wait longer with --lock-timeout SECONDS",
                    waited.as_secs()
                ))
                .hint("another state is used with --state FILE"),
            StateError::Unreadable { path, backup, .. } => {
                let error = Self::state(message);
                match backup {
                    Some(backup) => error.hint(format!(
                        "its backup can be read (serial {}, {} applications, {} links): {}",
                        backup.serial,
                        backup.applications,
                        backup.links,
                        command("cp", &backup.path, &path)
                    )),
                    None => error.hint(
                        "mend the file, or move it away: `applink app add` and `applink list` rebuild what the servers know",
                    ),
                }
            }
            StateError::TooNew { .. } => {
                Self::state(message).hint("use the newer applink; nothing was written")
            }
            StateError::TooOld { path, .. } => {
                let mut aside = path.clone().into_os_string();
                aside.push(".old");
                Self::state(message)
                    .hint(format!("move it away: {}", command("mv", &path, aside.as_ref())))
                    .hint("then add the applications again with `applink app add`; `applink list` shows their links")
            }
            StateError::Unsafe { hint, .. } => {
                let error = Self::state(message);
                match hint {
                    Some(hint) => error.hint(hint),
                    None => error,
                }
            }
            StateError::Changed { .. } => {
                Self::state(message).hint("nothing was written; run the command again")
            }
            StateError::Rewound { backup, .. } => Self::state(message).hint(format!(
                "if this file is the right one, remove {}; if not, put the right one back",
                backup.display()
            )),
            StateError::NoHome => Self::state(message).hint("name the file with --state FILE"),
            StateError::Io { .. } => Self::state(message),
            StateError::Invalid(_) => Self::new(Kind::Internal, message),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_from_one() {
        let text = "a\nbü=1\n".as_bytes();
        assert_eq!(Position::of(text, 0).to_string(), "1:1");
        assert_eq!(Position::of(text, 2).to_string(), "2:1");
        assert_eq!(Position::of(text, 5).to_string(), "2:3");
        assert_eq!(Position::of(text, 99).to_string(), "3:1");
    }

    #[test]
    fn every_failure_of_the_state_is_exit_7_and_a_defect_is_not() {
        let path = PathBuf::from("/s/a\u{1b}.toml");
        let error = Error::from(StateError::Changed {
            path,
            what: "serial 4".to_owned(),
        });
        assert_eq!(error.exit().code(), 7);
        assert!(!error.to_string().contains('\u{1b}'));
        assert_eq!(Error::from(StateError::NoHome).exit().code(), 7);
        let defect = Error::from(StateError::Invalid("x".to_owned()));
        assert_eq!(defect.exit().code(), 1);
    }
}
