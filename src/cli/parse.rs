//! From words to a command: parsing, what is missing, and how a usage error is told.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory as _, FromArgMatches as _};

use crate::cli::command::{Cli, Command, command};
use crate::cli::usage;
use crate::exit::Exit;
use crate::ui::Ui;

/// Parses a command line, the program's name first. `help COMMAND` is `COMMAND --help`.
pub fn parse(args: impl IntoIterator<Item = OsString>) -> std::result::Result<Cli, clap::Error> {
    let mut args: Vec<OsString> = args.into_iter().collect();
    if args.get(1).is_some_and(|word| word == "help") {
        args.remove(1);
        args.push("--help".into());
    }
    let parsed = command()
        .try_get_matches_from(&args)
        .and_then(|matches| Cli::from_arg_matches(&matches));
    match parsed {
        // A variable counts as an argument, and would turn the help of a group into an error.
        Err(error) if error.kind() == ErrorKind::MissingSubcommand => {
            command()
                .mut_args(|arg| arg.env(None::<&'static str>))
                .try_get_matches_from(&args)?;
            Err(error)
        }
        // There is one version, whatever command stands before the question.
        Err(error) if asks_for_version(&error) => {
            command().try_get_matches_from(["applink", "--version"])?;
            Err(error)
        }
        other => other,
    }
}

fn asks_for_version(error: &clap::Error) -> bool {
    error.kind() == ErrorKind::UnknownArgument
        && matches!(
            error.get(ContextKind::InvalidArg),
            Some(ContextValue::String(arg)) if arg == "-V" || arg == "--version"
        )
}

/// A rejected value may be a secret, typed where it has no place, or an address that holds one:
/// such a value is not repeated.
pub(crate) fn without_secrets(mut error: clap::Error) -> clap::Error {
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        _ => String::new(),
    };
    let value = text(ContextKind::InvalidValue);
    let place = text(ContextKind::InvalidArg);
    let secret_place = ["--credential", "--passphrase"]
        .iter()
        .any(|option| place.starts_with(option));
    if !value.is_empty() && (secret_place || value.contains('@')) {
        error.insert(
            ContextKind::InvalidValue,
            ContextValue::String("…".to_owned()),
        );
    }
    error
}

pub(crate) fn report_parse_error(error: &clap::Error, ui: &Ui) -> Exit {
    let help = matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
    );
    if help {
        ui.block_styled(&error.render().ansi().to_string());
        return if ui.finish().is_ok() {
            Exit::Ok
        } else {
            Exit::Failed
        };
    }
    let help_was_missed = error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand;
    if help_was_missed {
        ui.usage(&error.render().ansi().to_string());
        return Exit::Usage;
    }
    let mut told = usage::from_clap(error);
    let help = usage::help(&command(), std::env::args_os().skip(1));
    if ui.is_json() {
        told.hints.push(format!("see: {help}"));
    }
    ui.error(&told);
    if !ui.is_json() {
        ui.see(&help);
    }
    Exit::Usage
}

/// Refuses a command line that lacks something, where nobody can be asked for it.
pub(crate) fn check(command: &Command, ui: &Ui) -> std::result::Result<(), clap::Error> {
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
pub(crate) fn refusal(path: &[&str], missing: &[&str]) -> clap::Error {
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
