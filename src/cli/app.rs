//! `applink app …`

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::context::{Context, Target};
use crate::credentials::{Naming, Source};
use crate::domain::{Alias, BaseUrl, Code, Manifest};
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::remote::Failure;
use crate::remote::locate::locate;
use crate::remote::tls::TlsFiles;
use crate::state::{AppEntry, Cache, Seen, StateStore as _};
use crate::ui::{Cell, Column, Table};

/// The applications that applink knows
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Add(AddArgs),
    List(ListArgs),
    Show(ShowArgs),
    Remove(RemoveArgs),
}

/// Add an application, or change what is known of it
///
/// The address is asked who it is. The log-in is tried when its secret can be had without asking
/// anybody. The secret itself is never stored: only where it is.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Sources:\n  \
    env:VAR               an environment variable\n  \
    file:PATH             the first line of a file that only you can read\n  \
    command:PROGRAM ARGS  the first line that a program prints\n  \
    prompt                asked each time\n\n\
    Examples:\n  \
    applink app add jira https://jira.example.com --user admin --credential env:JIRA_PASSWORD\n  \
    applink app add wiki https://wiki.example.com --credential 'command:pass show wiki/token'")]
pub struct AddArgs {
    /// Its short name: a-z, 0-9 and '-'
    alias: Alias,

    /// Its base URL, or any page of it
    url: BaseUrl,

    /// The account; without one the secret is a personal access token
    #[arg(long, value_name = "NAME")]
    user: Option<String>,

    /// Where the secret is
    #[arg(long, value_name = "SOURCE", value_parser = source)]
    credential: Option<Source>,
}

/// List the applications
#[derive(Debug, clap::Args)]
pub struct ListArgs {}

/// Show one application, and whether the log-in works
#[derive(Debug, clap::Args)]
pub struct ShowArgs {
    /// Which one
    alias: Alias,
}

/// Forget an application; nothing is changed on it
#[derive(Debug, clap::Args)]
pub struct RemoveArgs {
    /// Which one
    alias: Alias,
}

/// The text is never repeated in an error: it may be the secret itself.
fn source(text: &str) -> std::result::Result<Source, String> {
    text.parse()
        .map_err(|error: crate::credentials::SourceError| error.to_string())
}

/// Runs the command.
pub async fn run(args: Args, context: &mut Context) -> Result<Exit> {
    match args.command {
        Command::Add(args) => add(args, context).await,
        Command::List(_) => Ok(list(context)),
        Command::Show(args) => show(&args, context).await,
        Command::Remove(args) => remove(&args, context),
    }
}

async fn add(args: AddArgs, context: &mut Context) -> Result<Exit> {
    if context.settings.http.tls.authorities.len() > 1 {
        return Err(
            Error::usage("app add records one file of certificate authorities")
                .hint("put them into one PEM file, and give that with --cacert"),
        );
    }
    let guard = context.lock("app add")?;
    let global = context.settings.http.tls.clone();
    let path = |path: &PathBuf| std::path::absolute(path).unwrap_or_else(|_| path.clone());
    let known = context.state.state().application(&args.alias).cloned();
    let files = TlsFiles::default();
    let wait = context
        .ui
        .waiting(&format!("asking {} who it is", args.url));
    let located = locate(&args.url, &files, &context.transport)
        .await
        .map_err(|error| match error.failure {
            Failure::NotFound { .. } => Error::refused(format!(
                "{} has no application manifest: it is no Atlassian application, or the context path is missing",
                args.url
            )),
            _ => error.into(),
        })?;
    drop(wait);
    for note in &located.notes {
        context.ui.note(note);
    }
    if let Some((other, _)) = context.state.state().by_url(&located.url)
        && *other != args.alias
    {
        return Err(Error::conflict(format!(
            "{} is known as {other}",
            located.url
        )));
    }
    if let Some((other, entry)) = context.state.state().by_id(located.manifest.id)
        && *other != args.alias
    {
        context.ui.warn(&format!(
            "{} carries the application id of {other} ({}): one of them is a copy of the other ({})",
            located.url,
            entry.url,
            Code::ClonedApplication
        ));
    }
    if let Some(known) = &known
        && (known.url != located.url || known.id != located.manifest.id)
    {
        return Err(Error::conflict(format!(
            "{} is known as application {} at {}",
            args.alias, known.id, known.url
        ))
        .hint(format!(
            "if it moved: applink relocate {} {}",
            args.alias, located.url
        ))
        .hint(format!(
            "if it is another one: applink app remove {}",
            args.alias
        )));
    }
    // What is not given stays as it was.
    let entry = AppEntry {
        url: located.url.clone(),
        id: located.manifest.id,
        type_id: located.manifest.type_id.clone(),
        user: args
            .user
            .or_else(|| known.as_ref().and_then(|known| known.user.clone())),
        credential: args
            .credential
            .or_else(|| known.as_ref().and_then(|known| known.credential.clone())),
        cacert: global
            .authorities
            .first()
            .map(path)
            .or_else(|| known.as_ref().and_then(|k| k.cacert.clone())),
        client_cert: global
            .client_certificate
            .as_ref()
            .map(path)
            .or_else(|| known.as_ref().and_then(|k| k.client_cert.clone())),
        client_key: global
            .client_key
            .as_ref()
            .map(path)
            .or_else(|| known.as_ref().and_then(|k| k.client_key.clone())),
    };
    let target = Target {
        alias: args.alias.clone(),
        entry: entry.clone(),
        known: true,
        naming: Naming::Named,
    };
    crate::credentials::check_prefixes(
        context
            .state
            .state()
            .applications
            .keys()
            .chain(std::iter::once(&args.alias)),
    )?;
    let login = try_login(context, &target, &located.manifest).await?;
    let changed = known.as_ref() != Some(&entry);
    if let Some(guard) = &guard {
        let mut state = context.state.to_state();
        state.applications.insert(args.alias.clone(), entry);
        context.state = context.store.save(guard, &context.state, &state)?;
        remember_version(context, &args.alias, &located.manifest);
    }
    report(context, &target, &located.manifest, &login, changed);
    Ok(Exit::Ok)
}

/// The version is shown by `app list`, which asks nobody. That it cannot be kept spoils nothing.
fn remember_version(context: &Context, alias: &Alias, manifest: &Manifest) {
    let mut cache = Cache::load(context.store.paths());
    let version = Some(manifest.version.as_str().to_owned());
    cache
        .applications
        .entry(alias.clone())
        .and_modify(|seen| seen.version.clone_from(&version))
        .or_insert_with(|| Seen {
            at: jiff::Timestamp::now(),
            version: version.clone(),
            records: None,
        });
    if let Err(error) = cache.save(context.store.paths()) {
        context
            .ui
            .detail(1, &format!("what was seen is not remembered: {error}"));
    }
}

/// Tries the log-in where that needs nobody: a wrong one is better found now than at night.
async fn try_login(context: &Context, target: &Target, manifest: &Manifest) -> Result<String> {
    let asks = matches!(target.entry.credential, None | Some(Source::Prompt));
    if asks && context.ui.can_ask() {
        return Ok("not tried".to_owned());
    }
    let credential = match context.credential(target).await {
        Ok(credential) => credential,
        // That there is no secret yet is no reason not to say where it will be.
        Err(_) if target.entry.credential.is_none() => return Ok("no credentials yet".to_owned()),
        Err(error)
            if error.kind == Kind::Auth
                && matches!(
                    target.entry.credential,
                    Some(Source::Env(_) | Source::Prompt)
                ) =>
        {
            context
                .ui
                .warn(&format!("the log-in could not be tried: {error}"));
            return Ok("log-in not tried".to_owned());
        }
        Err(error) => return Err(error),
    };
    let session = context.session_as(target, &target.entry.url, Some(&credential));
    session.know_manifest(manifest.clone());
    session.administrator().await?;
    Ok("administrator".to_owned())
}

fn report(context: &Context, target: &Target, manifest: &Manifest, login: &str, changed: bool) {
    let ui = &context.ui;
    if ui.is_json() {
        ui.json(&json!({
            "schema": 1,
            "changed": changed && !context.settings.dry_run,
            "app": row(&target.alias, &target.entry, Some(manifest.version.as_str())),
        }));
        return;
    }
    let what = if context.settings.dry_run {
        "would be added"
    } else {
        "is known"
    };
    ui.result(&format!(
        "{} {what}: {} {} at {} ({login})",
        target.alias,
        manifest.type_id.name(),
        manifest.version,
        target.entry.url
    ));
}

fn row(alias: &Alias, entry: &AppEntry, version: Option<&str>) -> Value {
    json!({
        "alias": alias,
        "url": entry.url,
        "id": entry.id,
        "type": entry.type_id,
        "version": version,
        "user": entry.user,
        "credential": entry.credential.as_ref().map(ToString::to_string),
    })
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
        Column::new("type"),
        Column::new("url"),
        Column::new("user").optional(2),
        Column::new("credential").optional(1),
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
        json!({
            "schema": 1,
            "apps": state
                .applications
                .iter()
                .map(|(alias, entry)| row(alias, entry, version(alias).as_deref()))
                .collect::<Vec<_>>(),
        })
    });
    Exit::Ok
}

async fn show(args: &ShowArgs, context: &Context) -> Result<Exit> {
    let target = context.known(&args.alias).ok_or_else(|| {
        Error::usage(format!("no application is known as {}", args.alias))
            .hint("see: applink app list")
    })?;
    let ui = &context.ui;
    let (session, account) = match context.session(&target).await {
        Ok(session) => (session, None),
        Err(error) => (context.anonymous_session(&target), Some(error)),
    };
    let session = Arc::clone(&session);
    let manifest = session.manifest().await.cloned().map_err(Error::from);
    let rights = match (&account, &manifest) {
        (Some(error), _) | (None, Err(error)) => Err(error.clone()),
        (None, Ok(_)) => session.administrator().await.map_err(Error::from),
    };
    let version = manifest
        .as_ref()
        .ok()
        .map(|manifest| manifest.version.as_str().to_owned());
    if ui.is_json() {
        let mut app = row(&target.alias, &target.entry, version.as_deref());
        if let Some(map) = app.as_object_mut() {
            map.insert(
                "name".to_owned(),
                json!(manifest.as_ref().ok().map(|m| &m.name)),
            );
            map.insert("administrator".to_owned(), json!(rights.is_ok()));
        }
        ui.json(&json!({ "schema": 1, "app": app }));
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
            if rights.is_ok() {
                "administrator".to_owned()
            } else {
                "does not work".to_owned()
            },
        ));
        for (name, value) in lines {
            ui.result(&format!("{name:<11} {value}"));
        }
    }
    manifest?;
    rights?;
    Ok(Exit::Ok)
}

fn remove(args: &RemoveArgs, context: &mut Context) -> Result<Exit> {
    let guard = context.lock("app remove")?;
    if context.state.state().application(&args.alias).is_none() {
        return Err(
            Error::usage(format!("no application is known as {}", args.alias))
                .hint("see: applink app list"),
        );
    }
    super::change::refuse_unfinished(context)?;
    let links: Vec<String> = context
        .state
        .state()
        .links_of(&args.alias)
        .filter_map(|link| link.other(&args.alias))
        .map(ToString::to_string)
        .collect();
    let due = context
        .state
        .state()
        .pending_deletes
        .iter()
        .any(|due| due.on == args.alias);
    if (!links.is_empty() || due) && !context.settings.dry_run {
        let what = if due {
            "a link on it is still to be deleted".to_owned()
        } else {
            format!(
                "its links to {} stay as they are, on both ends",
                links.join(", ")
            )
        };
        let question = format!("applink forgets {}; {what}. Go on?", args.alias);
        if !context.ui.confirm(&question, "--yes")? {
            return Err(Error::refused("not confirmed; nothing was changed"));
        }
    }
    if let Some(guard) = &guard {
        let mut state = context.state.to_state();
        state.remove_application(&args.alias);
        context.state = context.store.save(guard, &context.state, &state)?;
        super::left_here::forget_tokens(context, &args.alias)?;
    }
    if context.ui.is_json() {
        context
            .ui
            .json(&json!({ "schema": 1, "changed": guard.is_some() }));
    } else {
        context.ui.result(&format!(
            "{} {}",
            args.alias,
            if guard.is_some() {
                "is forgotten"
            } else {
                "would be forgotten"
            }
        ));
    }
    Ok(Exit::Ok)
}
