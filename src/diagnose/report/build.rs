//! Builds the report from observations and verdicts.

use std::cmp::Reverse;

use super::model::{
    AccountReport, AppReport, EndReport, FailureReport, LevelFlow, LinkReport, RecordReport,
    RequestReport, StatusReport, SupportReport,
};
use super::outside::{consumer, moved, way};
use super::questions;
use crate::diagnose::verdict::late;
use crate::diagnose::{
    AppObservation, EndObservation, EndVerdict, LinkObservation, StatusObservation, Verdict,
};
use crate::domain::{
    Alias, Check, CheckStatus, Code, Directions, Health, Level, Record, SuggestedCommand, TypeId,
};
use crate::error::Error;

/// Everything that a report is made of.
#[derive(Debug, Clone)]
pub struct ReportInput<'a> {
    /// When, in UTC.
    pub made_at: String,
    /// The version of applink.
    pub applink_version: String,
    /// The applications, with the type that is on record and the account that was used.
    pub apps: Vec<(&'a AppObservation, TypeId, AccountReport)>,
    /// The links, as observed, with their verdicts.
    pub links: &'a [(LinkObservation, Verdict)],
    /// The requests that were made.
    pub requests: Vec<RequestReport>,
    /// How many requests found no room in the list.
    pub left_out: usize,
    /// Applications that could not be read.
    pub errors: &'a [(Alias, Error)],
}

impl SupportReport {
    /// Puts a report together. Its texts are as they came: see [`SupportReport::scrub`].
    pub fn new(material: ReportInput<'_>) -> Self {
        let mut apps: Vec<AppReport> = material
            .apps
            .into_iter()
            .map(|(seen, type_id, account)| app(seen, &type_id, account, &material.requests))
            .collect();
        apps.sort_by(|a, b| a.alias.cmp(&b.alias));
        let mut links: Vec<LinkReport> = material
            .links
            .iter()
            .map(|(seen, verdict)| link(seen, verdict, &apps))
            .collect();
        // Readers of a report look for faults first.
        links.sort_by_key(|link| Reverse(link.health));
        for (at, link) in links.iter_mut().enumerate() {
            link.number = at + 1;
        }
        Self {
            made_at: material.made_at,
            applink_version: material.applink_version,
            apps,
            links,
            requests: material.requests,
            left_out: material.left_out,
            errors: material
                .errors
                .iter()
                .map(|(alias, error)| failure_report(alias, error))
                .collect(),
        }
    }
}

fn app(
    seen: &AppObservation,
    type_id: &TypeId,
    mut account: AccountReport,
    requests: &[RequestReport],
) -> AppReport {
    let manifest = seen.manifest.as_ref().ok();
    let type_id = manifest.map_or(type_id, |manifest| &manifest.type_id);
    let own = || {
        requests
            .iter()
            .filter(|request| request.app.as_ref() == Some(&seen.alias))
    };
    account.seen_as = own()
        .filter_map(|request| request.user.clone())
        .find(|user| !user.eq_ignore_ascii_case("anonymous"));
    let mut server: Vec<String> = own()
        .flat_map(|request| request.servers.iter().cloned())
        .collect();
    server.sort_unstable();
    server.dedup();
    AppReport {
        alias: seen.alias.clone(),
        product: type_id.name().to_owned(),
        type_id: type_id.as_str().to_owned(),
        name: manifest.map(|manifest| manifest.name.clone()),
        version: manifest.map(|manifest| manifest.version.as_str().to_owned()),
        applinks_version: manifest.map(|manifest| manifest.applinks_version.as_str().to_owned()),
        id: seen.id().map(|id| id.to_string()),
        url: seen.url.to_string(),
        base_url: manifest.and_then(|manifest| manifest.url.clone()),
        inbound: manifest
            .map(|manifest| manifest.inbound_authentication.clone())
            .unwrap_or_default(),
        ahead: seen.ahead,
        account,
        records: seen.records.as_ref().ok().map(Vec::len),
        server,
        consumer: seen
            .consumer
            .as_ref()
            .map(|asked| asked.as_ref().map_or_else(|e| e.message.clone(), consumer)),
        way: seen.reach.as_ref().map(way),
        moved: seen.redirect.as_ref().map(moved),
        trouble: seen.error().map(|error| failure_report(&seen.alias, error)),
    }
}

fn failure_report(alias: &Alias, error: &Error) -> FailureReport {
    FailureReport {
        app: alias.clone(),
        kind: error.kind.as_str(),
        code: error.code,
        message: error.message.clone(),
        hints: error.hints.clone(),
    }
}

fn link(seen: &LinkObservation, verdict: &Verdict, apps: &[AppReport]) -> LinkReport {
    let ends: Vec<EndReport> = seen
        .ends()
        .zip(&verdict.ends)
        .map(|(one, verdict)| end(one, verdict, seen, apps))
        .collect();
    let (codes, notes) = codes(verdict);
    let mut checks: Vec<Check> = verdict.checks.clone();
    checks.sort_by_key(|check| Reverse(check.status));
    LinkReport {
        number: 0,
        local: verdict.local.clone(),
        remote: verdict.remote.clone(),
        id: verdict.id.map(|id| id.to_string()),
        name: verdict.name.clone(),
        health: verdict.health,
        code: verdict.code,
        category: verdict.code.map(Code::category),
        summary: verdict.summary.clone(),
        fixes: verdict
            .commands
            .iter()
            .map(SuggestedCommand::command)
            .collect(),
        one_way_wanted: seen.one_way_wanted,
        questions: questions::answer(&ends, apps),
        levels: flows(&ends),
        codes,
        notes,
        ends,
        checks,
    }
}

/// The codes that need attention, and those that are only notes.
fn codes(verdict: &Verdict) -> (Vec<Code>, Vec<Code>) {
    let ends = verdict
        .ends
        .iter()
        .filter(|end| end.health != Health::Ok)
        .filter_map(|end| end.code);
    let checks = verdict
        .checks
        .iter()
        .filter(|check| matches!(check.status, CheckStatus::Fail | CheckStatus::Warn))
        .filter_map(|check| check.code);
    let mut codes = Vec::new();
    let grave = verdict.code.into_iter().chain(ends);
    for code in grave.chain(checks) {
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    let mut notes = Vec::new();
    for check in &verdict.checks {
        if let Some(code) = check.code
            && !codes.contains(&code)
            && !notes.contains(&code)
        {
            notes.push(code);
        }
    }
    (codes, notes)
}

fn end(
    seen: &EndObservation,
    verdict: &EndVerdict,
    link: &LinkObservation,
    apps: &[AppReport],
) -> EndReport {
    let readable = apps
        .iter()
        .any(|app| app.alias == seen.app && app.records.is_some());
    EndReport {
        app: seen.app.clone(),
        health: verdict.health,
        code: verdict.code,
        levels: seen.levels.unwrap_or(Directions::both(Level::Unknown)),
        readable,
        record: seen.record.as_ref().map(record),
        status: status(seen, link),
        at_url: seen.at_url.as_ref().map(|answer| match answer {
            Ok(manifest) => format!(
                "{} {} with the id {}",
                manifest.type_id.name(),
                manifest.version.as_str(),
                manifest.id
            ),
            Err(error) => error.message.clone(),
        }),
        moved: seen.moved.as_ref().map(moved),
        kept: match &seen.stored_consumers {
            Some(Ok(kept)) => kept.iter().map(consumer).collect(),
            Some(Err(error)) => vec![error.message.clone()],
            None => Vec::new(),
        },
        realm: seen.realm.clone(),
    }
}

fn record(record: &Record) -> RecordReport {
    RecordReport {
        id: record.id.to_string(),
        name: record.name.clone(),
        type_id: record.type_id.as_str().to_owned(),
        application_url: record.rpc_url.clone(),
        display_url: record.display_url.clone(),
        primary: record.primary,
        system: record.system,
    }
}

fn status(end: &EndObservation, link: &LinkObservation) -> StatusReport {
    match &end.status {
        StatusObservation::Said(said) => StatusReport {
            working: Some(said.working),
            named: said
                .named
                .clone()
                .or_else(|| said.code.map(|code| code.to_string())),
            category: said.category.clone(),
            details: said.details.clone(),
            remote: said.remote.map(|flags| flags.map(Level::from)),
        },
        StatusObservation::None => StatusReport {
            // Without a record there was nothing to ask.
            details: end
                .record
                .as_ref()
                .map(|_| "it has no status of its own for this link".to_owned()),
            ..StatusReport::default()
        },
        StatusObservation::Failed(error) => StatusReport {
            details: Some(error.message.clone()),
            ..StatusReport::default()
        },
        StatusObservation::Late(limit) => StatusReport {
            details: Some(late(end, *limit, link)),
            ..StatusReport::default()
        },
    }
}

fn flows(ends: &[EndReport]) -> Vec<LevelFlow> {
    let [here, there] = ends else {
        return Vec::new();
    };
    [(here, there), (there, here)]
        .map(|(from, to)| {
            LevelFlow::new(
                (&from.app, from.levels.outgoing),
                (&to.app, to.levels.incoming),
            )
        })
        .to_vec()
}
