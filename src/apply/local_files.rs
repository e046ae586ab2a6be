//! What this machine keeps for a third-party program besides its line in the state.

use std::path::{Path, PathBuf};

use crate::context::Context;
use crate::domain::Alias;
use crate::error::Result;
use crate::oauth::tokens::{self, StoredToken};

/// Forgets the access token that is kept for a program, and says so, when it was given to one of
/// these consumer keys.
pub(crate) fn forget_token(
    context: &Context,
    on: &Alias,
    name: &str,
    keys: &[String],
) -> Result<()> {
    let path = tokens::path(&context.store.paths().keys(), on, name);
    // One that cannot be read is not known to be of these.
    match StoredToken::load(&path) {
        Ok(Some(stored)) if keys.contains(&stored.owner.consumer_key) => {}
        _ => return Ok(()),
    }
    if tokens::forget(&path)? {
        context
            .ui
            .note(&format!("the token of {name:?} for {on} is forgotten here"));
    }
    Ok(())
}

/// Says which private keys are left.
pub(crate) fn tell_key_files(context: &Context, files: impl IntoIterator<Item = PathBuf>) {
    for file in files {
        let file = context.store.paths().resolve(&file);
        if file.exists() {
            context.ui.note(&format!(
                "its private key is left in {}: delete it when nothing else uses it",
                file.display()
            ));
        }
    }
}

/// Drops the file of a token that is of no use any more; whether there was one.
pub(crate) fn remove_token_file(context: &Context, path: &Path) -> bool {
    tokens::forget(path).unwrap_or_else(|error| {
        context.ui.warn(&error.to_string());
        false
    })
}
