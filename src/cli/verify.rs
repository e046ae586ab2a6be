//! `applink verify`

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};

use super::change;
use super::observe;
use super::signals;
use super::target::{AppArg, CloudSites, resolve};
use crate::context::{Context, Target};
use crate::diagnose::Verdict;
use crate::diagnose::pair::Pair;
use crate::domain::{Alias, Code, Health};
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::ui::verdict_json;

/// Check links from both ends
///
/// Without an application every link of every known one is checked. For each link both ends' own
/// status, what the two ends say of each other, and applink's own checks.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    applink verify\n  \
    applink verify jira wiki\n  \
    applink verify -o json | jq '.links[] | select(.status != \"ok\")'\n\n\
    Exit code 0 when nothing is broken, 6 when something is, 4 or 5 when an application could not be asked.")]
pub struct Args {
    /// Only links of this application
    local: Option<AppArg>,

    /// Only the link of the two
    remote: Option<AppArg>,

    /// Verify again every so many seconds, and print changes only, until it is interrupted
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=86_400))]
    watch: Option<u64>,

    /// From which status on the exit code is 6
    #[arg(long, value_name = "STATUS", value_enum, default_value = "broken")]
    fail_on: FailOn,
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
    change::mention_unfinished(context);
    let named = named(&args, context).await?;
    if let Some(seconds) = args.watch {
        let pause = Duration::from_secs(seconds);
        return watch(context, &named, pause, args.fail_on).await;
    }
    let seen = tokio::select! {
        seen = once(context, &named) => seen?,
        exit = signals::wished(&context.stop) => return Err(signals::error(exit)),
    };
    report(context, &seen);
    Ok(exit(&seen, args.fail_on))
}

/// What one look found.
struct Seen {
    verdicts: Vec<Verdict>,
    troubles: Vec<(Alias, Error)>,
}

async fn named(args: &Args, context: &Context) -> Result<Vec<Target>> {
    let named: Vec<&AppArg> = args.local.iter().chain(&args.remote).collect();
    let resolved = resolve(context, &named, CloudSites::FarSide).await?;
    Ok(resolved.into_iter().map(|one| one.target).collect())
}

async fn once(context: &Context, named: &[Target]) -> Result<Seen> {
    let targets = scope(context, named);
    let look = observe::applications(context, &targets, observe::Depth::Full).await;
    let first = named.first().map(|target| &target.alias);
    let pairs: Vec<Pair> = look
        .pairs(context, first)
        .into_iter()
        .filter(|pair| named.iter().all(|target| touches(pair, &target.alias)))
        .collect();
    if let ([a, b], true) = (named, pairs.is_empty())
        && look.troubles().next().is_none()
    {
        return Err(Error::refused(format!(
            "{} and {} have no link to each other",
            a.alias, b.alias
        ))
        .hint(format!(
            "make one with: applink create {} {}",
            a.alias, b.alias
        )));
    }
    let verdicts = look.verdicts(context, pairs).await;
    // With an application named, trouble of one that has nothing to do with it is none.
    let troubles = look
        .troubles()
        .filter(|(alias, _)| {
            named.is_empty()
                || named.iter().any(|target| target.alias == **alias)
                || verdicts
                    .iter()
                    .any(|v| v.local == **alias || v.remote.as_ref() == Some(*alias))
        })
        .map(|(alias, error)| (alias.clone(), error.clone()))
        .collect();
    Ok(Seen { verdicts, troubles })
}

/// Looks again and again, and says what changed.
async fn watch(
    context: &Context,
    named: &[Target],
    pause: Duration,
    fail_on: FailOn,
) -> Result<Exit> {
    let mut before = BTreeMap::new();
    let mut last = Exit::Ok;
    loop {
        let seen = tokio::select! {
            seen = once(context, named) => seen?,
            _ = signals::wished(&context.stop) => break,
        };
        let now = states(&seen);
        for (what, state) in &now {
            if before.get(what) != Some(state) {
                tell(context, what, before.get(what), Some(state));
            }
        }
        for (what, state) in &before {
            if !now.contains_key(what) {
                tell(context, what, Some(state), None);
            }
        }
        before = now;
        // Applications that do not answer may come back: they are told of, and end nothing.
        last = if seen.verdicts.iter().any(|verdict| failed(verdict, fail_on)) {
            Exit::Broken
        } else {
            Exit::Ok
        };
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            _ = signals::wished(&context.stop) => break,
        }
    }
    Ok(last)
}

/// How something is: a word, a code, a sentence. The sentence may vary without being news.
#[derive(Debug, Clone)]
struct StateOf {
    word: &'static str,
    code: Option<Code>,
    summary: String,
}

impl PartialEq for StateOf {
    fn eq(&self, other: &Self) -> bool {
        (self.word, self.code) == (other.word, other.code)
    }
}

/// What is watched: links by the names of their ends, and applications.
type Watched = (String, Option<String>);

fn states(seen: &Seen) -> BTreeMap<Watched, StateOf> {
    let links = seen.verdicts.iter().map(|verdict| {
        let far = verdict
            .remote
            .as_ref()
            .map_or_else(|| verdict.name.clone(), ToString::to_string);
        let state = StateOf {
            word: verdict.health.as_str(),
            code: verdict.code,
            summary: verdict.summary.clone(),
        };
        ((verdict.local.to_string(), Some(far)), state)
    });
    let apps = seen.troubles.iter().map(|(alias, error)| {
        let state = StateOf {
            word: error.kind.as_str(),
            code: error.code,
            summary: error.to_string(),
        };
        ((alias.to_string(), None), state)
    });
    links.chain(apps).collect()
}

fn tell(context: &Context, what: &Watched, before: Option<&StateOf>, now: Option<&StateOf>) {
    let ui = &context.ui;
    let at = jiff::Timestamp::now();
    let (local, remote) = what;
    if ui.is_json() {
        ui.json_line(&json!({
            "schema": 1,
            "at": format!("{at:.0}"),
            "local": local,
            "remote": remote,
            "before": before.map(|state| state.word),
            "status": now.map(|state| state.word),
            "code": now.and_then(|state| state.code),
            "summary": now.map(|state| &state.summary),
        }));
        return;
    }
    let name = remote
        .as_ref()
        .map_or_else(|| local.clone(), |remote| format!("{local} and {remote}"));
    let was = before
        .map(|state| format!("{} -> ", state.word))
        .unwrap_or_default();
    let local_time = at
        .to_zoned_datetime(jiff::tz::TimeZone::system())
        .strftime("%Y-%m-%d %H:%M:%S");
    ui.result(&match now {
        Some(state) => {
            let code = state
                .code
                .map(|code| format!(" {code}"))
                .unwrap_or_default();
            format!(
                "{local_time} {name}: {was}{}{code}: {}",
                state.word, state.summary
            )
        }
        None if remote.is_some() => format!("{local_time} {name}: {was}gone"),
        None => format!("{local_time} {name}: {was}answers again"),
    });
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

fn failed(verdict: &Verdict, fail_on: FailOn) -> bool {
    match fail_on {
        FailOn::Broken => verdict.health == Health::Broken,
        FailOn::Warning => matches!(verdict.health, Health::Broken | Health::Warning),
    }
}

fn exit(seen: &Seen, fail_on: FailOn) -> Exit {
    let start = if seen.verdicts.iter().any(|verdict| failed(verdict, fail_on)) {
        Exit::Broken
    } else {
        Exit::Ok
    };
    seen.troubles
        .iter()
        .fold(start, |exit, (_, error)| exit.worst(error.exit()))
}

fn report(context: &Context, seen: &Seen) {
    let ui = &context.ui;
    let Seen { verdicts, troubles } = seen;
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
            "errors": troubles.iter().map(|(alias, error)| trouble_json(alias, error)).collect::<Vec<_>>(),
        }));
        return;
    }
    ui.verdicts(verdicts);
    for (_, error) in troubles {
        ui.warn(&error.message);
        for hint in &error.hints {
            ui.hint(hint);
        }
    }
}

/// One element of the `errors` of `list` and `verify`.
pub(super) fn trouble_json(alias: &Alias, error: &Error) -> Value {
    json!({
        "app": alias,
        "kind": error.kind.as_str(),
        "code": error.code,
        "message": error.to_string(),
    })
}
