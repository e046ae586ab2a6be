//! What is asked before something is changed.

use crate::error::{Error, Result};
use crate::plan::PlanSet;
use crate::ui::Ui;

/// How a plan is confirmed before it is carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Confirmation {
    /// Asked on a terminal; a script that runs the command means it.
    IfInteractive,
    /// Asked always, for the reason given: without an answer nothing is done.
    Required(String),
    /// The changes were shown already. Asked like `IfInteractive`, and always where there is a
    /// reason.
    AfterDiff(Option<String>),
    /// Asked always, and the name has to be typed on a terminal.
    TypeName {
        /// What is at stake.
        about: String,
        /// The name to type.
        name: String,
    },
}

/// Asks for the confirmation of a plan, after it is shown; refuses where the answer is no.
pub(crate) fn confirm(ui: &Ui, plan_set: &PlanSet, confirmation: &Confirmation) -> Result<()> {
    let asks = ui.can_ask() && !ui.options().yes;
    if asks && !matches!(confirmation, Confirmation::AfterDiff(_)) {
        ui.status("This would be done:");
        for step in plan_set.steps() {
            ui.status(&format!("  {}: {}", step.on(), step.describe()));
        }
        for loss in plan_set.losses() {
            ui.warn(&format!("this cannot be taken back: {loss}"));
        }
    }
    let go = match confirmation {
        Confirmation::IfInteractive | Confirmation::AfterDiff(None) if !asks => true,
        Confirmation::IfInteractive | Confirmation::AfterDiff(None) => {
            ui.confirm("Go ahead?", "--yes")?
        }
        Confirmation::Required(about) | Confirmation::AfterDiff(Some(about)) => {
            ui.confirm(&format!("{about} Go ahead?"), "--yes")?
        }
        Confirmation::TypeName { about, name } => ui.type_to_confirm(about, name, "--yes")?,
    };
    if go {
        Ok(())
    } else {
        Err(Error::refused("not confirmed; nothing was changed"))
    }
}
