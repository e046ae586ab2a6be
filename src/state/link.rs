//! A link as the state holds it.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{self, Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize};

use crate::domain::{Alias, ApplicationId, LastApplied, Level, pair_key};

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
    /// The other values that a file gave its records.
    #[serde(default)]
    pub last_applied: LastApplied,
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
        struct AuthVisitor;

        impl<'de> Visitor<'de> for AuthVisitor {
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

        deserializer.deserialize_any(AuthVisitor)
    }
}
