//! One question to many applications, and what is shown meanwhile.

use crate::context::{Context, Target};
use crate::error::Result;
use crate::remote::fleet;

/// Asks all of them at once, `doing` what is said; those that answer are ticked off. The answers
/// come in the order of the applications.
pub(crate) async fn ask_each<'a, T>(
    context: &Context,
    doing: &str,
    targets: &'a [Target],
    ask: impl AsyncFn(&'a Target) -> Result<T>,
) -> Vec<(&'a Target, Result<T>)> {
    let progress = context.ui.fleet(doing, targets.len());
    fleet::each(targets, |target| {
        let (progress, ask) = (&progress, &ask);
        async move {
            let turn = progress.begin(target.alias.as_str());
            let answer = ask(target).await;
            if answer.is_ok() {
                turn.done();
            }
            (target, answer.map_err(|error| error.about(&target.alias)))
        }
    })
    .await
}
