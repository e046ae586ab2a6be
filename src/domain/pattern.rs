//! Address patterns that map production to its clone.

use std::fmt;
use std::str::FromStr;

use url::Url;

use super::BaseUrl;

/// A set of addresses: a host with stars (`*.example.com`, `jira.example.com:8443`), or everything
/// under a base URL. One star stands for a part between dots, two for any number of parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pattern {
    /// Hosts, at any port or at a certain one.
    Host {
        /// The host with its stars, in lower case.
        glob: String,
        /// The port.
        port: Option<u16>,
    },
    /// Everything under an address.
    Prefix(BaseUrl),
}

/// Where the addresses of a pattern lead instead: a base URL, in whose host one star stands for
/// what the star of the pattern stood for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination(String);

/// Why a text is no pattern or destination.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// Not a host with stars, and not a base URL.
    #[error("a host like *.example.com, or an address like https://jira.example.com, was due")]
    Pattern,
    /// Beyond ASCII.
    #[error("write the host in its ASCII form (xn--…)")]
    Ascii,
    /// Not a base URL.
    #[error("an address like https://jira.staging.example.com was due")]
    Destination,
    /// More than one star.
    #[error("one star at most, and only in the host")]
    Stars,
}

impl Pattern {
    /// Whether an address is one of them.
    pub fn matches(&self, url: &BaseUrl) -> bool {
        match self {
            Self::Host { glob, port } => {
                port.is_none_or(|port| port == url.port()) && fits(glob, &url.host(), false)
            }
            Self::Prefix(prefix) => url.below(prefix).is_some(),
        }
    }

    /// The same for what a server wrote, which may hold what no base URL may.
    pub fn matches_text(&self, text: &str) -> Option<BaseUrl> {
        let url = BaseUrl::parse(text).ok().or_else(|| {
            let mut url = Url::parse(text.trim()).ok()?;
            url.set_username("").ok()?;
            url.set_password(None).ok()?;
            BaseUrl::parse(url.as_str()).ok()
        })?;
        self.matches(&url).then_some(url)
    }

    /// Whether an address would be one of them if a star stood for any number of parts.
    pub fn nearly_matches(&self, url: &BaseUrl) -> bool {
        match self {
            Self::Host { glob, port } => {
                port.is_none_or(|port| port == url.port())
                    && !self.matches(url)
                    && fits(glob, &url.host(), true)
            }
            Self::Prefix(_) => false,
        }
    }

    /// Where an address of this pattern leads instead: the same path below the destination.
    pub fn mapped(&self, url: &BaseUrl, to: &Destination) -> Option<BaseUrl> {
        if !self.matches(url) {
            return None;
        }
        let (before, to) = match self {
            Self::Prefix(prefix) => (prefix.clone(), to.fixed()?),
            Self::Host { glob, .. } => {
                let origin = BaseUrl::parse(&url.origin().to_string()).ok()?;
                let star = star(glob, &url.host());
                let to = match star {
                    Some(star) => BaseUrl::parse(&to.0.replace('*', &star)).ok()?,
                    None => to.fixed()?,
                };
                (origin, to)
            }
        };
        url.moved(&before, &to)
    }

    /// Whether what its star stands for is one thing.
    pub fn has_one_star(&self) -> bool {
        matches!(self, Self::Host { glob, .. } if glob.matches('*').count() == 1)
    }
}

impl Destination {
    /// The address, where it is one and not a family of them.
    pub fn fixed(&self) -> Option<BaseUrl> {
        BaseUrl::parse(&self.0).ok().filter(|_| !self.has_star())
    }

    /// Whether a part of the host is still open.
    pub fn has_star(&self) -> bool {
        self.0.contains('*')
    }
}

/// Whether a host fits a host with stars. A star stands for at least one character.
fn fits(glob: &str, host: &str, deep: bool) -> bool {
    let Some(at) = glob.find('*') else {
        return glob == host;
    };
    let (before, rest) = glob.split_at(at);
    let Some(tail) = host.strip_prefix(before) else {
        return false;
    };
    let any = deep || rest.starts_with("**");
    let rest = rest.trim_start_matches('*');
    tail.char_indices()
        .take_while(|(_, c)| any || *c != '.')
        .filter_map(|(at, c)| tail.get(at + c.len_utf8()..))
        .any(|tail| fits(rest, tail, deep))
}

/// What the one star of a host stands for.
fn star(glob: &str, host: &str) -> Option<String> {
    let (before, after) = glob.split_once('*')?;
    if after.contains('*') {
        return None;
    }
    host.strip_prefix(before)?
        .strip_suffix(after)
        .map(str::to_owned)
}

impl FromStr for Pattern {
    type Err = PatternError;

    fn from_str(text: &str) -> Result<Self, PatternError> {
        let text = text.trim();
        if text.contains("://") {
            return if text.contains('*') {
                Err(PatternError::Pattern)
            } else {
                BaseUrl::parse(text)
                    .map(Self::Prefix)
                    .map_err(|_| PatternError::Pattern)
            };
        }
        if !text.is_ascii() {
            return Err(PatternError::Ascii);
        }
        let (host, port) = match text.rsplit_once(':') {
            Some((host, port)) if host.ends_with(']') || !host.contains(':') => {
                let port = port.parse().map_err(|_| PatternError::Pattern)?;
                (host, Some(port))
            }
            _ => (text, None),
        };
        let glob = host
            .trim_start_matches('[')
            .trim_end_matches([']', '.'])
            .to_ascii_lowercase();
        let is_host = |c: char| c.is_ascii_alphanumeric() || "-_.*:".contains(c);
        if glob.is_empty() || !glob.chars().all(is_host) || glob.contains("***") {
            return Err(PatternError::Pattern);
        }
        Ok(Self::Host { glob, port })
    }
}

impl FromStr for Destination {
    type Err = PatternError;

    fn from_str(text: &str) -> Result<Self, PatternError> {
        let text = text.trim();
        let stars = text.matches('*').count();
        let (_, rest) = text.split_once("://").ok_or(PatternError::Destination)?;
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        if stars > 1 || host.matches('*').count() != stars {
            return Err(PatternError::Stars);
        }
        BaseUrl::parse(&text.replace('*', "x")).map_err(|_| PatternError::Destination)?;
        Ok(Self(text.trim_end_matches('/').to_owned()))
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Host { glob, port: None } => f.write_str(glob),
            Self::Host {
                glob,
                port: Some(port),
            } if glob.contains(':') => write!(f, "[{glob}]:{port}"),
            Self::Host {
                glob,
                port: Some(port),
            } => write!(f, "{glob}:{port}"),
            Self::Prefix(prefix) => prefix.fmt(f),
        }
    }
}

impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hit(pattern: &str, url: &str) -> Option<bool> {
        let pattern: Pattern = pattern.parse().ok()?;
        Some(pattern.matches_text(url).is_some())
    }

    #[test]
    fn what_a_pattern_means() {
        for (pattern, url, expected) in [
            ("*.example.com", "https://jira.example.com/jira", Some(true)),
            ("*.example.com", "https://JIRA.example.com:8443", Some(true)),
            ("*.example.com", "https://u:p@jira.example.com", Some(true)),
            ("*.example.com", "https://example.com", Some(false)),
            (
                "*.example.com",
                "https://a.staging.example.com",
                Some(false),
            ),
            (
                "**.example.com",
                "https://a.staging.example.com",
                Some(true),
            ),
            (
                "*.example.com",
                "https://jira.example.com.evil.test",
                Some(false),
            ),
            (
                "*.example.com",
                "https://evil.test/?jira.example.com",
                Some(false),
            ),
            ("jira*.example.com", "https://jira2.example.com", Some(true)),
            ("jira*.example.com", "https://jira.example.com", Some(false)),
            ("*", "https://localhost", Some(true)),
            ("jira.example.com", "https://jira.example.com", Some(true)),
            (
                "jira.example.com:443",
                "https://jira.example.com",
                Some(true),
            ),
            (
                "jira.example.com:443",
                "http://jira.example.com",
                Some(false),
            ),
            ("127.0.0.1:8080", "http://127.0.0.1:8080/jira", Some(true)),
            ("[::1]:8080", "http://[::1]:8080", Some(true)),
            (
                "https://x.example.com/a",
                "https://x.example.com/a/b",
                Some(true),
            ),
            (
                "https://x.example.com/a",
                "https://x.example.com/ab",
                Some(false),
            ),
            (
                "https://x.example.com/a",
                "http://x.example.com/a",
                Some(false),
            ),
            ("https://*.example.com", "", None),
            ("bücher.example", "", None),
            ("a b", "", None),
            ("", "", None),
            ("x:y", "", None),
        ] {
            assert_eq!(hit(pattern, url), expected, "{pattern} {url}");
        }
    }

    #[test]
    fn the_same_path_below_the_destination() {
        for (pattern, url, to, expected) in [
            (
                "*.example.com",
                "https://jira.example.com/jira",
                "https://*.test.example.net:8443",
                Some("https://jira.test.example.net:8443/jira"),
            ),
            (
                "*.example.com",
                "https://jira.example.com/jira",
                "https://staging.example.net/x/",
                Some("https://staging.example.net/x/jira"),
            ),
            (
                "https://example.com/prod",
                "https://example.com/prod/jira",
                "https://example.com/test",
                Some("https://example.com/test/jira"),
            ),
            (
                "*.example.com",
                "https://other.test",
                "https://x.test",
                None,
            ),
            // What two stars stand for together is not one thing.
            (
                "*.*.example.com",
                "https://a.b.example.com",
                "https://*.x.test",
                None,
            ),
        ] {
            let pattern: Option<Pattern> = pattern.parse().ok();
            let mapped = pattern.and_then(|pattern| {
                let url = BaseUrl::parse(url).ok()?;
                pattern.mapped(&url, &to.parse().ok()?)
            });
            assert_eq!(mapped.map(|url| url.to_string()).as_deref(), expected);
        }
        for wrong in ["x", "https://", "https://*.*.x", "https://x/*", "ftp://x"] {
            assert!(wrong.parse::<Destination>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_near_miss_is_known_as_one() {
        let near = |url: &str| {
            let pattern: Option<Pattern> = "*.example.com".parse().ok();
            pattern
                .zip(BaseUrl::parse(url).ok())
                .map(|(p, u)| p.nearly_matches(&u))
        };
        assert_eq!(near("https://a.b.example.com"), Some(true));
        assert_eq!(near("https://a.example.com"), Some(false));
        assert_eq!(near("https://a.example.org"), Some(false));
    }
}
