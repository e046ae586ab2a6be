//! The plan that follows an application to its new address.

use super::step::same_url;
use super::{Addresses, Details, Goal, Plan, Policy, Step, View, Way};
use crate::domain::{Alias, BaseUrl};

/// A record of the moved application, on one that knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// The application that holds the record.
    pub alias: Alias,
    /// The record as it reads now.
    pub view: View,
    /// How its address can be changed there.
    pub way: Way,
}

/// Plans the change of every record of the moved application.
///
/// `base_url` is what the application names as its base URL, which a checked relocation takes as
/// the display URL; `display_url` is what was asked for instead.
pub fn plan(
    moved: &Alias,
    new_url: &BaseUrl,
    base_url: Option<&BaseUrl>,
    display_url: Option<&BaseUrl>,
    holders: &[Holder],
) -> Plan {
    let mut steps = Vec::new();
    for holder in holders {
        let record = &holder.view.record;
        let from = Addresses {
            rpc_url: record.rpc_url.clone().unwrap_or_default(),
            display_url: record.display_url.clone(),
        };
        let shown = display_url.or(base_url).unwrap_or(new_url).to_string();
        let is_elsewhere = !same_url(&from.rpc_url, &new_url.to_string());
        let shown_after = match holder.way {
            _ if !is_elsewhere => from.display_url.clone(),
            Way::Rewritten => shown.clone(),
            // What a relocation leaves: the application's own base URL, or the new one.
            Way::Checked | Way::Forced => base_url.unwrap_or(new_url).to_string(),
        };
        if is_elsewhere {
            steps.push(Step::Move {
                on: holder.alias.clone(),
                id: record.id,
                from,
                to: Addresses {
                    rpc_url: new_url.to_string(),
                    display_url: shown_after.clone(),
                },
                way: holder.way,
            });
        }
        if let Some(wanted) = display_url
            && !same_url(&shown_after, &wanted.to_string())
        {
            steps.push(Step::Edit {
                on: holder.alias.clone(),
                id: record.id,
                from: Details {
                    name: record.name.clone(),
                    display_url: shown_after,
                },
                to: Details {
                    name: record.name.clone(),
                    display_url: shown,
                },
            });
        }
    }
    Plan {
        goal: Goal::Moved {
            app: moved.clone(),
            url: new_url.to_string(),
        },
        steps,
        policy: Policy::Continue,
    }
}

#[cfg(test)]
#[path = "relocate_tests.rs"]
mod tests;
