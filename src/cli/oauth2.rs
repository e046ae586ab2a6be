//! Programs that come in with OAuth 2.0: `--oauth2-client` of `create`, `edit` and `delete`.

pub(crate) mod args;
mod rules;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::apply::confirm::Confirmation;
use crate::apply::key_file::LocalSetup;
use crate::apply::provider::{RemoteProvider, oauth2_client};
use crate::apply::run::{Begin, Run};
use crate::cli::oauth2::args::{ClientArgs, EditArgs};
use crate::context::{Context, Target};
use crate::domain::{Alias, Client, ClientTerms, Code, Manifest, SecretFile};
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::oauth::{files, tokens};
use crate::plan::client::{ClientChange, ClientRequest, plan, plan_delete, plan_edit};
use crate::remote::Session;
use crate::remote::oauth2::{ClientWithSecret, refused};
use crate::remote::product::product;
use crate::remote::session::SystemRights;
use crate::resolve::{AppArg, CloudSites, resolve};
use serde_json::json;

/// An application that lets programs in with OAuth 2.0, and its administrator.
pub(crate) struct ClientApplication {
    target: Target,
    session: Arc<Session>,
}

/// Registers a client.
pub(super) async fn create(
    local: &AppArg,
    args: ClientArgs,
    context: &mut Context,
) -> Result<Exit> {
    let name = args.oauth2_client.clone().unwrap_or_default();
    let terms = ClientTerms {
        redirects: rules::redirects(&args.redirect_uri, args.allow_http_redirect)?,
        scope: args.scope.clone().unwrap_or_default(),
        name: name.clone(),
    };
    let lock = Run::lock(context, "create")?;
    let target = resolve_local(context, local).await?;
    let identity = json!({"app": target.alias, "client": terms, "secret_file": args.secret_file});
    let run = match lock.begin(context, &identity).await? {
        Begin::Resumed(exit) => return Ok(exit),
        Begin::New(run) => run,
    };
    let wait = context.ui.waiting(&format!("looking at {}", target.alias));
    let provider = provider(context, target, Some(&terms.scope)).await?;
    let there = find_client(context, &provider.session, &name).await?;
    drop(wait);
    let place = secret_path(context, &provider.target.alias, &name, args.secret_file);
    let (there, kept) = split_secret(there, &place);
    let request = ClientRequest {
        on: provider.target.alias.clone(),
        terms,
        secret_file: place.display().to_string(),
    };
    let plan = plan(&request, there.as_ref(), kept)?;
    let fresh = there.is_none();
    let keys = context.store.paths().keys();
    let setup = fresh.then(|| {
        let place = place.clone();
        LocalSetup::new(move || prepare(&place, &keys, true))
    });
    let alias = request.on.clone();
    let run = run.local_setup(setup);
    let exit = carry_out(context, run, provider, plan).await?;
    print_client(context, &alias, &name);
    if !fresh && !kept {
        context.ui.note(&format!(
            "its client secret is not in {}: the application's page shows it, or makes a new one",
            place.display()
        ));
        hint_reset(context, &alias, &name);
    }
    Ok(exit)
}

/// Changes a client, or gives it a new secret.
pub(super) async fn edit(local: &AppArg, args: EditArgs, context: &mut Context) -> Result<Exit> {
    let name = args.oauth2_client.clone().unwrap_or_default();
    let mut wish = ClientChange {
        redirects: rules::redirects(&args.redirect_uri, args.allow_http_redirect)?,
        scope: args.scope.clone(),
        reset: args.reset_secret,
        was: None,
    };
    let lock = Run::lock(context, "edit")?;
    let target = resolve_local(context, local).await?;
    let identity = json!({"app": target.alias, "client": name, "change": wish, "secret_file": args.secret_file});
    let run = match lock.begin(context, &identity).await? {
        Begin::Resumed(exit) => return Ok(exit),
        Begin::New(run) => run,
    };
    let wait = context.ui.waiting(&format!("looking at {}", target.alias));
    let provider = provider(context, target, wish.scope.as_deref()).await?;
    let there = find_client(context, &provider.session, &name).await?;
    drop(wait);
    let alias = provider.target.alias.clone();
    let place = secret_path(context, &alias, &name, args.secret_file);
    wish.was = there
        .as_ref()
        .filter(|_| wish.reset)
        .and_then(|told| oauth2_client::mark_of(told, &place));
    let (Some(there), kept) = split_secret(there, &place) else {
        return Err(Error::conflict(format!(
            "{alias} has no OAuth 2.0 client {name:?}"
        ))
        .hint("see: applink list")
        .hint("register one with: applink create LOCAL --oauth2-client NAME --redirect-uri URL --scope SCOPE"));
    };
    let plan = plan_edit(&alias, &there, &wish, &place.display().to_string(), kept);
    let question = if wish.reset {
        Confirmation::Required(format!(
            "The client secret that {name:?} has now ends at once, and with it its log-ins until it has the new one."
        ))
    } else {
        Confirmation::IfInteractive
    };
    let keys = context.store.paths().keys();
    let setup = wish
        .reset
        .then(|| LocalSetup::new(move || prepare(&place, &keys, false)));
    let run = run.confirmation(question).local_setup(setup);
    let exit = carry_out(context, run, provider, plan).await?;
    print_client(context, &alias, &name);
    Ok(exit)
}

/// Removes a client.
pub(super) async fn delete(local: &AppArg, name: &str, context: &mut Context) -> Result<Exit> {
    let lock = Run::lock(context, "delete")?;
    let target = resolve_local(context, local).await?;
    let identity = json!({"app": target.alias, "client": name});
    let run = match lock.begin(context, &identity).await? {
        Begin::Resumed(exit) => return Ok(exit),
        Begin::New(run) => run,
    };
    let wait = context.ui.waiting(&format!("looking at {}", target.alias));
    let provider = provider(context, target, None).await?;
    let there = find_client(context, &provider.session, name).await?;
    let alias = provider.target.alias.clone();
    let entry = context.state.state().oauth2_client(&alias, name).cloned();
    if let (None, Some(entry)) = (&there, &entry) {
        refuse_renamed(&provider.session, name, &entry.client_id).await?;
    }
    drop(wait);
    let file = entry
        .as_ref()
        .and_then(|entry| entry.secret_file.as_ref())
        .map(|file| context.store.paths().resolve(file))
        .filter(|file| file.symlink_metadata().is_ok());
    // What applink put into its own directory goes; what somebody else named stays.
    let keys = context.store.paths().keys();
    let (own, other) = match file {
        Some(file) if file.parent() == Some(&keys) => (Some(file), None),
        other => (None, other),
    };
    let there = there.map(|told| told.client).or_else(|| {
        // It is gone there, and its file is here still.
        own.is_some().then(|| Client {
            id: String::new(),
            client_id: entry.map(|entry| entry.client_id).unwrap_or_default(),
            terms: ClientTerms {
                name: name.to_owned(),
                redirects: Vec::new(),
                scope: String::new(),
            },
        })
    });
    let plan = plan_delete(
        &alias,
        name,
        there.as_ref(),
        own.as_ref().map(|file| file.display().to_string()),
    );
    let question = Confirmation::TypeName {
        about: format!(
            "This takes the right to call {alias} away from {name:?}, and its users' tokens with it."
        ),
        name: name.to_owned(),
    };
    let meant = rules::nearly(&provider.session, name, &plan).await;
    let run = run.confirmation(question);
    let exit = carry_out(context, run, provider, plan).await?;
    if let Some(hint) = meant {
        context.ui.hint(&hint);
    }
    if let (Some(file), false) = (other, context.settings.dry_run) {
        context.ui.note(&format!(
            "its client secret is left in {}, and is worth nothing any more",
            file.display()
        ));
    }
    Ok(exit)
}

async fn resolve_local(context: &Context, local: &AppArg) -> Result<Target> {
    resolve(context, &[local], CloudSites::Refused)
        .await?
        .pop()
        .map(|one| one.target)
        .ok_or_else(|| Error::internal("an application was due"))
}

/// Finds out whether the application has such clients at all and such a scope, and only then
/// uses the account.
pub(crate) async fn provider(
    context: &Context,
    target: Target,
    scope: Option<&str>,
) -> Result<ClientApplication> {
    let anybody = context.anonymous_session(&target);
    let manifest = anybody.manifest().await?.clone();
    if !anybody.has_oauth2().await? {
        return Err(none(&target, &manifest));
    }
    if let Some(scope) = scope {
        rules::scope(
            scope,
            &anybody.oauth2_scopes(&manifest).await,
            manifest.type_id.name(),
            manifest.version.as_str(),
        )?;
    }
    let session = context.session(&target).await?;
    session.set_manifest(manifest);
    session.administrator().await?;
    session.websudo().await?;
    // Where the product tells, the reason is known without a refusal.
    if session.system_administrator().await == SystemRights::No {
        return Err(Error::new(
            Kind::Permission,
            format!(
                "OAuth 2.0 clients are for system administrators, and the account on {} is none",
                target.alias
            ),
        )
        .code(Code::NotSystemAdmin)
        .hint("use the account of a system administrator of that application"));
    }
    Ok(ClientApplication { target, session })
}

fn none(target: &Target, manifest: &Manifest) -> Error {
    let what = format!(
        "{} ({} {}) lets no program in with OAuth 2.0",
        target.alias,
        manifest.type_id.name(),
        manifest.version
    );
    let error = Error::refused(what);
    match product(&manifest.type_id).oauth2 {
        Some(provider) => error.hint(format!("{} is the first that can", provider.since)),
        None => error.hint("no version of that product is known that can"),
    }
    .hint("programs that sign with OAuth 1.0a: applink create LOCAL --consumer NAME")
}

/// The client of that name, with its secret; the secret is masked from now on.
async fn find_client(
    context: &Context,
    session: &Session,
    name: &str,
) -> Result<Option<ClientWithSecret>> {
    let told = session.oauth2_client(name).await.map_err(refused)?;
    if let Some(secret) = told.as_ref().and_then(|told| told.secret.as_ref()) {
        context.mask(secret);
    }
    Ok(told)
}

/// A client that has another name now is not gone, and neither is the use of its secret.
async fn refuse_renamed(session: &Session, name: &str, client_id: &str) -> Result<()> {
    let all = session.oauth2_clients().await.map_err(refused)?;
    match all.iter().find(|one| one.client.client_id == client_id) {
        Some(now) => Err(Error::conflict(format!(
            "the OAuth 2.0 client {name:?} is called {:?} on {} now",
            now.client.terms.name,
            session.alias()
        ))
        .hint("remove it under that name")),
        None => Ok(()),
    }
}

/// Where the secret is or will be: as it is named, as it is recorded, or among the keys.
fn secret_path(context: &Context, alias: &Alias, name: &str, given: Option<PathBuf>) -> PathBuf {
    let paths = context.store.paths();
    if let Some(path) = given {
        return std::path::absolute(&path).unwrap_or(path);
    }
    context
        .state
        .state()
        .oauth2_client(alias, name)
        .and_then(|known| known.secret_file.as_ref())
        .map_or_else(
            || {
                let stem = tokens::file_stem(name);
                paths.keys().join(format!("{alias}.{stem}.secret"))
            },
            |file| paths.resolve(file),
        )
}

/// A client that was looked up, and whether its secret is in that file.
fn split_secret(told: Option<ClientWithSecret>, place: &Path) -> (Option<Client>, bool) {
    let Some(told) = told else {
        return (None, false);
    };
    let kept = matches!(
        oauth2_client::state(place, told.secret.as_ref()),
        SecretFile::Current | SecretFile::Untold
    );
    (Some(told.client), kept)
}

/// Makes sure that a secret can be kept, before anything is sent. Only the directory of applink's
/// own is made.
fn prepare(place: &Path, keys: &Path, new: bool) -> Result<()> {
    if place.parent() == Some(keys) {
        files::make_directory(keys).map_err(|fault| fault.at(keys))?;
    }
    if new {
        files::check_free(place).map_err(|fault| fault.at(place))?;
    }
    files::check_writable(place).map_err(|fault| fault.at(place))
}

/// Applies a plan of the application's clients, whose secrets are masked from now on.
async fn carry_out(
    context: &mut Context,
    run: Run,
    provider: ClientApplication,
    plan: crate::plan::Plan,
) -> Result<Exit> {
    let live = RemoteProvider::new([provider.session]).masking(context.resolver().redactor());
    run.targets([provider.target])
        .without_verification()
        .apply(context, plan, live)
        .await
}

/// What the program needs to know.
fn print_client(context: &Context, alias: &Alias, name: &str) {
    let ui = &context.ui;
    if context.settings.dry_run || ui.is_json() {
        return;
    }
    let (Some(client), Some(target)) = (
        context.state.state().oauth2_client(alias, name),
        context.app(alias),
    ) else {
        return;
    };
    let mut values = vec![("client id", client.client_id.clone())];
    if let Some(file) = &client.secret_file {
        let path = context.store.paths().resolve(file);
        let whose = "give it to the program, and to nobody else";
        values.push(("client secret", format!("{} ({whose})", path.display())));
    }
    let url = |path: &str| target.entry.url.join(path);
    values.push(("authorize", url("/rest/oauth2/latest/authorize")));
    values.push(("token", url("/rest/oauth2/latest/token")));
    ui.labelled(14, values);
}

fn hint_reset(context: &Context, alias: &Alias, name: &str) {
    let words = [
        "edit",
        alias.as_str(),
        "--oauth2-client",
        name,
        "--reset-secret",
    ];
    if let Some(fix) = crate::domain::SuggestedCommand::applink(words) {
        context
            .ui
            .hint(&format!("for a new one: {}", fix.command()));
    }
}
