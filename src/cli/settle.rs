//! What the state remembers of a change.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::{Map, Value, json};

use crate::context::{Context, Target};
use crate::credentials::Naming;
use crate::domain::{Alias, BaseUrl, Level};
use crate::error::{Error, Result};
use crate::plan::execute::{Report, StepStatus};
use crate::plan::{Goal, Plan, Step};
use crate::state::{
    AppEntry, Auth, ConsumerEntry, FormerConsumer, Guard, LinkEntry, PendingDelete, State,
    StateStore as _,
};

/// Saves what follows from a report.
pub(super) fn remember(
    context: &mut Context,
    guard: &Guard,
    plan: &Plan,
    report: &Report,
    targets: &[Target],
) -> Result<()> {
    let mut state = context.state.to_state();
    apply(&mut state, plan, report, targets);
    context.state = context.store.save(guard, &context.state, &state)?;
    Ok(())
}

fn apply(state: &mut State, plan: &Plan, report: &Report, targets: &[Target]) {
    for target in targets {
        state
            .applications
            .entry(target.alias.clone())
            .or_insert_with(|| target.entry.clone());
    }
    settle_goal(state, &plan.goal, report);
}

fn settle_goal(state: &mut State, goal: &Goal, report: &Report) {
    match goal {
        Goal::Repaired { goals } => {
            for goal in goals {
                settle_goal(state, goal, report);
            }
        }
        Goal::Link {
            local,
            remote,
            local_link_id,
            remote_link_id,
            level,
        } => {
            if report.partial {
                return;
            }
            let known = state.link(local, remote);
            // An edit without a level changes nothing that the state holds, and may not have
            // looked at the far end.
            if *level == Level::Unknown {
                return;
            }
            let auth = Auth::new((local, *level), (remote, *level));
            let mut ids = BTreeMap::from([(local.clone(), *local_link_id)]);
            if let Some(id) = remote_link_id {
                ids.insert(remote.clone(), *id);
            }
            let between = known.map_or_else(
                || [local.clone(), remote.clone()],
                |known| known.between.clone(),
            );
            state.upsert_link(LinkEntry {
                between,
                ids,
                auth,
                one_way: remote_link_id.is_none().then(|| local.clone()),
            });
        }
        Goal::NoLink { local, remote, .. } => {
            for step in &report.steps {
                let (Step::Delete { on, id, name }, status) = (&step.step, step.status) else {
                    continue;
                };
                match status {
                    StepStatus::Done | StepStatus::Skipped => {
                        state.remove_pending_delete(on, *id);
                    }
                    StepStatus::Failed | StepStatus::Stuck if report.changed => {
                        let other = if on == local {
                            remote.clone()
                        } else {
                            Some(local.clone())
                        };
                        state.add_pending_delete(PendingDelete {
                            on: on.clone(),
                            id: *id,
                            name: name.clone(),
                            remote: other,
                            since: jiff::Timestamp::now(),
                        });
                    }
                    _ => {}
                }
            }
            if let Some(remote) = remote
                && (report.changed || report.failure.is_none())
            {
                state.remove_link(local, remote);
            }
        }
        Goal::Consumer {
            on,
            name,
            id,
            key,
            fingerprint,
            bits,
            key_file,
            two_legged,
            impersonation,
            ..
        } => {
            if !report.partial {
                former(state, on, name, key, report);
                state.upsert_consumer(ConsumerEntry {
                    name: name.clone(),
                    on: on.clone(),
                    id: *id,
                    key: key.clone(),
                    fingerprint: fingerprint.clone(),
                    bits: *bits,
                    key_file: key_file.as_ref().map(PathBuf::from),
                    two_legged: *two_legged,
                    impersonation: *impersonation,
                });
            }
        }
        Goal::NoConsumer { on, name } => {
            if !report.partial && report.failure.is_none() {
                state.remove_consumer(on, name);
                state
                    .former_consumers
                    .retain(|one| (&one.on, &one.name) != (on, name));
            }
        }
        Goal::Relocated { apps, .. } => {
            for (app, url) in apps {
                if let Ok(url) = BaseUrl::parse(url) {
                    state.set_url(app, url);
                }
            }
        }
        Goal::Moved { app, url } => {
            // Other steps may be of other goals of the same run.
            let id = state.application(app).map(|entry| entry.id);
            let mut moves = report
                .steps
                .iter()
                .filter(|step| matches!(step.step, Step::Move { id: of, .. } if Some(of) == id))
                .peekable();
            let moved = moves.peek().is_none()
                || moves.any(|step| matches!(step.status, StepStatus::Done | StepStatus::Skipped));
            if let (true, Ok(url)) = (moved, BaseUrl::parse(url)) {
                state.set_url(app, url);
            }
        }
    }
}

/// Which consumers of a program are former ones after a change: what another one took the place of
/// stays accepted, until it is taken away.
fn former(state: &mut State, on: &Alias, name: &str, key: &str, report: &Report) {
    for step in &report.steps {
        if !matches!(step.status, StepStatus::Done | StepStatus::Skipped) {
            continue;
        }
        match &step.step {
            Step::PutConsumer {
                from: Some(from),
                to,
                ..
            } if from.key != to.key && to.key == key => {
                let known = state.consumer(on, name);
                let known = known.filter(|known| known.key == from.key);
                state.add_former(FormerConsumer {
                    name: name.to_owned(),
                    on: on.clone(),
                    key: from.key.clone(),
                    fingerprint: from.fingerprint.clone(),
                    key_file: known.and_then(|known| known.key_file.clone()),
                    since: jiff::Timestamp::now(),
                });
            }
            Step::DropConsumer { key, .. } => state.remove_former(on, key),
            _ => {}
        }
    }
    state.remove_former(on, key);
}

/// What another process needs to know of the applications to go on: no secret, only its source.
pub(super) fn to_context(targets: &[Target]) -> Value {
    let path =
        |path: &Option<std::path::PathBuf>| path.as_ref().map(|path| path.display().to_string());
    let applications: Map<String, Value> = targets
        .iter()
        .map(|target| {
            let entry = &target.entry;
            (
                target.alias.to_string(),
                json!({
                    "url": entry.url,
                    "id": entry.id,
                    "type": entry.type_id,
                    "user": entry.user,
                    "credential": entry.credential.as_ref().map(ToString::to_string),
                    "cacert": path(&entry.cacert),
                    "client-cert": path(&entry.client_cert),
                    "client-key": path(&entry.client_key),
                }),
            )
        })
        .collect();
    json!({ "applications": applications })
}

/// The applications of a journal: as the state knows them, else as the journal does; where its goal
/// moves them, at their new address, which was confirmed when the journal was written.
pub(super) fn from_context(context: &Context, value: &Value, goal: &Goal) -> Result<Vec<Target>> {
    let damaged = || Error::state("the journal does not say which applications it is about");
    let applications = value
        .get("applications")
        .and_then(Value::as_object)
        .ok_or_else(damaged)?;
    applications
        .iter()
        .map(|(alias, entry)| {
            let alias: Alias = alias.parse().map_err(|_| damaged())?;
            if let Some(mut target) = context.known(&alias) {
                if let Goal::Relocated { apps, .. } = goal
                    && let Some(url) = apps.get(&alias)
                {
                    target.entry.url = BaseUrl::parse(url).map_err(|_| damaged())?;
                }
                return Ok(target);
            }
            let entry: AppEntry = serde_json::from_value(entry.clone()).map_err(|_| damaged())?;
            Ok(Target {
                alias,
                entry,
                known: false,
                // It was the same run that gave the name.
                naming: Naming::Named,
            })
        })
        .collect()
}
