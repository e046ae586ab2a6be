//! No store: a system that has none, or a build without it.

use zeroize::Zeroizing;

use super::{Keyring, KeyringError, Place, System};

impl Keyring for System {
    fn get(&self, _: &Place) -> Result<Option<Zeroizing<String>>, KeyringError> {
        Err(none())
    }

    fn set(&self, _: &Place, _: &str) -> Result<(), KeyringError> {
        Err(none())
    }

    fn delete(&self, _: &Place) -> Result<bool, KeyringError> {
        Err(none())
    }
}

fn none() -> KeyringError {
    KeyringError::Absent("this applink was built without one".to_owned())
}
