//! The document of `list`.

use serde::Serialize;

use super::document::Document;
use super::errors::TroubleOutput;
use crate::domain::{Alias, ApplicationId, Level, TypeId};
use crate::state::CachedConsumer;

/// The document of `list`.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "list"))]
pub struct ListOutput {
    /// By `local`, then by name.
    pub links: Vec<RecordOutput>,
    /// Programs that come in with OAuth 2.0, where the account may see them.
    pub oauth2_clients: Vec<RegistrationOutput>,
    /// Applications that do not answer.
    pub errors: Vec<TroubleOutput>,
}

impl Document for ListOutput {}

/// The record that one application keeps about another.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "record"))]
pub struct RecordOutput {
    /// The alias of the application that keeps it.
    pub local: Alias,
    /// The alias of the other one; null where it is not known to applink.
    pub remote: Option<Alias>,
    /// The id of the record, which is the other application's id.
    pub id: ApplicationId,
    /// The name that `local` shows.
    pub name: String,
    /// `jira`, `confluence`, `stash`, `bamboo`, `crowd`, `fecru`, `generic`, or what a plugin brings.
    #[serde(rename = "type")]
    pub type_id: TypeId,
    /// What the servers use.
    pub application_url: Option<String>,
    /// What browsers use.
    pub display_url: String,
    /// Whether it is the first of its type.
    pub primary: bool,
    /// Whether the product manages it by itself.
    pub system: bool,
    /// The [level](levels.md) of calls from the other one: `none`, `oauth`, `impersonation`, `three-legged`, `legacy`, `unknown`.
    pub incoming: Level,
    /// The level of calls to the other one.
    pub outgoing: Level,
    /// Whether the other one has a record of `local`; null where it was not asked.
    pub two_way: Option<bool>,
    /// `active`, `pending-delete`, `unfinished`.
    pub state: &'static str,
    /// The program of a `generic` link.
    pub consumer: Option<ConsumerOutput>,
}

/// The program of a generic link.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "consumer"))]
pub struct ConsumerOutput {
    /// Its name.
    pub name: Option<String>,
    /// Its consumer key.
    pub key: String,
    /// SHA-256 of its public key, in hex; null where that cannot be read.
    pub fingerprint: Option<String>,
    /// The length of its key.
    pub bits: Option<u32>,
}

impl From<&CachedConsumer> for ConsumerOutput {
    fn from(consumer: &CachedConsumer) -> Self {
        Self {
            name: consumer.name.clone(),
            key: consumer.key.clone(),
            fingerprint: consumer.fingerprint.clone(),
            bits: consumer.bits,
        }
    }
}

/// A program that calls with OAuth 2.0.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "registration"))]
pub struct RegistrationOutput {
    /// The alias of the application that it calls.
    pub local: Alias,
    /// Its name.
    pub name: String,
    /// Its client id.
    pub client_id: String,
    /// Where browsers are sent after consent.
    pub redirect_uris: Vec<String>,
    /// What it may ask for.
    pub scope: String,
    /// The file with its client secret, where applink keeps it.
    pub secret_file: Option<String>,
    /// `active`, `unfinished`.
    pub state: &'static str,
}
