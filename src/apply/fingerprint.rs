//! What tells the same command from another one: its name and its request, serialized.
//!
//! An interrupted run is continued by the same command. So the text must not depend on how the
//! request is built: keys are sorted, and what was not given is left out.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::error::{Error, Result};

/// Raised when the same request would serialize to another text.
const VERSION: u32 = 1;

/// The fingerprint of a command: equal when the same thing is asked for.
pub(crate) fn fingerprint(command: &str, request: &impl Serialize) -> Result<String> {
    let request = serde_json::to_value(request)
        .map_err(|error| Error::internal(format!("a request cannot be serialized: {error}")))?;
    Ok(format!("{command} v{VERSION} {}", canonical(request)))
}

/// Sorted keys, and nothing that is `null` or empty.
fn canonical(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<(String, Value)> = fields
                .into_iter()
                .map(|(key, value)| (key, canonical(value)))
                .filter(|(_, value)| !is_empty(value))
                .collect();
            fields.sort_by(|(one, _), (other, _)| one.cmp(other));
            Value::Object(Map::from_iter(fields))
        }
        Value::Array(values) => Value::Array(values.into_iter().map(canonical).collect()),
        other => other,
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Object(fields) => fields.is_empty(),
        Value::Array(values) => values.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail that way")]
mod tests {
    use serde_json::json;

    use super::*;

    #[derive(Serialize)]
    struct Edit<'a> {
        name: Option<&'a str>,
        level: &'a str,
        on: Vec<&'a str>,
    }

    #[test]
    fn requests_that_mean_the_same_have_one_fingerprint() {
        let typed = Edit {
            name: None,
            level: "oauth",
            on: Vec::new(),
        };
        let built = json!({"on": [], "level": "oauth"});
        assert_eq!(
            fingerprint("edit", &typed).unwrap(),
            fingerprint("edit", &built).unwrap()
        );
        let sorted_otherwise = json!({"a": {"x": 1, "y": null}, "b": 2});
        let sorted = json!({"b": 2, "a": {"x": 1}});
        assert_eq!(
            fingerprint("edit", &sorted_otherwise).unwrap(),
            fingerprint("edit", &sorted).unwrap()
        );
    }

    #[test]
    fn another_request_or_another_command_has_another_fingerprint() {
        let request = json!({"level": "oauth"});
        let same = fingerprint("edit", &request).unwrap();
        assert_ne!(same, fingerprint("create", &request).unwrap());
        assert_ne!(
            same,
            fingerprint("edit", &json!({"level": "none"})).unwrap()
        );
        assert_ne!(
            fingerprint("edit", &json!({"on": ["a", "b"]})).unwrap(),
            fingerprint("edit", &json!({"on": ["b", "a"]})).unwrap()
        );
    }
}
