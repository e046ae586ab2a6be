//! `applink sandbox`

use applink_sandbox::{Role, World};

use crate::credentials::variable;
use crate::domain::{Alias, SuggestedCommand};
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::interrupt;
use crate::plan::execute::Stop;
use crate::ui::Ui;

/// Serve simulated applications on loopback ports, to try applink on
///
/// They behave as the products do, log-ins included, and are forgotten when they stop. Without
/// --app there are a Jira and a Confluence.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    applink sandbox\n  \
    applink sandbox --app jira/jira --app bitbucket=code \\\n      --app confluence+tls")]
pub struct Args {
    /// An application to serve (repeatable): a type, and how it is set up
    #[arg(long = "app", value_name = "TYPE[=ALIAS][/CONTEXT][+tls]")]
    apps: Vec<String>,

    /// Makes passwords and tokens the same again
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
}

/// Runs the command.
pub async fn run(args: &Args, ui: &Ui, stop: Stop) -> Result<Exit> {
    let usual = ["jira".to_owned(), "confluence".to_owned()];
    let specs = if args.apps.is_empty() {
        &usual[..]
    } else {
        &args.apps
    };
    let apps =
        applink_sandbox::parse_specs(specs).map_err(|error| Error::usage(error.to_string()))?;
    let mut world = World::builder();
    if let Some(seed) = args.seed {
        world = world.seed(seed);
    }
    for app in apps {
        world = world.app(app);
    }
    let world = tokio::task::spawn_blocking(move || world.start())
        .await
        .map_err(|error| Error::new(Kind::Internal, error.to_string()))?
        .map_err(|error| {
            Error::new(
                Kind::Internal,
                format!("the sandbox cannot be started: {error}"),
            )
        })?;
    if ui.is_json() {
        ui.foreign_json_line(&world.describe());
    } else {
        ui.block(&world.describe_text());
        ui.block(&to_paste(&world));
    }
    interrupt::wished(&stop).await;
    // Connections are closed on a thread of its own, which may wait.
    let _ = tokio::task::spawn_blocking(move || drop(world)).await;
    Ok(Exit::Ok)
}

/// What links the first two of them from another terminal, without a trace in the user's own state.
fn to_paste(world: &World) -> String {
    let [first, second, ..] = world.apps() else {
        return String::new();
    };
    let mut lines = vec![
        String::new(),
        "To paste into another terminal:".to_owned(),
        "  export APPLINK_STATE=\"$(mktemp -d)/applink.toml\"".to_owned(),
    ];
    let mut create = vec!["create".to_owned()];
    for app in [first, second] {
        let Ok(alias) = app.alias().parse::<Alias>() else {
            return String::new();
        };
        let admin = app.user(Role::SystemAdmin);
        let login = [
            format!("{}={}", variable(&alias, "USER"), admin.name),
            format!("{}={}", variable(&alias, "PASSWORD"), admin.password),
        ];
        lines.extend(pasted(SuggestedCommand::program("export", login)));
        create.push(format!("{alias}={}", app.url()));
    }
    if let Some(path) = world.ca_path() {
        create.extend(["--cacert".to_owned(), path.display().to_string()]);
    }
    lines.extend(pasted(SuggestedCommand::applink(create)));
    lines.join("\n")
}

fn pasted(command: Option<SuggestedCommand>) -> Option<String> {
    command.map(|command| format!("  {}", command.command()))
}
