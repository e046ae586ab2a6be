//! The requests that applications send to their peers, and the answers that they get.

use bytes::Bytes;

/// A request to a peer.
#[derive(Debug, Clone, Default)]
pub(crate) struct PeerRequest {
    pub(crate) method: &'static str,
    pub(crate) url: String,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Bytes,
}

impl PeerRequest {
    pub(crate) fn new(method: &'static str, url: impl Into<String>) -> Self {
        Self {
            method,
            url: url.into(),
            headers: Vec::new(),
            body: Bytes::new(),
        }
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub(crate) fn json(self, value: &serde_json::Value) -> Self {
        let mut request = self.header("Content-Type", "application/json");
        request.body = value.to_string().into();
        request
    }
}

/// The answer of a peer.
#[derive(Debug, Clone)]
pub(crate) struct PeerAnswer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Bytes,
}

impl PeerAnswer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self
            .headers
            .iter()
            .find(|(other, _)| other.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn reason(&self) -> &'static str {
        hyper::StatusCode::from_u16(self.status)
            .ok()
            .and_then(|status| status.canonical_reason())
            .unwrap_or("Unknown")
    }

    /// The `OAuth` challenge in the answer.
    pub(crate) fn oauth_challenge(&self) -> Challenge {
        let challenge = self.headers.iter().find(|(name, value)| {
            name.eq_ignore_ascii_case("www-authenticate") && value.starts_with("OAuth")
        });
        let Some((_, value)) = challenge else {
            return Challenge::Absent;
        };
        let problem = value.split(',').find_map(|field| {
            let (name, code) = field.trim().split_once('=')?;
            (name == "oauth_problem").then(|| code.trim_matches('"').to_owned())
        });
        problem.map_or(Challenge::Silent, Challenge::Problem)
    }
}

/// The `OAuth` challenge of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Challenge {
    /// No challenge.
    Absent,
    /// A challenge without a problem.
    Silent,
    /// A challenge with this `oauth_problem`.
    Problem(String),
}
