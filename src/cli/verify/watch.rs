//! `applink verify --watch`: the same again and again, and only what changed is said.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::cli::verify::threshold::{FailOn, failed};
use crate::context::{Context, Target};
use crate::domain::{Code, local_time};
use crate::error::Result;
use crate::exit::Exit;
use crate::interrupt;
use crate::observe::peers::Depth;
use crate::observe::verification::{VerificationRound, once};
use crate::ui::output::WatchOutput;

/// Looks again and again, and says what changed.
pub(crate) async fn run(
    context: &Context,
    named: &[Target],
    pause: Duration,
    fail_on: FailOn,
) -> Result<Exit> {
    let mut before = BTreeMap::new();
    let mut last = Exit::Ok;
    loop {
        let seen = tokio::select! {
            seen = once(context, named, Depth::Full) => seen,
            _ = interrupt::wished(&context.stop) => break,
        };
        if let Some(missing) = seen.missing {
            return Err(missing);
        }
        let now = states(&seen);
        for (what, state) in &now {
            if before.get(what) != Some(state) {
                print_change(context, what, before.get(what), Some(state));
            }
        }
        for (what, state) in &before {
            if !now.contains_key(what) {
                print_change(context, what, Some(state), None);
            }
        }
        before = now;
        // Applications that do not answer may come back: they are told of, and end nothing.
        last = if seen.verdicts().any(|verdict| failed(verdict, fail_on)) {
            Exit::Broken
        } else {
            Exit::Ok
        };
        context.reread_refused_credentials();
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            _ = interrupt::wished(&context.stop) => break,
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

fn states(seen: &VerificationRound) -> BTreeMap<Watched, StateOf> {
    let links = seen.verdicts().map(|verdict| {
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
    let apps = seen.errors.iter().map(|(alias, error)| {
        let state = StateOf {
            word: error.kind.as_str(),
            code: error.code,
            summary: error.to_string(),
        };
        ((alias.to_string(), None), state)
    });
    links.chain(apps).collect()
}

fn print_change(
    context: &Context,
    what: &Watched,
    before: Option<&StateOf>,
    now: Option<&StateOf>,
) {
    let ui = &context.ui;
    let at = jiff::Timestamp::now();
    let (local, remote) = what;
    if ui.is_json() {
        ui.json_line(&WatchOutput {
            at: format!("{at:.0}"),
            local: local.clone(),
            remote: remote.clone(),
            before: before.map(|state| state.word),
            status: now.map(|state| state.word),
            code: now.and_then(|state| state.code),
            summary: now.map(|state| state.summary.clone()),
        });
        return;
    }
    let name = remote
        .as_ref()
        .map_or_else(|| local.clone(), |remote| format!("{local} and {remote}"));
    let was = before
        .map(|state| format!("{} -> ", state.word))
        .unwrap_or_default();
    let local_time = local_time(at);
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
