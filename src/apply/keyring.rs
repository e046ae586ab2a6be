//! Secrets in the keyring follow an application to its new address.
//!
//! The keyring gives a secret to one address only. An address that was shown and confirmed gets it;
//! the old one, where nobody is any more, loses it once the move is recorded.

use crate::context::{Context, Target};
use crate::credentials::CredentialSource;
use crate::domain::{BaseUrl, SuggestedCommand};
use crate::state::State;

/// Whatever the state calls by another address than before.
pub(crate) async fn move_entries(context: &Context, before: &State) {
    for (alias, old) in &before.applications {
        let Some(new) = context.app(alias) else {
            continue;
        };
        let is_kept =
            |source: &Option<CredentialSource>| *source == Some(CredentialSource::Keyring);
        if !is_kept(&old.credential) || !is_kept(&new.entry.credential) {
            continue;
        }
        if old.url == new.entry.url || old.user != new.entry.user {
            continue;
        }
        let old = Target {
            entry: old.clone(),
            ..new.clone()
        };
        if copy(context, &old, &new.entry.url).await {
            forget(context, &old).await;
        }
    }
}

/// Keeps the secret of an application for another address too; says so where it cannot.
pub(crate) async fn copy(context: &Context, old: &Target, url: &BaseUrl) -> bool {
    let mut new = old.clone();
    new.entry.url = url.clone();
    let copied = match context.credential(old).await {
        Ok(credential) => context.keep_in_keyring(&new, &credential).await,
        Err(error) => Err(error),
    };
    let Err(error) = copied else {
        return true;
    };
    let ui = &context.ui;
    ui.warn(&format!(
        "the keyring does not keep the log-in of {} for {url}: {}",
        old.alias, error.message
    ));
    if let Some(fix) = SuggestedCommand::applink(["app", "login", old.alias.as_str()]) {
        ui.hint(&format!("put it there with: {}", fix.command()));
    }
    false
}

/// Forgets a secret that is of no more use; that it cannot be done spoils nothing.
pub(crate) async fn forget(context: &Context, target: &Target) {
    if let Err(error) = context.forget_in_keyring(target).await {
        context
            .ui
            .warn(&format!("an old log-in is left in the keyring: {error}"));
    }
}
