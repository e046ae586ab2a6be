//! Opening and reading files that another user may have replaced by something else.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use rustix::fs::OFlags;

use super::check::{check_one_name, check_owner, check_regular, is_mounted_secret};
use super::error::{FileAction, FileError};
use super::write::PRIVATE;

/// What a file must be like to be read.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// The permissions that others must not have; `None` where its owner and mode do not matter.
    pub forbidden: Option<u32>,
    /// The most bytes that it may have.
    pub largest: u64,
    /// Whether a symbolic link is followed, and the file at its end judged.
    pub follow_links: bool,
    /// Whether a read-only file that is mounted for a group of this process is taken.
    pub mounted: bool,
}

impl Rules {
    fn check(&self, meta: &Metadata) -> Result<(), FileError> {
        check_regular(meta)?;
        if let Some(forbidden) = self.forbidden
            && !(self.mounted && is_mounted_secret(meta))
        {
            check_owner(meta, forbidden)?;
        }
        if meta.len() > self.largest {
            return Err(FileError::TooLarge);
        }
        Ok(())
    }
}

/// Opens a regular file for reading. Never blocks, on a pipe for example.
pub fn open(path: &Path, rules: &Rules) -> Result<(File, Metadata), FileError> {
    // Opening a device may do something, so its kind is checked first. The check is repeated on the
    // opened file, since it can be another one by then.
    let found = if rules.follow_links {
        fs::metadata(path)
    } else {
        fs::symlink_metadata(path)
    };
    rules.check(&found.map_err(FileAction::Find.failed())?)?;
    let mut flags = OFlags::NONBLOCK;
    flags.set(OFlags::NOFOLLOW, !rules.follow_links);
    let file = OpenOptions::new()
        .read(true)
        .custom_flags(flags.bits().cast_signed())
        .open(path)
        .map_err(FileAction::Open.failed())?;
    let meta = file.metadata().map_err(FileAction::Inspect.failed())?;
    rules.check(&meta)?;
    Ok((file, meta))
}

/// Reads a regular file whole.
pub fn read(path: &Path, rules: &Rules) -> Result<Vec<u8>, FileError> {
    let (file, meta) = open(path, rules)?;
    let mut bytes = Vec::with_capacity(usize::try_from(meta.len()).unwrap_or(0));
    read_bounded(&file, rules.largest, &mut bytes)?;
    Ok(bytes)
}

/// Reads to the end of a file that may grow meanwhile.
pub fn read_bounded(file: &File, largest: u64, bytes: &mut Vec<u8>) -> Result<(), FileError> {
    file.take(largest.saturating_add(1))
        .read_to_end(bytes)
        .map_err(FileAction::Read.failed())?;
    if bytes.len() as u64 > largest {
        return Err(FileError::TooLarge);
    }
    Ok(())
}

/// Opens a file to write in the ways that `options` name, and makes it for its owner only where it
/// is missing. Never follows a symbolic link, never blocks. A regular file must belong to this user
/// and have no second name; whether a device will do is for the caller to say.
pub fn open_or_create(
    path: &Path,
    options: &mut OpenOptions,
) -> Result<(File, Metadata), FileError> {
    let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits();
    let file = options
        .create(true)
        .mode(PRIVATE)
        .custom_flags(flags.cast_signed())
        .open(path)
        .map_err(FileAction::Open.failed())?;
    let meta = file.metadata().map_err(FileAction::Inspect.failed())?;
    if meta.is_file() {
        check_owner(&meta, 0)?;
        check_one_name(&meta)?;
    }
    Ok((file, meta))
}

/// Makes a new file, for its owner only, that gets lines at its end.
pub fn create_log(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .append(true)
        .create_new(true)
        .mode(PRIVATE)
        .open(path)
}
