//! The words in which a credential is refused.

use std::fmt::Display;

use super::keyring::KeyringError;
use super::secret::SecretError;
use crate::domain::{Alias, BaseUrl};
use crate::error::{Error, Kind};

/// A failure of kind auth that names the application, or what else needs the secret.
pub(super) fn auth(whose: &dyn Display, what: &str) -> Error {
    Error::new(Kind::Auth, format!("{whose}: {what}"))
}

pub(super) fn keyring_failed(
    whose: &dyn Display,
    of: Option<(&Alias, &BaseUrl)>,
    error: &KeyringError,
) -> Error {
    let mut refused = auth(whose, &error.to_string());
    if *error == KeyringError::Silent {
        refused = refused.hint("unlock it, and try again");
    }
    refused.hint(match of {
        Some((alias, url)) => {
            format!("record another source: applink app add {alias} {url} --credential env:VAR")
        }
        None => "name another source: --credential env:VAR".to_owned(),
    })
}

/// What was found is no secret.
pub(super) fn unusable(whose: &dyn Display, place: &str, error: SecretError) -> Error {
    auth(
        whose,
        &format!("the credential from {place} cannot be used: {error}"),
    )
}
