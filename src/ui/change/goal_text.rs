//! A goal in words: before it is reached, when it is, and where nothing is to do.

use crate::plan::{ConsumerAction, Goal, Plan, PlanSet, PlanSource, Step};

/// One line that names what a run is for.
pub(crate) fn headline(plan_set: &PlanSet) -> String {
    match (plan_set.source, plan_set.plans.as_slice()) {
        (PlanSource::Repair, _) => "mending links".to_owned(),
        (PlanSource::Goal, [plan]) => aim(&plan.goal),
        (_, parts) => {
            let mut open = parts.iter().filter(|plan| !plan.is_empty());
            let first = open
                .next()
                .map_or_else(|| "nothing".to_owned(), |plan| aim(&plan.goal));
            match open.count() {
                0 => first,
                more => format!("{first}, and {more} more"),
            }
        }
    }
}

/// A goal that is not reached yet.
pub(super) fn aim(goal: &Goal) -> String {
    match goal {
        Goal::Link { local, remote, .. } => format!("linking {local} and {remote}"),
        Goal::NoLink {
            local,
            remote: Some(remote),
            ..
        } => format!("deleting the link of {local} and {remote}"),
        Goal::NoLink { local, .. } => format!("deleting a link of {local}"),
        Goal::Moved { app, url } => format!("moving the links of {app} to {url}"),
        Goal::Relocated { from, to, .. } => format!("moving links from {from} to {to}"),
        Goal::Migrated { local, remote } => {
            format!("moving the link of {local} and {remote} to OAuth")
        }
        Goal::Detached { from } => format!("cutting copies off from {from}"),
        Goal::Consumer {
            on, name, action, ..
        } => match action {
            ConsumerAction::Register => format!("registering {name:?} on {on}"),
            ConsumerAction::Rotate => format!("giving {name:?} on {on} another key"),
            ConsumerAction::Retire => format!("retiring former consumers of {name:?} on {on}"),
        },
        Goal::OAuth2Client { on, terms, .. } => {
            format!("the OAuth 2.0 client {:?} on {on}", terms.name)
        }
        Goal::NoConsumer { on, name } | Goal::NoOAuth2Client { on, name } => {
            format!("removing {name:?} from {on}")
        }
    }
}

/// A goal that is reached.
pub(super) fn reached(plan: &Plan) -> String {
    match &plan.goal {
        Goal::Link { local, remote, .. } if !plan.steps.iter().any(Step::creates_record) => {
            format!("the link of {local} to {remote} is changed")
        }
        Goal::Link {
            local,
            remote,
            remote_link_id: Some(_),
            ..
        } => format!("{local} and {remote} are linked"),
        Goal::Link { local, remote, .. } => format!("{local} has a one-way link to {remote}"),
        Goal::NoLink {
            local,
            remote: Some(remote),
            one_side: false,
        } => format!("{local} and {remote} are no longer linked"),
        Goal::NoLink { local, .. } => format!("the link on {local} is deleted"),
        Goal::Moved { app, url } => format!("the links of {app} lead to {url}"),
        Goal::Migrated { local, remote } => format!("{local} and {remote} use OAuth alone"),
        Goal::Relocated { from, to, .. } => format!("the links that led to {from} lead to {to}"),
        Goal::Detached { from } => format!("nothing of this leads to {from} any more"),
        Goal::Consumer {
            on, name, action, ..
        } => match action {
            ConsumerAction::Register => format!("{name:?} may call {on}"),
            ConsumerAction::Rotate => format!("{name:?} may call {on} with its new key"),
            ConsumerAction::Retire => format!("{name:?} may call {on} with its own key only"),
        },
        Goal::OAuth2Client { on, terms, .. } => {
            format!("{:?} may call {on} for users who consent", terms.name)
        }
        Goal::NoConsumer { on, name } | Goal::NoOAuth2Client { on, name } => {
            format!("{name:?} may not call {on} any more")
        }
    }
}

/// The sentence, which is true of what was looked at.
pub(crate) fn nothing_to_do(plan_set: &PlanSet) -> String {
    let what = match (plan_set.source, plan_set.plans.as_slice()) {
        (PlanSource::Repair, _) => "nothing was found that can be mended from here".to_owned(),
        (PlanSource::Goal, [plan]) => describe_reached(&plan.goal),
        _ => "it is so already".to_owned(),
    };
    format!("nothing to do: {what}")
}

fn describe_reached(goal: &Goal) -> String {
    match goal {
        Goal::NoLink {
            local,
            remote: Some(remote),
            one_side: false,
        } => format!("{local} and {remote} have no link"),
        Goal::NoLink {
            local,
            remote: Some(remote),
            ..
        } => format!("{local} has no link to {remote}"),
        Goal::NoLink { local, .. } => format!("{local} has no such link"),
        Goal::NoConsumer { on, name } => format!("{on} has no program called {name:?}"),
        Goal::NoOAuth2Client { on, name } => {
            format!("{on} has no OAuth 2.0 client called {name:?}")
        }
        Goal::Moved { app, url } => format!("the links of {app} lead to {url} already"),
        Goal::Migrated { local, remote } => {
            format!("{local} and {remote} use none of the old means")
        }
        Goal::Detached { from } => format!("nothing that is changed here leads to {from}"),
        Goal::Link { .. }
        | Goal::Relocated { .. }
        | Goal::Consumer { .. }
        | Goal::OAuth2Client { .. } => "it is so already".to_owned(),
    }
}
