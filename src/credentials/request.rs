//! For which application a credential is wanted, and the variables that are named after it.

use std::collections::BTreeMap;

use super::source::CredentialSource;
use crate::domain::{Alias, BaseUrl};
use crate::error::Error;

/// How an application got its alias in this run. It decides whether the variables that are named
/// after the alias can be meant for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AliasOrigin {
    /// The user gave it, now or before: it is in the state, or was written `ALIAS=URL`.
    Given,
    /// It was made from the type of the application.
    Automatic {
        /// Whether the application is the only one of its type in this command and in the state.
        alone: bool,
    },
}

/// For which application a credential is wanted, and what is recorded of it.
#[derive(Debug, Clone, Copy)]
pub struct CredentialRequest<'a> {
    /// Its alias.
    pub alias: &'a Alias,
    /// Where the credential will be sent.
    pub url: &'a BaseUrl,
    /// The recorded account; without one a recorded secret is a personal access token.
    pub user: Option<&'a str>,
    /// Where the secret is, when that is recorded.
    pub source: Option<&'a CredentialSource>,
    /// How it got its alias.
    pub naming: AliasOrigin,
}

/// The variable of an application: `APPLINK_WIKI_PROD_TOKEN`.
pub fn variable(alias: &Alias, what: &str) -> String {
    format!("APPLINK_{}_{what}", alias.env_part())
}

/// Refuses two applications whose variables would have the same names.
pub fn check_prefixes<'a>(aliases: impl IntoIterator<Item = &'a Alias>) -> Result<(), Error> {
    let mut seen: BTreeMap<String, &Alias> = BTreeMap::new();
    for alias in aliases {
        let prefix = alias.env_part();
        if let Some(other) = seen.insert(prefix.clone(), alias)
            && other != alias
        {
            return Err(Error::usage(format!(
                "{other} and {alias} share the variables APPLINK_{prefix}_…"
            ))
            .hint("give one of them another alias"));
        }
    }
    Ok(())
}
