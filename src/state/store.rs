//! What a place for a state can do: load, lock and save it.

use std::sync::Arc;
use std::time::Duration;

use sha2::{Digest as _, Sha256};

use super::error::StateError;
use super::holder::LockHolder;
use super::lock::Guard;
use super::model::State;
use super::unknown_keys::{self, UnknownKey};
use crate::domain::hex;

/// Where a state is kept.
pub trait StateStore: Send + Sync {
    /// Reads the state; where there is none, a fresh one. Takes no lock and never waits for one.
    fn load(&self) -> Result<LoadedState, StateError>;

    /// Takes the right to change it, waiting at most `wait`. `say` is called once when another
    /// one has it and there is a wait. `command` is shown to others, so it holds no secret.
    fn lock_reporting(
        &self,
        command: &str,
        wait: Duration,
        say: &mut dyn FnMut(Option<&LockHolder>),
    ) -> Result<Guard, StateError>;

    /// Who else has that right now, in words.
    fn lock_holder(&self) -> Option<String> {
        None
    }

    /// The same without a word.
    fn lock(&self, command: &str, wait: Duration) -> Result<Guard, StateError> {
        self.lock_reporting(command, wait, &mut |_| {})
    }

    /// Saves `state`, which was made from `loaded`: serial, version and lineage are those of
    /// `loaded`, and the serial grows by one. Where nothing of the content changed, nothing is
    /// written. Refused when the store no longer has what was loaded.
    fn save(
        &self,
        guard: &Guard,
        loaded: &LoadedState,
        state: &State,
    ) -> Result<LoadedState, StateError>;
}

/// A state as it was read, with what is needed to save another one over it.
#[derive(Debug, Clone)]
pub struct LoadedState {
    pub(super) state: State,
    pub(super) text: Option<Arc<str>>,
}

impl LoadedState {
    /// The state.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// A copy to change.
    pub fn to_state(&self) -> State {
        self.state.clone()
    }

    /// The keys of the file that this program does not know.
    pub fn unknown_keys(&self) -> Vec<UnknownKey> {
        self.text
            .as_deref()
            .map(unknown_keys::find)
            .unwrap_or_default()
    }

    /// Whether it was never saved.
    pub fn is_fresh(&self) -> bool {
        self.text.is_none()
    }

    /// The SHA-256 of the file that was read, in hex.
    pub fn digest(&self) -> Option<String> {
        let text = self.text.as_ref()?;
        Some(hex(&Sha256::digest(text.as_bytes())))
    }
}
