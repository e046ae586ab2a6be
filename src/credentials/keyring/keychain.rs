//! The macOS keychain.

use apple_native_keyring_store::keychain::Store;
use keyring_core::{Entry, Error};
use zeroize::Zeroizing;

use super::{Keyring, KeyringEntry, KeyringError, System};

fn entry(place: &KeyringEntry) -> Result<Entry, KeyringError> {
    let store = Store::new().map_err(|error| KeyringError::Absent(words(&error)))?;
    Entry::new_in_store(&store, &place.service, &place.account).map_err(refused)
}

impl Keyring for System {
    fn get(&self, place: &KeyringEntry) -> Result<Option<Zeroizing<String>>, KeyringError> {
        match entry(place)?.get_password() {
            Ok(secret) => Ok(Some(Zeroizing::new(secret))),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(refused(error)),
        }
    }

    fn set(&self, place: &KeyringEntry, secret: &str) -> Result<(), KeyringError> {
        entry(place)?.set_password(secret).map_err(refused)
    }

    fn delete(&self, place: &KeyringEntry) -> Result<bool, KeyringError> {
        match entry(place)?.delete_credential() {
            Ok(()) => Ok(true),
            Err(Error::NoEntry) => Ok(false),
            Err(error) => Err(refused(error)),
        }
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it is what map_err gives")]
fn refused(error: Error) -> KeyringError {
    KeyringError::Refused(words(&error))
}

/// What it says, without what it holds: some errors carry the secret's bytes.
fn words(error: &Error) -> String {
    let text = match error {
        Error::PlatformFailure(inner) | Error::NoStorageAccess(inner) => inner.to_string(),
        Error::BadEncoding(_) | Error::BadDataFormat(..) => {
            "the secret in it is no text".to_owned()
        }
        Error::Ambiguous(_) => "it holds several secrets for that account".to_owned(),
        other => other.to_string(),
    };
    crate::domain::text::excerpt(&text, 200)
}
