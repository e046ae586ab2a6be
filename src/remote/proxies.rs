//! Chooses the proxy of a request, and says what may be shown of it: never its password.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use percent_encoding::percent_decode_str;
use reqwest::Url;
use tokio::sync::{Mutex as AsyncMutex, MutexGuard};
use zeroize::Zeroizing;

use crate::error::Error;

/// The variables that name a proxy; the first that is set counts.
const VARIABLES: [[&str; 2]; 3] = [
    ["HTTPS_PROXY", "https_proxy"],
    ["HTTP_PROXY", "http_proxy"],
    ["ALL_PROXY", "all_proxy"],
];

/// A proxy as it may be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Proxy {
    /// Scheme, host and port.
    pub(super) address: String,
    /// Whether it is given a user and a password.
    pub(super) with_login: bool,
}

/// The proxies of the command line and the environment.
pub(super) struct Proxies {
    /// That of the command line, which has no exceptions; else those of the environment.
    matcher: Matcher,
    /// Exceptions that the library does not know: for one port, and `*` for an address, too.
    exceptions: Vec<(String, Option<u16>)>,
    logins: Mutex<HashMap<String, Arc<LoginState>>>,
}

/// How the login at one proxy went. A wrong password is sent only once a run, since proxies lock
/// accounts too.
#[derive(Debug, Default)]
pub(super) struct LoginState {
    accepted: AtomicBool,
    refused: AtomicBool,
    first: AsyncMutex<()>,
}

impl Proxies {
    /// The proxy of the command line, where there is one; else what the environment says.
    pub(super) fn new(option: Option<&str>) -> Self {
        let (matcher, exceptions) = match option {
            Some(url) => (Matcher::builder().all(url.to_owned()).build(), Vec::new()),
            None => (Matcher::from_system(), exceptions(&no_proxy())),
        };
        Self {
            matcher,
            exceptions,
            logins: Mutex::default(),
        }
    }

    /// The proxy for a URL.
    pub(super) fn of(&self, url: &str) -> Option<Proxy> {
        if self.is_excepted(url) {
            return None;
        }
        let found = self.matcher.intercept(&url.parse().ok()?)?;
        Some(Proxy {
            address: shown_address(&found),
            with_login: found.basic_auth().is_some() || found.raw_auth().is_some(),
        })
    }

    /// Whether `NO_PROXY` excepts a URL in a way that the library does not know.
    pub(super) fn is_excepted(&self, url: &str) -> bool {
        if self.exceptions.is_empty() {
            return false;
        }
        Url::parse(url).is_ok_and(|url| {
            let host = url.host_str().unwrap_or_default();
            self.exceptions.iter().any(|(name, port)| {
                (name == "*" || is_below(host, name))
                    && (port.is_none() || *port == url.port_or_known_default())
            })
        })
    }

    /// The state of the login at a proxy.
    pub(super) fn login(&self, proxy: &Proxy) -> Option<Arc<LoginState>> {
        if !proxy.with_login {
            return None;
        }
        let mut logins = self.logins.lock().unwrap_or_else(PoisonError::into_inner);
        Some(Arc::clone(logins.entry(proxy.address.clone()).or_default()))
    }

    /// Refuses a proxy setting that cannot be read, instead of going around it. The value may hold a
    /// password, so no message repeats it.
    pub(super) fn check(option: Option<&str>) -> Result<(), Error> {
        if let Some(url) = option {
            return check_setting("--proxy", url);
        }
        for names in VARIABLES {
            if let Some((name, value)) = first_set(&names)
                && !value.is_empty()
            {
                check_setting(name, &value)?;
            }
        }
        Ok(())
    }
}

/// Refuses a setting whose host cannot be told from its password, and one that is no proxy.
fn check_setting(name: &str, value: &str) -> Result<(), Error> {
    let rest = value.split_once("://").map_or(value, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    // A password may hold any of these; each makes another part of it the host.
    if rest.matches('@').count() > 1 {
        return Err(Error::usage(format!(
            "more than one @ in {name}: write %40 in the password"
        )));
    }
    if value.contains('\\') {
        return Err(Error::usage(format!(
            "a \\ in {name}: write %5C in the user name or password"
        )));
    }
    if rest.contains('@') && !authority.contains('@') {
        return Err(Error::usage(format!(
            "a /, ? or # before the @ in {name}: write %2F, %3F or %23 in the password"
        )));
    }
    if is_proxy(value) {
        return Ok(());
    }
    Err(Error::usage(format!("{name} is not the URL of a proxy"))
        .hint("such as http://proxy.example.com:3128 or socks5h://proxy.example.com:1080"))
}

impl LoginState {
    /// Waits until the login is known to be accepted, or for the right to try it. `Err` when it was
    /// refused.
    pub(super) async fn acquire(&self) -> Result<Option<MutexGuard<'_, ()>>, ()> {
        if self.accepted.load(Ordering::Acquire) {
            return Ok(None);
        }
        let guard = self.first.lock().await;
        if self.refused.load(Ordering::Acquire) {
            return Err(());
        }
        Ok((!self.accepted.load(Ordering::Acquire)).then_some(guard))
    }

    /// Records that the proxy let a request pass.
    pub(super) fn accept(&self) {
        self.accepted.store(true, Ordering::Release);
    }

    /// Records that the proxy refused the login.
    pub(super) fn refuse(&self) {
        self.refused.store(true, Ordering::Release);
    }
}

/// The passwords of all proxies that the environment names, to be masked wherever they appear.
pub fn secrets() -> Vec<Zeroizing<String>> {
    VARIABLES
        .iter()
        .flat_map(|names| names.iter().filter_map(|name| std::env::var(name).ok()))
        .map(Zeroizing::new)
        .filter_map(|value| {
            let (userinfo, _) = value.rsplit_once('@')?;
            let userinfo = userinfo
                .split_once("://")
                .map_or(userinfo, |(_, rest)| rest);
            let (user, password) = userinfo.split_once(':')?;
            let plain = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
            Some([
                Zeroizing::new(password.to_owned()),
                Zeroizing::new(format!("{}:{}", plain(user), plain(password))),
                Zeroizing::new(plain(password)),
            ])
        })
        .flatten()
        .collect()
}

fn is_proxy(url: &str) -> bool {
    let probe = Matcher::builder().all(url.to_owned()).build();
    // Any URL will do: a proxy for all is one for this.
    "https://application.example/"
        .parse()
        .ok()
        .and_then(|any| probe.intercept(&any))
        .is_some_and(|found| found.uri().host().is_some_and(|host| !host.is_empty()))
}

fn first_set(names: &[&'static str]) -> Option<(&'static str, String)> {
    names
        .iter()
        .find_map(|name| std::env::var(name).ok().map(|value| (*name, value)))
}

fn no_proxy() -> String {
    first_set(&["NO_PROXY", "no_proxy"]).map_or_else(String::new, |(_, value)| value)
}

/// The entries of `NO_PROXY` that name a port, and the one that is everything.
fn exceptions(list: &str) -> Vec<(String, Option<u16>)> {
    list.split(',')
        .map(str::trim)
        .filter_map(|entry| {
            if entry == "*" {
                return Some((entry.to_owned(), None));
            }
            let (host, port) = entry.rsplit_once(':')?;
            // An IPv6 address has colons and, with a port, brackets.
            if host.contains(':') && !host.ends_with(']') {
                return None;
            }
            let host = host.trim_start_matches("*.").trim_start_matches('.');
            Some((host.to_ascii_lowercase(), Some(port.parse().ok()?)))
        })
        .collect()
}

fn is_below(host: &str, name: &str) -> bool {
    host.strip_suffix(name)
        .is_some_and(|before| before.is_empty() || before.ends_with('.'))
}

fn shown_address(proxy: &Intercept) -> String {
    let uri = proxy.uri();
    let authority = uri.authority().map_or("", |authority| authority.as_str());
    match uri.scheme_str() {
        Some("http") | None => authority.to_owned(),
        Some(scheme) => format!("{scheme}://{authority}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exceptions_for_a_port() {
        let mut proxies = Proxies::new(Some("http://u:p@proxy.example:3128"));
        proxies.exceptions =
            exceptions("a.example:8080, .b.example:443,[::1]:80,fe80::1,c.example");
        for (url, excepted) in [
            ("http://a.example:8080/x", true),
            ("http://a.example/x", false),
            ("http://x.a.example:8080/x", true),
            ("http://xa.example:8080/x", false),
            ("https://b.example/x", true),
            ("https://y.b.example/x", true),
            ("http://b.example/x", false),
            ("http://[::1]/x", true),
            ("http://[::1]:81/x", false),
            ("http://c.example/", false),
        ] {
            assert_eq!(proxies.is_excepted(url), excepted, "{url}");
            assert_eq!(proxies.of(url).is_none(), excepted, "{url}");
        }
    }

    #[test]
    fn a_proxy_is_shown_without_its_password() {
        for (given, shown) in [
            ("http://u:p@proxy.example:3128/", "proxy.example:3128"),
            ("u:p@proxy.example:3128", "proxy.example:3128"),
            ("https://proxy.example", "https://proxy.example"),
            ("socks5h://u:p@[::1]:1080", "socks5h://[::1]:1080"),
        ] {
            let proxy = Proxies::new(Some(given)).of("https://wiki.example/");
            assert_eq!(proxy.map(|proxy| proxy.address).as_deref(), Some(shown));
        }
    }

    #[test]
    fn what_is_no_proxy() {
        for text in [
            "ftp://proxy.example",
            "http://",
            "http://a b",
            "http://[::1",
        ] {
            assert!(Proxies::check(Some(text)).is_err(), "{text}");
        }
        for (text, says) in [
            ("http://u:hidden@secret@proxy:1", "write %40"),
            ("u:hidden@secret@proxy:1", "write %40"),
            ("http://CORP\\u:secret@proxy:1", "write %5C"),
            ("http://u:hid/secret@proxy:1", "%2F"),
            ("http://u:hid#secret@proxy:1", "%23"),
            ("http://u:hid?secret@proxy:1", "%3F"),
            ("ftp://u:secret@proxy:1", "not the URL"),
            ("http://u:sec ret@:1", "not the URL"),
        ] {
            let message = Proxies::check(Some(text))
                .err()
                .map(|error| error.message)
                .unwrap_or_default();
            assert!(message.contains(says), "{text}: {message}");
            assert!(
                !message.contains("secret") && !message.contains("hid"),
                "{message}"
            );
        }
        for text in [
            "proxy:3128",
            "http://proxy",
            "socks5://proxy:1",
            "https://u:p@proxy",
        ] {
            assert!(Proxies::check(Some(text)).is_ok(), "{text}");
        }
    }
}
