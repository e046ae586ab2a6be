//! `applink delete`

use std::sync::Arc;

use crate::apply::confirm::Confirmation;
use crate::apply::provider::RemoteProvider;
use crate::apply::run::{Begin, Run};
use crate::cli::prompt::record::{LinkTarget, local, record};
use crate::cli::{args, complete};
use crate::context::{Context, Target};
use crate::domain::{Alias, ApplicationId, Record};
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::plan::delete::{DeletedEnd, plan};
use crate::remote::Session;
use crate::remote::product::product;
use crate::resolve::{AppArg, CloudSites, resolve};
use serde_json::json;

/// Remove a link, on both applications
///
/// Each end is deleted with that application's own account. What is known to hang on the link is
/// said before. An end that cannot be deleted now is remembered, and the next `delete` finishes
/// it; an end that is gone already counts as deleted.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    applink delete jira wiki\n  \
    applink delete jira wiki --one-side --yes\n  \
    applink delete jira --consumer Jenkins\n  \
    applink delete jira --oauth2-client Portal")]
pub struct Args {
    /// An application: alias, URL, or ALIAS=URL
    #[arg(add = complete::application())]
    pub(super) local: Option<AppArg>,

    /// The other one; a URL of an application that is gone will do
    #[arg(add = complete::linked())]
    pub(super) remote: Option<AppArg>,

    /// Only the record on LOCAL
    #[arg(long)]
    one_side: bool,

    /// Remove the third-party program of this name
    #[arg(long, value_name = "NAME", conflicts_with_all = ["remote", "one_side"], add = complete::program())]
    pub(super) consumer: Option<String>,

    /// Remove the program that comes in with OAuth 2.0 under this name, and the file of its secret
    #[arg(long, value_name = "NAME", conflicts_with_all = ["remote", "one_side", "consumer"])]
    pub(super) oauth2_client: Option<String>,
}

impl Args {
    /// What is asked for.
    pub(super) fn missing(&self) -> Vec<&'static str> {
        let is_program = self.consumer.is_some() || self.oauth2_client.is_some();
        args::missing([
            (self.local.is_some(), "<LOCAL>"),
            (self.remote.is_some() || is_program, "<REMOTE>"),
        ])
    }
}

/// The far side, as far as it is known.
struct RemoteEnd {
    target: Option<Target>,
    id: Option<ApplicationId>,
    url: Option<String>,
}

/// Runs the command.
pub async fn run(mut args: Args, context: &mut Context) -> Result<Exit> {
    ask_missing(&mut args, context).await?;
    let local = args.local.as_ref().ok_or_else(args::nothing)?;
    if let Some(name) = &args.oauth2_client {
        return crate::cli::oauth2::delete(local, name, context).await;
    }
    let remote_arg = match (&args.remote, &args.consumer) {
        (Some(remote), _) => remote,
        (None, name) => {
            let name = name.as_deref().unwrap_or_default();
            return crate::cli::consumer::delete(local, name, context).await;
        }
    };
    let lock = Run::lock(context, "delete")?;
    let local = resolve(context, &[local], CloudSites::Refused)
        .await?
        .pop()
        .ok_or_else(|| Error::internal("an application was due"))?
        .target;
    let far = resolve_remote_end(context, remote_arg).await?;
    let remote = far.target.as_ref().map(|target| target.alias.clone());
    if remote.as_ref() == Some(&local.alias) {
        return Err(
            Error::refused(format!("{} has no link to itself", local.alias)).hint(format!(
                "see what it has with: applink list {}",
                local.alias
            )),
        );
    }
    let named = remote
        .as_ref()
        .map_or_else(|| far.url.clone().unwrap_or_default(), ToString::to_string);
    let identity = json!({"local": local.alias, "remote": named, "one_side": args.one_side});
    let run = match lock.begin(context, &identity).await? {
        Begin::Resumed(exit) => return Ok(exit),
        Begin::New(run) => run,
    };
    let (ends, provider) = observe_ends(context, &local, &far, args.one_side).await?;
    let plan = plan(&local.alias, remote.as_ref(), args.one_side, &ends)?;
    let about = format!(
        "This removes the link of {} and {named}{}.",
        local.alias,
        if args.one_side {
            ", on the first only"
        } else {
            ""
        }
    );
    let run = run
        // One that takes no part does not become known by it.
        .targets(
            std::iter::once(local.clone())
                .chain(far.target.filter(|target| target.known || !args.one_side)),
        )
        .confirmation(Confirmation::TypeName {
            about,
            name: local.alias.to_string(),
        });
    run.apply(context, plan, provider)
        .await
        .map_err(|error| with_pages(context, &local, error))
}

/// With the page on which to look at what is left to be deleted.
fn with_pages(context: &Context, local: &Target, error: Error) -> Error {
    let due = context.state.state().pending_deletes.iter();
    let due = due.filter(|due| due.on == local.alias || due.id == local.entry.id);
    due.filter_map(|due| context.app(&due.on))
        .fold(error, |error, target| {
            let entry = &target.entry;
            let page = entry.url.join(product(&entry.type_id).admin_page);
            error.hint(format!(
                "to look at what is left on {}: {page}",
                target.alias
            ))
        })
}

/// The far side: a known application, one that answers, or only an address.
async fn resolve_remote_end(context: &Context, arg: &AppArg) -> Result<RemoteEnd> {
    match resolve(context, &[arg], CloudSites::FarSide).await {
        Ok(mut resolved) => {
            let target = resolved.pop().map(|one| one.target);
            Ok(RemoteEnd {
                id: target.as_ref().map(|target| target.entry.id),
                url: target.as_ref().map(|target| target.entry.url.to_string()),
                target,
            })
        }
        // An application that is gone for good can still be named by its address.
        Err(error) if matches!(error.kind, Kind::Unreachable | Kind::Refused) => match arg {
            AppArg::Url(url) => {
                context
                    .ui
                    .warn(&format!("{error}; only the other end can be deleted"));
                Ok(RemoteEnd {
                    target: None,
                    id: None,
                    url: Some(url.to_string()),
                })
            }
            _ => Err(error),
        },
        Err(error) => Err(error),
    }
}

/// Finds the records that are to be deleted, and prints what depends on them. One end may be
/// unreachable: what can be deleted is deleted, and the rest remembered.
async fn observe_ends(
    context: &Context,
    local: &Target,
    far: &RemoteEnd,
    one_side: bool,
) -> Result<(Vec<DeletedEnd>, RemoteProvider)> {
    let _wait = context.ui.waiting("looking for the link");
    let mut ends = Vec::new();
    let mut sessions = Vec::new();
    let mut unreachable: Option<(Alias, Error)> = None;
    match near_record(context, local, far, one_side).await {
        Ok(found) => {
            let other = far.target.as_ref();
            ends.extend(found_end(context, local, other, &found).await);
            sessions.push(found.1);
        }
        Err(error) if error.kind == Kind::Unreachable && !one_side => match &far.target {
            Some(target) => {
                ends.push(unseen_end(local, target));
                unreachable = Some((local.alias.clone(), error));
            }
            None => return Err(error),
        },
        Err(error) => return Err(error),
    }
    if let (false, Some(target)) = (one_side, &far.target) {
        match far_record(context, target, local).await {
            Ok(found) => {
                ends.extend(found_end(context, target, Some(local), &found).await);
                sessions.push(found.1);
            }
            Err(error) if error.kind == Kind::Unreachable && unreachable.is_none() => {
                if ends.is_empty() && !is_known(context, target, local) {
                    return Err(error);
                }
                ends.push(unseen_end(target, local));
                unreachable = Some((target.alias.clone(), error));
            }
            Err(error) => return Err(error),
        }
    }
    let mut provider = RemoteProvider::new(sessions);
    if let Some((alias, error)) = unreachable {
        // Where the other end has no record either, there is no link to speak of.
        let other = far.target.as_ref();
        let is_local = alias == local.alias;
        if is_local
            && ends.len() == 1
            && !other.is_some_and(|other| is_known(context, local, other))
        {
            return Err(error);
        }
        provider.close(alias, error);
    }
    Ok((ends, provider))
}

/// The end that was found, or the one that is already deleted as the state says; prints what
/// depends on it.
async fn found_end(
    context: &Context,
    on: &Target,
    of: Option<&Target>,
    (record, session): &(Option<Record>, Arc<Session>),
) -> Option<DeletedEnd> {
    if let Some(record) = record {
        print_dependents(context, session, record).await;
    }
    let record = record
        .clone()
        .or_else(|| record_already_deleted(context, on, of?))?;
    Some(DeletedEnd {
        alias: on.alias.clone(),
        record,
    })
}

/// The end of an application that cannot be asked.
fn unseen_end(on: &Target, of: &Target) -> DeletedEnd {
    DeletedEnd {
        alias: on.alias.clone(),
        record: unseen(of),
    }
}

/// Whether the state knows the link, or a record of it that is still to be deleted.
fn is_known(context: &Context, on: &Target, of: &Target) -> bool {
    let state = context.state.state();
    state.link(&on.alias, &of.alias).is_some()
        || state.pending_delete(&on.alias, of.entry.id).is_some()
}

async fn near_record(
    context: &Context,
    local: &Target,
    far: &RemoteEnd,
    one_side: bool,
) -> Result<(Option<Record>, Arc<Session>)> {
    let session = context.session(local).await?;
    session.administrator().await?;
    let records = session.records().await?;
    let mut record = records.iter().find(|record| is_about(record, far));
    let is_unknown = far.target.as_ref().is_some_and(|target| !target.known);
    if record.is_none() && one_side && is_unknown {
        // What answers there is another application than the one that the record was made for.
        record = records.iter().find(|record| leads_to(record, far));
    }
    if let (None, Some(remote)) = (record, far.target.as_ref().filter(|one| one.known)) {
        refuse_other_id(context, local, remote, &records, far)?;
    }
    let record = record.cloned();
    Ok((record, session))
}

async fn far_record(
    context: &Context,
    target: &Target,
    local: &Target,
) -> Result<(Option<Record>, Arc<Session>)> {
    let session = context.session(target).await?;
    session.administrator().await?;
    let records = session.records().await?;
    let record = records.iter().find(|record| record.id == local.entry.id);
    if record.is_none() {
        let near = RemoteEnd {
            id: None,
            url: Some(local.entry.url.to_string()),
            target: None,
        };
        refuse_other_id(context, target, local, &records, &near)?;
    }
    Ok((record.cloned(), session))
}

/// A list that names a link which is known to be there under another id, or not at all, is no proof
/// that it is gone.
fn refuse_other_id(
    context: &Context,
    on: &Target,
    of: &Target,
    records: &[Record],
    far: &RemoteEnd,
) -> Result<()> {
    let state = context.state.state();
    let Some(record) = records.iter().find(|record| leads_to(record, far)) else {
        return Ok(());
    };
    if state.link(&on.alias, &of.alias).is_none() {
        return Ok(());
    }
    let (on, of) = (&on.alias, &of.alias);
    Err(Error::conflict(format!(
        "{on} lists the link {:?} to {of} under the application id {}, which is not that of {of}",
        record.name, record.id
    ))
    .hint("ask again: an answer out of a cache may be an old one")
    .hint(format!(
        "see what is wrong with it: applink verify {on} {of}"
    )))
}

fn is_about(record: &Record, far: &RemoteEnd) -> bool {
    match far.id {
        Some(id) => record.id == id,
        None => leads_to(record, far),
    }
}

fn leads_to(record: &Record, far: &RemoteEnd) -> bool {
    far.url.as_deref().is_some_and(|url| {
        let same = |text: &str| {
            crate::domain::BaseUrl::parse(text).is_ok_and(|found| found.to_string() == url)
        };
        record.rpc_url.as_deref().is_some_and(same) || same(&record.display_url)
    })
}

/// A record that is still to be deleted by what the state says, and that `on` no longer has: finding
/// it gone is the end of that.
fn record_already_deleted(context: &Context, on: &Target, of: &Target) -> Option<Record> {
    let due = context
        .state
        .state()
        .pending_delete(&on.alias, of.entry.id)?;
    Some(Record {
        name: due.name.clone(),
        ..unseen(of)
    })
}

/// What a record that cannot be seen is taken to be: enough to delete it by its id.
fn unseen(local: &Target) -> Record {
    Record {
        id: local.entry.id,
        name: local.alias.to_string(),
        type_id: local.entry.type_id.clone(),
        rpc_url: None,
        display_url: local.entry.url.to_string(),
        primary: false,
        system: false,
    }
}

/// What is known to hang on a record.
async fn print_dependents(context: &Context, session: &Session, record: &Record) {
    let ui = &context.ui;
    let on: &Alias = session.alias();
    if record.primary {
        ui.note(&format!(
            "on {on} it is the primary link to {} applications; another one becomes it, if there is one",
            record.type_id.name()
        ));
    }
    if let Some(count) = session.entity_links(record.id).await
        && count > 0
    {
        ui.note(&format!(
            "on {on} {count} projects or spaces have links through it, which go with it"
        ));
    }
}

/// Asks which link is to go.
async fn ask_missing(args: &mut Args, context: &Context) -> Result<()> {
    if args.missing().is_empty() {
        return Ok(());
    }
    let question = "Which application keeps the link that is to go?";
    let local = local(context, args.local.as_ref(), question).await?;
    args.local = Some(local.argument());
    if args.consumer.is_some() || args.remote.is_some() {
        return Ok(());
    }
    match record(context, &local, "Which link is to go?", true).await? {
        LinkTarget::Application(remote) => args.remote = Some(remote),
        LinkTarget::Program(name) => args.consumer = Some(name),
    }
    Ok(())
}
