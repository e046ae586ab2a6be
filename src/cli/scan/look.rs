//! Looking at one copy. Only what it knows by itself is asked: the products' own status, and their
//! older list, would make it call its peers, and those are production.

use std::sync::Arc;

use crate::cli::scan::found::ScanFinding;
use crate::cli::scan::scope::Scope;
use crate::context::{Context, Target};
use crate::domain::{
    Alias, BaseUrl, Consumer, Directions, Flags, Level, Manifest, PublicKey, Record,
};
use crate::error::{Error, Result};
use crate::observe::relocation::way;
use crate::plan::detach::{DetachRemedy, NewAddress, ProductionReference};
use crate::remote::product::product;
use crate::remote::tls::TlsFiles;
use crate::remote::{Session, fleet};

/// What was seen of one copy.
pub(super) struct ScannedApp {
    pub(super) findings: Vec<Finding>,
    pub(super) session: Arc<Session>,
    pub(super) errors: Vec<Error>,
}

/// Something that still points at production.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Finding {
    /// The copy.
    pub(super) app: Alias,
    /// What it is.
    pub(super) kind: ReferenceKind,
    /// The record that it is in.
    pub(super) record: Option<Record>,
    /// The name of it.
    pub(super) name: String,
    /// Who would call.
    pub(super) from: String,
    /// Who would be called.
    pub(super) to: String,
    /// What is on.
    pub(super) levels: Option<Directions<Level>>,
    /// How it came to be found, and what is to be known.
    pub(super) detail: String,
    /// The record as the plan takes it.
    pub(super) stray: Option<ProductionReference>,
}

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum ReferenceKind {
    /// A record of a production application.
    Link,
    /// The consumer of a production program.
    Consumer,
    /// The copy believes to be at production's address.
    BaseUrl,
    /// The copy has the id of a known production application.
    Copy,
    /// The consumer key that it signs with is production's.
    ConsumerKey,
}

impl ReferenceKind {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::Consumer => "consumer",
            Self::BaseUrl => "base-url",
            Self::Copy => "copy",
            Self::ConsumerKey => "consumer-key",
        }
    }
}

/// Looks at one copy.
pub(super) async fn copy(context: &Context, scope: &Scope, target: &Target) -> Result<ScannedApp> {
    let session = context.session(target).await?;
    let manifest = session.manifest().await?.clone();
    session.administrator().await?;
    let is_old = !session.capabilities().await?.status;
    let records = session.passive_records().await?;
    let looked = fleet::each(records, |record| {
        let (session, manifest) = (&session, &manifest);
        async move { one(context, scope, target, session, manifest, record).await }
    })
    .await;
    let (mut links, mut errors) = (Vec::new(), Vec::new());
    for outcome in looked {
        match outcome {
            Ok(found) => {
                for (finding, trouble) in found {
                    links.push(finding);
                    errors.extend(trouble);
                }
            }
            Err(error) => errors.push(error),
        }
    }
    if is_old && !links.is_empty() {
        context.ui.note(&format!(
            "{}: its version does not tell, without calling its peers, whether Trusted Applications let them in: see {}",
            target.alias,
            target
                .entry
                .url
                .join(product(&target.entry.type_id).admin_page)
        ));
    }
    links.sort_by(|a, b| (a.kind, &a.name, &a.to).cmp(&(b.kind, &b.name, &b.to)));
    let mut findings = itself(context, scope, target, &manifest);
    findings.append(&mut links);
    if !findings.is_empty() {
        match session.own_consumer().await {
            Ok(consumer) => findings.push(key(target, consumer)),
            Err(error) => errors.push(error.into()),
        }
    }
    Ok(ScannedApp {
        findings,
        session,
        errors,
    })
}

/// What the copy believes to be.
fn itself(context: &Context, scope: &Scope, target: &Target, manifest: &Manifest) -> Vec<Finding> {
    let finding = |kind, name: String, to: String, detail: String| Finding {
        app: target.alias.clone(),
        kind,
        record: None,
        name,
        from: target.entry.url.to_string(),
        to,
        levels: None,
        detail,
        stray: None,
    };
    let mut findings = Vec::new();
    for (alias, entry) in &context.state.state().applications {
        if entry.id == manifest.id && scope.from.matches(&entry.url) {
            findings.push(finding(
                ReferenceKind::Copy,
                alias.to_string(),
                entry.url.to_string(),
                format!("it has the application id of {alias}, as a copy does: they cannot be linked with each other, and to their partners they are one"),
            ));
        }
    }
    if let Some(url) = &manifest.url
        && scope.from.matches_text(url).is_some()
    {
        findings.push(finding(
            ReferenceKind::BaseUrl,
            manifest.name.clone(),
            url.clone(),
            "its own base URL is production's: mails, links and log-ins made there lead to production; no interface changes it, its general configuration does".to_owned(),
        ));
    }
    findings
}

/// The identity that a copy keeps.
fn key(target: &Target, consumer: &Consumer) -> Finding {
    let fingerprint = consumer
        .public_key
        .as_ref()
        .map(PublicKey::fingerprint)
        .unwrap_or_default();
    let start = fingerprint.get(..16).unwrap_or(&fingerprint);
    Finding {
        app: target.alias.clone(),
        kind: ReferenceKind::ConsumerKey,
        record: None,
        name: consumer.key.clone(),
        from: target.entry.url.to_string(),
        to: "production's partners".to_owned(),
        levels: None,
        detail: format!(
            "it signs as {:?} (SHA256:{start}), which a copy keeps from production: it can call production's partners as production; no interface changes the key, so its network must not reach them",
            consumer.key
        ),
        stray: None,
    }
}

/// What one record has to do with production.
async fn one(
    context: &Context,
    scope: &Scope,
    target: &Target,
    session: &Arc<Session>,
    own: &Manifest,
    record: Record,
) -> Result<Vec<(Finding, Option<Error>)>> {
    let found = ScanFinding::of(context, scope, own, &record);
    let consumers = if record.type_id.is_generic() {
        session.stored_consumers(record.id).await?
    } else {
        Vec::new()
    };
    let programs: Vec<&Consumer> = consumers
        .iter()
        .filter(|consumer| {
            let there = |url: &String| scope.from.matches_text(url).is_some();
            found.is_any() || consumer.callback.as_ref().is_some_and(there)
        })
        .collect();
    if !found.is_any() && programs.is_empty() {
        near(context, scope, target, &record);
        return Ok(Vec::new());
    }
    let (flags, legacy, mut trouble) = switches(session, &record).await?;
    let mut levels = flags.map(Level::from);
    if legacy && levels.outgoing == Level::None {
        levels.outgoing = Level::Legacy;
    }
    let (mend, detail) = mend(context, scope, session, &record, &found, flags, legacy).await?;
    let stray = ProductionReference {
        on: target.alias.clone(),
        record: record.clone(),
        flags,
        legacy,
        remedy: mend,
    };
    let here = target.entry.url.to_string();
    let mut all = Vec::new();
    if found.is_any() {
        let finding = Finding {
            app: target.alias.clone(),
            kind: ReferenceKind::Link,
            name: record.name.clone(),
            from: here.clone(),
            to: found.callee(&record),
            levels: Some(levels),
            detail: format!("{}; {detail}", found.words()),
            record: Some(record.clone()),
            stray: Some(stray.clone()),
        };
        all.push((finding, trouble.take()));
    }
    for program in programs {
        let (stray, detail) = if found.is_any() {
            (None, "it goes with its link".to_owned())
        } else {
            (Some(stray.clone()), detail.clone())
        };
        let finding = Finding {
            app: target.alias.clone(),
            kind: ReferenceKind::Consumer,
            name: program.name.clone().unwrap_or_else(|| program.key.clone()),
            from: program
                .callback
                .clone()
                .unwrap_or_else(|| found.callee(&record)),
            to: here.clone(),
            levels: Some(levels),
            detail: format!("consumer {:?}; {detail}", program.key),
            record: Some(record.clone()),
            stray,
        };
        all.push((finding, trouble.take()));
    }
    Ok(all)
}

/// What is switched on for a record; what could not be read of it is trouble.
async fn switches(
    session: &Session,
    record: &Record,
) -> Result<(Directions<Flags>, bool, Option<Error>)> {
    if !session.capabilities().await?.status {
        let quiet = session.passive_switches(record.id).await?;
        return Ok((quiet.flags, quiet.legacy, None));
    }
    let flags = session.flags(record.id).await?;
    let flags = flags.unwrap_or(Directions::both(Flags::NONE));
    if !record.type_id.is_atlassian() || record.system {
        return Ok((flags, false, None));
    }
    Ok(match session.outgoing_legacy(record.id).await {
        Ok(legacy) => (flags, legacy, None),
        Err(error) => (flags, false, Some(Error::from(error))),
    })
}

/// Says what a star of one part leaves out, and one of any number would not.
fn near(context: &Context, scope: &Scope, target: &Target, record: &Record) {
    if let Some(url) = record.application_url()
        && scope.from.nearly_matches(&url)
    {
        context.ui.note(&format!(
            "{}: {:?} at {url} is not in {}, in which a star stands for one part of a name; ** stands for more",
            target.alias, record.name, scope.from
        ));
    }
}

/// What becomes of a record, and why.
async fn mend(
    context: &Context,
    scope: &Scope,
    session: &Arc<Session>,
    record: &Record,
    found: &ScanFinding,
    flags: Directions<Flags>,
    legacy: bool,
) -> Result<(DetachRemedy, String)> {
    let leave = |why: &str| Ok((DetachRemedy::Leave, why.to_owned()));
    if record.system {
        return leave(
            "a system link, which the product manages by itself: its administration page",
        );
    }
    if !found.is_any() {
        return if flags.incoming == Flags::NONE {
            leave("nothing comes in")
        } else if flags.outgoing != Flags::NONE && !session.capabilities().await?.status {
            leave(
                "this version has no call that takes a consumer alone away: its administration page",
            )
        } else {
            Ok((
                DetachRemedy::DisableIncoming,
                "its consumer and tokens go".to_owned(),
            ))
        };
    }
    let mut why = String::new();
    if let Some(to) = &scope.to {
        match follow(context, scope, session, record, found, to).await? {
            Ok(mend) => return Ok((mend, "it follows to the copy there".to_owned())),
            Err(error) => why = format!(" ({error})"),
        }
    }
    if !found.calls() {
        return leave(&format!(
            "only browsers are sent there: --to lets it follow{why}"
        ));
    }
    if legacy {
        return Ok((
            DetachRemedy::DisableBoth,
            format!("deleted on this side: no switch ends Trusted Applications or Basic{why}"),
        ));
    }
    if flags == Directions::both(Flags::NONE) {
        return leave(&format!("nothing is switched on{why}"));
    }
    Ok((
        DetachRemedy::DisableBoth,
        format!("both directions are switched off on this side{why}"),
    ))
}

/// How a record follows to the copy of the other application, or why it cannot.
async fn follow(
    context: &Context,
    scope: &Scope,
    session: &Arc<Session>,
    record: &Record,
    found: &ScanFinding,
    to: &crate::domain::Destination,
) -> Result<std::result::Result<DetachRemedy, String>> {
    let mapped = |url: &BaseUrl| {
        scope
            .from
            .mapped(url, to)
            .filter(|url| !scope.from.matches(url))
    };
    if found.own {
        return Ok(Err("an application is not linked with itself".to_owned()));
    }
    let before = found
        .application
        .as_ref()
        .or(found.known.as_ref().map(|(_, url)| url));
    let rpc_url = before.and_then(mapped);
    let display = found.display.as_ref().and_then(mapped);
    if before.is_some() && rpc_url.is_none() || found.display.is_some() && display.is_none() {
        return Ok(Err(format!(
            "--to names no place outside of {}",
            scope.from
        )));
    }
    let Some(place) = rpc_url.as_ref().or(display.as_ref()) else {
        return Ok(Err("--to names no place for it".to_owned()));
    };
    if !record.type_id.is_atlassian() {
        return Ok(Err(format!(
            "what answers at {place} cannot show that it is the copy"
        )));
    }
    let tls = context
        .state
        .state()
        .by_url(place)
        .map(|(_, entry)| context.tls_files(entry).authorities)
        .unwrap_or_default();
    let tls = TlsFiles {
        authorities: tls,
        ..TlsFiles::default()
    };
    let there = Session::without_alias(place.clone(), tls, Arc::clone(&context.transport));
    let manifest = match there.manifest().await {
        Ok(manifest) => manifest,
        Err(error) => return Ok(Err(Error::from(error).message)),
    };
    if manifest.id != record.id || manifest.type_id != record.type_id {
        return Ok(Err(format!(
            "another application answers at {place}: {} {}",
            manifest.type_id.name(),
            manifest.id
        )));
    }
    let base_url = manifest
        .url
        .as_deref()
        .and_then(|url| BaseUrl::parse(url).ok());
    Ok(Ok(DetachRemedy::Relocate(Box::new(NewAddress {
        method: way(session, false).await?,
        rpc_url,
        display_url: display.map_or_else(|| record.display_url.clone(), |url| url.to_string()),
        base_url,
    }))))
}
