//! `applink migrate`

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::apply::confirm::Confirmation;
use crate::apply::provider::RemoteProvider;
use crate::apply::run::{Begin, Run};
use crate::context::{Context, Target};
use crate::domain::{Alias, Level};
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::observe::fan_out::ask_each;
use crate::observe::verification::scope;
use crate::plan::migrate::{LegacyEnd, impersonates, steps};
use crate::plan::{Goal, Plan, PlanSet, PlanSource, Policy};
use crate::remote::product::product;
use crate::remote::{ListedRecord, Session};
use crate::resolve::{AppArg, CloudSites, resolve};
use serde_json::json;

/// Move links from Trusted Applications and Basic to OAuth
///
/// Finds the links that still use the old means: all links of all known applications, or those that
/// are named. OAuth is set up on both ends first, with what the old means allowed: Trusted
/// Applications let an application act as any user, which is impersonation. The old means go when
/// the application finds OAuth in order at both ends, and not before.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    applink migrate --dry-run\n  \
    applink migrate jira wiki\n  \
    applink migrate --yes -o json\n\n\
    Where an application has no interface that ends the old means, the page that does is named, and\n\
    the exit code is 1, or 3 when OAuth was set up by this run.")]
pub struct Args {
    /// Only links of this application
    local: Option<AppArg>,

    /// Only the link of the two
    remote: Option<AppArg>,
}

/// One application as it was looked at.
struct Looked {
    target: Target,
    session: Arc<Session>,
    can_remove: bool,
    records: Vec<ListedRecord>,
}

/// Runs the command.
pub async fn run(args: Args, context: &mut Context) -> Result<Exit> {
    let lock = Run::lock(context, "migrate")?;
    let named: Vec<&AppArg> = args.local.iter().chain(&args.remote).collect();
    let resolved = resolve(context, &named, CloudSites::Refused).await?;
    let named: Vec<Target> = resolved.into_iter().map(|one| one.target).collect();
    if named.is_empty() {
        context.warn_no_apps();
    }
    let aliases: Vec<&str> = named.iter().map(|target| target.alias.as_str()).collect();
    let identity = json!({"links": aliases});
    let run = match lock.begin(context, &identity).await? {
        Begin::Resumed(exit) => return Ok(exit),
        Begin::New(run) => run,
    };
    let (looked, silent) = observe_applications(context, &named).await;
    let mut errors: Vec<Error> = silent
        .iter()
        .filter(|(alias, _)| named.is_empty() || aliases.contains(&alias.as_str()))
        .map(|(_, error)| error.clone())
        .collect();
    let mut parts = Vec::new();
    let mut concerned = BTreeSet::new();
    for (local, remote) in pairs(&looked, &named, &silent, &mut errors) {
        let ends = [end(local, remote), end(remote, local)];
        let [Some(here), Some(there)] = &ends else {
            errors.push(one_way(&ends, local, remote));
            continue;
        };
        parts.push(Plan {
            goal: Goal::Migrated {
                local: here.alias.clone(),
                remote: there.alias.clone(),
            },
            steps: steps(here, there),
            policy: Policy::Continue,
        });
        concerned.extend([here.alias.clone(), there.alias.clone()]);
        let left = [here, there].into_iter();
        errors.extend(
            left.filter(|one| one.is_legacy() && !one.can_remove)
                .map(by_hand),
        );
    }
    let plan_set = PlanSet {
        source: PlanSource::Goal,
        plans: parts,
    };
    let (mut targets, mut sessions) = (Vec::new(), Vec::new());
    for one in looked {
        if concerned.contains(&one.target.alias) {
            targets.push(one.target);
            sessions.push(one.session);
        }
    }
    let question = question(&plan_set);
    let estate = RemoteProvider::new(sessions);
    let run = run.targets(targets).confirmation(question).errors(errors);
    run.apply(context, plan_set, estate).await
}

/// Asks all applications in question for their records and what each uses.
async fn observe_applications(
    context: &Context,
    named: &[Target],
) -> (Vec<Looked>, Vec<(Alias, Error)>) {
    let mut targets = scope(context, named);
    targets.retain(|target| !context.needs_no_account(target));
    let answers = ask_each(context, "looking for old means", &targets, async |target| {
        observe_application(context, target).await
    })
    .await;
    let (mut looked, mut silent) = (Vec::new(), Vec::new());
    for (target, answer) in answers {
        match answer {
            Ok(one) => looked.push(one),
            Err(error) => silent.push((target.alias.clone(), error)),
        }
    }
    (looked, silent)
}

async fn observe_application(context: &Context, target: &Target) -> Result<Looked> {
    let session = context.session(target).await?;
    session.administrator().await?;
    let can_remove = session.capabilities().await?.migration;
    let records = session.listed().await?;
    Ok(Looked {
        target: target.clone(),
        session,
        can_remove,
        records,
    })
}

/// The links that use old means, each once. One whose other end cannot be looked at is trouble.
fn pairs<'a>(
    looked: &'a [Looked],
    named: &[Target],
    silent: &[(Alias, Error)],
    errors: &mut Vec<Error>,
) -> Vec<(&'a Looked, &'a Looked)> {
    let mut found: BTreeMap<(&Alias, &Alias), (&Looked, &Looked)> = BTreeMap::new();
    for local in looked {
        for record in &local.records {
            let has_legacy = record.legacy.incoming || record.legacy.outgoing;
            let about = &record.view.record;
            if !has_legacy || about.system {
                continue;
            }
            let remote = looked
                .iter()
                .find(|other| other.target.entry.id == about.id);
            let ends = [
                Some(&local.target.alias),
                remote.map(|one| &one.target.alias),
            ];
            let is_meant = |target: &Target| ends.contains(&Some(&target.alias));
            if named.len() == 1 && !named.iter().all(is_meant) {
                continue;
            }
            match remote {
                Some(remote) => {
                    let (a, b) = (&local.target.alias, &remote.target.alias);
                    let key = if a <= b { (a, b) } else { (b, a) };
                    found.entry(key).or_insert((local, remote));
                }
                // Told already, as an application that cannot be asked.
                None if named.is_empty() && !silent.is_empty() => {
                    errors.push(unknown(local, record));
                }
                None if named.len() < 2 => errors.push(unknown(local, record)),
                None => {}
            }
        }
    }
    found.into_values().collect()
}

fn unknown(local: &Looked, record: &ListedRecord) -> Error {
    let alias = &local.target.alias;
    Error::refused(format!(
        "the link {:?} on {alias} uses Trusted Applications or Basic, and its other end could not be looked at",
        record.view.record.name
    ))
    .hint("both ends are changed together: make the other one known with applink app add, or start it")
}

/// One end of a link, as the plan takes it.
fn end(here: &Looked, there: &Looked) -> Option<LegacyEnd> {
    let listed = here
        .records
        .iter()
        .find(|one| one.view.record.id == there.target.entry.id)?;
    let entry = &here.target.entry;
    Some(LegacyEnd {
        alias: here.target.alias.clone(),
        id: there.target.entry.id,
        name: listed.view.record.name.clone(),
        flags: listed.view.flags,
        trusted: listed.trusted,
        basic: listed.legacy.outgoing && !listed.trusted.outgoing,
        can_remove: here.can_remove,
        page: entry.url.join(product(&entry.type_id).admin_page),
    })
}

fn one_way(ends: &[Option<LegacyEnd>; 2], a: &Looked, b: &Looked) -> Error {
    let (holder, other) = if ends[0].is_some() { (a, b) } else { (b, a) };
    let (holder, other) = (&holder.target.alias, &other.target.alias);
    Error::refused(format!(
        "{holder} uses Trusted Applications or Basic towards {other}, which has no record of it: there is nothing to move"
    ))
    .hint(format!("make the other end first: applink create {holder} {other}"))
    .hint(format!("or remove it: applink delete {holder} {other} --one-side"))
}

/// What only a person can end, and where.
fn by_hand(end: &LegacyEnd) -> Error {
    let mut means = Vec::new();
    if end.trusted.incoming || end.trusted.outgoing {
        means.push("Trusted Applications");
    }
    if end.basic {
        means.push("Basic Access");
    }
    Error::refused(format!(
        "{} has no interface that ends {} on the link {:?}: once OAuth is on, end it on the page {}",
        end.alias,
        means.join(" and "),
        end.name,
        end.page
    ))
    .hint("there: edit the link, and switch it off under incoming and outgoing authentication; then run applink verify")
}

/// What is asked before: always, since what ends is not set up again.
fn question(plan_set: &PlanSet) -> Confirmation {
    let mut about: Vec<String> = plan_set
        .losses()
        .into_iter()
        .map(|loss| format!("this ends {loss}"))
        .collect();
    if impersonates(plan_set.steps()) {
        about.push(format!(
            "{} needs one user base on both ends, as Trusted Applications did",
            Level::Impersonation
        ));
    }
    if about.is_empty() {
        Confirmation::IfInteractive
    } else {
        Confirmation::Required(format!("{}.", about.join("; ")))
    }
}
