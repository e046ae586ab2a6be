//! Plans the deletion of links that exist between the applications of a file and are not in it.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::super::delete::{DeletedEnd, plan as plan_delete};
use super::change::{Action, Change};
use super::file_plan::{FilePlan, ItemPlan};
use super::observed_state::{ObservedApp, ObservedState};
use crate::desired::DesiredState;
use crate::domain::Record;

/// Adds the deletions. System links, generic links and links of unknown types are left alone.
pub(super) fn plan(observed_state: &ObservedState, wanted: &DesiredState, outcome: &mut FilePlan) {
    let apps: Vec<&ObservedApp> = observed_state
        .apps
        .values()
        .filter(|seen| wanted.applications.contains_key(&seen.alias))
        .collect();
    for (n, a) in apps.iter().enumerate() {
        for b in apps.iter().skip(n + 1) {
            let link = wanted
                .links
                .iter()
                .find(|link| link.between.contains(&a.alias) && link.between.contains(&b.alias));
            let ends: Vec<DeletedEnd> = [(a, b), (b, a)]
                .into_iter()
                .filter(|(holder, _)| link.is_none_or(|link| !link.has_record_on(&holder.alias)))
                .filter_map(|(holder, peer)| {
                    let record = &holder.records.get(&peer.manifest.id)?.record;
                    may_delete(holder, record, outcome).then(|| DeletedEnd {
                        alias: holder.alias.clone(),
                        record: record.clone(),
                    })
                })
                .collect();
            let one_side = link.is_some();
            let ends = without_system_links(a, b, ends, outcome);
            if let Some(part) = part(a, b, one_side, &ends, outcome) {
                outcome.items.push(part);
            }
        }
    }
}

/// The ends that go: none where the product manages the other end of the link by itself, which
/// would be left alone without its link back.
fn without_system_links(
    a: &ObservedApp,
    b: &ObservedApp,
    ends: Vec<DeletedEnd>,
    outcome: &mut FilePlan,
) -> Vec<DeletedEnd> {
    let system = [(a, b), (b, a)].into_iter().find(|(holder, peer)| {
        let record = holder.records.get(&peer.manifest.id);
        record.is_some_and(|view| view.record.system)
    });
    let Some((keeper, _)) = system else {
        return ends;
    };
    for end in &ends {
        outcome.notes.push(format!(
            "the link {:?} on {} is not in the file and stays: its other end, on {}, is a system link",
            end.record.name, end.alias, keeper.alias
        ));
    }
    Vec::new()
}

/// Whether a record may be deleted; if not, that is said.
fn may_delete(holder: &ObservedApp, record: &Record, outcome: &mut FilePlan) -> bool {
    let why = if record.system {
        "the product manages it by itself"
    } else if record.type_id.is_generic() {
        "it is a generic link"
    } else if !record.type_id.is_atlassian() {
        "its type is not known"
    } else {
        return true;
    };
    outcome.notes.push(format!(
        "the link {:?} on {} is not in the file and stays: {why}",
        record.name, holder.alias
    ));
    false
}

fn part(
    a: &ObservedApp,
    b: &ObservedApp,
    one_side: bool,
    ends: &[DeletedEnd],
    outcome: &mut FilePlan,
) -> Option<ItemPlan> {
    let first = ends.first()?;
    // A link that goes on as a one-way link is named by the end that goes.
    let (local, remote) = if first.alias == a.alias {
        (a, b)
    } else {
        (b, a)
    };
    // Where a one-way link is left, the state goes on to remember it.
    let gone = (!one_side).then_some(&remote.alias);
    let plan = match plan_delete(&local.alias, gone, one_side, ends) {
        Ok(plan) => plan,
        Err(error) => {
            outcome.refused.push(error);
            return None;
        }
    };
    let names: Map<String, Value> = ends
        .iter()
        .map(|end| (end.alias.to_string(), json!(end.record.name)))
        .collect();
    Some(ItemPlan {
        primary: Vec::new(),
        changes: vec![Change {
            action: Action::Delete,
            local: local.alias.clone(),
            remote: Some(remote.alias.clone()),
            consumer: None,
            field: one_side.then(|| format!("records.{}", first.alias)),
            from: json!({ "names": names }),
            to: Value::Null,
            drift: false,
        }],
        drift: Vec::new(),
        impersonates: false,
        named: BTreeSet::new(),
        plan,
    })
}
