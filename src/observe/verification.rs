//! One look at all links in scope, with the verdict of each.

use std::collections::BTreeSet;

use crate::context::{Context, Target};
use crate::diagnose::pair::Pair;
use crate::diagnose::verdict::late;
use crate::diagnose::{AppObservation, LinkObservation, StatusObservation, Verdict};
use crate::domain::Alias;
use crate::error::{Error, Kind};
use crate::observe::links::{self, Ends};
use crate::observe::peers::Depth;

/// What one look found.
pub(crate) struct VerificationRound {
    /// The applications that it is about.
    pub(crate) targets: Vec<Target>,
    pub(crate) apps: Vec<AppObservation>,
    pub(crate) judged: Vec<(LinkObservation, Verdict)>,
    /// Applications that could not be asked.
    pub(crate) errors: Vec<(Alias, Error)>,
    /// Applications that answer, and wait for somebody else.
    pub(crate) late: Vec<(Alias, Error)>,
    /// Set when a link was named and there is none.
    pub(crate) missing: Option<Error>,
}

impl VerificationRound {
    /// The verdicts alone.
    pub(crate) fn verdicts(&self) -> impl Iterator<Item = &Verdict> {
        self.judged.iter().map(|(_, verdict)| verdict)
    }
}

/// Looks once.
pub(crate) async fn once(context: &Context, named: &[Target], depth: Depth) -> VerificationRound {
    let targets = scope(context, named);
    let look = links::applications(context, &targets, depth, Ends::Of(named)).await;
    let first = named.first().map(|target| &target.alias);
    let pairs: Vec<Pair> = look
        .pairs(context, first)
        .into_iter()
        .filter(|pair| named.iter().all(|target| touches(pair, &target.alias)))
        .collect();
    let missing = match named {
        [a, b] if pairs.is_empty() && look.errors().next().is_none() => Some(
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
    let mut errors: Vec<(Alias, Error)> = look
        .errors()
        .filter(|(alias, _)| concerned(alias))
        .map(|(alias, error)| (alias.clone(), error.clone()))
        .collect();
    // One that lets itself be asked who it is, and not how a link is, is no less trouble.
    let mut troubled: BTreeSet<Alias> = errors.iter().map(|(alias, _)| alias.clone()).collect();
    for end in judged.iter().flat_map(|(link, _)| link.ends()) {
        let failed = match (&end.status, &end.stored_consumers) {
            (StatusObservation::Failed(error), _) => error,
            // What it answers by itself does not come either.
            (StatusObservation::Late(_), Some(Err(error))) if error.kind == Kind::Unreachable => {
                error
            }
            _ => continue,
        };
        if troubled.insert(end.app.clone()) {
            errors.push((end.app.clone(), failed.clone()));
        }
    }
    // One that waits for its peer is none: where that is trouble it is said, and else at the link.
    let late = judged
        .iter()
        .flat_map(|(link, _)| link.ends().map(move |end| (link, end)))
        .filter_map(|(link, end)| {
            let StatusObservation::Late(limit) = end.status else {
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
    VerificationRound {
        errors,
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
pub(crate) fn scope(context: &Context, named: &[Target]) -> Vec<Target> {
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

pub(crate) fn touches(pair: &Pair, alias: &Alias) -> bool {
    pair.local == *alias || pair.remote.as_ref() == Some(alias)
}
