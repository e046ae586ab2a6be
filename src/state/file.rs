//! Reading the files of a state, and replacing one together with its backup.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::error::StateError;
use super::paths::Paths;
use crate::domain::chmod;
use crate::fs::{self, FileAction, FileError, PRIVATE, PendingFile, Rules};

/// No file of applink is as long as this; a longer one is refused before it is read.
pub(super) const LARGEST: u64 = 64 * 1024 * 1024;
/// What a file of the state must be like. It names programs to run, so no other user may write it.
const RULES: Rules = Rules {
    forbidden: Some(fs::OTHERS_WRITE),
    largest: LARGEST,
    follow_links: false,
    mounted: false,
};
/// As many links to links as the kernel would follow.
const MOST_LINKS: usize = 40;
/// Nobody takes as long to write a cache.
const ABANDONED: Duration = Duration::from_secs(60 * 60);

/// Where a path leads in the end: the target of a symbolic link, existing or not, else itself.
pub(super) fn resolve(path: &Path) -> Result<PathBuf, StateError> {
    let mut path = std::path::absolute(path).map_err(StateError::io("find", path))?;
    for _ in 0..MOST_LINKS {
        if !path.is_symlink() {
            return Ok(path);
        }
        let target = path.read_link().map_err(StateError::io("follow", &path))?;
        path = path.parent().unwrap_or(Path::new("/")).join(target);
    }
    Err(StateError::Unsafe {
        path,
        reason: "too many symbolic links".to_owned(),
        hint: None,
    })
}

/// Refuses a directory in which anybody may replace files; a missing one is not refused.
pub(super) fn check_directory(directory: &Path) -> Result<(), StateError> {
    match fs::check_directory(directory) {
        Err(error) if !error.is_missing() => Err(from_file_error(directory, error)),
        _ => Ok(()),
    }
}

/// Makes a directory, and those above it, for this user only.
pub(super) fn make_directory(directory: &Path) -> Result<(), StateError> {
    fs::make_directory(directory).map_err(StateError::io("make the directory", directory))
}

/// Reads a file whole if it is a regular one of this user that no other user can write; `None`
/// when there is none.
pub(super) fn read(path: &Path) -> Result<Option<Vec<u8>>, StateError> {
    match fs::read(path, &RULES) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.is_missing() => Ok(None),
        Err(error) => Err(from_file_error(path, error)),
    }
}

/// Why the file or directory of that name is not used.
fn from_file_error(path: &Path, error: FileError) -> StateError {
    let (reason, hint) = match error {
        FileError::Io(FileAction::Create, error) => {
            return StateError::io("make a temporary file in", fs::parent(path))(error);
        }
        FileError::Io(action, error) => return StateError::io(doing(action), path)(error),
        FileError::TooLarge => {
            return StateError::Unreadable {
                path: path.to_owned(),
                at: None,
                message: format!("it is larger than {} MiB", LARGEST / 1024 / 1024),
                backup: None,
            };
        }
        FileError::OpenDirectory => (
            "everybody may put files into this directory".to_owned(),
            Some(format!("close it to others: {}", chmod("o-w", path))),
        ),
        FileError::Mode(mode) => (
            format!("others can write it (mode {mode:04o})"),
            Some(format!(
                "look at what it says, then close it to others: {}",
                chmod("600", path)
            )),
        ),
        FileError::Owner { .. } => (
            format!("it {error}"),
            Some("a state names programs to run, so only one's own is used".to_owned()),
        ),
        other => (format!("it {other}"), None),
    };
    StateError::Unsafe {
        path: path.to_owned(),
        reason,
        hint,
    }
}

fn doing(action: FileAction) -> &'static str {
    match action {
        FileAction::Find | FileAction::Inspect => "look at",
        FileAction::Open => "open",
        FileAction::Read => "read",
        FileAction::Protect => "protect",
        FileAction::Create | FileAction::Write => "write",
        FileAction::Flush => "flush",
        FileAction::Rename => "rename to",
        FileAction::FlushDirectory => "flush the directory of",
    }
}

/// The steps of replacing a file, in their order; each is named after it was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum WriteStep {
    /// There is an empty temporary file.
    Created,
    /// It has the new content.
    Written,
    /// The new content is on the disk.
    Flushed,
    /// The old content is kept as the backup.
    BackedUp,
    /// The new content has the name.
    Renamed,
    /// The name is on the disk.
    DirectoryFlushed,
}

/// What is told of each step; an error ends the sequence there.
pub(super) type Watch<'a> = &'a mut dyn FnMut(WriteStep) -> io::Result<()>;

/// Gives `path` a new content, all or nothing, mode 0600 from the beginning. `backup` is a
/// second file and its content, replaced likewise before the first one is.
pub(super) fn replace(
    path: &Path,
    bytes: &[u8],
    backup: Option<(&Path, &[u8])>,
    watch: Watch<'_>,
) -> Result<(), StateError> {
    let mut step = |step| watch(step).map_err(StateError::io("replace", path));
    let failed = |error| from_file_error(path, error);
    let mut new = PendingFile::create(path, PRIVATE).map_err(failed)?;
    step(WriteStep::Created)?;
    new.write(bytes).map_err(failed)?;
    step(WriteStep::Written)?;
    new.flush().map_err(failed)?;
    step(WriteStep::Flushed)?;
    if let Some((backup, old)) = backup {
        PendingFile::with(backup, old, PRIVATE)
            .and_then(PendingFile::replace)
            .map_err(|error| StateError::io("write the backup", backup)(error.into_io()))?;
        step(WriteStep::BackedUp)?;
    }
    new.replace().map_err(failed)?;
    step(WriteStep::Renamed)?;
    fs::flush_directory(fs::parent(path))
        .map_err(StateError::io(doing(FileAction::FlushDirectory), path))?;
    step(WriteStep::DirectoryFlushed)
}

/// Removes what crashed runs left of their temporary files. Only for the holder of the lock. The
/// cache is written without it, so what may still be in the hands of another run stays.
pub(super) fn remove_leftovers(paths: &Paths) {
    let (backup, cache) = (paths.backup(), paths.cache());
    for (path, age) in [
        (paths.state(), None),
        (backup.as_path(), None),
        (cache.as_path(), Some(ABANDONED)),
    ] {
        fs::remove_leftovers(paths.directory(), path.file_name(), age);
    }
}
