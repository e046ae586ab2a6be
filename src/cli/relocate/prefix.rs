//! Everything under one address follows to another: a domain that moved.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::apply::keyring;
use crate::apply::provider::RemoteProvider;
use crate::apply::run::{Begin, Run};
use crate::context::{Context, Target};
use crate::credentials::CredentialSource;
use crate::domain::{Alias, ApplicationId, BaseUrl, Manifest, Record, TypeId};
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::observe::fan_out::ask_each;
use crate::observe::relocation::{known_holders, new_origin, same, way};
use crate::plan::relocate::relocation_steps;
use crate::plan::{Goal, Plan, Policy, RelocationMethod, Step};
use crate::remote::tls::TlsFiles;
use crate::remote::{Session, fleet};
use serde_json::json;

/// What moved where.
pub(super) struct Moving {
    from: BaseUrl,
    to: BaseUrl,
    /// Only records on these.
    on: Vec<Alias>,
    force: bool,
}

/// A record that has to follow.
struct Follower {
    on: Alias,
    record: Record,
    way: RelocationMethod,
    /// Its new application URL, where that is under the old address.
    rpc_url: Option<BaseUrl>,
    /// Its new display URL, where that is.
    display_url: Option<BaseUrl>,
}

impl Follower {
    /// Where its application has to show who it is.
    fn address_to_check(&self) -> Option<&BaseUrl> {
        self.rpc_url.as_ref().or(self.display_url.as_ref())
    }
}

/// What a new address said of itself; nothing where that was not needed.
type ManifestsByAddress = BTreeMap<(ApplicationId, BaseUrl), Result<Option<Manifest>>>;

impl Moving {
    pub(super) fn new(from: &BaseUrl, to: &BaseUrl, on: &[Alias], force: bool) -> Result<Self> {
        if from == to {
            return Err(Error::usage("--from and --to are the same address"));
        }
        if from.is_https() && !to.is_https() && !force {
            return Err(Error::refused(format!(
                "{from} is reached over https, and {to} is not: every call and log-in would be in clear"
            ))
            .hint("if that is what you want: --force"));
        }
        Ok(Self {
            from: from.clone(),
            to: to.clone(),
            on: on.to_vec(),
            force,
        })
    }

    /// The new place of an address that lies under the old one. Where the new one lies under the
    /// old one too, what is there already has moved.
    fn moved(&self, url: &BaseUrl) -> Option<BaseUrl> {
        let is_inside = self.to.below(&self.from).is_some();
        if is_inside && url.below(&self.to).is_some() {
            return None;
        }
        url.moved(&self.from, &self.to)
    }

    fn moved_text(&self, url: &str) -> Option<BaseUrl> {
        self.moved(&BaseUrl::parse(url).ok()?)
    }
}

/// Runs the command.
pub(super) async fn run(moving: Moving, context: &mut Context) -> Result<Exit> {
    let lock = Run::lock(context, "relocate")?;
    let identity = json!({"from": moving.from.to_string(), "to": moving.to.to_string(), "on": moving.on, "force": moving.force});
    let run = match lock.begin(context, &identity).await? {
        Begin::Resumed(exit) => return Ok(exit),
        Begin::New(run) => run,
    };
    known_holders(context, &moving.on)?;
    let mut shown = ManifestsByAddress::new();
    let moved = applications(context, &moving, &mut shown).await;
    let unasked = confirm(context, &moved)?;
    keep_secrets(context, &moved).await;
    let (followers, sessions, mut errors) = followers(context, &moving, &moved, &unasked).await;
    records(context, &moving, &followers, &mut shown).await;
    let mut steps = Vec::new();
    let mut apps: BTreeMap<Alias, String> = moved
        .iter()
        .map(|target| (target.alias.clone(), target.entry.url.to_string()))
        .collect();
    for follower in &followers {
        steps.extend(steps_of(follower, &shown));
    }
    // One that cannot show who it is is told once, whoever has records of it.
    errors.extend(shown.into_values().filter_map(Result::err));
    let mut told = BTreeSet::new();
    errors.retain(|error| told.insert(error.message.clone()));
    if steps.is_empty() && apps.is_empty() && errors.is_empty() {
        context.ui.note(&format!(
            "no known application, and none of their records, lies under {}",
            moving.from
        ));
    }
    if !errors.is_empty() && steps.is_empty() {
        apps.clear();
    }
    let holders: BTreeSet<&Alias> = followers.iter().map(|follower| &follower.on).collect();
    let mut targets = moved;
    for alias in holders {
        if !targets.iter().any(|target| target.alias == *alias) {
            targets.extend(context.app(alias));
        }
    }
    let run = run.targets(targets).errors(errors);
    let plan = Plan {
        goal: Goal::Relocated {
            from: moving.from.to_string(),
            to: moving.to.to_string(),
            apps,
        },
        steps,
        policy: Policy::Continue,
    };
    // Where secrets go was asked before the first of them went there.
    run.apply(context, plan, RemoteProvider::new(sessions))
        .await
}

/// The known applications that moved, at their new addresses, once these have shown who they are.
async fn applications(
    context: &Context,
    moving: &Moving,
    shown: &mut ManifestsByAddress,
) -> Vec<Target> {
    let moved: Vec<(Target, BaseUrl)> = context
        .all_known()
        .into_iter()
        .filter_map(|target| {
            let url = moving.moved(&target.entry.url)?;
            Some((target, url))
        })
        .collect();
    let progress = context
        .ui
        .fleet("asking the new addresses who they are", moved.len());
    let answers = fleet::each(moved, |(target, url)| {
        let progress = &progress;
        async move {
            let turn = progress.begin(target.alias.as_str());
            let session = context.session_as(&target, &url, None);
            let entry = &target.entry;
            let who = target.alias.as_str();
            let answer =
                check_identity(&session, who, (entry.id, &entry.type_id), moving.force).await;
            if answer.is_ok() {
                turn.done();
            }
            (target, url, answer)
        }
    })
    .await;
    let mut found = Vec::new();
    for (mut target, url, answer) in answers {
        if answer.is_ok() {
            target.entry.url = url.clone();
            found.push(target.clone());
        }
        shown.insert((target.entry.id, url), answer);
    }
    found
}

/// Asks, before any secret goes to another origin. Gives those that may not be asked for their
/// records: a dry run asks nobody anything.
fn confirm(context: &Context, moved: &[Target]) -> Result<BTreeSet<Alias>> {
    let elsewhere: Vec<&Target> = moved
        .iter()
        .filter(|target| {
            context
                .app(&target.alias)
                .is_some_and(|before| before.entry.url.origin() != target.entry.url.origin())
        })
        .collect();
    if elsewhere.is_empty() || context.ui.options().yes {
        return Ok(BTreeSet::new());
    }
    if context.settings.dry_run {
        for target in &elsewhere {
            context.ui.note(&format!(
                "{} was not asked for its own records: that would send its administrator's secret to {}, which --yes allows",
                target.alias,
                target.entry.url.origin()
            ));
        }
        return Ok(elsewhere
            .iter()
            .map(|target| target.alias.clone())
            .collect());
    }
    let about: Vec<String> = elsewhere
        .iter()
        .map(|target| new_origin(&target.alias, &target.entry.url))
        .collect();
    let question = format!("{}. Go ahead?", about.join("; "));
    if context.ui.confirm(&question, "--yes")? {
        Ok(BTreeSet::new())
    } else {
        Err(Error::refused("not confirmed; nothing was changed"))
    }
}

/// The new addresses are asked for their records, with secrets that the keyring has for the old ones.
async fn keep_secrets(context: &Context, moved: &[Target]) {
    if context.settings.dry_run {
        return;
    }
    for target in moved {
        if let Some(old) = context.app(&target.alias)
            && old.entry.credential == Some(CredentialSource::Keyring)
        {
            keyring::copy(context, &old, &target.entry.url).await;
        }
    }
}

/// The records under the old address, on all applications that are asked.
async fn followers(
    context: &Context,
    moving: &Moving,
    moved: &[Target],
    unasked: &BTreeSet<Alias>,
) -> (Vec<Follower>, Vec<Arc<Session>>, Vec<Error>) {
    let candidates: Vec<Target> = context
        .all_known()
        .into_iter()
        .filter(|target| !unasked.contains(&target.alias))
        .filter(|target| match moving.on.as_slice() {
            [] => !context.needs_no_account(target),
            on => on.contains(&target.alias),
        })
        .map(|target| {
            let now = moved.iter().find(|now| now.alias == target.alias);
            now.cloned().unwrap_or(target)
        })
        .collect();
    let looked = ask_each(context, "looking for links", &candidates, async |target| {
        on_one(context, moving, target).await
    })
    .await;
    let (mut followers, mut sessions, mut errors) = (Vec::new(), Vec::new(), Vec::new());
    for (_, outcome) in looked {
        match outcome {
            Ok((found, session)) => {
                followers.extend(found);
                sessions.push(session);
            }
            Err(error) => errors.push(error),
        }
    }
    (followers, sessions, errors)
}

async fn on_one(
    context: &Context,
    moving: &Moving,
    target: &Target,
) -> Result<(Vec<Follower>, Arc<Session>)> {
    let credential = context.credential_for(target, &target.entry.url).await?;
    let session = context.session_as(target, &target.entry.url, Some(&credential));
    let mut found = Vec::new();
    for record in session.records().await? {
        if record
            .rpc_url
            .iter()
            .any(|url| url.contains(char::is_control))
        {
            return Err(Error::refused(format!(
                "{} names an address with control characters for the link {:?}: whether it has to follow is not known",
                target.alias, record.name
            )));
        }
        let rpc_url = record
            .rpc_url
            .as_deref()
            .and_then(|url| moving.moved_text(url));
        let display_url = moving.moved_text(&record.display_url);
        if rpc_url.is_none() && display_url.is_none() {
            continue;
        }
        if record.system {
            context.ui.warn(&format!(
                "the link {:?} on {} is a system link, which the product manages by itself; it is left as it is",
                record.name, target.alias
            ));
            continue;
        }
        found.push(Follower {
            on: target.alias.clone(),
            record,
            way: RelocationMethod::Checked,
            rpc_url,
            display_url,
        });
    }
    if found.iter().any(|one| one.rpc_url.is_some()) {
        let way = way(&session, moving.force).await?;
        for one in &mut found {
            one.way = way;
        }
    }
    found.sort_by(|a, b| (&a.record.name, a.record.id).cmp(&(&b.record.name, b.record.id)));
    Ok((found, session))
}

/// Asks each new address that a record is to get who it is, once.
async fn records(
    context: &Context,
    moving: &Moving,
    followers: &[Follower],
    shown: &mut ManifestsByAddress,
) {
    let mut places: BTreeMap<(ApplicationId, BaseUrl), &Follower> = BTreeMap::new();
    for follower in followers {
        if let Some(place) = follower.address_to_check() {
            let key = (follower.record.id, place.clone());
            if !shown.contains_key(&key) {
                places.entry(key).or_insert(follower);
            }
        }
    }
    let progress = context
        .ui
        .fleet("asking the new addresses who they are", places.len());
    let answers = fleet::each(places, |((id, url), follower)| {
        let progress = &progress;
        async move {
            let known = crate::resolve::by_id(context, id);
            let who = known.as_ref().map_or_else(
                || format!("{:?}, which {} knows,", follower.record.name, follower.on),
                |target| target.alias.to_string(),
            );
            let turn = progress.begin(&who);
            let record = &follower.record;
            let answer = if record.type_id.is_generic() {
                generic(&who, &url, moving.force)
            } else {
                let tls = known
                    .map(|target| context.tls_files(&target.entry).authorities)
                    .unwrap_or_default();
                let tls = TlsFiles {
                    authorities: tls,
                    ..TlsFiles::default()
                };
                let session =
                    Session::without_alias(url.clone(), tls, Arc::clone(&context.transport));
                check_identity(&session, &who, (id, &record.type_id), moving.force).await
            };
            if answer.is_ok() {
                turn.done();
            }
            ((id, url), answer)
        }
    })
    .await;
    shown.extend(answers);
}

/// A program without a manifest cannot show who it is.
fn generic(who: &str, url: &BaseUrl, force: bool) -> Result<Option<Manifest>> {
    if force {
        return Ok(None);
    }
    Err(Error::refused(format!(
        "{who} is no Atlassian application and cannot show that it answers at {url}: its links are left as they are"
    ))
    .hint("to let them follow all the same: --force"))
}

/// Asks an address who it is, without any account, and refuses another application.
async fn check_identity(
    session: &Session,
    who: &str,
    expected: (ApplicationId, &TypeId),
    force: bool,
) -> Result<Option<Manifest>> {
    let url = session.url();
    match session.manifest().await {
        Ok(manifest) => {
            same(who, expected.0, expected.1, manifest, url)?;
            Ok(Some(manifest.clone()))
        }
        Err(error) => {
            let error = Error::from(error);
            if force && matches!(error.kind, Kind::Unreachable | Kind::Refused) {
                return Ok(None);
            }
            let error = Error::new(
                Kind::Unreachable,
                format!("{who} does not answer at {url}: {}", error.message),
            );
            Err(error.hint("to relocate although nobody answers there now: --force"))
        }
    }
}

/// What lets one record follow; nothing where its application has not shown who it is.
fn steps_of(follower: &Follower, shown: &ManifestsByAddress) -> Vec<Step> {
    let Some(place) = follower.address_to_check() else {
        return Vec::new();
    };
    let key = (follower.record.id, place.clone());
    let Some(Ok(manifest)) = shown.get(&key) else {
        return Vec::new();
    };
    let base_url = manifest
        .as_ref()
        .and_then(|manifest| manifest.url.as_deref())
        .and_then(|url| BaseUrl::parse(url).ok());
    // An address for people that did not move stays, whatever a relocation makes of it.
    let display_url = follower
        .display_url
        .as_ref()
        .map_or_else(|| follower.record.display_url.clone(), ToString::to_string);
    relocation_steps(
        &follower.on,
        &follower.record,
        follower.way,
        follower.rpc_url.as_ref(),
        base_url.as_ref(),
        Some(&display_url),
    )
}
