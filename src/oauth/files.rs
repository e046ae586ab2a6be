//! Key files: written so that a private key is nobody else's at any moment, and read only when
//! it still is.

use std::fs::{self, DirBuilder, File, Metadata, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{
    DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _,
};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::fs::OFlags;
use zeroize::Zeroizing;

use super::error::KeyFault;
use crate::domain::chmod;
use crate::error::without_path;

/// No key file is as long, not even one with a chain of certificates behind the key.
const LONGEST: usize = 256 * 1024;
/// For its owner only.
const PRIVATE: u32 = 0o600;
/// For everybody to read, as far as the umask allows.
const PUBLIC: u32 = 0o644;
/// How a file is called that is not whole yet.
const ASIDE: &str = ".secret-";
/// What is older was left by a run that was killed.
const LEFT: Duration = Duration::from_secs(600);
/// What keeps a directory of secrets out of repositories.
const IGNORE: (&str, &str) = (".gitignore", "*\n");

/// A key file, and who else may read or replace it.
pub struct KeyFile {
    /// What is in it.
    pub bytes: Zeroizing<Vec<u8>>,
    meta: Metadata,
}

/// Reads a key file; whose it is matters only when a private key is in it: see
/// [`KeyFile::check_private`]. Symbolic links are followed, since that is how secrets are mounted
/// into containers: the file at their end is what is judged.
pub fn read(path: &Path) -> Result<KeyFile, KeyFault> {
    // Opening a device may do something, so what it is comes first; and neither a pipe nor a
    // device that took its place since may keep us waiting.
    check_kind(&fs::metadata(path).map_err(io("opened"))?)?;
    let file = OpenOptions::new()
        .read(true)
        .custom_flags(OFlags::NONBLOCK.bits().cast_signed())
        .open(path)
        .map_err(io("opened"))?;
    let meta = file.metadata().map_err(io("looked at"))?;
    check_kind(&meta)?;
    if meta.len() > LONGEST as u64 {
        return Err(KeyFault::TooLong);
    }
    // Once, and large enough: a buffer that grows leaves copies behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST + 1));
    file.take(LONGEST as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(io("read"))?;
    if bytes.len() > LONGEST {
        return Err(KeyFault::TooLong);
    }
    Ok(KeyFile { bytes, meta })
}

fn check_kind(meta: &Metadata) -> Result<(), KeyFault> {
    if meta.is_file() {
        Ok(())
    } else {
        Err(io("read")(io::Error::other("it is not a regular file")))
    }
}

impl KeyFile {
    /// Refuses a private key that somebody else can read, or can have put there.
    pub fn check_private(&self, path: &Path) -> Result<(), KeyFault> {
        const OTHERS: u32 = 0o077;
        check_directory(directory_of(path))?;
        let me = rustix::process::geteuid().as_raw();
        if self.meta.uid() != me {
            return Err(KeyFault::Unsafe {
                reason: format!(
                    "it holds a private key and belongs to user {}, not to user {me}",
                    self.meta.uid()
                ),
                hint: "use a copy of your own, with mode 0600".to_owned(),
            });
        }
        if self.meta.mode() & OTHERS != 0 {
            return Err(KeyFault::Unsafe {
                reason: format!(
                    "it holds a private key that others can read (mode {:04o})",
                    self.meta.mode() & 0o7777
                ),
                hint: format!("if nobody can have read it: {}", chmod("600", path)),
            });
        }
        Ok(())
    }
}

/// Writes a private key to a new file of mode 0600. It is on the disk, name and content, when
/// this returns: only then its public half may be shown to anybody.
pub fn create_private(path: &Path, pem: &str) -> Result<(), KeyFault> {
    create(path, pem.as_bytes(), PRIVATE)
}

/// Writes a secret to a file of mode 0600, in the place of an older one, which is there whole until
/// the new one is.
pub fn replace_private(path: &Path, text: &str) -> Result<(), KeyFault> {
    let directory = directory_of(path);
    check_directory(directory)?;
    let replace = || -> io::Result<()> {
        // A temporary file is made with mode 0600.
        let mut file = tempfile::Builder::new()
            .prefix(ASIDE)
            .tempfile_in(directory)
            .map_err(without_path)?;
        file.write_all(text.as_bytes())?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(|error| error.error)?;
        flush_directory(directory)
    };
    replace().map_err(io("written"))
}

/// Writes something public to a new file.
pub fn create_public(path: &Path, text: &str) -> Result<(), KeyFault> {
    create(path, text.as_bytes(), PUBLIC)
}

/// Whether a new file can have this name, as far as that can be seen without making it.
pub fn check_free(path: &Path) -> Result<(), KeyFault> {
    check_directory(directory_of(path))?;
    match fs::symlink_metadata(path) {
        Ok(meta) => Err(exists(&meta)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(io("looked at")(error)),
    }
}

/// Whether a file can be put in the place of that one, as far as that can be tried before.
pub fn check_writable(path: &Path) -> Result<(), KeyFault> {
    let directory = directory_of(path);
    check_directory(directory)?;
    tempfile::Builder::new()
        .prefix(ASIDE)
        .tempfile_in(directory)
        .map(drop)
        .map_err(without_path)
        .map_err(io("made"))
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
pub fn make_directory(directory: &Path) -> Result<(), KeyFault> {
    const NOT_MINE: u32 = 0o077;
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(directory)
        .map_err(io("made"))?;
    let meta = fs::symlink_metadata(directory).map_err(io("looked at"))?;
    let me = rustix::process::geteuid().as_raw();
    if !meta.is_dir() || meta.uid() != me || meta.mode() & NOT_MINE != 0 {
        return Err(KeyFault::Unsafe {
            reason: "the directory of private keys is not this user's alone".to_owned(),
            hint: format!("if it is your own: {}", chmod("700", directory)),
        });
    }
    let (name, text) = IGNORE;
    match create(&directory.join(name), text.as_bytes(), PRIVATE) {
        // It is there already, and may say more.
        Ok(()) | Err(KeyFault::Exists(_)) => {}
        Err(fault) => return Err(fault),
    }
    tidy(directory);
    flush_directory(directory_of(directory)).map_err(io("flushed"))
}

/// A new file has its name when it is whole and on the disk: a crash leaves no half of one in the
/// way of the next attempt.
fn create(path: &Path, bytes: &[u8], mode: u32) -> Result<(), KeyFault> {
    let directory = directory_of(path);
    check_free(path)?;
    let file = tempfile::Builder::new()
        .prefix(ASIDE)
        .permissions(fs::Permissions::from_mode(mode))
        .tempfile_in(directory)
        .map_err(without_path)
        .map_err(io("made"))?;
    fill(file.as_file(), bytes, mode).map_err(io("written"))?;
    // Neither an existing file nor what a symbolic link names is ever written.
    match file.persist_noclobber(path) {
        Ok(_) => {}
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => {
            return Err(
                fs::symlink_metadata(path).map_or_else(io("looked at"), |meta| exists(&meta))
            );
        }
        Err(error) => return Err(io("made")(error.error)),
    }
    flush_directory(directory).map_err(|error| {
        // Who is told that there is none looks for none.
        let _ = fs::remove_file(path);
        io("written")(error)
    })
}

/// Removes what runs that were killed have left half written; what is young may be another run's
/// that goes on.
fn tidy(directory: &Path) {
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        let is_aside = entry
            .file_name()
            .to_str()
            .is_some_and(|name| name.starts_with(ASIDE));
        let is_old = || {
            let made = entry.metadata().and_then(|meta| meta.modified());
            made.is_ok_and(|made| made.elapsed().is_ok_and(|age| age > LEFT))
        };
        if is_aside && is_old() {
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn fill(mut file: &File, bytes: &[u8], mode: u32) -> io::Result<()> {
    if mode == PRIVATE {
        // The mode it was made with only ever loses bits, through an odd umask.
        file.set_permissions(fs::Permissions::from_mode(mode))?;
    }
    file.write_all(bytes)?;
    file.sync_all()
}

fn exists(meta: &Metadata) -> KeyFault {
    KeyFault::Exists(if meta.is_symlink() {
        "a symbolic link"
    } else if meta.is_dir() {
        "a directory"
    } else {
        "a file"
    })
}

/// Refuses a directory in which anybody may replace what was written.
fn check_directory(directory: &Path) -> Result<(), KeyFault> {
    const OTHERS_WRITE: u32 = 0o002;
    const STICKY: u32 = 0o1000;
    let meta = fs::metadata(directory).map_err(|error| {
        let what = format!(
            "there is no directory for it ({}): {error}",
            directory.display()
        );
        io("made")(io::Error::new(error.kind(), what))
    })?;
    if meta.is_dir() && meta.mode() & OTHERS_WRITE != 0 && meta.mode() & STICKY == 0 {
        return Err(KeyFault::Unsafe {
            reason: format!(
                "everybody may replace files in its directory ({})",
                directory.display()
            ),
            hint: format!(
                "choose another directory, or close it to others: {}",
                chmod("o-w", directory)
            ),
        });
    }
    Ok(())
}

fn directory_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// Makes a new name durable. Some file systems have nothing to flush in a directory, and say so.
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

fn io(doing: &'static str) -> impl FnOnce(io::Error) -> KeyFault {
    move |error| KeyFault::Io { doing, error }
}
