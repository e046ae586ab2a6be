//! The third-party programs that applink registered: by fingerprint or client id, never by key or
//! secret.

use std::collections::BTreeSet;
use std::path::PathBuf;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::model::State;
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

impl State {
    /// The consumers that a program had before.
    pub fn former_of(&self, on: &Alias, name: &str) -> impl Iterator<Item = &FormerConsumer> {
        let key = (on.clone(), name.to_owned());
        self.former_consumers
            .iter()
            .filter(move |one| one.on == key.0 && one.name == key.1)
    }

    /// Remembers a consumer that a program had before.
    pub fn add_former(&mut self, former: FormerConsumer) {
        self.remove_former(&former.on, &former.key);
        self.former_consumers.push(former);
    }

    /// Forgets a consumer that a program had before.
    pub fn remove_former(&mut self, on: &Alias, key: &str) {
        self.former_consumers
            .retain(|one| one.entry_key() != (on, key));
    }

    /// A program by its name on an application.
    pub fn consumer(&self, on: &Alias, name: &str) -> Option<&ConsumerEntry> {
        self.consumers
            .iter()
            .find(|one| one.entry_key() == (on, name))
    }

    /// Remembers a program, or what changed about it.
    pub fn upsert_consumer(&mut self, entry: ConsumerEntry) {
        let is_it = |one: &ConsumerEntry| one.entry_key() == entry.entry_key();
        match self.consumers.iter().position(is_it) {
            Some(at) => {
                if let Some(slot) = self.consumers.get_mut(at) {
                    *slot = entry;
                }
            }
            None => self.consumers.push(entry),
        }
    }

    /// Forgets a program.
    pub fn remove_consumer(&mut self, on: &Alias, name: &str) {
        self.consumers.retain(|one| one.entry_key() != (on, name));
    }

    /// An OAuth 2.0 client by its name on an application.
    pub fn oauth2_client(&self, on: &Alias, name: &str) -> Option<&ClientEntry> {
        self.oauth2_clients
            .iter()
            .find(|one| one.entry_key() == (on, name))
    }

    /// Remembers an OAuth 2.0 client, or what changed about it.
    pub fn upsert_oauth2_client(&mut self, entry: ClientEntry) {
        let mut clients = self.oauth2_clients.iter_mut();
        match clients.find(|one| one.entry_key() == entry.entry_key()) {
            Some(slot) => *slot = entry,
            None => self.oauth2_clients.push(entry),
        }
    }

    /// Forgets an OAuth 2.0 client.
    pub fn remove_oauth2_client(&mut self, on: &Alias, name: &str) {
        self.oauth2_clients
            .retain(|one| one.entry_key() != (on, name));
    }

    pub(super) fn check_consumers(
        &self,
        known: &impl Fn(&Alias, &str) -> Result<(), String>,
    ) -> Result<(), String> {
        let mut seen = BTreeSet::new();
        for one in &self.consumers {
            let name = format!("the consumer {:?}", one.name);
            known(&one.on, &name)?;
            if !seen.insert(one.entry_key()) {
                return Err(format!("{name} on {} is there twice", one.on));
            }
        }
        let mut seen = BTreeSet::new();
        for one in &self.former_consumers {
            let name = format!("the former consumer {:?}", one.key);
            known(&one.on, &name)?;
            if !seen.insert(one.entry_key()) {
                return Err(format!("{name} on {} is there twice", one.on));
            }
        }
        let mut seen = BTreeSet::new();
        for one in &self.oauth2_clients {
            let name = format!("the OAuth 2.0 client {:?}", one.name);
            known(&one.on, &name)?;
            if !seen.insert(one.entry_key()) {
                return Err(format!("{name} on {} is there twice", one.on));
            }
        }
        Ok(())
    }
}
