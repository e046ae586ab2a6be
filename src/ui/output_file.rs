//! Files that a command writes on request: only a file of the same kind is replaced.

use std::fs::{self, Permissions};
use std::io::{self, Read as _, Write as _};
use std::path::Path;

use crate::error::{Error, Result, without_path};

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
    // What cannot be read is not known to be of that kind.
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
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let mut builder = tempfile::Builder::new();
    builder.prefix(".applink-");
    #[cfg(unix)]
    let mode: Permissions = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    #[cfg(unix)]
    builder.permissions(mode);
    let mut file = builder.tempfile_in(directory).map_err(without_path)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map(drop).map_err(|error| error.error)
}
