//! One changing command at a time: an advisory lock that the operating system frees when its
//! holder dies, in a file that says who the holder is.

use std::any::Any;
use std::fmt;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use rustix::fs::OFlags;
use serde::{Deserialize, Serialize};

use super::error::StateError;
use super::paths::Paths;
use crate::domain::{moment, text};

/// How often a waiting run tries again.
const POLL: Duration = Duration::from_millis(25);
/// More than this is not a holder's line.
const LONGEST: u64 = 8 * 1024;

/// Who holds a lock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// Its process id, on its host.
    pub pid: u32,
    /// Its host.
    pub host: String,
    /// Its user.
    pub user: String,
    /// Since when.
    pub since: Timestamp,
    /// What it runs; never with a secret.
    pub command: String,
}

impl Holder {
    /// This process.
    fn here(command: &str) -> Self {
        let host = rustix::system::uname();
        let user = std::env::var("USER")
            .ok()
            .filter(|name| !name.is_empty())
            .unwrap_or_else(|| format!("uid {}", rustix::process::getuid().as_raw()));
        Self {
            pid: std::process::id(),
            host: host.nodename().to_string_lossy().into_owned(),
            user,
            since: Timestamp::now(),
            command: command.to_owned(),
        }
    }

    pub(super) fn describe(holder: Option<&Self>) -> String {
        holder.map_or_else(
            || "another process, which did not say who it is".to_owned(),
            ToString::to_string,
        )
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "process {} of {} on {} since {}: {}",
            self.pid,
            text::clean(&self.user),
            text::clean(&self.host),
            moment(self.since),
            text::excerpt(&self.command, 200)
        )
    }
}

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
struct Held(File);

impl Drop for Held {
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
    say: &mut dyn FnMut(Option<&Holder>),
) -> Result<Guard, StateError> {
    let path = paths.lock();
    let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits();
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .custom_flags(flags.cast_signed())
        .open(&path)
        .map_err(StateError::io("open the lock", &path))?;
    let meta = file
        .metadata()
        .map_err(StateError::io("look at the lock", &path))?;
    // Its content is replaced: it must be nobody else's file under another name.
    let reason = if !meta.is_file() {
        Some("the lock is not a regular file")
    } else if meta.uid() != rustix::process::geteuid().as_raw() {
        Some("the lock belongs to somebody else")
    } else if meta.nlink() > 1 {
        Some("the lock has a second name (a hard link)")
    } else {
        None
    };
    if let Some(reason) = reason {
        return Err(StateError::Unsafe {
            path,
            reason: reason.to_owned(),
            hint: None,
        });
    }
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
    let line = serde_json::to_string(&Holder::here(command))
        .map_err(|error| StateError::Invalid(error.to_string()))?;
    let held = Held(file);
    let mut file = &held.0;
    file.set_len(0)
        .and_then(|()| file.rewind())
        .and_then(|()| file.write_all(line.as_bytes()))
        .map_err(StateError::io("write the lock", &path))?;
    Ok(Guard::new(paths.state(), held))
}

/// Who else holds the lock right now, in words. Nothing is waited for, and nothing made.
pub(super) fn held_by(paths: &Paths) -> Option<String> {
    let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits();
    let mut file = OpenOptions::new()
        .read(true)
        .custom_flags(flags.cast_signed())
        .open(paths.lock())
        .ok()
        .filter(|file| file.metadata().is_ok_and(|meta| meta.is_file()))?;
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
    Some(Holder::describe(holder.as_ref()))
}

/// Reads who holds the lock; the holder may be writing that very line, so nothing is an error.
fn read_holder(file: &mut File) -> Option<Holder> {
    let mut line = String::new();
    file.rewind().ok()?;
    file.take(LONGEST).read_to_string(&mut line).ok()?;
    serde_json::from_str(&line).ok()
}
