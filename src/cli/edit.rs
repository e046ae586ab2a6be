//! `applink edit`

use crate::apply::confirm::Confirmation;
use crate::apply::provider::RemoteProvider;
use crate::apply::run::{Begin, Run};
use crate::cli::args::{self, LevelArg, name};
use crate::cli::oauth2::args::EditArgs;
use crate::cli::prompt::record::{LinkTarget, level, local, record, until};
use crate::cli::{complete, oauth2};
use crate::context::Context;
use crate::domain::{BaseUrl, Level};
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::observe::ends::{Access, may_impersonate, observe, open};
use crate::plan::edit::{EditRequest, plan};
use crate::plan::side::{EndRequest, Side};
use crate::plan::{Goal, Plan};
use crate::remote::Session;
use crate::resolve::{AppArg, CloudSites, Resolved, pair, resolve, url};
use serde_json::json;
use std::sync::Arc;

/// Change a link that exists, or an OAuth 2.0 client
///
/// The level is changed on both ends; the name, the display URL and the primary mark on the end
/// that the option names. Addresses are changed with `applink relocate`.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    applink edit jira wiki --auth oauth\n  \
    applink edit jira wiki --name Wiki --remote-name \"Issue tracker\"\n  \
    applink edit jira wiki --primary\n  \
    applink edit jira --oauth2-client Portal --scope READ\n  \
    applink edit jira --oauth2-client Portal --reset-secret")]
pub struct Args {
    /// An application: alias, URL, or ALIAS=URL
    #[arg(add = complete::application())]
    pub(super) local: Option<AppArg>,

    /// The other one
    #[arg(add = complete::linked())]
    pub(super) remote: Option<AppArg>,

    /// What the two may do on each other
    #[arg(long, value_name = "LEVEL", value_enum)]
    pub(super) auth: Option<LevelArg>,

    /// The name of REMOTE on LOCAL
    #[arg(long, value_name = "NAME", value_parser = name)]
    pub(super) name: Option<String>,

    /// The name of LOCAL on REMOTE
    #[arg(long, value_name = "NAME", value_parser = name)]
    pub(super) remote_name: Option<String>,

    /// The address of REMOTE that LOCAL's users get
    #[arg(long, value_name = "URL", value_parser = url)]
    pub(super) display_url: Option<BaseUrl>,

    /// The address of LOCAL that REMOTE's users get
    #[arg(long, value_name = "URL", value_parser = url, hide_short_help = true)]
    pub(super) local_display_url: Option<BaseUrl>,

    /// Make it LOCAL's first choice of that type
    ///
    /// Among several links to applications of one type the primary one is used where a user does not
    /// choose.
    #[arg(long)]
    pub(super) primary: bool,

    #[command(flatten)]
    pub(super) client: EditArgs,
}

impl Args {
    /// What is asked for.
    pub(super) fn missing(&self) -> Vec<&'static str> {
        args::missing([
            (self.local.is_some(), "<LOCAL>"),
            (
                self.remote.is_some() || self.client.oauth2_client.is_some(),
                "<REMOTE>",
            ),
            (
                self.changes_something(),
                "<--auth <LEVEL>|--name <NAME>|--remote-name <NAME>|--display-url <URL>|--local-display-url <URL>|--primary>",
            ),
        ])
    }

    /// Whether anything is to be changed.
    pub(super) fn changes_something(&self) -> bool {
        self.auth.is_some()
            || self.name.is_some()
            || self.remote_name.is_some()
            || self.display_url.is_some()
            || self.local_display_url.is_some()
            || self.primary
            || self.client.changes_something()
    }

    /// The changes to the link.
    fn request(&self) -> EditRequest {
        EditRequest {
            level: self.auth.map(Level::from),
            local: EndRequest {
                name: self.name.clone(),
                application_url: None,
                display_url: self.display_url.clone(),
                primary: self.primary,
            },
            remote: EndRequest {
                name: self.remote_name.clone(),
                application_url: None,
                display_url: self.local_display_url.clone(),
                primary: false,
            },
        }
    }
}

/// Runs the command.
pub async fn run(mut args: Args, context: &mut Context) -> Result<Exit> {
    ask_missing(&mut args, context).await?;
    let local = args.local.as_ref().ok_or_else(args::nothing)?;
    if args.client.oauth2_client.is_some() {
        return oauth2::edit(local, args.client, context).await;
    }
    let remote = args.remote.as_ref().ok_or_else(args::nothing)?;
    let request = args.request();
    let lock = Run::lock(context, "edit")?;
    let [local, remote] = pair(resolve(context, &[local, remote], CloudSites::Refused).await?)?;
    let identity =
        json!({"local": local.target.alias, "remote": remote.target.alias, "request": request});
    let run = match lock.begin(context, &identity).await? {
        Begin::Resumed(exit) => return Ok(exit),
        Begin::New(run) => run,
    };
    let ends = [&local, &remote];
    let (sessions, [here, there]) = observe_ends(context, ends, &request).await?;
    refuse_impersonation(&request, [&here, &there])?;
    let mut plan = plan(&here, &there, &request)?;
    if access(&request)[1] == Access::Anybody
        && let Goal::Link { remote_link_id, .. } = &mut plan.goal
    {
        // The remote end was not read; the state may know its record.
        let known = context.state.state().link(&here.alias, &there.alias);
        *remote_link_id = known.and_then(|known| known.ids.get(&there.alias).copied());
    }
    if request.level == Some(Level::Impersonation) && !plan.is_empty() {
        may_impersonate(&sessions).await?;
    }
    let run = run
        .targets(vec![local.target, remote.target])
        .confirmation(confirmation(&plan, &request, &here, &there));
    run.apply(context, plan, RemoteProvider::new(sessions))
        .await
}

/// Which account each end needs: an end that is not changed needs none.
fn access(request: &EditRequest) -> [Access; 2] {
    [&request.local, &request.remote].map(|end| {
        if request.level.is_none() && *end == EndRequest::default() {
            Access::Anybody
        } else {
            Access::Administrator
        }
    })
}

/// Logs in where that is needed, and reads both ends.
async fn observe_ends(
    context: &Context,
    [local, remote]: [&Resolved; 2],
    request: &EditRequest,
) -> Result<([Arc<Session>; 2], [Side; 2])> {
    let access = access(request);
    let wait = context.ui.waiting(&format!(
        "looking at {} and {}",
        local.target.alias, remote.target.alias
    ));
    let sessions = [
        open(context, local, access[0]).await?,
        open(context, remote, access[1]).await?,
    ];
    let ends = observe(&sessions, [&local.target, &remote.target], access).await?;
    drop(wait);
    Ok((sessions, ends))
}

/// Only Atlassian applications can impersonate users.
fn refuse_impersonation(request: &EditRequest, ends: [&Side; 2]) -> Result<()> {
    if request.level != Some(Level::Impersonation) {
        return Ok(());
    }
    match ends
        .into_iter()
        .find(|end| !end.manifest.type_id.is_atlassian())
    {
        None => Ok(()),
        Some(end) => Err(Error::refused(format!(
            "impersonation needs an Atlassian application at both ends, and {} is none",
            end.alias
        ))
        .hint("choose another level: --auth oauth")),
    }
}

/// Asks for what is lost, and for impersonation.
fn confirmation(plan: &Plan, request: &EditRequest, here: &Side, there: &Side) -> Confirmation {
    let losses = plan.losses();
    if !losses.is_empty() {
        Confirmation::Required(format!("This ends {}.", losses.join("; ")))
    } else if request.level == Some(Level::Impersonation) && !plan.is_empty() {
        Confirmation::Required(format!(
            "With impersonation {} call each other as any user, without a password: both must share one user base.",
            crate::cli::create::pair_name(&here.alias, &there.alias)
        ))
    } else {
        Confirmation::IfInteractive
    }
}

/// Asks which link is to be changed, and what of it.
async fn ask_missing(args: &mut Args, context: &Context) -> Result<()> {
    if args.missing().is_empty() {
        return Ok(());
    }
    if args.local.is_none() || args.remote.is_none() {
        let question = "Which application keeps the link that is to be changed?";
        let local = local(context, args.local.as_ref(), question).await?;
        args.local = Some(local.argument());
        if let LinkTarget::Application(remote) =
            record(context, &local, "Which link is to be changed?", false).await?
        {
            args.remote = Some(remote);
        }
    }
    if args.changes_something() {
        return Ok(());
    }
    let items = [
        "what the two may do on each other",
        "the name of the second on the first",
        "the name of the first on the second",
        "the address of the second that users of the first get",
        "make it the first choice among links to that type of application",
    ]
    .map(str::to_owned);
    let ui = &context.ui;
    match ui.choose("What is to be changed?", &items, "--auth")? {
        0 => args.auth = Some(level(context)?),
        1 => args.name = Some(until(context, "New name", "--name", args::name)?),
        2 => args.remote_name = Some(until(context, "New name", "--remote-name", args::name)?),
        3 => {
            args.display_url = Some(until(context, "New address", "--display-url", url)?);
        }
        _ => args.primary = true,
    }
    Ok(())
}
