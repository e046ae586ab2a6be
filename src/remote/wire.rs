//! The JSON of the applications exactly as they send and accept it, and its translation.
//!
//! Absent and `null` mean the same everywhere: older products leave fields out, newer ones write
//! nulls. Unknown fields are ignored.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::xml;
use crate::domain::{
    ApplicationId, Category, Code, Directions, Flags, Level, Manifest, ProductStatus, Record,
    TypeId, Version, View,
};

const PREFIX: &str = "com.atlassian.applinks.api.auth.types.";

/// Class names of authentication providers.
pub(super) mod provider {
    pub(crate) const THREE_LEGGED: &str =
        "com.atlassian.applinks.api.auth.types.OAuthAuthenticationProvider";
    pub(crate) const TWO_LEGGED: &str =
        "com.atlassian.applinks.api.auth.types.TwoLeggedOAuthAuthenticationProvider";
    pub(crate) const IMPERSONATION: &str = "com.atlassian.applinks.api.auth.types.TwoLeggedOAuthWithImpersonationAuthenticationProvider";
}

/// No error says more than this, and values take far more memory than their text.
const LONGEST_ERROR: usize = 256 * 1024;

/// The texts of an error body in any of the shapes that the products use.
pub(super) fn messages(body: &[u8]) -> Vec<String> {
    if body.len() > LONGEST_ERROR {
        return Vec::new();
    }
    let Ok(value) = serde_json::from_slice::<Value>(body) else {
        let text = String::from_utf8_lossy(body);
        let text = text.trim();
        // Relocation answers with a bare sentence. Markup is never quoted.
        return if text.is_empty() || text.starts_with('<') || text.len() > 2_000 {
            Vec::new()
        } else {
            vec![text.to_owned()]
        };
    };
    match value {
        Value::String(text) => vec![text],
        Value::Object(map) => {
            if let Some(Value::Array(errors)) = map.get("errors") {
                let mut texts: Vec<String> = errors.iter().filter_map(rest_error).collect();
                texts.extend(field_errors(&map));
                if !texts.is_empty() {
                    return texts;
                }
            }
            match map.get("message") {
                Some(Value::String(text)) => vec![text.clone()],
                Some(Value::Array(texts)) => texts
                    .iter()
                    .filter_map(|text| text.as_str().map(str::to_owned))
                    .collect(),
                _ => Vec::new(),
            }
        }
        _ => Vec::new(),
    }
}

/// What is wrong with single fields, as the OAuth 2.0 resources say it.
fn field_errors(map: &Map<String, Value>) -> Vec<String> {
    let Some(Value::Object(fields)) = map.get("fieldErrors") else {
        return Vec::new();
    };
    fields
        .iter()
        .flat_map(|(field, texts)| {
            let texts = texts.as_array().into_iter().flatten();
            texts
                .filter_map(Value::as_str)
                .map(move |text| format!("{field}: {text}"))
        })
        .collect()
}

fn rest_error(error: &Value) -> Option<String> {
    if let Some(text) = error.as_str() {
        return Some(text.to_owned());
    }
    let summary = error.get("summary").and_then(Value::as_str)?;
    Some(match error.get("context").and_then(Value::as_str) {
        Some(context) => format!("{context}: {summary}"),
        None => summary.to_owned(),
    })
}

fn lenient<T: for<'de> Deserialize<'de>>(value: &Value) -> Result<T, String> {
    T::deserialize(value).map_err(|error| {
        let text = error.to_string();
        // The names of our types mean nothing to the user.
        match text.split_once(", expected struct ") {
            Some(_) if value.is_null() => "the answer is empty".to_owned(),
            Some((what, _)) => format!("{what}, expected an object"),
            None => text,
        }
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ManifestBody {
    id: String,
    name: Option<String>,
    type_id: String,
    version: Option<String>,
    applinks_version: Option<String>,
    url: Option<String>,
    inbound_authentication_types: Option<Vec<String>>,
}

/// Reads a manifest in XML: most programs of other makers know nothing else, whatever a client asks
/// for.
pub(super) fn manifest_xml(text: &str) -> Result<Manifest, String> {
    let elements = xml::elements(text)?;
    let mut fields = Map::new();
    for name in ["id", "name", "typeId", "version", "applinksVersion", "url"] {
        if let Some(text) = xml::first(&elements, name) {
            fields.insert(name.to_owned(), text.into());
        }
    }
    let types = elements
        .into_iter()
        .filter(|(name, _)| name == "inboundAuthenticationTypes")
        .map(|(_, text)| text.into())
        .collect();
    fields.insert("inboundAuthenticationTypes".to_owned(), Value::Array(types));
    manifest(&Value::Object(fields))
}

pub(crate) fn manifest(value: &Value) -> Result<Manifest, String> {
    let body: ManifestBody = lenient(value)?;
    Ok(Manifest {
        id: body
            .id
            .parse()
            .map_err(|_| "its id is not a UUID".to_owned())?,
        name: body.name.unwrap_or_else(|| body.type_id.clone()),
        type_id: TypeId::from_wire(body.type_id),
        version: Version::new(body.version.unwrap_or_default()),
        applinks_version: Version::new(body.applinks_version.unwrap_or_default()),
        url: body.url,
        inbound_authentication: body.inbound_authentication_types.unwrap_or_default(),
    })
}

/// The id in `resources-created`, which names what a write has made.
pub(crate) fn created_id(status: &Value) -> Option<ApplicationId> {
    let created = status.get("resources-created")?.as_array()?;
    let href = created.first()?.get("href")?.as_str()?;
    let path = href.split(['?', '#']).next()?;
    path.trim_end_matches('/').rsplit('/').next()?.parse().ok()
}

/// A record of `3.0/applinks`, or an entity of `applicationlink`: they differ in three names.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RecordBody {
    id: String,
    name: Option<String>,
    display_url: Option<String>,
    rpc_url: Option<String>,
    #[serde(alias = "typeId")]
    r#type: Option<String>,
    #[serde(alias = "isPrimary")]
    primary: Option<bool>,
    #[serde(alias = "isSystem")]
    system: Option<bool>,
}

pub(crate) fn record(value: &Value) -> Result<Record, String> {
    let body: RecordBody = lenient(value)?;
    let id: ApplicationId = body
        .id
        .parse()
        .map_err(|_| "its id is not a UUID".to_owned())?;
    Ok(Record {
        name: body.name.unwrap_or_else(|| id.to_string()),
        id,
        type_id: TypeId::from_wire(body.r#type.unwrap_or_else(|| "unknown".to_owned())),
        display_url: body
            .display_url
            .or_else(|| body.rpc_url.clone())
            .unwrap_or_default(),
        rpc_url: body.rpc_url,
        primary: body.primary.unwrap_or(false),
        system: body.system.unwrap_or(false),
    })
}

/// The rows of an array that are records. Pseudo links (OAuth 2.0) have ids of another kind and are
/// left out; a row that is no link at all makes the answer unreadable.
pub(crate) fn records(value: &Value) -> Result<Vec<Record>, String> {
    let rows = value
        .as_array()
        .ok_or_else(|| "a list of links was due".to_owned())?;
    let mut records = Vec::new();
    for (n, row) in rows.iter().enumerate() {
        records.extend(row_record(row).map_err(|what| format!("row {} {what}", n + 1))?);
    }
    Ok(records)
}

fn row_record(row: &Value) -> Result<Option<Record>, String> {
    let id = row
        .get("id")
        .and_then(Value::as_str)
        .ok_or("is no link: it has no id")?;
    if id.parse::<ApplicationId>().is_err() {
        // A row without a name hides which link would be left out.
        let is_word = |c: char| c.is_ascii_alphanumeric() || "-_.:".contains(c);
        return if !id.is_empty() && id.chars().all(is_word) {
            Ok(None)
        } else {
            Err("has an id that is none".to_owned())
        };
    }
    record(row)
        .map(Some)
        .map_err(|what| format!("cannot be read: {what}"))
}

/// A record with what is switched on for it, legacy authentication included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedRecord {
    /// The record and its OAuth switches.
    pub view: View,
    /// Whether Trusted Applications or Basic are configured.
    pub legacy: Directions<bool>,
    /// Whether it is Trusted Applications.
    pub trusted: Directions<bool>,
}

impl ListedRecord {
    /// The levels, in one word per direction.
    pub fn levels(&self) -> Directions<Level> {
        let one = |flags: Flags, legacy: bool| match Level::from(flags) {
            Level::None if legacy => Level::Legacy,
            level => level,
        };
        Directions {
            incoming: one(self.view.flags.incoming, self.legacy.incoming),
            outgoing: one(self.view.flags.outgoing, self.legacy.outgoing),
        }
    }
}

/// The items of `listApplicationlinks`, which tell the levels too.
pub(crate) fn listed(value: &Value) -> Result<Vec<ListedRecord>, String> {
    let items = value
        .get("list")
        .and_then(Value::as_array)
        .ok_or_else(|| "a list of links was due".to_owned())?;
    let classes = |item: &Value, key: &str| -> Vec<String> {
        item.get(key)
            .and_then(Value::as_array)
            .map(|all| {
                all.iter()
                    .filter_map(|c| c.as_str().map(str::to_owned))
                    .collect()
            })
            .unwrap_or_default()
    };
    Ok(items
        .iter()
        .filter_map(|item| {
            let record = record(item.get("application")?).ok()?;
            let incoming = classes(item, "configuredInboundAuthenticators");
            let outgoing = classes(item, "configuredOutboundAuthenticators");
            let flags = Directions {
                incoming: provider_flags(&incoming),
                outgoing: provider_flags(&outgoing),
            };
            Some(ListedRecord {
                view: View::new(record, flags),
                trusted: Directions {
                    incoming: has_trusted(&incoming),
                    outgoing: has_trusted(&outgoing),
                },
                legacy: Directions {
                    incoming: has_legacy(&incoming),
                    outgoing: has_legacy(&outgoing),
                },
            })
        })
        .collect())
}

/// What a set of provider classes allows.
pub(super) fn provider_flags(classes: &[String]) -> Flags {
    let has = |class: &str| classes.iter().any(|c| c == class);
    Flags {
        three_legged: has(provider::THREE_LEGGED),
        two_legged: has(provider::TWO_LEGGED),
        impersonation: has(provider::IMPERSONATION),
    }
}

/// Whether a set of provider classes holds Trusted Applications or Basic.
pub(super) fn has_legacy(classes: &[String]) -> bool {
    classes.iter().any(|class| {
        matches!(
            class.strip_prefix(PREFIX),
            Some("TrustedAppsAuthenticationProvider" | "BasicAuthenticationProvider")
        )
    })
}

/// Whether a set of provider classes holds Trusted Applications.
fn has_trusted(classes: &[String]) -> bool {
    let trusted = Some("TrustedAppsAuthenticationProvider");
    classes
        .iter()
        .any(|class| class.strip_prefix(PREFIX) == trusted)
}

/// The provider classes of `authentication/provider`.
pub(crate) fn provider_classes(value: &Value) -> Vec<String> {
    value
        .get("authenticationProviders")
        .and_then(Value::as_array)
        .map(|all| {
            all.iter()
                .filter_map(|one| one.get("provider")?.as_str().map(str::to_owned))
                .collect()
        })
        .unwrap_or_default()
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct FlagsBody {
    enabled: Option<bool>,
    two_lo_enabled: Option<bool>,
    two_lo_impersonation_enabled: Option<bool>,
}

impl From<FlagsBody> for Flags {
    fn from(body: FlagsBody) -> Self {
        Self {
            three_legged: body.enabled.unwrap_or(false),
            two_legged: body.two_lo_enabled.unwrap_or(false),
            impersonation: body.two_lo_impersonation_enabled.unwrap_or(false),
        }
    }
}

#[derive(Deserialize)]
struct DirectionsBody {
    incoming: Option<FlagsBody>,
    outgoing: Option<FlagsBody>,
}

pub(crate) fn directions(value: &Value) -> Result<Directions<Flags>, String> {
    let body: DirectionsBody = lenient(value)?;
    Ok(Directions {
        incoming: body.incoming.ok_or("the incoming level is missing")?.into(),
        outgoing: body.outgoing.ok_or("the outgoing level is missing")?.into(),
    })
}

pub(crate) fn directions_body(levels: Directions<Flags>) -> Value {
    let one = |flags: Flags| {
        json!({
            "enabled": flags.three_legged,
            "twoLoEnabled": flags.two_legged,
            "twoLoImpersonationEnabled": flags.impersonation,
        })
    };
    json!({ "incoming": one(levels.incoming), "outgoing": one(levels.outgoing) })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct StatusBody {
    working: Option<bool>,
    local_authentication: Option<Value>,
    remote_authentication: Option<Value>,
    error: Option<StatusError>,
}

#[derive(Deserialize)]
struct StatusError {
    category: Option<String>,
    r#type: Option<String>,
    details: Option<Value>,
}

pub(crate) fn status(value: &Value) -> Result<ProductStatus, String> {
    let body: StatusBody = lenient(value)?;
    let working = body.working.ok_or("whether it works is missing")?;
    let error = body.error;
    let named = error.as_ref().and_then(|e| e.r#type.clone());
    let code = if working {
        None
    } else {
        Some(
            named
                .as_deref()
                .and_then(Code::from_name)
                .unwrap_or(Code::Unknown),
        )
    };
    let details = error.as_ref().and_then(|e| match &e.details {
        Some(Value::String(text)) => Some(text.clone()),
        Some(Value::Null) | None => None,
        Some(other) => Some(other.to_string()),
    });
    Ok(ProductStatus {
        working,
        category: error
            .and_then(|e| e.category)
            .or_else(|| code.map(|c| Category::as_str(c.category()).to_owned())),
        code,
        named,
        details,
        local: body.local_authentication.and_then(|v| directions(&v).ok()),
        remote: body.remote_authentication.and_then(|v| directions(&v).ok()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shapes_of_errors() {
        assert_eq!(messages(br#"{"status-code":404,"message":"no"}"#), ["no"]);
        assert_eq!(
            messages(br#"{"status":400,"message":["a","b"],"fields":["x"]}"#),
            ["a", "b"]
        );
        assert_eq!(
            messages(br#"{"status":400,"errors":[{"summary":"bad","context":"name"},{"summary":"worse","context":null}]}"#),
            ["name: bad", "worse"]
        );
        assert_eq!(
            messages(b"The type is different"),
            ["The type is different"]
        );
        assert_eq!(messages(b""), Vec::<String>::new());
        assert_eq!(messages(b"<html>"), Vec::<String>::new());
    }

    #[test]
    fn null_and_absent_are_the_same() {
        let absent = json!({"id":"f8b22c35-7420-35d8-9855-e847887eccd8","name":"Jira","displayUrl":"http://j","type":"jira"});
        let nulls = json!({"id":"f8b22c35-7420-35d8-9855-e847887eccd8","name":"Jira","displayUrl":"http://j","type":"jira",
            "rpcUrl":null,"primary":null,"system":null,"properties":{},"data":{"x":null}});
        assert_eq!(record(&absent), record(&nulls));
        let entity = json!({"id":"f8b22c35-7420-35d8-9855-e847887eccd8","name":"Jira","displayUrl":"http://j","typeId":"jira","isPrimary":true});
        assert_eq!(record(&entity).map(|r| r.primary), Ok(true));
    }

    #[test]
    fn a_status_with_an_unknown_type_is_unknown() {
        let value =
            json!({"working":false,"error":{"category":"NEW","type":"BRAND_NEW","details":null}});
        let status = status(&value);
        assert_eq!(status.as_ref().map(|s| s.code), Ok(Some(Code::Unknown)));
        assert_eq!(status.map(|s| s.named), Ok(Some("BRAND_NEW".to_owned())));
    }
}
