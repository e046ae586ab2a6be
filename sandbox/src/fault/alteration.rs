//! Alters a finished reply: it stays a whole HTTP message, but its content is wrong.

use serde_json::{Map, Value};

use crate::http::Reply;
use crate::seed::SeededRng;

/// One alteration of a reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Alteration {
    MediaType(String),
    BrokenJson,
    BrokenUtf8,
    ByteOrderMark,
    Deep(usize),
    KeysTwice,
    Poison { text: String, all: bool },
    OtherIds,
    Shuffled,
}

/// The fields that a user interface shows.
const SHOWN_FIELDS: [&str; 8] = [
    "name",
    "title",
    "displayName",
    "description",
    "message",
    "version",
    "applinksVersion",
    "summary",
];

impl Alteration {
    pub(super) fn name(&self) -> String {
        match self {
            Self::MediaType(name) => format!("media type {name}"),
            Self::BrokenJson => "broken JSON".to_owned(),
            Self::BrokenUtf8 => "broken UTF-8".to_owned(),
            Self::ByteOrderMark => "byte-order mark".to_owned(),
            Self::Deep(levels) => format!("{levels} levels"),
            Self::KeysTwice => "keys twice".to_owned(),
            Self::Poison { .. } => "poisoned strings".to_owned(),
            Self::OtherIds => "other ids".to_owned(),
            Self::Shuffled => "shuffled".to_owned(),
        }
    }

    pub(super) fn apply(&self, mut reply: Reply, random: &mut SeededRng) -> Reply {
        let text = String::from_utf8_lossy(&reply.body).into_owned();
        match self {
            Self::MediaType(name) => {
                set_type(&mut reply, name);
            }
            Self::BrokenJson => {
                let half = reply.body.len() / 2;
                reply.body.truncate(half);
            }
            Self::BrokenUtf8 => {
                let at = text.find('"').map_or(0, |at| at + 1);
                let mut body = reply.body.to_vec();
                let at = at.min(body.len());
                body.splice(at..at, [0xff, 0xc0]);
                reply.body = body.into();
            }
            Self::ByteOrderMark => reply.body = format!("\u{feff}{text}").into(),
            Self::Deep(levels) => {
                reply.body = format!("{}{}", "[".repeat(*levels), "]".repeat(*levels)).into();
                set_type(&mut reply, "application/json;charset=UTF-8");
            }
            Self::KeysTwice => reply.body = keys_twice(&text).into(),
            Self::OtherIds => reply.body = other_ids(&text, random).into(),
            Self::Poison { text, all } => {
                change(&mut reply, |value| poison(value, text, *all, true));
            }
            Self::Shuffled => change(&mut reply, |value| shuffle(value, random)),
        }
        reply
    }
}

fn set_type(reply: &mut Reply, name: &str) {
    reply
        .headers
        .retain(|(header, _)| !header.eq_ignore_ascii_case("content-type"));
    reply
        .headers
        .push(("Content-Type".to_owned(), name.to_owned()));
}

/// Changes a reply that is JSON.
fn change(reply: &mut Reply, change: impl FnOnce(&mut Value)) {
    if let Ok(mut value) = serde_json::from_slice(&reply.body) {
        change(&mut value);
        reply.body = value.to_string().into();
    }
}

/// Duplicates the first key of every object, with another value.
fn keys_twice(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("{\"") {
        let (before, object) = rest.split_at(at + 1);
        out.push_str(before);
        if let Some(end) = object[1..].find('"') {
            out.push_str(&object[..end + 2]);
            out.push_str(":\"another\",");
        }
        rest = object;
    }
    out + rest
}

fn poison(value: &mut Value, text: &str, all: bool, shown: bool) {
    match value {
        Value::String(string) if all || shown => string.push_str(text),
        Value::Array(items) => {
            for item in items {
                poison(item, text, all, shown);
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                poison(field, text, all, SHOWN_FIELDS.contains(&name.as_str()));
            }
        }
        _ => {}
    }
}

fn shuffle(value: &mut Value, random: &mut SeededRng) {
    match value {
        Value::Array(items) => {
            random.shuffle(items);
            for item in items {
                shuffle(item, random);
            }
        }
        Value::Object(fields) => {
            let mut entries: Vec<(String, Value)> = std::mem::take(fields).into_iter().collect();
            random.shuffle(&mut entries);
            for (_, field) in &mut entries {
                shuffle(field, random);
            }
            *fields = entries.into_iter().collect::<Map<_, _>>();
        }
        _ => {}
    }
}

/// Replaces every UUID in a text.
fn other_ids(text: &str, random: &mut SeededRng) -> String {
    const LENGTH: usize = 36;
    let mut out = String::new();
    let mut at = 0;
    while at < text.len() {
        match text.get(at..at + LENGTH) {
            Some(id) if uuid::Uuid::try_parse(id).is_ok() => {
                out.push_str(&random.uuid());
                at += LENGTH;
            }
            _ => {
                let next = text[at..].chars().next().unwrap_or_default();
                out.push(next);
                at += next.len_utf8().max(1);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn altered(alteration: &Alteration, body: &str) -> String {
        let reply = Reply::new(200).body("application/json", body.to_owned());
        let reply = alteration.apply(reply, &mut SeededRng::new(1, "test"));
        String::from_utf8_lossy(&reply.body).into_owned()
    }

    #[test]
    fn alterations_of_text() {
        let body = r#"{"name":"a","list":[{"id":"x","n":1}]}"#;
        assert_eq!(
            altered(&Alteration::BrokenJson, body),
            body[..body.len() / 2]
        );
        assert_eq!(
            altered(&Alteration::KeysTwice, body),
            r#"{"name":"another","name":"a","list":[{"id":"another","id":"x","n":1}]}"#
        );
        assert!(altered(&Alteration::BrokenUtf8, body).contains('\u{fffd}'));
        let poison = |all| Alteration::Poison {
            text: "!".to_owned(),
            all,
        };
        let value: Value = serde_json::from_str(&altered(&poison(false), body)).unwrap_or_default();
        assert_eq!(value, json!({"name": "a!", "list": [{"id": "x", "n": 1}]}));
        let value: Value = serde_json::from_str(&altered(&poison(true), body)).unwrap_or_default();
        assert_eq!(value, json!({"name": "a!", "list": [{"id": "x!", "n": 1}]}));
    }

    #[test]
    fn a_shuffle_only_changes_the_order() {
        let body = json!((0..20).collect::<Vec<_>>()).to_string();
        let shuffled = altered(&Alteration::Shuffled, &body);
        assert_ne!(shuffled, body);
        assert_eq!(shuffled, altered(&Alteration::Shuffled, &body));
        let mut numbers: Vec<u8> = serde_json::from_str(&shuffled).unwrap_or_default();
        numbers.sort_unstable();
        assert_eq!(json!(numbers).to_string(), body);
    }

    #[test]
    fn ids_change() {
        let id = "0b2e7a70-1c70-3a3f-8a55-0d6f2a5a3c11";
        let body = format!(r#"{{"id":"{id}","name":"ünlike {id}"}}"#);
        let changed = altered(&Alteration::OtherIds, &body);
        assert!(!changed.contains(id), "{changed}");
        assert_eq!(changed.len(), body.len());
    }
}
