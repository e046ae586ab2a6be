//! The formats in which the older and the newer resources report statuses and errors.

use serde_json::{Map, Value, json};

use super::{Format, Reply};

/// The representation of one answer, and whether it contains null fields.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Style {
    pub(crate) format: Format,
    pub(crate) nulls: bool,
}

impl Style {
    /// An object without its null fields, unless this generation writes them.
    pub(crate) fn object<const N: usize>(self, fields: [(&str, Value); N]) -> Value {
        let present = fields
            .into_iter()
            .filter(|(_, value)| self.nulls || !value.is_null());
        Value::Object(
            present
                .map(|(name, value)| (name.to_owned(), value))
                .collect::<Map<_, _>>(),
        )
    }

    /// `{"status-code":…,"message":…}`.
    pub(crate) fn status(self, code: u16, message: &str) -> Reply {
        self.resources(code, message, None)
    }

    /// A status that names a created or updated resource.
    pub(crate) fn resources(
        self,
        code: u16,
        message: &str,
        resource: Option<(&str, &str)>,
    ) -> Reply {
        let message = if message.is_empty() {
            Value::Null
        } else {
            Value::from(message)
        };
        let link = |kind: &str| match resource {
            Some((of, href)) if of == kind => json!([{"href": href, "rel": "self"}]),
            _ => Value::Null,
        };
        let value = self.object([
            ("status-code", Value::from(code)),
            ("sub-code", Value::Null),
            ("message", message),
            ("etag", Value::Null),
            ("resources-created", link("resources-created")),
            ("resources-updated", link("resources-updated")),
        ]);
        self.format.write(code, "status", &value)
    }

    /// `{"status":…,"message":[…],"fields":[…]}`.
    pub(crate) fn error_list(self, code: u16, messages: &[&str], fields: &[&str]) -> Reply {
        let fields = if fields.is_empty() {
            Value::Null
        } else {
            json!(fields)
        };
        let value = self.object([
            ("status", Value::from(code)),
            ("message", json!(messages)),
            ("fields", fields),
        ]);
        self.format.write(code, "errorListEntity", &value)
    }

    /// `{"status":…,"errors":[{"summary","context","details"}]}`, always JSON.
    pub(crate) fn rest_errors(self, code: u16, errors: &[RestError]) -> Reply {
        let errors: Vec<Value> = errors
            .iter()
            .map(|error| {
                self.object([
                    ("summary", Value::from(error.summary.clone())),
                    ("context", json!(error.context)),
                    ("details", json!(error.details)),
                ])
            })
            .collect();
        Reply::json(code, &json!({"status": code, "errors": errors}))
    }

    /// An uncaught exception of the server.
    pub(crate) fn exception(self, class: &str, message: &str) -> Reply {
        let trace =
            format!("{class}: {message}\n\tat com.atlassian.applinks.core.rest (simulated)\n");
        let value = json!({"status-code": 500, "message": message, "stack-trace": trace});
        self.format.write(500, "status", &value)
    }
}

/// One error of a newer resource.
#[derive(Debug, Clone)]
pub(crate) struct RestError {
    pub(crate) summary: String,
    pub(crate) context: Option<String>,
    pub(crate) details: Option<Vec<String>>,
}

impl RestError {
    pub(crate) fn new(summary: impl Into<String>) -> Self {
        Self {
            summary: summary.into(),
            context: None,
            details: None,
        }
    }

    pub(crate) fn on(field: &str, summary: impl Into<String>) -> Self {
        Self {
            summary: summary.into(),
            context: Some(field.to_owned()),
            details: None,
        }
    }
}
