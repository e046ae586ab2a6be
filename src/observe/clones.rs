//! A link with an application that is a copy of another known one.

use crate::context::Context;
use crate::domain::{Code, SuggestedCommand};
use crate::error::{Error, Result};
use crate::plan::side::Side;

/// Refuses to make one link of a record that is about an application and of a copy of that; says
/// it where a copy is to be linked.
pub(crate) fn refuse_clone_mixup(context: &Context, sides: [&Side; 2]) -> Result<()> {
    let [local, remote] = sides;
    for (here, there) in [(local, remote), (remote, local)] {
        let known = context.state.state().applications.iter();
        let twins =
            known.filter(|(alias, entry)| entry.id == there.manifest.id && **alias != there.alias);
        for (twin, entry) in twins {
            let copies = format!(
                "{} ({}) and {twin} ({}) carry one application id: one of them is a copy of the other ({})",
                there.alias,
                there.url,
                entry.url,
                Code::ClonedApplication
            );
            let Some(view) = &here.existing else {
                context.ui.warn(&copies);
                continue;
            };
            if view.record.application_url().as_ref() != Some(&entry.url) {
                continue;
            }
            let explain = SuggestedCommand::applink(["explain", Code::ClonedApplication.as_str()]);
            let moved = SuggestedCommand::applink([
                "relocate",
                there.alias.as_str(),
                &there.url.to_string(),
                "--on",
                here.alias.as_str(),
            ]);
            let mut error = Error::conflict(format!(
                "the link on {} leads to {twin}, not to {}: {copies}",
                here.alias, there.alias
            ))
            .code(Code::ClonedApplication);
            if let Some(moved) = moved {
                error = error.hint(format!(
                    "if {} shall use {} in place of {twin}: {}",
                    here.alias,
                    there.alias,
                    moved.command()
                ));
            }
            if let Some(explain) = explain {
                error = error.hint(format!("what that means: {}", explain.command()));
            }
            return Err(error);
        }
    }
    Ok(())
}
