//! The main job on the embedded sandbox: two applications are linked, listed, verified,
//! relocated and unlinked by the same functions that the program runs.
//!
//! `cargo run --example quickstart` starts a simulated Jira and Confluence on loopback ports,
//! prints each command line and what it answers, and leaves nothing behind. No network, account
//! or other tool is needed.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use applink::cli;
use applink::exit::Exit;
use applink::ui::{Capture, TerminalInfo, Ui};
use applink_sandbox::{App, Product, Role, World};

fn main() -> Result<()> {
    let world = World::builder()
        .app(App::new(Product::Jira, "jira").context("/jira"))
        .app(App::new(Product::Confluence, "wiki").context("/confluence"))
        .start()
        .context("the sandbox does not start")?;
    let directory = tempfile::tempdir()?;
    let mut tour = Tour::new(directory.path());

    tour.say("Two simulated applications, with an administrator each.")?;
    for app in world.apps() {
        let secret = directory.path().join(format!("{}.secret", app.alias()));
        write_private(&secret, &app.user(Role::SystemAdmin).password)?;
        let source = format!("file:{}.secret", app.alias());
        let url = app.url();
        tour.run(&[
            "app",
            "add",
            app.alias(),
            &url,
            "--user",
            "admin",
            "--credential",
            &source,
        ])?;
    }

    tour.say("What would be done, and then doing it: both ends are made and verified.")?;
    tour.run(&["create", "jira", "wiki", "--dry-run"])?;
    tour.run(&["create", "jira", "wiki"])?;
    tour.run(&["list"])?;
    tour.run(&["verify"])?;

    tour.say("Confluence moves to another context path; its links follow it.")?;
    let moved = world
        .move_app("wiki", "/wiki")
        .context("the simulated Confluence does not move")?
        .url();
    tour.run(&["relocate", "wiki", &moved, "--yes"])?;
    tour.run(&["verify"])?;

    tour.say("And away with it, on both ends.")?;
    tour.run(&["delete", "jira", "wiki", "--yes"])?;
    tour.run(&["list"])?;
    for app in world.apps() {
        ensure!(app.links().is_empty(), "{} still has a link", app.alias());
    }
    Ok(())
}

/// Runs command lines one after the other on one state, and prints them with their output.
struct Tour<'a> {
    directory: &'a Path,
    out: io::Stdout,
}

impl<'a> Tour<'a> {
    fn new(directory: &'a Path) -> Self {
        Self {
            directory,
            out: io::stdout(),
        }
    }

    fn say(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "\n# {text}")
    }

    fn run(&mut self, args: &[&str]) -> Result<()> {
        writeln!(self.out, "\n$ applink {}", args.join(" "))?;
        let (exit, capture) = self.applink(args)?;
        write!(self.out, "{}{}", capture.stderr(), capture.stdout())?;
        ensure!(exit == Exit::Ok, "exit code {}", exit.code());
        Ok(())
    }

    fn applink(&self, args: &[&str]) -> Result<(Exit, Capture)> {
        let state = self.directory.join("applink.toml");
        let mut line: Vec<OsString> = vec!["applink".into(), "--state".into(), state.into()];
        line.extend(args.iter().map(OsString::from));
        let cli = cli::parse(line)?;
        // As on a terminal of 100 columns where nobody types.
        let facts = TerminalInfo {
            stdin_tty: false,
            ..TerminalInfo::terminal(100)
        };
        let (ui, capture) = Ui::captured(cli.ui_options(), facts);
        Ok((cli::run_to_end(cli, &ui), capture))
    }
}

/// A secret belongs into a file that only its owner can read.
fn write_private(path: &Path, secret: &str) -> io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    writeln!(file, "{secret}")
}
