//! What was seen last of each application. May be deleted at any time, and is never locked.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::error::StateError;
use super::file;
use super::paths::Paths;
use crate::domain::{Alias, Client, Consumer, Level, PublicKey, Record};

/// What was seen last, by application.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Cache {
    /// The applications that ever answered.
    #[serde(default)]
    pub applications: BTreeMap<Alias, CachedApp>,
}

/// What one application said when it last answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CachedApp {
    /// When it did.
    pub at: Timestamp,
    /// The product's version.
    pub version: Option<String>,
    /// The records that it held, where they were asked for.
    pub records: Option<Vec<CachedRecord>>,
    /// The OAuth 2.0 clients that it lets in, where they were asked for and told.
    #[serde(default)]
    pub oauth2_clients: Option<Vec<Client>>,
}

/// A record as `list` shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CachedRecord {
    /// The record.
    pub record: Record,
    /// What the other application may do here.
    pub incoming: Level,
    /// What this application may do there.
    pub outgoing: Level,
    /// Whether the other one holds a record too, where that is known.
    pub two_way: Option<bool>,
    /// The third-party program of a generic link.
    #[serde(default)]
    pub consumer: Option<CachedConsumer>,
}

/// A third-party program as `list` shows it: its public key by fingerprint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CachedConsumer {
    /// The consumer key.
    pub key: String,
    /// Its name, where it has one.
    pub name: Option<String>,
    /// The SHA-256 of its public key in hex, where that can be read.
    pub fingerprint: Option<String>,
    /// The length of its key, where that can be read.
    pub bits: Option<u32>,
}

impl From<&Consumer> for CachedConsumer {
    fn from(consumer: &Consumer) -> Self {
        let public = consumer.public_key.as_ref();
        Self {
            key: consumer.key.clone(),
            name: consumer.name.clone(),
            fingerprint: public.map(PublicKey::fingerprint),
            bits: public.map(|key| key.bits),
        }
    }
}

impl Cache {
    /// Reads the cache. One that is missing, broken or not ours is an empty one.
    pub fn load(paths: &Paths) -> Self {
        file::read(&paths.cache())
            .ok()
            .flatten()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default()
    }

    /// Replaces the cache, whoever else does the same: the last one wins.
    pub fn save(&self, paths: &Paths) -> Result<(), StateError> {
        let path = paths.cache();
        let bytes =
            serde_json::to_vec(self).map_err(|error| StateError::Invalid(error.to_string()))?;
        file::make_directory(paths.directory())?;
        file::replace(&path, &bytes, None, &mut |_| Ok(()))
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail that way")]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::domain::{ApplicationId, TypeId};

    fn sample() -> Cache {
        let record = Record {
            id: ApplicationId::from(uuid::Uuid::from_u128(7)),
            name: "Wiki \u{202e}'''\"\n\0".to_owned(),
            type_id: TypeId::from_wire("confluence"),
            rpc_url: None,
            display_url: "https://wiki.example.com".to_owned(),
            primary: true,
            system: false,
        };
        let seen = CachedApp {
            at: "2026-01-02T03:04:05Z".parse().unwrap(),
            version: Some("9.12.2".to_owned()),
            records: Some(vec![CachedRecord {
                record,
                incoming: Level::OAuth,
                outgoing: Level::None,
                two_way: None,
                consumer: Some(CachedConsumer {
                    key: "ci".to_owned(),
                    name: None,
                    fingerprint: Some("00ff".to_owned()),
                    bits: Some(2048),
                }),
            }]),
            oauth2_clients: None,
        };
        Cache {
            applications: [("jira".parse().unwrap(), seen)].into(),
        }
    }

    #[test]
    fn it_comes_back_and_only_its_user_may_read_it() {
        let home = tempfile::tempdir().unwrap();
        let paths = Paths::new(home.path().join("new/applink.toml"));
        assert_eq!(Cache::load(&paths), Cache::default());
        sample().save(&paths).unwrap();
        sample().save(&paths).unwrap();
        assert_eq!(Cache::load(&paths), sample());
        let mode = fs::metadata(paths.cache()).unwrap().permissions().mode();
        assert_eq!(mode & 0o7777, 0o600);
        assert_eq!(fs::read_dir(paths.directory()).unwrap().count(), 1);
    }

    /// What an older applink has written does not say anything of consumers.
    #[test]
    fn one_without_consumers_is_read() {
        let mut value = serde_json::to_value(sample()).unwrap();
        let record = value.pointer_mut("/applications/jira/records/0").unwrap();
        record.as_object_mut().unwrap().remove("consumer").unwrap();
        let read: Cache = serde_json::from_value(value).unwrap();
        let seen = read.applications.values().next().unwrap();
        assert_eq!(seen.records.as_ref().unwrap()[0].consumer, None);
    }

    #[test]
    fn a_broken_one_is_empty() {
        let home = tempfile::tempdir().unwrap();
        let paths = Paths::new(home.path().join("applink.toml"));
        let deep = "[".repeat(1_000_000);
        for broken in ["", "{", "[]", "{\"applications\":{\"NO\":1}}", &deep] {
            fs::write(paths.cache(), broken).unwrap();
            fs::set_permissions(paths.cache(), fs::Permissions::from_mode(0o600)).unwrap();
            assert_eq!(Cache::load(&paths), Cache::default());
        }
        fs::remove_file(paths.cache()).unwrap();
        fs::create_dir(paths.cache()).unwrap();
        assert_eq!(Cache::load(&paths), Cache::default());
    }
}
