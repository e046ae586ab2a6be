//! The secrets that the operating system keeps: the Secret Service (GNOME keyring, KWallet and
//! others) over D-Bus, or the macOS keychain.
//!
//! A secret is kept under the base URL of its application and the account, so that an application
//! at another address never gets it. Nothing is encrypted here: that is the store's own work. A
//! store that asks somebody and hangs is given up after three seconds.

#[cfg(all(feature = "keyring", target_os = "macos"))]
#[path = "keychain.rs"]
mod system;
#[cfg(all(feature = "keyring", any(target_os = "linux", target_os = "freebsd")))]
#[path = "service.rs"]
mod system;
#[cfg(not(all(
    feature = "keyring",
    any(target_os = "linux", target_os = "freebsd", target_os = "macos")
)))]
#[path = "none.rs"]
mod system;

use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

use zeroize::Zeroizing;

use crate::domain::BaseUrl;

/// How long a store may take for one answer.
const LIMIT: Duration = Duration::from_secs(3);

/// Whose secret it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct KeyringEntry {
    /// The application's base URL, and whether it is a password or a token.
    pub service: String,
    /// The account.
    pub account: String,
}

impl KeyringEntry {
    /// The place of a user's password; without a user, of a personal access token.
    pub fn new(url: &BaseUrl, user: Option<&str>) -> Self {
        match user {
            Some(user) => Self {
                service: format!("applink {url}"),
                account: user.to_owned(),
            },
            None => Self {
                service: format!("applink token {url}"),
                account: "personal access token".to_owned(),
            },
        }
    }
}

/// Why the store gave nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyringError {
    /// There is no store in this build or on this machine.
    #[error("there is no keyring here ({0})")]
    Absent(String),
    /// It does not answer.
    #[error("the keyring did not answer in {} seconds: it may be locked", LIMIT.as_secs())]
    Silent,
    /// It refuses.
    #[error("the keyring refuses: {0}")]
    Refused(String),
}

/// A store of secrets.
pub trait Keyring: Send + Sync {
    /// A secret, where there is one.
    fn get(&self, place: &KeyringEntry) -> Result<Option<Zeroizing<String>>, KeyringError>;

    /// Keeps a secret, in place of an older one.
    fn set(&self, place: &KeyringEntry, secret: &str) -> Result<(), KeyringError>;

    /// Forgets a secret; says whether there was one.
    fn delete(&self, place: &KeyringEntry) -> Result<bool, KeyringError>;
}

/// A store that is waited for so long and no longer. Once it was silent or absent, it is not asked
/// again in this run: each time would cost the same wait.
#[derive(Clone)]
pub struct BoundedKeyring {
    store: Arc<dyn Keyring>,
    limit: Duration,
    given_up: Arc<Mutex<Option<KeyringError>>>,
}

impl BoundedKeyring {
    /// Bounds a store.
    pub fn new(store: Arc<dyn Keyring>) -> Self {
        Self {
            store,
            limit: LIMIT,
            given_up: Arc::default(),
        }
    }

    /// The same with another limit.
    #[must_use]
    pub fn with_limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// The store of this system.
    pub fn system() -> Self {
        Self::new(Arc::new(System))
    }

    /// A secret, where there is one.
    pub fn get(&self, place: &KeyringEntry) -> Result<Option<Zeroizing<String>>, KeyringError> {
        let place = place.clone();
        self.ask(move |store| store.get(&place))
    }

    /// Keeps a secret, in place of an older one, and makes sure that it comes back.
    pub fn set(&self, place: &KeyringEntry, secret: &str) -> Result<(), KeyringError> {
        let (place, secret) = (place.clone(), Zeroizing::new(secret.to_owned()));
        self.ask(move |store| {
            store.set(&place, &secret)?;
            match store.get(&place)? {
                Some(found) if *found == *secret => Ok(()),
                _ => Err(KeyringError::Refused(
                    "what was put into it does not come back".to_owned(),
                )),
            }
        })
    }

    /// Forgets a secret; says whether there was one.
    pub fn delete(&self, place: &KeyringEntry) -> Result<bool, KeyringError> {
        let place = place.clone();
        self.ask(move |store| store.delete(&place))
    }

    fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn Keyring) -> Result<T, KeyringError> + Send + 'static,
    ) -> Result<T, KeyringError> {
        // One question at a time: a store may ask a person.
        let mut given_up = self.given_up.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(error) = given_up.clone() {
            return Err(error);
        }
        let (answer, answers) = mpsc::channel();
        let store = Arc::clone(&self.store);
        // A thread of its own, which is left behind when it hangs.
        thread::Builder::new()
            .name("keyring".to_owned())
            .spawn(move || {
                // Nobody may be waiting any more.
                let _ = answer.send(work(&*store));
            })
            .map_err(|error| KeyringError::Refused(error.to_string()))?;
        let answer = match answers.recv_timeout(self.limit) {
            Ok(answer) => answer,
            Err(mpsc::RecvTimeoutError::Timeout) => Err(KeyringError::Silent),
            Err(mpsc::RecvTimeoutError::Disconnected) => Err(KeyringError::Refused(
                "it ended without an answer".to_owned(),
            )),
        };
        if let Err(error @ (KeyringError::Silent | KeyringError::Absent(_))) = &answer {
            *given_up = Some(error.clone());
        }
        answer
    }
}

/// The store of this system.
struct System;

#[cfg(test)]
pub(super) mod tests;
