//! The rules for OAuth 2.0 clients: scopes, names and redirect URLs.

use std::collections::BTreeMap;

use serde_json::json;
use url::Url;

use crate::http::Reply;
use crate::product::{Generation, Product};
use crate::settings::Settings;
use crate::store::OAuth2Client;

const MAX_REDIRECT: usize = 450;

/// How a refusal reports its errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ErrorShape {
    /// One `message`.
    Message,
    /// `errors`, and `fieldErrors` by field.
    List,
}

impl ErrorShape {
    pub(super) fn of(settings: &Settings) -> Self {
        if settings.oauth2_error_lists {
            Self::List
        } else {
            Self::Message
        }
    }

    /// A refusal that is about no field.
    pub(super) fn error(self, status: u16, message: &str) -> Reply {
        let body = match self {
            Self::Message => json!({"message": message, "status-code": status}),
            Self::List => json!({"errors": [message], "fieldErrors": {}}),
        };
        Reply::json(status, &body)
    }

    /// The refusal of fields, each with its reason.
    fn fields(self, fields: &BTreeMap<&str, &str>) -> Option<Reply> {
        let (first, why) = fields.first_key_value()?;
        let body = match self {
            Self::Message => json!({"message": why, "errors": { *first: [why] }}),
            Self::List => {
                let lists: BTreeMap<&str, [&str; 1]> =
                    fields.iter().map(|(field, why)| (*field, [*why])).collect();
                json!({"errors": [], "fieldErrors": lists})
            }
        };
        Some(Reply::json(400, &body))
    }

    fn scope(self) -> Reply {
        let why = "There is no such scope.";
        match self {
            Self::Message => Reply::json(400, &json!({"message": why, "errors": {"scope": [why]}})),
            Self::List => {
                let body = json!({"error": "invalid_scope", "error_description": why});
                Reply::json(400, &body)
            }
        }
    }
}

/// The scopes that a product knows.
pub(super) fn scopes(product: Product, generation: Generation) -> &'static [&'static str] {
    match product {
        Product::Jira if generation >= Generation::Modern => &[
            "READ",
            "WRITE",
            "ADMIN",
            "SYSTEM_ADMIN",
            "READ_ALL",
            "MANAGE_SUBSCRIPTIONS",
        ],
        Product::Bamboo => &["READ", "TRIGGER", "USER"],
        Product::Bitbucket => &[
            "PUBLIC_REPOS",
            "ACCOUNT_WRITE",
            "REPO_READ",
            "REPO_WRITE",
            "REPO_ADMIN",
            "PROJECT_ADMIN",
            "ADMIN_WRITE",
            "SYSTEM_ADMIN",
        ],
        Product::Crowd => &["USER", "SYSTEM_ADMIN"],
        _ => &["READ", "WRITE", "ADMIN", "SYSTEM_ADMIN"],
    }
}

/// The refusal of a client that breaks a rule.
pub(super) fn validate(
    errors: ErrorShape,
    scopes: &[&str],
    others: &[OAuth2Client],
    client: &OAuth2Client,
) -> Option<Reply> {
    let mut fields = BTreeMap::new();
    let taken = |other: &OAuth2Client| other.id != client.id && other.name == client.name;
    if client.name.is_empty() {
        fields.insert("name", "The name must not be blank.");
    } else if others.iter().any(taken) {
        fields.insert("name", "The name is already in use.");
    }
    if client.redirects.is_empty() {
        fields.insert("redirects", "At least one redirect URL is needed.");
    } else if !client.redirects.iter().all(|url| good_redirect(url)) {
        fields.insert("redirects", "A redirect URL is not valid.");
    }
    if !fields.is_empty() {
        return errors.fields(&fields);
    }
    (!scopes.contains(&client.scope.as_str())).then(|| errors.scope())
}

/// Whether a redirect URL is absolute, short and without a fragment. Plain HTTP is allowed for the
/// name `localhost`, but not for `127.0.0.1`.
fn good_redirect(text: &str) -> bool {
    let Ok(url) = Url::parse(text) else {
        return false;
    };
    text.len() <= MAX_REDIRECT
        && url.fragment().is_none()
        && (url.scheme() != "http" || url.host_str() == Some("localhost"))
}
