//! The id by which applications know each other.

use std::fmt;
use std::str::FromStr;

use md5::{Digest as _, Md5};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::BaseUrl;

/// An application id: the `id` of an application's manifest, and of every record that another
/// application keeps about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ApplicationId(Uuid);

impl ApplicationId {
    /// The id that an application gives to a link whose other side has no manifest: the MD5 of
    /// its URL as a name-based UUID, the way Java makes them (without a name space).
    pub fn of_url(url: &BaseUrl) -> Self {
        let digest = Md5::digest(url.to_string().as_bytes());
        Self(uuid::Builder::from_md5_bytes(digest.into()).into_uuid())
    }

    /// What stands for the OAuth 2.0 client of a name where ids are asked for. It is applink's
    /// own, and never sent.
    pub fn of_client(name: &str) -> Self {
        let digest = Md5::digest(format!("oauth2-client:{name}").as_bytes());
        Self(uuid::Builder::from_md5_bytes(digest.into()).into_uuid())
    }
}

impl FromStr for ApplicationId {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, uuid::Error> {
        Uuid::try_parse(text.trim()).map(Self)
    }
}

impl From<Uuid> for ApplicationId {
    fn from(uuid: Uuid) -> Self {
        Self(uuid)
    }
}

impl fmt::Display for ApplicationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0.hyphenated().to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_urls_follow_the_known_vectors() {
        for (url, id) in [
            (
                "http://localhost:2990/jira",
                "688890b2-02b5-3eb4-a5f0-79f8067998b3",
            ),
            (
                "http://localhost:1990/confluence",
                "00ae8175-2773-37a4-a4dc-453d196b762c",
            ),
            (
                "https://app.example.com",
                "c45aad5a-3d30-38ac-9865-641e8a1a017a",
            ),
        ] {
            let found = BaseUrl::parse(url).map(|url| ApplicationId::of_url(&url).to_string());
            assert_eq!(found.as_deref(), Ok(id));
        }
    }
}
