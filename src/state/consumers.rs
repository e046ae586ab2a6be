//! The third-party programs that applink registered: by fingerprint or client id, never by key or
//! secret.

use std::path::PathBuf;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::{Alias, ApplicationId};

/// A program that may call an application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ConsumerEntry {
    /// Its name.
    pub name: String,
    /// The application that it may call.
    pub on: Alias,
    /// The id of its generic link there.
    pub id: ApplicationId,
    /// Its consumer key.
    pub key: String,
    /// The SHA-256 of its public key, in hex.
    pub fingerprint: String,
    /// The length of its key.
    pub bits: u32,
    /// Where its private key is, if applink has it; relative to the state file.
    pub key_file: Option<PathBuf>,
    /// Whether it may call as itself.
    #[serde(default)]
    pub two_legged: bool,
    /// Whether it may call as any user.
    #[serde(default)]
    pub impersonation: bool,
}

/// A program that an application lets in with OAuth 2.0.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ClientEntry {
    /// Its name.
    pub name: String,
    /// The application that it may call.
    pub on: Alias,
    /// Its client id.
    pub client_id: String,
    /// Where its secret is, if applink has it; relative to the state file.
    pub secret_file: Option<PathBuf>,
}

impl ClientEntry {
    pub(super) fn entry_key(&self) -> (&Alias, &str) {
        (&self.on, &self.name)
    }
}

impl ConsumerEntry {
    pub(super) fn entry_key(&self) -> (&Alias, &str) {
        (&self.on, &self.name)
    }
}

/// A consumer that a program had before. No link names it, and it is accepted until it is taken
/// away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct FormerConsumer {
    /// The name of the program.
    pub name: String,
    /// The application that accepts it.
    pub on: Alias,
    /// Its consumer key.
    pub key: String,
    /// The SHA-256 of its public key, in hex.
    pub fingerprint: String,
    /// Where its private key is, if applink has it; relative to the state file.
    pub key_file: Option<PathBuf>,
    /// Since when it is not the program's own any more.
    pub since: Timestamp,
}

impl FormerConsumer {
    pub(super) fn entry_key(&self) -> (&Alias, &str) {
        (&self.on, &self.key)
    }
}
