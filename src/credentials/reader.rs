//! Reading the sources of secrets: variables, files, programs.

use std::collections::HashMap;
use std::ffi::OsString;
use std::fmt::{self, Display};
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use zeroize::Zeroizing;

use super::command;
use super::environment::Environment;
use super::refusal::{auth, unusable};
use super::secret::Secret;
use crate::domain::chmod;
use crate::error::Error;
use crate::fs::{self, FileAction, FileError, Rules};

/// How long a program may take to print a secret.
pub const COMMAND_LIMIT: Duration = Duration::from_secs(30);
/// A longer first line is no secret.
const LONGEST: u64 = 64 * 1024;

/// What a program printed, once it was run.
type Output = Arc<Mutex<Option<Result<Secret, Error>>>>;

/// Reads secrets; clones share what the programs printed.
#[derive(Clone)]
pub(super) struct SecretReader {
    environment: Arc<dyn Environment>,
    /// Where relative paths start.
    directory: PathBuf,
    pub(super) command_limit: Duration,
    outputs: Arc<Mutex<HashMap<String, Output>>>,
}

impl fmt::Debug for SecretReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecretReader")
            .field("directory", &self.directory)
            .finish_non_exhaustive()
    }
}

/// The secret in a variable of that name.
pub(super) fn from_variable(
    whose: &dyn Display,
    name: &str,
    text: OsString,
) -> Result<Secret, Error> {
    let text = text
        .into_string()
        .map_err(|_| auth(whose, &format!("the variable {name} is not UTF-8")))?;
    Secret::new(text).map_err(|error| unusable(whose, name, error))
}

impl SecretReader {
    pub(super) fn new(environment: Arc<dyn Environment>, directory: PathBuf) -> Self {
        Self {
            environment,
            directory,
            command_limit: COMMAND_LIMIT,
            outputs: Arc::default(),
        }
    }

    /// The secret in an environment variable.
    pub(super) fn variable(&self, whose: &dyn Display, name: &str) -> Result<Secret, Error> {
        let hint = format!("set {name}, or record another source");
        match self.environment.var(name) {
            None => Err(auth(whose, &format!("the variable {name} is not set")).hint(hint)),
            Some(text) if text.is_empty() => {
                Err(auth(whose, &format!("the variable {name} is empty")).hint(hint))
            }
            Some(text) => from_variable(whose, name, text),
        }
    }

    /// The first line of a file that no other user can read or write.
    pub(super) fn file(&self, whose: &dyn Display, path: &Path) -> Result<Secret, Error> {
        const RULES: Rules = Rules {
            // A file that others can write is a secret that others can choose.
            forbidden: Some(fs::OTHERS_READ_OR_WRITE),
            largest: u64::MAX,
            follow_links: true,
            mounted: true,
        };
        let path = self.directory.join(path);
        let name = format!("the file {}", path.display());
        let failed = |what: &str| auth(whose, &format!("{name} {what}"));
        let (file, _) = fs::open(&path, &RULES).map_err(|error| match error {
            FileError::Io(FileAction::Inspect, error) => {
                failed(&format!("cannot be looked at: {error}"))
            }
            FileError::Io(_, error) => failed(&format!("cannot be opened: {error}")),
            FileError::NotAFile(_) => failed("is not a regular file"),
            FileError::Mode(mode) => failed(&format!(
                "can be read or written by others (mode {mode:04o})"
            ))
            .hint(format!("close it to others: {}", chmod("600", &path)))
            .hint("on a Kubernetes volume set defaultMode: 0400, or 0440 with fsGroup; or use env:VAR"),
            other => failed(&other.to_string()),
        })?;
        let mut line = Zeroizing::new(Vec::with_capacity(1024));
        BufReader::new(file.take(LONGEST))
            .read_until(b'\n', &mut line)
            .map_err(|error| failed(&format!("cannot be read: {error}")))?;
        let text = std::str::from_utf8(&line).map_err(|_| failed("is not UTF-8"))?;
        // Some editors put it there unseen.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        Secret::new(text).map_err(|error| unusable(whose, &name, error))
    }

    /// Runs each program again where its secret is wanted again.
    pub(super) fn forget_outputs(&self) {
        let mut all = self.outputs.lock().unwrap_or_else(PoisonError::into_inner);
        all.clear();
    }

    /// The first line that a program prints; each program runs once.
    pub(super) fn command(&self, whose: &dyn Display, line: &str) -> Result<Secret, Error> {
        let output = {
            let mut all = self.outputs.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(all.entry(line.to_owned()).or_default())
        };
        // Held while the program runs: whoever wants the same line waits for the same answer.
        let mut output = output.lock().unwrap_or_else(PoisonError::into_inner);
        output
            .get_or_insert_with(|| {
                let name = "the credential command";
                let text = command::first_line(line, self.command_limit).map_err(|error| {
                    auth(whose, &format!("{name} gave no secret: {error}"))
                        .hint("run it by hand; it gets no input and must print the secret")
                })?;
                Secret::new(text.as_str()).map_err(|error| unusable(whose, name, error))
            })
            .clone()
    }
}
