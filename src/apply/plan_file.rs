//! From a file of wanted links to what has to be done: read, looked at, planned. What `plan` shows
//! and `apply` carries out.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::context::{Context, Target};
use crate::desired::{DesiredState, MAX_SIZE, PublicKeySource, read};
use crate::domain::{Alias, ApplicationId, Level, Record, pair_key};
use crate::error::{Error, Result};
use crate::oauth::{files, formats};
use crate::observe::ends::Access;
use crate::observe::inventory::{AppInventory, Inventory, RecordDetail, survey};
use crate::plan::file::{
    Action, FileKey, FilePlan, KnownConsumer, KnownLink, ObservedApp, ObservedState, plan,
};
use crate::plan::{PlanSet, PlanSource, RelocationMethod};
use crate::remote::session::SystemRights;
use crate::remote::{Session, fleet};
use crate::resolve::{AppArg, CloudSites, Resolved, resolve};
use crate::state::State;

/// A file, and what it comes to.
pub(crate) struct Planned {
    pub(crate) outcome: FilePlan,
    pub(crate) estate: ObservedState,
    /// The applications of the file that are needed.
    pub(crate) targets: Vec<Target>,
    pub(crate) sessions: BTreeMap<Alias, Arc<Session>>,
    /// Applications that could not be asked; their links are left out.
    pub(crate) errors: Vec<(Alias, Error)>,
}

impl Planned {
    /// What is to be carried out.
    pub(crate) fn plan_set(&self) -> PlanSet {
        let parts = self.outcome.items.iter();
        PlanSet {
            source: PlanSource::File,
            plans: parts.map(|part| part.plan.clone()).collect(),
        }
    }

    /// Why something of the file could not be planned.
    pub(crate) fn failures(&self) -> impl Iterator<Item = &Error> {
        let errors = self.errors.iter().map(|(_, error)| error);
        errors.chain(&self.outcome.refused)
    }
}

/// Whether a path stands for standard input.
pub(crate) fn is_standard_input(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// What a file is called in messages.
pub(crate) fn called(path: &Path) -> String {
    if is_standard_input(path) {
        "standard input".to_owned()
    } else {
        path.display().to_string()
    }
}

/// The bytes of a file, up to a limit that no real one reaches.
pub(crate) fn load(path: &Path, limit: usize) -> Result<Vec<u8>> {
    let failed =
        |error: std::io::Error| Error::usage(format!("{} cannot be read: {error}", called(path)));
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    if is_standard_input(path) {
        let input = std::io::stdin().lock();
        input.take(most).read_to_end(&mut bytes).map_err(failed)?;
    } else {
        let file = std::fs::File::open(path).map_err(failed)?;
        file.take(most).read_to_end(&mut bytes).map_err(failed)?;
    }
    Ok(bytes)
}

/// Reads what a file wants.
pub(crate) fn read_desired(path: &Path, bytes: &[u8]) -> Result<DesiredState> {
    let variable = |name: &str| std::env::var(name).ok();
    read(&called(path), bytes, &variable)
}

/// The limit of such a file.
pub(crate) const LIMIT: usize = MAX_SIZE;

/// Looks at the applications of a file, and plans. `writes` makes sure that they can be changed.
pub(crate) async fn planned(
    context: &Context,
    path: &Path,
    wanted: &DesiredState,
    prune: bool,
    writes: bool,
) -> Result<Planned> {
    let keys = keys(path, wanted)?;
    let resolved = applications(context, path, wanted).await?;
    let ids: BTreeMap<Alias, ApplicationId> = resolved
        .iter()
        .map(|one| (one.target.alias.clone(), one.target.entry.id))
        .collect();
    let asks: Vec<(Resolved, Access)> = resolved
        .into_iter()
        // Of one that takes no part nothing needs to be known.
        .filter(|one| prune || !wanted.is_unused(&one.target.alias))
        .map(|one| {
            let far =
                wanted.needs_no_account(&one.target.alias) && !context.has_credential(&one.target);
            let access = if far {
                Access::Anybody
            } else {
                Access::Administrator
            };
            (one, access)
        })
        .collect();
    let targets: Vec<Target> = asks.iter().map(|(one, _)| one.target.clone()).collect();
    let registers: BTreeSet<&Alias> = wanted.consumers.iter().map(|one| &one.on).collect();
    let by_id: BTreeMap<ApplicationId, &Alias> =
        ids.iter().map(|(alias, id)| (*id, alias)).collect();
    let pairs: BTreeSet<(&Alias, &Alias)> = wanted
        .links
        .iter()
        .map(|link| pair_key(&link.between[0], &link.between[1]))
        .collect();
    let wish = |on: &Alias, record: &Record| {
        let other = by_id.get(&record.id);
        let is_meant = other.is_some_and(|other| prune || pairs.contains(&pair_key(on, other)));
        let registers = registers.contains(on);
        RecordDetail {
            flags: is_meant || (registers && record.type_id.is_generic()),
            legacy: false,
            // Also of other links: a consumer key is nobody else's.
            consumers: registers && !record.system,
        }
    };
    let seen = survey(context, asks, writes, wish).await;
    let ways = ways(&seen, wanted).await;
    let sessions = seen
        .apps
        .iter()
        .map(|(alias, one)| (alias.clone(), Arc::clone(&one.session)))
        .collect();
    let Inventory { apps, errors } = seen;
    let bits = apps.values().flat_map(|one| one.bits.clone()).collect();
    let estate = ObservedState {
        bits,
        apps: apps
            .into_iter()
            .map(|(alias, one)| {
                let way = ways
                    .get(&alias)
                    .copied()
                    .unwrap_or(RelocationMethod::Checked);
                (alias, as_seen(one, way))
            })
            .collect(),
        keys,
        ..remembered(context.state.state())
    };
    let mut outcome = plan(&estate, wanted, prune)?;
    refuse_impersonation(&sessions, &mut outcome).await;
    Ok(Planned {
        outcome,
        estate,
        targets,
        sessions,
        errors,
    })
}

/// The applications of the file, as they are known or found.
async fn applications(
    context: &Context,
    path: &Path,
    wanted: &DesiredState,
) -> Result<Vec<Resolved>> {
    for (alias, application) in &wanted.applications {
        if let Some(known) = context.state.state().application(alias)
            && !application.url.candidates().contains(&known.url)
        {
            return Err(Error::conflict(format!(
                "{}:{}: {alias} is known at {}, and the file says {}",
                called(path),
                application.at,
                known.url,
                application.url
            ))
            .hint(format!(
                "if it moved: applink relocate {alias} {}",
                application.url
            ))
            .hint("if it is another application, give it another alias"));
        }
    }
    let args: Vec<AppArg> = wanted
        .applications
        .iter()
        .map(|(alias, one)| AppArg::Named(alias.clone(), one.url.clone()))
        .collect();
    resolve(
        context,
        &args.iter().collect::<Vec<_>>(),
        CloudSites::Refused,
    )
    .await
}

/// The public keys that the file gives; relative paths start at the file.
fn keys(path: &Path, wanted: &DesiredState) -> Result<BTreeMap<usize, FileKey>> {
    let mut keys = BTreeMap::new();
    for (n, consumer) in wanted.consumers.iter().enumerate() {
        let wrong = |why: String| {
            Error::usage(format!(
                "{}:{}: the public key of {:?}: {why}",
                called(path),
                consumer.at,
                consumer.name
            ))
        };
        let bytes = match &consumer.public_key {
            None => continue,
            Some(PublicKeySource::Inline(text)) => text.as_bytes().to_vec(),
            Some(PublicKeySource::File(file)) => {
                let file = beside(path, file);
                let read = files::read(&file).map_err(|fault| wrong(fault.at(&file).message))?;
                read.bytes.to_vec()
            }
        };
        let found = formats::read(&bytes).map_err(|fault| wrong(fault.to_string()))?;
        if found.is_private() {
            return Err(wrong(
                "it is a private one, which has no place here".to_owned(),
            ));
        }
        let public = found
            .public(None)
            .map_err(|fault| wrong(fault.to_string()))?;
        let key = FileKey {
            base64: public.base64(),
            fingerprint: public.fingerprint(),
            bits: public.bits,
        };
        keys.insert(n, key);
    }
    Ok(keys)
}

fn beside(path: &Path, file: &Path) -> PathBuf {
    path.parent().unwrap_or(Path::new("")).join(file)
}

/// How addresses of records can be changed, on the applications where one may have to be.
async fn ways(seen: &Inventory, wanted: &DesiredState) -> BTreeMap<Alias, RelocationMethod> {
    let moved: BTreeSet<&Alias> = wanted
        .links
        .iter()
        .flat_map(|link| link.application_urls.keys())
        .collect();
    let asked = moved.into_iter().filter_map(|alias| seen.apps.get(alias));
    fleet::each(asked, |one| async {
        // Without the rights of a system administrator the record is written anew.
        let way = match one.session.system_administrator().await {
            SystemRights::No if one.status => RelocationMethod::Rewritten,
            _ => RelocationMethod::Checked,
        };
        (one.target.alias.clone(), way)
    })
    .await
    .into_iter()
    .collect()
}

fn as_seen(one: AppInventory, way: RelocationMethod) -> ObservedApp {
    let records = one.records.into_iter();
    ObservedApp {
        alias: one.target.alias,
        url: one.target.entry.url,
        manifest: one.manifest,
        records: records.map(|(id, kept)| (id, kept.view)).collect(),
        consumers: one.consumers,
        supports_consumers: one.status,
        method: way,
        needs_no_account: one.access == Access::Anybody,
    }
}

/// What the state remembers.
fn remembered(state: &State) -> ObservedState {
    let links = state.links.iter().map(|link| {
        let [a, b] = &link.between;
        let (first, second) = pair_key(a, b);
        let levels = [a, b]
            .into_iter()
            .map(|alias| (alias.clone(), link.auth.level_from(alias)))
            .filter(|(_, level)| *level != Level::Unknown)
            .collect();
        let holders = match &link.one_way {
            Some(holder) => vec![holder.clone()],
            None => vec![a.clone(), b.clone()],
        };
        let remembered = KnownLink {
            levels,
            holders,
            last_applied: link.last_applied.clone(),
        };
        ((first.clone(), second.clone()), remembered)
    });
    let consumers = state.consumers.iter().map(|one| {
        let remembered = KnownConsumer {
            id: one.id,
            key: one.key.clone(),
            fingerprint: one.fingerprint.clone(),
            bits: one.bits,
            key_file: one.key_file.as_ref().map(|path| path.display().to_string()),
            two_legged: one.two_legged,
            impersonation: one.impersonation,
        };
        ((one.on.clone(), one.name.clone()), remembered)
    });
    ObservedState {
        links: links.collect(),
        consumers: consumers.collect(),
        ..ObservedState::default()
    }
}

/// Calls as any user are allowed by system administrators: where the product tells that the account
/// is none, that link is left out while nothing is changed.
async fn refuse_impersonation(sessions: &BTreeMap<Alias, Arc<Session>>, outcome: &mut FilePlan) {
    let concerned: BTreeSet<Alias> = outcome
        .items
        .iter()
        .filter(|part| part.impersonates)
        .flat_map(|part| part.plan.steps.iter().map(|step| step.on().clone()))
        .collect();
    let asked: Vec<Arc<Session>> = concerned
        .iter()
        .filter_map(|alias| sessions.get(alias).cloned())
        .collect();
    let refused: BTreeMap<Alias, Error> = fleet::each(asked, |session| async move {
        let one = [Arc::clone(&session)];
        let error = crate::observe::ends::may_impersonate(&one).await.err()?;
        Some((session.alias().clone(), error))
    })
    .await
    .into_iter()
    .flatten()
    .collect();
    outcome.items.retain(|part| {
        !part.impersonates
            || !part
                .plan
                .steps
                .iter()
                .any(|step| refused.contains_key(step.on()))
    });
    outcome.refused.extend(refused.into_values());
}

/// What has to be confirmed, also by scripts.
pub(crate) fn question(outcome: &FilePlan) -> Option<String> {
    let mut about = Vec::new();
    let deleted = outcome
        .changes()
        .filter(|change| change.action == Action::Delete)
        .count();
    match deleted {
        0 => {}
        1 => about.push("This deletes a link.".to_owned()),
        n => about.push(format!("This deletes {n} links.")),
    }
    let plan_set = PlanSet {
        source: crate::plan::PlanSource::File,
        // What a delete loses is said by its number.
        plans: outcome
            .items
            .iter()
            .filter(|part| part.changes.iter().all(|one| one.action != Action::Delete))
            .map(|part| part.plan.clone())
            .collect(),
    };
    let losses = plan_set.losses();
    if !losses.is_empty() {
        about.push(format!("This ends {}.", losses.join("; ")));
    }
    if outcome.items.iter().any(|part| part.impersonates) {
        about.push(
            "With impersonation applications call each other as any user, without a password: they must share one user base."
                .to_owned(),
        );
    }
    (!about.is_empty()).then(|| about.join(" "))
}

/// What could not be planned, with the application where one is to blame.
pub(crate) fn errors(planned: &Planned) -> Vec<(Option<&Alias>, &Error)> {
    let asked = planned.errors.iter();
    asked
        .map(|(alias, error)| (Some(alias), error))
        .chain(planned.outcome.refused.iter().map(|error| (None, error)))
        .collect()
}

/// What a person should know, and may not want.
pub(crate) fn mention(context: &Context, outcome: &FilePlan) {
    let ui = &context.ui;
    for note in &outcome.notes {
        ui.note(note);
    }
    for warning in &outcome.warnings {
        ui.warn(&warning.message);
        for hint in &warning.hints {
            ui.hint(hint);
        }
    }
}

/// What could not be planned, and what else a person should know.
pub(crate) fn print_problems(context: &Context, planned: &Planned) {
    let ui = &context.ui;
    mention(context, &planned.outcome);
    if ui.is_json() {
        return;
    }
    for (alias, error) in errors(planned) {
        ui.warn(&match alias {
            Some(alias) => format!("links of {alias} are left out: {}", error.message),
            None => error.message.clone(),
        });
        for hint in &error.hints {
            ui.hint(hint);
        }
    }
}
