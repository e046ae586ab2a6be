//! `applink plan`

use std::path::PathBuf;

use crate::apply::abandon;
use crate::apply::plan_file::{self, LIMIT, Planned, errors, print_problems};
use crate::apply::{commit, saved_plan};
use crate::cli::{args, prompt};
use crate::context::Context;
use crate::error::{Error, Result, worst_exit};
use crate::exit::Exit;
use crate::plan::PlanSet;
use crate::plan::file::{Change, Drift, RecordSnapshot, SavedPlan, is_saved_plan, snapshots};
use crate::remote::fleet;
use crate::ui::diff;

/// Show what would change so that the links in a file exist
///
/// FILE is TOML: applications, the links between them with their levels, names and addresses, and
/// third-party programs. What it does not say is left as it is. Nothing is changed; `applink apply`
/// does it. What somebody changed by hand since applink made it is marked.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    applink plan links.toml\n  \
    applink plan links.toml --check\n  \
    applink plan links.toml --prune --out links.plan\n  \
    applink export | applink plan -\n\n\
    A file:\n  \
    version = 1\n  \
    [applications.jira]\n  \
    url = \"https://jira.example.com\"\n  \
    [applications.wiki]\n  \
    url = \"${WIKI_URL}\"\n  \
    [[links]]\n  \
    between = [\"jira\", \"wiki\"]\n  \
    auth = \"oauth\"\n\n\
    `applink export` writes such a file from what exists.")]
pub struct Args {
    /// The file that says which links shall exist; `-` is standard input
    #[arg(value_hint = clap::ValueHint::FilePath)]
    file: Option<PathBuf>,

    /// Also delete links between the file's applications that are not in it
    #[arg(long)]
    prune: bool,

    /// Exit code 8 when there are changes
    #[arg(long)]
    check: bool,

    /// Keep the plan in a file, for `applink apply PLAN`
    #[arg(long, value_name = "PLAN", value_hint = clap::ValueHint::FilePath)]
    out: Option<PathBuf>,
}

impl Args {
    /// What is asked for.
    pub(super) fn missing(&self) -> Vec<&'static str> {
        args::missing([(self.file.is_some(), "<FILE>")])
    }
}

/// Runs the command.
pub async fn run(args: Args, context: &Context) -> Result<Exit> {
    let file = match &args.file {
        Some(file) => file.clone(),
        None => prompt::path(&context.ui, "The file of links", "FILE")?,
    };
    abandon::warn_abandoned(context);
    let bytes = plan_file::load(&file, LIMIT)?;
    if is_saved_plan(&bytes) {
        return Err(Error::usage(format!(
            "{} is a plan that was kept, and no file of links",
            plan_file::called(&file)
        ))
        .hint("to see it again: applink apply PLAN --dry-run"));
    }
    if let Some(out) = &args.out {
        saved_plan::may_write(out)?;
    }
    let wanted = plan_file::read_desired(&file, &bytes)?;
    let planned = plan_file::planned(context, &file, &wanted, args.prune, false).await?;
    let changes: Vec<Change> = planned.outcome.changes().cloned().collect();
    let drift: Vec<Drift> = planned.outcome.drift().cloned().collect();
    let ui = &context.ui;
    if ui.is_json() {
        let errors = errors(&planned);
        let warnings = &planned.outcome.warnings;
        ui.json(&diff::document(&changes, &drift, &errors, warnings));
    } else {
        diff::show(ui, &changes, &drift);
        for loss in planned.plan_set().losses() {
            ui.warn(&format!("this cannot be taken back: {loss}"));
        }
    }
    print_problems(context, &planned);
    let mut exit = worst_exit(planned.failures());
    if let Some(out) = &args.out {
        save_plan(context, &planned, changes, drift, out, exit).await?;
        if !ui.is_json()
            && exit == Exit::Ok
            && !context.settings.dry_run
            && !planned.plan_set().is_empty()
        {
            ui.hint(&format!(
                "carry it out with: {}",
                crate::domain::SuggestedCommand::applink(["apply", &out.display().to_string()])
                    .map_or_else(|| "applink apply PLAN".to_owned(), |fix| fix.command())
            ));
        }
    }
    if args.check && !planned.plan_set().is_empty() {
        exit = exit.worst(Exit::Pending);
    }
    if ui.is_json()
        && let Some(error) = planned.failures().find(|error| error.exit() == exit)
    {
        ui.error(error);
    }
    Ok(exit)
}

/// What a plan goes by, as it is now.
async fn current_snapshots(planned: &Planned, plan_set: &PlanSet) -> Result<Vec<RecordSnapshot>> {
    let looked = fleet::each(
        snapshots(&planned.estate, plan_set),
        |(on, id, view)| async move {
            let view = match (view, planned.sessions.get(&on)) {
                (Some(view), Some(session)) => {
                    Some(saved_plan::with_consumers(session, view).await?)
                }
                (view, _) => view,
            };
            Ok(RecordSnapshot { on, id, view })
        },
    );
    looked.await.into_iter().collect()
}

/// Keeps the plan; one with gaps would pass for the whole.
async fn save_plan(
    context: &Context,
    planned: &Planned,
    changes: Vec<Change>,
    drift: Vec<Drift>,
    out: &std::path::Path,
    exit: Exit,
) -> Result<()> {
    let ui = &context.ui;
    if exit != Exit::Ok {
        ui.warn(&format!(
            "{} is not written: a part of the file could not be planned",
            out.display()
        ));
        return Ok(());
    }
    if context.settings.dry_run {
        ui.status(&format!(
            "{} is not written: this was a dry run",
            out.display()
        ));
        return Ok(());
    }
    let plan_set = planned.plan_set();
    let state = context.state.state();
    let context_of = commit::journal_context(state, &planned.targets, &plan_set);
    let kept = SavedPlan {
        created: format!("{:.0}", jiff::Timestamp::now()),
        lineage: (!context.state.is_fresh()).then_some(state.lineage),
        applications: serde_json::json!({ "applications": context_of["applications"] }),
        confirmation: crate::apply::plan_file::question(&planned.outcome),
        snapshots: current_snapshots(planned, &plan_set).await?,
        plan_set,
        changes,
        drift,
    };
    saved_plan::write(out, &kept)
}
