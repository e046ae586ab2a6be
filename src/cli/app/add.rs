//! `applink app add`

use std::path::PathBuf;

use crate::cli::app::output::report;
use crate::cli::args;
use crate::cli::prompt::account::account;
use crate::cli::prompt::application::{AppPrompt, application};
use crate::cli::prompt::keyring::{KeyringChoice, KeyringWrites, PendingKeyringWrites};
use crate::context::{Context, Target};
use crate::credentials::{AliasOrigin, CredentialSource};
use crate::domain::{Alias, BaseUrl, Code, Manifest};
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::remote::locate::{LocatedApplication, locate};
use crate::remote::tls::TlsFiles;
use crate::resolve::{AppArg, not_found, url};
use crate::state::{AppEntry, Cache, CachedApp, Guard, StateStore as _};

/// Add an application, or change what is known of it
///
/// The address is asked who it is. The log-in is tried when its secret can be had without asking
/// anybody. The secret itself is never stored: only where it is. A variable that is not set here is
/// only warned of, since it may be set where applink runs later; a file or a program that gives no
/// secret is refused.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Sources:\n  \
    env:VAR               an environment variable\n  \
    file:PATH             the first line of a file that only you can read\n  \
    command:PROGRAM ARGS  the first line that a program prints\n  \
    keyring               the system's keyring, see `applink app login`\n  \
    prompt                asked each time\n\n\
    Examples:\n  \
    applink app add jira https://jira.example.com --user admin \\\n      --credential env:JIRA_PASSWORD\n  \
    applink app add wiki https://wiki.example.com \\\n      --credential 'command:pass show wiki/token'")]
pub(in crate::cli) struct AddArgs {
    /// Its short name: a-z, 0-9 and '-'
    pub(in crate::cli) alias: Option<Alias>,

    /// Its base URL, or any page of it
    #[arg(value_parser = url)]
    pub(in crate::cli) url: Option<BaseUrl>,

    /// The account; without one the secret is a personal access token
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) user: Option<String>,

    /// Where the secret is
    #[arg(long, value_name = "SOURCE", value_parser = source)]
    pub(in crate::cli) credential: Option<CredentialSource>,

    /// Whether the account was tried while it was asked for.
    #[arg(skip)]
    pub(in crate::cli) is_tried: bool,
}

impl AddArgs {
    /// What is asked for.
    pub(in crate::cli) fn missing(&self) -> Vec<&'static str> {
        args::missing([
            (self.alias.is_some(), "<ALIAS>"),
            (self.url.is_some(), "<URL>"),
        ])
    }
}

/// The text is never repeated in an error: it may be the secret itself.
fn source(text: &str) -> std::result::Result<CredentialSource, String> {
    text.parse()
        .map_err(|error: crate::credentials::SourceError| error.to_string())
}

/// Runs the command.
pub(super) async fn run(mut args: AddArgs, context: &mut Context) -> Result<Exit> {
    let pending_writes = ask_missing(&mut args, context).await?;
    let alias = args.alias.take().ok_or_else(args::nothing)?;
    let url = args.url.take().ok_or_else(args::nothing)?;
    refuse_several_authorities(context)?;
    let guard = context.lock("app add")?;
    let known = context.state.state().application(&alias).cloned();
    let located = locate_application(context, &url).await?;
    check_conflicts(context, &alias, known.as_ref(), &located)?;
    let is_tried = args.is_tried;
    let mut target = Target {
        entry: merged_entry(context, args, known.as_ref(), &located),
        alias,
        known: true,
        naming: AliasOrigin::Given,
    };
    let names = context.state.state().applications.keys();
    crate::credentials::check_prefixes(names.chain(std::iter::once(&target.alias)))?;
    let login = if is_tried {
        "administrator".to_owned()
    } else {
        try_login(context, &target, &located.manifest).await?
    };
    let keyring_writes = pending_writes
        .ready(context, std::slice::from_mut(&mut target))
        .await?;
    let changed = known.as_ref() != Some(&target.entry);
    if let Some(guard) = &guard {
        save(context, guard, &target, keyring_writes.as_ref()).await?;
        remember_version(context, &target.alias, &located.manifest);
    }
    report(context, &target, &located.manifest, &login, changed);
    Ok(Exit::Ok)
}

/// The state holds one file of authorities per application.
fn refuse_several_authorities(context: &Context) -> Result<()> {
    if context.settings.http.tls.authorities.len() < 2 {
        return Ok(());
    }
    Err(
        Error::usage("app add records one file of certificate authorities")
            .hint("put them into one PEM file, and give that with --cacert"),
    )
}

/// Asks the address who it is, without any account, and prints what was noticed on the way.
async fn locate_application(context: &Context, url: &BaseUrl) -> Result<LocatedApplication> {
    let files = TlsFiles::default();
    let wait = context.ui.waiting(&format!("asking {url} who it is"));
    let located = match locate(url, &files, &context.transport).await {
        Ok(located) => located,
        Err(error) => return Err(not_found(context, error, url).await),
    };
    drop(wait);
    for note in &located.notes {
        context.ui.note(note);
    }
    Ok(located)
}

/// Refuses an address or an application that the state knows under another name, and an alias that
/// means another application. Warns of a clone.
fn check_conflicts(
    context: &Context,
    alias: &Alias,
    known: Option<&AppEntry>,
    located: &LocatedApplication,
) -> Result<()> {
    let state = context.state.state();
    if let Some((other, _)) = state.by_url(&located.url)
        && other != alias
    {
        return Err(
            Error::conflict(format!("{} is known as {other}", located.url))
                .hint(format!("write {other} for it"))
                .hint(format!(
                    "to call it {alias} from now on: applink app remove {other}, and add it again"
                )),
        );
    }
    if let Some((other, entry)) = state.by_id(located.manifest.id)
        && other != alias
    {
        context.ui.warn(&clone_warning(located, other, entry));
    }
    if let Some(known) = known
        && (known.url != located.url || known.id != located.manifest.id)
    {
        return Err(Error::conflict(format!(
            "{alias} is known as application {} at {}",
            known.id, known.url
        ))
        .hint(format!(
            "if it moved: applink relocate {alias} {}",
            located.url
        ))
        .hint(format!("if it is another one: applink app remove {alias}")));
    }
    Ok(())
}

/// The warning for an application whose id another known application has too.
fn clone_warning(located: &LocatedApplication, other: &Alias, entry: &AppEntry) -> String {
    if located.manifest.base_url().as_ref() == Some(&entry.url) {
        format!(
            "{} is {other} under another address: it carries {other}'s id and names {} as its base URL; if it is a copy, give it a base URL and an id of its own",
            located.url, entry.url
        )
    } else {
        format!(
            "{} carries the application id of {other} ({}): one of them is a copy of the other ({})",
            located.url,
            entry.url,
            Code::ClonedApplication
        )
    }
}

/// What the state will hold: the given options, and what was known where an option is missing.
fn merged_entry(
    context: &Context,
    args: AddArgs,
    known: Option<&AppEntry>,
    located: &LocatedApplication,
) -> AppEntry {
    let tls = &context.settings.http.tls;
    let absolute = |path: &PathBuf| std::path::absolute(path).unwrap_or_else(|_| path.clone());
    let known_path =
        |path: fn(&AppEntry) -> &Option<PathBuf>| known.and_then(|known| path(known).clone());
    AppEntry {
        url: located.url.clone(),
        id: located.manifest.id,
        type_id: located.manifest.type_id.clone(),
        user: args
            .user
            .or_else(|| known.and_then(|known| known.user.clone())),
        credential: args
            .credential
            .or_else(|| known.and_then(|known| known.credential.clone())),
        cacert: (tls.authorities.first().map(absolute))
            .or_else(|| known_path(|known| &known.cacert)),
        client_cert: (tls.client_certificate.as_ref().map(absolute))
            .or_else(|| known_path(|known| &known.client_cert)),
        client_key: (tls.client_key.as_ref().map(absolute))
            .or_else(|| known_path(|known| &known.client_key)),
    }
}

/// Writes the state, and the keyring before it; takes the keyring's entries back where the state
/// cannot be written.
async fn save(
    context: &mut Context,
    guard: &Guard,
    target: &Target,
    keyring_writes: Option<&KeyringWrites>,
) -> Result<()> {
    if let Some(writes) = keyring_writes {
        writes.keep(context)?;
    }
    let mut state = context.state.to_state();
    state
        .applications
        .insert(target.alias.clone(), target.entry.clone());
    let saved = context.store.save(guard, &context.state, &state);
    if let (Err(_), Some(writes)) = (&saved, keyring_writes) {
        writes.take_back(context).await;
    }
    context.state = saved?;
    Ok(())
}

/// The version is shown by `app list`, which asks nobody. That it cannot be kept spoils nothing.
fn remember_version(context: &Context, alias: &Alias, manifest: &Manifest) {
    let mut cache = Cache::load(context.store.paths());
    let version = Some(manifest.version.as_str().to_owned());
    cache
        .applications
        .entry(alias.clone())
        .and_modify(|seen| seen.version.clone_from(&version))
        .or_insert_with(|| CachedApp {
            at: jiff::Timestamp::now(),
            version: version.clone(),
            records: None,
            oauth2_clients: None,
        });
    if let Err(error) = cache.save(context.store.paths()) {
        context
            .ui
            .detail(1, &format!("what was seen is not remembered: {error}"));
    }
}

/// Tries the log-in where that needs nobody: a wrong one is better found now than at night.
async fn try_login(context: &Context, target: &Target, manifest: &Manifest) -> Result<String> {
    let asks = matches!(
        target.entry.credential,
        None | Some(CredentialSource::Prompt)
    );
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
                    Some(CredentialSource::Env(_) | CredentialSource::Prompt)
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
    session.set_manifest(manifest.clone());
    session.administrator().await?;
    Ok("administrator".to_owned())
}

/// Asks for a new application, and tries its account; gives what the keyring is to keep.
async fn ask_missing(args: &mut AddArgs, context: &Context) -> Result<PendingKeyringWrites> {
    if args.missing().is_empty() {
        return Ok(PendingKeyringWrites::default());
    }
    let given = args.url.clone().map(AppArg::Url);
    let mut party = application(
        context,
        AppPrompt {
            question: "Its URL, or any page of it",
            argument: "URL",
            before: None,
            offers: false,
            given: given.as_ref(),
        },
    )
    .await?;
    let target = &mut party.resolved.target;
    match &args.alias {
        Some(alias) => target.alias = alias.clone(),
        None if target.known => {}
        None => {
            let proposed = target.alias.to_string();
            let ui = &context.ui;
            target.alias = loop {
                let typed = ui.ask_text("Its short name here", Some(&proposed), "ALIAS")?;
                match typed.parse::<Alias>() {
                    Ok(alias) if context.app(&alias).is_some() => {
                        ui.complain(&Error::usage(format!(
                            "{alias} is another application already"
                        )));
                    }
                    Ok(alias) => break alias,
                    Err(error) => ui.complain(&Error::usage(error.to_string())),
                }
            };
        }
    }
    target.naming = crate::credentials::AliasOrigin::Given;
    if args.user.is_some() {
        target.entry.user.clone_from(&args.user);
    }
    if args.credential.is_some() {
        target.entry.credential.clone_from(&args.credential);
    }
    let mut keyring = KeyringChoice::default();
    account(context, &mut party, false, &mut keyring).await?;
    let target = party.resolved.target;
    args.alias = Some(target.alias);
    args.url = Some(target.entry.url);
    args.user = target.entry.user;
    args.credential = target.entry.credential;
    args.is_tried = true;
    Ok(keyring.into_wanted())
}
