//! The journal: an append-only file beside the state that says what an unfinished run did and was
//! about to do.
//!
//! One record a line, `<checksum> <json>`, flushed to disk before the request goes out. The first
//! line holds the plans. A crash can leave a last line that is cut short, which does not count. After a
//! damaged line before the last one the file cannot be trusted. Secrets may not enter.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::PlanSet;
use super::execute::{JournalEntry, Log};
use crate::domain::hex;
use crate::error::{Error, Kind, Result};
use crate::fs::{self, FileError, Rules};

/// The version of the format; no other one is read.
const VERSION: u32 = 4;

/// What a journal must be like: it says what is undone, so no other user may write it. No journal
/// of a real run is larger.
const RULES: Rules = Rules {
    forbidden: Some(fs::OTHERS_WRITE),
    largest: 64 * 1024 * 1024,
    follow_links: false,
    mounted: false,
};

/// What a run set out to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    version: u32,
    /// The command, in a form that is equal when the same thing is asked for.
    pub command: String,
    /// What the upper rooms need to go on in another process: applications, not secrets.
    pub context: Value,
    /// The plans.
    pub plan_set: PlanSet,
}

impl Header {
    /// A header of this version.
    pub fn new(command: String, context: Value, plan_set: impl Into<PlanSet>) -> Self {
        Self {
            version: VERSION,
            command,
            context,
            plan_set: plan_set.into(),
        }
    }
}

/// A journal that is being written.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: File,
    /// How many bytes of the file are whole records; `None` once that is not known.
    whole: Option<u64>,
}

/// A journal that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenJournal {
    /// What the run set out to do.
    pub header: Header,
    /// How far it came.
    pub entries: Vec<JournalEntry>,
    /// How many bytes of the file are whole records.
    whole: u64,
}

impl Journal {
    /// Starts a journal. There must be none, or none that got as far as its first line.
    pub fn create(path: &Path, header: &Header) -> Result<Self> {
        let file = match fs::create_log(path) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                if find(path)?.is_some() {
                    return Err(Error::state(format!(
                        "the journal {} is there already, of a run that is not finished",
                        path.display()
                    ))
                    .hint("applink resume"));
                }
                // What a crash left before anything was sent.
                std::fs::remove_file(path).map_err(|error| failed(path, "be removed", &error))?;
                fs::create_log(path)
            }
            opened => opened,
        }
        .map_err(|error| failed(path, "be made", &error))?;
        let mut journal = Self {
            path: path.to_owned(),
            file,
            whole: Some(0),
        };
        journal.append(&to_line(header)?)?;
        flush_directory(path)?;
        Ok(journal)
    }

    /// Goes on with a journal that was found.
    pub fn resume(path: &Path, found: &OpenJournal) -> Result<Self> {
        let file = OpenOptions::new()
            .append(true)
            .open(path)
            .map_err(|error| failed(path, "be opened", &error))?;
        // Half a record would swallow the next one.
        file.set_len(found.whole)
            .map_err(|error| failed(path, "be written", &error))?;
        Ok(Self {
            path: path.to_owned(),
            file,
            whole: Some(found.whole),
        })
    }

    /// Removes it: all is done, or all is undone.
    pub fn finish(self) -> Result<()> {
        match std::fs::remove_file(&self.path) {
            Ok(()) => flush_directory(&self.path),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            Err(error) => Err(failed(&self.path, "be removed", &error)),
        }
    }

    fn append(&mut self, line: &str) -> Result<()> {
        let Some(whole) = self.whole.take() else {
            return Err(Error::state(format!(
                "the journal {} could not be written before",
                self.path.display()
            )));
        };
        let written = self
            .file
            .write_all(line.as_bytes())
            .and_then(|()| self.file.sync_data());
        match written {
            Ok(()) => {
                self.whole = Some(whole + line.len() as u64);
                Ok(())
            }
            Err(error) => {
                // Half a record would swallow the next one.
                if self.file.set_len(whole).is_ok() {
                    self.whole = Some(whole);
                }
                Err(failed(&self.path, "be written", &error))
            }
        }
    }
}

impl Log for Journal {
    fn note(&mut self, entry: JournalEntry) -> Result<()> {
        let line = to_line(&entry)?;
        self.append(&line)
    }
}

/// Removes a journal that is no longer needed, or what a crash left of one that did not get as far
/// as its first line. For the holder of the lock.
pub fn remove(path: &Path) -> Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(failed(path, "be removed", &error))
        }
        _ => Ok(()),
    }
}

/// Reads the journal, if there is one.
pub fn find(path: &Path) -> Result<Option<OpenJournal>> {
    match fs::read(path, &RULES) {
        Ok(bytes) => parse(path, &bytes),
        Err(error) if error.is_missing() => Ok(None),
        Err(FileError::Io(_, error)) => Err(failed(path, "be read", &error)),
        Err(FileError::NotAFile(_)) => Err(damaged(path, "is not a regular file")),
        Err(FileError::Owner { .. } | FileError::Mode(_)) => Err(damaged(
            path,
            "belongs to somebody else, or can be written by others",
        )),
        Err(error) => Err(damaged(path, &error.to_string())),
    }
}

fn parse(path: &Path, bytes: &[u8]) -> Result<Option<OpenJournal>> {
    let mut whole = 0_u64;
    let mut records = Vec::new();
    let mut lines = bytes.split_inclusive(|byte| *byte == b'\n').peekable();
    while let Some(line) = lines.next() {
        let last = lines.peek().is_none();
        match from_line(line) {
            Some(record) => records.push(record),
            None if last => break,
            None => {
                return Err(damaged(
                    path,
                    &format!("is damaged in line {}", records.len() + 1),
                ));
            }
        }
        whole += line.len() as u64;
    }
    let mut records = records.into_iter();
    let Some(first) = records.next() else {
        // Nothing was sent before the first line was whole.
        return Ok(None);
    };
    match first.get("version").and_then(Value::as_u64) {
        Some(version) if version > u64::from(VERSION) => {
            let why = format!("is of version {version}, from a newer applink");
            return Err(damaged(path, &why));
        }
        Some(version) if version < u64::from(VERSION) => {
            let why = format!("is of version {version}, from an older applink, and is not read");
            return Err(damaged(path, &why));
        }
        _ => {}
    }
    let header =
        Header::deserialize(first).map_err(|_| damaged(path, "has an unreadable first line"))?;
    let entries = records
        .map(JournalEntry::deserialize)
        .collect::<std::result::Result<Vec<_>, _>>()
        .map_err(|_| damaged(path, "has an entry of a kind that is not known"))?;
    Ok(Some(OpenJournal {
        header,
        entries,
        whole,
    }))
}

fn to_line<T: Serialize>(record: &T) -> Result<String> {
    let json = serde_json::to_string(record)
        .map_err(|error| Error::internal(format!("the journal cannot be written: {error}")))?;
    Ok(format!("{} {json}\n", checksum(json.as_bytes())))
}

fn from_line(line: &[u8]) -> Option<Value> {
    let line = line.strip_suffix(b"\n")?;
    let (sum, rest) = line.split_at_checked(16)?;
    let json = rest.strip_prefix(b" ")?;
    (checksum(json).as_bytes() == sum)
        .then(|| serde_json::from_slice(json).ok())
        .flatten()
}

/// The first 16 hexadecimal digits of a SHA-256: against accidents, not against forgers.
fn checksum(bytes: &[u8]) -> String {
    let mut sum = hex(&Sha256::digest(bytes));
    sum.truncate(16);
    sum
}

fn flush_directory(path: &Path) -> Result<()> {
    let directory = fs::parent(path);
    fs::flush_directory(directory).map_err(|error| failed(directory, "be flushed", &error))
}

fn failed(path: &Path, what: &str, error: &std::io::Error) -> Error {
    Error::new(
        Kind::State,
        format!("the journal {} cannot {what}: {error}", path.display()),
    )
}

fn damaged(path: &Path, why: &str) -> Error {
    Error::new(Kind::State, format!("the journal {} {why}", path.display()))
        .hint("verify the links it may be about, then move it away: applink verify")
}

#[cfg(test)]
#[path = "journal_tests.rs"]
mod tests;
