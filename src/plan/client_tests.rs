#![expect(clippy::expect_used, reason = "a test that cannot go on ends here")]

use super::*;
use crate::domain::{ApplicationId, ClientView, SecretFile};
use crate::plan::Undo;
use crate::plan::testing::world::alias;

fn terms(scope: &str) -> ClientTerms {
    ClientTerms {
        name: "CI".to_owned(),
        redirects: vec!["https://ci.example/cb".to_owned()],
        scope: scope.to_owned(),
    }
}

fn client(id: &str, scope: &str) -> Client {
    Client {
        id: id.to_owned(),
        client_id: format!("client-{id}"),
        terms: terms(scope),
    }
}

fn view(client: Option<Client>, secret: SecretFile) -> ClientView {
    ClientView { client, secret }
}

fn request() -> ClientRequest {
    ClientRequest {
        on: alias("jira"),
        terms: terms("READ"),
        secret_file: "/keys/ci".to_owned(),
    }
}

fn only(plan: &Plan) -> ClientStep {
    match plan.steps.as_slice() {
        [Step::Client(step)] => step.clone(),
        other => unreachable!("{other:?}"),
    }
}

#[test]
fn a_client_is_registered_once() {
    let new = plan(&request(), None, false).expect("a plan");
    let step = only(&new);
    assert_eq!(step.action(), "create-oauth2-client");
    let same = plan(&request(), Some(&client("1", "READ")), true).expect("a plan");
    assert!(same.is_empty());
    assert!(matches!(
        same.goal,
        Goal::OAuth2Client { client_id: Some(ref id), secret_file: Some(_), .. } if id == "client-1"
    ));
    let error = plan(&request(), Some(&client("1", "WRITE")), true).expect_err("a conflict");
    assert!(error.message.contains("its scope is WRITE and not READ"));
    assert_eq!(
        error.hints,
        ["change it with: applink edit jira --oauth2-client CI --scope READ"]
    );
}

#[test]
fn it_is_reached_when_its_secret_is_kept() {
    let step = only(&plan(&request(), None, false).expect("a plan"));
    let there = || Some(client("1", "READ"));
    for (view, reached, partly) in [
        (view(None, SecretFile::Missing), false, false),
        (view(there(), SecretFile::Missing), false, true),
        (view(there(), SecretFile::Stale), false, true),
        (view(there(), SecretFile::Current), true, false),
        (view(there(), SecretFile::Untold), true, false),
    ] {
        assert_eq!(step.is_satisfied(Some(&view)), reached, "{view:?}");
        assert_eq!(step.is_partially_applied(Some(&view)), partly, "{view:?}");
        assert_eq!(step.check(Some(&view)), Ok(()), "{view:?}");
    }
    let other = view(Some(client("1", "WRITE")), SecretFile::Missing);
    assert!(step.check(Some(&other)).is_err());
}

/// A client that another administrator changed meanwhile is not removed.
#[test]
fn it_is_taken_back_as_it_was_left() {
    let step = only(&plan(&request(), None, false).expect("a plan"));
    let left = view(Some(client("1", "READ")), SecretFile::Current);
    let Undo::Exact(back) = step.undo(Some(&left)) else {
        unreachable!("it has a way back");
    };
    assert_eq!(back.secret_file(), Some("/keys/ci"));
    assert_eq!(back.check(Some(&left)), Ok(()));
    for other in [client("1", "WRITE"), client("2", "READ")] {
        let now = view(Some(other), SecretFile::Current);
        assert!(back.check(Some(&now)).is_err());
    }
    // The file belongs to it.
    assert!(!back.is_satisfied(Some(&view(None, SecretFile::Untold))));
    assert!(back.is_satisfied(Some(&view(None, SecretFile::Missing))));
}

#[test]
fn changes_and_new_secrets() {
    let before = client("1", "READ");
    let wanted = ClientChange {
        scope: Some("WRITE".to_owned()),
        reset: true,
        ..ClientChange::default()
    };
    let plan = plan_edit(&alias("jira"), &before, &wanted, "/keys/ci", false);
    let actions: Vec<&str> = plan.steps.iter().map(Step::action).collect();
    assert_eq!(actions, ["edit-oauth2-client", "reset-oauth2-secret"]);
    let Some(Step::Client(edit)) = plan.steps.first() else {
        unreachable!("an edit");
    };
    assert_eq!(
        edit.describe(),
        "change the OAuth 2.0 client \"CI\": scope READ to WRITE"
    );
    let Undo::Exact(back) = edit.undo(None) else {
        unreachable!("it has a way back");
    };
    let after = view(Some(client("1", "WRITE")), SecretFile::Missing);
    assert!(edit.is_satisfied(Some(&after)) && back.check(Some(&after)).is_ok());
    let Some(Step::Client(reset)) = plan.steps.last() else {
        unreachable!("a reset");
    };
    assert!(matches!(reset.undo(None), Undo::Never(_)));
    for (secret, reached, partly) in [
        (SecretFile::Current, false, false),
        (SecretFile::Missing, false, false),
        (SecretFile::Stale, false, true),
        (SecretFile::Untold, false, true),
        (SecretFile::Fresh, true, false),
    ] {
        let view = view(Some(client("1", "WRITE")), secret);
        assert_eq!(reset.is_satisfied(Some(&view)), reached, "{secret:?}");
        assert_eq!(
            reset.is_partially_applied(Some(&view)),
            partly,
            "{secret:?}"
        );
    }
    let nothing = plan_edit(
        &alias("jira"),
        &before,
        &ClientChange::default(),
        "/keys/ci",
        true,
    );
    assert!(nothing.is_empty());
}

#[test]
fn steps_survive_a_journal() {
    let step = Step::Client(only(&plan(&request(), None, false).expect("a plan")));
    let text = serde_json::to_string(&step).expect("JSON");
    let read: Step = serde_json::from_str(&text).expect("a step");
    assert_eq!(read, step);
    assert_eq!(read.id(), ApplicationId::of_client("CI"));
}
