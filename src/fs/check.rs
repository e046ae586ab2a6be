//! Who else can read, write or replace a file.

use std::fs::{self, Metadata};
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};
use std::path::Path;

use super::error::{FileAction, FileError};

/// The permission of others to write.
pub const OTHERS_WRITE: u32 = 0o022;
/// The permissions of others to read and to write.
pub const OTHERS_READ_OR_WRITE: u32 = 0o066;
/// All permissions of others.
pub const OTHERS: u32 = 0o077;

/// Refuses a file or directory of another user, or one that gives others a forbidden permission.
pub fn check_owner(meta: &Metadata, forbidden: u32) -> Result<(), FileError> {
    let user = rustix::process::geteuid().as_raw();
    if meta.uid() != user {
        return Err(FileError::Owner {
            owner: meta.uid(),
            user,
        });
    }
    if meta.mode() & forbidden != 0 {
        return Err(FileError::Mode(meta.mode() & 0o7777));
    }
    Ok(())
}

/// Whether a file is mounted for this process: nobody can write it, and beside root only a group of
/// this process can read it. So Kubernetes mounts secrets with `fsGroup` and mode 0440.
pub(super) fn is_mounted_secret(meta: &Metadata) -> bool {
    if meta.mode() & 0o777 != 0o440 {
        return false;
    }
    let user = rustix::process::geteuid().as_raw();
    let is_own_group = |group: u32| {
        rustix::process::getegid().as_raw() == group
            || rustix::process::getgroups()
                .is_ok_and(|groups| groups.iter().any(|own| own.as_raw() == group))
    };
    (meta.uid() == 0 || meta.uid() == user) && is_own_group(meta.gid())
}

/// Refuses a file that has another name too: writing to it would change a file elsewhere.
pub(super) fn check_one_name(meta: &Metadata) -> Result<(), FileError> {
    if meta.nlink() > 1 {
        return Err(FileError::HardLink);
    }
    Ok(())
}

/// Refuses everything that is not a regular file.
pub(super) fn check_regular(meta: &Metadata) -> Result<(), FileError> {
    if meta.is_file() {
        Ok(())
    } else {
        Err(FileError::NotAFile(kind(meta)))
    }
}

/// What it is, with its article.
pub(super) fn kind(meta: &Metadata) -> &'static str {
    let kind = meta.file_type();
    if kind.is_file() {
        "a file"
    } else if kind.is_dir() {
        "a directory"
    } else if kind.is_fifo() {
        "a pipe"
    } else if kind.is_socket() {
        "a socket"
    } else if kind.is_symlink() {
        "a symbolic link"
    } else {
        "a device"
    }
}

/// Refuses a directory in which any user may replace files. One that a group shares is accepted:
/// there, the owner of a file still gives a foreign one away.
pub fn check_directory(directory: &Path) -> Result<(), FileError> {
    const ALL_WRITE: u32 = 0o002;
    const STICKY: u32 = 0o1000;
    let meta = fs::metadata(directory).map_err(FileAction::Find.failed())?;
    if !meta.is_dir() {
        return Err(FileError::NotADirectory);
    }
    if meta.mode() & ALL_WRITE != 0 && meta.mode() & STICKY == 0 {
        return Err(FileError::OpenDirectory);
    }
    Ok(())
}

/// The directory that a file is in.
pub fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}
