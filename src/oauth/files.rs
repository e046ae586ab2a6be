//! Reads and writes key files so that only their owner can ever read a private key.

use std::fs::Metadata;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use zeroize::Zeroizing;

use super::error::KeyError;
use crate::domain::chmod;
use crate::fs::{self, FileAction, FileError, PRIVATE, PUBLIC, PendingFile, Rules};

/// No key file is as long, not even one with a chain of certificates behind the key.
const LONGEST: usize = 256 * 1024;
/// Older temporary files were left by a run that was killed.
const ABANDONED: Duration = Duration::from_secs(600);
/// Symbolic links are followed, since that is how secrets are mounted into containers: the file at
/// their end is judged.
const RULES: Rules = Rules {
    forbidden: None,
    largest: LONGEST as u64,
    follow_links: true,
    mounted: false,
};
/// What keeps a directory of secrets out of repositories.
const IGNORE: (&str, &str) = (".gitignore", "*\n");

/// A key file, and who else may read or replace it.
pub struct KeyFile {
    /// What is in it.
    pub bytes: Zeroizing<Vec<u8>>,
    meta: Metadata,
}

/// Reads a key file. Its owner matters only when a private key is in it: see
/// [`KeyFile::check_private`].
pub fn read(path: &Path) -> Result<KeyFile, KeyError> {
    let (file, meta) = fs::open(path, &RULES).map_err(fault)?;
    // Once, and large enough: a buffer that grows leaves copies behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST + 1));
    fs::read_bounded(&file, RULES.largest, &mut bytes).map_err(fault)?;
    Ok(KeyFile { bytes, meta })
}

impl KeyFile {
    /// Refuses a private key that another user can read, or can have put there.
    pub fn check_private(&self, path: &Path) -> Result<(), KeyError> {
        check_directory(path)?;
        let (reason, hint) = match fs::check_owner(&self.meta, fs::OTHERS) {
            Err(FileError::Owner { owner, user }) => (
                format!("it holds a private key and belongs to user {owner}, not to user {user}"),
                "use a copy of your own, with mode 0600".to_owned(),
            ),
            Err(FileError::Mode(mode)) => (
                format!("it holds a private key that others can read (mode {mode:04o})"),
                format!("if nobody can have read it: {}", chmod("600", path)),
            ),
            other => return other.map_err(fault),
        };
        Err(KeyError::Unsafe { reason, hint })
    }
}

/// Writes a private key to a new file of mode 0600. It is on the disk, name and content, when
/// this returns: only then its public half may be shown.
pub fn create_private(path: &Path, pem: &str) -> Result<(), KeyError> {
    create(path, pem.as_bytes(), PRIVATE)
}

/// Writes a secret to a file of mode 0600, in the place of an older one, which is there whole until
/// the new one is.
pub fn replace_private(path: &Path, bytes: &[u8]) -> Result<(), KeyError> {
    check_directory(path)?;
    fs::write_atomic(path, bytes, PRIVATE).map_err(|error| io("written")(error.into_io()))
}

/// Writes something public to a new file.
pub fn create_public(path: &Path, text: &str) -> Result<(), KeyError> {
    create(path, text.as_bytes(), PUBLIC)
}

/// Whether a new file can have this name, as far as that can be seen without making it.
pub fn check_free(path: &Path) -> Result<(), KeyError> {
    check_directory(path)?;
    fs::check_free(path).map_err(fault)
}

/// Whether a file can be put in the place of that one, as far as that can be tried before.
pub fn check_writable(path: &Path) -> Result<(), KeyError> {
    check_directory(path)?;
    PendingFile::create(path, PRIVATE).map(drop).map_err(fault)
}

/// The file of a private key in the directory of them. A name may hold anything, a file name only
/// what is harmless in every shell and directory.
pub fn place(directory: &Path, name: &str) -> PathBuf {
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') {
            c
        } else {
            '-'
        }
    };
    let name: String = name.chars().map(plain).collect();
    let name = name.trim_start_matches(['.', '-']);
    directory.join(format!(
        "{}.pem",
        if name.is_empty() { "key" } else { name }
    ))
}

/// Makes the directory of private keys where it is missing: for this user only, and never part of
/// a repository.
pub fn make_directory(directory: &Path) -> Result<(), KeyError> {
    fs::make_directory(directory).map_err(io("made"))?;
    let meta = directory.symlink_metadata().map_err(io("looked at"))?;
    if !meta.is_dir() || fs::check_owner(&meta, fs::OTHERS).is_err() {
        return Err(KeyError::Unsafe {
            reason: "the directory of private keys is not this user's alone".to_owned(),
            hint: format!("if it is your own: {}", chmod("700", directory)),
        });
    }
    let (name, text) = IGNORE;
    match create(&directory.join(name), text.as_bytes(), PRIVATE) {
        // It is there already, and may say more.
        Ok(()) | Err(KeyError::Exists(_)) => {}
        Err(fault) => return Err(fault),
    }
    fs::remove_leftovers(directory, None, Some(ABANDONED));
    fs::flush_directory(fs::parent(directory)).map_err(io("flushed"))
}

/// A new file has its name when it is whole and on the disk: a crash leaves no half of one in the
/// way of the next attempt.
fn create(path: &Path, bytes: &[u8], mode: u32) -> Result<(), KeyError> {
    check_free(path)?;
    fs::create_new(path, bytes, mode).map_err(fault)
}

/// Refuses a file in a directory in which every user may replace it.
fn check_directory(file: &Path) -> Result<(), KeyError> {
    let directory = fs::parent(file);
    match fs::check_directory(directory) {
        Err(FileError::OpenDirectory) => Err(KeyError::Unsafe {
            reason: format!(
                "everybody may replace files in its directory ({})",
                directory.display()
            ),
            hint: format!(
                "choose another directory, or close it to others: {}",
                chmod("o-w", directory)
            ),
        }),
        Err(FileError::Io(_, error)) => {
            let what = format!(
                "there is no directory for it ({}): {error}",
                directory.display()
            );
            Err(io("made")(io::Error::new(error.kind(), what)))
        }
        // Opening a file below another file fails later, and says so.
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Why the file is not used, in the words of key files.
fn fault(error: FileError) -> KeyError {
    match error {
        FileError::TooLarge => KeyError::TooLong,
        FileError::Exists(what) => KeyError::Exists(what),
        FileError::Io(action, error) => {
            let doing = match action {
                FileAction::Find | FileAction::Open => "opened",
                FileAction::Inspect => "looked at",
                FileAction::Read => "read",
                FileAction::Create | FileAction::Rename => "made",
                FileAction::Protect
                | FileAction::Write
                | FileAction::Flush
                | FileAction::FlushDirectory => "written",
            };
            io(doing)(error)
        }
        _ => io("read")(io::Error::other("it is not a regular file")),
    }
}

fn io(doing: &'static str) -> impl FnOnce(io::Error) -> KeyError {
    move |error| KeyError::Io { doing, error }
}
