//! OAuth 2.0 clients, which an application knows by a client id and a secret.

use serde::{Deserialize, Serialize};

/// What an administrator decides about a client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientTerms {
    /// Its name, unique on the application.
    pub name: String,
    /// Where browsers may be sent after a user's consent.
    pub redirects: Vec<String>,
    /// The most that it may ask users for.
    pub scope: String,
}

impl ClientTerms {
    /// Whether two say the same; the order of redirect URIs says nothing.
    pub fn same(&self, other: &Self) -> bool {
        self.name == other.name && self.scope == other.scope && self.same_redirects(other)
    }

    /// Whether the redirect URIs are the same, in any order.
    pub fn same_redirects(&self, other: &Self) -> bool {
        let sorted = |terms: &Self| {
            let mut all = terms.redirects.clone();
            all.sort();
            all.dedup();
            all
        };
        sorted(self) == sorted(other)
    }
}

/// A client as its application has it, without its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Client {
    /// The application's own handle of it; opaque.
    pub id: String,
    /// What the client sends as its name; opaque, and no secret.
    pub client_id: String,
    /// The rest.
    #[serde(flatten)]
    pub terms: ClientTerms,
}

/// How the file of a client's secret stands to the application.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SecretFile {
    /// There is none.
    Missing,
    /// It holds the secret that the application takes.
    Current,
    /// There is one, and the application does not tell what it takes.
    Untold,
    /// It holds another secret.
    Stale,
    /// This run has put a new secret into it.
    Fresh,
}

/// A client and its secret's file, as both are now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientView {
    /// The client, if there is one.
    pub client: Option<Client>,
    /// The file of its secret.
    pub secret: SecretFile,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_redirects_says_nothing() {
        let terms = |redirects: &[&str], scope: &str| ClientTerms {
            name: "ci".to_owned(),
            redirects: redirects.iter().map(ToString::to_string).collect(),
            scope: scope.to_owned(),
        };
        assert!(terms(&["a", "b"], "READ").same(&terms(&["b", "a", "b"], "READ")));
        assert!(!terms(&["a"], "READ").same(&terms(&["a"], "WRITE")));
        assert!(!terms(&["a"], "READ").same(&terms(&["a", "b"], "READ")));
    }
}
