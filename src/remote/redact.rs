//! The allow-list of what a log may show of requests and answers.

use serde_json::Value;

use crate::domain::text;

/// Headers whose value may be shown.
const HEADERS: &[&str] = &[
    "accept",
    "content-length",
    "content-type",
    "date",
    "location",
    "retry-after",
    "server",
    "user-agent",
    "x-atlassian-token",
    "x-ausername",
    "x-authentication-denied-reason",
    "x-seraph-loginreason",
];

/// Fields of JSON bodies whose value may be shown.
const FIELDS: &[&str] = &[
    "applicationLinks",
    "applicationVersion",
    "applinksVersion",
    "buildNumber",
    "capabilities",
    "category",
    "config",
    "context",
    "displayUrl",
    "enabled",
    "error",
    "errors",
    "fields",
    "href",
    "id",
    "incoming",
    "isPrimary",
    "isSystem",
    "link",
    "list",
    "localAuthentication",
    "major",
    "message",
    "minor",
    "name",
    "outgoing",
    "primary",
    "provider",
    "rel",
    "remoteAuthentication",
    "resources-created",
    "resources-updated",
    "rpcUrl",
    "status",
    "status-code",
    "summary",
    "system",
    "twoLOAllowed",
    "twoLOImpersonationAllowed",
    "twoLoEnabled",
    "twoLoImpersonationEnabled",
    "type",
    "typeId",
    "url",
    "version",
    "versionString",
    "working",
];

/// A header's value, if it may be shown; else its length.
pub fn header(name: &str, value: &[u8]) -> String {
    if HEADERS.contains(&name.to_ascii_lowercase().as_str()) {
        text::excerpt(&without_user(&String::from_utf8_lossy(value)), 200)
    } else {
        format!("<{} bytes>", value.len())
    }
}

/// What is longer is not read for a log, of which little would be shown.
const LONGEST: usize = 256 * 1024;

/// A body: JSON with only the allowed fields, anything else as its length.
pub fn body(bytes: &[u8]) -> String {
    if bytes.len() > LONGEST {
        return format!("<{} bytes>", bytes.len());
    }
    match serde_json::from_slice::<Value>(bytes) {
        Ok(value) => text::excerpt(&filter(value).to_string(), 2_000),
        Err(_) => format!("<{} bytes>", bytes.len()),
    }
}

/// A URL without the user and the password in it.
pub fn without_user(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("//") else {
        return text.to_owned();
    };
    let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    match authority.rsplit_once('@') {
        Some((_, host)) => format!("{scheme}//…@{host}{path}"),
        None => text.to_owned(),
    }
}

/// A URL without what its query says, but for the names of the parameters.
pub fn url(text: &str) -> String {
    let text = without_user(text);
    let Some((path, query)) = text.split_once('?') else {
        return text;
    };
    let shown: Vec<String> = query
        .split('&')
        .map(|pair| match pair.split_once('=') {
            Some((
                "maxAge" | "nowarning" | "data" | "reciprocate" | "newUrl" | "url"
                | "autoConfigure",
                _,
            )) => pair.to_owned(),
            Some((name, value)) => format!("{name}=<{} bytes>", value.len()),
            None => format!("<{} bytes>", pair.len()),
        })
        .collect();
    format!("{path}?{}", shown.join("&"))
}

fn filter(value: Value) -> Value {
    match value {
        Value::Object(map) => Value::Object(
            map.into_iter()
                .map(|(key, value)| {
                    if FIELDS.contains(&key.as_str()) {
                        (key, filter(value))
                    } else {
                        let size = value.to_string().len();
                        (key, Value::String(format!("<{size} bytes>")))
                    }
                })
                .collect(),
        ),
        Value::Array(items) => Value::Array(items.into_iter().map(filter).collect()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_allowed_is_shown() {
        assert_eq!(header("Authorization", b"Basic YWRtaW46cHc="), "<18 bytes>");
        assert_eq!(header("Set-Cookie", b"JSESSIONID=1"), "<12 bytes>");
        assert_eq!(header("Content-Type", b"text/html"), "text/html");
        assert_eq!(
            body(br#"{"name":"Jira","sharedSecret":"s","link":[{"href":"x"}]}"#),
            r#"{"name":"Jira","sharedSecret":"<3 bytes>","link":[{"href":"x"}]}"#
        );
        assert_eq!(body(b"<html>secret"), "<12 bytes>");
        assert_eq!(url("http://u:p@w@h:1/x@y"), "http://…@h:1/x@y");
        assert_eq!(header("Location", b"//u:p@h?a@b"), "//…@h?a@b");
        assert_eq!(without_user("http://h/a@b"), "http://h/a@b");
        assert_eq!(
            url("http://h/x?maxAge=0&al_password=pw"),
            "http://h/x?maxAge=0&al_password=<2 bytes>"
        );
    }
}
