//! `applink completions`

use clap_complete::Shell;

use crate::cli::complete;
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::ui::Ui;

/// Write the completions of a shell to standard output
///
/// They know the applications and links of the state, which they ask applink for at each press of
/// the key; it reads the state file and nothing else. With --static they know the commands and
/// options alone, and ask nobody.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    mkdir -p ~/.local/share/bash-completion/completions\n  \
    applink completions bash \\\n      > ~/.local/share/bash-completion/completions/applink\n  \
    applink completions zsh > ~/.zfunc/_applink   # in a directory of fpath\n  \
    applink completions fish > ~/.config/fish/completions/applink.fish\n  \
    applink completions elvish >> ~/.config/elvish/rc.elv\n  \
    applink completions powershell >> $PROFILE")]
pub struct Args {
    /// The shell
    shell: Shell,

    /// Commands and options alone
    #[arg(long = "static")]
    is_static: bool,
}

/// The shells whose completions are kept in the repository, with the names of the files. They are
/// those that ask.
pub const FILES: &[(Shell, &str)] = &[
    (Shell::Bash, "applink.bash"),
    (Shell::Elvish, "applink.elv"),
    (Shell::Fish, "applink.fish"),
    (Shell::PowerShell, "_applink.ps1"),
    (Shell::Zsh, "_applink"),
];

/// The completions of one shell, which ask applink.
pub fn asking(shell: Shell) -> Result<String> {
    complete::registration(shell)
}

/// The completions of one shell, which know commands and options alone.
fn fixed(shell: Shell, mut root: clap::Command) -> Result<String> {
    let mut out = Vec::new();
    clap_complete::generate(shell, &mut root, "applink", &mut out);
    String::from_utf8(out).map_err(|_| Error::internal("the completions are not UTF-8"))
}

/// Runs the command.
pub fn run(args: &Args, ui: &Ui, root: clap::Command) -> Result<Exit> {
    let text = if args.is_static {
        fixed(args.shell, root)?
    } else {
        asking(args.shell)?
    };
    ui.block(&text);
    Ok(Exit::Ok)
}
