//! `applink repair`

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::apply::confirm::Confirmation;
use crate::apply::provider::RemoteProvider;
use crate::apply::run::{Begin, Run};
use crate::cli::complete;
use crate::context::{Context, Target};
use crate::diagnose::Verdict;
use crate::diagnose::remedy::Remedy;
use crate::domain::{Alias, BaseUrl, Directions, Flags, Health, Level};
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::observe::ends::{Access, observe as observe_sides, open};
use crate::observe::peers::Depth;
use crate::observe::relocation::{new_address, new_origin, way};
use crate::observe::verification::once;
use crate::plan::create::{self, CreateRequest};
use crate::plan::delete::{DeletedEnd, plan as plan_delete};
use crate::plan::relocate::{RecordHolder, plan as plan_relocate};
use crate::plan::side::{EndRequest, Side};
use crate::plan::{Goal, Plan, PlanSet, PlanSource, Policy, Step, consent, edit};
use crate::remote::Session;
use crate::resolve::{AppArg, CloudSites, Resolved, resolve};
use serde_json::json;

/// Mend what `verify` finds
///
/// Verifies the links and carries out what mends them: the missing end is made, levels are made
/// equal, a consumer that changed is fetched anew, a record follows its application, an orphan is
/// removed. What would be done is shown before; what cannot be taken back is asked for.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    applink repair jira wiki\n  \
    applink repair --dry-run\n\n\
    Exit code 6 when a link is left broken that nothing here mends.")]
pub struct Args {
    /// Only links of this application
    #[arg(add = complete::application())]
    local: Option<AppArg>,

    /// Only the link of the two
    #[arg(add = complete::linked())]
    remote: Option<AppArg>,
}

/// Runs the command.
pub async fn run(args: Args, context: &mut Context) -> Result<Exit> {
    let lock = Run::lock(context, "repair")?;
    let named: Vec<&AppArg> = args.local.iter().chain(&args.remote).collect();
    let resolved = resolve(context, &named, CloudSites::Refused).await?;
    let named: Vec<Target> = resolved.into_iter().map(|one| one.target).collect();
    if named.is_empty() {
        context.warn_no_apps();
    }
    let aliases: Vec<String> = named
        .iter()
        .map(|target| target.alias.to_string())
        .collect();
    let identity = json!({"links": aliases});
    let run = match lock.begin(context, &identity).await? {
        Begin::Resumed(exit) => return Ok(exit),
        Begin::New(run) => run,
    };
    let (verdicts, mut errors) = verify_scope(context, &named).await;
    let mut mends: Vec<Remedy> = Vec::new();
    let mut left = Exit::Ok;
    for verdict in &verdicts {
        match first(context, verdict, named.len() == 2) {
            Some(mend) => mends.push(mend),
            None if verdict.health == Health::Broken && !context.settings.dry_run => {
                left = Exit::Broken;
            }
            None => {}
        }
    }
    let mut planner = Planner::new(context);
    for mend in &mends {
        // What cannot be mended does not keep the rest from being mended.
        if let Err(error) = planner.add(mend).await {
            errors.push(error);
        }
    }
    let Planner {
        parts,
        targets,
        sessions,
        stakes: more,
        ..
    } = planner;
    let plan_set = PlanSet {
        source: PlanSource::Repair,
        plans: parts,
    };
    let mut stakes = plan_set.destructive_steps();
    stakes.extend(consent::widened(&plan_set));
    stakes.extend(more);
    let question = if stakes.is_empty() {
        Confirmation::IfInteractive
    } else {
        Confirmation::Required(format!("{}.", stakes.join("; ")))
    };
    let run = run
        .targets(targets.into_values())
        .confirmation(question)
        .errors(errors);
    let done = run
        .apply(
            context,
            plan_set,
            RemoteProvider::new(sessions.into_values()),
        )
        .await?;
    // What nothing mends is as broken as before.
    Ok(done.worst(left))
}

/// Verifies the links in scope, as `verify` does: what could not be asked is told here too.
async fn verify_scope(context: &Context, named: &[Target]) -> (Vec<Verdict>, Vec<Error>) {
    let round = once(context, named, Depth::Full).await;
    let errors = round
        .errors
        .iter()
        .chain(&round.late)
        .map(|(alias, error)| error.clone().about(alias))
        .collect();
    let verdicts = round.judged.into_iter().map(|(_, verdict)| verdict);
    (verdicts.collect(), errors)
}

/// What mends a link first; what else is found is seen when it is verified again.
fn first(context: &Context, verdict: &Verdict, is_named: bool) -> Option<Remedy> {
    let name = verdict.remote.as_ref().map_or_else(
        || verdict.local.to_string(),
        |remote| format!("{} and {remote}", verdict.local),
    );
    match (verdict.remedies.first(), verdict.code) {
        // One way was what was wanted: that changes only when this very link is meant.
        (Some(Remedy::Complete { local, remote }), _)
            if !is_named
                && context
                    .state
                    .state()
                    .link(local, remote)
                    .is_some_and(|known| known.one_way.is_some()) =>
        {
            context.ui.note(&format!(
                "{name}: one way, as it was wanted; the other with applink create {local} {remote}"
            ));
            None
        }
        // What ends somebody's access is done by its own command, which asks.
        (
            Some(
                mend @ (Remedy::RetireConsumers { .. }
                | Remedy::DeleteConsumer { .. }
                | Remedy::Migrate { .. }),
            ),
            _,
        ) => {
            if let Some(fix) = mend.command() {
                context
                    .ui
                    .note(&format!("{name}: left to a command of its own"));
                context.ui.hint(&format!("next: {}", fix.command()));
            }
            None
        }
        // What was cut off from where it leads stays so until it leads to the one that is meant.
        (Some(Remedy::RelocateDisabled { app, to, on, now }), _) => {
            context.ui.note(&format!(
                "{name}: left as it is: calls are off, and the link on {on} leads to {now}, not to {app} ({to}): switched on, {on} would call what answers there"
            ));
            if let Some(fix) = verdict.remedies.first().and_then(Remedy::command) {
                context.ui.hint(&format!("first: {}", fix.command()));
            }
            None
        }
        (Some(mend), _) => Some(mend.clone()),
        (None, Some(code)) if !verdict.needs_no_action() => {
            context.ui.note(&format!(
                "{name}: nothing that applink can do mends {code}; see applink explain {code}"
            ));
            None
        }
        (None, _) => None,
    }
}

/// Gathers the plans of all mends, each of which stands alone.
struct Planner<'a> {
    context: &'a Context,
    sessions: BTreeMap<Alias, Arc<Session>>,
    targets: BTreeMap<Alias, Target>,
    parts: Vec<Plan>,
    /// What is asked for besides what the steps end: where administrators' secrets would go that
    /// never went there.
    stakes: Vec<String>,
}

impl<'a> Planner<'a> {
    fn new(context: &'a Context) -> Self {
        Self {
            context,
            sessions: BTreeMap::new(),
            targets: BTreeMap::new(),
            parts: Vec::new(),
            stakes: Vec::new(),
        }
    }

    async fn add(&mut self, mend: &Remedy) -> Result<()> {
        let plan = match mend {
            Remedy::Complete { local, remote } => {
                let [here, there] = self.sides(local, remote).await?;
                let request = CreateRequest {
                    level: None,
                    one_way: false,
                    local: EndRequest::default(),
                    remote: EndRequest::default(),
                };
                crate::observe::clones::refuse_clone_mixup(self.context, [&here, &there])?;
                create::plan(&here, &there, &request)?
            }
            Remedy::SetLevel {
                local,
                remote,
                level,
            } => self.level(local, remote, *level).await?,
            Remedy::RefetchConsumer { on, of } => self.refetch(on, of).await?,
            Remedy::Relocate { app, to, on } => self.relocation_plan(app, to, on).await?,
            Remedy::SetDisplayUrl { app, to, on } => {
                let [here, there] = self.sides(on, app).await?;
                let request = edit::EditRequest {
                    level: None,
                    local: EndRequest {
                        display_url: Some(to.clone()),
                        ..EndRequest::default()
                    },
                    remote: EndRequest::default(),
                };
                edit::plan(&here, &there, &request)?
            }
            Remedy::RetireConsumers { .. }
            | Remedy::DeleteConsumer { .. }
            | Remedy::Migrate { .. }
            | Remedy::RelocateDisabled { .. } => {
                return Err(Error::internal("a mend that is another command"));
            }
            Remedy::DeleteOrphan { on, about } => self.orphan(on, about).await?,
        };
        self.parts.push(plan);
        Ok(())
    }

    async fn level(&mut self, local: &Alias, remote: &Alias, level: Level) -> Result<Plan> {
        let [here, there] = self.sides(local, remote).await?;
        let request = edit::EditRequest {
            level: Some(level),
            local: EndRequest::default(),
            remote: EndRequest::default(),
        };
        edit::plan(&here, &there, &request)
    }

    /// Off and on: only so does an application ask for its peer's consumer again. Old ones can
    /// only be switched off both ways.
    async fn refetch(&mut self, on: &Alias, of: &Alias) -> Result<Plan> {
        let id = self.target(of)?.entry.id;
        let session = self.session(on).await?;
        let view = session.view(id).await?.ok_or_else(|| {
            Error::conflict(format!("{on} has no link to {of} any more"))
                .hint("look again: applink verify")
        })?;
        let off = Directions {
            incoming: Flags::NONE,
            outgoing: if session.capabilities().await?.status {
                view.flags.outgoing
            } else {
                Flags::NONE
            },
        };
        let step = |from, to| Step::SetFlags {
            on: on.clone(),
            id,
            from,
            to,
        };
        Ok(Plan {
            goal: Goal::Link {
                local: on.clone(),
                remote: of.clone(),
                local_link_id: id,
                remote_link_id: Some(self.target(on)?.entry.id),
                outgoing: Level::Unknown,
                incoming: Level::Unknown,
                last_applied: None,
            },
            steps: vec![step(view.flags, off), step(off, view.flags)],
            policy: Policy::Continue,
        })
    }

    async fn relocation_plan(&mut self, app: &Alias, to: &BaseUrl, on: &Alias) -> Result<Plan> {
        let target = self.target(app)?;
        let id = target.entry.id;
        let manifest = new_address(self.context, &target, to, false).await?;
        if target.entry.url.origin() != to.origin() {
            let origin = new_origin(app, to);
            if !self.stakes.contains(&origin) {
                self.stakes.push(origin);
            }
        }
        let session = self.session(on).await?;
        let view = session.view(id).await?.ok_or_else(|| {
            Error::conflict(format!("{on} has no link to {app} any more"))
                .hint("look again: applink verify")
        })?;
        let way = way(&session, false).await?;
        let holder = RecordHolder {
            alias: on.clone(),
            view,
            method: way,
        };
        let base_url = manifest
            .as_ref()
            .and_then(|manifest| manifest.url.as_deref())
            .and_then(|url| BaseUrl::parse(url).ok());
        Ok(plan_relocate(app, to, base_url.as_ref(), None, &[holder]))
    }

    async fn orphan(&mut self, on: &Alias, about: &str) -> Result<Plan> {
        let session = self.session(on).await?;
        let records = session.records().await?;
        let id = about
            .parse::<Alias>()
            .ok()
            .and_then(|alias| self.context.app(&alias))
            .map(|target| target.entry.id);
        let url = BaseUrl::parse(about).ok();
        let record = records
            .into_iter()
            .find(|record| {
                Some(record.id) == id || (url.is_some() && record.application_url() == url)
            })
            .ok_or_else(|| {
                Error::conflict(format!("{on} has no link to {about} any more"))
                    .hint("look again: applink verify")
            })?;
        let end = DeletedEnd {
            alias: on.clone(),
            record,
        };
        plan_delete(on, None, true, &[end])
    }

    async fn sides(&mut self, local: &Alias, remote: &Alias) -> Result<[Side; 2]> {
        let sessions = [self.session(local).await?, self.session(remote).await?];
        let (here, there) = (self.target(local)?, self.target(remote)?);
        observe_sides(&sessions, [&here, &there], [Access::Administrator; 2]).await
    }

    fn target(&mut self, alias: &Alias) -> Result<Target> {
        let target = self
            .context
            .app(alias)
            .ok_or_else(|| Error::internal(format!("{alias} is not known")))?;
        self.targets.insert(alias.clone(), target.clone());
        Ok(target)
    }

    async fn session(&mut self, alias: &Alias) -> Result<Arc<Session>> {
        if let Some(session) = self.sessions.get(alias) {
            return Ok(Arc::clone(session));
        }
        let resolved = Resolved {
            target: self.target(alias)?,
            manifest: None,
        };
        let session = open(self.context, &resolved, Access::Administrator).await?;
        session.administrator().await?;
        self.sessions.insert(alias.clone(), Arc::clone(&session));
        Ok(session)
    }
}
