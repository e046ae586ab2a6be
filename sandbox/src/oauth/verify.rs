//! The provider's side: verifies a signed request and finds the user that it acts as.

use std::collections::HashMap;

use super::base_string::base_string;
use super::keys;
use super::problem::OAuthProblem;
use crate::http::encoding::{decode, pairs};
use crate::store::Store;

const REQUIRED: [&str; 6] = [
    "oauth_consumer_key",
    "oauth_token",
    "oauth_signature_method",
    "oauth_signature",
    "oauth_timestamp",
    "oauth_nonce",
];
const SINGLE: [&str; 8] = [
    "oauth_consumer_key",
    "oauth_token",
    "oauth_token_secret",
    "oauth_callback",
    "oauth_signature_method",
    "oauth_signature",
    "oauth_timestamp",
    "oauth_nonce",
];
/// Seconds by which a timestamp may differ from the server's clock.
const WINDOW: i64 = 300;

/// The parts of a request that OAuth signs.
pub(crate) struct OAuthRequest {
    pub(crate) method: String,
    /// The request URL as the servlet container sees it, without a query.
    pub(crate) url: String,
    pub(crate) parameters: Vec<(String, String)>,
}

/// The consumer of a verified request, and the user that it acts as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OAuthIdentity {
    pub(crate) consumer: String,
    pub(crate) user: Option<String>,
}

impl OAuthRequest {
    /// The OAuth view of a request. `None` when it is no OAuth request.
    pub(crate) fn recognise(
        method: &str,
        url: String,
        authorization: Option<&str>,
        query: &str,
        form: &str,
    ) -> Option<Self> {
        let signed = Self::collect(method, url, authorization, query, form);
        REQUIRED
            .iter()
            .all(|name| signed.parameter(name).is_some())
            .then_some(signed)
    }

    /// The OAuth view of a request to a token servlet, even when parameters are missing.
    pub(crate) fn collect(
        method: &str,
        url: String,
        authorization: Option<&str>,
        query: &str,
        form: &str,
    ) -> Self {
        let mut parameters = authorization.map(header_parameters).unwrap_or_default();
        parameters.extend(pairs(query));
        parameters.extend(pairs(form));
        Self {
            method: method.to_owned(),
            url,
            parameters,
        }
    }

    fn get(&self, name: &str) -> &str {
        let found = self.parameters.iter().find(|(other, _)| other == name);
        found.map_or("", |(_, value)| value.as_str())
    }

    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.parameters.iter().find(|(other, _)| other == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Checks the request against the consumers of `store` at the server's time `now`.
    pub(crate) fn verify(
        &self,
        store: &Store,
        nonces: &mut Nonces,
        now: i64,
    ) -> Result<OAuthIdentity, OAuthProblem> {
        self.single_parameters()?;
        let token = self.get("oauth_token");
        if token.is_empty() {
            self.two_legged(store, nonces, now)
        } else {
            self.three_legged(store, nonces, now, token)
        }
    }

    fn two_legged(
        &self,
        store: &Store,
        nonces: &mut Nonces,
        now: i64,
    ) -> Result<OAuthIdentity, OAuthProblem> {
        let key = self.get("oauth_consumer_key");
        let consumer = store
            .consumers
            .get(key)
            .ok_or_else(|| OAuthProblem::new("consumer_key_unknown"))?;
        self.check_message(consumer.public_key.as_deref(), nonces, now)?;
        let requestor = self
            .parameter("xoauth_requestor_id")
            .or_else(|| self.parameter("user_id"));
        let user = match requestor {
            Some(_) if !consumer.two_loi => return Err(OAuthProblem::silent()),
            Some(name) => Some(name.to_owned()),
            None if !consumer.two_lo => return Err(OAuthProblem::silent()),
            None => consumer
                .executing_user
                .clone()
                .filter(|name| !name.trim().is_empty()),
        };
        Ok(OAuthIdentity {
            consumer: key.to_owned(),
            user,
        })
    }

    fn three_legged(
        &self,
        store: &Store,
        nonces: &mut Nonces,
        now: i64,
        token: &str,
    ) -> Result<OAuthIdentity, OAuthProblem> {
        let key = self.get("oauth_consumer_key");
        let token = store
            .access_tokens
            .get(token)
            .filter(|token| token.consumer == key)
            .ok_or_else(|| OAuthProblem::new("token_rejected"))?;
        if now > token.expires {
            return Err(OAuthProblem::new("token_expired"));
        }
        let consumer = store.consumers.get(key);
        self.check_message(
            consumer.and_then(|consumer| consumer.public_key.as_deref()),
            nonces,
            now,
        )?;
        let consumer = consumer.ok_or_else(|| OAuthProblem::new("consumer_key_unknown"))?;
        if !consumer.three_lo {
            return Err(OAuthProblem::new("permission_denied"));
        }
        Ok(OAuthIdentity {
            consumer: key.to_owned(),
            user: Some(token.user.clone()),
        })
    }

    pub(crate) fn single_parameters(&self) -> Result<(), OAuthProblem> {
        let repeated = |name: &&&str| {
            self.parameters
                .iter()
                .filter(|(other, _)| other == **name)
                .count()
                > 1
        };
        let rejected: Vec<&str> = SINGLE.iter().filter(repeated).copied().collect();
        if rejected.is_empty() {
            return Ok(());
        }
        Err(OAuthProblem::new("parameter_rejected")
            .with("oauth_parameters_rejected", rejected.join("&")))
    }

    /// Checks version, timestamp, nonce and signature, in this order.
    pub(crate) fn check_message(
        &self,
        public_key: Option<&str>,
        nonces: &mut Nonces,
        now: i64,
    ) -> Result<(), OAuthProblem> {
        if self
            .parameter("oauth_version")
            .is_some_and(|version| version != "1.0")
        {
            return Err(
                OAuthProblem::new("version_rejected").with("oauth_acceptable_versions", "1.0-1.0")
            );
        }
        let timestamp: i64 = self.get("oauth_timestamp").parse().map_err(|_| {
            OAuthProblem::new("parameter_rejected")
                .with("oauth_parameters_rejected", "oauth_timestamp")
        })?;
        if timestamp.abs_diff(now) > WINDOW.unsigned_abs() {
            let range = format!("{}-{}", now - WINDOW, now + WINDOW);
            return Err(
                OAuthProblem::new("timestamp_refused").with("oauth_acceptable_timestamps", range)
            );
        }
        if !nonces.fresh(
            self.get("oauth_consumer_key"),
            self.get("oauth_nonce"),
            timestamp,
            now,
        ) {
            return Err(OAuthProblem::new("nonce_used"));
        }
        if self.get("oauth_signature_method") != "RSA-SHA1" {
            return Err(OAuthProblem::new("signature_method_rejected"));
        }
        let base = base_string(&self.method, &self.url, &self.parameters);
        let signature = self.get("oauth_signature");
        if public_key.is_some_and(|key| keys::verifies(key, &base, signature)) {
            return Ok(());
        }
        Err(OAuthProblem::new("signature_invalid")
            .with("oauth_signature", signature)
            .with("oauth_signature_base_string", base)
            .with("oauth_signature_method", "RSA-SHA1"))
    }
}

/// The parameters of an `Authorization: OAuth …` header, without the realm.
fn header_parameters(header: &str) -> Vec<(String, String)> {
    let Some((scheme, rest)) = header.split_once(' ') else {
        return Vec::new();
    };
    if !scheme.eq_ignore_ascii_case("oauth") {
        return Vec::new();
    }
    rest.split(',')
        .filter_map(|field| field.trim().split_once('='))
        .map(|(name, value)| {
            (
                unescape(name.trim()),
                unescape(value.trim().trim_matches('"')),
            )
        })
        .filter(|(name, _)| name != "realm")
        .collect()
}

/// Decodes a percent-encoded header value, in which a plus is a plus.
fn unescape(text: &str) -> String {
    decode(&text.replace('+', "%2B"))
}

/// Nonces seen within the window, by consumer key.
#[derive(Debug, Default)]
pub(crate) struct Nonces(HashMap<(String, String), i64>);

impl Nonces {
    fn fresh(&mut self, consumer: &str, nonce: &str, timestamp: i64, now: i64) -> bool {
        self.0
            .retain(|_, seen| seen.abs_diff(now) <= WINDOW.unsigned_abs());
        self.0
            .insert((consumer.to_owned(), nonce.to_owned()), timestamp)
            .is_none()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on ends here")]
mod tests {
    use super::{Nonces, OAuthIdentity, OAuthRequest};
    use crate::oauth::keys;
    use crate::oauth::sign::Signer;
    use crate::store::{Consumer, Store};

    const NOW: i64 = 1_700_000_000;

    fn store() -> Store {
        let mut consumer = Consumer::new("key one", "One", &keys::pair(0, 2048).unwrap().public);
        consumer.two_lo = true;
        let mut store = Store::default();
        store.consumers.insert(consumer.key.clone(), consumer);
        store
    }

    fn header(url: &str, timestamp: i64, nonce: &str) -> String {
        let key = keys::pair(0, 2048).unwrap();
        let signer = Signer {
            key: &key,
            consumer: "key one",
            token: "",
            timestamp,
            nonce,
        };
        signer.header("GET", url).unwrap()
    }

    fn verify(
        url: &str,
        query: &str,
        header: &str,
        nonces: &mut Nonces,
    ) -> Result<OAuthIdentity, Option<&'static str>> {
        let signed =
            OAuthRequest::recognise("GET", url.to_owned(), Some(header), query, "").unwrap();
        signed
            .verify(&store(), nonces, NOW)
            .map_err(|problem| problem.code)
    }

    #[test]
    fn the_window_is_five_minutes_either_way() {
        let url = "http://h/a";
        for (offset, accepted) in [
            (i64::MIN, false),
            (0, true),
            (300, true),
            (301, false),
            (-300, true),
            (-301, false),
        ] {
            let header = header(url, NOW.saturating_add(offset), "n");
            let outcome = verify(url, "", &header, &mut Nonces::default());
            assert_eq!(outcome.is_ok(), accepted, "{offset}");
            if !accepted {
                assert_eq!(outcome, Err(Some("timestamp_refused")));
            }
        }
    }

    #[test]
    fn a_nonce_is_accepted_once() {
        let (url, mut nonces) = ("http://h/a", Nonces::default());
        let header = header(url, NOW, "n");
        assert!(verify(url, "", &header, &mut nonces).is_ok());
        assert_eq!(
            verify(url, "", &header, &mut nonces),
            Err(Some("nonce_used"))
        );
    }

    #[test]
    fn equivalent_spellings_have_one_signature() {
        let signed = header("http://photos.example.net/p%20q?b=2&a=1%201", NOW, "n");
        let other = "HTTP://PHOTOS.example.net:80/p%20q";
        assert!(verify(other, "a=1%201&b=2", &signed, &mut Nonces::default()).is_ok());
        let changed = verify(other, "a=1%201&b=3", &signed, &mut Nonces::default());
        assert_eq!(changed, Err(Some("signature_invalid")));
    }

    #[test]
    fn a_repeated_parameter_is_rejected() {
        let signed = header("http://h/a", NOW, "n");
        let twice = verify(
            "http://h/a",
            "oauth_token=x",
            &signed,
            &mut Nonces::default(),
        );
        assert_eq!(twice, Err(Some("parameter_rejected")));
    }

    #[test]
    fn a_request_without_a_token_parameter_is_no_oauth_request() {
        let signed = header("http://h/a", NOW, "n").replace("oauth_token=\"\", ", "");
        assert!(
            OAuthRequest::recognise("GET", "http://h/a".to_owned(), Some(&signed), "", "")
                .is_none()
        );
    }
}
