//! What is asked before something is changed.

use crate::error::{Error, Result};
use crate::plan::{PlanSet, consent};
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

impl Confirmation {
    /// Why a yes is needed also where nobody can be asked.
    pub(crate) fn about(&self) -> Option<&str> {
        match self {
            Self::IfInteractive | Self::AfterDiff(None) => None,
            Self::Required(about) | Self::AfterDiff(Some(about)) | Self::TypeName { about, .. } => {
                Some(about)
            }
        }
    }

    /// The same, asked always where the plan widens a right or moves a link.
    #[must_use]
    pub(crate) fn with_consent(self, plan_set: &PlanSet) -> Self {
        let reasons = consent::widened(plan_set);
        if reasons.is_empty() {
            return self;
        }
        let about = || {
            let mut text = reasons.join("; ");
            if let Some(first) = text.get_mut(..1) {
                first.make_ascii_uppercase();
            }
            format!("{text}.")
        };
        match self {
            Self::IfInteractive => Self::Required(about()),
            Self::AfterDiff(None) => Self::AfterDiff(Some(about())),
            asked => asked,
        }
    }
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
