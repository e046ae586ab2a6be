//! No store: a system that has none, or a build without it.

use zeroize::Zeroizing;

use super::{Keyring, KeyringEntry, KeyringError, System};

impl Keyring for System {
    fn get(&self, _: &KeyringEntry) -> Result<Option<Zeroizing<String>>, KeyringError> {
        Err(none())
    }

    fn set(&self, _: &KeyringEntry, _: &str) -> Result<(), KeyringError> {
        Err(none())
    }

    fn delete(&self, _: &KeyringEntry) -> Result<bool, KeyringError> {
        Err(none())
    }
}

fn none() -> KeyringError {
    KeyringError::Absent("this applink was built without one".to_owned())
}
