//! The schema of the state, as plain types.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::PathBuf;

use jiff::Timestamp;
use serde::de::{self, Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::consumers::{ClientEntry, ConsumerEntry, FormerConsumer};
use super::migrate;
use crate::credentials::Source;
use crate::domain::{
    Alias, AliasError, ApplicationId, BaseUrl, Directions, Level, Made, TypeId, pair_key,
};

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
    pub credential: Option<Source>,
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

/// One link: the pair of records on two known applications.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct LinkEntry {
    /// The two applications.
    pub between: [Alias; 2],
    /// By the application that holds it, the id of the record; it is the other one's id.
    #[serde(default)]
    pub ids: BTreeMap<Alias, ApplicationId>,
    /// The wanted level.
    pub auth: Auth,
    /// The application that holds the only record, where no other was wanted.
    pub one_way: Option<Alias>,
    /// What its records were given besides, by a file.
    #[serde(default)]
    pub made: Made,
}

impl LinkEntry {
    /// Whether it is the link between these two, whichever is named first.
    pub fn is_between(&self, a: &Alias, b: &Alias) -> bool {
        self.key() == pair_key(a, b)
    }

    /// Whether this application is one of the two.
    pub fn touches(&self, alias: &Alias) -> bool {
        self.between.contains(alias)
    }

    /// The other application.
    pub fn other(&self, alias: &Alias) -> Option<&Alias> {
        let [a, b] = &self.between;
        if alias == a {
            Some(b)
        } else if alias == b {
            Some(a)
        } else {
            None
        }
    }

    /// The id of the record that this application holds.
    pub fn id_on(&self, alias: &Alias) -> Option<ApplicationId> {
        self.ids.get(alias).copied()
    }

    /// The levels as this application's record has them.
    pub fn levels_on(&self, alias: &Alias) -> Option<Directions<Level>> {
        Some(Directions {
            incoming: self.auth.level_from(self.other(alias)?),
            outgoing: self.auth.level_from(alias),
        })
    }

    pub(super) fn key(&self) -> (&Alias, &Alias) {
        let [a, b] = &self.between;
        pair_key(a, b)
    }
}

/// The levels of a link: one word for both directions, or for each application what calls *from*
/// it use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Auth {
    /// The same both ways.
    Both(Level),
    /// By the application that calls.
    Each(BTreeMap<Alias, Level>),
}

impl Auth {
    /// The shorter of the two forms.
    pub fn new(a: (&Alias, Level), b: (&Alias, Level)) -> Self {
        if a.1 == b.1 {
            Self::Both(a.1)
        } else {
            Self::Each([(a.0.clone(), a.1), (b.0.clone(), b.1)].into())
        }
    }

    /// What calls from this application use; none where it is not named.
    pub fn level_from(&self, alias: &Alias) -> Level {
        match self {
            Self::Both(level) => *level,
            Self::Each(levels) => levels.get(alias).copied().unwrap_or(Level::None),
        }
    }
}

// By hand, because an untagged enum answers a wrong word with "did not match any variant".
impl<'de> Deserialize<'de> for Auth {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Form;

        impl<'de> Visitor<'de> for Form {
            type Value = Auth;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a level, or a level for each of the two applications")
            }

            fn visit_str<E: de::Error>(self, word: &str) -> Result<Auth, E> {
                Level::deserialize(de::value::StrDeserializer::new(word)).map(Auth::Both)
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Auth, A::Error> {
                BTreeMap::deserialize(de::value::MapAccessDeserializer::new(map)).map(Auth::Each)
            }
        }

        deserializer.deserialize_any(Form)
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

impl State {
    /// A new history: nothing in it, and nothing written yet.
    pub fn fresh() -> Self {
        Self::empty(Uuid::new_v4())
    }

    pub(super) fn empty(lineage: Uuid) -> Self {
        Self {
            version: migrate::CURRENT,
            lineage,
            serial: 0,
            applications: BTreeMap::new(),
            links: Vec::new(),
            consumers: Vec::new(),
            former_consumers: Vec::new(),
            oauth2_clients: Vec::new(),
            pending_deletes: Vec::new(),
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

    /// Whether what it says goes together; if not, what does not.
    pub(super) fn check(&self) -> Result<(), String> {
        let known = |alias: &Alias, what: &str| {
            if self.applications.contains_key(alias) {
                Ok(())
            } else {
                Err(format!(
                    "{what} names {alias}, which is not among the applications"
                ))
            }
        };
        let mut pairs = BTreeSet::new();
        for link in &self.links {
            let [a, b] = &link.between;
            // There may be very many, and nothing is said of most.
            let name = || format!("the link between {a} and {b}");
            if a == b {
                return Err(format!("there is a link between {a} and itself"));
            }
            for end in [a, b] {
                if !self.applications.contains_key(end) {
                    known(end, &name())?;
                }
            }
            if !pairs.insert(link.key()) {
                return Err(format!("{} is there twice", name()));
            }
            let levels = match &link.auth {
                Auth::Both(_) => None,
                Auth::Each(levels) if levels.len() != 2 => {
                    return Err(format!("{} has no level for each of the two", name()));
                }
                Auth::Each(levels) => Some(levels.keys()),
            };
            let named = link.ids.keys().chain(&link.one_way);
            let named = named.chain(link.made.applications());
            for alias in named.chain(levels.into_iter().flatten()) {
                if !link.touches(alias) {
                    return Err(format!("{} says something of {alias}", name()));
                }
            }
        }
        self.check_consumers(&known)?;
        let mut due_records = BTreeSet::new();
        for due in &self.pending_deletes {
            let name = format!("the pending delete of {}", due.id);
            known(&due.on, &name)?;
            if !due_records.insert((&due.on, due.id)) {
                return Err(format!("{name} on {} is there twice", due.on));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
#[path = "model_tests.rs"]
mod tests;
