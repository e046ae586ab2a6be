//! What is asked before something is changed.

use crate::apply::run::Change;
use crate::error::{Error, Result};
use crate::ui::Ui;

/// The question before a plan is carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Question {
    /// Asked on a terminal; a script that runs the command means it.
    Courtesy,
    /// Asked always, for the reason given: without an answer nothing is done.
    Always(String),
    /// What would be done was shown already. Asked like `Courtesy`, and always where there is
    /// something to be said.
    Shown(Option<String>),
    /// The same as `Always`, and the name has to be typed on a terminal.
    Typed {
        /// What is at stake.
        about: String,
        /// The name to type.
        name: String,
    },
}

/// Asks it, after what would be done is shown; refuses where the answer is no.
pub(crate) fn confirm(ui: &Ui, change: &Change) -> Result<()> {
    let asks = ui.can_ask() && !ui.options().yes;
    if asks && !matches!(change.question, Question::Shown(_)) {
        ui.status("This would be done:");
        for step in change.agenda.steps() {
            ui.status(&format!("  {}: {}", step.on(), step.describe()));
        }
        for loss in change.agenda.losses() {
            ui.warn(&format!("this cannot be taken back: {loss}"));
        }
    }
    let go = match &change.question {
        Question::Courtesy | Question::Shown(None) if !asks => true,
        Question::Courtesy | Question::Shown(None) => ui.confirm("Go ahead?", "--yes")?,
        Question::Always(about) | Question::Shown(Some(about)) => {
            ui.confirm(&format!("{about} Go ahead?"), "--yes")?
        }
        Question::Typed { about, name } => ui.type_to_confirm(about, name, "--yes")?,
    };
    if go {
        Ok(())
    } else {
        Err(Error::refused("not confirmed; nothing was changed"))
    }
}
