//! Files that a command writes on request: only a file of the same kind is replaced.

use std::fs;
use std::io::{self, Read as _};
use std::path::Path;

use crate::error::{Error, Result};
use crate::fs::{FileError, PRIVATE, PendingFile};

/// Refuses to put a file in the place of what may be somebody's work, before anything is asked: only
/// what is not there, empty, or begins like a file of the same kind is replaced.
pub(crate) fn may_replace(path: &Path, kind: &str, mark: &str) -> Result<()> {
    const BEGINNING: u64 = 1024;
    let refused = |why: &str| {
        Error::refused(format!("{} {why}, and is left alone", path.display()))
            .hint("remove it, or name another file")
    };
    let Ok(there) = fs::metadata(path) else {
        return Ok(());
    };
    if !there.is_file() {
        return Err(refused("is no regular file"));
    }
    let mut beginning = Vec::new();
    // An unreadable file is not known to be of that kind.
    let read =
        fs::File::open(path).and_then(|file| file.take(BEGINNING).read_to_end(&mut beginning));
    let is_own = read.is_ok() && String::from_utf8_lossy(&beginning).contains(mark);
    if there.len() > 0 && !is_own {
        return Err(refused(&format!("exists and is no {kind} of applink")));
    }
    Ok(())
}

/// Puts a file in the place of whatever has that name, a symbolic link included. It is nobody
/// else's to read at any moment, and never there in part.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    PendingFile::with(path, bytes, PRIVATE)
        .and_then(PendingFile::replace)
        .map_err(FileError::into_io)
}
