//! `applink relocate`: one application, or with `prefix` a whole domain.

mod prefix;

use std::sync::Arc;

use super::ask;
use super::ask_each::ask_each;
use super::change::{self, Change, Question};
use super::complete;
use super::estate::Live;
use super::target::{AppArg, CloudSites, resolve, url};
use crate::context::{Context, Target};
use crate::domain::{Alias, ApplicationId, BaseUrl, Code, Manifest, TypeId};
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::plan::Way;
use crate::plan::relocate::{Holder, plan};
use crate::remote::Session;
use crate::remote::locate::locate;
use crate::remote::session::SystemRights;

/// Follow an application to its new address
///
/// Changes every record that known applications hold of APP; ids, names and levels stay. The new
/// address is asked first who it is: another application, or another type, is refused. That shows
/// that it is the same one, not that it is genuine: APP's own secret goes to the new address, so
/// the address has to be confirmed.
///
/// A whole domain moves with --from and --to.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    applink relocate wiki https://wiki.example.com/confluence\n  \
    applink relocate wiki https://wiki.new.example.com --on jira --yes\n  \
    applink relocate --from https://old.example.com \\\n      --to https://new.example.com --dry-run\n\n\
    With --from and --to every known application and every record under the old address follows,\n\
    as one plan: https://old.example.com/jira goes to https://new.example.com/jira. Applications\n\
    that moved themselves are asked at their new address, once it has shown who it is. What fails\n\
    does not stop the rest; the same command again does what is left.")]
pub struct Args {
    /// The application that moved: its alias or its old URL
    #[arg(add = complete::application())]
    pub(super) app: Option<AppArg>,

    /// Where it answers now
    #[arg(value_parser = url)]
    pub(super) new_url: Option<BaseUrl>,

    /// Everything under this address moved
    #[arg(long, value_name = "URL", requires = "to", conflicts_with_all = ["app", "new_url", "display_url"], value_parser = url)]
    from: Option<BaseUrl>,

    /// To this one
    #[arg(long, value_name = "URL", requires = "from", value_parser = url)]
    to: Option<BaseUrl>,

    /// Only the record on this application (repeatable)
    #[arg(long, value_name = "LOCAL", add = complete::application())]
    on: Vec<Alias>,

    /// The address that users get [default: the base URL that APP names]
    #[arg(long, value_name = "URL", value_parser = url)]
    display_url: Option<BaseUrl>,

    /// Also when nobody answers there now, or from https to http
    #[arg(long)]
    pub(super) force: bool,
}

impl Args {
    /// What is asked for.
    pub(super) fn missing(&self) -> Vec<&'static str> {
        let is_domain = self.from.is_some();
        ask::missing([
            (self.app.is_some() || is_domain, "<APP>"),
            (self.new_url.is_some() || is_domain, "<NEW_URL>"),
        ])
    }
}

/// Runs the command.
pub async fn run(mut args: Args, context: &mut Context) -> Result<Exit> {
    ask::relocate(&mut args, context).await?;
    match (&args.app, &args.new_url, &args.from, &args.to) {
        (.., Some(from), Some(to)) => {
            let moving = prefix::Moving::new(from, to, &args.on, args.force)?;
            prefix::run(moving, context).await
        }
        (Some(app), Some(new_url), ..) => one(app, new_url.clone(), &args, context).await,
        _ => Err(ask::nothing()),
    }
}

/// One application moved.
async fn one(app: &AppArg, new_url: BaseUrl, args: &Args, context: &mut Context) -> Result<Exit> {
    let guard = context.lock("relocate")?;
    let moved = moved(context, app).await?;
    let command = format!(
        "relocate {} {new_url} {:?} {:?} {}",
        moved.alias, args.on, args.display_url, args.force
    );
    if let Some(found) = change::unfinished(context, &command)?
        && let Some(guard) = &guard
    {
        return change::go_on(context, guard, found, false).await;
    }
    let new_url = based(context, &moved, new_url).await;
    keeps_https(&moved, &new_url, args.force)?;
    known_holders(context, &args.on)?;
    let manifest = new_address(context, &moved, &new_url, args.force).await?;
    let (holders, sessions, troubles) = holders(context, &moved, args).await;
    if holders.is_empty() && troubles.is_empty() && !args.on.is_empty() {
        return Err(Error::refused(format!(
            "none of those applications has a link to {}",
            moved.alias
        ))
        .hint(format!("who has one: applink list {}", moved.alias)));
    }
    let base_url = manifest
        .as_ref()
        .and_then(|manifest| manifest.url.as_deref())
        .and_then(|url| BaseUrl::parse(url).ok());
    let plan = plan(
        &moved.alias,
        &new_url,
        base_url.as_ref(),
        args.display_url.as_ref(),
        &holders,
    );
    let question = if new_url.origin() == moved.entry.url.origin() {
        Question::Courtesy
    } else {
        Question::Always(format!("{}.", new_origin(&moved.alias, &new_url)))
    };
    let mut targets = vec![moved];
    targets.extend(
        holders
            .iter()
            .filter_map(|holder| context.known(&holder.alias)),
    );
    let change = Change {
        command,
        agenda: plan.into(),
        targets,
        estate: Live::new(sessions),
        question,
        troubles,
        prepare: None,
        closing: change::Closing::Verify,
    };
    change::carry_out(context, guard.as_ref(), change).await
}

/// The base URL of what was typed, which may be the address of a page: where nothing answers, the
/// address as it is.
async fn based(context: &Context, moved: &Target, typed: BaseUrl) -> BaseUrl {
    if typed.candidates().len() < 2 {
        return typed;
    }
    let tls = context.tls_files(&moved.entry);
    match locate(&typed, &tls, &context.transport).await {
        Ok(located) => {
            if located.url != typed {
                context
                    .ui
                    .note(&format!("the application answers under {}", located.url));
            }
            located.url
        }
        Err(_) => typed,
    }
}

/// Refuses holders that nobody knows.
fn known_holders(context: &Context, on: &[Alias]) -> Result<()> {
    match on.iter().find(|alias| context.known(alias).is_none()) {
        Some(alias) => Err(
            Error::usage(format!("--on names {alias}, which is not known"))
                .hint("see: applink app list"),
        ),
        None => Ok(()),
    }
}

/// Calls that were encrypted stay so, unless that is not wanted.
pub(super) fn keeps_https(moved: &Target, new_url: &BaseUrl, force: bool) -> Result<()> {
    if moved.entry.url.is_https() && !new_url.is_https() && !force {
        return Err(Error::refused(format!(
            "{} is reached over https, and {new_url} is not: every call and log-in would be in clear",
            moved.alias
        ))
        .hint("if that is what you want: --force"));
    }
    Ok(())
}

/// The application that moved. It must be known: its records are found by its id.
pub(super) async fn moved(context: &Context, app: &AppArg) -> Result<Target> {
    if let AppArg::Url(url) = app
        && context.state.state().by_url(url).is_none()
    {
        return Err(Error::usage(format!("no application is known at {url}"))
            .hint("name the application that moved by its alias: applink app list"));
    }
    let mut resolved = resolve(context, &[app], CloudSites::Refused).await?;
    resolved
        .pop()
        .map(|one| one.target)
        .filter(|target| target.known)
        .ok_or_else(|| {
            Error::usage("the application that moved has to be known")
                .hint("see: applink app list")
                .hint("or add it: applink app add ALIAS URL")
        })
}

/// What follows from an address of another origin.
pub(super) fn new_origin(app: &Alias, url: &BaseUrl) -> String {
    format!(
        "From now on applink sends the administrator's secret for {app} to {}",
        url.origin()
    )
}

/// Asks the new address who it is, without any account.
pub(super) async fn new_address(
    context: &Context,
    moved: &Target,
    new_url: &BaseUrl,
    force: bool,
) -> Result<Option<Manifest>> {
    let _wait = context.ui.waiting(&format!("asking {new_url} who it is"));
    let session = context.session_as(moved, new_url, None);
    let manifest = match session.manifest().await {
        Ok(manifest) => manifest.clone(),
        Err(error) => {
            let error = Error::from(error);
            if force && error.kind == Kind::Unreachable {
                context
                    .ui
                    .warn(&format!("{error}; relocated all the same, as --force says"));
                return Ok(None);
            }
            let error = if error.kind == Kind::Refused {
                Error::new(
                    Kind::Unreachable,
                    format!("no application answers at {new_url}: {}", error.message),
                )
            } else {
                error
            };
            return Err(error.hint("to relocate although nobody answers there now: --force"));
        }
    };
    same(
        moved.alias.as_str(),
        moved.entry.id,
        &moved.entry.type_id,
        &manifest,
        new_url,
    )?;
    Ok(Some(manifest))
}

/// Refuses another application than the one that moved.
fn same(
    who: &str,
    id: ApplicationId,
    type_id: &TypeId,
    found: &Manifest,
    at: &BaseUrl,
) -> Result<()> {
    if found.type_id != *type_id {
        return Err(Error::refused(format!(
            "{who} is a {}, and a {} answers at {at}",
            type_id.name(),
            found.type_id.name()
        ))
        .code(Code::TypeMismatch)
        .hint("check the address: each application has its own, often with a context path"));
    }
    if found.id != id {
        return Err(Error::refused(format!(
            "{who} is application {id}, and {} answers at {at}: it is another one",
            found.id
        ))
        .code(Code::IdMismatch)
        .hint(
            "if it was set up anew, its links have to be made anew: applink delete, applink create",
        ));
    }
    Ok(())
}

/// The applications that hold a record of the moved one; those that cannot be asked are trouble.
async fn holders(
    context: &Context,
    moved: &Target,
    args: &Args,
) -> (Vec<Holder>, Vec<Arc<Session>>, Vec<Error>) {
    let candidates: Vec<Target> = context
        .all_known()
        .into_iter()
        .filter(|target| target.alias != moved.alias)
        .filter(|target| match args.on.as_slice() {
            [] => !context.is_far_side(target),
            on => on.contains(&target.alias),
        })
        .collect();
    let looked = ask_each(context, "looking for links", &candidates, async |target| {
        holder(context, target, moved, args.force).await
    })
    .await;
    let (mut holders, mut sessions, mut troubles) = (Vec::new(), Vec::new(), Vec::new());
    for (_, outcome) in looked {
        match outcome {
            Ok(Some((holder, session))) => {
                holders.push(holder);
                sessions.push(session);
            }
            Ok(None) => {}
            Err(error) => troubles.push(error),
        }
    }
    (holders, sessions, troubles)
}

async fn holder(
    context: &Context,
    target: &Target,
    moved: &Target,
    force: bool,
) -> Result<Option<(Holder, Arc<Session>)>> {
    let session = context.session(target).await?;
    session.administrator().await?;
    let Some(view) = session.view(moved.entry.id).await? else {
        return Ok(None);
    };
    if view.record.system {
        return Err(Error::refused(format!(
            "the link on {} is a system link, which the product manages by itself",
            target.alias
        ))
        .code(Code::SystemLink));
    }
    let way = way(&session, force).await?;
    Ok(Some((
        Holder {
            alias: target.alias.clone(),
            view,
            way,
        },
        session,
    )))
}

/// How an application lets the account change an address.
pub(super) async fn way(session: &Session, force: bool) -> Result<Way> {
    Ok(match session.system_administrator().await {
        SystemRights::No if session.capabilities().await?.status => Way::Rewritten,
        _ if force => Way::Forced,
        _ => Way::Checked,
    })
}
