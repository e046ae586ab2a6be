//! One changing command at a time: an advisory lock that the operating system frees when its
//! holder dies, in a file that says who the holder is.

use std::any::Any;
use std::fmt;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::error::StateError;
use super::holder::LockHolder;
use super::paths::Paths;
use crate::fs::{self, FileAction, FileError, Rules};

/// How often a waiting run tries again.
const POLL: Duration = Duration::from_millis(25);
/// More than this is not a holder's line.
const LONGEST: u64 = 8 * 1024;

/// The right to change one state, until it is dropped.
pub struct Guard {
    of: PathBuf,
    _hold: Box<dyn Any + Send + Sync>,
}

impl fmt::Debug for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Guard").field(&self.of).finish()
    }
}

impl Guard {
    /// A guard over the state of that name, held as long as `hold` lives.
    pub fn new(of: impl Into<PathBuf>, hold: impl Any + Send + Sync) -> Self {
        Self {
            of: of.into(),
            _hold: Box::new(hold),
        }
    }

    /// The state that it guards.
    pub fn of(&self) -> &Path {
        &self.of
    }
}

/// The locked file. On a normal end the name of the holder goes before the lock does; after a
/// crash it stays, harmless, until the next holder overwrites it. The file itself is never
/// removed: a waiting run may have it open, and would then lock a file that nobody else sees.
struct LockedFile(File);

impl Drop for LockedFile {
    fn drop(&mut self) {
        let _ = self.0.set_len(0);
        let _ = self.0.unlock();
    }
}

/// Takes the lock, waiting at most `wait`; `say` is called once when there is a wait.
pub(super) fn acquire(
    paths: &Paths,
    command: &str,
    wait: Duration,
    say: &mut dyn FnMut(Option<&LockHolder>),
) -> Result<Guard, StateError> {
    let path = paths.lock();
    let mut file = open(&path)?;
    let start = Instant::now();
    let mut said = false;
    loop {
        match file.try_lock() {
            Ok(()) => break,
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(error)) => {
                return Err(StateError::io("lock", &path)(error));
            }
        }
        let waited = start.elapsed();
        if waited >= wait {
            return Err(StateError::Locked {
                path: paths.state().to_owned(),
                holder: read_holder(&mut file).map(Box::new),
                waited,
            });
        }
        if !said {
            said = true;
            say(read_holder(&mut file).as_ref());
        }
        std::thread::sleep(POLL.min(wait.saturating_sub(waited)));
    }
    let line = serde_json::to_string(&LockHolder::this_process(command))
        .map_err(|error| StateError::Invalid(error.to_string()))?;
    let locked = LockedFile(file);
    let mut file = &locked.0;
    file.set_len(0)
        .and_then(|()| file.rewind())
        .and_then(|()| file.write_all(line.as_bytes()))
        .map_err(StateError::io("write the lock", &path))?;
    Ok(Guard::new(paths.state(), locked))
}

/// Opens the lock file. Its content is replaced, so it must be nobody else's file under another
/// name.
fn open(path: &Path) -> Result<File, StateError> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).truncate(false);
    let reason = match fs::open_or_create(path, &mut options) {
        Ok((file, meta)) if meta.is_file() => return Ok(file),
        Ok(_) => "the lock is not a regular file".to_owned(),
        Err(FileError::Io(FileAction::Open, error)) => {
            return Err(StateError::io("open the lock", path)(error));
        }
        Err(FileError::Io(_, error)) => {
            return Err(StateError::io("look at the lock", path)(error));
        }
        Err(FileError::Owner { .. }) => "the lock belongs to somebody else".to_owned(),
        Err(error) => format!("the lock {error}"),
    };
    Err(StateError::Unsafe {
        path: path.to_owned(),
        reason,
        hint: None,
    })
}

/// Who else holds the lock right now, in words. Nothing is waited for, and nothing made.
pub(super) fn other_holder(paths: &Paths) -> Option<String> {
    const RULES: Rules = Rules {
        forbidden: None,
        largest: u64::MAX,
        follow_links: false,
        mounted: false,
    };
    let (mut file, _) = fs::open(&paths.lock(), &RULES).ok()?;
    match file.try_lock_shared() {
        Err(TryLockError::WouldBlock) => {}
        Ok(()) | Err(TryLockError::Error(_)) => return None,
    }
    let holder = read_holder(&mut file);
    if holder
        .as_ref()
        .is_some_and(|one| one.pid == std::process::id())
    {
        return None;
    }
    Some(LockHolder::describe(holder.as_ref()))
}

/// Reads who holds the lock; the holder may be writing that very line, so nothing is an error.
fn read_holder(file: &mut File) -> Option<LockHolder> {
    let mut line = String::new();
    file.rewind().ok()?;
    file.take(LONGEST).read_to_string(&mut line).ok()?;
    serde_json::from_str(&line).ok()
}
