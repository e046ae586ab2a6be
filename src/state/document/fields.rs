//! What an entry of the state is in TOML: its fields, in their order.

use std::collections::BTreeMap;

use toml_edit::{Array, InlineTable, Value};

use crate::domain::LastApplied;
use crate::state::consumers::{ClientEntry, ConsumerEntry, FormerConsumer};
use crate::state::link::{Auth, LinkEntry};
use crate::state::model::{AppEntry, PendingDelete};

/// A value as the state file has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Plain {
    Text(String),
    Number(i64),
    Yes,
    List(Vec<String>),
    Map(BTreeMap<String, String>),
    Nested(Vec<(&'static str, Self)>),
}

impl Plain {
    fn text(value: &(impl ToString + ?Sized)) -> Self {
        Self::Text(value.to_string())
    }

    fn map<K: ToString, V: ToString>(entries: &BTreeMap<K, V>) -> Self {
        let pair = |(key, value): (&K, &V)| (key.to_string(), value.to_string());
        Self::Map(entries.iter().map(pair).collect())
    }

    pub(super) fn into_value(self) -> Value {
        match self {
            Self::Text(text) => text.into(),
            Self::Number(number) => number.into(),
            Self::Yes => true.into(),
            Self::List(items) => items.into_iter().collect::<Array>().into(),
            Self::Map(entries) => entries.into_iter().collect::<InlineTable>().into(),
            Self::Nested(entries) => entries
                .into_iter()
                .map(|(key, value)| (key, value.into_value()))
                .collect::<InlineTable>()
                .into(),
        }
    }
}

/// The keys of one table in their order; `None` is a key that is not there.
pub(super) type Fields = Vec<(&'static str, Option<Plain>)>;

pub(super) trait Fielded {
    fn fields(&self) -> Result<Fields, String>;
}

/// A path as text.
fn path(path: Option<&std::path::PathBuf>) -> Result<Option<Plain>, String> {
    match path {
        None => Ok(None),
        Some(path) => match path.to_str() {
            Some(path) => Ok(Some(Plain::text(path))),
            None => Err(format!("{} is not UTF-8", path.display())),
        },
    }
}

impl Fielded for AppEntry {
    fn fields(&self) -> Result<Fields, String> {
        Ok(vec![
            ("url", Some(Plain::text(&self.url))),
            ("id", Some(Plain::text(&self.id))),
            ("type", Some(Plain::text(&self.type_id))),
            ("user", self.user.as_ref().map(Plain::text)),
            ("credential", self.credential.as_ref().map(Plain::text)),
            ("cacert", path(self.cacert.as_ref())?),
            ("client-cert", path(self.client_cert.as_ref())?),
            ("client-key", path(self.client_key.as_ref())?),
        ])
    }
}

impl Fielded for LinkEntry {
    fn fields(&self) -> Result<Fields, String> {
        let between = self.between.iter().map(ToString::to_string).collect();
        let auth = match &self.auth {
            Auth::Both(level) => Plain::text(level),
            Auth::Each(levels) => Plain::map(levels),
        };
        Ok(vec![
            ("between", Some(Plain::List(between))),
            ("auth", Some(auth)),
            ("ids", Some(Plain::map(&self.ids))),
            ("one-way", self.one_way.as_ref().map(Plain::text)),
            ("last-applied", last_applied(&self.made)),
        ])
    }
}

/// What a link was given; what it was not given is not there.
fn last_applied(made: &LastApplied) -> Option<Plain> {
    let mut entries: Vec<(&'static str, Plain)> = [
        ("names", &made.names),
        ("application-urls", &made.application_urls),
        ("display-urls", &made.display_urls),
    ]
    .into_iter()
    .filter(|(_, map)| !map.is_empty())
    .map(|(key, map)| (key, Plain::map(map)))
    .collect();
    if !made.primary.is_empty() {
        let primary = made.primary.iter().map(ToString::to_string).collect();
        entries.push(("primary", Plain::List(primary)));
    }
    (!entries.is_empty()).then_some(Plain::Nested(entries))
}

impl Fielded for ConsumerEntry {
    fn fields(&self) -> Result<Fields, String> {
        Ok(vec![
            ("name", Some(Plain::text(&self.name))),
            ("on", Some(Plain::text(&self.on))),
            ("id", Some(Plain::text(&self.id))),
            ("key", Some(Plain::text(&self.key))),
            ("fingerprint", Some(Plain::text(&self.fingerprint))),
            ("bits", Some(Plain::Number(i64::from(self.bits)))),
            ("key-file", path(self.key_file.as_ref())?),
            ("two-legged", self.two_legged.then_some(Plain::Yes)),
            ("impersonation", self.impersonation.then_some(Plain::Yes)),
        ])
    }
}

impl Fielded for FormerConsumer {
    fn fields(&self) -> Result<Fields, String> {
        Ok(vec![
            ("name", Some(Plain::text(&self.name))),
            ("on", Some(Plain::text(&self.on))),
            ("key", Some(Plain::text(&self.key))),
            ("fingerprint", Some(Plain::text(&self.fingerprint))),
            ("key-file", path(self.key_file.as_ref())?),
            ("since", Some(Plain::text(&self.since))),
        ])
    }
}

impl Fielded for ClientEntry {
    fn fields(&self) -> Result<Fields, String> {
        Ok(vec![
            ("name", Some(Plain::text(&self.name))),
            ("on", Some(Plain::text(&self.on))),
            ("client-id", Some(Plain::text(&self.client_id))),
            ("secret-file", path(self.secret_file.as_ref())?),
        ])
    }
}

impl Fielded for PendingDelete {
    fn fields(&self) -> Result<Fields, String> {
        Ok(vec![
            ("on", Some(Plain::text(&self.on))),
            ("id", Some(Plain::text(&self.id))),
            ("name", Some(Plain::text(&self.name))),
            ("remote", self.remote.as_ref().map(Plain::text)),
            ("since", Some(Plain::text(&self.since))),
        ])
    }
}
