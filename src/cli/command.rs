//! The command line as clap knows it: the global options and the commands.

use clap::{CommandFactory as _, Parser, Subcommand};

use crate::cli::global::Global;
#[cfg(feature = "sandbox")]
use crate::cli::sandbox;
use crate::cli::{
    app, apply, authorize, completions, create, delete, edit, explain, export, global, key, list,
    man, migrate, plan, relocate, repair, resume, scan, verify,
};
use crate::ui::UiOptions;

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
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
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
