//! What an entry of the state is in TOML: its fields, in their order.

use std::collections::BTreeMap;

use toml_edit::{Array, InlineTable, Value};

use crate::domain::LastApplied;
use crate::state::consumers::{ClientEntry, ConsumerEntry, FormerConsumer};
use crate::state::link::{Auth, LinkEntry};
use crate::state::model::{AbandonedChange, AppEntry, PendingDelete};

/// A value as the state file has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum FieldValue {
    Text(String),
    Number(i64),
    Yes,
    List(Vec<String>),
    Map(BTreeMap<String, String>),
    Nested(Vec<(&'static str, Self)>),
}

impl FieldValue {
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
pub(super) type Fields = Vec<(&'static str, Option<FieldValue>)>;

pub(super) trait ToFields {
    fn fields(&self) -> Result<Fields, String>;
}

/// A path as text.
fn path(path: Option<&std::path::PathBuf>) -> Result<Option<FieldValue>, String> {
    match path {
        None => Ok(None),
        Some(path) => match path.to_str() {
            Some(path) => Ok(Some(FieldValue::text(path))),
            None => Err(format!("{} is not UTF-8", path.display())),
        },
    }
}

impl ToFields for AppEntry {
    fn fields(&self) -> Result<Fields, String> {
        Ok(vec![
            ("url", Some(FieldValue::text(&self.url))),
            ("id", Some(FieldValue::text(&self.id))),
            ("type", Some(FieldValue::text(&self.type_id))),
            ("user", self.user.as_ref().map(FieldValue::text)),
            ("credential", self.credential.as_ref().map(FieldValue::text)),
            ("cacert", path(self.cacert.as_ref())?),
            ("client-cert", path(self.client_cert.as_ref())?),
            ("client-key", path(self.client_key.as_ref())?),
        ])
    }
}

impl ToFields for LinkEntry {
    fn fields(&self) -> Result<Fields, String> {
        let between = self.between.iter().map(ToString::to_string).collect();
        let auth = match &self.auth {
            Auth::Both(level) => FieldValue::text(level),
            Auth::Each(levels) => FieldValue::map(levels),
        };
        Ok(vec![
            ("between", Some(FieldValue::List(between))),
            ("auth", Some(auth)),
            ("ids", Some(FieldValue::map(&self.ids))),
            ("one-way", self.one_way.as_ref().map(FieldValue::text)),
            ("last-applied", last_applied(&self.last_applied)),
        ])
    }
}

/// What a link was given; what it was not given is not there.
fn last_applied(values: &LastApplied) -> Option<FieldValue> {
    let mut entries: Vec<(&'static str, FieldValue)> = [
        ("names", &values.names),
        ("application-urls", &values.application_urls),
        ("display-urls", &values.display_urls),
    ]
    .into_iter()
    .filter(|(_, map)| !map.is_empty())
    .map(|(key, map)| (key, FieldValue::map(map)))
    .collect();
    if !values.primary.is_empty() {
        let primary = values.primary.iter().map(ToString::to_string).collect();
        entries.push(("primary", FieldValue::List(primary)));
    }
    (!entries.is_empty()).then_some(FieldValue::Nested(entries))
}

impl ToFields for ConsumerEntry {
    fn fields(&self) -> Result<Fields, String> {
        Ok(vec![
            ("name", Some(FieldValue::text(&self.name))),
            ("on", Some(FieldValue::text(&self.on))),
            ("id", Some(FieldValue::text(&self.id))),
            ("key", Some(FieldValue::text(&self.key))),
            ("fingerprint", Some(FieldValue::text(&self.fingerprint))),
            ("bits", Some(FieldValue::Number(i64::from(self.bits)))),
            ("key-file", path(self.key_file.as_ref())?),
            ("two-legged", self.two_legged.then_some(FieldValue::Yes)),
            (
                "impersonation",
                self.impersonation.then_some(FieldValue::Yes),
            ),
        ])
    }
}

impl ToFields for FormerConsumer {
    fn fields(&self) -> Result<Fields, String> {
        Ok(vec![
            ("name", Some(FieldValue::text(&self.name))),
            ("on", Some(FieldValue::text(&self.on))),
            ("key", Some(FieldValue::text(&self.key))),
            ("fingerprint", Some(FieldValue::text(&self.fingerprint))),
            ("key-file", path(self.key_file.as_ref())?),
            ("since", Some(FieldValue::text(&self.since))),
        ])
    }
}

impl ToFields for ClientEntry {
    fn fields(&self) -> Result<Fields, String> {
        Ok(vec![
            ("name", Some(FieldValue::text(&self.name))),
            ("on", Some(FieldValue::text(&self.on))),
            ("client-id", Some(FieldValue::text(&self.client_id))),
            ("secret-file", path(self.secret_file.as_ref())?),
        ])
    }
}

impl ToFields for AbandonedChange {
    fn fields(&self) -> Result<Fields, String> {
        Ok(vec![
            ("on", Some(FieldValue::text(&self.on))),
            ("id", Some(FieldValue::text(&self.id))),
            ("detail", Some(FieldValue::text(&self.detail))),
            ("since", Some(FieldValue::text(&self.since))),
        ])
    }
}

impl ToFields for PendingDelete {
    fn fields(&self) -> Result<Fields, String> {
        Ok(vec![
            ("on", Some(FieldValue::text(&self.on))),
            ("id", Some(FieldValue::text(&self.id))),
            ("name", Some(FieldValue::text(&self.name))),
            ("remote", self.remote.as_ref().map(FieldValue::text)),
            ("since", Some(FieldValue::text(&self.since))),
        ])
    }
}
