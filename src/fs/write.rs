//! Writing a file so that it is never seen in part: the content gets its name when it is whole and
//! on the disk.

use std::ffi::{OsStr, OsString};
use std::fs::{self, DirBuilder, DirEntry, File, Permissions};
use std::io::{self, Write as _};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::NamedTempFile;

use super::check::{kind, parent};
use super::error::{FileAction, FileError};

/// The mode of a file for its owner only.
pub const PRIVATE: u32 = 0o600;
/// The mode of a file that everybody may read, as far as the umask allows.
pub const PUBLIC: u32 = 0o644;

/// How the names of temporary files end, after that many random characters.
const SUFFIX: &str = ".tmp";
const RANDOM: usize = 6;
/// That many bytes of a file's name are in the names of its temporary files: all of them have to
/// fit into 255 bytes.
const LONGEST_NAME: usize = 200;

/// A new content that does not have its name yet. It vanishes if it never gets it.
#[derive(Debug)]
pub struct PendingFile {
    file: NamedTempFile,
    path: PathBuf,
}

impl PendingFile {
    /// An empty temporary file beside `path`.
    pub fn create(path: &Path, mode: u32) -> Result<Self, FileError> {
        let mode_bits = Permissions::from_mode(mode);
        let file = tempfile::Builder::new()
            .prefix(&prefix(path.file_name().unwrap_or_default()))
            .suffix(SUFFIX)
            .rand_bytes(RANDOM)
            .permissions(mode_bits.clone())
            .tempfile_in(parent(path))
            .map_err(without_path)
            .map_err(FileAction::Create.failed())?;
        if mode == PRIVATE {
            // The mode above only ever loses bits, through an odd umask.
            file.as_file()
                .set_permissions(mode_bits)
                .map_err(FileAction::Protect.failed())?;
        }
        Ok(Self {
            file,
            path: path.to_owned(),
        })
    }

    /// The whole content, on the disk in a temporary file beside `path`.
    pub fn with(path: &Path, bytes: &[u8], mode: u32) -> Result<Self, FileError> {
        let mut pending = Self::create(path, mode)?;
        pending.write(bytes)?;
        pending.flush()?;
        Ok(pending)
    }

    /// Appends to the content.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), FileError> {
        self.file
            .write_all(bytes)
            .map_err(FileAction::Write.failed())
    }

    /// Puts the content on the disk.
    pub fn flush(&self) -> Result<(), FileError> {
        let file = self.file.as_file();
        file.sync_all().map_err(FileAction::Flush.failed())
    }

    /// Gives the content its name, in the place of a file or symbolic link that has it.
    pub fn replace(self) -> Result<(), FileError> {
        match self.file.persist(&self.path) {
            Ok(_) => Ok(()),
            Err(failed) => Err(FileError::Io(FileAction::Rename, failed.error)),
        }
    }

    /// Gives the content its name, unless that is taken.
    pub fn claim(self) -> Result<(), FileError> {
        let error = match self.file.persist_noclobber(&self.path) {
            Ok(_) => return Ok(()),
            Err(failed) => failed.error,
        };
        if error.kind() != io::ErrorKind::AlreadyExists {
            return Err(FileError::Io(FileAction::Rename, error));
        }
        check_free(&self.path)?;
        // The file that had the name is gone by now.
        Err(FileError::Io(FileAction::Rename, error))
    }
}

/// Refuses the name of a new file that is taken, by a broken symbolic link too.
pub fn check_free(path: &Path) -> Result<(), FileError> {
    match fs::symlink_metadata(path) {
        Ok(meta) => Err(FileError::Exists(kind(&meta))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(FileError::Io(FileAction::Inspect, error)),
    }
}

/// Gives `path` a new content, all or nothing: on the disk, content and name, when this returns.
pub fn write_atomic(path: &Path, bytes: &[u8], mode: u32) -> Result<(), FileError> {
    PendingFile::with(path, bytes, mode)?.replace()?;
    flush_directory(parent(path)).map_err(FileAction::FlushDirectory.failed())
}

/// Makes a new file, whole and on the disk when this returns. No other file is ever written: not
/// an existing one, and not the target of a symbolic link.
pub fn create_new(path: &Path, bytes: &[u8], mode: u32) -> Result<(), FileError> {
    PendingFile::with(path, bytes, mode)?.claim()?;
    flush_directory(parent(path)).map_err(|error| {
        // The caller reports a failure, so no file may be left.
        let _ = fs::remove_file(path);
        FileError::Io(FileAction::FlushDirectory, error)
    })
}

/// Makes a new or removed name durable. Some file systems cannot flush a directory, and say so.
pub fn flush_directory(directory: &Path) -> io::Result<()> {
    match File::open(directory)?.sync_all() {
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported
            ) =>
        {
            Ok(())
        }
        other => other,
    }
}

/// Makes a directory, and those above it, for this user only.
pub fn make_directory(directory: &Path) -> io::Result<()> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(directory)
}

/// Removes the temporary files that killed runs have left in a directory: those of the file that
/// has this name, or of all files. Younger ones than `age` may be another run's that goes on.
pub fn remove_leftovers(directory: &Path, of: Option<&OsStr>, age: Option<Duration>) {
    let is_old = |entry: &DirEntry| {
        age.is_none_or(|age| {
            let modified = entry.metadata().and_then(|meta| meta.modified());
            modified.is_ok_and(|time| time.elapsed().is_ok_and(|passed| passed > age))
        })
    };
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        if is_temporary(&entry.file_name(), of)
            && is_old(&entry)
            && entry.file_type().is_ok_and(|kind| kind.is_file())
        {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Whether a temporary file has this name: one for the file of that name, or for any.
fn is_temporary(name: &OsStr, of: Option<&OsStr>) -> bool {
    let Some(rest) = name.as_bytes().strip_suffix(SUFFIX.as_bytes()) else {
        return false;
    };
    let Some((start, random)) = rest.split_last_chunk::<RANDOM>() else {
        return false;
    };
    let is_start = match of {
        Some(file) => start == prefix(file).as_bytes(),
        None => start.len() > 2 && start.starts_with(b".") && start.ends_with(b"."),
    };
    is_start && random.iter().all(u8::is_ascii_alphanumeric)
}

fn prefix(name: &OsStr) -> OsString {
    let bytes = name.as_bytes();
    let start = bytes.get(..LONGEST_NAME).unwrap_or(bytes);
    let mut prefix = OsString::from(".");
    prefix.push(OsStr::from_bytes(start));
    prefix.push(".");
    prefix
}

/// The error without the name of a temporary file, which tells a user nothing.
fn without_path(error: io::Error) -> io::Error {
    let text = error.to_string();
    match text.split_once(" at path ") {
        Some((why, _)) => io::Error::new(error.kind(), why),
        None => error,
    }
}
