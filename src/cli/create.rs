//! `applink create`

use std::sync::Arc;

use super::ask;
use super::change::{self, Change, Question};
use super::complete;
use super::consumer::{self, ConsumerArgs};
use super::estate::Live;
use super::oauth2::{self, ClientArgs};
use super::target::{AppArg, CloudSites, Resolved, resolve, url};
use crate::context::{Context, Target};
use crate::domain::{Alias, ApplicationId, BaseUrl, Code, Level, Manifest, Record, View};
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::plan::Agenda;
use crate::plan::create::{Request, Side, Wish, numbered, plan};
use crate::remote::Session;
use crate::remote::session::SystemRights;

/// Make a link between two applications, on both of them
///
/// LOCAL gets a record of REMOTE, and REMOTE one of LOCAL; both directions get the same level;
/// then both ends are verified. Needs an administrator of both, which is checked on both before
/// anything is written. If a step fails, what this run made is taken back.
///
/// On a link that exists, what is missing is made and what was not given is left alone; what was
/// given and differs is refused: see `applink edit`.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    applink create https://jira.example.com https://wiki.example.com\n  \
    applink create jira wiki --auth impersonation\n  \
    applink create jira=https://jira.example.com bitbucket --name Code \\\n      --primary\n  \
    applink create jira https://partner.example.org --one-way\n  \
    applink create jira --consumer Jenkins --two-legged\n  \
    applink create jira --consumer Jenkins --preset jenkins\n  \
    applink create jira --consumer Hookshot --preset hookshot \\\n      --url https://example.com/hookshot\n  \
    applink create jira --oauth2-client Portal \\\n      --redirect-uri https://portal.example.com/cb --scope WRITE\n\n\
    Presets follow the programs' own documentation, which is named with what they print.\n\n\
    Without LOCAL or REMOTE, on a terminal, it asks for everything.")]
pub struct Args {
    /// An application: alias, URL, or ALIAS=URL
    #[arg(add = complete::application())]
    pub(super) local: Option<AppArg>,

    /// The other one
    #[arg(add = complete::unlinked())]
    pub(super) remote: Option<AppArg>,

    /// What the two may do on each other [default: oauth]
    #[arg(long, value_name = "LEVEL", value_enum)]
    pub(super) auth: Option<LevelArg>,

    /// Only the record on LOCAL; `create` again completes it
    ///
    /// It has no authentication, and needs nobody who administers REMOTE.
    #[arg(long, conflicts_with_all = ["auth", "remote_name", "local_application_url", "local_display_url"])]
    pub(super) one_way: bool,

    /// The name of REMOTE on LOCAL [default: its own title]
    #[arg(long, value_name = "NAME", value_parser = name)]
    name: Option<String>,

    /// The name of LOCAL on REMOTE [default: its own title]
    #[arg(long, value_name = "NAME", value_parser = name, hide_short_help = true)]
    remote_name: Option<String>,

    /// The address at which LOCAL calls REMOTE [default: REMOTE's URL]
    #[arg(long, value_name = "URL", hide_short_help = true, value_parser = url)]
    application_url: Option<BaseUrl>,

    /// The address at which REMOTE calls LOCAL [default: LOCAL's URL]
    #[arg(long, value_name = "URL", hide_short_help = true, value_parser = url)]
    local_application_url: Option<BaseUrl>,

    /// The address of REMOTE for LOCAL's users
    ///
    /// Without it the base URL that REMOTE names.
    #[arg(long, value_name = "URL", hide_short_help = true, value_parser = url)]
    display_url: Option<BaseUrl>,

    /// The address of LOCAL that REMOTE's users get [default: LOCAL's base URL]
    #[arg(long, value_name = "URL", hide_short_help = true, value_parser = url)]
    local_display_url: Option<BaseUrl>,

    /// Make it LOCAL's first choice of that type
    ///
    /// Among several links to applications of one type the primary one is used where a user does not
    /// choose.
    #[arg(long)]
    primary: bool,

    #[command(flatten)]
    pub(super) consumer: ConsumerArgs,

    #[command(flatten)]
    pub(super) client: ClientArgs,
}

/// A level that can be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum LevelArg {
    /// Users' consent, and calls as the application (3LO + 2LO)
    #[value(name = "oauth")]
    OAuth,
    /// Also as any user: both must share one user base (3LO + 2LO + impersonation)
    Impersonation,
    /// No calls
    None,
}

impl From<LevelArg> for Level {
    fn from(arg: LevelArg) -> Self {
        match arg {
            LevelArg::OAuth => Self::OAuth,
            LevelArg::Impersonation => Self::Impersonation,
            LevelArg::None => Self::None,
        }
    }
}

/// A name that applications take.
pub(super) fn name(text: &str) -> std::result::Result<String, String> {
    let text = text.trim();
    if text.is_empty() {
        Err("a name cannot be empty".to_owned())
    } else if text.chars().count() > 255 {
        Err("a name has at most 255 characters".to_owned())
    } else if text.chars().any(char::is_control) {
        Err("a name has no control characters".to_owned())
    } else {
        Ok(text.to_owned())
    }
}

impl Args {
    /// What is asked for.
    pub(super) fn missing(&self) -> Vec<&'static str> {
        let is_program = self.consumer.consumer.is_some() || self.client.oauth2_client.is_some();
        ask::missing([
            (self.local.is_some(), "<LOCAL>"),
            (self.remote.is_some() || is_program, "<REMOTE>"),
        ])
    }

    fn request(&self) -> Request {
        Request {
            level: self.auth.map(Level::from),
            one_way: self.one_way,
            local: Wish {
                name: self.name.clone(),
                application_url: self.application_url.clone(),
                display_url: self.display_url.clone(),
                primary: self.primary,
            },
            remote: Wish {
                name: self.remote_name.clone(),
                application_url: self.local_application_url.clone(),
                display_url: self.local_display_url.clone(),
                primary: false,
            },
        }
    }
}

/// Runs the command.
pub async fn run(mut args: Args, context: &mut Context) -> Result<Exit> {
    let told = ask::create(&mut args, context).await?;
    let local = args.local.as_ref().ok_or_else(ask::nothing)?;
    let Some(remote) = &args.remote else {
        if args.client.oauth2_client.is_some() {
            return oauth2::create(local, args.client, context).await;
        }
        return consumer::create(local, args.consumer, context).await;
    };
    let request = args.request();
    let guard = context.lock("create")?;
    let sites = if args.one_way {
        CloudSites::FarSide
    } else {
        CloudSites::Refused
    };
    let is_told = told.is_some();
    let (resolved, to_keep) = match told {
        Some(ask::Told { pair, to_keep }) => {
            let [one, other] = pair;
            (vec![still(context, one)?, still(context, other)?], to_keep)
        }
        None => (
            resolve(context, &[local, remote], sites).await?,
            ask::ToKeep::default(),
        ),
    };
    let [local, remote] = pair(resolved)?;
    let command = format!(
        "create {} {} {request:?}",
        local.target.alias, remote.target.alias
    );
    if let Some(found) = change::unfinished(context, &command)?
        && let Some(guard) = &guard
    {
        return change::go_on(context, guard, found, false).await;
    }
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
        not_both_ways(context, &here, &there)?;
    }
    let plan = plan(&here, &there, &request)?;
    super::copy::tell_apart(context, [&here, &there])?;
    for (on, text) in numbered(&plan, [&here, &there], &request) {
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
        Question::Always(format!(
            "With impersonation {} and {} call each other as any user, without a password: both must share one user base, and a name must mean the same person on both.",
            here.alias, there.alias
        ))
    } else {
        Question::Courtesy
    };
    let mut targets = vec![local.target, remote.target];
    let keeping = to_keep.ready(context, &mut targets).await?;
    let agenda: Agenda = plan.into();
    // Where nothing is to be done nothing is confirmed, and the log-ins are remembered.
    let at_once = agenda.is_empty();
    let change = Change {
        command,
        agenda,
        targets,
        estate: Live::new(sessions),
        question,
        troubles: Vec::new(),
        prepare: keeping
            .as_ref()
            .filter(|_| !at_once)
            .map(|keeping| keeping.prepare(context)),
        closing: change::Closing::Verify,
    };
    let kept = match &keeping {
        Some(keeping) if at_once => keeping.keep(context),
        _ => Ok(()),
    };
    let exit = match kept {
        Ok(()) => change::carry_out(context, guard.as_ref(), change).await,
        Err(error) => Err(error),
    };
    if let (Err(_), Some(keeping)) = (&exit, &keeping) {
        keeping.take_back(context).await;
    }
    let exit = exit?;
    if is_told && !context.settings.dry_run {
        ask::next(context, &here.alias, &there.alias, request.one_way);
    }
    Ok(exit)
}

/// A link that is known both ways is not taken for a one-way link because one end was looked at.
fn not_both_ways(context: &Context, here: &Side, there: &Side) -> Result<()> {
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
fn still(context: &Context, told: Resolved) -> Result<Resolved> {
    let Some(mut target) = context.known(&told.target.alias) else {
        return Ok(told);
    };
    if target.entry.id != told.target.entry.id || target.entry.url != told.target.entry.url {
        return Err(Error::conflict(format!(
            "meanwhile {} has become known at {}",
            target.alias, target.entry.url
        ))
        .hint("another run has added it: run the command again"));
    }
    target.entry.user = told.target.entry.user;
    target.entry.credential = told.target.entry.credential;
    Ok(Resolved { target, ..told })
}

/// The two applications of a command, which must not be one.
pub(super) fn pair(resolved: Vec<Resolved>) -> Result<[Resolved; 2]> {
    let [local, remote]: [Resolved; 2] = resolved
        .try_into()
        .map_err(|_| Error::internal("two applications were due"))?;
    if local.target.alias == remote.target.alias {
        return Err(
            Error::refused(format!("{} cannot be linked to itself", local.target.alias))
                .hint("a link is between two applications: name another one"),
        );
    }
    Ok([local, remote])
}

/// Who looks at an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// Its administrator.
    Administrator,
    /// Anybody.
    Anybody,
}

/// A session, with the manifest that may be known already.
pub(super) async fn open(
    context: &Context,
    resolved: &Resolved,
    access: Access,
) -> Result<Arc<Session>> {
    let session = match access {
        Access::Administrator => context.session(&resolved.target).await?,
        Access::Anybody => context.anonymous_session(&resolved.target),
    };
    if let Some(manifest) = &resolved.manifest {
        session.know_manifest(manifest.clone());
    }
    Ok(session)
}

/// Looks at both sides at once: who they are, whether the accounts suffice, what is there.
pub(super) async fn observe(
    sessions: &[Arc<Session>; 2],
    targets: [&Target; 2],
    access: [Access; 2],
) -> Result<[Side; 2]> {
    let [a, b] = sessions;
    let (a_manifest, b_manifest) = tokio::join!(a.manifest(), b.manifest());
    let (a_manifest, b_manifest) = (a_manifest?.clone(), b_manifest?.clone());
    same_application(targets[0], a_manifest.id)?;
    same_application(targets[1], b_manifest.id)?;
    let (a_rights, b_rights) = tokio::join!(rights(a, access[0]), rights(b, access[1]));
    a_rights?;
    b_rights?;
    let (a_state, b_state) = tokio::join!(
        existing(a, access[0], b_manifest.id),
        existing(b, access[1], a_manifest.id)
    );
    let (a_state, b_state) = (a_state?, b_state?);
    let side = |session: &Session, manifest, there: &Manifest, (existing, others): Kept| Side {
        alias: session.alias().clone(),
        url: session.url().clone(),
        manifest,
        existing,
        primary: others
            .iter()
            .find(|record| record.primary && record.type_id == there.type_id)
            .map(|record| record.id),
        others,
    };
    Ok([
        side(a, a_manifest.clone(), &b_manifest, a_state),
        side(b, b_manifest, &a_manifest, b_state),
    ])
}

/// Whether the accounts may allow impersonation, where the product tells: found out while nothing
/// is changed.
pub(super) async fn may_impersonate(sessions: &[Arc<Session>]) -> Result<()> {
    for session in sessions {
        if session.system_administrator().await == SystemRights::No {
            return Err(Error::new(
                Kind::Permission,
                format!(
                    "impersonation is for system administrators, and the account on {} is none",
                    session.alias()
                ),
            )
            .code(Code::NotSystemAdmin)
            .hint("use the account of a system administrator of that application"));
        }
    }
    Ok(())
}

/// That what answers is what the state knows: a secret is not sent to a stranger.
pub(super) fn same_application(target: &Target, id: ApplicationId) -> Result<()> {
    if target.known && target.entry.id != id {
        return Err(Error::conflict(format!(
            "{} is known as application {}, and {id} answers at {}",
            target.alias, target.entry.id, target.entry.url
        ))
        .code(Code::IdMismatch)
        .hint(format!(
            "if it was set up anew: applink app remove {} and add it again",
            target.alias
        )));
    }
    Ok(())
}

/// Administrator, and not behind a secure session: found out while nothing is changed.
async fn rights(session: &Session, access: Access) -> Result<()> {
    if access == Access::Administrator {
        session.administrator().await?;
        session.websudo().await?;
    }
    Ok(())
}

/// The record of the other application, and all other records.
type Kept = (Option<View>, Vec<Record>);

async fn existing(session: &Session, access: Access, id: ApplicationId) -> Result<Kept> {
    if access == Access::Anybody {
        return Ok((None, Vec::new()));
    }
    let (mut records, listed) = session.overview().await?;
    let view = match listed {
        Some(listed) => {
            let mut views = listed.into_iter().map(|one| one.view);
            views.find(|view| view.record.id == id)
        }
        None if records.iter().any(|record| record.id == id) => session.view(id).await?,
        None => None,
    };
    records.retain(|record| record.id != id);
    Ok((view, records))
}

/// The alias by which a person would name it; for questions.
pub(super) fn both(local: &Alias, remote: &Alias) -> String {
    format!("{local} and {remote}")
}
