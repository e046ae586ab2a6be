//! The plan that deletes a link.

use super::{Goal, Plan, Policy, Step};
use crate::domain::{Alias, Code, Record};
use crate::error::{Error, Result};

/// One end that is to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeletedEnd {
    /// The application that holds the record.
    pub alias: Alias,
    /// The record.
    pub record: Record,
}

/// Plans the deletion of the ends that exist.
pub fn plan(
    local: &Alias,
    remote: Option<&Alias>,
    one_side: bool,
    ends: &[DeletedEnd],
) -> Result<Plan> {
    if let Some(end) = ends.iter().find(|end| end.record.system) {
        return Err(Error::refused(format!(
            "the link {:?} on {} is a system link, which the product manages by itself",
            end.record.name, end.alias
        ))
        .code(Code::SystemLink));
    }
    Ok(Plan {
        goal: Goal::NoLink {
            local: local.clone(),
            remote: remote.cloned(),
            one_side,
        },
        steps: ends
            .iter()
            .map(|end| Step::Delete {
                on: end.alias.clone(),
                id: end.record.id,
                name: end.record.name.clone(),
            })
            .collect(),
        policy: Policy::Continue,
    })
}

#[cfg(test)]
#[path = "delete_tests.rs"]
mod tests;
