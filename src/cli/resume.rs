//! `applink resume`

use std::process::Command;

use serde_json::json;

use crate::apply::abandon::abandon;
use crate::apply::execution::Direction;
use crate::apply::provider::RemoteProvider;
use crate::apply::resume::resume;
use crate::apply::run::{Lock, Run};
use crate::apply::{interrupted, unobserved};
use crate::context::Context;
use crate::domain::Record;
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::plan::delete::{DeletedEnd, plan};
use crate::plan::execute::{self, StepStatus, step_states};
use crate::plan::{PlanSet, PlanSource, journal};
use crate::state::PendingDelete;
use crate::ui::change::with;
use crate::ui::change::{document, headline};
use crate::ui::output::ChangeOutput;

/// Continue what an interrupted run left
///
/// An unfinished run is continued from where it stopped; deletes that could not be carried out
/// are tried again. With --undo the run is taken back instead, where it has lost nothing yet.
#[derive(Debug, clap::Args)]
#[command(
    after_long_help = "Examples:\n  applink resume\n  applink resume --undo\n  applink resume --abandon"
)]
pub struct Args {
    /// Take it back instead
    #[arg(long)]
    undo: bool,

    /// Give it up: record what stays half done, and free the state
    ///
    /// For a run that can neither end nor be undone, for example when an application refuses the
    /// rest for good. Nothing is sent. `verify` and `list` show what was left.
    #[arg(long, conflicts_with = "undo")]
    abandon: bool,
}

/// Runs the command.
pub async fn run(args: Args, context: &mut Context) -> Result<Exit> {
    let lock = Run::lock(context, "resume")?;
    let found = interrupted::found(context)?;
    let Some(guard) = lock.guard() else {
        return Ok(show_only(context, found.as_ref()));
    };
    if let (true, Some(open)) = (args.abandon, &found) {
        return abandon(context, guard, open);
    }
    if let (false, Some(open)) = (args.undo, &found)
        && let Some(command) = unobserved::command(open)
        && interrupted::needs_no_resume(open)
    {
        for reason in unobserved::reasons(open) {
            context.ui.note(&format!("not observed before: {reason}"));
        }
        drop(lock);
        return run_again(context, command).await;
    }
    if let Some(open) = found {
        let direction = if args.undo {
            Direction::Back
        } else {
            Direction::Forward
        };
        let outcome = resume(context, guard, open, direction).await;
        let is_stuck = outcome.is_err() && interrupted::found(context)?.is_some();
        return outcome.map_err(|error| {
            if is_stuck {
                error
                    .hint("where it is refused for good, give it up with: applink resume --abandon")
            } else {
                error
            }
        });
    }
    if args.abandon {
        context.ui.result("nothing is unfinished");
        return Ok(Exit::Ok);
    }
    journal::remove(&context.store.paths().journal())?;
    let due = context.state.state().pending_deletes.clone();
    if args.undo && !due.is_empty() {
        return Err(
            Error::refused("a delete cannot be taken back: what was deleted is gone")
                .hint("finish it with: applink resume"),
        );
    }
    let mut exit = Exit::Ok;
    if due.is_empty() {
        if context.ui.is_json() {
            context.ui.json(&idle());
        } else {
            context.ui.result("nothing is unfinished");
        }
    }
    for one in due {
        exit = exit.worst(delete(context, &lock, one).await?);
    }
    Ok(exit)
}

/// Runs the command of an earlier run again, which plans what that could not observe. It is a
/// process of its own, since it parses its arguments and confirms its plan like the first one.
async fn run_again(context: &Context, mut words: Vec<String>) -> Result<Exit> {
    let failed = |why: String| {
        Error::conflict(format!("the command cannot be run again: {why}"))
            .hint("run the same command as before; it does what is left")
    };
    if words.is_empty() {
        return Err(failed("its arguments were not UTF-8".to_owned()));
    }
    let says_yes = words.iter().any(|word| word == "--yes" || word == "-y");
    if context.ui.options().yes && !says_yes {
        words.push("--yes".to_owned());
    }
    let program = std::env::current_exe().map_err(|error| failed(error.to_string()))?;
    let mut command = Command::new(program);
    command
        .args(words)
        .env("APPLINK_STATE", context.store.paths().state());
    if context.ui.is_json() {
        command.env("APPLINK_OUTPUT", "json");
    }
    let ended = tokio::task::spawn_blocking(move || command.status())
        .await
        .map_err(|error| Error::internal(error.to_string()))?
        .map_err(|error| failed(error.to_string()))?;
    let code = ended.code().and_then(|code| u8::try_from(code).ok());
    code.and_then(Exit::of_code)
        .ok_or_else(|| failed("it was ended by a signal".to_owned()))
}

/// Tries a delete again that could not be carried out.
async fn delete(context: &mut Context, lock: &Lock, due: PendingDelete) -> Result<Exit> {
    let target = context.app(&due.on).ok_or_else(|| {
        Error::state(format!(
            "a link on {} is to be deleted, and {} is no longer known",
            due.on, due.on
        ))
        .hint(format!("add it again with: applink app add {} URL", due.on))
    })?;
    let session = context.session(&target).await?;
    let record = Record {
        id: due.id,
        name: due.name.clone(),
        type_id: crate::domain::TypeId::generic(),
        rpc_url: None,
        display_url: String::new(),
        primary: false,
        system: false,
    };
    let end = DeletedEnd {
        alias: due.on.clone(),
        record,
    };
    let mut targets = vec![target];
    targets.extend(due.remote.as_ref().and_then(|remote| context.app(remote)));
    let request = json!({"on": due.on, "id": due.id});
    let plan = plan(&due.on, due.remote.as_ref(), false, &[end])?;
    lock.run(&request)?
        .targets(targets)
        .apply(context, plan, RemoteProvider::new([session]))
        .await
}

fn show_only(context: &Context, found: Option<&journal::OpenJournal>) -> Exit {
    let Some(found) = found else {
        if context.ui.is_json() {
            context.ui.json(&idle());
        } else {
            context.ui.result("nothing is unfinished");
        }
        return Exit::Ok;
    };
    let plan_set = &found.header.plan_set;
    let mut report = execute::preview(plan_set);
    for (step, mark) in report
        .steps
        .iter_mut()
        .zip(step_states(plan_set.len(), &found.entries))
    {
        step.status = StepStatus::of(&mark);
    }
    if context.ui.is_json() {
        context
            .ui
            .json(&complete(document(&report, Some(plan_set), &[])));
        return Exit::Ok;
    }
    context
        .ui
        .result(&format!("unfinished: {}", headline(plan_set)));
    for step in &report.steps {
        let how = match step.status {
            StepStatus::Planned | StepStatus::Failed => "to do",
            StepStatus::Stuck => "not known",
            StepStatus::Done => "done",
            StepStatus::Skipped => "was so already",
            StepStatus::Undone => "taken back",
        };
        context
            .ui
            .result(&format!("{}: {} ({how})", step.step.on(), step.detail));
    }
    Exit::Ok
}

/// The document where nothing is to be done.
fn idle() -> ChangeOutput {
    let nothing = PlanSet {
        source: PlanSource::Goal,
        plans: Vec::new(),
    };
    complete(document(&execute::preview(&nothing), None, &[]))
}

/// A document without trouble.
fn complete(document: ChangeOutput) -> ChangeOutput {
    with(document, None, &[])
}
