//! `applink create`

pub(crate) mod args;
pub(crate) mod wizard;

use crate::apply::confirm::Confirmation;
use crate::apply::provider::RemoteProvider;
use crate::apply::run::{Begin, Run};
use crate::cli::args::nothing;
use crate::cli::prompt::PendingKeyringWrites;
use crate::cli::{consumer, oauth2};
use crate::context::Context;
use crate::domain::{Alias, Level};
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::observe::clones::refuse_clone_mixup;
use crate::observe::ends::{Access, may_impersonate, observe, open};
use crate::plan::create::{CreateRequest, auto_suffixed_names, plan};
use crate::plan::side::Side;
use crate::plan::{Plan, PlanSet};
use crate::remote::session::Session;
use crate::resolve::{CloudSites, Resolved, pair, resolve};
use serde_json::json;
use std::sync::Arc;

pub(crate) use crate::cli::create::args::Args;

/// Runs the command.
pub async fn run(mut args: Args, context: &mut Context) -> Result<Exit> {
    let answers = wizard::create(&mut args, context).await?;
    let local = args.local.as_ref().ok_or_else(nothing)?;
    let Some(remote) = &args.remote else {
        if args.client.oauth2_client.is_some() {
            return oauth2::create(local, args.client, context).await;
        }
        return consumer::create(local, args.consumer, context).await;
    };
    let request = args.request();
    let lock = Run::lock(context, "create")?;
    let is_interactive = answers.is_some();
    let (resolved, pending_writes) = if let Some(answers) = answers {
        revalidated(context, answers)?
    } else {
        let sites = if args.one_way {
            CloudSites::FarSide
        } else {
            CloudSites::Refused
        };
        let resolved = resolve(context, &[local, remote], sites).await?;
        (resolved, PendingKeyringWrites::default())
    };
    let [local, remote] = pair(resolved)?;
    let identity =
        json!({"local": local.target.alias, "remote": remote.target.alias, "request": request});
    let run = match lock.begin(context, &identity).await? {
        Begin::Resumed(exit) => return Ok(exit),
        Begin::New(run) => run,
    };
    let (sessions, [here, there]) = observe_ends(context, &local, &remote, &request).await?;
    if request.one_way {
        refuse_one_way_on_known_pair(context, &here, &there)?;
    }
    let plan = plan(&here, &there, &request)?;
    refuse_clone_mixup(context, [&here, &there])?;
    warn_of_suffixed_names(context, &plan, [&here, &there], &request);
    let impersonates = request.level == Some(Level::Impersonation) && !plan.is_empty();
    if impersonates {
        may_impersonate(&sessions).await?;
    }
    let run = run
        .targets(vec![local.target, remote.target])
        .confirmation(confirmation(impersonates, &here, &there));
    let provider = RemoteProvider::new(sessions);
    let exit = apply(context, run, plan, provider, pending_writes).await?;
    if is_interactive && !context.settings.dry_run {
        wizard::next(context, &here.alias, &there.alias, request.one_way);
    }
    Ok(exit)
}

/// What the wizard was told, checked against the state that is locked by now.
fn revalidated(
    context: &Context,
    answers: wizard::Answers,
) -> Result<(Vec<Resolved>, PendingKeyringWrites)> {
    let resolved = answers
        .pair
        .into_iter()
        .map(|app| revalidate_after_lock(context, app))
        .collect::<Result<_>>()?;
    Ok((resolved, answers.to_keep))
}

/// Logs in on both applications, on the remote one only where its record is wanted, and reads what
/// each holds of the other.
async fn observe_ends(
    context: &Context,
    local: &Resolved,
    remote: &Resolved,
    request: &CreateRequest,
) -> Result<([Arc<Session>; 2], [Side; 2])> {
    let wait = context.ui.waiting(&format!(
        "looking at {} and {}",
        local.target.alias, remote.target.alias
    ));
    let remote_access = if request.one_way {
        Access::Anybody
    } else {
        Access::Administrator
    };
    let sessions = [
        open(context, local, Access::Administrator).await?,
        open(context, remote, remote_access).await?,
    ];
    let sides = observe(
        &sessions,
        [&local.target, &remote.target],
        [Access::Administrator, remote_access],
    )
    .await?;
    drop(wait);
    Ok((sessions, sides))
}

/// A name that is taken gets a number, and the user the option that chooses another one.
fn warn_of_suffixed_names(
    context: &Context,
    plan: &Plan,
    ends: [&Side; 2],
    request: &CreateRequest,
) {
    for (on, text) in auto_suffixed_names(plan, ends, request) {
        let option = if on == ends[0].alias {
            "--name"
        } else {
            "--remote-name"
        };
        context.ui.warn(&text);
        context
            .ui
            .hint(&format!("another name is chosen with {option} NAME"));
    }
}

/// Impersonation is never given without a question.
fn confirmation(impersonates: bool, here: &Side, there: &Side) -> Confirmation {
    if !impersonates {
        return Confirmation::IfInteractive;
    }
    Confirmation::Required(format!(
        "With impersonation {} and {} call each other as any user, without a password: both must share one user base, and a name must mean the same person on both.",
        here.alias, there.alias
    ))
}

/// Applies the plan, with the wizard's logins for the keyring: written before the first step, and
/// taken back where the run fails. With an empty plan nothing is confirmed, and they are written at
/// once.
async fn apply(
    context: &mut Context,
    mut run: Run,
    plan: Plan,
    provider: RemoteProvider,
    pending_writes: PendingKeyringWrites,
) -> Result<Exit> {
    let writes = pending_writes.ready(context, run.targets_mut()).await?;
    let plan_set: PlanSet = plan.into();
    let at_once = plan_set.is_empty();
    let setup = writes
        .as_ref()
        .filter(|_| !at_once)
        .map(|writes| writes.prepare(context));
    let written = match &writes {
        Some(writes) if at_once => writes.keep(context),
        _ => Ok(()),
    };
    let exit = match written {
        Ok(()) => {
            run.local_setup(setup)
                .apply(context, plan_set, provider)
                .await
        }
        Err(error) => Err(error),
    };
    if let (Err(_), Some(writes)) = (&exit, &writes) {
        writes.take_back(context).await;
    }
    exit
}

/// Refuses --one-way for a pair that the state records as two-way.
fn refuse_one_way_on_known_pair(context: &Context, here: &Side, there: &Side) -> Result<()> {
    let known = context.state.state().link(&here.alias, &there.alias);
    match known {
        Some(known) if known.one_way.is_none() && here.existing.is_some() => {
            Err(Error::conflict(format!(
                "the link exists and differs: as far as is known {} has a record too",
                there.alias
            ))
            .hint(format!(
                "applink verify {} {} shows both ends",
                here.alias, there.alias
            ))
            .hint(format!(
                "to leave the record on {} alone: applink delete {} {} --one-side",
                here.alias, there.alias, here.alias
            )))
        }
        _ => Ok(()),
    }
}

/// Takes an answer of the wizard, which asked before the state was locked, as the state is now.
fn revalidate_after_lock(context: &Context, answers: Resolved) -> Result<Resolved> {
    let Some(mut target) = context.app(&answers.target.alias) else {
        return Ok(answers);
    };
    if target.entry.id != answers.target.entry.id || target.entry.url != answers.target.entry.url {
        return Err(Error::conflict(format!(
            "meanwhile {} has become known at {}",
            target.alias, target.entry.url
        ))
        .hint("another run has added it: run the command again"));
    }
    target.entry.user = answers.target.entry.user;
    target.entry.credential = answers.target.entry.credential;
    Ok(Resolved { target, ..answers })
}

/// The pair as a question names it.
pub(crate) fn pair_name(local: &Alias, remote: &Alias) -> String {
    format!("{local} and {remote}")
}
