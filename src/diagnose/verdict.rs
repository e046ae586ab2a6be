//! One status for a link, and the code that set it.

use std::time::Duration;

use super::check;
use super::codes::{self, Case, health};
use super::hidden_cause;
use super::observation::{AppObservation, EndObservation, LinkObservation, StatusObservation};
use super::remedy::{Remedy, remedies};
use crate::domain::{
    Alias, ApplicationId, Category, Check, CheckStatus, Code, Directions, Health, Level,
    SuggestedCommand,
};
use crate::error::Error;

/// What is found about a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The end that gives the link its name.
    pub local: Alias,
    /// The other end, where its application is known.
    pub remote: Option<Alias>,
    /// The name of the link, for people.
    pub name: String,
    /// The id of local's record; of the other's where only that exists.
    pub id: Option<ApplicationId>,
    /// How it is.
    pub health: Health,
    /// Whether anything that was found is a warning or worse, also where the link as a whole
    /// cannot be judged.
    pub warns: bool,
    /// The code that set it; none when it is ok.
    pub code: Option<Code>,
    /// One sentence.
    pub summary: String,
    /// What fixes it, the likeliest first.
    pub remedies: Vec<Remedy>,
    /// The commands that do.
    pub commands: Vec<SuggestedCommand>,
    /// Each end.
    pub ends: Vec<EndVerdict>,
    /// Every single finding.
    pub checks: Vec<Check>,
}

impl Verdict {
    /// Whether nothing is wrong: it is well, or it is a link for which there is no status to be
    /// had, as it should be, and nothing was found.
    pub fn needs_no_action(&self) -> bool {
        let has_no_status = matches!(
            self.code.map(Code::category),
            Some(Category::NonAtlassian | Category::System)
        );
        self.health == Health::Ok
            || (self.health == Health::Unverifiable && has_no_status && !self.warns)
    }
}

/// What is found about one end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndVerdict {
    /// The application.
    pub app: Alias,
    /// How it is.
    pub health: Health,
    /// Its product's code, or the reason why it cannot be judged.
    pub code: Option<Code>,
    /// The levels.
    pub levels: Option<Directions<Level>>,
}

/// One thing that may set the status of a link.
struct Cause {
    weight: Weight,
    code: Option<Code>,
    summary: String,
}

/// How much a cause counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    /// Nothing is wrong.
    Nothing,
    /// There is no status to be had, and that is as it should be: anything that is found counts
    /// more.
    NoStatus,
    /// A person should look at it.
    Warning,
    /// It waits for the other end, whose own trouble counts more.
    Late,
    /// It could not be found out.
    Unknown,
    /// It does not work.
    Broken,
}

impl Weight {
    fn health(self) -> Health {
        match self {
            Self::Nothing => Health::Ok,
            Self::Warning => Health::Warning,
            Self::NoStatus | Self::Late | Self::Unknown => Health::Unverifiable,
            Self::Broken => Health::Broken,
        }
    }

    /// How much the own verdict of an end counts.
    fn of(end: &EndObservation, verdict: &EndVerdict) -> Self {
        let category = verdict.code.map(Code::category);
        match verdict.health {
            Health::Ok => Self::Nothing,
            Health::Warning => Self::Warning,
            Health::Broken => Self::Broken,
            Health::Unverifiable => match (&end.status, category) {
                (_, Some(Category::NonAtlassian | Category::System)) => Self::NoStatus,
                (StatusObservation::Late(_), _) => Self::Late,
                _ => Self::Unknown,
            },
        }
    }
}

/// Judges a link.
pub fn judge(link: &LinkObservation, apps: &[AppObservation]) -> Verdict {
    let mut checks = check::all(link, apps);
    let ends: Vec<EndVerdict> = link
        .ends()
        .map(|end| end_verdict(end, link, apps))
        .collect();
    for (end, verdict) in link.ends().zip(&ends) {
        checks.push(status_check(end, verdict, link, apps));
    }
    let causes = causes(link, apps, &ends, &checks);
    let warns = causes
        .iter()
        .any(|cause| matches!(cause.weight, Weight::Warning | Weight::Broken));
    let worst = causes.into_iter().next().unwrap_or_else(|| Cause {
        weight: Weight::Nothing,
        code: None,
        summary: "both ends work".to_owned(),
    });
    let health = worst.weight.health();
    let remedies = remedies(health, worst.code, &checks, link, apps);
    let record = link.ends().find_map(|end| end.record.as_ref());
    Verdict {
        local: link.local.app.clone(),
        remote: link.remote.as_ref().map(|end| end.app.clone()),
        name: record
            .map(|record| record.name.clone())
            .or_else(|| Some(link.stale_consumers.first()?.program.clone()))
            .unwrap_or_default(),
        id: record.map(|record| record.id),
        health,
        warns,
        commands: remedies.iter().filter_map(Remedy::command).collect(),
        remedies,
        code: worst.code.filter(|_| health != Health::Ok),
        summary: worst.summary,
        ends,
        checks,
    }
}

/// Everything that may set the status of a link, the worst first.
fn causes(
    link: &LinkObservation,
    apps: &[AppObservation],
    ends: &[EndVerdict],
    checks: &[Check],
) -> Vec<Cause> {
    let both_read = link
        .remote
        .as_ref()
        .is_some_and(|remote| link.local.levels.is_some() && remote.levels.is_some());
    let of_ends = link.ends().zip(ends).filter_map(|(end, verdict)| {
        let access = verdict
            .code
            .is_some_and(|code| code.is_product() && code.category() == Category::AccessError);
        // An end without access cannot judge; both ends side by side can.
        let counts = verdict.health != Health::Ok && !(access && both_read);
        counts.then(|| Cause {
            weight: Weight::of(end, verdict),
            code: verdict.code,
            summary: end_summary(end, verdict, link, apps),
        })
    });
    let of_checks = checks.iter().filter_map(|check| {
        let weight = match check.status {
            // Servers may know another one, or not look: their own status says what is broken.
            CheckStatus::Fail if check.code == Some(Code::CertExpires) => Weight::Warning,
            CheckStatus::Fail => Weight::Broken,
            CheckStatus::Warn => Weight::Warning,
            _ => return None,
        };
        // The ends' own status is among the causes already.
        let counts = check.name != "status" && !check::is_only_from_here(check);
        counts.then(|| Cause {
            weight,
            code: check.code,
            summary: check.summary.clone(),
        })
    });
    let mut causes: Vec<Cause> = of_ends.chain(of_checks).collect();
    // Among equals the products' own codes come before applink's, then as found.
    causes.sort_by_key(|cause| {
        (
            std::cmp::Reverse(cause.weight),
            !cause.code.is_some_and(Code::is_product),
        )
    });
    causes
}

fn end_verdict(
    end: &EndObservation,
    link: &LinkObservation,
    apps: &[AppObservation],
) -> EndVerdict {
    let seen = apps.iter().find(|app| app.alias == end.app);
    let case = if link.one_way_wanted {
        Case::OneWayWanted
    } else {
        Case::Usual
    };
    let (health, code) = match (&end.status, &end.record) {
        _ if seen.and_then(AppObservation::error).is_some() => (
            Health::Unverifiable,
            seen.and_then(AppObservation::error)
                .and_then(|error| error.code),
        ),
        // What is there is the link to the same application under its other address.
        (_, None) if is_of_a_copy(end, link, apps) && is_twice(end, link, apps) => {
            (Health::Ok, None)
        }
        // What is there is the link of the application that the other one is a copy of.
        (_, None) if is_of_a_copy(end, link, apps) => (
            health(Code::ClonedApplication, case),
            Some(Code::ClonedApplication),
        ),
        // Which application it is about comes before what it keeps; a check says so.
        (_, None) if link.ends().any(|end| is_replaced(end, apps)) => {
            (Health::Unverifiable, Some(Code::IdMismatch))
        }
        // Nothing is there but what a check tells of.
        (_, None) if !link.stale_consumers.is_empty() => (Health::Ok, None),
        // There is nothing at this end; the other one says so.
        (_, None) => (health(Code::OneWay, case), Some(Code::OneWay)),
        (StatusObservation::Said(status), _) if status.working => (Health::Ok, None),
        (StatusObservation::Said(status), _) => {
            let code = status.code.unwrap_or(Code::Unknown);
            (health(code, case), Some(code))
        }
        (StatusObservation::None, Some(record)) if record.system => {
            (Health::Unverifiable, Some(Code::SystemLink))
        }
        (StatusObservation::None, Some(record)) if record.type_id.is_generic() => {
            (Health::Unverifiable, Some(Code::GenericLink))
        }
        // Too old to say: the comparison of the ends decides, where both are known.
        (StatusObservation::None, Some(_)) if link.remote.is_some() && end.levels.is_some() => {
            (Health::Ok, None)
        }
        (StatusObservation::None, Some(_)) | (StatusObservation::Late(_), _) => {
            (Health::Unverifiable, None)
        }
        (StatusObservation::Failed(error), _) => (Health::Unverifiable, error.code),
    };
    EndVerdict {
        app: end.app.clone(),
        health,
        code,
        levels: end.levels,
    }
}

fn is_replaced(end: &EndObservation, apps: &[AppObservation]) -> bool {
    let seen = apps.iter().find(|app| app.alias == end.app);
    seen.is_some_and(|seen| seen.replaced().is_some())
}

/// Whether the other application is known under another address, too.
fn is_twice(end: &EndObservation, link: &LinkObservation, apps: &[AppObservation]) -> bool {
    let other = link.other(&end.app);
    let there = other.and_then(|other| apps.iter().find(|app| app.alias == other.app));
    there.is_some_and(|there| {
        let mut others = apps.iter().filter(|app| app.alias != there.alias);
        others.any(|app| app.is_same_instance(there))
    })
}

fn is_of_a_copy(end: &EndObservation, link: &LinkObservation, apps: &[AppObservation]) -> bool {
    let app = |alias: &Alias| apps.iter().find(|app| app.alias == *alias);
    let other = link.other(&end.app).and_then(|other| app(&other.app));
    app(&end.app)
        .zip(other)
        .is_some_and(|(here, there)| here.has_record_of(there))
}

fn status_check(
    end: &EndObservation,
    verdict: &EndVerdict,
    link: &LinkObservation,
    apps: &[AppObservation],
) -> Check {
    let (status, summary) = match &end.status {
        StatusObservation::Said(said) if said.working => (
            CheckStatus::Pass,
            format!("{} finds nothing wrong with it", end.app),
        ),
        StatusObservation::Said(said) => {
            let named = said.named.as_deref().unwrap_or("no type");
            let details = said
                .details
                .as_deref()
                .map(|d| format!(": {d}"))
                .unwrap_or_default();
            let status = match verdict.health {
                Health::Broken => CheckStatus::Fail,
                Health::Warning => CheckStatus::Warn,
                Health::Ok => CheckStatus::Pass,
                Health::Unverifiable => CheckStatus::Note,
            };
            (status, format!("{} says {named}{details}", end.app))
        }
        StatusObservation::None => (
            CheckStatus::Skip,
            match trouble(end, apps) {
                Some(error) => format!("its own status could not be read: {error}"),
                None => format!("{} has no status of its own for this link", end.app),
            },
        ),
        StatusObservation::Failed(error) => (CheckStatus::Skip, error.to_string()),
        StatusObservation::Late(limit) => (CheckStatus::Skip, late(end, *limit, link)),
    };
    Check {
        name: "status",
        end: Some(end.app.clone()),
        status,
        code: verdict.code,
        summary,
    }
}

/// Why the application of an end could not be asked, if so.
fn trouble<'a>(end: &EndObservation, apps: &'a [AppObservation]) -> Option<&'a Error> {
    let mut apps = apps.iter();
    apps.find(|app| app.alias == end.app)?.error()
}

fn end_summary(
    end: &EndObservation,
    verdict: &EndVerdict,
    link: &LinkObservation,
    apps: &[AppObservation],
) -> String {
    if let Some(error) = trouble(end, apps) {
        return error.to_string();
    }
    match (&end.status, verdict.code) {
        (_, Some(Code::OneWay)) => format!("{} has no link back", end.app),
        (StatusObservation::Failed(error), _) => error.to_string(),
        (StatusObservation::Late(limit), _) => late(end, *limit, link),
        (StatusObservation::Said(said), Some(code)) => {
            let meaning = clause(codes::entry(code).meaning);
            let details = said
                .details
                .as_deref()
                .map(|details| format!(" ({})", crate::domain::text::excerpt(details, 200)))
                .unwrap_or_default();
            match hidden_cause::hidden_cause(end, said, link, apps) {
                Some(behind) => format!("{behind}{details}"),
                None => format!("{}: {meaning}{details}", end.app),
            }
        }
        (_, Some(code)) => format!("{}: {}", end.app, clause(codes::entry(code).meaning)),
        (_, None) => format!("{} cannot say", end.app),
    }
}

/// Why an end that answers does not say how the link is.
pub fn late(end: &EndObservation, limit: Option<Duration>, link: &LinkObservation) -> String {
    let here = &end.app;
    let peer = link.other(here).map(|other| other.app.to_string());
    let named = || end.record.as_ref().map(|record| record.name.clone());
    let peer = peer.or_else(named).unwrap_or_default();
    match limit {
        Some(limit) => {
            format!("{here} has not said within {limit:?} how this link is: it asks {peer} first")
        }
        None => format!(
            "{here} has not said how this link is: it asks {peer} first, which does not answer"
        ),
    }
}

/// A sentence as a part of another one: without its full stop, and small where it began large.
fn clause(sentence: &str) -> String {
    let sentence = sentence.trim_end_matches('.');
    let mut chars = sentence.chars();
    match (chars.next(), chars.next()) {
        (Some(first), Some(second)) if second.is_lowercase() || second == ' ' => {
            let rest: String = sentence.chars().skip(1).collect();
            format!("{}{rest}", first.to_lowercase())
        }
        _ => sentence.to_owned(),
    }
}
