//! Names of links: an application has each name once.
//!
//! The plan that gives up a name comes before the plan that takes it. A name from the file that another
//! link keeps is refused. A name that the file does not choose gets a number and a warning.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::super::{Goal, PlanSet, Step, unique_name};
use super::file_plan::{FilePlan, ItemPlan};
use super::observed_state::ObservedState;
use crate::domain::{Alias, ApplicationId, Record};
use crate::error::Error;

/// A name on an application.
type NameOnApp = (Alias, String);

/// Settles the names of all parts.
pub(super) fn resolve(observed_state: &ObservedState, outcome: &mut FilePlan) {
    let gives = |part: &ItemPlan| part.plan.steps.iter().any(|step| claim(step).is_some());
    // What is refused gives up no name, which another one may have counted on.
    while outcome.items.iter().any(gives) {
        let refused = names_in_use(observed_state, &outcome.items).refused;
        if !refused.is_empty() {
            drop_parts(outcome, refused);
            continue;
        }
        let mut parts = outcome.items.clone();
        let warnings = add_suffixes(observed_state, &mut parts);
        match order(observed_state, &parts) {
            Ok(order) => {
                let mut parts: Vec<Option<ItemPlan>> = parts.into_iter().map(Some).collect();
                let sorted = order.into_iter().filter_map(|at| parts.get_mut(at)?.take());
                outcome.items = sorted.collect();
                outcome.warnings.extend(warnings);
                return;
            }
            Err((at, error)) => drop_parts(outcome, [(at, error)].into()),
        }
    }
}

fn drop_parts(outcome: &mut FilePlan, refused: BTreeMap<usize, Error>) {
    let mut at = 0..;
    outcome
        .items
        .retain(|_| at.next().is_none_or(|at| !refused.contains_key(&at)));
    outcome.refused.extend(refused.into_values());
}

/// A name that a step gives to a record.
struct Claim<'a> {
    on: &'a Alias,
    id: ApplicationId,
    name: &'a str,
    is_new: bool,
}

fn claim(step: &Step) -> Option<Claim<'_>> {
    match step {
        Step::Create { on, id, link } => Some(Claim {
            on,
            id: *id,
            name: &link.name,
            is_new: true,
        }),
        Step::Edit { on, id, from, to } if from.name != to.name => Some(Claim {
            on,
            id: *id,
            name: &to.name,
            is_new: false,
        }),
        _ => None,
    }
}

/// The name that a record loses by a step.
fn freed_name<'a>(
    observed_state: &'a ObservedState,
    step: &Step,
) -> Option<(&'a Alias, &'a Record)> {
    let app = observed_state
        .apps
        .get(step.on())
        .filter(|_| frees_name(step))?;
    let view = app.records.get(&step.id())?;
    Some((&app.alias, &view.record))
}

/// A name that a plan set gives to a record, or would.
pub struct ClaimedName<'a> {
    /// On which application.
    pub on: &'a Alias,
    id: ApplicationId,
    name: &'a str,
    /// The records that give up theirs.
    freed: BTreeSet<ApplicationId>,
}

impl ClaimedName<'_> {
    /// Whether a record of that application has the name, and keeps it.
    pub fn is_taken_by(&self, record: &Record) -> bool {
        record.id != self.id && record.name == self.name && !self.freed.contains(&record.id)
    }
}

/// The names that a plan set gives.
pub fn claimed_names(plan_set: &PlanSet) -> Vec<ClaimedName<'_>> {
    let freed = |on: &Alias| {
        let steps = plan_set
            .steps()
            .filter(|step| step.on() == on && frees_name(step));
        steps.map(Step::id).collect()
    };
    plan_set
        .steps()
        .filter_map(claim)
        .map(|claim| ClaimedName {
            on: claim.on,
            id: claim.id,
            name: claim.name,
            freed: freed(claim.on),
        })
        .collect()
}

/// Whether a record loses its name by a step.
fn frees_name(step: &Step) -> bool {
    match step {
        Step::Edit { from, to, .. } => from.name != to.name,
        Step::Delete { .. } => true,
        _ => false,
    }
}

/// Whether the file chose the name that a claim is about.
fn is_chosen(part: &ItemPlan, claim: &Claim<'_>) -> bool {
    !claim.is_new || part.named.contains(claim.on)
}

/// The names that are taken when everything is carried out: by records that keep theirs, and by
/// those for which the file chooses one. Who has it is told in words.
struct NamesInUse {
    kept: BTreeMap<NameOnApp, String>,
    chosen: BTreeMap<NameOnApp, (ApplicationId, String)>,
    /// Claims of chosen names that others have, by the part that makes them.
    refused: BTreeMap<usize, Error>,
}

fn names_in_use(observed_state: &ObservedState, parts: &[ItemPlan]) -> NamesInUse {
    let steps = || parts.iter().flat_map(|part| &part.plan.steps);
    let gone: BTreeSet<(&Alias, ApplicationId)> = steps()
        .filter_map(|step| freed_name(observed_state, step))
        .map(|(on, record)| (on, record.id))
        .collect();
    let mut kept = BTreeMap::new();
    for app in observed_state.apps.values() {
        for view in app.records.values() {
            if !gone.contains(&(&app.alias, view.record.id)) {
                let place = (app.alias.clone(), view.record.name.clone());
                kept.insert(place, unique_name::describe_record(&view.record));
            }
        }
    }
    let mut taken = NamesInUse {
        kept,
        chosen: BTreeMap::new(),
        refused: BTreeMap::new(),
    };
    for (at, part) in parts.iter().enumerate() {
        for claim in part.plan.steps.iter().filter_map(claim) {
            if !is_chosen(part, &claim) {
                continue;
            }
            let place = (claim.on.clone(), claim.name.to_owned());
            let other = taken.chosen.get(&place);
            let other = other.filter(|(id, _)| *id != claim.id);
            if let Some(by) = taken.kept.get(&place) {
                let message = unique_name::name_is_taken(claim.on, claim.name, by);
                taken.refused.insert(at, refusal(&message, part, &claim));
            } else if let Some((_, by)) = other {
                let message = unique_name::name_is_claimed(claim.on, claim.name, by);
                taken.refused.insert(at, refusal(&message, part, &claim));
            } else {
                let by = describe_owner(part, claim.on);
                taken.chosen.insert(place, (claim.id, by));
            }
        }
    }
    taken
}

fn refusal(message: &str, part: &ItemPlan, claim: &Claim<'_>) -> Error {
    let describe_owner = describe_owner(part, claim.on);
    Error::conflict(format!("{message}: {describe_owner} cannot have it"))
        .hint(choose_hint(part, claim.on))
}

/// How another name is chosen.
fn choose_hint(part: &ItemPlan, on: &Alias) -> String {
    match &part.plan.goal {
        Goal::Consumer { .. } => {
            "a name is there once on an application: give the program another one".to_owned()
        }
        goal => {
            let of = other(goal, on).map_or_else(String::new, |of| format!(" for {of}"));
            format!("choose another one in the file{of}: names = {{ {on} = \"…\" }}")
        }
    }
}

fn other<'a>(goal: &'a Goal, on: &Alias) -> Option<&'a Alias> {
    match goal {
        Goal::Link { local, remote, .. } => Some(if local == on { remote } else { local }),
        _ => None,
    }
}

/// The record that a part is about on an application, for people.
fn describe_owner(part: &ItemPlan, on: &Alias) -> String {
    match &part.plan.goal {
        Goal::Consumer { name, .. } => format!("the program {name:?}"),
        goal => match other(goal, on) {
            Some(of) => format!("the link to {of}"),
            None => "another link".to_owned(),
        },
    }
}

/// Gives a number to new records whose name is in use and was not chosen in the file, with a warning.
fn add_suffixes(observed_state: &ObservedState, parts: &mut [ItemPlan]) -> Vec<Error> {
    let taken = names_in_use(observed_state, parts);
    let kept: BTreeSet<NameOnApp> = taken.kept.keys().cloned().collect();
    let mut all: BTreeMap<NameOnApp, String> = taken.kept;
    let chosen = taken.chosen.into_iter();
    all.extend(chosen.map(|(place, (_, by))| (place, by)));
    let mut warnings = Vec::new();
    for part in parts {
        for at in 0..part.plan.steps.len() {
            let claimed = part.plan.steps.get(at).and_then(claim);
            let Some(claimed) = claimed.filter(|claimed| !is_chosen(part, claimed)) else {
                continue;
            };
            let (on, wished) = (claimed.on.clone(), claimed.name.to_owned());
            let place = |name: &str| (on.clone(), name.to_owned());
            let name = unique_name::unique_name(&wished, |name| all.contains_key(&place(name)));
            if let Some(by) = all.get(&place(&wished)) {
                let taken = if kept.contains(&place(&wished)) {
                    unique_name::name_is_taken(&on, &wished, by)
                } else {
                    unique_name::name_is_claimed(&on, &wished, by)
                };
                let text = format!(
                    "{taken}: {} will be {name:?} there",
                    describe_owner(part, &on)
                );
                warnings.push(Error::conflict(text).hint(choose_hint(part, &on)));
                rename(part, at, &on, &name);
            }
            all.insert((on.clone(), name), describe_owner(part, &on));
        }
    }
    warnings
}

/// Gives a new record another name, in the step and where a person reviews it.
fn rename(part: &mut ItemPlan, at: usize, on: &Alias, name: &str) {
    if let Some(Step::Create { link, .. }) = part.plan.steps.get_mut(at) {
        name.clone_into(&mut link.name);
    }
    for change in &mut part.changes {
        rename_in_change(&mut change.to, on, change.field.as_deref(), name);
    }
}

/// Lets the change that a person reviews say the name that is given.
fn rename_in_change(to: &mut Value, on: &Alias, field: Option<&str>, name: &str) {
    let is_record = field.is_some_and(|field| field.strip_prefix("records.") == Some(on.as_str()));
    if is_record && let Some(record) = to.as_object_mut() {
        record.insert("name".to_owned(), json!(name));
    }
    if field.is_none()
        && let Some(names) = to.get_mut("names").and_then(Value::as_object_mut)
        && names.contains_key(on.as_str())
    {
        names.insert(on.to_string(), json!(name));
    }
}

/// The order in which no name is taken yet when it is given; what gives one up moves forward.
fn order(observed_state: &ObservedState, parts: &[ItemPlan]) -> Result<Vec<usize>, (usize, Error)> {
    let mut frees: BTreeMap<(&Alias, &str), usize> = BTreeMap::new();
    for (at, part) in parts.iter().enumerate() {
        for (on, record) in part
            .plan
            .steps
            .iter()
            .filter_map(|step| freed_name(observed_state, step))
        {
            frees.insert((on, record.name.as_str()), at);
        }
    }
    let waits_for = |at: usize| -> Vec<usize> {
        let steps = parts.get(at).map(|part| part.plan.steps.as_slice());
        let claims = steps.unwrap_or_default().iter().filter_map(claim);
        claims
            .filter_map(|claim| frees.get(&(claim.on, claim.name)).copied())
            .filter(|before| *before != at)
            .collect()
    };
    let mut order = Vec::new();
    let mut state = vec![Visit::New; parts.len()];
    for start in 0..parts.len() {
        let mut path = vec![start];
        while let Some(&at) = path.last() {
            match state.get(at) {
                Some(Visit::New) => {
                    if let Some(slot) = state.get_mut(at) {
                        *slot = Visit::Open;
                    }
                    for before in waits_for(at) {
                        match state.get(before) {
                            Some(Visit::New) => path.push(before),
                            Some(Visit::Open) => return Err(name_cycle(parts, at)),
                            _ => {}
                        }
                    }
                }
                Some(Visit::Open) => {
                    if let Some(slot) = state.get_mut(at) {
                        *slot = Visit::Done;
                    }
                    order.push(at);
                    path.pop();
                }
                _ => {
                    path.pop();
                }
            }
        }
    }
    Ok(order)
}

#[derive(Clone, Copy)]
enum Visit {
    New,
    Open,
    Done,
}

/// Names that change places: no order does that.
fn name_cycle(parts: &[ItemPlan], at: usize) -> (usize, Error) {
    let found = parts.get(at).and_then(|part| {
        let claim = part.plan.steps.iter().find_map(claim)?;
        Some(format!(
            "{} cannot get the name {:?} on {} yet",
            describe_owner(part, claim.on),
            claim.name,
            claim.on
        ))
    });
    let error = Error::conflict(format!(
        "{}: what has it waits for another name, too",
        found.unwrap_or_default()
    ))
    .hint("names that change places go through a third one: give one link a name of its own, apply that, then this");
    (at, error)
}
