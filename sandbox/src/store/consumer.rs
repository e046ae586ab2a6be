//! OAuth 1.0a consumers and OAuth 2.0 clients.

use std::collections::BTreeSet;

use super::oauth_flags::OAuthFlags;
use crate::seed::SeededRng;

/// A consumer whose signed requests the application accepts. With `outgoing` it is a stored secret
/// for requests to a third party.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "the fields of the consumer's form"
)]
pub struct Consumer {
    /// Consumer key.
    pub key: String,
    /// Display name.
    pub name: String,
    /// Description.
    pub description: Option<String>,
    /// RSA public key as it was sent.
    pub public_key: Option<String>,
    /// Shared secret of an outgoing consumer.
    pub shared_secret: Option<String>,
    /// Callback URL.
    pub callback: Option<String>,
    /// Three-legged OAuth allowed.
    pub three_lo: bool,
    /// Two-legged OAuth allowed.
    pub two_lo: bool,
    /// User that two-legged requests run as.
    pub executing_user: Option<String>,
    /// Impersonation allowed.
    pub two_loi: bool,
    /// Whether it is used for outgoing requests.
    pub outgoing: bool,
}

impl Consumer {
    /// An incoming consumer with three-legged OAuth only.
    pub fn new(key: &str, name: &str, public_key: &str) -> Self {
        Self {
            key: key.to_owned(),
            name: name.to_owned(),
            description: None,
            public_key: Some(public_key.to_owned()),
            shared_secret: None,
            callback: None,
            three_lo: true,
            two_lo: false,
            executing_user: None,
            two_loi: false,
            outgoing: false,
        }
    }

    pub(crate) fn flags(&self) -> OAuthFlags {
        OAuthFlags {
            enabled: self.three_lo,
            two_lo: self.two_lo,
            two_loi: self.two_loi,
        }
    }
}

/// An outgoing OAuth 2.0 connection: this application is the client of another provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OAuth2Connection {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) authorization_endpoint: Option<String>,
}

/// A registered OAuth 2.0 client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OAuth2Client {
    pub(crate) id: String,
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
    pub(crate) name: String,
    pub(crate) redirects: Vec<String>,
    pub(crate) scope: String,
    pub(crate) user_key: String,
}

impl OAuth2Client {
    /// A client with a new id, client id and secret.
    pub(crate) fn draw<S: AsRef<str>>(
        random: &mut SeededRng,
        name: &str,
        redirects: &[S],
        scope: &str,
    ) -> Self {
        Self {
            id: random.uuid(),
            client_id: random.text(32).to_lowercase(),
            client_secret: Self::draw_secret(random),
            name: name.trim().to_owned(),
            redirects: stored_redirects(redirects),
            scope: scope.to_owned(),
            user_key: String::new(),
        }
    }

    pub(crate) fn draw_secret(random: &mut SeededRng) -> String {
        random.text(64).to_lowercase()
    }
}

/// The redirects as the products store them: trimmed, distinct and sorted.
pub(crate) fn stored_redirects<S: AsRef<str>>(redirects: &[S]) -> Vec<String> {
    let trimmed = redirects
        .iter()
        .map(|redirect| redirect.as_ref().trim().to_owned());
    let distinct: BTreeSet<String> = trimmed.collect();
    distinct.into_iter().collect()
}
