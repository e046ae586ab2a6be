//! The words of a report for people, in Markdown and in HTML alike.

use crate::diagnose::report::{
    AccountReport, AppReport, EndReport, LinkReport, RecordReport, RequestReport, SupportReport,
};
use crate::domain::{CheckStatus, Code, Health};

/// The title.
pub(super) const TITLE: &str = "Application links: support report";

/// Questions of support that only people can answer.
pub(super) const FOR_YOU: &[&str] = &[
    "Was anything moved or renamed: a server, a proxy, a base URL, a certificate?",
    "Was anything upgraded lately? An upgrade may have overwritten server.xml, and with it proxyName, proxyPort and scheme of the connector.",
    "Since when is it so, and what do users see?",
];

/// A sentence on what the file holds and what it does not.
pub(super) const PRIVACY: &str = "This file names servers, addresses, versions, accounts, links and \
    requests. Passwords, tokens, cookies, private keys, and the bodies of requests and answers are not in \
    it. Read it before you send it.";

/// The levels, explained where they are shown.
pub(super) const LEVELS: &str = "What one end lets out has to be what the other end lets in.";

/// The gravest last, as `Health` orders them.
pub(super) const HEALTHS: [Health; 4] = [
    Health::Broken,
    Health::Unverifiable,
    Health::Warning,
    Health::Ok,
];

/// `1 link`, `2 links`.
pub(super) fn count(n: usize, word: &str) -> String {
    if n == 1 {
        format!("1 {word}")
    } else {
        format!("{n} {word}s")
    }
}

/// The sign of a state.
pub(super) fn sign(health: Health) -> &'static str {
    match health {
        Health::Ok => "✓",
        Health::Warning => "!",
        Health::Unverifiable => "?",
        Health::Broken => "✗",
    }
}

/// The meaning of a state.
pub(super) fn meaning(health: Health) -> &'static str {
    match health {
        Health::Ok => "works",
        Health::Warning => "works, and a person should role at it",
        Health::Unverifiable => "cannot be judged",
        Health::Broken => "does not work",
    }
}

/// The sign and the word of a check.
pub(super) fn check(status: CheckStatus) -> (&'static str, &'static str) {
    match status {
        CheckStatus::Pass => ("✓", "pass"),
        CheckStatus::Note => ("·", "note"),
        CheckStatus::Skip => ("–", "skip"),
        CheckStatus::Warn => ("!", "warn"),
        CheckStatus::Fail => ("✗", "fail"),
    }
}

/// When it was made and by whom.
pub(super) fn creation_line(report: &SupportReport) -> String {
    format!(
        "Made {} by applink {}, which asks both ends itself.",
        report.made_at, report.applink_version
    )
}

/// How many links are in which state.
pub(super) fn tally(report: &SupportReport) -> String {
    let states: Vec<String> = HEALTHS
        .into_iter()
        .filter(|health| report.count(*health) > 0)
        .map(|health| format!("{} {}", report.count(health), health.as_str()))
        .collect();
    let mut text = format!(
        "{}, {}",
        count(report.apps.len(), "application"),
        count(report.links.len(), "link")
    );
    if !states.is_empty() {
        text.push_str(": ");
        text.push_str(&states.join(", "));
    }
    if !report.errors.is_empty() {
        text.push_str("; ");
        text.push_str(&count(report.errors.len(), "application"));
        text.push_str(" could not be asked everything");
    }
    text
}

/// Everything known about an application, as labels and values.
pub(super) fn app(app: &AppReport) -> Vec<(&'static str, String)> {
    let known = |text: &Option<String>| text.clone().unwrap_or_else(|| "not known".to_owned());
    let mut rows = vec![
        ("Product", product(app)),
        ("Application links plugin", known(&app.applinks_version)),
        ("Name", known(&app.name)),
        (
            "Type and id",
            format!("{}, {}", app.type_id, known(&app.id)),
        ),
        ("Asked at", app.url.clone()),
        ("Names as its base URL", known(&app.base_url)),
        ("Clock", clock(app.ahead)),
        ("Account", account(&app.account)),
        (
            "Links",
            app.records
                .map_or_else(|| "could not be read".to_owned(), |n| n.to_string()),
        ),
        ("Takes authentication", list(&authentication(&app.inbound))),
        ("Server and Via headers", list(&app.server)),
        ("Its own consumer", known(&app.consumer)),
        ("Way from here", known(&app.way)),
    ];
    if let Some(moved) = &app.moved {
        rows.push(("Redirects", moved.clone()));
    }
    if let Some(trouble) = &app.trouble {
        let code = trouble
            .code
            .map(|code| format!(" ({code})"))
            .unwrap_or_default();
        rows.push(("Trouble", format!("{}{code}", trouble.message)));
    }
    rows
}

/// The product with its version, where that is known.
fn product(app: &AppReport) -> String {
    match &app.version {
        Some(version) => format!("{} {version}", app.product),
        None => format!("{}, version not known", app.product),
    }
}

/// The kinds of authentication without the names of the classes around them.
fn authentication(inbound: &[String]) -> Vec<String> {
    inbound
        .iter()
        .filter(|class| !class.starts_with("placeholder."))
        .map(|class| {
            let name = class.rsplit('.').next().unwrap_or(class);
            name.trim_end_matches("AuthenticationProvider").to_owned()
        })
        .collect()
}

fn list(items: &[String]) -> String {
    if items.is_empty() {
        "–".to_owned()
    } else {
        items.join(", ")
    }
}

fn clock(ahead: Option<i64>) -> String {
    match ahead {
        None => "not known".to_owned(),
        // The header has whole seconds, and the answer takes some time.
        Some(seconds) if seconds.abs() <= 2 => "as here".to_owned(),
        Some(seconds) if seconds > 0 => format!("{seconds} s ahead of here"),
        Some(seconds) => format!("{} s behind here", seconds.unsigned_abs()),
    }
}

fn account(account: &AccountReport) -> String {
    let Some(source) = &account.source else {
        return "none".to_owned();
    };
    let mut text = account
        .user
        .as_ref()
        .map_or_else(|| "a token".to_owned(), |user| format!("user {user}"));
    text.push_str(", secret from ");
    text.push_str(source);
    if let Some(seen) = account
        .seen_as
        .as_ref()
        .filter(|seen| Some(*seen) != account.user.as_ref())
    {
        text.push_str(", seen as ");
        text.push_str(seen);
    }
    text
}

/// Everything known about the ends of a link: labels, each with a value for each end.
pub(super) fn ends(link: &LinkReport) -> Vec<(&'static str, Vec<String>)> {
    type Say = fn(&EndReport) -> String;
    let rows: [(&'static str, Say); 16] = [
        ("Verdict", |end| {
            coded(end.health.as_str(), end.code.map(Code::as_str))
        }),
        ("Its own status", status),
        ("Details of it", |end| {
            or_dash(end.status.details.as_deref())
        }),
        ("Lets out", |end| end.levels.outgoing.as_str().to_owned()),
        ("Lets in", |end| end.levels.incoming.as_str().to_owned()),
        ("Was told by the other", |end| match end.status.remote {
            Some(levels) => format!("out {}, in {}", levels.outgoing, levels.incoming),
            None => "–".to_owned(),
        }),
        ("Record: name", |end| match &end.record {
            Some(record) => record.name.clone(),
            None => no_record(end),
        }),
        ("Record: type", |end| {
            record(end, |r| Some(r.type_id.as_str()))
        }),
        ("Record: application id", |end| {
            record(end, |r| Some(r.id.as_str()))
        }),
        ("Record: application URL", |end| {
            record(end, |r| r.application_url.as_deref())
        }),
        ("Record: display URL", |end| {
            record(end, |r| Some(r.display_url.as_str()))
        }),
        ("Record: marks", |end| {
            let Some(record) = &end.record else {
                return "–".to_owned();
            };
            match (record.primary, record.system) {
                (true, true) => "primary, system".to_owned(),
                (true, false) => "primary".to_owned(),
                (false, true) => "system".to_owned(),
                (false, false) => "neither primary nor system".to_owned(),
            }
        }),
        ("Answers at that URL", |end| or_dash(end.at_url.as_deref())),
        ("That URL redirects", |end| or_dash(end.moved.as_deref())),
        ("Keeps as the other's consumer", |end| list(&end.kept)),
        ("Names itself when it refuses", |end| {
            or_dash(end.realm.as_deref())
        }),
    ];
    rows.into_iter()
        .map(|(label, say)| (label, link.ends.iter().map(say).collect::<Vec<_>>()))
        // Rows without a value are left out.
        .filter(|(_, cells)| cells.iter().any(|cell| cell != "–"))
        .collect()
}

fn status(end: &EndReport) -> String {
    match end.status.working {
        Some(true) => "works".to_owned(),
        Some(false) => {
            let named = end.status.named.as_deref().unwrap_or("no type");
            match &end.status.category {
                Some(category) => format!("does not work: {named}, {category}"),
                None => format!("does not work: {named}"),
            }
        }
        None => "not said".to_owned(),
    }
}

fn coded(word: &str, code: Option<&str>) -> String {
    match code {
        Some(code) => format!("{word}: {code}"),
        None => word.to_owned(),
    }
}

fn or_dash(text: Option<&str>) -> String {
    text.unwrap_or("–").to_owned()
}

/// A value of a record; a missing record is reported once, beside its name.
fn record(end: &EndReport, pick: fn(&RecordReport) -> Option<&str>) -> String {
    match &end.record {
        Some(record) => pick(record).unwrap_or("not shown").to_owned(),
        None => "–".to_owned(),
    }
}

fn no_record(end: &EndReport) -> String {
    if end.readable {
        "no record".to_owned()
    } else {
        "could not be read".to_owned()
    }
}

/// Whether the two sides of a direction agree, in words.
pub(super) fn agreement(agrees: Option<bool>) -> &'static str {
    match agrees {
        Some(true) => "✓ equal",
        Some(false) => "✗ differ",
        None => "? not known",
    }
}

/// How a request ended.
pub(super) fn outcome(request: &RequestReport) -> String {
    match (request.status, request.note.as_str()) {
        (Some(status), "") => status.to_string(),
        (Some(status), note) => format!("{status} {note}"),
        (None, note) => note.to_owned(),
    }
}
