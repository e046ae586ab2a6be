//! The schema of the state, as plain types.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::consumers::{ClientEntry, ConsumerEntry, FormerConsumer};
use super::link::LinkEntry;
use super::version;
use crate::credentials::CredentialSource;
use crate::domain::{Alias, AliasError, ApplicationId, BaseUrl, TypeId};

/// Everything that one state file says, as far as this program knows it. What it does not know
/// stays in the file untouched.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct State {
    /// The format.
    pub version: u64,
    /// The random id of this history.
    pub lineage: Uuid,
    /// Grows by one with every change of content.
    pub serial: u64,
    /// The applications that are known.
    #[serde(default)]
    pub applications: BTreeMap<Alias, AppEntry>,
    /// The links that applink made or was told of.
    #[serde(default)]
    pub links: Vec<LinkEntry>,
    /// The third-party programs that applink registered.
    #[serde(default)]
    pub consumers: Vec<ConsumerEntry>,
    /// The consumers that those had before.
    #[serde(default)]
    pub former_consumers: Vec<FormerConsumer>,
    /// The OAuth 2.0 clients that applink registered.
    #[serde(default)]
    pub oauth2_clients: Vec<ClientEntry>,
    /// The records that were to be deleted and could not be.
    #[serde(default)]
    pub pending_deletes: Vec<PendingDelete>,
    /// What a run that was given up left half done.
    #[serde(default)]
    pub abandoned: Vec<AbandonedChange>,
}

/// One application.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct AppEntry {
    /// Where it answers.
    pub url: BaseUrl,
    /// The id of its manifest.
    pub id: ApplicationId,
    /// What it is, as the wire has it.
    #[serde(rename = "type")]
    pub type_id: TypeId,
    /// The account; without one the secret is a personal access token.
    pub user: Option<String>,
    /// Where the secret is.
    pub credential: Option<CredentialSource>,
    /// Certificates to trust besides the system's; relative to the state file, as all paths.
    pub cacert: Option<PathBuf>,
    /// The certificate that applink shows.
    pub client_cert: Option<PathBuf>,
    /// The key of that certificate.
    pub client_key: Option<PathBuf>,
}

impl AppEntry {
    /// An application of which nothing but itself is known.
    pub fn new(url: BaseUrl, id: ApplicationId, type_id: TypeId) -> Self {
        Self {
            url,
            id,
            type_id,
            user: None,
            credential: None,
            cacert: None,
            client_cert: None,
            client_key: None,
        }
    }
}

/// A record that was to be deleted and could not be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct PendingDelete {
    /// The application that still holds it.
    pub on: Alias,
    /// The id of the record.
    pub id: ApplicationId,
    /// The name under which the other one is shown there.
    pub name: String,
    /// The other application, where it is a known one.
    pub remote: Option<Alias>,
    /// When the delete failed first.
    pub since: Timestamp,
}

/// A change that a run which was given up did not make.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct AbandonedChange {
    /// The application.
    pub on: Alias,
    /// The id of the record that it was about.
    pub id: ApplicationId,
    /// What was to be done.
    pub detail: String,
    /// When the run was given up.
    pub since: Timestamp,
}

impl AbandonedChange {
    /// Names it among all of the state's.
    pub(super) fn entry_key(&self) -> (&Alias, ApplicationId, &str) {
        (&self.on, self.id, &self.detail)
    }
}

impl State {
    /// A new history: nothing in it, and nothing written yet.
    pub fn fresh() -> Self {
        Self::empty(Uuid::new_v4())
    }

    pub(super) fn empty(lineage: Uuid) -> Self {
        Self {
            version: version::CURRENT,
            lineage,
            serial: 0,
            applications: BTreeMap::new(),
            links: Vec::new(),
            consumers: Vec::new(),
            former_consumers: Vec::new(),
            oauth2_clients: Vec::new(),
            pending_deletes: Vec::new(),
            abandoned: Vec::new(),
        }
    }

    /// The application of that alias.
    pub fn application(&self, alias: &Alias) -> Option<&AppEntry> {
        self.applications.get(alias)
    }

    /// The application of that id.
    pub fn by_id(&self, id: ApplicationId) -> Option<(&Alias, &AppEntry)> {
        self.applications.iter().find(|(_, app)| app.id == id)
    }

    /// The application at that base URL.
    pub fn by_url(&self, url: &BaseUrl) -> Option<(&Alias, &AppEntry)> {
        self.applications.iter().find(|(_, app)| app.url == *url)
    }

    /// The applications of that type.
    pub fn of_type(&self, type_id: &TypeId) -> impl Iterator<Item = (&Alias, &AppEntry)> {
        let type_id = type_id.clone();
        self.applications
            .iter()
            .filter(move |(_, app)| app.type_id == type_id)
    }

    /// The next automatic alias for an application of that type: `jira`, then `jira-2`. `taken`
    /// are aliases given in this run and not yet in the state.
    pub fn next_alias<'a>(
        &self,
        type_id: &TypeId,
        taken: impl IntoIterator<Item = &'a Alias>,
    ) -> Result<Alias, AliasError> {
        let taken: BTreeSet<&Alias> = taken.into_iter().collect();
        let mut n = 1;
        loop {
            let alias = Alias::numbered(type_id.alias_stem(), n)?;
            if !self.applications.contains_key(&alias) && !taken.contains(&alias) {
                return Ok(alias);
            }
            n += 1;
        }
    }

    /// Moves an application to another base URL. `false` when it is not known.
    pub fn set_url(&mut self, alias: &Alias, url: BaseUrl) -> bool {
        match self.applications.get_mut(alias) {
            Some(app) => {
                app.url = url;
                true
            }
            None => false,
        }
    }

    /// Forgets an application, its links, and the deletes that are due on it.
    pub fn remove_application(&mut self, alias: &Alias) -> Option<AppEntry> {
        self.links.retain(|link| !link.touches(alias));
        self.consumers.retain(|consumer| consumer.on != *alias);
        self.former_consumers.retain(|one| one.on != *alias);
        self.oauth2_clients.retain(|client| client.on != *alias);
        self.pending_deletes.retain(|due| due.on != *alias);
        self.abandoned.retain(|change| change.on != *alias);
        for due in &mut self.pending_deletes {
            due.remote.take_if(|remote| *remote == *alias);
        }
        self.applications.remove(alias)
    }

    /// The link between two applications, whichever is named first.
    pub fn link(&self, a: &Alias, b: &Alias) -> Option<&LinkEntry> {
        self.links.iter().find(|link| link.is_between(a, b))
    }

    /// The links of an application.
    pub fn links_of(&self, alias: &Alias) -> impl Iterator<Item = &LinkEntry> {
        let alias = alias.clone();
        self.links.iter().filter(move |link| link.touches(&alias))
    }

    /// Puts a link in, in place of one between the same two.
    pub fn upsert_link(&mut self, link: LinkEntry) {
        match self.links.iter_mut().find(|old| old.key() == link.key()) {
            Some(old) => *old = link,
            None => self.links.push(link),
        }
    }

    /// Takes a link out.
    pub fn remove_link(&mut self, a: &Alias, b: &Alias) -> Option<LinkEntry> {
        let at = self.links.iter().position(|link| link.is_between(a, b))?;
        Some(self.links.remove(at))
    }

    /// Notes a delete that is still due; the first failure of one record is the one kept.
    pub fn add_pending_delete(&mut self, due: PendingDelete) {
        if self.pending_delete(&due.on, due.id).is_none() {
            self.pending_deletes.push(due);
        }
    }

    /// Records changes that were given up, each once.
    pub fn add_abandoned(&mut self, changes: Vec<AbandonedChange>) {
        for change in changes {
            self.abandoned
                .retain(|old| old.entry_key() != change.entry_key());
            self.abandoned.push(change);
        }
    }

    /// Forgets what was given up on a record, since it was changed again.
    pub fn forget_abandoned(&mut self, on: &Alias, id: ApplicationId) {
        self.abandoned
            .retain(|change| change.on != *on || change.id != id);
    }

    /// The delete that is due for a record on an application.
    pub fn pending_delete(&self, on: &Alias, id: ApplicationId) -> Option<&PendingDelete> {
        self.pending_deletes
            .iter()
            .find(|due| due.on == *on && due.id == id)
    }

    /// Takes out a delete that has been done.
    pub fn remove_pending_delete(
        &mut self,
        on: &Alias,
        id: ApplicationId,
    ) -> Option<PendingDelete> {
        let is_it = |due: &PendingDelete| due.on == *on && due.id == id;
        let at = self.pending_deletes.iter().position(is_it)?;
        Some(self.pending_deletes.remove(at))
    }

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
}
