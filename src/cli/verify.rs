//! `applink verify`

pub(crate) mod report;
pub(crate) mod threshold;
pub(crate) mod watch;

use std::path::PathBuf;
use std::time::Duration;

use crate::apply::abandon;
use crate::cli::complete;
use crate::cli::verify::threshold::{FailOn, failed};
use crate::context::{Context, Target};
use crate::diagnose::Verdict;
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::interrupt;
use crate::observe::peers::Depth;
use crate::observe::verification::{VerificationRound, once};
use crate::resolve::{AppArg, CloudSites, resolve};
use crate::ui::output::{SummaryOutput, TroubleOutput, VerdictOutput, VerifyOutput};
use crate::ui::output_file;
use crate::ui::report::ReportFormat;

/// Check links from both ends
///
/// Without an application every link of every known one is checked. For each link both ends' own
/// status, what the two ends say of each other, and applink's own checks.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    applink verify\n  \
    applink verify jira wiki\n  \
    applink verify jira wiki --report link.html\n  \
    applink verify -o json | jq '.links[] | select(.status != \"ok\")'\n\n\
    Exit code 0 when nothing is broken, 6 when something is, 4 or 5 when an application could not be asked.")]
pub struct Args {
    /// Only links of this application
    #[arg(add = complete::application())]
    local: Option<AppArg>,

    /// Only the link of the two
    #[arg(add = complete::linked())]
    remote: Option<AppArg>,

    /// Verify again every so many seconds, and print changes only, until it is interrupted
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=86_400))]
    watch: Option<u64>,

    /// From which status on the exit code is 6
    #[arg(long, value_name = "STATUS", value_enum, default_value = "broken")]
    fail_on: FailOn,

    /// Also write what the vendor's support asks for to a file: .md, .html or .json
    ///
    /// Versions, addresses, levels, checks and the requests that were made, of both ends. No
    /// secrets are in it; read it before you send it all the same.
    #[arg(long, value_name = "FILE", conflicts_with = "watch", value_hint = clap::ValueHint::FilePath)]
    report: Option<PathBuf>,

    /// Succeed where there is no link to verify
    #[arg(long)]
    allow_empty: bool,
}

/// Runs the command.
pub async fn run(args: Args, context: &Context) -> Result<Exit> {
    let format = args.report.as_deref().map(ReportFormat::of).transpose()?;
    if let (Some(path), Some(format)) = (&args.report, format) {
        output_file::may_replace(path, "report", format.mark())?;
        context.transport.record();
    }
    context.require_named_state()?;
    abandon::warn_abandoned(context);
    let named = named(&args, context).await?;
    if named.is_empty() {
        context.warn_no_apps();
    }
    if let Some(seconds) = args.watch {
        let pause = Duration::from_secs(seconds);
        return watch::run(context, &named, pause, args.fail_on).await;
    }
    let depth = if format.is_some() {
        Depth::Report
    } else {
        Depth::Full
    };
    let seen = tokio::select! {
        seen = once(context, &named, depth) => seen,
        exit = interrupt::wished(&context.stop) => return Err(interrupt::error(exit)),
    };
    // A program that was ended with the run gave no secret, which is nobody's trouble.
    let stopped = *context.stop.borrow();
    if let Some(exit) = stopped.filter(|_| !seen.errors.is_empty()) {
        return Err(interrupt::error(exit));
    }
    if seen.missing.is_none() {
        show(context, &seen);
    }
    let mut written = Ok(());
    if let (Some(path), Some(format)) = (&args.report, format) {
        let report = report::report(
            context,
            &seen.targets,
            &seen.apps,
            &seen.judged,
            &seen.errors,
        );
        written = report::write(context, path, format, &report);
    }
    if let Some(missing) = seen.missing {
        return Err(missing);
    }
    if !args.allow_empty && seen.judged.is_empty() && seen.errors.is_empty() {
        return Err(nothing_to_verify(context, &named));
    }
    let exit = exit(&seen, args.fail_on);
    let untold = [seen.errors, seen.late].concat();
    context
        .ui
        .error_for_program(untold.iter().map(|(_, error)| error), exit);
    match written {
        Ok(()) => Ok(exit),
        Err(error) => {
            // The result was printed and stays what it is.
            context.ui.error(&error);
            Ok(exit.worst(error.exit()))
        }
    }
}

/// A verification of nothing is no success: a nightly job with a wrong path would always pass.
fn nothing_to_verify(context: &Context, named: &[Target]) -> Error {
    let names: Vec<&str> = named.iter().map(|target| target.alias.as_str()).collect();
    let what = match names.as_slice() {
        [] if context.state.state().applications.is_empty() => {
            "nothing to verify: no application is known".to_owned()
        }
        [] => "nothing to verify: the known applications have no links".to_owned(),
        names => format!(
            "nothing to verify: no link of {} is known",
            names.join(" and ")
        ),
    };
    Error::usage(what).hint("if that is expected: --allow-empty")
}

pub(crate) async fn named(args: &Args, context: &Context) -> Result<Vec<Target>> {
    let named: Vec<&AppArg> = args.local.iter().chain(&args.remote).collect();
    let resolved = resolve(context, &named, CloudSites::FarSide).await?;
    Ok(resolved.into_iter().map(|one| one.target).collect())
}

pub(crate) fn exit(seen: &VerificationRound, fail_on: FailOn) -> Exit {
    let start = if seen.verdicts().any(|verdict| failed(verdict, fail_on)) {
        Exit::Broken
    } else {
        Exit::Ok
    };
    seen.errors
        .iter()
        .chain(&seen.late)
        .fold(start, |exit, (_, error)| exit.worst(error.exit()))
}

fn show(context: &Context, seen: &VerificationRound) {
    let ui = &context.ui;
    let verdicts: Vec<Verdict> = seen.verdicts().cloned().collect();
    let errors = &seen.errors;
    if ui.is_json() {
        ui.json(&VerifyOutput {
            links: verdicts.iter().map(VerdictOutput::from).collect(),
            summary: SummaryOutput::of(&verdicts),
            errors: TroubleOutput::all(errors),
        });
        return;
    }
    ui.verdicts(&verdicts);
    ui.warnings(errors.iter().chain(&seen.late).map(|(_, error)| error));
}
