//! The plans for OAuth 2.0 clients: register, change, delete.

use super::client_step::{ClientStep, differences};
use super::{Difference, Goal, Plan, Policy, Step};
use crate::domain::{Alias, Client, ClientTerms, SuggestedCommand};
use crate::error::{Error, Result};

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientRequest {
    /// The application.
    pub on: Alias,
    /// What the client may.
    pub terms: ClientTerms,
    /// Where its secret goes.
    pub secret_file: String,
}

/// Plans a registration. `existing` is a client of that name. `secret_stored` says whether its
/// secret is in the file.
pub fn plan(
    request: &ClientRequest,
    existing: Option<&Client>,
    secret_stored: bool,
) -> Result<Plan> {
    let ClientRequest {
        on,
        terms,
        secret_file,
    } = request;
    let mut steps = Vec::new();
    match existing {
        None => steps.push(Step::Client(ClientStep::Create {
            on: on.clone(),
            terms: terms.clone(),
            secret_file: secret_file.clone(),
        })),
        Some(existing) => {
            let differences = differences(&existing.terms, terms);
            if !differences.is_empty() {
                return Err(refusal(on, terms, &differences));
            }
        }
    }
    let goal = Goal::OAuth2Client {
        on: on.clone(),
        terms: terms.clone(),
        client_id: existing.map(|existing| existing.client_id.clone()),
        secret_file: (existing.is_none() || secret_stored).then(|| secret_file.clone()),
    };
    Ok(Plan {
        goal,
        steps,
        policy: Policy::RollBack,
    })
}

/// What a change of a client is about.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct ClientChange {
    /// Other redirect URIs; none are none to change.
    pub redirects: Vec<String>,
    /// Another scope.
    pub scope: Option<String>,
    /// A new secret.
    pub reset: bool,
    /// What the secret is known by that it has now.
    pub was: Option<String>,
}

/// Plans a change of a client. `secret_stored` says whether its secret is in the file.
pub fn plan_edit(
    on: &Alias,
    client: &Client,
    change: &ClientChange,
    secret_file: &str,
    secret_stored: bool,
) -> Plan {
    let mut to = client.terms.clone();
    if let Some(scope) = &change.scope {
        to.scope.clone_from(scope);
    }
    if !change.redirects.is_empty() {
        to.redirects.clone_from(&change.redirects);
    }
    let mut steps = Vec::new();
    if !client.terms.same(&to) {
        steps.push(Step::Client(ClientStep::Edit {
            on: on.clone(),
            client: client.clone(),
            to: to.clone(),
        }));
    }
    if change.reset {
        steps.push(Step::Client(ClientStep::ResetSecret {
            on: on.clone(),
            client: Client {
                terms: to.clone(),
                ..client.clone()
            },
            secret_file: secret_file.to_owned(),
            was: change.was.clone(),
        }));
    }
    Plan {
        goal: Goal::OAuth2Client {
            on: on.clone(),
            terms: to,
            client_id: Some(client.client_id.clone()),
            secret_file: (change.reset || secret_stored).then(|| secret_file.to_owned()),
        },
        steps,
        policy: Policy::RollBack,
    }
}

/// Plans a removal; the file goes with the client.
pub fn plan_delete(
    on: &Alias,
    name: &str,
    existing: Option<&Client>,
    secret_file: Option<String>,
) -> Plan {
    let steps = existing
        .map(|client| {
            Step::Client(ClientStep::Delete {
                on: on.clone(),
                client: client.clone(),
                secret_file,
            })
        })
        .into_iter()
        .collect();
    Plan {
        goal: Goal::NoOAuth2Client {
            on: on.clone(),
            name: name.to_owned(),
        },
        steps,
        policy: Policy::RollBack,
    }
}

fn refusal(on: &Alias, wanted: &ClientTerms, differences: &[Difference]) -> Error {
    let mut words = vec![
        "edit".to_owned(),
        on.to_string(),
        "--oauth2-client".to_owned(),
        wanted.name.clone(),
    ];
    for one in differences {
        if one.field == "scope" {
            words.extend(["--scope".to_owned(), wanted.scope.clone()]);
        } else {
            for uri in &wanted.redirects {
                words.extend(["--redirect-uri".to_owned(), uri.clone()]);
            }
        }
    }
    let told: Vec<String> = differences
        .iter()
        .map(|one| {
            format!(
                "its {} {} and not {}",
                one.field,
                if one.field == "scope" {
                    format!("is {}", one.found)
                } else {
                    format!("are {}", one.found)
                },
                one.expected
            )
        })
        .collect();
    let error = Error::conflict(format!(
        "{on} has an OAuth 2.0 client {:?} already, and {}",
        wanted.name,
        told.join(", ")
    ));
    match SuggestedCommand::applink(words) {
        Some(fix) => error.hint(format!("change it with: {}", fix.command())),
        None => error.hint("change it with: applink edit"),
    }
}

#[cfg(test)]
#[path = "client_tests.rs"]
mod tests;
