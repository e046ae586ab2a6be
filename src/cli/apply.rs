//! `applink apply`

use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use crate::apply::confirm::Confirmation;
use crate::apply::plan_file::{self, LIMIT, question};
use crate::apply::provider::RemoteProvider;
use serde_json::{Value, json};

use crate::apply::run::{Begin, Run};
use crate::apply::{commit, saved_plan};
use crate::cli::{args, prompt};
use crate::context::{Context, Target};
use crate::domain::Alias;
use crate::domain::hex;
use crate::error::{Error, Result, worst_exit};
use crate::exit::Exit;
use crate::observe::ends::same_application;
use crate::plan::file::{SavedPlan, claimed_names, difference, is_saved_plan};
use crate::plan::{PlanSet, Step};
use crate::remote::{Session, fleet};
use crate::ui::diff;

/// Make the links what a file says, or carry out a kept plan
///
/// FILE is planned, shown, confirmed once, and carried out. A PLAN that `applink plan --out` has
/// kept is carried out exactly, or refused when a record that it touches is not as it was. Links do
/// not depend on each other: what fails with one is taken back there, and the others go on.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    applink apply links.toml\n  \
    applink apply links.toml --prune --yes\n  \
    applink apply links.toml --dry-run\n  \
    generate-links | applink apply - --yes\n  \
    applink plan links.toml --out links.plan && applink apply links.plan")]
pub struct Args {
    /// The file that says which links shall exist, or a kept plan; `-` is standard input
    #[arg(value_name = "FILE|PLAN", value_hint = clap::ValueHint::FilePath)]
    what: Option<PathBuf>,

    /// Also delete links between the file's applications that are not in it
    #[arg(long)]
    prune: bool,
}

impl Args {
    /// What is asked for.
    pub(super) fn missing(&self) -> Vec<&'static str> {
        args::missing([(self.what.is_some(), "<FILE|PLAN>")])
    }
}

/// The file, and whether links that are not in it go.
struct ApplyInput {
    what: PathBuf,
    prune: bool,
}

/// Runs the command.
pub async fn run(args: Args, context: &mut Context) -> Result<Exit> {
    let args = ApplyInput {
        what: match args.what {
            Some(what) => what,
            None => prompt::path(
                &context.ui,
                "The file of links, or the kept plan",
                "FILE|PLAN",
            )?,
        },
        prune: args.prune,
    };
    let is_piped = plan_file::is_standard_input(&args.what);
    if is_piped && !context.ui.options().yes && !context.settings.dry_run {
        return Err(Error::usage(
            "standard input is the file, so it cannot answer whether to go ahead",
        )
        .hint("answer it with --yes, or look first: --dry-run"));
    }
    let bytes = plan_file::load(&args.what, LIMIT.max(saved_plan::LARGEST))?;
    let is_saved = is_saved_plan(&bytes);
    if is_saved && args.prune {
        return Err(Error::usage(
            "a kept plan says itself what is deleted: --prune belongs to `applink plan`",
        ));
    }
    let kept = is_saved
        .then(|| saved_plan::read(&args.what, &bytes))
        .transpose()?;
    let lock = Run::lock(context, "apply")?;
    let run = match lock.begin(context, &request(&args, &bytes)).await? {
        Begin::Resumed(exit) => return Ok(exit),
        Begin::New(run) => run,
    };
    match kept {
        Some(kept) => carry_out_kept(context, *run, &args.what, kept).await,
        None => carry_out_file(context, *run, &args, &bytes).await,
    }
}

/// What was asked for. The same file with another content is another request.
fn request(args: &ApplyInput, bytes: &[u8]) -> Value {
    let path = match std::path::absolute(&args.what) {
        Ok(path) if !plan_file::is_standard_input(&args.what) => path,
        _ => args.what.clone(),
    };
    let sum = hex(&Sha256::digest(bytes));
    json!({"file": path.display().to_string(), "sha256": sum, "prune": args.prune})
}

async fn carry_out_file(
    context: &mut Context,
    run: Run,
    args: &ApplyInput,
    bytes: &[u8],
) -> Result<Exit> {
    let wanted = plan_file::read_desired(&args.what, bytes)?;
    let planned = plan_file::planned(context, &args.what, &wanted, args.prune, true).await?;
    let changes: Vec<_> = planned.outcome.changes().cloned().collect();
    let drift: Vec<_> = planned.outcome.drift().cloned().collect();
    let ui = context.ui.clone();
    let plan_set = planned.plan_set();
    if context.settings.dry_run && !ui.is_json() {
        diff::show(&ui, &changes, &drift);
        plan_file::print_problems(context, &planned);
        ui.status("nothing was changed: this was a dry run");
        return Ok(worst_exit(planned.failures()));
    }
    if !plan_set.is_empty() {
        diff::announce(&ui, &changes, &drift);
        warn_of_losses(context, &plan_set);
    }
    plan_file::mention(context, &planned.outcome);
    let errors = planned.failures().cloned().collect();
    let run = run
        .targets(planned.targets)
        .confirmation(Confirmation::AfterDiff(question(&planned.outcome)))
        .errors(errors);
    run.apply(
        context,
        plan_set,
        RemoteProvider::new(planned.sessions.into_values()),
    )
    .await
}

fn warn_of_losses(context: &Context, plan_set: &PlanSet) {
    for loss in plan_set.losses() {
        context
            .ui
            .warn(&format!("this cannot be taken back: {loss}"));
    }
}

async fn carry_out_kept(
    context: &mut Context,
    run: Run,
    path: &Path,
    kept: SavedPlan,
) -> Result<Exit> {
    let targets = targets(context, &kept)?;
    let (sessions, live) = reach(context, &kept, &targets).await?;
    same_world(&kept, &live, &sessions).await?;
    names_are_free(&kept, &sessions).await?;
    drop(live);
    let ui = context.ui.clone();
    if context.settings.dry_run && !ui.is_json() {
        diff::show(&ui, &kept.changes, &kept.drift);
        ui.status("nothing was changed: this was a dry run");
        return Ok(Exit::Ok);
    }
    if !kept.plan_set.is_empty() {
        let path = plan_file::called(path);
        ui.status(&format!("the plan {path} of {}:", kept.created));
        diff::announce(&ui, &kept.changes, &kept.drift);
        warn_of_losses(context, &kept.plan_set);
    }
    let run = run
        .targets(targets)
        .confirmation(Confirmation::AfterDiff(kept.confirmation));
    run.apply(context, kept.plan_set, RemoteProvider::new(sessions))
        .await
}

/// The applications of a plan, which must be what they were.
fn targets(context: &Context, kept: &SavedPlan) -> Result<Vec<Target>> {
    let state = context.state.state();
    if let Some(lineage) = kept.lineage
        && lineage != state.lineage
    {
        return Err(
            Error::refused("the plan was made from another state than this one")
                .hint("make it anew with: applink plan FILE --out PLAN"),
        );
    }
    let targets = commit::from_context(context, &kept.applications, &kept.plan_set)?;
    let is_named = |alias: &Alias| targets.iter().any(|target| target.alias == *alias);
    if let Some(step) = kept.plan_set.steps().find(|step| !is_named(step.on())) {
        return Err(Error::refused(format!(
            "the plan changes {}, which is not among its applications",
            step.on()
        ))
        .hint("make it anew with: applink plan FILE --out PLAN"));
    }
    for target in &targets {
        let was = |field: &str| {
            let alias = &target.alias;
            let value = kept
                .applications
                .pointer(&format!("/applications/{alias}/{field}"));
            value.and_then(serde_json::Value::as_str).map(str::to_owned)
        };
        for (field, now) in [
            ("url", target.entry.url.to_string()),
            ("id", target.entry.id.to_string()),
        ] {
            let was = was(field).unwrap_or_default();
            if was != now {
                return Err(moved_on(&format!(
                    "the {field} of {} was {was} and is {now}",
                    target.alias
                )));
            }
        }
    }
    Ok(targets)
}

/// Sessions with the applications that the plan touches, which must be who they were.
async fn reach(
    context: &Context,
    kept: &SavedPlan,
    targets: &[Target],
) -> Result<(Vec<Arc<Session>>, RemoteProvider)> {
    let touched: Vec<&Target> = targets
        .iter()
        .filter(|target| {
            kept.plan_set.steps().any(|step| *step.on() == target.alias)
                || kept.snapshots.iter().any(|was| was.on == target.alias)
        })
        .collect();
    let opened = fleet::each(touched, |target| async move {
        let session = context.session(target).await?;
        let id = session.manifest().await?.id;
        let mut known = target.clone();
        known.known = true;
        same_application(&known, id)?;
        session.administrator().await?;
        session.websudo().await?;
        Ok::<_, Error>(session)
    })
    .await;
    let sessions = opened.into_iter().collect::<Result<Vec<_>>>()?;
    let live = RemoteProvider::new(sessions.iter().cloned());
    Ok((sessions, live))
}

/// Every record that the plan touches is as it was.
async fn same_world(
    kept: &SavedPlan,
    live: &RemoteProvider,
    sessions: &[Arc<Session>],
) -> Result<()> {
    let looked = fleet::each(&kept.snapshots, |was| async move {
        let session = sessions.iter().find(|session| *session.alias() == was.on);
        let now = match (live.current_view(&was.on, was.id).await?, session) {
            (Some(view), Some(session)) => Some(saved_plan::with_consumers(session, view).await?),
            (now, _) => now,
        };
        Ok::<_, Error>(difference(was, now.as_ref()))
    })
    .await;
    for difference in looked {
        if let Some(difference) = difference? {
            return Err(moved_on(&difference));
        }
    }
    // The link whose place another one takes still has it, unless this very plan makes it.
    for step in kept.plan_set.steps() {
        let Step::MakePrimary {
            on, was: Some(was), ..
        } = step
        else {
            continue;
        };
        let is_made = kept
            .plan_set
            .steps()
            .any(|step| matches!(step, Step::Create { on: at, id, .. } if at == on && id == was));
        if !is_made
            && live
                .current_view(on, *was)
                .await?
                .is_none_or(|view| !view.record.primary)
        {
            return Err(moved_on(&format!(
                "the primary link on {on} is another one"
            )));
        }
    }
    Ok(())
}

/// The names that the plan gives are still nobody's.
async fn names_are_free(kept: &SavedPlan, sessions: &[Arc<Session>]) -> Result<()> {
    let names = &claimed_names(&kept.plan_set);
    let concerned = sessions
        .iter()
        .filter(|session| names.iter().any(|one| one.on == session.alias()));
    let looked = fleet::each(concerned, |session| async move {
        let records = session.records().await?;
        let taken = names.iter().find_map(|one| {
            let by = (one.on == session.alias())
                .then(|| records.iter().find(|record| one.is_taken_by(record)))??;
            Some(format!(
                "the name {:?} on {} belongs to another link",
                by.name, one.on
            ))
        });
        Ok::<_, Error>(taken)
    })
    .await;
    for taken in looked {
        if let Some(taken) = taken? {
            return Err(moved_on(&taken));
        }
    }
    Ok(())
}

fn moved_on(what: &str) -> Error {
    Error::conflict(format!(
        "the world has moved on since the plan was made: {what}"
    ))
    .hint("make it anew with: applink plan FILE --out PLAN")
}
