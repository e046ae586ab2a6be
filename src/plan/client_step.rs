//! One change to one OAuth 2.0 client.
//!
//! The application makes the client's secret, which goes into a file of the user's. A step names
//! the file and never the secret. It is done only when the file holds the secret.

use serde::{Deserialize, Serialize};

use super::difference::Difference;
use super::undo::Undo;
use crate::domain::{Alias, ApplicationId, Client, ClientTerms, ClientView, SecretFile, View};

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
        /// A mark of the secret before, which does not give it away. Without it a new secret cannot
        /// be told from the one before.
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

    /// The client before it, where there is one.
    pub fn client(&self) -> Option<&Client> {
        match self {
            Self::Create { .. } => None,
            Self::Edit { client, .. }
            | Self::ResetSecret { client, .. }
            | Self::Delete { client, .. } => Some(client).filter(|one| !one.client_id.is_empty()),
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

    pub(super) fn undo(&self, left: Option<&ClientView>) -> Undo<Self> {
        match self.clone() {
            Self::Create {
                on,
                terms,
                secret_file,
            } => Undo::Exact(Self::Delete {
                on,
                client: left
                    .and_then(|left| left.client.clone())
                    .unwrap_or_else(|| Client {
                        id: String::new(),
                        client_id: String::new(),
                        terms,
                    }),
                secret_file: Some(secret_file),
            }),
            Self::Edit { on, client, to } => Undo::Exact(Self::Edit {
                on,
                to: client.terms.clone(),
                client: Client {
                    terms: to,
                    ..client
                },
            }),
            Self::ResetSecret { .. } => Undo::Never(
                "the secret that the program has now, until it is given the new one".to_owned(),
            ),
            Self::Delete { client, .. } => Undo::Never(format!(
                "the OAuth 2.0 client {:?} with the tokens that users gave it",
                client.terms.name
            )),
        }
    }

    pub(super) fn is_satisfied(&self, view: Option<&ClientView>) -> bool {
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

    pub(super) fn is_partially_applied(&self, view: Option<&ClientView>) -> bool {
        let Some(view) = view else { return false };
        match self {
            Self::Create { terms, .. } => view.has(terms) && !self.is_satisfied(Some(view)),
            // The old secret may be gone already, and the new one is not stored.
            Self::ResetSecret { .. } => {
                matches!(view.secret, SecretFile::Stale | SecretFile::Untold)
            }
            Self::Delete { .. } => view.client.is_none() && !self.is_satisfied(Some(view)),
            Self::Edit { .. } => false,
        }
    }

    pub(super) fn check(&self, view: Option<&ClientView>) -> Result<(), Difference> {
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
            // Registered, but its secret is not stored yet: the same step again does it.
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

/// What a view says of a client.
pub(super) fn client_view(view: Option<&View>) -> Option<&ClientView> {
    view.and_then(|view| view.client.as_deref())
}

/// What of `found` is not as `wanted` has it.
pub(super) fn differences(found: &ClientTerms, wanted: &ClientTerms) -> Vec<Difference> {
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
