//! `applink completions`

use clap_complete::Shell;

use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::ui::Ui;

/// Write the completions of a shell to standard output
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    applink completions bash > /etc/bash_completion.d/applink\n  \
    applink completions zsh > ~/.zfunc/_applink\n  \
    applink completions fish > ~/.config/fish/completions/applink.fish")]
pub struct Args {
    /// The shell
    shell: Shell,
}

/// The shells whose completions are kept in the repository, with the names of the files.
pub const FILES: &[(Shell, &str)] = &[
    (Shell::Bash, "applink.bash"),
    (Shell::Elvish, "applink.elv"),
    (Shell::Fish, "applink.fish"),
    (Shell::PowerShell, "_applink.ps1"),
    (Shell::Zsh, "_applink"),
];

/// The completions of one shell.
pub fn script(shell: Shell) -> Result<String> {
    let mut out = Vec::new();
    clap_complete::generate(shell, &mut super::command(), "applink", &mut out);
    String::from_utf8(out).map_err(|_| Error::internal("the completions are not UTF-8"))
}

/// Runs the command.
pub fn run(args: &Args, ui: &Ui) -> Result<Exit> {
    ui.block(&script(args.shell)?);
    Ok(Exit::Ok)
}
