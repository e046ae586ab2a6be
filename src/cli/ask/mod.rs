//! The conversation: what a command needs and was not given is asked for on a terminal, one thing
//! at a time, and each answer is tried the moment it is given.
//!
//! A missing argument is optional to clap and not to the command: [`check`] refuses it in clap's
//! own words where nobody can be asked. Nothing is locked and nothing is changed in here; what
//! comes out is what the command line would have said.

mod account;
mod application;
mod create;
mod keyring;
mod link;
mod others;

use std::path::PathBuf;

use clap::CommandFactory as _;
use clap::error::{ContextKind, ContextValue, ErrorKind};

pub(super) use create::{Told, create, next};
pub(super) use keyring::ToKeep;
pub(super) use link::{delete, edit, until};
pub(super) use others::{add, known, program, relocate};

use super::{Cli, Command};
use crate::error::{Error, Result};
use crate::ui::Ui;

/// Refuses a command line that lacks something, where nobody can be asked for it.
pub(super) fn check(command: &Command, ui: &Ui) -> std::result::Result<(), clap::Error> {
    if ui.can_ask() {
        return Ok(());
    }
    let (path, missing): (&[&str], _) = match command {
        Command::Create(args) => (&["create"], args.missing()),
        Command::Relocate(args) => (&["relocate"], args.missing()),
        Command::Delete(args) => (&["delete"], args.missing()),
        Command::Edit(args) => (&["edit"], args.missing()),
        Command::Authorize(args) => (&["authorize"], args.missing()),
        Command::Plan(args) => (&["plan"], args.missing()),
        Command::Apply(args) => (&["apply"], args.missing()),
        Command::Scan(args) => (&["scan"], args.missing()),
        Command::App(args) => args.missing(),
        Command::Key(args) => args.missing(),
        _ => return Ok(()),
    };
    if missing.is_empty() {
        Ok(())
    } else {
        Err(refusal(path, &missing))
    }
}

/// What clap says of arguments that are required and were not given.
fn refusal(path: &[&str], missing: &[&str]) -> clap::Error {
    let mut root = Cli::command();
    root.build();
    let command = path.iter().fold(root, |command, name| {
        command.find_subcommand(name).cloned().unwrap_or(command)
    });
    let mut refusal = clap::Error::new(ErrorKind::MissingRequiredArgument).with_cmd(&command);
    let missing = missing.iter().map(|name| (*name).to_owned()).collect();
    refusal.insert(ContextKind::InvalidArg, ContextValue::Strings(missing));
    let positional: Vec<clap::Id> = command
        .get_positionals()
        .map(|arg| arg.get_id().clone())
        .collect();
    // Here they are required.
    let usage = positional
        .into_iter()
        .fold(command.clone(), |command, id| {
            command.mut_arg(id, |arg| arg.required(true))
        })
        .render_usage();
    refusal.insert(ContextKind::Usage, ContextValue::StyledStr(usage));
    refusal
}

/// The names of those that were not given, in the order of the command line.
pub(super) fn missing<const N: usize>(all: [(bool, &'static str); N]) -> Vec<&'static str> {
    all.into_iter()
        .filter_map(|(given, name)| (!given).then_some(name))
        .collect()
}

/// The error of an argument that should have been asked for.
pub(super) fn nothing() -> Error {
    Error::internal("an argument was neither given nor asked for")
}

/// A path, as a shell would take it.
pub(super) fn path(ui: &Ui, question: &str, argument: &str) -> Result<PathBuf> {
    let text = ui.ask_text(question, None, argument)?;
    Ok(match (text.strip_prefix("~/"), std::env::home_dir()) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(text),
    })
}
