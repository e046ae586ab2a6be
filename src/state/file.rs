//! Reading a file that somebody may have tampered with, and replacing one so that a crash leaves
//! the old content or the new one.

use std::ffi::OsString;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{
    DirBuilderExt as _, FileTypeExt as _, MetadataExt as _, OpenOptionsExt as _,
    PermissionsExt as _,
};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::fs::OFlags;

use super::error::StateError;
use super::paths::Paths;
use crate::domain::chmod;
use crate::error::without_path;

/// No file of applink is as long as this; a longer one is refused before it is read.
pub(super) const LARGEST: u64 = 64 * 1024 * 1024;
/// As many links to links as the kernel would follow.
const MOST_LINKS: usize = 40;
/// How the names of temporary files end, after so many random characters.
const TEMPORARY: &str = ".tmp";
const RANDOM: usize = 6;
/// Nobody takes as long to write a cache.
const ABANDONED: Duration = Duration::from_secs(60 * 60);

/// Where a path leads in the end: the target of a symbolic link, existing or not, else itself.
pub(super) fn resolve(path: &Path) -> Result<PathBuf, StateError> {
    let mut path = std::path::absolute(path).map_err(StateError::io("find", path))?;
    for _ in 0..MOST_LINKS {
        match fs::symlink_metadata(&path) {
            Ok(meta) if meta.is_symlink() => {
                let target = fs::read_link(&path).map_err(StateError::io("follow", &path))?;
                path = path.parent().unwrap_or(Path::new("/")).join(target);
            }
            _ => return Ok(path),
        }
    }
    Err(StateError::Unsafe {
        path,
        reason: "too many symbolic links".to_owned(),
        hint: None,
    })
}

/// Refuses a directory in which anybody may replace files. A missing one is not refused, nor one
/// that a group shares: there, another one's file still gives itself away by its owner.
pub(super) fn check_directory(directory: &Path) -> Result<(), StateError> {
    const OTHERS_WRITE: u32 = 0o002;
    const STICKY: u32 = 0o1000;
    let meta = match fs::metadata(directory) {
        Ok(meta) => meta,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(StateError::io("look at", directory)(error)),
    };
    if !meta.is_dir() {
        return Err(StateError::Unsafe {
            path: directory.to_owned(),
            reason: "it is not a directory".to_owned(),
            hint: None,
        });
    }
    if meta.mode() & OTHERS_WRITE != 0 && meta.mode() & STICKY == 0 {
        return Err(StateError::Unsafe {
            path: directory.to_owned(),
            reason: "everybody may put files into this directory".to_owned(),
            hint: Some(format!("close it to others: {}", chmod("o-w", directory))),
        });
    }
    Ok(())
}

/// Makes a directory, and those above it, for this user only.
pub(super) fn make_directory(directory: &Path) -> Result<(), StateError> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(directory)
        .map_err(StateError::io("make the directory", directory))
}

/// Reads a file whole if it is an ordinary one of this user that nobody else can write; `None`
/// when there is none. Never blocks, never follows a link in the last part of the path.
pub(super) fn read(path: &Path) -> Result<Option<Vec<u8>>, StateError> {
    // Opening a device may do something, so what it is comes first. The check is repeated on
    // the opened file, since it can be another one by then.
    match fs::symlink_metadata(path) {
        Ok(meta) => check_file(path, &meta)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(StateError::io("look at", path)(error)),
    }
    let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits();
    let file = match OpenOptions::new()
        .read(true)
        .custom_flags(flags.cast_signed())
        .open(path)
    {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(StateError::io("open", path)(error)),
    };
    let meta = file.metadata().map_err(StateError::io("look at", path))?;
    check_file(path, &meta)?;
    let mut bytes = Vec::with_capacity(usize::try_from(meta.len()).unwrap_or(0));
    file.take(LARGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(StateError::io("read", path))?;
    if bytes.len() as u64 > LARGEST {
        return Err(too_large(path));
    }
    Ok(Some(bytes))
}

fn too_large(path: &Path) -> StateError {
    StateError::Unreadable {
        path: path.to_owned(),
        at: None,
        message: format!("it is larger than {} MiB", LARGEST / 1024 / 1024),
        backup: None,
    }
}

fn check_file(path: &Path, meta: &fs::Metadata) -> Result<(), StateError> {
    const NOT_MINE_ALONE: u32 = 0o022;
    let refuse = |reason: String, hint: Option<&str>| {
        Err(StateError::Unsafe {
            path: path.to_owned(),
            reason,
            hint: hint.map(ToOwned::to_owned),
        })
    };
    let kind = meta.file_type();
    if !kind.is_file() {
        let what = if kind.is_dir() {
            "a directory"
        } else if kind.is_fifo() {
            "a pipe"
        } else if kind.is_socket() {
            "a socket"
        } else if kind.is_symlink() {
            "a symbolic link"
        } else {
            "a device"
        };
        return refuse(format!("it is {what} and not a file"), None);
    }
    let me = rustix::process::geteuid().as_raw();
    if meta.uid() != me {
        return refuse(
            format!("it belongs to user {} and not to user {me}", meta.uid()),
            Some("a state names programs to run, so only one's own is used"),
        );
    }
    if meta.mode() & NOT_MINE_ALONE != 0 {
        return refuse(
            format!("others can write it (mode {:04o})", meta.mode() & 0o7777),
            Some(&format!(
                "look at what it says, then close it to others: {}",
                chmod("600", path)
            )),
        );
    }
    if meta.len() > LARGEST {
        return Err(too_large(path));
    }
    Ok(())
}

/// The steps of replacing a file, in their order; each is named after it was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
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
pub(super) type Watch<'a> = &'a mut dyn FnMut(Step) -> io::Result<()>;

/// Gives `path` a new content, all or nothing, mode 0600 from the beginning. `backup` is a
/// second file and its content, replaced likewise before the first one is.
pub(super) fn replace(
    paths: &Paths,
    path: &Path,
    bytes: &[u8],
    backup: Option<(&Path, &[u8])>,
    watch: Watch<'_>,
) -> Result<(), StateError> {
    let directory = paths.directory();
    let mut step = |step| watch(step).map_err(StateError::io("replace", path));
    let mut temporary = temporary(path)?;
    step(Step::Created)?;
    temporary
        .write_all(bytes)
        .map_err(StateError::io("write", path))?;
    step(Step::Written)?;
    temporary
        .as_file()
        .sync_all()
        .map_err(StateError::io("flush", path))?;
    step(Step::Flushed)?;
    if let Some((backup, old)) = backup {
        let mut copy = self::temporary(path)?;
        copy.write_all(old)
            .and_then(|()| copy.as_file().sync_all())
            .map_err(StateError::io("write the backup", backup))?;
        copy.persist(backup)
            .map_err(|failed| StateError::io("rename to the backup", backup)(failed.error))?;
        step(Step::BackedUp)?;
    }
    temporary
        .persist(path)
        .map_err(|failed| StateError::io("rename to", path)(failed.error))?;
    step(Step::Renamed)?;
    flush_directory(directory).map_err(StateError::io("flush the directory of", path))?;
    step(Step::DirectoryFlushed)
}

/// A temporary file for a new content of `path`, beside it.
fn temporary(path: &Path) -> Result<tempfile::NamedTempFile, StateError> {
    let directory = path.parent().unwrap_or(Path::new("."));
    let mode = fs::Permissions::from_mode(0o600);
    let file = tempfile::Builder::new()
        .prefix(&temporary_prefix(path))
        .suffix(TEMPORARY)
        .rand_bytes(RANDOM)
        .permissions(mode.clone())
        .tempfile_in(directory)
        .map_err(without_path)
        .map_err(StateError::io("make a temporary file in", directory))?;
    // The mode above only ever loses bits, through an odd umask.
    file.as_file()
        .set_permissions(mode)
        .map_err(StateError::io("protect", file.path()))?;
    Ok(file)
}

fn temporary_prefix(path: &Path) -> OsString {
    let mut prefix = OsString::from(".");
    prefix.push(path.file_name().unwrap_or_default());
    prefix.push(".");
    prefix
}

/// Makes a rename durable. Some file systems have nothing to flush in a directory, and say so.
fn flush_directory(directory: &Path) -> io::Result<()> {
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

/// Removes what crashed runs left of their temporary files. Only for the holder of the lock. The
/// cache is written without it, so what may still be in the hands of another run stays.
pub(super) fn sweep(paths: &Paths) {
    let of_state = temporary_prefix(paths.state()).into_encoded_bytes();
    let of_cache = temporary_prefix(&paths.cache()).into_encoded_bytes();
    let Ok(entries) = fs::read_dir(paths.directory()) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name().into_encoded_bytes();
        let is_of = |prefix: &[u8]| {
            name.strip_prefix(prefix)
                .and_then(|rest| rest.strip_suffix(TEMPORARY.as_bytes()))
                .is_some_and(|random| {
                    random.len() == RANDOM && random.iter().all(u8::is_ascii_alphanumeric)
                })
        };
        let is_left = is_of(&of_state) || (is_of(&of_cache) && is_old(&entry));
        if is_left && entry.file_type().is_ok_and(|kind| kind.is_file()) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn is_old(entry: &fs::DirEntry) -> bool {
    entry
        .metadata()
        .and_then(|meta| meta.modified())
        .ok()
        .and_then(|modified| modified.elapsed().ok())
        .is_some_and(|age| age > ABANDONED)
}
