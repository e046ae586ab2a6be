//! The plan that changes a link that exists.

use super::create::{Side, Wish, elsewhere, refuse_impersonation};
use super::step::same_url;
use super::{Details, Goal, Plan, Policy, Step};
use crate::domain::{Code, Directions, Level};
use crate::error::{Error, Result};

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The level of both ends, if it is to change.
    pub level: Option<Level>,
    /// For the record on the local side.
    pub local: Wish,
    /// For the record on the remote side.
    pub remote: Wish,
}

/// Plans the changes. `remote` is needed when something on its side is to change.
pub fn plan(local: &Side, remote: &Side, request: &Request) -> Result<Plan> {
    refuse_impersonation("edit", local, remote, request.level)?;
    let mut steps = Vec::new();
    // Switching a direction off cannot be taken back: what can fail goes before it.
    let mut levels = Vec::new();
    let ends = [
        (local, remote, &request.local),
        (remote, local, &request.remote),
    ];
    for (here, there, wish) in ends {
        let touched = wish != &Wish::default() || request.level.is_some();
        let Some(view) = &here.existing else {
            if touched {
                return Err(Error::refused(format!(
                    "{} has no link to {}",
                    here.alias, there.alias
                ))
                .code(Code::OneWay)
                .hint(format!(
                    "make it with: applink create {} {}",
                    local.alias, remote.alias
                )));
            }
            continue;
        };
        if touched && view.record.system {
            return Err(Error::refused(format!(
                "the link on {} is a system link, which the product manages by itself",
                here.alias
            ))
            .code(Code::SystemLink));
        }
        if let Some(hint) = elsewhere(here, there, view, wish) {
            return Err(Error::refused(format!(
                "the application URL on {} is not changed by editing the link",
                here.alias
            ))
            .hint(hint));
        }
        let id = there.manifest.id;
        let from = Details {
            name: view.record.name.clone(),
            display_url: view.record.display_url.clone(),
        };
        let to = Details {
            name: wish.name.clone().unwrap_or_else(|| from.name.clone()),
            display_url: wish
                .display_url
                .as_ref()
                .map(ToString::to_string)
                .filter(|url| !same_url(url, &from.display_url))
                .unwrap_or_else(|| from.display_url.clone()),
        };
        if from != to {
            steps.push(Step::Edit {
                on: here.alias.clone(),
                id,
                from,
                to,
            });
        }
        if let Some(flags) = request.level.and_then(Level::flags) {
            let to = Directions::both(flags);
            if view.flags != to {
                levels.push(Step::SetFlags {
                    on: here.alias.clone(),
                    id,
                    from: view.flags,
                    to,
                });
            }
        }
        if wish.primary && !view.record.primary {
            steps.push(Step::MakePrimary {
                on: here.alias.clone(),
                id,
                was: here.primary,
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
            level: request.level.unwrap_or(Level::Unknown),
            back: request.level.unwrap_or(Level::Unknown),
            made: None,
        },
        steps,
        policy: Policy::Undo,
    })
}

#[cfg(test)]
#[path = "edit_tests.rs"]
mod tests;
