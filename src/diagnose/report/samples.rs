//! Reports for tests: a plain one, and one in which every name is out to do harm.

use super::*;
use crate::domain::{Alias, Check, CheckStatus, Code, Directions, Health, Level};

/// Hostile names of applications.
pub(crate) const HOSTILE: &[&str] = &[
    "<script>alert(1)</script>",
    "]]></style></svg><img src=x onerror=alert(1)>",
    "esc\u{1b}]0;title\u{7}\u{1b}[2J",
    "bidi\u{202e}gpj.exe\u{2066}",
    "a | b || `c` ``d`` | \\| \\",
    "line\nbreak\r\n# heading\n- item",
    "# [x](javascript:alert(1)) *b* _i_ ~~s~~ &lt; &#x41;",
    "\" onload=\"alert(1)' x='",
];

fn alias(text: &str) -> Alias {
    text.parse().unwrap()
}

/// Two applications with one broken link and one to an unknown program, all called `name`.
pub(crate) fn report(name: &str) -> SupportReport {
    let text = || name.to_owned();
    let app = |alias: Alias, product: &str| AppReport {
        alias,
        product: product.to_owned(),
        type_id: product.to_lowercase(),
        name: Some(text()),
        version: Some("9.12.2".to_owned()),
        applinks_version: Some("9.0.18".to_owned()),
        id: Some("144880e9-a353-312f-9412-ed028e8166fa".to_owned()),
        url: "https://jira.example.com".to_owned(),
        base_url: Some(text()),
        inbound: vec![text()],
        ahead: Some(301),
        account: AccountReport {
            user: Some(text()),
            seen_as: Some(text()),
            source: Some("env".to_owned()),
        },
        records: Some(2),
        server: vec![text()],
        consumer: Some(text()),
        way: Some(text()),
        moved: Some(text()),
        trouble: None,
    };
    let flows = [Level::Impersonation, Level::OAuth];
    SupportReport {
        made_at: "2026-11-24T12:00:00Z".to_owned(),
        applink_version: "0.1.0".to_owned(),
        apps: vec![app(alias("jira"), "Jira"), app(alias("wiki"), "Confluence")],
        links: vec![
            link(name, 1, Some(alias("wiki")), Health::Broken, flows),
            link(name, 2, None, Health::Unverifiable, flows),
        ],
        requests: vec![RequestReport {
            at: "2026-11-24T12:00:00.000Z".to_owned(),
            millis: 12,
            app: Some(alias("jira")),
            method: "GET".to_owned(),
            url: text(),
            status: Some(200),
            note: text(),
            servers: vec![text()],
            user: Some(text()),
        }],
        left_out: 3,
        errors: vec![FailureReport {
            app: alias("wiki"),
            kind: "auth",
            code: Some(Code::NotAdmin),
            message: text(),
            hints: vec![text()],
        }],
    }
}

/// A link of that number and state.
pub(crate) fn link(
    name: &str,
    number: usize,
    remote: Option<Alias>,
    health: Health,
    flows: [Level; 2],
) -> LinkReport {
    let text = || name.to_owned();
    let local = alias("jira");
    let end = |app: Alias| EndReport {
        app,
        health,
        code: Some(Code::AuthLevelMismatch),
        readable: true,
        record: Some(RecordReport {
            id: "144880e9-a353-312f-9412-ed028e8166fa".to_owned(),
            name: text(),
            type_id: text(),
            application_url: Some(text()),
            display_url: text(),
            primary: true,
            system: false,
        }),
        levels: Directions {
            incoming: flows[1],
            outgoing: flows[0],
        },
        status: StatusReport {
            working: Some(false),
            named: Some(text()),
            category: Some(text()),
            details: Some(text()),
            remote: Some(Directions::both(Level::OAuth)),
        },
        at_url: Some(text()),
        moved: Some(text()),
        kept: vec![text()],
        realm: Some(text()),
    };
    LinkReport {
        number,
        local: local.clone(),
        remote: remote.clone(),
        name: text(),
        id: Some("144880e9-a353-312f-9412-ed028e8166fa".to_owned()),
        health,
        code: Some(Code::AuthLevelMismatch),
        category: Some(Code::AuthLevelMismatch.category()),
        summary: text(),
        fixes: vec!["applink edit jira wiki --auth oauth".to_owned()],
        one_way_wanted: false,
        questions: vec![SupportQuestion {
            key: "base-url",
            text: "Is the base URL right?",
            reply: SupportAnswer::No,
            mark: CheckStatus::Warn,
            because: vec![text()],
        }],
        levels: remote
            .iter()
            .map(|remote| LevelFlow::new((&local, flows[0]), (remote, flows[1])))
            .collect(),
        ends: std::iter::once(local.clone())
            .chain(remote)
            .map(end)
            .collect(),
        checks: vec![Check {
            name: "levels",
            end: Some(local),
            status: CheckStatus::Fail,
            code: Some(Code::AuthLevelMismatch),
            summary: text(),
        }],
        codes: vec![Code::AuthLevelMismatch, Code::ClockSkew],
        notes: vec![Code::LoopbackUrl],
    }
}

/// Every hostile name, and one of 500 characters.
pub(crate) fn hostile() -> impl Iterator<Item = SupportReport> {
    HOSTILE
        .iter()
        .map(|name| (*name).to_owned())
        .chain(["x".repeat(500), "<&|".repeat(170)])
        .map(|name| {
            let mut report = report(&name);
            report.scrub(&ToOwned::to_owned);
            report
        })
}
