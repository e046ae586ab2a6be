//! A state in a file of this machine.

use std::path::{Path, PathBuf};
use std::time::Duration;

use etcetera::BaseStrategy as _;

use super::consistency;
use super::document::{self, DocumentError, sections};
use super::error::{Backup, StateError};
use super::file::{self, Watch};
use super::holder::LockHolder;
use super::lock::{self, Guard};
use super::model::State;
use super::paths::Paths;
use super::store::{LoadedState, StateStore};
use super::version::Mismatch;
use crate::domain::Position;

/// A state in a file of this machine.
///
/// A symbolic link at the path stays one: the file that it leads to is replaced, and everything
/// that lies beside the state lies beside that file. Another *hard* link keeps the old content.
#[derive(Debug, Clone)]
pub struct LocalFile {
    named: PathBuf,
    paths: Paths,
}

impl LocalFile {
    /// The state at a path; relative ones start at the current directory.
    pub fn new(path: &Path) -> Result<Self, StateError> {
        let named = std::path::absolute(path).map_err(StateError::io("find", path))?;
        let paths = Paths::new(file::resolve(&named)?);
        Ok(Self { named, paths })
    }

    /// The state of this user: `applink/applink.toml` in `$XDG_STATE_HOME`, which is
    /// `~/.local/state` where it is not set.
    pub fn of_user() -> Result<Self, StateError> {
        let home = etcetera::base_strategy::Xdg::new().map_err(|_| StateError::NoHome)?;
        let directory = home.state_dir().ok_or(StateError::NoHome)?;
        Self::new(&directory.join("applink").join("applink.toml"))
    }

    /// The state at that path, or this user's.
    pub fn at(path: Option<&Path>) -> Result<Self, StateError> {
        path.map_or_else(Self::of_user, Self::new)
    }

    /// What lies where.
    pub fn paths(&self) -> &Paths {
        &self.paths
    }

    fn check_directories(&self) -> Result<(), StateError> {
        file::check_directory(self.paths.directory())?;
        match self.named.parent() {
            Some(parent) if parent != self.paths.directory() => file::check_directory(parent),
            _ => Ok(()),
        }
    }

    fn unreadable(&self, bytes: &[u8], fault: DocumentError) -> StateError {
        let path = self.paths.state().to_owned();
        match fault.mismatch {
            Some((version, Mismatch::TooNew)) => return StateError::TooNew { path, version },
            Some((version, Mismatch::TooOld)) => return StateError::TooOld { path, version },
            Some((_, Mismatch::Invalid)) | None => {}
        }
        StateError::Unreadable {
            path,
            at: fault.offset.map(|offset| Position::of(bytes, offset)),
            message: fault.message,
            backup: self.backup().map(Box::new),
        }
    }

    /// The newest backup that can be read.
    fn backup(&self) -> Option<Backup> {
        [self.paths.backup(), self.paths.old_backup()]
            .into_iter()
            .find_map(|path| {
                let bytes = file::read(&path).ok()??;
                let (_, state) = document::read(&bytes).ok()?;
                Some(Backup {
                    path,
                    serial: state.serial,
                    applications: state.applications.len(),
                    links: state.links.len(),
                })
            })
    }

    /// The backup always comes right before the state in one history. It is read *before* the
    /// state: a writer that works meanwhile then only makes the state newer than the backup.
    fn check_history(
        &self,
        before: Option<document::Revision>,
        state: &State,
    ) -> Result<(), StateError> {
        let Some(before) = before else { return Ok(()) };
        let what = if before.lineage != state.lineage {
            "they belong to different histories".to_owned()
        } else if before.serial > state.serial {
            format!(
                "its serial is {} and the backup's is {}",
                state.serial, before.serial
            )
        } else {
            return Ok(());
        };
        Err(StateError::Rewound {
            path: self.paths.state().to_owned(),
            backup: self.paths.backup(),
            what,
        })
    }

    /// Saves as [`StateStore::save`] does; `watch` is told of each step.
    pub(super) fn save_watched(
        &self,
        guard: &Guard,
        loaded: &LoadedState,
        state: &State,
        watch: Watch<'_>,
    ) -> Result<LoadedState, StateError> {
        self.check_caller(guard, loaded, state)?;
        self.check_directories()?;
        let path = self.paths.state();
        let now = file::read(path)?;
        if now.as_deref() != loaded.text.as_deref().map(str::as_bytes) {
            return Err(StateError::Changed {
                path: path.to_owned(),
                what: difference(loaded, now.as_deref()),
            });
        }
        let Some((text, state)) = edited(loaded, state).map_err(StateError::Invalid)? else {
            return Ok(loaded.clone());
        };
        file::remove_leftovers(&self.paths);
        let backup = self.paths.backup();
        let old = loaded.text.as_deref().map(str::as_bytes);
        if old.is_none() {
            self.put_backup_aside(&backup)?;
        }
        let old = old.map(|old| (backup.as_path(), old));
        file::replace(path, text.as_bytes(), old, watch)?;
        Ok(LoadedState {
            state,
            text: Some(text.into()),
        })
    }

    /// Refuses a lock of another state, and a new state that was not made from the loaded one.
    fn check_caller(
        &self,
        guard: &Guard,
        loaded: &LoadedState,
        state: &State,
    ) -> Result<(), StateError> {
        if guard.of() != self.paths.state() {
            return Err(StateError::Invalid(format!(
                "the lock is that of {}",
                guard.of().display()
            )));
        }
        if state.lineage != loaded.state.lineage
            || state.serial != loaded.state.serial
            || state.version != loaded.state.version
        {
            return Err(StateError::Invalid(
                "it was not made from the loaded one".to_owned(),
            ));
        }
        consistency::check(state).map_err(StateError::Invalid)
    }

    /// Keeps the backup of a state file that was deleted: somebody may still want it.
    fn put_backup_aside(&self, backup: &Path) -> Result<(), StateError> {
        match std::fs::rename(backup, self.paths.old_backup()) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(StateError::io("put aside", backup)(error))
            }
            _ => Ok(()),
        }
    }

    /// The same as [`StateStore::load`]; `known` is what was loaded before, and is given back
    /// where the file still says it.
    pub fn reload(&self, known: Option<&LoadedState>) -> Result<LoadedState, StateError> {
        self.check_directories()?;
        let before = file::read(&self.paths.backup())
            .ok()
            .flatten()
            .and_then(|bytes| document::read_revision(&bytes));
        let Some(bytes) = file::read(self.paths.state())? else {
            return Ok(LoadedState {
                state: State::fresh(),
                text: None,
            });
        };
        // Reading it again takes as long as the first time, and mostly finds the same.
        if let Some(known) = known
            && known.text.as_deref().map(str::as_bytes) == Some(&bytes)
        {
            self.check_history(before, &known.state)?;
            return Ok(known.clone());
        }
        let (text, state) =
            document::read(&bytes).map_err(|fault| self.unreadable(&bytes, fault))?;
        self.check_history(before, &state)?;
        Ok(LoadedState {
            state,
            text: Some(text.into()),
        })
    }
}

impl StateStore for LocalFile {
    fn load(&self) -> Result<LoadedState, StateError> {
        self.reload(None)
    }

    fn lock_reporting(
        &self,
        command: &str,
        wait: Duration,
        say: &mut dyn FnMut(Option<&LockHolder>),
    ) -> Result<Guard, StateError> {
        self.check_directories()?;
        file::make_directory(self.paths.directory())?;
        lock::acquire(&self.paths, command, wait, say)
    }

    fn lock_holder(&self) -> Option<String> {
        lock::other_holder(&self.paths)
    }

    fn save(
        &self,
        guard: &Guard,
        loaded: &LoadedState,
        state: &State,
    ) -> Result<LoadedState, StateError> {
        self.save_watched(guard, loaded, state, &mut |_| Ok(()))
    }
}

/// The text after a change and the state that it holds; `None` when nothing of the content changed.
fn edited(loaded: &LoadedState, new: &State) -> Result<Option<(String, State)>, String> {
    let before = loaded.text.as_deref();
    if before.is_some() && document::is_same_content(&loaded.state, new) {
        return Ok(None);
    }
    let quick = before
        .and_then(|text| sections::edit(text, &loaded.state, new))
        .and_then(|text| read_back(&text, new).ok());
    if quick.is_some() {
        return Ok(quick);
    }
    match document::edit(before, &loaded.state, new)? {
        Some(text) => read_back(&text, new).map(Some),
        None => Ok(None),
    }
}

/// Refuses a text that would not be read back as the state that it was made from.
fn read_back(text: &str, state: &State) -> Result<(String, State), String> {
    let (text, read) = document::read(text.as_bytes())
        .map_err(|error| format!("written as TOML: {}", error.message))?;
    if read.serial == state.serial + 1 && document::is_same_content(&read, state) {
        Ok((text, read))
    } else {
        Err("written as TOML it would say something else".to_owned())
    }
}

/// What has become of the file since it was loaded.
fn difference(loaded: &LoadedState, now: Option<&[u8]>) -> String {
    let Some(now) = now else {
        return "it is gone".to_owned();
    };
    if loaded.is_fresh() {
        return "it was made meanwhile".to_owned();
    }
    match document::read_revision(now) {
        None => "it can no longer be read".to_owned(),
        Some(place) if place.lineage != loaded.state.lineage => {
            "it is another state altogether".to_owned()
        }
        Some(place) if place.serial != loaded.state.serial => format!(
            "its serial is {} and was {}",
            place.serial, loaded.state.serial
        ),
        Some(_) => "it was edited without a new serial".to_owned(),
    }
}
