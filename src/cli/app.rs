//! `applink app …`

pub(crate) mod add;
pub mod login;
pub(crate) mod output;

use std::sync::Arc;

use crate::apply::local_files::remove_token_file;
use crate::cli::{args, complete, prompt};
use crate::context::Context;
use crate::domain::{Alias, BaseUrl};
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::oauth::dance::OWN_TOKENS;
use crate::oauth::tokens;
use crate::observe::missing;
use crate::resolve::unknown_alias;
use crate::state::{Cache, StateStore as _};
use crate::ui::output::{
    AppListOutput, AppOutput, AppRemoveOutput, AppShowOutput, CheckedAppOutput,
};
use crate::ui::{Cell, Column, Table};

pub(super) use crate::cli::app::add::AddArgs;

/// The applications that applink knows
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    applink app add jira https://jira.example.com --user admin \\\n      --credential env:JIRA_PASSWORD\n  \
    applink app list\n  \
    applink app show jira")]
pub struct Args {
    #[command(subcommand)]
    command: AppCommand,
}

#[derive(Debug, clap::Subcommand)]
enum AppCommand {
    Add(AddArgs),
    List(ListArgs),
    Show(AppShowArgs),
    Remove(RemoveArgs),
    Login(login::LoginArgs),
    Logout(login::LogoutArgs),
}

/// List the applications
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    applink app list\n  \
    applink app list -o json | jq -r '.apps[].url'")]
pub struct ListArgs {}

/// Show one application, and whether the log-in works
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    applink app show jira\n  \
    applink app show jira -o json | jq .app.administrator")]
pub struct AppShowArgs {
    /// Which one
    #[arg(add = complete::application())]
    alias: Option<Alias>,
}

/// Forget an application; nothing is changed on it
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    applink app remove wiki-old\n  \
    applink app remove wiki-old --yes")]
pub struct RemoveArgs {
    /// Which one
    #[arg(add = complete::application())]
    alias: Option<Alias>,
}

impl Args {
    /// What is asked for, and by which command.
    pub(super) fn missing(&self) -> (&'static [&'static str], Vec<&'static str>) {
        let alias = |alias: &Option<Alias>| args::missing([(alias.is_some(), "<ALIAS>")]);
        match &self.command {
            AppCommand::Add(args) => (&["app", "add"], args.missing()),
            AppCommand::List(_) => (&["app", "list"], Vec::new()),
            AppCommand::Show(args) => (&["app", "show"], alias(&args.alias)),
            AppCommand::Remove(args) => (&["app", "remove"], alias(&args.alias)),
            AppCommand::Login(args) => (&["app", "login"], alias(&args.alias)),
            AppCommand::Logout(args) => (&["app", "logout"], alias(&args.alias)),
        }
    }
}

/// Runs the command.
pub async fn run(args: Args, context: &mut Context) -> Result<Exit> {
    match args.command {
        AppCommand::Add(args) => add::run(args, context).await,
        AppCommand::List(_) => {
            context.require_named_state()?;
            Ok(list(context))
        }
        AppCommand::Show(args) => show(&args, context).await,
        AppCommand::Remove(args) => remove(&args, context).await,
        AppCommand::Login(args) => login::login(args, context).await,
        AppCommand::Logout(args) => login::logout(args, context).await,
    }
}

fn list(context: &Context) -> Exit {
    let cache = Cache::load(context.store.paths());
    let state = context.state.state();
    let version = |alias: &Alias| {
        cache
            .applications
            .get(alias)
            .and_then(|seen| seen.version.clone())
    };
    let mut table = Table::new([
        Column::new("alias"),
        Column::new("type").extra(3),
        Column::new("url"),
        Column::new("user").extra(1),
        Column::new("credential").wraps().extra(2),
    ])
    .when_empty("no applications yet: applink app add ALIAS URL");
    for (alias, entry) in &state.applications {
        table.push([
            Cell::new(alias.as_str()),
            Cell::new(entry.type_id.name()),
            Cell::new(entry.url.to_string()),
            entry.user.as_deref().map_or_else(Cell::missing, Cell::new),
            entry
                .credential
                .as_ref()
                .map_or_else(Cell::missing, |source| Cell::new(source.to_string())),
        ]);
    }
    context.ui.show(&table, || {
        let applications = state.applications.iter();
        AppListOutput {
            apps: applications
                .map(|(alias, entry)| AppOutput::new(alias, entry, version(alias).as_deref()))
                .collect(),
        }
    });
    Exit::Ok
}

async fn show(args: &AppShowArgs, context: &Context) -> Result<Exit> {
    let alias = match &args.alias {
        Some(alias) => alias.clone(),
        None => prompt::choose_app(context, "Which application?")?,
    };
    let target = context
        .app(&alias)
        .ok_or_else(|| unknown_alias(context, &alias))?;
    let ui = &context.ui;
    let (session, account) = match context.session(&target).await {
        Ok(session) => (session, None),
        Err(error) => (context.anonymous_session(&target), Some(error)),
    };
    let session = Arc::clone(&session);
    let manifest = match session.manifest().await {
        Ok(manifest) => Ok(manifest.clone()),
        Err(error) => Err(missing::explain(context, &target, error).await),
    };
    let rights = match (&account, &manifest) {
        (Some(error), _) | (None, Err(error)) => Err(error.clone()),
        (None, Ok(_)) => session.administrator().await.map_err(Error::from),
    };
    let version = manifest
        .as_ref()
        .ok()
        .map(|manifest| manifest.version.as_str().to_owned());
    if ui.is_json() {
        ui.json(&AppShowOutput {
            app: CheckedAppOutput {
                app: AppOutput::new(&target.alias, &target.entry, version.as_deref()),
                name: manifest.as_ref().ok().map(|manifest| manifest.name.clone()),
                administrator: rights.is_ok(),
            },
        });
    } else {
        let entry = &target.entry;
        let mut lines = vec![
            ("alias", target.alias.to_string()),
            ("type", entry.type_id.name().to_owned()),
            ("url", entry.url.to_string()),
            ("id", entry.id.to_string()),
            ("user", entry.user.clone().unwrap_or_else(|| "-".to_owned())),
            (
                "credential",
                entry
                    .credential
                    .as_ref()
                    .map_or_else(|| "-".to_owned(), ToString::to_string),
            ),
        ];
        if let Ok(manifest) = &manifest {
            lines.push(("name", manifest.name.clone()));
            lines.push(("version", manifest.version.to_string()));
            lines.push(("applinks", manifest.applinks_version.to_string()));
        }
        lines.push((
            "log-in",
            match (&account, &manifest, &rights) {
                (None, Ok(_), Ok(())) => "administrator".to_owned(),
                // A server that cannot be asked says nothing about the login.
                (None, Err(_), _) => "not tried".to_owned(),
                _ => "does not work".to_owned(),
            },
        ));
        ui.labelled(11, lines);
    }
    manifest?;
    rights?;
    Ok(Exit::Ok)
}

async fn remove(args: &RemoveArgs, context: &mut Context) -> Result<Exit> {
    let alias = match &args.alias {
        Some(alias) => alias.clone(),
        None => prompt::choose_app(context, "Which application is to be forgotten?")?,
    };
    let guard = context.lock("app remove")?;
    if context.state.state().application(&alias).is_none() {
        return Err(unknown_alias(context, &alias));
    }
    crate::apply::interrupted::refuse_unfinished(context)?;
    let url = context.app(&alias).map(|target| target.entry.url);
    let links: Vec<String> = context
        .state
        .state()
        .links_of(&alias)
        .filter_map(|link| link.other(&alias))
        .map(ToString::to_string)
        .collect();
    let due = context
        .state
        .state()
        .pending_deletes
        .iter()
        .any(|due| due.on == alias);
    if (!links.is_empty() || due) && !context.settings.dry_run {
        let what = if due {
            "a link on it is still to be deleted".to_owned()
        } else {
            format!(
                "its links to {} stay as they are, on both ends",
                links.join(", ")
            )
        };
        let question = format!("applink forgets {alias}; {what}. Go on?");
        if !context.ui.confirm(&question, "--yes")? {
            return Err(Error::refused("not confirmed; nothing was changed"));
        }
    }
    if let Some(guard) = &guard {
        let mut state = context.state.to_state();
        let target = context.app(&alias);
        state.remove_application(&alias);
        context.state = context.store.save(guard, &context.state, &state)?;
        if let Some(target) = target
            && target.entry.credential == Some(crate::credentials::CredentialSource::Keyring)
        {
            login::forget(context, &target).await;
        }
    }
    drop_tokens(context, &alias, url.as_ref());
    if context.ui.is_json() {
        context.ui.json(&AppRemoveOutput {
            changed: guard.is_some(),
        });
    } else {
        context.ui.result(&format!(
            "{} {}",
            alias,
            if guard.is_some() {
                "is forgotten"
            } else {
                "would be forgotten"
            }
        ));
    }
    Ok(Exit::Ok)
}

/// Drops the tokens that are kept for an application that nobody knows any more. The application
/// goes on taking them.
fn drop_tokens(context: &Context, alias: &Alias, url: Option<&BaseUrl>) {
    let ui = &context.ui;
    let mut count = 0;
    for path in tokens::paths_of(&context.store.paths().keys(), alias) {
        count += usize::from(context.settings.dry_run || remove_token_file(context, &path));
    }
    if count == 0 {
        return;
    }
    let tokens = if count == 1 { "token" } else { "tokens" };
    ui.note(&if context.settings.dry_run {
        format!("{count} {tokens} kept for {alias} would be dropped")
    } else {
        format!("{count} {tokens} kept for {alias} dropped")
    });
    if let Some(url) = url {
        ui.note(&format!(
            "the application goes on taking them: only you can take them back, on {}",
            url.join(OWN_TOKENS)
        ));
    }
}
