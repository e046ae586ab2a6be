//! Reading the sources of secrets: variables, files, programs.

use std::fmt::Display;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::sync::{Arc, PoisonError};

use zeroize::Zeroizing;

use super::{LONGEST, Resolver, auth, secret, wrong};
use crate::credentials::command;
use crate::credentials::secret::Secret;
use crate::domain::chmod;
use crate::error::Error;
use crate::fs::{self, Action, FileError, Rules};

impl Resolver {
    pub(super) fn variable_named(&self, whose: &dyn Display, name: &str) -> Result<Secret, Error> {
        let hint = format!("set {name}, or record another source");
        match self.environment.var(name) {
            None => Err(auth(whose, &format!("the variable {name} is not set")).hint(hint)),
            Some(text) if text.is_empty() => {
                Err(auth(whose, &format!("the variable {name} is empty")).hint(hint))
            }
            Some(text) => secret(whose, name, text),
        }
    }

    pub(super) fn first_line_of(&self, whose: &dyn Display, path: &Path) -> Result<Secret, Error> {
        const RULES: Rules = Rules {
            // A file that others can write is a secret that others can choose.
            forbidden: Some(fs::OTHERS_READ_OR_WRITE),
            largest: u64::MAX,
            follow_links: true,
        };
        let path = self.directory.join(path);
        let name = format!("the file {}", path.display());
        let failed = |what: &str| auth(whose, &format!("{name} {what}"));
        let (file, _) = fs::open(&path, &RULES).map_err(|error| match error {
            FileError::Io(Action::Inspect, error) => {
                failed(&format!("cannot be looked at: {error}"))
            }
            FileError::Io(_, error) => failed(&format!("cannot be opened: {error}")),
            FileError::NotAFile(_) => failed("is not a regular file"),
            FileError::Mode(mode) => failed(&format!(
                "can be read or written by others (mode {mode:04o})"
            ))
            .hint(format!("close it to others: {}", chmod("600", &path))),
            other => failed(&other.to_string()),
        })?;
        let mut line = Zeroizing::new(Vec::with_capacity(1024));
        BufReader::new(file.take(LONGEST))
            .read_until(b'\n', &mut line)
            .map_err(|error| failed(&format!("cannot be read: {error}")))?;
        let text = std::str::from_utf8(&line).map_err(|_| failed("is not UTF-8"))?;
        // Some editors put it there unseen.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        Secret::new(text).map_err(|error| wrong(whose, &name, error))
    }

    pub(super) fn printed_by(&self, whose: &dyn Display, line: &str) -> Result<Secret, Error> {
        let printed = {
            let mut all = self.printed.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(all.entry(line.to_owned()).or_default())
        };
        // Held while the program runs: whoever wants the same line waits for the same answer.
        let mut printed = printed.lock().unwrap_or_else(PoisonError::into_inner);
        printed
            .get_or_insert_with(|| {
                let name = "the credential command";
                let text = command::first_line(line, self.command_limit).map_err(|error| {
                    auth(whose, &format!("{name} gave no secret: {error}"))
                        .hint("run it by hand; it gets no input and must print the secret")
                })?;
                Secret::new(text.as_str()).map_err(|error| wrong(whose, name, error))
            })
            .clone()
    }
}
