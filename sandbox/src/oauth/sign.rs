//! The consumer's side: signs a two-legged or three-legged request.

use super::base_string::base_string;
use super::keys::KeyPair;
use crate::http::encoding::{encode, pairs};

/// The inputs of a signature, besides the method and URL.
pub(crate) struct Signer<'a> {
    pub(crate) key: &'a KeyPair,
    pub(crate) consumer: &'a str,
    /// Empty for a two-legged request.
    pub(crate) token: &'a str,
    pub(crate) timestamp: i64,
    pub(crate) nonce: &'a str,
}

impl Signer<'_> {
    /// Header value for `method` on `url`, whose query is signed with it.
    pub(crate) fn header(&self, method: &str, url: &str) -> Option<String> {
        let (target, query) = url.split_once('?').unwrap_or((url, ""));
        let timestamp = self.timestamp.to_string();
        let oauth = [
            ("oauth_consumer_key", self.consumer),
            ("oauth_token", self.token),
            ("oauth_signature_method", "RSA-SHA1"),
            ("oauth_timestamp", &timestamp),
            ("oauth_nonce", self.nonce),
            ("oauth_version", "1.0"),
        ];
        let mut all = pairs(query);
        all.extend(
            oauth
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        );
        let signature = self.key.sign(&base_string(method, target, &all))?;
        let fields: Vec<String> = oauth
            .iter()
            .chain([&("oauth_signature", signature.as_str())])
            .map(|(name, value)| format!("{name}=\"{}\"", encode(value)))
            .collect();
        Some(format!("OAuth {}", fields.join(", ")))
    }
}
