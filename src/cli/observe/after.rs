//! The look that closes a change.

use super::{Depth, applications};
use crate::context::{Context, Target};
use crate::diagnose::Verdict;
use crate::diagnose::pair::Pair;
use crate::domain::{BaseUrl, Record};
use crate::error::Error;
use crate::plan::Goal;

/// Verifies what a change was about, on the applications that it was about. Gives the verdicts, and
/// why an end could not be asked.
pub(in crate::cli) async fn after(
    context: &Context,
    goal: &Goal,
    targets: &[Target],
) -> (Vec<Verdict>, Vec<Error>) {
    let first = match goal {
        Goal::Link { local, .. } => Some(local),
        Goal::Moved { app, .. } => Some(app),
        Goal::Repaired { .. } | Goal::Relocated { .. } | Goal::Migrated { .. } => None,
        // A third-party program has no status to ask for, and to ask a copy for the status of its
        // links would make it call production.
        Goal::Detached { .. }
        | Goal::NoLink { .. }
        | Goal::Consumer { .. }
        | Goal::NoConsumer { .. } => {
            return (Vec::new(), Vec::new());
        }
    };
    // As the state knows them now: an address may have changed.
    let targets: Vec<Target> = targets
        .iter()
        .map(|target| {
            context
                .known(&target.alias)
                .unwrap_or_else(|| target.clone())
        })
        .collect();
    let look = applications(context, &targets, Depth::Closing).await;
    let pairs: Vec<Pair> = look
        .pairs(context, first)
        .into_iter()
        .filter(|pair| first.is_none_or(|first| pair.local == *first) && pair.remote.is_some())
        .filter(|pair| concerns(goal, pair))
        .collect();
    let verdicts = look.verdicts(context, pairs).await;
    let troubles = look.troubles().map(|(_, error)| error.clone()).collect();
    (verdicts, troubles)
}

/// Whether a link is one of those that a change was about.
fn concerns(goal: &Goal, pair: &Pair) -> bool {
    match goal {
        Goal::Relocated { to, .. } => {
            let new = BaseUrl::parse(to).ok();
            let led_there = |record: &Option<Record>| {
                record
                    .as_ref()
                    .and_then(Record::application_url)
                    .zip(new.as_ref())
                    .is_some_and(|(url, new)| url.below(new).is_some())
            };
            led_there(&pair.local_record) || led_there(&pair.remote_record)
        }
        Goal::Migrated { links } => links.iter().any(|[a, b]| {
            let ends = (Some(&pair.local), pair.remote.as_ref());
            ends == (Some(a), Some(b)) || ends == (Some(b), Some(a))
        }),
        _ => true,
    }
}
