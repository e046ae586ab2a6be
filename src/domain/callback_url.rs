//! The address that a browser is sent to after a user's consent.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::base_url::{BaseUrl, BaseUrlError};

/// An absolute http or https URL, kept letter by letter: programs compare their callback as text,
/// so a query, a fragment, a trailing slash and the case of the host all count.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CallbackUrl(String);

/// Why a text is no callback.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallbackUrlError {
    /// No absolute http or https URL.
    #[error(transparent)]
    Url(#[from] BaseUrlError),
    /// Characters that a URL cannot hold, and that readers of one drop.
    #[error("a URL holds no spaces and no control characters: write %20 for a space")]
    Characters,
}

impl CallbackUrl {
    /// The text as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for CallbackUrl {
    type Err = CallbackUrlError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.chars().any(|c| c.is_control() || c.is_whitespace()) {
            return Err(CallbackUrlError::Characters);
        }
        BaseUrl::parse(text)?;
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for CallbackUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_stays() {
        for text in [
            "https://corp.example.com/apex/AuthPage?status=00D0o0&instanceUrl=https://jira.corp.example",
            "https://ci.example.com/done/",
            "https://ci.example.com",
            "https://CI.Example.com/Done",
            "https://ci.example.com:443/a//b/../c?x=%2f%2F#part",
            "http://127.0.0.1:8080/back",
            "http://[::1]/back",
        ] {
            let url = text.parse::<CallbackUrl>();
            assert_eq!(url.map(|url| url.to_string()), Ok(text.to_owned()));
        }
    }

    #[test]
    fn what_a_browser_cannot_follow_is_refused() {
        for text in [
            "",
            "nonsense",
            "/back",
            "ftp://ci.example.com",
            "https://",
            "https://user:secret@ci.example.com/back",
            "https://ci.example.com/a b",
            "https://ci.example.com/\nback",
        ] {
            assert!(text.parse::<CallbackUrl>().is_err(), "{text:?}");
        }
    }
}
