//! The records that a plan touches, as they were when it was made.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::observed_state::ObservedState;
use crate::domain::{Alias, ApplicationId, Flags, Level, View};
use crate::plan::{Goal, PlanSet};

/// A record as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordSnapshot {
    /// The application that holds it.
    pub on: Alias,
    /// Its id.
    pub id: ApplicationId,
    /// The record, if there was one.
    pub view: Option<View>,
}

/// Every record that a plan set is about, as it was when it was observed: a saved plan is checked
/// against these. Of a link that changes both ends count, whichever of them the steps touch.
pub fn snapshots(
    observed_state: &ObservedState,
    plan_set: &PlanSet,
) -> Vec<(Alias, ApplicationId, Option<View>)> {
    let mut seen: BTreeMap<(Alias, ApplicationId), Option<View>> = BTreeMap::new();
    for plan in plan_set.plans.iter().filter(|plan| !plan.is_empty()) {
        let mut places: Vec<(&Alias, ApplicationId)> = plan
            .steps
            .iter()
            .map(|step| (step.on(), step.id()))
            .collect();
        if let Goal::Link {
            local,
            remote,
            local_link_id,
            remote_link_id,
            ..
        } = &plan.goal
        {
            places.push((local, *local_link_id));
            places.extend(remote_link_id.map(|id| (remote, id)));
        }
        for (on, id) in places {
            let app = observed_state.apps.get(on);
            let view = app.and_then(|app| app.records.get(&id)).cloned();
            seen.insert((on.clone(), id), view);
        }
    }
    let seen = seen.into_iter();
    seen.map(|((on, id), view)| (on, id, view)).collect()
}

/// What is not as it was, in one sentence.
pub fn difference(was: &RecordSnapshot, now: Option<&View>) -> Option<String> {
    let on = &was.on;
    let (before, now) = match (&was.view, now) {
        (None, None) => return None,
        (Some(before), None) => {
            return Some(format!("the link {:?} on {on} is gone", before.record.name));
        }
        (None, Some(now)) => {
            return Some(format!("{on} has a link {:?} now", now.record.name));
        }
        (Some(before), Some(now)) => (before, now),
    };
    let differs = fields(before, now)
        .into_iter()
        .find(|(_, old, new)| old != new);
    if let Some((field, old, new)) = differs {
        return Some(format!(
            "the {field} of the link {:?} on {on} was {old:?} and is {new:?}",
            before.record.name
        ));
    }
    (before != now).then(|| format!("the link {:?} on {on} has changed", before.record.name))
}

/// The fields of a record in words: which, before, now.
fn fields(before: &View, now: &View) -> [(&'static str, String, String); 9] {
    let words = |flags: Flags| Level::from(flags).to_string();
    let marks = |view: &View| {
        let keys = view.consumers.iter().map(|one| {
            let print = one.fingerprint.as_deref().unwrap_or_default();
            format!("{} SHA256:{}", one.key, print.get(..16).unwrap_or(print))
        });
        keys.collect::<Vec<_>>().join(", ")
    };
    let hidden = || "hidden".to_owned();
    let (old, new) = (&before.record, &now.record);
    [
        ("name", old.name.clone(), new.name.clone()),
        (
            "application URL",
            old.rpc_url.clone().unwrap_or_else(hidden),
            new.rpc_url.clone().unwrap_or_else(hidden),
        ),
        (
            "display URL",
            old.display_url.clone(),
            new.display_url.clone(),
        ),
        ("type", old.type_id.to_string(), new.type_id.to_string()),
        (
            "primary mark",
            old.primary.to_string(),
            new.primary.to_string(),
        ),
        (
            "system mark",
            old.system.to_string(),
            new.system.to_string(),
        ),
        (
            "incoming level",
            words(before.flags.incoming),
            words(now.flags.incoming),
        ),
        (
            "outgoing level",
            words(before.flags.outgoing),
            words(now.flags.outgoing),
        ),
        ("consumer", marks(before), marks(now)),
    ]
}
