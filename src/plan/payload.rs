//! The contents of steps: what a record or a consumer says, and its addresses.

use serde::{Deserialize, Serialize};

use crate::domain::{ConsumerIdentity, Flags, TypeId};

/// What a new record says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewLink {
    /// The name to show.
    pub name: String,
    /// The peer's type.
    pub type_id: TypeId,
    /// The application URL.
    pub rpc_url: String,
    /// The display URL.
    pub display_url: String,
    /// Whether it is to be the first choice of its type.
    pub primary: bool,
}

/// What of a record people see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    /// The name to show.
    pub name: String,
    /// The display URL.
    pub display_url: String,
}

/// The two addresses of a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Addresses {
    /// The application URL.
    pub rpc_url: String,
    /// The display URL.
    pub display_url: String,
}

/// A consumer as an application stores it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewConsumer {
    /// The consumer key.
    pub key: String,
    /// The name to show.
    pub name: String,
    /// The public key, base64 of its `SubjectPublicKeyInfo`.
    pub public_key: String,
    /// The SHA-256 of it, in hex.
    pub fingerprint: String,
    /// Where browsers are sent after a user's consent.
    pub callback: Option<String>,
    /// What it may do; storing it alone gives three-legged OAuth only.
    pub incoming: Flags,
}

impl NewConsumer {
    /// What identifies it.
    pub fn identity(&self) -> ConsumerIdentity {
        ConsumerIdentity {
            key: self.key.clone(),
            fingerprint: Some(self.fingerprint.clone()),
            callback: self.callback.clone(),
        }
    }
}
