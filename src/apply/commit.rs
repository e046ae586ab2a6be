//! What the state remembers of a change.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::apply::last_applied;
use crate::apply::local_files::remove_token_file;
use crate::context::{Context, Target};
use crate::credentials::AliasOrigin;
use crate::domain::{Alias, BaseUrl, Level};
use crate::error::{Error, Result};
use crate::oauth::tokens;
use crate::plan::execute::{Report, StepStatus};
use crate::plan::progress::client_id;
use crate::plan::{Goal, PlanSet, Step, is_about};
use crate::state::{
    AppEntry, Auth, ClientEntry, ConsumerEntry, FormerConsumer, Guard, LinkEntry, PendingDelete,
    State, StateStore as _,
};

/// Saves what follows from a report: of each plan, what became of it.
pub(crate) fn remember(
    context: &mut Context,
    guard: &Guard,
    plan_set: &PlanSet,
    report: &Report,
    targets: &[Target],
) -> Result<()> {
    let mut state = context.state.to_state();
    apply(&mut state, plan_set, report, targets);
    context.state = context.store.save(guard, &context.state, &state)?;
    for (plan, part) in plan_set.plans.iter().zip(&report.plans) {
        let Goal::NoConsumer { on, name } = &plan.goal else {
            continue;
        };
        let path = tokens::path(&context.store.paths().keys(), on, name);
        if !part.partial && part.failure.is_none() && remove_token_file(context, &path) {
            context.ui.note(&format!(
                "the token of {name} for {on} that was kept is dropped"
            ));
        }
    }
    Ok(())
}

fn apply(state: &mut State, plan_set: &PlanSet, report: &Report, targets: &[Target]) {
    let settled: Vec<(&Goal, &Report)> = plan_set
        .plans
        .iter()
        .map(|plan| &plan.goal)
        .zip(&report.plans)
        // What failed and is taken back is as if it had never been tried; a delete is due.
        .filter(|(goal, part)| {
            part.failure.is_none() || part.changed || matches!(goal, Goal::NoLink { .. })
        })
        .collect();
    let alone = plan_set.plans.len() == 1 || report.failure.is_none();
    for target in targets {
        // An application becomes known with the first change that succeeds.
        if alone
            || settled
                .iter()
                .any(|(goal, _)| is_about(goal, &target.alias))
        {
            state
                .applications
                .entry(target.alias.clone())
                // Told in a conversation.
                .and_modify(|known| {
                    known.user.clone_from(&target.entry.user);
                    known.credential.clone_from(&target.entry.credential);
                })
                .or_insert_with(|| target.entry.clone());
        }
    }
    for (goal, part) in settled {
        for step in &part.steps {
            if matches!(step.status, StepStatus::Done | StepStatus::Skipped) {
                state.forget_abandoned(step.step.on(), step.step.id());
            }
        }
        last_applied::update(state, part);
        commit_goal(state, goal, part);
    }
}

fn commit_goal(state: &mut State, goal: &Goal, report: &Report) {
    match goal {
        Goal::Link { .. } => commit_link(state, goal, report),
        Goal::NoLink { local, remote, .. } => {
            commit_deletes(state, local, remote.as_ref(), report);
        }
        Goal::Consumer { .. } => commit_consumer(state, goal, report),
        Goal::NoConsumer { on, name } => {
            if report.is_done() {
                state.remove_consumer(on, name);
                state
                    .former_consumers
                    .retain(|one| (&one.on, &one.name) != (on, name));
            }
        }
        // The state keeps the level that the link was made with.
        Goal::Migrated { .. } => {}
        Goal::Detached { .. } => commit_detached(state, report),
        Goal::OAuth2Client { .. } => commit_oauth2_client(state, goal, report),
        Goal::NoOAuth2Client { on, name } => {
            if !report.partial && report.failure.is_none() {
                state.remove_oauth2_client(on, name);
            }
        }
        Goal::Relocated { apps, .. } => {
            for (app, url) in apps {
                commit_url(state, app, url);
            }
        }
        Goal::Moved { app, url } => {
            if has_moved(report) {
                commit_url(state, app, url);
            }
        }
    }
}

/// Records a link whose plan was carried out to its end.
fn commit_link(state: &mut State, goal: &Goal, report: &Report) {
    let Goal::Link {
        local,
        remote,
        local_link_id,
        remote_link_id,
        outgoing,
        incoming,
        last_applied,
    } = goal
    else {
        return;
    };
    // An edit without a level changes nothing that the state holds, and may not have read the
    // remote end.
    if !report.is_done() || (*outgoing, *incoming) == (Level::Unknown, Level::Unknown) {
        return;
    }
    let known = state.link(local, remote);
    let before = known.map(|known| known.last_applied.clone());
    let applied = last_applied.as_deref().cloned();
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
        auth: Auth::new((local, *outgoing), (remote, *incoming)),
        one_way: remote_link_id.is_none().then(|| local.clone()),
        last_applied: applied.or(before).unwrap_or_default(),
    });
}

/// Forgets a deleted link, and records the ends that could not be deleted.
fn commit_deletes(state: &mut State, local: &Alias, remote: Option<&Alias>, report: &Report) {
    for step in &report.steps {
        let (Step::Delete { on, id, name }, status) = (&step.step, step.status) else {
            continue;
        };
        match status {
            StepStatus::Done | StepStatus::Skipped => {
                state.remove_pending_delete(on, *id);
            }
            StepStatus::Failed | StepStatus::Stuck if report.changed => {
                let other = if on == local { remote } else { Some(local) };
                state.add_pending_delete(PendingDelete {
                    on: on.clone(),
                    id: *id,
                    name: name.clone(),
                    remote: other.cloned(),
                    since: jiff::Timestamp::now(),
                });
            }
            _ => {}
        }
    }
    if let Some(remote) = remote
        && (report.changed || report.is_done())
    {
        state.remove_link(local, remote);
    }
}

/// Records a registered program.
fn commit_consumer(state: &mut State, goal: &Goal, report: &Report) {
    let Goal::Consumer {
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
    } = goal
    else {
        return;
    };
    if !report.is_done() {
        return;
    }
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

/// Forgets the links whose records a clone no longer has.
fn commit_detached(state: &mut State, report: &Report) {
    for step in &report.steps {
        if let (Step::Delete { on, id, .. }, StepStatus::Done | StepStatus::Skipped) =
            (&step.step, step.status)
        {
            state.links.retain(|link| link.id_on(on) != Some(*id));
        }
    }
}

/// Records an OAuth 2.0 client whose id the application told.
fn commit_oauth2_client(state: &mut State, goal: &Goal, report: &Report) {
    let Goal::OAuth2Client {
        on,
        terms,
        secret_file,
        ..
    } = goal
    else {
        return;
    };
    if !report.partial
        && let Some(client_id) = client_id(goal, report)
    {
        state.upsert_oauth2_client(ClientEntry {
            name: terms.name.clone(),
            on: on.clone(),
            client_id,
            secret_file: secret_file.as_ref().map(PathBuf::from),
        });
    }
}

/// Records the new base URL of an application.
fn commit_url(state: &mut State, app: &Alias, url: &str) {
    if let Ok(url) = BaseUrl::parse(url) {
        state.set_url(app, url);
    }
}

/// Whether at least one record follows the application, or no record has to.
fn has_moved(report: &Report) -> bool {
    let mut moves = report
        .steps
        .iter()
        .filter(|step| matches!(step.step, Step::Move { .. }))
        .peekable();
    moves.peek().is_none()
        || moves.any(|step| matches!(step.status, StepStatus::Done | StepStatus::Skipped))
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
                // A run that was killed after it had written this down says it once more.
                let is_it = |one: &FormerConsumer| {
                    one.key == from.key && one.fingerprint == from.fingerprint
                };
                if state.former_of(on, name).any(is_it) {
                    continue;
                }
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

/// What another process needs to know to go on or back: of the applications no secret, only its
/// source; and what the state says of what is to be changed.
pub(crate) fn journal_context(state: &State, targets: &[Target], plan_set: &PlanSet) -> Value {
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
    let goals = || plan_set.plans.iter().map(|plan| &plan.goal);
    let links: Vec<&LinkEntry> = goals()
        .filter_map(|goal| match goal {
            Goal::Link { local, remote, .. } => state.link(local, remote),
            _ => None,
        })
        .collect();
    let consumers: Vec<&ConsumerEntry> = goals()
        .filter_map(|goal| match goal {
            Goal::Consumer { on, name, .. } => state.consumer(on, name),
            _ => None,
        })
        .collect();
    let formers: Vec<&FormerConsumer> = goals()
        .filter_map(|goal| match goal {
            Goal::Consumer { on, name, .. } => Some(state.former_of(on, name)),
            _ => None,
        })
        .flatten()
        .collect();
    let clients: Vec<&ClientEntry> = goals()
        .filter_map(|goal| match goal {
            Goal::OAuth2Client { on, terms, .. } => state.oauth2_client(on, &terms.name),
            _ => None,
        })
        .collect();
    json!({
        "applications": applications,
        "before": { "links": links, "consumers": consumers, "former_consumers": formers,
            "oauth2_clients": clients },
    })
}

/// What the state said of what was changed.
#[derive(Deserialize)]
struct Before {
    links: Vec<LinkEntry>,
    consumers: Vec<ConsumerEntry>,
    former_consumers: Option<Vec<FormerConsumer>>,
    #[serde(default)]
    oauth2_clients: Vec<ClientEntry>,
}

/// After everything is taken back the state says again what it said before; a part of the run may
/// have been remembered already.
pub(crate) fn restore(
    context: &mut Context,
    guard: &Guard,
    plan_set: &PlanSet,
    value: &Value,
) -> Result<()> {
    // Journals of earlier versions do not say.
    let Some(Ok(before)) = value.get("before").map(Before::deserialize) else {
        return Ok(());
    };
    let mut state = context.state.to_state();
    for plan in &plan_set.plans {
        match &plan.goal {
            Goal::Link { local, remote, .. } => {
                let mut links = before.links.iter();
                match links.find(|link| link.is_between(local, remote)) {
                    Some(link) => state.upsert_link(link.clone()),
                    None => drop(state.remove_link(local, remote)),
                }
            }
            Goal::Consumer { on, name, .. } => {
                let mut consumers = before.consumers.iter();
                match consumers.find(|one| one.on == *on && one.name == *name) {
                    Some(consumer) => state.upsert_consumer(consumer.clone()),
                    None => state.remove_consumer(on, name),
                }
                if let Some(formers) = &before.former_consumers {
                    let is_its = |one: &FormerConsumer| one.on == *on && one.name == *name;
                    state.former_consumers.retain(|one| !is_its(one));
                    let its = formers.iter().filter(|one| is_its(one));
                    state.former_consumers.extend(its.cloned());
                }
            }
            Goal::Moved { app, .. } => {
                let url = value.pointer(&format!("/applications/{app}/url"));
                if let Some(Ok(url)) = url.and_then(Value::as_str).map(BaseUrl::parse) {
                    state.set_url(app, url);
                }
            }
            Goal::Relocated { from, to, apps } => {
                for (app, url) in apps {
                    let before = url.strip_prefix(to.as_str());
                    let before = before.map(|below| BaseUrl::parse(&format!("{from}{below}")));
                    if let Some(Ok(url)) = before {
                        state.set_url(app, url);
                    }
                }
            }
            Goal::OAuth2Client { on, terms, .. } => {
                let mut clients = before.oauth2_clients.iter();
                match clients.find(|one| one.on == *on && one.name == terms.name) {
                    Some(client) => state.upsert_oauth2_client(client.clone()),
                    None => state.remove_oauth2_client(on, &terms.name),
                }
            }
            // What was deleted does not come back.
            Goal::NoLink { .. }
            | Goal::NoConsumer { .. }
            | Goal::NoOAuth2Client { .. }
            | Goal::Detached { .. }
            | Goal::Migrated { .. } => {}
        }
    }
    context.state = context.store.save(guard, &context.state, &state)?;
    Ok(())
}

/// The applications of a journal: as the state knows them, else as the journal does; where it
/// moves them, at their new address, which was confirmed when the journal was written.
pub(crate) fn from_context(
    context: &Context,
    value: &Value,
    plan_set: &PlanSet,
) -> Result<Vec<Target>> {
    let damaged = || Error::state("the journal does not say which applications it is about");
    let applications = value
        .get("applications")
        .and_then(Value::as_object)
        .ok_or_else(damaged)?;
    applications
        .iter()
        .map(|(alias, entry)| {
            let alias: Alias = alias.parse().map_err(|_| damaged())?;
            if let Some(mut target) = context.app(&alias) {
                let moved = plan_set.plans.iter().find_map(|plan| match &plan.goal {
                    Goal::Relocated { apps, .. } => apps.get(&alias),
                    _ => None,
                });
                if let Some(url) = moved {
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
                naming: AliasOrigin::Given,
            })
        })
        .collect()
}
