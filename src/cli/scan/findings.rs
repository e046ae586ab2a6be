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

/// What one clone still has of production.
pub(super) async fn of_clone(
    context: &Context,
    scope: &Scope,
    target: &Target,
) -> Result<ScannedApp> {
    let session = context.session(target).await?;
    let manifest = session.manifest().await?.clone();
    session.administrator().await?;
    let is_old = !session.capabilities().await?.status;
    let records = session.passive_records().await?;
    let reader = CloneReader {
        context,
        scope,
        target,
        session: &session,
    };
    let results = fleet::each(records, |record| reader.findings(&manifest, record)).await;
    let (mut links, mut errors) = (Vec::new(), Vec::new());
    for outcome in results {
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

/// A clone whose records are compared with production.
struct CloneReader<'a> {
    context: &'a Context,
    scope: &'a Scope,
    target: &'a Target,
    session: &'a Arc<Session>,
}

/// What a record allows.
struct Switches {
    flags: Directions<Flags>,
    legacy: bool,
    /// Why the legacy authentication could not be read.
    error: Option<Error>,
}

impl CloneReader<'_> {
    /// The findings of one record: the link itself, and the programs that are registered on it.
    async fn findings(
        &self,
        own: &Manifest,
        record: Record,
    ) -> Result<Vec<(Finding, Option<Error>)>> {
        let found = ScanFinding::of(self.context, self.scope, own, &record);
        let consumers = if record.type_id.is_generic() {
            self.session.stored_consumers(record.id).await?
        } else {
            Vec::new()
        };
        let programs: Vec<&Consumer> = consumers
            .iter()
            .filter(|consumer| {
                let matches = |url: &String| self.scope.from.matches_text(url).is_some();
                found.is_any() || consumer.callback.as_ref().is_some_and(matches)
            })
            .collect();
        if !found.is_any() && programs.is_empty() {
            self.note_near_miss(&record);
            return Ok(Vec::new());
        }
        let mut switches = switches(self.session, &record).await?;
        let mut error = switches.error.take();
        let (remedy, detail) = self.remedy(&record, &found, &switches).await?;
        let reference = ProductionReference {
            on: self.target.alias.clone(),
            record,
            flags: switches.flags,
            legacy: switches.legacy,
            remedy,
        };
        let levels = switches.levels();
        let mut findings = Vec::new();
        if found.is_any() {
            let finding = self.link_finding(&found, &reference, levels, &detail);
            findings.push((finding, error.take()));
        }
        for program in programs {
            let finding = self.consumer_finding(program, &found, &reference, levels, &detail);
            findings.push((finding, error.take()));
        }
        Ok(findings)
    }

    /// The finding of a link that leads to production.
    fn link_finding(
        &self,
        found: &ScanFinding,
        reference: &ProductionReference,
        levels: Directions<Level>,
        detail: &str,
    ) -> Finding {
        let record = &reference.record;
        Finding {
            app: self.target.alias.clone(),
            kind: ReferenceKind::Link,
            name: record.name.clone(),
            from: self.target.entry.url.to_string(),
            to: found.callee(record),
            levels: Some(levels),
            detail: format!("{}; {detail}", found.words()),
            record: Some(record.clone()),
            stray: Some(reference.clone()),
        }
    }

    /// The finding of a program of production that may call the clone.
    fn consumer_finding(
        &self,
        program: &Consumer,
        found: &ScanFinding,
        reference: &ProductionReference,
        levels: Directions<Level>,
        detail: &str,
    ) -> Finding {
        let record = &reference.record;
        let (stray, detail) = if found.is_any() {
            (None, "it goes with its link")
        } else {
            (Some(reference.clone()), detail)
        };
        Finding {
            app: self.target.alias.clone(),
            kind: ReferenceKind::Consumer,
            name: program.name.clone().unwrap_or_else(|| program.key.clone()),
            from: program
                .callback
                .clone()
                .unwrap_or_else(|| found.callee(record)),
            to: self.target.entry.url.to_string(),
            levels: Some(levels),
            detail: format!("consumer {:?}; {detail}", program.key),
            record: Some(record.clone()),
            stray,
        }
    }

    /// Notes a record that `*` in the pattern leaves out and `**` would not.
    fn note_near_miss(&self, record: &Record) {
        if let Some(url) = record.application_url()
            && self.scope.from.nearly_matches(&url)
        {
            self.context.ui.note(&format!(
                "{}: {:?} at {url} is not in {}, in which a star stands for one part of a name; ** stands for more",
                self.target.alias, record.name, self.scope.from
            ));
        }
    }

    /// The remedy for a record, and the reason.
    async fn remedy(
        &self,
        record: &Record,
        found: &ScanFinding,
        switches: &Switches,
    ) -> Result<(DetachRemedy, String)> {
        let leave = |why: &str| Ok((DetachRemedy::Leave, why.to_owned()));
        if record.system {
            return leave(
                "a system link, which the product manages by itself: its administration page",
            );
        }
        if !found.is_any() {
            return if switches.flags.incoming == Flags::NONE {
                leave("nothing comes in")
            } else if switches.flags.outgoing != Flags::NONE
                && !self.session.capabilities().await?.status
            {
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
        if let Some(to) = &self.scope.to {
            match self.relocation(record, found, to).await? {
                Ok(remedy) => return Ok((remedy, "it follows to the copy there".to_owned())),
                Err(error) => why = format!(" ({error})"),
            }
        }
        if !found.calls() {
            return leave(&format!(
                "only browsers are sent there: --to lets it follow{why}"
            ));
        }
        if switches.legacy {
            return Ok((
                DetachRemedy::DisableBoth,
                format!("deleted on this side: no switch ends Trusted Applications or Basic{why}"),
            ));
        }
        if switches.flags == Directions::both(Flags::NONE) {
            return leave(&format!("nothing is switched on{why}"));
        }
        Ok((
            DetachRemedy::DisableBoth,
            format!("both directions are switched off on this side{why}"),
        ))
    }

    /// How a record is made to lead to the clone of the other application, or why it cannot be.
    async fn relocation(
        &self,
        record: &Record,
        found: &ScanFinding,
        to: &crate::domain::Destination,
    ) -> Result<std::result::Result<DetachRemedy, String>> {
        let mapped = |url: &BaseUrl| {
            self.scope
                .from
                .mapped(url, to)
                .filter(|url| !self.scope.from.matches(url))
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
                self.scope.from
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
        let tls = self
            .context
            .state
            .state()
            .by_url(place)
            .map(|(_, entry)| self.context.tls_files(entry).authorities)
            .unwrap_or_default();
        let tls = TlsFiles {
            authorities: tls,
            ..TlsFiles::default()
        };
        let there = Session::without_alias(place.clone(), tls, Arc::clone(&self.context.transport));
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
            method: way(self.session, false).await?,
            rpc_url,
            display_url: display.map_or_else(|| record.display_url.clone(), |url| url.to_string()),
            base_url,
        }))))
    }
}

impl Switches {
    fn new(flags: Directions<Flags>, legacy: bool) -> Self {
        Self {
            flags,
            legacy,
            error: None,
        }
    }

    /// The levels that a person is shown.
    fn levels(&self) -> Directions<Level> {
        let mut levels = self.flags.map(Level::from);
        if self.legacy && levels.outgoing == Level::None {
            levels.outgoing = Level::Legacy;
        }
        levels
    }
}

/// Reads what a record allows.
async fn switches(session: &Session, record: &Record) -> Result<Switches> {
    if !session.capabilities().await?.status {
        let quiet = session.passive_switches(record.id).await?;
        return Ok(Switches::new(quiet.flags, quiet.legacy));
    }
    let flags = session.flags(record.id).await?;
    let Some(flags) = flags else {
        session.check_gone(record.id).await?;
        return Ok(Switches::new(Directions::both(Flags::NONE), false));
    };
    if !record.type_id.is_atlassian() || record.system {
        return Ok(Switches::new(flags, false));
    }
    Ok(match session.outgoing_legacy(record.id).await {
        Ok(legacy) => Switches::new(flags, legacy),
        Err(error) => Switches {
            error: Some(Error::from(error)),
            ..Switches::new(flags, false)
        },
    })
}
