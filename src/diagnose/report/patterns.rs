//! Finds texts that look like secrets.
//!
//! The model lets in only what has a field; this takes out of the texts in those fields, which
//! servers and people wrote, what may be a secret nevertheless.

use crate::domain::text::clean;

/// Words before a secret, in headers.
const SCHEMES: &[&str] = &["basic ", "bearer ", "negotiate "];
/// Parts of the names of parameters, cookies and fields with secrets.
const NAMES: &[&str] = &[
    "token",
    "secret",
    "passw",
    "pwd",
    "signature",
    "session",
    "ticket",
    "apikey",
    "api_key",
    "credential",
];
/// Parameters of a query whose values are shown.
const PARAMETERS: &[&str] = &["autoConfigure", "maxAge", "nowarning", "reciprocate"];
/// The text in place of a removed one.
const GONE: &str = "[removed]";

/// A text as it may be shown: known secrets masked, then what looks like one removed, and control
/// and invisible characters as escapes.
pub fn scrubbed(text: &str, mask: &dyn Fn(&str) -> String) -> String {
    // Once more at the end: taking something out may have put together what was apart.
    let text = values(&schemes(&keys(&addresses(&mask(text)))));
    mask(&clean(&text))
}

/// Takes out of addresses what may be secret: user information (`https://user:password@host`),
/// the values of the query but for a few, and what comes after `#`.
fn addresses(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("://") {
        out.push_str(before);
        out.push_str("://");
        let end = after
            .find(|c: char| c.is_whitespace() || "\"'<>\\".contains(c))
            .unwrap_or(after.len());
        let (address, tail) = after.split_at(end);
        let host_end = address.find(['/', '?', '#']).unwrap_or(address.len());
        let (authority, address) = address.split_at(host_end);
        match authority.rsplit_once('@') {
            Some((_, host)) => {
                out.push_str(GONE);
                out.push('@');
                out.push_str(host);
            }
            None => out.push_str(authority),
        }
        let (address, fragment) = address.split_once('#').unwrap_or((address, ""));
        match address.split_once('?') {
            Some((path, query)) => {
                out.push_str(path);
                out.push('?');
                let pairs: Vec<String> = query.split('&').map(parameter).collect();
                out.push_str(&pairs.join("&"));
            }
            None => out.push_str(address),
        }
        if !fragment.is_empty() {
            out.push('#');
            out.push_str(GONE);
        }
        rest = tail;
    }
    out.push_str(rest);
    out
}

/// A parameter of a query, with its value where that may be shown.
fn parameter(pair: &str) -> String {
    match pair.split_once('=') {
        Some((name, value)) if !value.is_empty() && !PARAMETERS.contains(&name) => {
            format!("{name}={GONE}")
        }
        _ => pair.to_owned(),
    }
}

/// Cuts a text before a key in PEM form.
fn keys(text: &str) -> String {
    match text.split_once("-----BEGIN ") {
        Some((before, _)) => format!("{before}{GONE}"),
        None => text.to_owned(),
    }
}

/// Takes out what follows `Basic` and `Bearer`, where it looks like a credential.
fn schemes(text: &str) -> String {
    let mut out = text.to_owned();
    for scheme in SCHEMES {
        let mut from = 0;
        while let Some(at) = out
            .get(from..)
            .and_then(|rest| rest.to_ascii_lowercase().find(scheme))
        {
            let start = from + at + scheme.len();
            let rest = out.get(start..).unwrap_or_default();
            let length = rest
                .find(|c: char| !(c.is_ascii_alphanumeric() || "+/=-_.~".contains(c)))
                .unwrap_or(rest.len());
            from = start;
            // "Basic authentication" is no credential; a word of small letters is a word.
            let word = rest.get(..length).unwrap_or_default();
            if length >= 6 && !is_word(word) {
                out.replace_range(start..start + length, GONE);
                from = start + GONE.len();
            }
        }
    }
    out
}

/// Takes the values of parameters, cookies and fields out whose names say that they are secret.
fn values(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((at, sign)) = separator(rest) {
        let (before, after) = rest.split_at(at);
        let value = after.get(sign.len()..).unwrap_or_default();
        out.push_str(before);
        out.push_str(sign);
        rest = value;
        if !is_secret(before) {
            continue;
        }
        let bare = value.trim_start().trim_start_matches(['"', '\'']);
        let lead = value.len() - bare.len();
        let length = bare
            .find(|c: char| c.is_whitespace() || "&;,\"'<>)}]%".contains(c))
            .unwrap_or(bare.len());
        let (word, tail) = bare.split_at(length);
        // "the token: it was refused" is a sentence.
        let sentence = sign == ":" && value.starts_with(' ') && is_word(word);
        let gone = word.starts_with("[secret") || word.starts_with("[removed");
        if word.is_empty() || sentence || gone {
            continue;
        }
        out.push_str(value.get(..lead).unwrap_or_default());
        out.push_str(GONE);
        rest = tail;
    }
    out.push_str(rest);
    out
}

/// The next sign between a name and its value, and where it is.
fn separator(text: &str) -> Option<(usize, &'static str)> {
    ["=", ":", "%3D", "%3d"]
        .into_iter()
        .filter_map(|sign| Some((text.find(sign)?, sign)))
        .min()
}

/// Whether a text ends in the name of something secret.
fn is_secret(before: &str) -> bool {
    let name = before
        .trim_end_matches(['"', '\'', ' '])
        .rsplit(|c: char| !(c.is_ascii_alphanumeric() || "_-.".contains(c)))
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    // How a signature was made is what support wants to see, and no secret.
    let told = name.contains("base_string") || name.contains("signature_method");
    !told && NAMES.iter().any(|part| name.contains(part))
}

/// Whether this is a word of a sentence rather than a secret.
fn is_word(text: &str) -> bool {
    text.chars()
        .all(|c| c.is_ascii_lowercase() || ".-".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        scrubbed(text, &|text| text.replace("hunter2", "[secret]"))
    }

    #[test]
    fn what_may_be_a_secret_goes() {
        for (text, wanted) in [
            (
                "https://u:p%40@host/x and http://h/",
                "https://[removed]@host/x and http://h/",
            ),
            ("http://a@b:c@host", "http://[removed]@host"),
            (
                "to http://h/p?code=abc&maxAge=0&x#id_token=abc, later",
                "to http://h/p?code=[removed]&maxAge=0&x#[removed] later",
            ),
            ("a hunter2\u{1b}[2J", "a [secret]\\x1b[2J"),
            (
                "Authorization: Basic YWRtaW46cHc= refused",
                "Authorization: Basic [removed] refused",
            ),
            ("bearer AbC123456, x", "bearer [removed], x"),
            ("x?oauth_token=abc&a=1", "x?oauth_token=[removed]&a=1"),
            ("JSESSIONID=0A1B; Path=/", "JSESSIONID=[removed]; Path=/"),
            (
                r#"{"sharedSecret":"s3","id":1}"#,
                r#"{"sharedSecret":"[removed]","id":1}"#,
            ),
            (r#"{"password": "s3"}"#, r#"{"password": "[removed]"}"#),
            ("password: S3cret7 sent", "password: [removed] sent"),
            (
                "oauth_signature_base_string=GET&oauth_token%3Dabc%26x%3D1",
                "oauth_signature_base_string=GET&oauth_token%3D[removed]%26x%3D1",
            ),
            ("key -----BEGIN RSA PRIVATE KEY-----\nMII", "key [removed]"),
        ] {
            assert_eq!(shown(text), wanted);
        }
    }

    #[test]
    fn words_stay() {
        for text in [
            "Basic authentication is switched off",
            "the token: it was refused",
            "http://h/x?token=<5 bytes>&maxAge=0: 200",
            "oauth_problem=timestamp_refused",
            "Zürich: é=ü",
            "https://host:8443/jira",
            "2026-11-24T12:00:00Z",
            "",
        ] {
            assert_eq!(shown(text), text);
        }
    }
}
