//! What an edit changes, and what it leaves to others.

#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::domain::{Flags, TypeId};
use crate::error::Kind;
use crate::plan::View;
use crate::plan::testing::world::*;

fn side(name: &str, n: u128, type_id: &str, existing: Option<View>) -> Side {
    let url = format!("https://{name}.example");
    Side {
        alias: alias(name),
        url: base(&url),
        manifest: manifest(n, name, type_id, &url),
        existing,
        primary: Some(id(9)),
        others: Vec::new(),
    }
}

fn jira() -> Side {
    let wiki = view(
        2,
        "Wiki",
        "confluence",
        "https://wiki.example",
        Flags::OAUTH,
    );
    side("jira", 1, "jira", Some(wiki))
}

fn wiki() -> Side {
    let jira = view(1, "Jira", "jira", "https://jira.example", Flags::OAUTH);
    side("wiki", 2, "confluence", Some(jira))
}

fn request(level: Option<Level>, local: EndRequest, remote: EndRequest) -> EditRequest {
    EditRequest {
        level,
        local,
        remote,
    }
}

fn named(name: &str) -> EndRequest {
    EndRequest {
        name: Some(name.to_owned()),
        ..EndRequest::default()
    }
}

fn actions(plan: &Plan) -> Vec<(&str, &'static str)> {
    let steps = plan.steps.iter();
    steps
        .map(|step| (step.on().as_str(), step.action()))
        .collect()
}

#[test]
fn nothing_asked_or_all_so_already_is_nothing_to_do() {
    let same = EndRequest {
        display_url: Some(base("https://WIKI.example:443/")),
        application_url: Some(base("https://wiki.example")),
        primary: true,
        ..named("Wiki")
    };
    for asked in [
        request(None, EndRequest::default(), EndRequest::default()),
        request(Some(Level::OAuth), same, EndRequest::default()),
    ] {
        assert!(plan(&jira(), &wiki(), &asked).unwrap().is_empty());
    }
    // However the server wrote it.
    let mut slash = jira();
    slash.existing.as_mut().unwrap().record.display_url = "https://wiki.example/".to_owned();
    let asked = EndRequest {
        display_url: Some(base("https://wiki.example")),
        ..EndRequest::default()
    };
    let planned = plan(
        &slash,
        &wiki(),
        &request(None, asked, EndRequest::default()),
    )
    .unwrap();
    assert!(planned.is_empty());
}

#[test]
fn what_loses_something_comes_last() {
    let mut here = jira();
    here.existing.as_mut().unwrap().record.primary = false;
    let local = EndRequest {
        primary: true,
        ..named("Handbook")
    };
    let asked = request(Some(Level::None), local, named("Tickets"));
    let planned = plan(&here, &wiki(), &asked).unwrap();
    assert_eq!(
        actions(&planned),
        [
            ("jira", "edit-link"),
            ("jira", "make-primary"),
            ("wiki", "edit-link"),
            ("jira", "set-level"),
            ("wiki", "set-level"),
        ]
    );
    // What both ends lose alike is said once.
    assert_eq!(planned.losses().len(), 1);
    let raised = request(
        Some(Level::Impersonation),
        EndRequest::default(),
        EndRequest::default(),
    );
    assert!(plan(&jira(), &wiki(), &raised).unwrap().losses().is_empty());
}

#[test]
fn an_end_that_is_missing_is_refused_only_where_it_is_meant() {
    let there = side("wiki", 2, "confluence", None);
    let one = request(None, named("Handbook"), EndRequest::default());
    let planned = plan(&jira(), &there, &one).unwrap();
    assert_eq!(actions(&planned), [("jira", "edit-link")]);
    for both in [
        request(
            Some(Level::None),
            EndRequest::default(),
            EndRequest::default(),
        ),
        request(None, EndRequest::default(), named("Tickets")),
    ] {
        let error = plan(&jira(), &there, &both).unwrap_err();
        assert_eq!(error.code, Some(Code::OneWay));
        assert!(error.hints[0].contains("applink create jira wiki"));
    }
}

#[test]
fn an_application_url_is_relocated_and_not_edited() {
    let asked = EndRequest {
        application_url: Some(base("https://new.example")),
        ..EndRequest::default()
    };
    let error = plan(
        &jira(),
        &wiki(),
        &request(None, EndRequest::default(), asked),
    )
    .unwrap_err();
    assert_eq!(error.kind, Kind::Refused);
    assert!(error.hints[0].contains("applink relocate jira https://new.example --on wiki"));
}

#[test]
fn impersonation_and_system_links_are_refused() {
    let mut other = wiki();
    other.manifest.type_id = TypeId::generic();
    let asked = request(
        Some(Level::Impersonation),
        EndRequest::default(),
        EndRequest::default(),
    );
    let error = plan(&jira(), &other, &asked).unwrap_err();
    assert_eq!(error.hints, ["applink edit jira wiki --auth oauth"]);

    let mut system = wiki();
    system.existing.as_mut().unwrap().record.system = true;
    let error = plan(
        &jira(),
        &system,
        &request(None, EndRequest::default(), named("T")),
    )
    .unwrap_err();
    assert_eq!(error.code, Some(Code::SystemLink));
    let elsewhere = request(None, named("Handbook"), EndRequest::default());
    assert!(plan(&jira(), &system, &elsewhere).is_ok());
}
