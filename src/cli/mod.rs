//! The command line: one file a command, and what they share.
//!
//! A command's file has its arguments (the doc comments are the help) and the function that runs
//! it. What several share is beside them: `target` turns what was typed into applications,
//! `observe` looks, `change` carries a plan through, `estate` lets plans reach applications.

pub mod app;
pub mod apply;
pub(crate) mod args;
pub mod authorize;
pub(crate) mod complete;
pub mod completions;
pub mod consumer;
pub mod create;
pub mod delete;
pub mod edit;
pub mod explain;
pub mod export;
mod global;
pub mod key;
pub mod list;
pub mod man;
pub mod migrate;
pub mod oauth2;
mod panics;
pub mod plan;
pub(crate) mod prompt;
pub mod relocate;
pub mod repair;
pub mod resume;
#[cfg(feature = "sandbox")]
pub mod sandbox;
pub mod scan;
mod settled;
pub(crate) mod synonyms;
mod usage;
pub mod verify;

use std::ffi::OsString;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::interrupt;
use crate::plan::execute::Stop;
use crate::ui::{TerminalInfo, Ui, UiOptions};

pub use crate::cli::global::Global;
pub use crate::resolve::AppArg;

/// Create, move, verify and remove application links between Atlassian applications.
///
/// Jira, Confluence, Bitbucket, Bamboo, Crowd and Fisheye/Crucible work together through
/// application links: each application keeps a record of the other, and OAuth secures the calls
/// between them. applink makes, checks, moves and removes both records at once, through the
/// applications' own administration interfaces.
#[derive(Debug, Parser)]
#[command(
    name = "applink",
    version = env!("APPLINK_VERSION"),
    disable_help_subcommand = true,
    max_term_width = 100,
    after_help = "To begin with: applink create, which asks for everything; then applink verify\n\
        Everywhere: -o json, --dry-run, --yes, --no-input, --state FILE, -v; see --help",
    after_long_help = global::AFTER_LONG_HELP
)]
pub struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
#[expect(
    missing_docs,
    reason = "a comment here would replace the help of the command"
)]
pub enum Command {
    Create(Box<create::Args>),
    Relocate(Box<relocate::Args>),
    Delete(delete::Args),
    Verify(verify::Args),
    List(list::Args),
    Edit(Box<edit::Args>),
    Repair(repair::Args),
    Plan(plan::Args),
    Apply(apply::Args),
    Export(export::Args),
    Migrate(migrate::Args),
    Scan(scan::Args),
    Resume(resume::Args),
    App(app::Args),
    Key(key::Args),
    Authorize(authorize::Args),
    Explain(explain::Args),
    Completions(completions::Args),
    Man(man::Args),
    #[cfg(feature = "sandbox")]
    Sandbox(sandbox::Args),
}

impl Cli {
    /// What it says of the streams.
    pub fn ui_options(&self) -> UiOptions {
        self.global.ui_options()
    }
}

/// The command line as clap knows it.
pub fn command() -> clap::Command {
    pointed(Cli::command())
}

/// Says under `-h` of every command what each of them takes.
fn pointed(mut command: clap::Command) -> clap::Command {
    if command.get_after_help().is_none() {
        command = command.after_help(global::AFTER_HELP);
    }
    let names: Vec<String> = command
        .get_subcommands()
        .map(|sub| sub.get_name().to_owned())
        .collect();
    names.into_iter().fold(command, |command, name| {
        command.mut_subcommand(name, pointed)
    })
}

/// The program: parse, run, and map the outcome to an exit code.
pub fn main() -> ExitCode {
    if let Some(answered) = complete::answer() {
        return answered;
    }
    panics::keep();
    let (cli, terminal) = (parse(std::env::args_os()), TerminalInfo::gather());
    match cli {
        Ok(cli) => {
            let ui = Ui::new(cli.ui_options(), terminal);
            let exit = run_to_end(cli, &ui);
            crate::credentials::end_programs();
            exit.into()
        }
        Err(error) => {
            let ui = Ui::new(global::options_before_parsing(), terminal);
            report_parse_error(&synonyms::told(without_secrets(error)), &ui).into()
        }
    }
}

/// Parses a command line, the program's name first. `help COMMAND` is `COMMAND --help`.
pub fn parse(args: impl IntoIterator<Item = OsString>) -> std::result::Result<Cli, clap::Error> {
    let mut args: Vec<OsString> = args.into_iter().collect();
    if args.get(1).is_some_and(|word| word == "help") {
        args.remove(1);
        args.push("--help".into());
    }
    let parsed = command()
        .try_get_matches_from(args)
        .and_then(|matches| Cli::from_arg_matches(&matches));
    match parsed {
        // There is one version, whatever command stands before the question.
        Err(error) if asks_for_version(&error) => {
            command().try_get_matches_from(["applink", "--version"])?;
            Err(error)
        }
        other => other,
    }
}

fn asks_for_version(error: &clap::Error) -> bool {
    use clap::error::{ContextKind, ContextValue, ErrorKind};
    error.kind() == ErrorKind::UnknownArgument
        && matches!(
            error.get(ContextKind::InvalidArg),
            Some(ContextValue::String(arg)) if arg == "-V" || arg == "--version"
        )
}

/// Runs a command line with the given streams, in a runtime of its own, and tells how it ended.
pub fn run_to_end(cli: Cli, ui: &Ui) -> Exit {
    let changing = Arc::default();
    let outcome = panics::caught(
        || run(cli, ui, &changing),
        || changing.load(Ordering::SeqCst),
    );
    let exit = match outcome.flatten() {
        Ok(exit) => exit,
        Err(error) => {
            ui.error(&error);
            error.exit()
        }
    };
    match ui.finish() {
        Ok(()) => exit,
        Err(error) => {
            // What was changed is changed, although nobody could be told.
            let kind = if changing.load(Ordering::SeqCst) {
                Kind::Partial
            } else {
                Kind::Refused
            };
            let text = format!("the result could not be written: {error}");
            ui.error(&Error::new(kind, text));
            if exit == Exit::Ok { kind.exit() } else { exit }
        }
    }
}

fn run(cli: Cli, ui: &Ui, changing: &Arc<AtomicBool>) -> Result<Exit> {
    if let Err(error) = check(&cli.command, ui) {
        return Ok(report_parse_error(&error, ui));
    }
    // What needs neither state nor network is answered at once.
    match &cli.command {
        Command::Explain(args) => return explain::run(args, ui),
        Command::Completions(args) => return completions::run(args, ui),
        Command::Man(args) => return man::run(args, ui),
        _ => {}
    }
    if cli.global.wants_csv() && !matches!(cli.command, Command::List(_)) {
        return Err(Error::usage("only `list` can write csv").hint("use -o json"));
    }
    crate::credentials::no_core_dumps();
    let settings = cli.global.settings()?;
    cli.global.start_log(ui)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| {
            Error::new(
                Kind::Internal,
                format!("no runtime can be started: {error}"),
            )
        })?;
    let outcome = runtime.block_on(async {
        let stop = interrupt::listen(ui, changing);
        #[cfg(feature = "sandbox")]
        if let Command::Sandbox(args) = &cli.command {
            return sandbox::run(args, ui, stop).await;
        }
        // A key is nothing of the state's, and must not fail with it.
        let command = match cli.command {
            Command::Key(args) if !args.needs_state() => {
                let work = key::run(args, ui, settings.dry_run, changing);
                return or_stopped(work, &stop).await;
            }
            other => other,
        };
        let mut context = Context::new(ui.clone(), settings, stop)?;
        context.changing = Arc::clone(changing);
        dispatch(command, context).await
    });
    // A program that is asked for a secret, or a name that is looked up, may still hang: nothing
    // that matters waits for it.
    runtime.shutdown_background();
    outcome
}

async fn dispatch(command: Command, mut context: Context) -> Result<Exit> {
    let (stop, changing) = (context.stop.clone(), Arc::clone(&context.changing));
    // Whatever takes long, and has no words of its own, is at least somebody's.
    let wait = context.ui.waiting("");
    let outcome = match command {
        Command::Create(args) => {
            or_dropped(Box::pin(create::run(*args, &mut context)), &stop, &changing).await
        }
        Command::Relocate(args) => {
            or_dropped(
                Box::pin(relocate::run(*args, &mut context)),
                &stop,
                &changing,
            )
            .await
        }
        Command::Delete(args) => {
            or_dropped(Box::pin(delete::run(args, &mut context)), &stop, &changing).await
        }
        Command::Edit(args) => {
            or_dropped(Box::pin(edit::run(*args, &mut context)), &stop, &changing).await
        }
        Command::Repair(args) => {
            or_dropped(Box::pin(repair::run(args, &mut context)), &stop, &changing).await
        }
        Command::Migrate(args) => {
            or_dropped(Box::pin(migrate::run(args, &mut context)), &stop, &changing).await
        }
        Command::Scan(args) => {
            or_dropped(Box::pin(scan::run(args, &mut context)), &stop, &changing).await
        }
        Command::Resume(args) => {
            or_dropped(Box::pin(resume::run(&args, &mut context)), &stop, &changing).await
        }
        Command::Plan(args) => or_stopped(plan::run(args, &context), &context.stop).await,
        Command::Export(args) => or_stopped(export::run(args, &context), &context.stop).await,
        Command::Apply(args) => {
            or_dropped(Box::pin(apply::run(args, &mut context)), &stop, &changing).await
        }
        Command::App(args) => {
            or_dropped(Box::pin(app::run(args, &mut context)), &stop, &changing).await
        }
        Command::Authorize(args) => {
            or_dropped(
                Box::pin(authorize::run(args, &mut context)),
                &stop,
                &changing,
            )
            .await
        }
        Command::Verify(args) => verify::run(args, &context).await,
        Command::List(args) => or_stopped(list::run(args, &context), &context.stop).await,
        Command::Key(args) => {
            or_dropped(
                Box::pin(key::run_with_state(args, &mut context)),
                &stop,
                &changing,
            )
            .await
        }
        Command::Explain(_) | Command::Completions(_) | Command::Man(_) => Ok(Exit::Ok),
        #[cfg(feature = "sandbox")]
        Command::Sandbox(_) => Ok(Exit::Ok),
    };
    drop(wait);
    for host in context.transport.insecure_hosts() {
        context.ui.warn(&format!(
            "--insecure: the certificate of {host} was not checked"
        ));
    }
    outcome
}

/// What may change something is dropped only as long as it reads; then it ends by itself.
async fn or_dropped(
    mut work: impl Future<Output = Result<Exit>> + Unpin,
    stop: &Stop,
    changing: &AtomicBool,
) -> Result<Exit> {
    tokio::select! {
        outcome = &mut work => if changing.load(Ordering::SeqCst) {
            outcome
        } else {
            interrupt::or_stopped(outcome, stop)
        },
        exit = interrupt::wished(stop) => if changing.load(Ordering::SeqCst) {
            work.await
        } else {
            Err(interrupt::error(exit))
        },
    }
}

/// What only reads is dropped at once when the user wishes to stop.
async fn or_stopped(work: impl Future<Output = Result<Exit>>, stop: &Stop) -> Result<Exit> {
    tokio::select! {
        outcome = work => interrupt::or_stopped(outcome, stop),
        exit = interrupt::wished(stop) => Err(interrupt::error(exit)),
    }
}

/// A rejected value may be a secret, typed where it has no place, or an address that holds one:
/// such a value is not repeated.
fn without_secrets(mut error: clap::Error) -> clap::Error {
    use clap::error::{ContextKind, ContextValue};
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

fn report_parse_error(error: &clap::Error, ui: &Ui) -> Exit {
    use clap::error::ErrorKind;
    let help = matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
    );
    if help {
        ui.block_styled(&error.render());
        return if ui.finish().is_ok() {
            Exit::Ok
        } else {
            Exit::Failed
        };
    }
    let help_was_missed = error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand;
    if help_was_missed && !ui.is_json() {
        ui.usage(&error.render());
        return Exit::Usage;
    }
    let mut told = usage::told(error);
    let help = usage::help(std::env::args_os().skip(1));
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
