//! The place where the operating system's keyring is offered as the home of a secret.

use crate::context::Context;
use crate::context::Target;
use crate::credentials::Credential;
use crate::error::Result;

/// Keeps the secret of an application.
pub(super) type Keep = fn(&Context, &Target, &Credential) -> Result<()>;

/// How a secret is kept in the keyring; none where this build has no keyring.
pub(super) fn keyring() -> Option<Keep> {
    None
}
