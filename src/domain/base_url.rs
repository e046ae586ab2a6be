//! The address of an application, in one canonical form.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use url::{Host, Url};

/// A base URL with its context path: `http` or `https`, no user information, query or fragment,
/// no trailing slash, host in lower case (IDN in its ASCII form), default port left out.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BaseUrl {
    url: Url,
}

/// Why a text is not a base URL. The text itself is not repeated: it may hold a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BaseUrlError {
    /// Not an absolute URL.
    #[error("not a URL: {}", syntax(*.0))]
    Syntax(url::ParseError),
    /// A scheme other than http and https.
    #[error("the scheme is {0:?}, and only http and https lead to an application")]
    Scheme(String),
    /// `https://user:password@host` and the like.
    #[error("the URL holds a user name or password, which has no place there")]
    UserInfo,
    /// No host at all.
    #[error("the URL names no host")]
    NoHost,
}

/// Scheme, host and port: what a credential may be sent to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Origin(String);

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// First path segments that never belong to a context path: what people copy from a browser.
const PAGES: &[&str] = &[
    "secure",
    "plugins",
    "rest",
    "browse",
    "admin",
    "display",
    "pages",
    "projects",
    "users",
    "login.jsp",
    "login.action",
    "dashboard.action",
    "index.action",
    "issues",
    "spaces",
    "login",
    "build",
    "console",
    "userlogin.action",
    "userLogin!doDefault.action",
    "status",
    "repos",
];

/// What is wrong with a text that is no URL.
fn syntax(error: url::ParseError) -> String {
    match error {
        url::ParseError::RelativeUrlWithoutBase => {
            "it has to begin with https:// or http://".to_owned()
        }
        other => other.to_string(),
    }
}

impl BaseUrl {
    /// Reads a base URL as a person or a server writes it.
    pub fn parse(text: &str) -> Result<Self, BaseUrlError> {
        let mut url = Url::parse(text.trim()).map_err(BaseUrlError::Syntax)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(BaseUrlError::Scheme(
                url.scheme().chars().take(20).collect(),
            ));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(BaseUrlError::UserInfo);
        }
        if url.host_str().is_none_or(str::is_empty) {
            return Err(BaseUrlError::NoHost);
        }
        url.set_query(None);
        url.set_fragment(None);
        let path = url.path().trim_end_matches('/').to_owned();
        url.set_path(&path);
        Ok(Self { url })
    }

    /// The URL of a resource below this one; `path` starts with a slash and is encoded.
    pub fn join(&self, path: &str) -> String {
        format!("{self}{path}")
    }

    /// Scheme, host and port.
    pub fn origin(&self) -> Origin {
        Origin(self.url.origin().ascii_serialization())
    }

    /// The host, without brackets around an IPv6 address.
    pub fn host(&self) -> String {
        match self.url.host() {
            Some(Host::Ipv6(address)) => address.to_string(),
            Some(host) => host.to_string(),
            None => String::new(),
        }
    }

    /// The port, written or default.
    pub fn port(&self) -> u16 {
        self.url.port_or_known_default().unwrap_or(0)
    }

    /// The context path, empty at the root.
    pub fn context(&self) -> &str {
        self.url.path().trim_end_matches('/')
    }

    /// Whether the connection is encrypted.
    pub fn is_https(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// Whether the address only leads to the machine that uses it.
    pub fn is_loopback(&self) -> bool {
        match self.url.host() {
            Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(Host::Ipv4(address)) => {
                IpAddr::V4(address).is_loopback() || address.is_unspecified()
            }
            Some(Host::Ipv6(address)) => {
                IpAddr::V6(address).is_loopback() || address.is_unspecified()
            }
            None => false,
        }
    }

    /// The base URLs that a pasted browser address may mean, the likeliest first: the address as
    /// it is, cut before the first segment that is a page, then each shorter one up to the root.
    pub fn candidates(&self) -> Vec<Self> {
        let segments: Vec<&str> = self
            .context()
            .split('/')
            .filter(|segment| !segment.is_empty())
            .collect();
        let page = segments
            .iter()
            .position(|segment| PAGES.contains(segment))
            .unwrap_or(segments.len());
        (0..=page.min(8))
            .rev()
            .map(|depth| {
                let mut url = self.url.clone();
                url.set_path(&segments.get(..depth).unwrap_or_default().join("/"));
                Self { url }
            })
            .collect()
    }

    /// The address with this context path on the same host; `None` where it has that already.
    pub fn at(&self, context: &str) -> Option<Self> {
        let mut url = self.url.clone();
        url.set_path(context);
        Some(Self { url }).filter(|other| other != self)
    }

    /// What comes after `prefix`, when this address lies under it: the same origin, and its path
    /// whole segments at a time. `/jira2` does not lie under `/jira`.
    pub fn below(&self, prefix: &Self) -> Option<&str> {
        if self.origin() != prefix.origin() {
            return None;
        }
        let rest = self.context().strip_prefix(prefix.context())?;
        (rest.is_empty() || rest.starts_with('/')).then_some(rest)
    }

    /// The same place under another prefix, when this address lies under `from`.
    pub fn moved(&self, from: &Self, to: &Self) -> Option<Self> {
        let rest = self.below(from)?;
        let mut url = to.url.clone();
        url.set_path(&format!("{}{rest}", to.context()));
        Some(Self { url })
    }

    /// The parsed URL.
    pub fn as_url(&self) -> &Url {
        &self.url
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.url.as_str().trim_end_matches('/'))
    }
}

impl FromStr for BaseUrl {
    type Err = BaseUrlError;

    fn from_str(text: &str) -> Result<Self, BaseUrlError> {
        Self::parse(text)
    }
}

impl TryFrom<String> for BaseUrl {
    type Error = BaseUrlError;

    fn try_from(text: String) -> Result<Self, BaseUrlError> {
        Self::parse(&text)
    }
}

impl From<BaseUrl> for String {
    fn from(url: BaseUrl) -> Self {
        url.to_string()
    }
}

/// Whether two addresses are one, however they are written.
pub fn same_url(a: &str, b: &str) -> bool {
    a == b || matches!((BaseUrl::parse(a), BaseUrl::parse(b)), (Ok(a), Ok(b)) if a == b)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        BaseUrl::parse(text).map_or_else(|e| e.to_string(), |u| u.to_string())
    }

    #[test]
    fn one_canonical_form() {
        for text in [
            "https://Jira.Example.com/jira",
            "https://jira.example.com:443/jira/",
            " https://jira.example.com/jira//?x=1#y ",
        ] {
            assert_eq!(shown(text), "https://jira.example.com/jira");
        }
        assert_eq!(
            shown("http://bücher.example/"),
            "http://xn--bcher-kva.example"
        );
        assert_eq!(shown("http://[::1]:80/"), "http://[::1]");
    }

    #[test]
    fn what_is_refused_never_shows_the_secret() {
        for text in [
            "https://admin:s3cret@jira.example.com",
            "https://s3cret@jira.example.com",
            "s3cret",
            "file:///s3cret",
        ] {
            let error = BaseUrl::parse(text).map(|u| u.to_string());
            assert!(
                error
                    .as_ref()
                    .is_err_and(|e| !e.to_string().contains("s3cret")),
                "{error:?}"
            );
        }
    }

    #[test]
    fn pasted_addresses_have_candidates() {
        let list = |text: &str| -> Vec<String> {
            BaseUrl::parse(text)
                .map(|u| u.candidates().iter().map(ToString::to_string).collect())
                .unwrap_or_default()
        };
        assert_eq!(
            list("https://x.example/jira/secure/Dashboard.jspa"),
            ["https://x.example/jira", "https://x.example"]
        );
        assert_eq!(
            list("https://x.example/a/b"),
            [
                "https://x.example/a/b",
                "https://x.example/a",
                "https://x.example"
            ]
        );
        assert_eq!(list("https://x.example"), ["https://x.example"]);
    }

    #[test]
    fn prefixes_are_whole_segments_of_one_origin() {
        let url = |text: &str| BaseUrl::parse(text).ok();
        let moved = |text: &str, from: &str, to: &str| {
            let (text, from, to) = (url(text)?, url(from)?, url(to)?);
            text.moved(&from, &to).map(|url| url.to_string())
        };
        let old = "https://old.example.com";
        let new = "https://new.example.com/apps";
        for (text, from, expected) in [
            (
                "https://old.example.com",
                old,
                Some("https://new.example.com/apps"),
            ),
            (
                "https://OLD.example.com:443/jira/",
                old,
                Some("https://new.example.com/apps/jira"),
            ),
            (
                "https://old.example.com/a/b",
                "https://old.example.com/a",
                Some("https://new.example.com/apps/b"),
            ),
            (
                "https://old.example.com/a%20b",
                "https://old.example.com/",
                Some("https://new.example.com/apps/a%20b"),
            ),
            (
                "https://old.example.com/ab",
                "https://old.example.com/a",
                None,
            ),
            (
                "https://old.example.com/A",
                "https://old.example.com/a",
                None,
            ),
            ("https://old.example.com", "https://old.example.com/a", None),
            ("https://old.example.com.evil.test/a", old, None),
            ("https://old.example.com@evil.test/a", old, None),
            ("https://very-old.example.com", old, None),
            ("http://old.example.com", old, None),
            ("https://old.example.com:8443", old, None),
            (
                "https://old.example.com/a/../b",
                "https://old.example.com/a",
                None,
            ),
        ] {
            assert_eq!(
                moved(text, from, new).as_deref(),
                expected,
                "{text} under {from}"
            );
        }
        assert_eq!(
            moved("https://old.example.com/jira", old, "http://127.0.0.1:8080").as_deref(),
            Some("http://127.0.0.1:8080/jira")
        );
    }

    #[test]
    fn loopback_addresses() {
        for (text, expected) in [
            ("http://localhost:8080", true),
            ("http://127.0.0.2", true),
            ("http://[::1]", true),
            ("http://0.0.0.0", true),
            ("http://10.0.0.1", false),
            ("https://jira.example.com", false),
        ] {
            assert_eq!(
                BaseUrl::parse(text).map(|u| u.is_loopback()),
                Ok(expected),
                "{text}"
            );
        }
    }

    #[test]
    fn addresses_are_compared_as_addresses() {
        assert!(same_url(
            "https://j.example:443/jira/",
            "https://J.example/jira"
        ));
        assert!(!same_url("https://j.example/jira", "http://j.example/jira"));
        assert!(same_url("not a url", "not a url"));
    }
}
