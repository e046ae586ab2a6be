//! The plan that creates a link.

use super::side::{
    EndRequest, Side, create_record, default_name, record_id, refuse_impersonation, relocate_hint,
};
use super::unique_name::{self, matches_requested_name};
use super::{Goal, Plan, Policy, Step, View};
use crate::domain::{Alias, BaseUrl, Code, Directions, Flags, Level, SuggestedCommand, same_url};
use crate::error::{Error, Result};

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct CreateRequest {
    /// The level, if one was given.
    pub level: Option<Level>,
    /// Only the record on the local side.
    pub one_way: bool,
    /// For the record on the local side.
    pub local: EndRequest,
    /// For the record on the remote side.
    pub remote: EndRequest,
}

/// One end of the link: who holds the record, of whom, and what was asked for it.
#[derive(Clone, Copy)]
struct PlannedEnd<'a> {
    holder: &'a Side,
    peer: &'a Side,
    wanted: &'a EndRequest,
}

/// What one end needs.
#[derive(Default)]
struct EndPlan {
    /// Creates the record.
    creation: Option<Step>,
    /// Steps on the record that exists by then.
    steps: Vec<Step>,
    /// How the existing record differs from what was asked for.
    record_differences: Vec<String>,
    /// How its level and its place among the links of its type differ.
    role_differences: Vec<String>,
    /// The switches afterwards.
    flags: Directions<Flags>,
}

const OFF: Directions<Flags> = Directions {
    incoming: Flags::NONE,
    outgoing: Flags::NONE,
};

/// Plans a link between two sides.
pub fn plan(local: &Side, remote: &Side, request: &CreateRequest) -> Result<Plan> {
    refuse_impossible(local, remote, request)?;
    let ends = ends(local, remote, request);
    let ends = ends
        .get(..if request.one_way { 1 } else { 2 })
        .unwrap_or_default();
    let plans = ends
        .iter()
        .map(|end| plan_end(end, ends, request))
        .collect::<Result<Vec<EndPlan>>>()?;
    let differences: Vec<&str> = plans
        .iter()
        .flat_map(|plan| &plan.record_differences)
        .chain(plans.iter().flat_map(|plan| &plan.role_differences))
        .map(String::as_str)
        .collect();
    if !differences.is_empty() {
        return Err(differing_link(local, remote, request, ends, &differences));
    }
    let levels = plans.first().map_or(OFF, |plan| plan.flags);
    let (creations, steps): (Vec<_>, Vec<_>) = plans
        .into_iter()
        .map(|plan| (plan.creation, plan.steps))
        .unzip();
    Ok(Plan {
        goal: Goal::Link {
            local: local.alias.clone(),
            remote: remote.alias.clone(),
            local_link_id: record_id(remote, &request.local),
            remote_link_id: (!request.one_way || remote.existing.is_some())
                .then_some(local.manifest.id),
            outgoing: Level::from(levels.outgoing),
            incoming: Level::from(levels.incoming),
            last_applied: None,
        },
        steps: creations
            .into_iter()
            .flatten()
            .chain(steps.into_iter().flatten())
            .collect(),
        policy: Policy::RollBack,
    })
}

fn ends<'a>(local: &'a Side, remote: &'a Side, request: &'a CreateRequest) -> [PlannedEnd<'a>; 2] {
    [
        PlannedEnd {
            holder: local,
            peer: remote,
            wanted: &request.local,
        },
        PlannedEnd {
            holder: remote,
            peer: local,
            wanted: &request.remote,
        },
    ]
}

fn plan_end(
    end: &PlannedEnd<'_>,
    ends: &[PlannedEnd<'_>],
    request: &CreateRequest,
) -> Result<EndPlan> {
    let PlannedEnd {
        holder,
        peer,
        wanted,
    } = *end;
    let mut plan = EndPlan::default();
    match &holder.existing {
        None => plan.creation = Some(create_record(holder, peer, wanted)),
        Some(view) => plan.record_differences = record_differences(holder, view, wanted),
    }
    plan_level(&mut plan, end, ends, request)?;
    let is_primary = holder
        .existing
        .as_ref()
        .map_or(holder.primary.is_none(), |view| view.record.primary);
    if wanted.primary && !is_primary {
        if holder.existing.is_some() {
            plan.role_differences.push(format!(
                "on {} the link is not the primary one",
                holder.alias
            ));
        } else {
            plan.steps.push(Step::MakePrimary {
                on: holder.alias.clone(),
                id: record_id(peer, wanted),
                was: holder.primary,
            });
        }
    }
    Ok(plan)
}

fn plan_level(
    plan: &mut EndPlan,
    end: &PlannedEnd<'_>,
    ends: &[PlannedEnd<'_>],
    request: &CreateRequest,
) -> Result<()> {
    let now = end.holder.existing.as_ref().map_or(OFF, |view| view.flags);
    plan.flags = now;
    if request.one_way {
        // The outgoing record only; authentication needs the other side, and shows it.
        return if now == OFF {
            Ok(())
        } else {
            Err(not_one_way(end, now))
        };
    }
    let level = request.level.unwrap_or(Level::OAuth);
    let wanted = Directions::both(level.flags().unwrap_or(Flags::OAUTH));
    let completing = ends.iter().any(|end| end.holder.existing.is_none());
    if completing && now == OFF {
        plan.flags = match other_flags(ends, end.holder) {
            // An end that exists and is on decides for the new one, unless a level was given.
            Some(other) if request.level.is_none() && other != OFF => other.mirrored(),
            _ => wanted,
        };
        if now != plan.flags {
            plan.steps.push(Step::SetFlags {
                on: end.holder.alias.clone(),
                id: record_id(end.peer, end.wanted),
                from: now,
                to: plan.flags,
            });
        }
    } else if request.level.is_some() && now != wanted {
        plan.role_differences.push(format!(
            "on {} the level is {}, not {level}",
            end.holder.alias,
            super::describe_levels(now)
        ));
    }
    Ok(())
}

/// A one-way link cannot have authentication.
fn not_one_way(end: &PlannedEnd<'_>, now: Directions<Flags>) -> Error {
    let (holder, peer) = (&end.holder.alias, &end.peer.alias);
    Error::conflict(format!(
        "the link exists and differs: on {holder} the level is {}, which takes a record on {peer} too",
        super::describe_levels(now),
    ))
    .hint(format!(
        "complete it with: applink create {holder} {peer}"
    ))
    .hint(format!(
        "or delete it first: applink delete {holder} {peer}"
    ))
}

fn differing_link(
    local: &Side,
    remote: &Side,
    request: &CreateRequest,
    ends: &[PlannedEnd<'_>],
    differences: &[&str],
) -> Error {
    let mut error = Error::conflict(format!(
        "the link exists and differs: {}",
        differences.join("; ")
    ));
    if let Some(fix) = edit_command(local, remote, request) {
        error = error.hint(format!("change it with: {}", fix.command()));
    }
    for end in ends {
        if let Some(view) = &end.holder.existing
            && let Some(hint) = relocate_hint(end.holder, end.peer, view, end.wanted)
        {
            error = error.hint(hint);
        }
    }
    error
}

/// The command that makes an existing link as it was asked for, as far as `edit` can.
fn edit_command(local: &Side, remote: &Side, request: &CreateRequest) -> Option<SuggestedCommand> {
    let text = |url: &Option<BaseUrl>| url.as_ref().map(ToString::to_string);
    let options = [
        (
            "--auth",
            request.level.map(|level| level.as_str().to_owned()),
        ),
        ("--name", request.local.name.clone()),
        ("--remote-name", request.remote.name.clone()),
        ("--display-url", text(&request.local.display_url)),
        ("--local-display-url", text(&request.remote.display_url)),
    ];
    let mut words = vec![
        "edit".to_owned(),
        local.alias.to_string(),
        remote.alias.to_string(),
    ];
    for (option, value) in options {
        if let Some(value) = value {
            words.extend([option.to_owned(), value]);
        }
    }
    if request.local.primary {
        words.push("--primary".to_owned());
    }
    // Nothing of it is for `edit`.
    if words.len() == 3 {
        return None;
    }
    SuggestedCommand::applink(words)
}

/// Refuses what no request can change.
fn refuse_impossible(local: &Side, remote: &Side, request: &CreateRequest) -> Result<()> {
    if local.manifest.id == remote.manifest.id {
        return Err(if local.url == remote.url {
            Error::refused(format!("{} cannot be linked to itself", local.alias))
        } else {
            Error::refused(format!(
                "{} ({}) and {} ({}) carry one application id: it is the same application under two addresses, or one is a clone of the other",
                local.alias, local.url, remote.alias, remote.url
            ))
            .code(Code::ClonedApplication)
            .hint("give the copy a server id of its own before linking it")
        });
    }
    refuse_impersonation("create", local, remote, request.level)?;
    for side in [local, remote] {
        if side
            .existing
            .as_ref()
            .is_some_and(|view| view.record.system)
        {
            return Err(Error::refused(format!(
                "the link on {} is a system link, which the product manages by itself",
                side.alias
            ))
            .code(Code::SystemLink));
        }
    }
    Ok(())
}

fn other_flags(ends: &[PlannedEnd<'_>], holder: &Side) -> Option<Directions<Flags>> {
    ends.iter()
        .find(|end| end.holder.alias != holder.alias)
        .and_then(|end| end.holder.existing.as_ref())
        .map(|view| view.flags)
}

/// Which records a plan makes under a number, since others have their names; a sentence for each.
pub fn auto_suffixed_names(
    plan: &Plan,
    sides: [&Side; 2],
    request: &CreateRequest,
) -> Vec<(Alias, String)> {
    let [local, remote] = sides;
    let taken = ends(local, remote, request).into_iter().filter_map(|end| {
        let PlannedEnd {
            holder,
            peer,
            wanted,
        } = end;
        let name = plan.steps.iter().find_map(|step| match step {
            Step::Create { on, link, .. } if *on == holder.alias => Some(&link.name),
            _ => None,
        })?;
        let wished = wanted.name.clone().unwrap_or_else(|| default_name(peer));
        let by = unique_name::find_record_named(&holder.others, peer.manifest.id, &wished)?;
        let taken =
            unique_name::name_is_taken(&holder.alias, &wished, &unique_name::describe_record(by));
        let text = format!("{taken}: the link to {} will be {name:?} there", peer.alias);
        Some((holder.alias.clone(), text))
    });
    taken.collect()
}

/// What was given and is not so.
fn record_differences(holder: &Side, view: &View, wanted: &EndRequest) -> Vec<String> {
    let mut differences = Vec::new();
    if let Some(name) = &wanted.name
        && !matches_requested_name(&view.record.name, name)
    {
        differences.push(format!(
            "on {} the name is {:?}, not {name:?}",
            holder.alias, view.record.name
        ));
    }
    if let Some(url) = &wanted.application_url
        && let Some(now) = view.record.rpc_url.as_deref()
        && !same_url(now, &url.to_string())
    {
        differences.push(format!(
            "on {} the application URL is {now}, not {url}",
            holder.alias
        ));
    }
    if let Some(url) = &wanted.display_url
        && !same_url(&view.record.display_url, &url.to_string())
    {
        differences.push(format!(
            "on {} the display URL is {}, not {url}",
            holder.alias, view.record.display_url
        ));
    }
    differences
}

#[cfg(test)]
#[path = "create_tests.rs"]
mod tests;
