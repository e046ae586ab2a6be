//! Records and links.
//!
//! A *record* is what one application stores about another; a *link* is the pair of them.

use serde::{Deserialize, Serialize};

use super::{
    Alias, ApplicationId, BaseUrl, ClientView, ConsumerIdentity, Directions, Flags, TypeId,
};

/// What one application keeps about another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The id of the *other* application.
    pub id: ApplicationId,
    /// The name under which the other one is shown here.
    pub name: String,
    /// What the other one is.
    pub type_id: TypeId,
    /// The application URL, which this server calls; hidden for system links. As the server
    /// wrote it.
    pub rpc_url: Option<String>,
    /// The display URL, which browsers get. As the server wrote it.
    pub display_url: String,
    /// Whether it is the first choice among the links of its type.
    pub primary: bool,
    /// Whether the product manages it by itself.
    pub system: bool,
}

impl Record {
    /// The application URL as a base URL, where it is one.
    pub fn application_url(&self) -> Option<BaseUrl> {
        self.rpc_url
            .as_deref()
            .and_then(|url| BaseUrl::parse(url).ok())
    }
}

/// A record as it reads now, with its switches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    /// The record.
    pub record: Record,
    /// The OAuth switches.
    pub flags: Directions<Flags>,
    /// The consumers stored for the peer; read of generic links only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub consumers: Vec<ConsumerIdentity>,
    /// Set where it is no record that was looked at but an OAuth 2.0 client, which the products
    /// show among their application links.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<Box<ClientView>>,
    /// Whether Trusted Applications or Basic are on; read only where that is to change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legacy: Option<bool>,
}

impl View {
    /// A record with its switches.
    pub fn new(record: Record, flags: Directions<Flags>) -> Self {
        Self {
            record,
            flags,
            consumers: Vec::new(),
            client: None,
            legacy: None,
        }
    }

    /// A client of that name. Nothing of a record is known of it.
    pub fn of_client(name: &str, client: ClientView) -> Self {
        let record = Record {
            id: ApplicationId::of_client(name),
            name: name.to_owned(),
            type_id: TypeId::generic(),
            rpc_url: None,
            display_url: String::new(),
            primary: false,
            system: false,
        };
        Self {
            client: Some(Box::new(client)),
            ..Self::new(record, Directions::both(Flags::NONE))
        }
    }
}

/// What the state says of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RecordState {
    /// Nothing is due.
    #[default]
    Active,
    /// It was to be deleted and could not be.
    PendingDelete,
    /// An interrupted run has still to do with it.
    Unfinished,
}

/// One key for a pair of applications, whichever is named first.
pub fn pair_key<'a>(a: &'a Alias, b: &'a Alias) -> (&'a Alias, &'a Alias) {
    if a <= b { (a, b) } else { (b, a) }
}
