//! The cookies by which a load balancer keeps a client on one node of a cluster.
//!
//! They are given back within the run, to the origin that set them and below their path only. The
//! session cookies of the products are not: with one of those a request would be answered for
//! another login than its own, and elevated rights would be missing.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use cookie::Cookie;
use reqwest::Url;
use reqwest::header::{HeaderMap, HeaderValue, SET_COOKIE};

/// An origin sets no more of them; what is more is dropped.
const MOST: usize = 16;
/// A cookie is no longer.
const LONGEST: usize = 4096;

/// Parts of the names of cookies that stand for a login.
const LOGIN_COOKIES: &[&str] = &[
    "jsessionid",
    "sessionid",
    "session",
    "seraph",
    "xsrf",
    "token",
    "crowd",
    "auth",
    "saml",
    "sso",
    "login",
    "websudo",
];

/// The cookies of one run. They are never logged and never written to disk.
#[derive(Default)]
pub(super) struct AffinityCookies {
    by_origin: Mutex<HashMap<String, Vec<AffinityCookie>>>,
}

struct AffinityCookie {
    name: String,
    value: String,
    path: String,
}

impl AffinityCookies {
    /// Keeps the cookies of an answer.
    pub(super) fn keep(&self, url: &str, headers: &HeaderMap) {
        if !headers.contains_key(SET_COOKIE) {
            return;
        }
        let Ok(url) = Url::parse(url) else { return };
        let mut by_origin = self
            .by_origin
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let cookies = by_origin
            .entry(url.origin().ascii_serialization())
            .or_default();
        for header in headers.get_all(SET_COOKIE) {
            let Some(cookie) = affinity_cookie(&url, header) else {
                continue;
            };
            cookies.retain(|old| (&old.name, &old.path) != (&cookie.name, &cookie.path));
            if cookies.len() < MOST && !cookie.value.is_empty() {
                cookies.push(cookie);
            }
        }
    }

    /// Whether any application is behind such a balancer.
    pub(super) fn are_used(&self) -> bool {
        let by_origin = self
            .by_origin
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        by_origin.values().any(|cookies| !cookies.is_empty())
    }

    /// The `Cookie` header of a request.
    pub(super) fn header(&self, url: &str) -> Option<HeaderValue> {
        let by_origin = self
            .by_origin
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if by_origin.is_empty() {
            return None;
        }
        let url = Url::parse(url).ok()?;
        let cookies = by_origin.get(&url.origin().ascii_serialization())?;
        let pairs: Vec<String> = cookies
            .iter()
            .filter(|cookie| is_below(url.path(), &cookie.path))
            .map(|cookie| format!("{}={}", cookie.name, cookie.value))
            .collect();
        if pairs.is_empty() {
            return None;
        }
        let mut value = HeaderValue::from_str(&pairs.join("; ")).ok()?;
        value.set_sensitive(true);
        Some(value)
    }
}

/// The cookie that a header sets, where it is a balancer's. The domain is left out: a cookie goes
/// back to the host that set it.
fn affinity_cookie(url: &Url, header: &HeaderValue) -> Option<AffinityCookie> {
    let text = header.to_str().ok().filter(|text| text.len() <= LONGEST)?;
    let cookie = Cookie::parse(text).ok()?;
    let name = cookie.name().to_ascii_lowercase();
    if LOGIN_COOKIES.iter().any(|part| name.contains(part)) {
        return None;
    }
    let is_over = cookie.max_age().is_some_and(|age| !age.is_positive());
    let path = match cookie.path() {
        Some(path) if path.starts_with('/') => path.to_owned(),
        // Without one the cookie is for the folder of the request (RFC 6265 section 5.1.4).
        _ => match url.path().rsplit_once('/') {
            Some((folder, _)) if !folder.is_empty() => folder.to_owned(),
            _ => "/".to_owned(),
        },
    };
    Some(AffinityCookie {
        name: cookie.name().to_owned(),
        value: if is_over {
            String::new()
        } else {
            cookie.value().to_owned()
        },
        path,
    })
}

/// Whether a path matches the path of a cookie (RFC 6265 section 5.1.4).
fn is_below(path: &str, cookie: &str) -> bool {
    path.strip_prefix(cookie)
        .is_some_and(|rest| rest.is_empty() || cookie.ends_with('/') || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(url: &str, cookies: &[&'static str]) -> AffinityCookies {
        let mut headers = HeaderMap::new();
        for cookie in cookies {
            headers.append(SET_COOKIE, HeaderValue::from_static(cookie));
        }
        let all = AffinityCookies::default();
        all.keep(url, &headers);
        all
    }

    fn sent(all: &AffinityCookies, url: &str) -> Option<String> {
        all.header(url)
            .and_then(|value| value.to_str().ok().map(str::to_owned))
    }

    #[test]
    fn a_cookie_goes_back_to_its_origin_and_path_only() {
        let all = after(
            "https://jira.example/jira/rest/x",
            &[
                "ROUTEID=.node1; Path=/jira; Domain=.example; HttpOnly",
                "AWSALB=abc; Path=/",
                "SERVERID=s2",
            ],
        );
        let own = sent(&all, "https://jira.example/jira/rest/x");
        assert_eq!(
            own.as_deref(),
            Some("ROUTEID=.node1; AWSALB=abc; SERVERID=s2")
        );
        for (url, expected) in [
            ("https://jira.example/jiraffe", Some("AWSALB=abc")),
            ("https://jira.example/", Some("AWSALB=abc")),
            ("https://wiki.example/jira/rest/x", None),
            ("https://jira.example:8443/jira/rest/x", None),
            ("http://jira.example/jira/rest/x", None),
        ] {
            assert_eq!(sent(&all, url).as_deref(), expected, "{url}");
        }
    }

    #[test]
    fn no_cookie_of_a_login_is_kept() {
        let all = after(
            "https://jira.example/",
            &[
                "JSESSIONID=1.node1; Path=/",
                "BITBUCKETSESSIONID=2",
                "atlassian.xsrf.token=3",
                "seraph.rememberme.cookie=4",
                "crowd.token_key=5",
            ],
        );
        assert_eq!(sent(&all, "https://jira.example/"), None);
    }

    #[test]
    fn a_cookie_is_replaced_and_taken_away() {
        let url = "https://jira.example/";
        let all = after(url, &["ROUTEID=a; Path=/"]);
        let mut headers = HeaderMap::new();
        headers.append(SET_COOKIE, HeaderValue::from_static("ROUTEID=b; Path=/"));
        all.keep(url, &headers);
        assert_eq!(sent(&all, url).as_deref(), Some("ROUTEID=b"));
        headers.insert(
            SET_COOKIE,
            HeaderValue::from_static("ROUTEID=; Path=/; Max-Age=0"),
        );
        all.keep(url, &headers);
        assert_eq!(sent(&all, url), None);
    }
}
