//! What this machine keeps for a third-party program besides its line in the state.

use crate::context::Context;
use crate::domain::Alias;
use crate::error::Result;
use crate::oauth::tokens::{self, StoredToken};

/// Forgets the access token that is kept for a program, and says so. With consumer keys, only when
/// it was given to one of these.
pub(super) fn forget_token(
    context: &Context,
    on: &Alias,
    name: &str,
    only: Option<&[String]>,
) -> Result<()> {
    let path = tokens::path(&context.store.paths().keys(), on, name);
    if let Some(keys) = only {
        // One that cannot be read is not known to be of these.
        match StoredToken::load(&path) {
            Ok(Some(stored)) if keys.contains(&stored.owner.consumer_key) => {}
            _ => return Ok(()),
        }
    }
    if tokens::forget(&path)? {
        context
            .ui
            .note(&format!("the token of {name:?} for {on} is forgotten here"));
    }
    Ok(())
}
