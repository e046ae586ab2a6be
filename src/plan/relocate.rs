//! The plan that updates records when an application moves to another address.

use super::{Addresses, Details, Goal, Plan, Policy, RelocationMethod, Step, View};
use crate::domain::{Alias, BaseUrl, Record, same_url};

/// A record of the moved application, on one that knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordHolder {
    /// The application that holds the record.
    pub alias: Alias,
    /// The record as it reads now.
    pub view: View,
    /// How its address can be changed there.
    pub method: RelocationMethod,
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
    holders: &[RecordHolder],
) -> Plan {
    let steps = holders
        .iter()
        .flat_map(|holder| {
            let wanted = display_url.map(ToString::to_string);
            relocation_steps(
                &holder.alias,
                &holder.view.record,
                holder.method,
                Some(new_url),
                base_url,
                wanted.as_deref(),
            )
        })
        .collect();
    Plan {
        goal: Goal::Moved {
            app: moved.clone(),
            url: new_url.to_string(),
        },
        steps,
        policy: Policy::Continue,
    }
}

/// The steps that let one record follow: its application URL to `new_url`, where that moved, and
/// its display URL to `display_url`, where a certain one is wanted.
pub fn relocation_steps(
    on: &Alias,
    record: &Record,
    way: RelocationMethod,
    new_url: Option<&BaseUrl>,
    base_url: Option<&BaseUrl>,
    display_url: Option<&str>,
) -> Vec<Step> {
    let mut steps = Vec::new();
    let from = Addresses {
        rpc_url: record.rpc_url.clone().unwrap_or_default(),
        display_url: record.display_url.clone(),
    };
    let mut shown = from.display_url.clone();
    if let Some(new_url) = new_url
        && !same_url(&from.rpc_url, &new_url.to_string())
    {
        // What a relocation leaves: the application's own base URL, or the new one.
        let left = base_url.unwrap_or(new_url).to_string();
        shown = match (way, display_url) {
            (RelocationMethod::Rewritten, Some(wanted)) => wanted.to_owned(),
            _ => left,
        };
        steps.push(Step::Move {
            on: on.clone(),
            id: record.id,
            from,
            to: Addresses {
                rpc_url: new_url.to_string(),
                display_url: shown.clone(),
            },
            method: way,
        });
    }
    if let Some(wanted) = display_url
        && !same_url(&shown, wanted)
    {
        steps.push(Step::Edit {
            on: on.clone(),
            id: record.id,
            from: Details {
                name: record.name.clone(),
                display_url: shown,
            },
            to: Details {
                name: record.name.clone(),
                display_url: wanted.to_owned(),
            },
        });
    }
    steps
}

#[cfg(test)]
#[path = "relocate_tests.rs"]
mod tests;
