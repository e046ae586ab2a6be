//! What this machine keeps for a third-party program besides its line in the state.

use std::path::PathBuf;

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

/// Forgets every access token that is kept for an application, and says so.
pub(super) fn forget_tokens(context: &Context, on: &Alias) -> Result<()> {
    let Ok(kept) = std::fs::read_dir(context.store.paths().keys()) else {
        return Ok(());
    };
    let prefix = format!("{on}.");
    for path in kept.filter_map(|entry| Some(entry.ok()?.path())) {
        let is_its = path
            .file_name()
            .and_then(|name| name.to_str())
            .is_some_and(|name| name.starts_with(&prefix) && name.ends_with(".token.json"));
        if is_its && tokens::forget(&path)? {
            context.ui.note(&format!(
                "a token for {on} is forgotten here: {}",
                path.display()
            ));
        }
    }
    Ok(())
}

/// Says which private keys are left.
pub(super) fn tell_key_files(context: &Context, files: impl IntoIterator<Item = PathBuf>) {
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
