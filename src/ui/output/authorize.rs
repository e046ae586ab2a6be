//! The document of `authorize`.

use serde::Serialize;

use super::document::Document;

/// The document of `authorize`.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "authorize"))]
pub struct AuthorizeOutput {
    /// The name of the program.
    pub consumer: String,
    /// Where the user consents.
    pub authorize_url: Option<String>,
    /// Whom the application sees: a user, `anonymous`, or null where it does not say.
    pub seen_as: Option<String>,
    /// Until when the token is good, RFC 3339.
    pub expires: Option<String>,
    /// Whether a token was forgotten, with `--forget` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(skip))]
    pub changed: Option<bool>,
}

impl Document for AuthorizeOutput {}

impl AuthorizeOutput {
    /// Nothing but the name of the program.
    pub fn new(consumer: &str) -> Self {
        Self {
            consumer: consumer.to_owned(),
            authorize_url: None,
            seen_as: None,
            expires: None,
            changed: None,
        }
    }
}
