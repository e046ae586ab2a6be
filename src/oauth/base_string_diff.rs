//! Compares our base string with the one that a server reports with `signature_invalid`, and names
//! the usual cause of the first difference.

use std::collections::{BTreeMap, BTreeSet};

use super::base_string::decode_strict;
use crate::domain::text::excerpt;

/// Which part of a request is not the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RequestPart {
    /// `GET`, `POST` and so on.
    Method,
    /// http or https.
    Scheme,
    /// The host's name.
    Host,
    /// The port, written or the scheme's own.
    Port,
    /// One path is the other with something before it.
    ContextPath,
    /// The path otherwise.
    Path,
    /// A parameter that was signed and did not arrive.
    Missing(String),
    /// A parameter that arrived and was not signed.
    Added(String),
    /// A parameter with another value.
    Value(String),
    /// The same parts, written in another order or encoding.
    Spelling,
}

/// The first difference between what was signed and what arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseStringDifference {
    /// Where it is.
    pub part: RequestPart,
    /// What was signed; empty where that is not to be shown.
    pub signed: String,
    /// What arrived; empty where that is not to be shown.
    pub arrived: String,
}

/// What comparing two base strings gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BaseStringComparison {
    /// They are one text: the addresses are right, so the key is not.
    Same,
    /// They differ, here first.
    Differs(BaseStringDifference),
    /// What the server reports is no base string.
    Unreadable,
}

/// Parameters whose values stay where they are.
const UNSHOWN: &[&str] = &[
    "oauth_token",
    "oauth_verifier",
    "oauth_session_handle",
    "oauth_token_secret",
];

/// Compares our base string with the server's.
pub fn compare(signed: &str, arrived: &str) -> BaseStringComparison {
    if signed == arrived {
        return BaseStringComparison::Same;
    }
    match (
        BaseStringParts::read(signed),
        BaseStringParts::read(arrived),
    ) {
        (Some(signed), Some(arrived)) => {
            BaseStringComparison::Differs(signed.first_difference(&arrived))
        }
        _ => BaseStringComparison::Unreadable,
    }
}

/// A base string taken apart and decoded.
struct BaseStringParts {
    method: String,
    scheme: String,
    host: String,
    port: String,
    path: String,
    parameters: BTreeMap<String, Vec<String>>,
}

impl BaseStringParts {
    fn read(text: &str) -> Option<Self> {
        let mut pieces = text.trim().split('&');
        let (method, uri, parameters) = (pieces.next()?, pieces.next()?, pieces.next()?);
        if pieces.next().is_some() {
            return None;
        }
        let uri = decode_strict(uri);
        let (scheme, rest) = uri.split_once("://")?;
        let (authority, path) = match rest.find('/') {
            Some(at) => rest.split_at(at),
            None => (rest, "/"),
        };
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|digit| digit.is_ascii_digit()) => (host, port),
            _ => (authority, if scheme == "https" { "443" } else { "80" }),
        };
        let mut by_name: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for piece in decode_strict(parameters).split('&') {
            if piece.is_empty() {
                continue;
            }
            let (name, value) = piece.split_once('=').unwrap_or((piece, ""));
            by_name
                .entry(decode_strict(name))
                .or_default()
                .push(decode_strict(value));
        }
        for values in by_name.values_mut() {
            values.sort();
        }
        Some(Self {
            method: decode_strict(method),
            scheme: scheme.to_owned(),
            host: host.to_owned(),
            port: port.to_owned(),
            path: path.to_owned(),
            parameters: by_name,
        })
    }

    fn first_difference(&self, arrived: &Self) -> BaseStringDifference {
        let path = if is_below(&self.path, &arrived.path) || is_below(&arrived.path, &self.path) {
            RequestPart::ContextPath
        } else {
            RequestPart::Path
        };
        for (part, ours, theirs) in [
            (RequestPart::Method, &self.method, &arrived.method),
            (RequestPart::Scheme, &self.scheme, &arrived.scheme),
            (RequestPart::Host, &self.host, &arrived.host),
            (RequestPart::Port, &self.port, &arrived.port),
            (path, &self.path, &arrived.path),
        ] {
            if ours != theirs {
                return BaseStringDifference {
                    part,
                    signed: excerpt(ours, 200),
                    arrived: excerpt(theirs, 200),
                };
            }
        }
        self.first_parameter(arrived)
            .unwrap_or(BaseStringDifference {
                part: RequestPart::Spelling,
                signed: String::new(),
                arrived: String::new(),
            })
    }

    fn first_parameter(&self, arrived: &Self) -> Option<BaseStringDifference> {
        let names: BTreeSet<&String> = self
            .parameters
            .keys()
            .chain(arrived.parameters.keys())
            .collect();
        let none = Vec::new();
        names.into_iter().find_map(|name| {
            let ours = self.parameters.get(name).unwrap_or(&none);
            let theirs = arrived.parameters.get(name).unwrap_or(&none);
            // Of values that are repeated, those that both have say nothing.
            let only = |these: &[String], those: &[String]| {
                let mut rest = those.to_vec();
                let found = these.iter().find(|value| {
                    let at = rest.iter().position(|other| other == *value);
                    at.map(|at| rest.swap_remove(at)).is_none()
                });
                found.cloned()
            };
            let shown = |value: &Option<String>| match value {
                Some(value) if !UNSHOWN.contains(&name.as_str()) => excerpt(value, 80),
                _ => String::new(),
            };
            let (lost, new) = (only(ours, theirs), only(theirs, ours));
            let (signed, came) = (shown(&lost), shown(&new));
            let name = excerpt(name, 80);
            let part = match (lost, new) {
                (None, None) => return None,
                (Some(_), None) => RequestPart::Missing(name),
                (None, Some(_)) => RequestPart::Added(name),
                (Some(_), Some(_)) => RequestPart::Value(name),
            };
            Some(BaseStringDifference {
                part,
                signed,
                arrived: came,
            })
        })
    }
}

/// Whether `path` is `tail` with a context path before it.
fn is_below(path: &str, tail: &str) -> bool {
    tail.starts_with('/')
        && path
            .strip_suffix(tail)
            .is_some_and(|context| context.starts_with('/'))
}

impl BaseStringDifference {
    /// What differs, in words.
    pub fn words(&self) -> String {
        let (signed, arrived) = (&self.signed, &self.arrived);
        let both =
            |what: &str| format!("{what}: signed was {signed:?}, what arrived is {arrived:?}");
        match &self.part {
            RequestPart::Method => both("the method"),
            RequestPart::Scheme => both("the scheme"),
            RequestPart::Host => both("the host"),
            RequestPart::Port => both("the port"),
            RequestPart::ContextPath => both("the context path"),
            RequestPart::Path => both("the path"),
            RequestPart::Missing(name) => {
                format!("the parameter {name} was signed and did not arrive")
            }
            RequestPart::Added(name) => format!("the parameter {name} arrived and was not signed"),
            RequestPart::Value(name) if signed.is_empty() && arrived.is_empty() => {
                format!("the parameter {name} arrived with another value")
            }
            RequestPart::Value(name) => both(&format!("the parameter {name}")),
            RequestPart::Spelling => {
                "the same parts arrived in another order or encoding".to_owned()
            }
        }
    }

    /// The usual cause, and what to set right.
    pub fn cause(&self) -> &'static str {
        match &self.part {
            RequestPart::Method => {
                "a cache on the way turns HEAD into GET: in nginx, `proxy_cache_convert_head off`"
            }
            RequestPart::Scheme | RequestPart::Host | RequestPart::Port => {
                "the application does not know its address outside the proxy: set scheme, secure, proxyName and proxyPort of its Tomcat connector (Bitbucket: server.scheme, server.secure, server.proxy-name, server.proxy-port), or use the address that it sees"
            }
            RequestPart::ContextPath => {
                "a proxy adds or takes away the context path: it has to be the same on both sides of the proxy, and part of the base URL"
            }
            RequestPart::Path => {
                "a proxy rewrites the path: it has to pass it on as it is, encoding included"
            }
            RequestPart::Missing(_) => {
                "a proxy or firewall takes parameters away: let all of the query, xoauth_requestor_id and oauth_* pass"
            }
            RequestPart::Added(_) => {
                "a proxy or firewall adds parameters: let the query pass as it is"
            }
            RequestPart::Value(_) if !self.signed.is_ascii() || !self.arrived.is_ascii() => {
                "the connector decodes parameters in another encoding than UTF-8: take useBodyEncodingForURI=\"true\" out of server.xml"
            }
            RequestPart::Value(_) | RequestPart::Spelling => {
                "a proxy or firewall rewrites parameters: let the query and the Authorization header pass as they are"
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::base_string::{Parameter, base_string, parse_form, target};
    use super::*;

    fn base(method: &str, url: &str) -> String {
        let (uri, query) = target(url).unwrap_or_default();
        base_string(method, &uri, &parse_form(query))
    }

    fn found(ours: &str, theirs: &str) -> String {
        let split = |text: &str| match text.split_once(' ') {
            Some((method, url)) => base(method, url),
            None => text.to_owned(),
        };
        match compare(&split(ours), &split(theirs)) {
            BaseStringComparison::Same => "same".to_owned(),
            BaseStringComparison::Unreadable => "unreadable".to_owned(),
            BaseStringComparison::Differs(difference) => {
                assert!(!difference.cause().is_empty());
                difference.words()
            }
        }
    }

    #[test]
    fn each_part_is_named() {
        let ours = "GET https://jira.example.com/jira/rest/x?a=1&b=2&b=3&oauth_token=t";
        for (theirs, words) in [
            (ours, "same"),
            (
                "HEAD https://jira.example.com/jira/rest/x?a=1&b=2&b=3&oauth_token=t",
                "the method: signed was \"GET\", what arrived is \"HEAD\"",
            ),
            (
                "GET http://jira.example.com/jira/rest/x?a=1",
                "the scheme: signed was \"https\", what arrived is \"http\"",
            ),
            (
                "GET https://internal/jira/rest/x",
                "the host: signed was \"jira.example.com\", what arrived is \"internal\"",
            ),
            (
                "GET https://jira.example.com:8080/jira/rest/x",
                "the port: signed was \"443\", what arrived is \"8080\"",
            ),
            (
                "GET https://jira.example.com/rest/x",
                "the context path: signed was \"/jira/rest/x\", what arrived is \"/rest/x\"",
            ),
            (
                "GET https://jira.example.com/proxy/jira/rest/x",
                "the context path: signed was \"/jira/rest/x\", what arrived is \"/proxy/jira/rest/x\"",
            ),
            (
                "GET https://jira.example.com/jira/rest/y",
                "the path: signed was \"/jira/rest/x\", what arrived is \"/jira/rest/y\"",
            ),
            (
                "GET https://jira.example.com/jira/rest/x?b=2&b=3&oauth_token=t",
                "the parameter a was signed and did not arrive",
            ),
            (
                "GET https://jira.example.com/jira/rest/x?a=1&b=2&b=3&c&oauth_token=t",
                "the parameter c arrived and was not signed",
            ),
            (
                "GET https://jira.example.com/jira/rest/x?a=1&b=2&b=2&oauth_token=t",
                "the parameter b: signed was \"3\", what arrived is \"2\"",
            ),
            (
                "GET https://jira.example.com/jira/rest/x?a=1&b=2&oauth_token=t",
                "the parameter b was signed and did not arrive",
            ),
            (
                "GET https://jira.example.com/jira/rest/x?a=1&b=2&b=3&oauth_token=u",
                "the parameter oauth_token arrived with another value",
            ),
            ("nonsense", "unreadable"),
            ("a&b&c&d", "unreadable"),
        ] {
            assert_eq!(found(ours, theirs), words, "{theirs}");
        }
        let text = base("GET", "http://h/?a=~&b=1");
        assert_eq!(
            found(&text, &text.replace('~', "%257e")),
            "the same parts arrived in another order or encoding"
        );
        let other = compare(
            &base("GET", "http://h/?a=%C3%A9"),
            &base("GET", "http://h/?a=%C3%83%C2%A9"),
        );
        assert!(
            matches!(other, BaseStringComparison::Differs(difference) if difference.cause().contains("useBodyEncodingForURI"))
        );
    }

    fn parameters() -> impl Strategy<Value = Vec<Parameter>> {
        proptest::collection::vec(("[a-z%&=+~* é]{1,6}", "\\PC{0,8}"), 0..6)
    }

    proptest! {
        #[test]
        fn what_is_read_is_what_was_written(all in parameters(), reordered in any::<bool>()) {
            let text = base_string("GET", "https://h/a", &all);
            let mut other = all.clone();
            if reordered {
                other.reverse();
            }
            prop_assert_eq!(compare(&text, &base_string("GET", "https://h/a", &other)), BaseStringComparison::Same);
            let parts = BaseStringParts::read(&text);
            let read = parts.map(|parts| parts.parameters.values().map(Vec::len).sum::<usize>());
            prop_assert_eq!(read, Some(all.len()));
        }

        #[test]
        fn a_parameter_less_is_that_parameter(all in parameters(), at in any::<prop::sample::Index>()) {
            prop_assume!(!all.is_empty());
            let mut less = all.clone();
            let (name, _) = less.remove(at.index(all.len()));
            let (signed, arrived) = (base_string("GET", "https://h/a", &all), base_string("GET", "https://h/a", &less));
            let named = |comparison| match comparison {
                BaseStringComparison::Differs(BaseStringDifference { part: RequestPart::Missing(name) | RequestPart::Added(name), .. }) => Some(name),
                _ => None,
            };
            prop_assert_eq!(named(compare(&signed, &arrived)), Some(excerpt(&name, 80)));
            prop_assert_eq!(named(compare(&arrived, &signed)), Some(excerpt(&name, 80)));
        }

        #[test]
        fn no_text_of_a_server_is_too_odd(text in "\\PC{0,60}") {
            let _ = compare("GET&http%3A%2F%2Fh%2F&a%3Db", &text);
            let _ = compare(&text, &text.to_uppercase());
        }
    }
}
