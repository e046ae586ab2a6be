//! The errors that a link status reports, with their categories.

use serde_json::{Value, json};

use crate::http::errors::Style;

/// The reason why a link does not work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LinkError {
    pub(crate) kind: &'static str,
    pub(crate) details: Option<String>,
    pub(crate) authorisation: Option<String>,
}

impl LinkError {
    pub(crate) fn new(kind: &'static str) -> Self {
        Self {
            kind,
            details: None,
            authorisation: None,
        }
    }

    pub(crate) fn detailed(kind: &'static str, details: impl Into<String>) -> Self {
        Self {
            kind,
            details: Some(details.into()),
            authorisation: None,
        }
    }

    pub(crate) fn category(&self) -> &'static str {
        match self.kind {
            "NO_OUTGOING_AUTH" | "REMOTE_VERSION_INCOMPATIBLE" => "INCOMPATIBLE",
            "GENERIC_LINK" | "NON_ATLASSIAN" => "NON_ATLASSIAN",
            "SYSTEM_LINK" => "SYSTEM",
            "LOCAL_AUTH_TOKEN_REQUIRED"
            | "REMOTE_AUTH_TOKEN_REQUIRED"
            | "INSUFFICIENT_REMOTE_PERMISSION" => "ACCESS_ERROR",
            "NO_REMOTE_APPLINK" | "AUTH_LEVEL_MISMATCH" => "CONFIG_ERROR",
            "AUTH_LEVEL_UNSUPPORTED"
            | "LEGACY_UPDATE"
            | "LEGACY_REMOVAL"
            | "MANUAL_LEGACY_UPDATE"
            | "MANUAL_LEGACY_REMOVAL"
            | "MANUAL_LEGACY_REMOVAL_WITH_OLD_EDIT" => "DEPRECATED",
            "DISABLED" => "DISABLED",
            "UNKNOWN" => "UNKNOWN",
            _ => "NETWORK_ERROR",
        }
    }

    pub(crate) fn json(&self, style: Style) -> Value {
        let mut value = style.object([
            ("category", Value::from(self.category())),
            ("type", Value::from(self.kind)),
            ("details", json!(self.details)),
        ]);
        if let (Some(uri), Some(fields)) = (&self.authorisation, value.as_object_mut()) {
            fields.insert("authorisationUri".to_owned(), Value::from(uri.as_str()));
        }
        value
    }
}
