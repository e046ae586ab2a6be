//! OAuth 2.0 clients: their steps and their plans.
//!
//! A client's secret is made by the application and goes into a file of the user's. A step names
//! the file and never the secret, and is reached only when the file holds it.

use serde::{Deserialize, Serialize};

use super::{Difference, Goal, Plan, Policy, Step, Undo};
use crate::domain::{Alias, ApplicationId, Client, ClientTerms, ClientView, Fix, SecretFile};
use crate::error::{Error, Result};

/// One change to one OAuth 2.0 client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "client-step", rename_all = "kebab-case")]
pub enum ClientStep {
    /// Register it, and keep its secret.
    Create {
        /// On which application.
        on: Alias,
        /// What it may.
        terms: ClientTerms,
        /// Where its secret goes: a new file.
        secret_file: String,
    },
    /// Change what it may.
    Edit {
        /// On which application.
        on: Alias,
        /// The client before.
        client: Client,
        /// What it may after.
        to: ClientTerms,
    },
    /// Give it a new secret, and keep that.
    ResetSecret {
        /// On which application.
        on: Alias,
        /// Which client.
        client: Client,
        /// Where its secret goes, in place of an older one.
        secret_file: String,
        /// What the secret before is known by, which does not give it away; without it nobody can
        /// tell a new secret from the one before.
        #[serde(default)]
        was: Option<String>,
    },
    /// Remove it.
    Delete {
        /// On which application.
        on: Alias,
        /// Which client; with an empty id the one of that name.
        client: Client,
        /// The file that goes with it.
        secret_file: Option<String>,
    },
}

impl ClientStep {
    /// The application that it changes.
    pub fn on(&self) -> &Alias {
        match self {
            Self::Create { on, .. }
            | Self::Edit { on, .. }
            | Self::ResetSecret { on, .. }
            | Self::Delete { on, .. } => on,
        }
    }

    /// The client's name before it.
    pub fn name(&self) -> &str {
        match self {
            Self::Create { terms, .. } => &terms.name,
            Self::Edit { client, .. }
            | Self::ResetSecret { client, .. }
            | Self::Delete { client, .. } => &client.terms.name,
        }
    }

    /// The file of the secret, where the step has to do with one.
    pub fn secret_file(&self) -> Option<&str> {
        match self {
            Self::Create { secret_file, .. } | Self::ResetSecret { secret_file, .. } => {
                Some(secret_file)
            }
            Self::Edit { .. } => None,
            Self::Delete { secret_file, .. } => secret_file.as_deref(),
        }
    }

    pub(super) fn id(&self) -> ApplicationId {
        ApplicationId::of_client(self.name())
    }

    pub(super) fn action(&self) -> &'static str {
        match self {
            Self::Create { .. } => "create-oauth2-client",
            Self::Edit { .. } => "edit-oauth2-client",
            Self::ResetSecret { .. } => "reset-oauth2-secret",
            Self::Delete { .. } => "delete-oauth2-client",
        }
    }

    pub(super) fn describe(&self) -> String {
        match self {
            Self::Create { terms, .. } => format!(
                "register the OAuth 2.0 client {:?} with the scope {}",
                terms.name, terms.scope
            ),
            Self::Edit { client, to, .. } => format!(
                "change the OAuth 2.0 client {:?}: {}",
                client.terms.name,
                differences(&client.terms, to)
                    .iter()
                    .map(|one| format!("{} {} to {}", one.field, one.found, one.expected))
                    .collect::<Vec<_>>()
                    .join(", ")
            ),
            Self::ResetSecret { client, .. } => format!(
                "give the OAuth 2.0 client {:?} a new secret",
                client.terms.name
            ),
            Self::Delete { client, .. } => {
                format!("remove the OAuth 2.0 client {:?}", client.terms.name)
            }
        }
    }

    pub(super) fn undo(&self, left: Option<&ClientView>) -> Undo {
        match self.clone() {
            Self::Create {
                on,
                terms,
                secret_file,
            } => Undo::Exact(Step::Client(Self::Delete {
                on,
                client: left
                    .and_then(|left| left.client.clone())
                    .unwrap_or_else(|| Client {
                        id: String::new(),
                        client_id: String::new(),
                        terms,
                    }),
                secret_file: Some(secret_file),
            })),
            Self::Edit { on, client, to } => Undo::Exact(Step::Client(Self::Edit {
                on,
                to: client.terms.clone(),
                client: Client {
                    terms: to,
                    ..client
                },
            })),
            Self::ResetSecret { .. } => Undo::Never(
                "the secret that the program has now, until it is given the new one".to_owned(),
            ),
            Self::Delete { client, .. } => Undo::Never(format!(
                "the OAuth 2.0 client {:?} with the tokens that users gave it",
                client.terms.name
            )),
        }
    }

    pub(super) fn is_reached(&self, view: Option<&ClientView>) -> bool {
        let Some(view) = view else { return false };
        match self {
            Self::Create { terms, .. } => {
                view.has(terms) && !matches!(view.secret, SecretFile::Missing | SecretFile::Stale)
            }
            Self::Edit { to, .. } => view.has(to),
            Self::ResetSecret { .. } => view.secret == SecretFile::Fresh,
            Self::Delete { secret_file, .. } => {
                view.client.is_none()
                    && (secret_file.is_none() || view.secret == SecretFile::Missing)
            }
        }
    }

    pub(super) fn is_partly_there(&self, view: Option<&ClientView>) -> bool {
        let Some(view) = view else { return false };
        match self {
            Self::Create { terms, .. } => view.has(terms) && !self.is_reached(Some(view)),
            // The old secret may be gone already, and nobody has the new one.
            Self::ResetSecret { .. } => {
                matches!(view.secret, SecretFile::Stale | SecretFile::Untold)
            }
            Self::Delete { .. } => view.client.is_none() && !self.is_reached(Some(view)),
            Self::Edit { .. } => false,
        }
    }

    pub(super) fn check(&self, view: Option<&ClientView>) -> std::result::Result<(), Difference> {
        let found = view.and_then(|view| view.client.as_ref());
        let differs = |expected: &str| {
            Err(Difference {
                field: "OAuth 2.0 client",
                expected: expected.to_owned(),
                found: found.map_or_else(
                    || "none".to_owned(),
                    |found| {
                        format!(
                            "one with scope {} and redirect URIs {}",
                            found.terms.scope,
                            found.terms.redirects.join(" ")
                        )
                    },
                ),
            })
        };
        match (self, found) {
            (Self::Create { .. } | Self::Delete { .. }, None) => Ok(()),
            // Registered, and its secret not kept yet: the same again does it.
            (Self::Create { terms, .. }, Some(found)) if found.terms.same(terms) => Ok(()),
            (Self::Create { .. }, Some(_)) => differs("none of that name"),
            (Self::ResetSecret { client, .. }, Some(found))
                if found.client_id == client.client_id =>
            {
                Ok(())
            }
            (Self::Edit { client, .. } | Self::Delete { client, .. }, Some(found))
                if (client.id.is_empty() || client.id == found.id)
                    && client.terms.same(&found.terms) =>
            {
                Ok(())
            }
            _ => differs("the one that was there"),
        }
    }
}

impl ClientView {
    fn has(&self, terms: &ClientTerms) -> bool {
        self.client
            .as_ref()
            .is_some_and(|client| client.terms.same(terms))
    }
}

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The application.
    pub on: Alias,
    /// What the client may.
    pub terms: ClientTerms,
    /// Where its secret goes.
    pub secret_file: String,
}

/// Plans a registration. `there` is a client of that name, `kept` whether its secret is in the
/// file.
pub fn plan(request: &Request, there: Option<&Client>, kept: bool) -> Result<Plan> {
    let Request {
        on,
        terms,
        secret_file,
    } = request;
    let mut steps = Vec::new();
    match there {
        None => steps.push(Step::Client(ClientStep::Create {
            on: on.clone(),
            terms: terms.clone(),
            secret_file: secret_file.clone(),
        })),
        Some(there) => {
            let differences = differences(&there.terms, terms);
            if !differences.is_empty() {
                return Err(refusal(on, terms, &differences));
            }
        }
    }
    let goal = Goal::OAuth2Client {
        on: on.clone(),
        terms: terms.clone(),
        client_id: there.map(|there| there.client_id.clone()),
        secret_file: (there.is_none() || kept).then(|| secret_file.clone()),
    };
    Ok(Plan {
        goal,
        steps,
        policy: Policy::Undo,
    })
}

/// What a change of a client is about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wish {
    /// Other redirect URIs; none are none to change.
    pub redirects: Vec<String>,
    /// Another scope.
    pub scope: Option<String>,
    /// A new secret.
    pub reset: bool,
    /// What the secret is known by that it has now.
    pub was: Option<String>,
}

/// Plans a change of a client. `kept` says whether its secret is in the file.
pub fn plan_edit(on: &Alias, client: &Client, wish: &Wish, secret_file: &str, kept: bool) -> Plan {
    let mut to = client.terms.clone();
    if let Some(scope) = &wish.scope {
        to.scope.clone_from(scope);
    }
    if !wish.redirects.is_empty() {
        to.redirects.clone_from(&wish.redirects);
    }
    let mut steps = Vec::new();
    if !client.terms.same(&to) {
        steps.push(Step::Client(ClientStep::Edit {
            on: on.clone(),
            client: client.clone(),
            to: to.clone(),
        }));
    }
    if wish.reset {
        steps.push(Step::Client(ClientStep::ResetSecret {
            on: on.clone(),
            client: Client {
                terms: to.clone(),
                ..client.clone()
            },
            secret_file: secret_file.to_owned(),
            was: wish.was.clone(),
        }));
    }
    Plan {
        goal: Goal::OAuth2Client {
            on: on.clone(),
            terms: to,
            client_id: Some(client.client_id.clone()),
            secret_file: (wish.reset || kept).then(|| secret_file.to_owned()),
        },
        steps,
        policy: Policy::Undo,
    }
}

/// Plans a removal; the file goes with the client.
pub fn plan_delete(
    on: &Alias,
    name: &str,
    there: Option<&Client>,
    secret_file: Option<String>,
) -> Plan {
    let steps = there
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
        policy: Policy::Undo,
    }
}

/// What of `found` is not as `wanted` has it.
fn differences(found: &ClientTerms, wanted: &ClientTerms) -> Vec<Difference> {
    let mut all = Vec::new();
    if found.scope != wanted.scope {
        all.push(Difference {
            field: "scope",
            expected: wanted.scope.clone(),
            found: found.scope.clone(),
        });
    }
    if !found.same_redirects(wanted) {
        all.push(Difference {
            field: "redirect URIs",
            expected: wanted.redirects.join(" "),
            found: found.redirects.join(" "),
        });
    }
    all
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
    match Fix::applink(words) {
        Some(fix) => error.hint(format!("change it with: {}", fix.command())),
        None => error.hint("change it with: applink edit"),
    }
}

#[cfg(test)]
#[path = "client_tests.rs"]
mod tests;
