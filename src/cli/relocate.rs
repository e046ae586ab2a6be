//! `applink relocate`: one application, or with `prefix` a whole domain.

mod prefix;

use std::sync::Arc;

use crate::apply::confirm::Confirmation;
use crate::apply::provider::RemoteProvider;
use crate::apply::run::{Begin, Run};
use crate::cli::prompt::application;
use crate::cli::prompt::choice::choose_app;
use crate::cli::prompt::record::until;
use crate::cli::{args, complete, relocate as relocate_command};
use crate::context::{Context, Target};
use crate::domain::{Alias, BaseUrl, Code};
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::observe::fan_out::ask_each;
use crate::observe::relocation::{keeps_https, known_holders, moved, new_address, new_origin, way};
use crate::plan::relocate::{RecordHolder, plan};
use crate::remote::Session;
use crate::remote::locate::locate;
use crate::resolve::{AppArg, url};
use serde_json::json;

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
        args::missing([
            (self.app.is_some() || is_domain, "<APP>"),
            (self.new_url.is_some() || is_domain, "<NEW_URL>"),
        ])
    }
}

/// Runs the command.
pub async fn run(mut args: Args, context: &mut Context) -> Result<Exit> {
    ask_missing(&mut args, context).await?;
    match (&args.app, &args.new_url, &args.from, &args.to) {
        (.., Some(from), Some(to)) => {
            let moving = prefix::Moving::new(from, to, &args.on, args.force)?;
            prefix::run(moving, context).await
        }
        (Some(app), Some(new_url), ..) => one(app, new_url.clone(), &args, context).await,
        _ => Err(args::nothing()),
    }
}

/// One application moved.
pub(crate) async fn one(
    app: &AppArg,
    new_url: BaseUrl,
    args: &Args,
    context: &mut Context,
) -> Result<Exit> {
    let lock = Run::lock(context, "relocate")?;
    let moved = moved(context, app).await?;
    let identity = json!({"app": moved.alias, "to": new_url, "on": args.on, "display_url": args.display_url, "force": args.force});
    let run = match lock.begin(context, &identity).await? {
        Begin::Resumed(exit) => return Ok(exit),
        Begin::New(run) => run,
    };
    let new_url = based(context, &moved, new_url).await;
    keeps_https(&moved, &new_url, args.force)?;
    known_holders(context, &args.on)?;
    let manifest = new_address(context, &moved, &new_url, args.force).await?;
    let (holders, sessions, errors) = holders(context, &moved, args).await;
    if holders.is_empty() && errors.is_empty() && !args.on.is_empty() {
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
        Confirmation::IfInteractive
    } else {
        Confirmation::Required(format!("{}.", new_origin(&moved.alias, &new_url)))
    };
    let mut targets = vec![moved];
    targets.extend(
        holders
            .iter()
            .filter_map(|holder| context.app(&holder.alias)),
    );
    let run = run.targets(targets).confirmation(question).errors(errors);
    run.apply(context, plan, RemoteProvider::new(sessions))
        .await
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

/// The applications that hold a record of the moved one; those that cannot be asked are trouble.
pub(crate) async fn holders(
    context: &Context,
    moved: &Target,
    args: &Args,
) -> (Vec<RecordHolder>, Vec<Arc<Session>>, Vec<Error>) {
    let candidates: Vec<Target> = context
        .all_known()
        .into_iter()
        .filter(|target| target.alias != moved.alias)
        .filter(|target| match args.on.as_slice() {
            [] => !context.needs_no_account(target),
            on => on.contains(&target.alias),
        })
        .collect();
    let looked = ask_each(context, "looking for links", &candidates, async |target| {
        holder(context, target, moved, args.force).await
    })
    .await;
    let (mut holders, mut sessions, mut errors) = (Vec::new(), Vec::new(), Vec::new());
    for (_, outcome) in looked {
        match outcome {
            Ok(Some((holder, session))) => {
                holders.push(holder);
                sessions.push(session);
            }
            Ok(None) => {}
            Err(error) => errors.push(error),
        }
    }
    (holders, sessions, errors)
}

async fn holder(
    context: &Context,
    target: &Target,
    moved: &Target,
    force: bool,
) -> Result<Option<(RecordHolder, Arc<Session>)>> {
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
        RecordHolder {
            alias: target.alias.clone(),
            view,
            method: way,
        },
        session,
    )))
}

/// Asks which application moved, and where to.
async fn ask_missing(args: &mut Args, context: &Context) -> Result<()> {
    if args.missing().is_empty() {
        return Ok(());
    }
    let app = match &args.app {
        Some(app) => app.clone(),
        None => AppArg::Alias(choose_app(context, "Which application moved?")?),
    };
    let moved = relocate_command::moved(context, &app).await?;
    args.app = Some(app);
    while args.new_url.is_none() {
        let question = format!("Where does {} answer now?", moved.alias);
        let url = until(context, &question, "NEW_URL", application::url)?;
        let answer = match keeps_https(&moved, &url, args.force) {
            Ok(()) => new_address(context, &moved, &url, args.force).await,
            Err(error) => Err(error),
        };
        match answer {
            Ok(_) => args.new_url = Some(url),
            Err(error) if error.signal.is_some() => return Err(error),
            Err(error) => {
                context.ui.complain(&error);
                if error.kind == Kind::Unreachable && goes_anyway(context)? {
                    args.force = true;
                    args.new_url = Some(url);
                }
            }
        }
    }
    Ok(())
}

pub(crate) fn goes_anyway(context: &Context) -> Result<bool> {
    let items = [
        "I type the address again".to_owned(),
        "it will answer there later: relocate all the same".to_owned(),
    ];
    let question = "Nobody answers there now. What then?";
    Ok(context.ui.choose(question, &items, "--force")? == 1)
}
