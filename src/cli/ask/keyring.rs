//! The operating system's keyring, offered as the home of a secret.

use crate::context::{Context, Target};
use crate::credentials::Source;
use crate::error::Result;

/// Whether the keyring can be offered; where it cannot, that is said.
pub(super) async fn offered(context: &Context, target: &Target) -> bool {
    match context
        .has_keyring(target, target.entry.user.as_deref())
        .await
    {
        Ok(()) => true,
        Err(error) => {
            context.ui.note(&format!(
                "{}; a variable, a program or a file can hold the secret",
                error.message
            ));
            false
        }
    }
}

/// Keeps what was typed and tried for `asked`; `target` is the same application with the keyring
/// recorded. A dry run keeps nothing and goes on with what was typed.
pub(super) async fn keep(context: &Context, asked: &Target, target: &mut Target) -> Result<()> {
    if context.settings.dry_run {
        target.entry.credential = Some(Source::Prompt);
        context
            .ui
            .note("the keyring would keep it, and a dry run does not");
        return Ok(());
    }
    let credential = context.credential(asked).await?;
    context.keep_in_keyring(target, &credential).await
}
