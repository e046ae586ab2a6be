//! The report for programs. The links have the fields of `verify -o json`, and more.

use serde_json::{Value, json};

use crate::diagnose::codes;
use crate::diagnose::report::{App, End, Link, Question, RecordText, Report, Request, Trouble};
use crate::domain::{Code, Directions, Level};

pub(super) fn render(report: &Report) -> String {
    let value = json!({
        "schema": 1,
        "made_at": report.made_at,
        "applink": report.applink_version,
        "applications": report.apps.iter().map(app).collect::<Vec<_>>(),
        "links": report.links.iter().map(link).collect::<Vec<_>>(),
        "catalogue": report
            .codes()
            .into_iter()
            .map(|code| codes::entry(code).to_json())
            .collect::<Vec<_>>(),
        "requests": report.requests.iter().map(request).collect::<Vec<_>>(),
        "requests_left_out": report.left_out,
        "errors": report.errors.iter().map(trouble).collect::<Vec<_>>(),
    });
    format!("{value:#}\n")
}

fn app(app: &App) -> Value {
    json!({
        "alias": app.alias,
        "product": app.product,
        "type": app.type_id,
        "name": app.name,
        "version": app.version,
        "applinks_version": app.applinks_version,
        "id": app.id,
        "url": app.url,
        "base_url": app.base_url,
        "inbound_authentication": app.inbound,
        "seconds_ahead": app.ahead,
        "account": {
            "user": app.account.user,
            "seen_as": app.account.seen_as,
            "source": app.account.source,
        },
        "links": app.records,
        "servers": app.server,
        "consumer": app.consumer,
        "way": app.way,
        "moved": app.moved,
        "trouble": app.trouble.as_ref().map(trouble),
    })
}

fn link(link: &Link) -> Value {
    json!({
        "number": link.number,
        "local": link.local,
        "remote": link.remote,
        "id": link.id,
        "name": link.name,
        "status": link.health,
        "code": link.code,
        "category": link.code.map(Code::category),
        "summary": link.summary,
        "fix": link.fixes,
        "one_way_wanted": link.one_way_wanted,
        "questions": link.questions.iter().map(question).collect::<Vec<_>>(),
        "ends": link.ends.iter().map(end).collect::<Vec<_>>(),
        "levels": link
            .levels
            .iter()
            .map(|flow| {
                json!({
                    "from": flow.from,
                    "to": flow.to,
                    "outgoing": flow.outgoing,
                    "incoming": flow.incoming,
                    "equal": flow.agrees(),
                })
            })
            .collect::<Vec<_>>(),
        "checks": link
            .checks
            .iter()
            .map(|check| {
                json!({
                    "name": check.name,
                    "end": check.end,
                    "status": check.status,
                    "code": check.code,
                    "summary": check.summary,
                })
            })
            .collect::<Vec<_>>(),
        "codes": link.codes,
        "notes": link.notes,
    })
}

fn question(question: &Question) -> Value {
    json!({
        "key": question.key,
        "question": question.text,
        "answer": question.reply.as_str(),
        "status": question.mark,
        "because": question.because,
    })
}

fn end(end: &End) -> Value {
    let levels = end.levels.unwrap_or(Directions::both(Level::Unknown));
    json!({
        "app": end.app,
        "status": end.health,
        "code": end.code,
        "incoming": levels.incoming,
        "outgoing": levels.outgoing,
        "readable": end.readable,
        "record": end.record.as_ref().map(record),
        "own_status": {
            "working": end.status.working,
            "type": end.status.named,
            "category": end.status.category,
            "details": end.status.details,
            "told_by_other": end.status.remote,
        },
        "at_application_url": end.at_url,
        "moved": end.moved,
        "consumers": end.kept,
        "realm": end.realm,
    })
}

fn record(record: &RecordText) -> Value {
    json!({
        "id": record.id,
        "name": record.name,
        "type": record.type_id,
        "application_url": record.application_url,
        "display_url": record.display_url,
        "primary": record.primary,
        "system": record.system,
    })
}

fn request(request: &Request) -> Value {
    json!({
        "at": request.at,
        "ms": request.millis,
        "app": request.app,
        "method": request.method,
        "url": request.url,
        "status": request.status,
        "note": request.note,
        "servers": request.servers,
        "user": request.user,
    })
}

fn trouble(trouble: &Trouble) -> Value {
    json!({
        "app": trouble.app,
        "kind": trouble.kind,
        "code": trouble.code,
        "message": trouble.message,
        "hints": trouble.hints,
    })
}
