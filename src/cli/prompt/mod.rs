//! The conversation: what a command needs and was not given is asked for on a terminal, one thing
//! at a time, and each answer is tried the moment it is given.
//!
//! A missing argument is optional to clap and not to the command: [`check`] refuses it in clap's
//! own words where nobody can be asked. Nothing is locked and nothing is changed in here; what
//! comes out is what the command line would have said.

pub(crate) mod account;
pub(crate) mod application;
pub(crate) mod choice;
pub(crate) mod keyring;
pub(crate) mod record;

use std::path::PathBuf;

use crate::error::Result;
use crate::ui::Ui;

pub(crate) use crate::cli::prompt::choice::{choose_app, program};
pub(crate) use crate::cli::prompt::keyring::PendingKeyringWrites;
pub(crate) use crate::cli::prompt::record::until;

/// A path, as a shell would take it.
pub(crate) fn path(ui: &Ui, question: &str, argument: &str) -> Result<PathBuf> {
    let text = ui.ask_text(question, None, argument)?;
    Ok(match (text.strip_prefix("~/"), std::env::home_dir()) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(text),
    })
}
