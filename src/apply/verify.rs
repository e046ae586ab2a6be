//! What closes a change: the links that it was about are verified.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::context::{Context, Target};
use crate::diagnose::pair::Pair;
use crate::diagnose::verdict::late;
use crate::diagnose::{StatusObservation, Verdict};
use crate::domain::{Alias, BaseUrl, Health, Record, pair_key};
use crate::error::{Error, Kind};
use crate::observe::links::{Ends, applications};
use crate::observe::peers::Depth;
use crate::plan::execute::Report;
use crate::plan::{Goal, Plan, PlanSet, is_about};

/// Verifies the links that a change was about. In a cluster a node may learn of the change later:
/// there a link that seems broken is verified again for some seconds.
pub(crate) async fn after(
    context: &Context,
    plan_set: &PlanSet,
    report: &Report,
    targets: &[Target],
) -> (Vec<Verdict>, Vec<Error>) {
    let mut pause = Duration::from_millis(500);
    loop {
        let (verdicts, errors) = once(context, plan_set, report, targets).await;
        let is_broken = verdicts
            .iter()
            .any(|verdict| verdict.health == Health::Broken);
        if !is_broken || !context.transport.has_cluster() || pause > Duration::from_secs(2) {
            return (verdicts, errors);
        }
        tokio::time::sleep(pause).await;
        pause *= 2;
    }
}

/// Verifies the links that a change was about, as far as it is done, on the applications that took
/// part. Gives the verdicts, and why an end could not be asked.
async fn once(
    context: &Context,
    plan_set: &PlanSet,
    report: &Report,
    targets: &[Target],
) -> (Vec<Verdict>, Vec<Error>) {
    let done = verifiable(plan_set, report);
    if done.is_empty() {
        return (Vec::new(), Vec::new());
    }
    let targets = targets_of(context, plan_set, &done, targets);
    let look = applications(context, &targets, Depth::Closing, Ends::Later).await;
    let pairs: Vec<Pair> = look
        .pairs(context, first_named(&done))
        .into_iter()
        .filter(|pair| is_touched(pair, &done))
        .collect();
    let judged = look.judged(context, pairs).await;
    let mut errors: BTreeMap<&Alias, Error> = look
        .errors()
        .map(|(alias, error)| (alias, error.clone()))
        .collect();
    // An end that says who it is, and not how the link is, could not be asked either.
    for (link, end) in judged
        .iter()
        .flat_map(|(link, _)| link.ends().map(move |end| (link, end)))
    {
        let error = match &end.status {
            StatusObservation::Failed(error) => error.clone(),
            StatusObservation::Late(limit) => {
                Error::new(Kind::Unreachable, late(end, *limit, link))
            }
            StatusObservation::Said(_) | StatusObservation::None => continue,
        };
        errors.entry(&end.app).or_insert(error);
    }
    // An application that the change did not need is not needed to verify it.
    for target in &targets {
        let has_acted = plan_set.steps().any(|step| *step.on() == target.alias);
        if !has_acted && !context.has_credential(target) {
            errors.remove(&target.alias);
        }
    }
    let errors = errors.into_iter().map(|(alias, error)| {
        Error {
            kind: Kind::Unreachable,
            ..error
        }
        .about(alias)
    });
    let errors = errors.collect();
    (
        judged.into_iter().map(|(_, verdict)| verdict).collect(),
        errors,
    )
}

/// The plans that are done and have a link to verify: a third-party program and a deleted link have
/// no status.
fn verifiable<'a>(plan_set: &'a PlanSet, report: &Report) -> Vec<&'a Plan> {
    let is_one_of_many = plan_set.plans.len() > 1;
    plan_set
        .plans
        .iter()
        .zip(&report.plans)
        .filter(|(plan, part)| part.is_done() && !(plan.is_empty() && is_one_of_many))
        .map(|(plan, _)| plan)
        .filter(|plan| {
            matches!(
                plan.goal,
                Goal::Link { .. }
                    | Goal::Migrated { .. }
                    | Goal::Moved { .. }
                    | Goal::Relocated { .. }
            )
        })
        .collect()
}

/// The application that a single plan names first.
fn first_named<'a>(done: &[&'a Plan]) -> Option<&'a Alias> {
    match done {
        [plan] => match &plan.goal {
            Goal::Link { local, .. } | Goal::Migrated { local, .. } => Some(local),
            Goal::Moved { app, .. } => Some(app),
            _ => None,
        },
        _ => None,
    }
}

/// Whether one of the plans changed this link.
fn is_touched(pair: &Pair, done: &[&Plan]) -> bool {
    done.iter().any(|plan| match (&plan.goal, &pair.remote) {
        (Goal::Link { local, remote, .. } | Goal::Migrated { local, remote }, Some(other)) => {
            pair_key(local, remote) == pair_key(&pair.local, other)
        }
        (Goal::Moved { app, .. }, Some(other)) => pair.local == *app || other == app,
        (Goal::Relocated { to, .. }, Some(_)) => leads_below(pair, to),
        _ => false,
    })
}

/// The applications that a done plan is about, as the state knows them now: an address may have
/// changed.
fn targets_of(
    context: &Context,
    plan_set: &PlanSet,
    done: &[&Plan],
    targets: &[Target],
) -> Vec<Target> {
    let takes_part = |target: &&Target| {
        plan_set.plans.len() == 1
            || done.iter().any(|plan| {
                is_about(&plan.goal, &target.alias)
                    || plan.steps.iter().any(|step| *step.on() == target.alias)
            })
    };
    targets
        .iter()
        .filter(takes_part)
        .map(|target| context.app(&target.alias).unwrap_or_else(|| target.clone()))
        .collect()
}

/// Whether one of its records leads below an address.
fn leads_below(pair: &Pair, prefix: &str) -> bool {
    let prefix = BaseUrl::parse(prefix).ok();
    let leads = |record: &Option<Record>| {
        record
            .as_ref()
            .and_then(Record::application_url)
            .zip(prefix.as_ref())
            .is_some_and(|(url, prefix)| url.below(prefix).is_some())
    };
    leads(&pair.local_record) || leads(&pair.remote_record)
}
