//! What a plan reaches: the state remembers it when all steps are done.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::{Alias, ApplicationId, ClientTerms, LastApplied, Level};

/// What a plan is for; what the state remembers follows from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "goal", rename_all = "kebab-case")]
pub enum Goal {
    /// A link, or one end of it.
    Link {
        /// The application named first.
        local: Alias,
        /// The other.
        remote: Alias,
        /// The id of the record on `local`: the remote's application id.
        local_link_id: ApplicationId,
        /// The id of the record on `remote`; none for one way.
        remote_link_id: Option<ApplicationId>,
        /// What calls from `local` use; unknown where it was not set.
        outgoing: Level,
        /// What calls from `remote` use.
        incoming: Level,
        /// What its records are given besides, where a file says so.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        last_applied: Option<Box<LastApplied>>,
    },
    /// No link any more.
    NoLink {
        /// The application named first.
        local: Alias,
        /// The other, where applink knows it.
        remote: Option<Alias>,
        /// Only the record on `local` was meant.
        one_side: bool,
    },
    /// A consumer that may call an application.
    Consumer {
        /// The application.
        on: Alias,
        /// Its name.
        name: String,
        /// The id of its generic link.
        id: ApplicationId,
        /// The consumer key.
        key: String,
        /// The SHA-256 of its public key, in hex.
        fingerprint: String,
        /// The length of its key.
        bits: u32,
        /// Where its private key is, if applink made it.
        key_file: Option<String>,
        /// What is to be done on its side, if that is known; no secret.
        #[serde(default)]
        snippet: Option<String>,
        /// Whether it may call as itself.
        two_legged: bool,
        /// Whether it may call as any user.
        impersonation: bool,
        /// What is done about it.
        #[serde(default)]
        action: ConsumerAction,
    },
    /// No consumer of that name any more.
    NoConsumer {
        /// The application.
        on: Alias,
        /// Its name.
        name: String,
    },
    /// A link on OAuth that was on Trusted Applications or Basic.
    Migrated {
        /// The application named first.
        local: Alias,
        /// The other.
        remote: Alias,
    },
    /// Copies that do not call production any more.
    Detached {
        /// Where production is.
        from: String,
    },
    /// An OAuth 2.0 client that may call an application.
    OAuth2Client {
        /// The application.
        on: Alias,
        /// What it may.
        terms: ClientTerms,
        /// Its client id; the application makes one up for a new client.
        client_id: Option<String>,
        /// Where its secret is, if applink has it.
        secret_file: Option<String>,
    },
    /// No OAuth 2.0 client of that name any more.
    NoOAuth2Client {
        /// The application.
        on: Alias,
        /// Its name.
        name: String,
    },
    /// Every record under one address follows to another.
    Relocated {
        /// The prefix before.
        from: String,
        /// The prefix after.
        to: String,
        /// The known applications that moved with it, and where each answers now.
        apps: BTreeMap<Alias, String>,
    },
    /// An application at another address.
    Moved {
        /// Which one.
        app: Alias,
        /// Where it answers now.
        url: String,
    },
}

/// What is done about a consumer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConsumerAction {
    /// It is registered.
    #[default]
    Register,
    /// It gets another key pair.
    Rotate,
    /// Consumers that it had before are taken away.
    Retire,
}

/// Whether a goal is about an application.
pub(crate) fn is_about(goal: &Goal, alias: &Alias) -> bool {
    match goal {
        Goal::Link { local, remote, .. } | Goal::Migrated { local, remote } => {
            local == alias || remote == alias
        }
        Goal::NoLink { local, remote, .. } => local == alias || remote.as_ref() == Some(alias),
        Goal::Consumer { on, .. }
        | Goal::NoConsumer { on, .. }
        | Goal::OAuth2Client { on, .. }
        | Goal::NoOAuth2Client { on, .. } => on == alias,
        Goal::Moved { app, .. } => app == alias,
        Goal::Relocated { apps, .. } => apps.contains_key(alias),
        Goal::Detached { .. } => false,
    }
}
