//! `applink verify`

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Value, json};

use super::change;
use super::complete;
use super::observe::{self, Depth, Ends};
use super::signals;
use super::support;
use super::target::{AppArg, CloudSites, resolve};
use super::watch;
use crate::context::{Context, Target};
use crate::diagnose::pair::Pair;
use crate::diagnose::verdict::late;
use crate::diagnose::{AppSeen, LinkSeen, StatusSeen, Verdict};
use crate::domain::{Alias, Health};
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::ui::report::Format;
use crate::ui::verdict_json;

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
}

/// From which status on a verification has failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum FailOn {
    /// A link that a person should look at, and worse.
    Warning,
    /// A link that does not work.
    Broken,
}

/// Runs the command.
pub async fn run(args: Args, context: &Context) -> Result<Exit> {
    let format = args.report.as_deref().map(Format::of).transpose()?;
    if let (Some(path), Some(format)) = (&args.report, format) {
        support::may_replace(path, "report", format.mark())?;
        context.transport.record();
    }
    change::mention_unfinished(context);
    let named = named(&args, context).await?;
    if named.is_empty() {
        context.mention_nobody();
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
        exit = signals::wished(&context.stop) => return Err(signals::error(exit)),
    };
    // A program that was ended with the run gave no secret, which is nobody's trouble.
    let stopped = *context.stop.borrow();
    if let Some(exit) = stopped.filter(|_| !seen.troubles.is_empty()) {
        return Err(signals::error(exit));
    }
    if seen.missing.is_none() {
        show(context, &seen);
    }
    let mut written = Ok(());
    if let (Some(path), Some(format)) = (&args.report, format) {
        let report = support::report(
            context,
            &seen.targets,
            &seen.apps,
            &seen.judged,
            &seen.troubles,
        );
        written = support::write(context, path, format, &report);
    }
    if let Some(missing) = seen.missing {
        return Err(missing);
    }
    let exit = exit(&seen, args.fail_on);
    let untold = [seen.troubles, seen.late].concat();
    tell_program(context, &untold, exit);
    match written {
        Ok(()) => Ok(exit),
        Err(error) => {
            // The result was printed and stays what it is.
            context.ui.error(&error);
            Ok(exit.worst(error.exit()))
        }
    }
}

/// What one look found.
pub(super) struct Seen {
    /// The applications that it is about.
    targets: Vec<Target>,
    apps: Vec<AppSeen>,
    judged: Vec<(LinkSeen, Verdict)>,
    /// Applications that could not be asked.
    pub(super) troubles: Vec<(Alias, Error)>,
    /// Applications that answer, and wait for somebody else.
    late: Vec<(Alias, Error)>,
    /// Set when a link was named and there is none.
    pub(super) missing: Option<Error>,
}

impl Seen {
    /// The verdicts alone.
    pub(super) fn verdicts(&self) -> impl Iterator<Item = &Verdict> {
        self.judged.iter().map(|(_, verdict)| verdict)
    }
}

async fn named(args: &Args, context: &Context) -> Result<Vec<Target>> {
    let named: Vec<&AppArg> = args.local.iter().chain(&args.remote).collect();
    let resolved = resolve(context, &named, CloudSites::FarSide).await?;
    Ok(resolved.into_iter().map(|one| one.target).collect())
}

/// Looks once.
pub(super) async fn once(context: &Context, named: &[Target], depth: Depth) -> Seen {
    let targets = scope(context, named);
    let look = observe::applications(context, &targets, depth, Ends::Of(named)).await;
    let first = named.first().map(|target| &target.alias);
    let pairs: Vec<Pair> = look
        .pairs(context, first)
        .into_iter()
        .filter(|pair| named.iter().all(|target| touches(pair, &target.alias)))
        .collect();
    let missing = match named {
        [a, b] if pairs.is_empty() && look.troubles().next().is_none() => Some(
            Error::refused(format!(
                "{} and {} have no link to each other",
                a.alias, b.alias
            ))
            .hint(format!(
                "make one with: applink create {} {}",
                a.alias, b.alias
            )),
        ),
        _ => None,
    };
    let judged = look.judged(context, pairs).await;
    // With an application named, one that has nothing to do with it is no trouble.
    let concerned = |alias: &Alias| {
        named.is_empty()
            || named.iter().any(|target| target.alias == *alias)
            || judged
                .iter()
                .any(|(_, v)| v.local == *alias || v.remote.as_ref() == Some(alias))
    };
    let mut troubles: Vec<(Alias, Error)> = look
        .troubles()
        .filter(|(alias, _)| concerned(alias))
        .map(|(alias, error)| (alias.clone(), error.clone()))
        .collect();
    // One that lets itself be asked who it is, and not how a link is, is no less trouble.
    let mut troubled: BTreeSet<Alias> = troubles.iter().map(|(alias, _)| alias.clone()).collect();
    for end in judged.iter().flat_map(|(link, _)| link.ends()) {
        let failed = match (&end.status, &end.kept) {
            (StatusSeen::Failed(error), _) => error,
            // What it answers by itself does not come either.
            (StatusSeen::Late(_), Some(Err(error))) if error.kind == Kind::Unreachable => error,
            _ => continue,
        };
        if troubled.insert(end.app.clone()) {
            troubles.push((end.app.clone(), failed.clone()));
        }
    }
    // One that waits for its peer is none: where that is trouble it is said, and else at the link.
    let late = judged
        .iter()
        .flat_map(|(link, _)| link.ends().map(move |end| (link, end)))
        .filter_map(|(link, end)| {
            let StatusSeen::Late(limit) = end.status else {
                return None;
            };
            let peer = link.other(&end.app);
            let told = troubled.contains(&end.app)
                || peer.is_some_and(|peer| troubled.contains(&peer.app));
            (!told).then(|| {
                let error = Error::new(Kind::Unreachable, late(end, limit, link))
                    .hint("wait longer with --timeout SECONDS, or look at what keeps it waiting");
                (end.app.clone(), error)
            })
        })
        .collect();
    Seen {
        troubles,
        late,
        targets: targets
            .into_iter()
            .filter(|target| concerned(&target.alias))
            .collect(),
        missing,
        apps: look.apps,
        judged,
    }
}

/// Which applications have to be asked: all, or the named ones and those that may be linked to
/// them.
pub(super) fn scope(context: &Context, named: &[Target]) -> Vec<Target> {
    if let [_, _] = named {
        return named.to_vec();
    }
    let mut targets = context.all_known();
    for target in named {
        if !target.known {
            targets.push(target.clone());
        }
    }
    targets
}

pub(super) fn touches(pair: &Pair, alias: &Alias) -> bool {
    pair.local == *alias || pair.remote.as_ref() == Some(alias)
}

/// Whether a verdict fails the verification.
pub(super) fn failed(verdict: &Verdict, fail_on: FailOn) -> bool {
    match fail_on {
        FailOn::Broken => verdict.health == Health::Broken,
        FailOn::Warning => verdict.health == Health::Broken || verdict.warns,
    }
}

fn exit(seen: &Seen, fail_on: FailOn) -> Exit {
    let start = if seen.verdicts().any(|verdict| failed(verdict, fail_on)) {
        Exit::Broken
    } else {
        Exit::Ok
    };
    seen.troubles
        .iter()
        .chain(&seen.late)
        .fold(start, |exit, (_, error)| exit.worst(error.exit()))
}

fn show(context: &Context, seen: &Seen) {
    let ui = &context.ui;
    let verdicts: Vec<Verdict> = seen.verdicts().cloned().collect();
    let troubles = &seen.troubles;
    if ui.is_json() {
        let count = |health: Health| verdicts.iter().filter(|v| v.health == health).count();
        ui.json(&json!({
            "schema": 1,
            "links": verdicts.iter().map(verdict_json).collect::<Vec<_>>(),
            "summary": {
                "ok": count(Health::Ok),
                "warning": count(Health::Warning),
                "broken": count(Health::Broken),
                "unverifiable": count(Health::Unverifiable),
            },
            "errors": troubles.iter().map(|(alias, error)| trouble_json(Some(alias), error)).collect::<Vec<_>>(),
        }));
        return;
    }
    ui.verdicts(&verdicts);
    for (_, error) in troubles.iter().chain(&seen.late) {
        ui.warn(&error.message);
        for hint in &error.hints {
            ui.hint(hint);
        }
    }
}

/// The last line of standard error for a program: why the exit code is what it is. A person has
/// been told of every trouble already.
pub(super) fn tell_program(context: &Context, troubles: &[(Alias, Error)], exit: Exit) {
    if context.ui.is_json()
        && let Some((_, error)) = troubles.iter().find(|(_, error)| error.exit() == exit)
    {
        context.ui.error(error);
    }
}

/// One element of the `errors` of a document.
pub(super) fn trouble_json(alias: Option<&Alias>, error: &Error) -> Value {
    json!({
        "app": alias,
        "kind": error.kind.as_str(),
        "code": error.code,
        "message": error.to_string(),
    })
}
