//! One change to one application, and what to call it.

use serde::{Deserialize, Serialize};

use super::client_step::ClientStep;
use super::describe::describe_change;
use super::payload::{Addresses, Details, NewConsumer, NewLink};
use super::proof::Proof;
use crate::domain::{Alias, ApplicationId, Directions, Flags};

/// How an address is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RelocationMethod {
    /// The application looks first at what answers there. System administrators only.
    Checked,
    /// The same, and it takes the address although nothing answers there.
    Forced,
    /// The record is rewritten, unchecked. Administrators suffice.
    Rewritten,
}

/// One change to one record on one application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "kebab-case")]
pub enum Step {
    /// Create the record.
    Create {
        /// On which application.
        on: Alias,
        /// The peer's application id.
        id: ApplicationId,
        /// What it says.
        link: NewLink,
    },
    /// Set the OAuth switches.
    SetFlags {
        /// On which application.
        on: Alias,
        /// Of which record.
        id: ApplicationId,
        /// What they must be before.
        from: Directions<Flags>,
        /// What they are after.
        to: Directions<Flags>,
    },
    /// Remove a consumer, with its tokens.
    DropConsumer {
        /// On which application.
        on: Alias,
        /// For which record.
        id: ApplicationId,
        /// Its key, for people.
        key: String,
    },
    /// Store a consumer, and what it may do.
    PutConsumer {
        /// On which application.
        on: Alias,
        /// For which record.
        id: ApplicationId,
        /// The one that is there before, if there is one.
        from: Option<NewConsumer>,
        /// The one that is there after.
        to: NewConsumer,
        /// Whether the one before is taken away first, so that it is refused from then on; with
        /// none before, whether one is accepted under that key already and does not come back.
        #[serde(default)]
        drops: bool,
    },
    /// Ask with a signed request; nothing is changed by it.
    Prove {
        /// On which application.
        on: Alias,
        /// For which record.
        id: ApplicationId,
        /// What it has to show.
        proof: Proof,
    },
    /// Change name or display URL.
    Edit {
        /// On which application.
        on: Alias,
        /// Of which record.
        id: ApplicationId,
        /// What they must be before.
        from: Details,
        /// What they are after.
        to: Details,
    },
    /// Make it the first choice of its type.
    MakePrimary {
        /// On which application.
        on: Alias,
        /// Which record.
        id: ApplicationId,
        /// Which one was it before.
        was: Option<ApplicationId>,
    },
    /// Change the application URL.
    Move {
        /// On which application.
        on: Alias,
        /// Of which record.
        id: ApplicationId,
        /// Where it must point before.
        from: Addresses,
        /// Where it points after.
        to: Addresses,
        /// How.
        method: RelocationMethod,
    },
    /// End Trusted Applications and Basic, now that OAuth is there.
    RemoveLegacy {
        /// On which application.
        on: Alias,
        /// On which record.
        id: ApplicationId,
        /// Its name, for people.
        name: String,
        /// The switches without which nothing would be left.
        needs: Directions<Flags>,
        /// The page on which a person can do it.
        page: String,
    },
    /// Delete the record.
    Delete {
        /// On which application.
        on: Alias,
        /// Which record.
        id: ApplicationId,
        /// Its name, for people.
        name: String,
    },
    /// Change an OAuth 2.0 client.
    Client(ClientStep),
}

impl Step {
    /// The application that it changes.
    pub fn on(&self) -> &Alias {
        match self {
            Self::Create { on, .. }
            | Self::SetFlags { on, .. }
            | Self::DropConsumer { on, .. }
            | Self::PutConsumer { on, .. }
            | Self::Prove { on, .. }
            | Self::Edit { on, .. }
            | Self::MakePrimary { on, .. }
            | Self::Move { on, .. }
            | Self::RemoveLegacy { on, .. }
            | Self::Delete { on, .. } => on,
            Self::Client(step) => step.on(),
        }
    }

    /// The record that it changes.
    pub fn id(&self) -> ApplicationId {
        match self {
            Self::Create { id, .. }
            | Self::SetFlags { id, .. }
            | Self::DropConsumer { id, .. }
            | Self::PutConsumer { id, .. }
            | Self::Prove { id, .. }
            | Self::Edit { id, .. }
            | Self::MakePrimary { id, .. }
            | Self::Move { id, .. }
            | Self::RemoveLegacy { id, .. }
            | Self::Delete { id, .. } => *id,
            Self::Client(step) => step.id(),
        }
    }

    /// Its name in reports.
    pub fn action(&self) -> &'static str {
        match self {
            Self::Create { .. } => "create-link",
            Self::SetFlags { .. } => "set-level",
            Self::DropConsumer { .. } => "drop-consumer",
            Self::PutConsumer { .. } => "put-consumer",
            Self::Prove { .. } => "prove-consumer",
            Self::Edit { .. } => "edit-link",
            Self::MakePrimary { .. } => "make-primary",
            Self::Move { .. } => "relocate-link",
            Self::RemoveLegacy { .. } => "remove-legacy",
            Self::Delete { .. } => "delete-link",
            Self::Client(step) => step.action(),
        }
    }

    /// One line for a person.
    pub fn describe(&self) -> String {
        match self {
            Self::Create { link, .. } => {
                format!("create the link {:?} to {}", link.name, link.rpc_url)
            }
            Self::SetFlags { from, to, .. } => format!("set {}", describe_change(*from, *to)),
            Self::DropConsumer { key, .. } => format!("take away the consumer {key:?}"),
            Self::PutConsumer { to, .. } if to.fingerprint.is_empty() => {
                format!("store the consumer {:?} with a new public key", to.key)
            }
            Self::PutConsumer { to, .. } => format!(
                "store the consumer {:?} with the public key SHA256:{}",
                to.key,
                to.fingerprint.get(..16).unwrap_or(&to.fingerprint)
            ),
            Self::Prove { proof, .. } => proof.describe(),
            Self::Edit { from, to, .. } => {
                let mut parts = Vec::new();
                if from.name != to.name {
                    parts.push(format!("name {:?} to {:?}", from.name, to.name));
                }
                if from.display_url != to.display_url {
                    parts.push(format!(
                        "display URL {} to {}",
                        from.display_url, to.display_url
                    ));
                }
                format!("change the {}", parts.join(" and the "))
            }
            Self::MakePrimary { .. } => "make it the primary link of its type".to_owned(),
            Self::Move {
                from,
                to,
                method: way,
                ..
            } => {
                let how = match way {
                    RelocationMethod::Checked => "",
                    RelocationMethod::Forced => ", although nobody may answer there",
                    RelocationMethod::Rewritten => ", by rewriting the record",
                };
                format!(
                    "relocate the link from {} to {}{how}",
                    from.rpc_url, to.rpc_url
                )
            }
            Self::RemoveLegacy { name, .. } => {
                format!("end Trusted Applications and Basic on the link {name:?}")
            }
            Self::Delete { name, .. } => format!("delete the link {name:?}"),
            Self::Client(step) => step.describe(),
        }
    }

    /// Whether it makes a record.
    pub fn creates_record(&self) -> bool {
        matches!(self, Self::Create { .. })
    }

    /// Whether it only reads: there is nothing to undo, and only its answer tells how it went.
    pub fn is_read_only(&self) -> bool {
        matches!(self, Self::Prove { .. })
    }
}

#[cfg(test)]
#[path = "step_tests.rs"]
mod tests;
