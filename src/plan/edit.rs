//! The plan that changes an existing link.

use super::side::{EndRequest, Side, refuse_impersonation, relocate_hint};
use super::{Details, Goal, Plan, Policy, Step, View};
use crate::domain::{ApplicationId, Code, Directions, Level, same_url};
use crate::error::{Error, Result};

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct EditRequest {
    /// The level of both ends, if it is to change.
    pub level: Option<Level>,
    /// For the record on the local side.
    pub local: EndRequest,
    /// For the record on the remote side.
    pub remote: EndRequest,
}

/// Plans the changes. `remote` is needed when something on its side is to change.
pub fn plan(local: &Side, remote: &Side, request: &EditRequest) -> Result<Plan> {
    refuse_impersonation("edit", local, remote, request.level)?;
    let mut steps = Vec::new();
    // Switching a direction off is irreversible, so steps that can fail come before it.
    let mut levels = Vec::new();
    for (holder, peer, wanted) in [
        (local, remote, &request.local),
        (remote, local, &request.remote),
    ] {
        let changes = wanted != &EndRequest::default() || request.level.is_some();
        let Some(view) = &holder.existing else {
            if changes {
                return Err(has_no_link(holder, peer, local, remote));
            }
            continue;
        };
        refuse_impossible(holder, peer, view, wanted, changes)?;
        let id = peer.manifest.id;
        steps.extend(edit_details(holder, id, view, wanted));
        levels.extend(set_level(holder, id, view, request.level));
        if wanted.primary && !view.record.primary {
            steps.push(Step::MakePrimary {
                on: holder.alias.clone(),
                id,
                was: holder.primary,
            });
        }
    }
    steps.append(&mut levels);
    Ok(Plan {
        goal: Goal::Link {
            local: local.alias.clone(),
            remote: remote.alias.clone(),
            local_link_id: remote.manifest.id,
            remote_link_id: remote.existing.as_ref().map(|_| local.manifest.id),
            outgoing: request.level.unwrap_or(Level::Unknown),
            incoming: request.level.unwrap_or(Level::Unknown),
            last_applied: None,
        },
        steps,
        policy: Policy::RollBack,
    })
}

fn has_no_link(holder: &Side, peer: &Side, local: &Side, remote: &Side) -> Error {
    Error::refused(format!("{} has no link to {}", holder.alias, peer.alias))
        .code(Code::OneWay)
        .hint(format!(
            "make it with: applink create {} {}",
            local.alias, remote.alias
        ))
}

fn refuse_impossible(
    holder: &Side,
    peer: &Side,
    view: &View,
    wanted: &EndRequest,
    changes: bool,
) -> Result<()> {
    if changes && view.record.system {
        return Err(Error::refused(format!(
            "the link on {} is a system link, which the product manages by itself",
            holder.alias
        ))
        .code(Code::SystemLink));
    }
    match relocate_hint(holder, peer, view, wanted) {
        Some(hint) => Err(Error::refused(format!(
            "the application URL on {} is not changed by editing the link",
            holder.alias
        ))
        .hint(hint)),
        None => Ok(()),
    }
}

/// The step that changes name and display URL, where one of them differs.
fn edit_details(
    holder: &Side,
    id: ApplicationId,
    view: &View,
    wanted: &EndRequest,
) -> Option<Step> {
    let from = Details {
        name: view.record.name.clone(),
        display_url: view.record.display_url.clone(),
    };
    let to = Details {
        name: wanted.name.clone().unwrap_or_else(|| from.name.clone()),
        display_url: wanted
            .display_url
            .as_ref()
            .map(ToString::to_string)
            .filter(|url| !same_url(url, &from.display_url))
            .unwrap_or_else(|| from.display_url.clone()),
    };
    (from != to).then(|| Step::Edit {
        on: holder.alias.clone(),
        id,
        from,
        to,
    })
}

fn set_level(holder: &Side, id: ApplicationId, view: &View, level: Option<Level>) -> Option<Step> {
    let to = Directions::both(level.and_then(Level::flags)?);
    (view.flags != to).then(|| Step::SetFlags {
        on: holder.alias.clone(),
        id,
        from: view.flags,
        to,
    })
}

#[cfg(test)]
#[path = "edit_tests.rs"]
mod tests;
