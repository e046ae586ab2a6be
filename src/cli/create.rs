//! `applink create`

pub(crate) mod args;
pub(crate) mod wizard;

use crate::apply::confirm::Confirmation;
use crate::apply::provider::RemoteProvider;
use crate::apply::run::{Begin, Run};
use crate::cli::args::nothing;
use crate::cli::{consumer, oauth2, prompt};
use crate::context::Context;
use crate::domain::{Alias, Level};
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::observe::ends::{Access, may_impersonate, observe, open};
use crate::plan::PlanSet;
use crate::plan::create::{auto_suffixed_names, plan};
use crate::plan::side::Side;
use crate::resolve::{CloudSites, Resolved, pair, resolve};
use serde_json::json;

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
    let sites = if args.one_way {
        CloudSites::FarSide
    } else {
        CloudSites::Refused
    };
    let is_interactive = answers.is_some();
    let (resolved, to_keep) = match answers {
        Some(wizard::Answers { pair, to_keep }) => {
            let [one, other] = pair;
            (
                vec![
                    revalidate_after_lock(context, one)?,
                    revalidate_after_lock(context, other)?,
                ],
                to_keep,
            )
        }
        None => (
            resolve(context, &[local, remote], sites).await?,
            prompt::PendingKeyringWrites::default(),
        ),
    };
    let [local, remote] = pair(resolved)?;
    let identity =
        json!({"local": local.target.alias, "remote": remote.target.alias, "request": request});
    let run = match lock.begin(context, &identity).await? {
        Begin::Resumed(exit) => return Ok(exit),
        Begin::New(run) => run,
    };
    let wait = context.ui.waiting(&format!(
        "looking at {} and {}",
        local.target.alias, remote.target.alias
    ));
    let far = if request.one_way {
        Access::Anybody
    } else {
        Access::Administrator
    };
    let sessions = [
        open(context, &local, Access::Administrator).await?,
        open(context, &remote, far).await?,
    ];
    let sides = observe(
        &sessions,
        [&local.target, &remote.target],
        [Access::Administrator, far],
    )
    .await?;
    drop(wait);
    let [here, there] = sides;
    if request.one_way {
        refuse_one_way_on_known_pair(context, &here, &there)?;
    }
    let plan = plan(&here, &there, &request)?;
    crate::observe::clones::refuse_clone_mixup(context, [&here, &there])?;
    for (on, text) in auto_suffixed_names(&plan, [&here, &there], &request) {
        let option = if on == here.alias {
            "--name"
        } else {
            "--remote-name"
        };
        context.ui.warn(&text);
        context
            .ui
            .hint(&format!("another name is chosen with {option} NAME"));
    }
    let impersonates = request.level == Some(Level::Impersonation) && !plan.is_empty();
    if impersonates {
        may_impersonate(&sessions).await?;
    }
    let question = if impersonates {
        Confirmation::Required(format!(
            "With impersonation {} and {} call each other as any user, without a password: both must share one user base, and a name must mean the same person on both.",
            here.alias, there.alias
        ))
    } else {
        Confirmation::IfInteractive
    };
    let mut targets = vec![local.target, remote.target];
    let keeping = to_keep.ready(context, &mut targets).await?;
    let plan_set: PlanSet = plan.into();
    // Where nothing is to be done nothing is confirmed, and the log-ins are remembered.
    let at_once = plan_set.is_empty();
    let run = run.targets(targets).confirmation(question).local_setup(
        keeping
            .as_ref()
            .filter(|_| !at_once)
            .map(|keeping| keeping.prepare(context)),
    );
    let kept = match &keeping {
        Some(keeping) if at_once => keeping.keep(context),
        _ => Ok(()),
    };
    let exit = match kept {
        Ok(()) => {
            run.apply(context, plan_set, RemoteProvider::new(sessions))
                .await
        }
        Err(error) => Err(error),
    };
    if let (Err(_), Some(keeping)) = (&exit, &keeping) {
        keeping.take_back(context).await;
    }
    let exit = exit?;
    if is_interactive && !context.settings.dry_run {
        wizard::next(context, &here.alias, &there.alias, request.one_way);
    }
    Ok(exit)
}

/// A link that is known both ways is not taken for a one-way link because one end was looked at.
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

/// An application that was told before the state was locked, as the state knows it now.
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

/// The alias by which a person would name it; for questions.
pub(crate) fn pair_name(local: &Alias, remote: &Alias) -> String {
    format!("{local} and {remote}")
}
