//! Writes the text of a plan file.
//!
//! Text from applications stands only inside of strings and comments that it cannot break out of.

use std::fmt::Write as _;

use super::model::{DesiredConsumer, DesiredLink, DesiredState, PublicKeySource, VERSION};
use crate::domain::Alias;
use crate::domain::text::{excerpt, is_pasteable};

/// A part of the file below its applications: what is wanted, with remarks before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileEntry {
    /// A link.
    Link(DesiredLink, Vec<Comment>),
    /// A consumer.
    Consumer(DesiredConsumer, Vec<Comment>),
    /// Something that a file cannot say.
    Unsupported(Comment),
}

/// One line of a comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment(pub String);

/// The text of a file. Only the applications of `wanted` are used; the rest are the entries.
pub fn write(wanted: &DesiredState, entries: &[FileEntry]) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "version = {VERSION}");
    for (alias, application) in &wanted.applications {
        let _ = writeln!(out, "\n[applications.{alias}]");
        let _ = writeln!(out, "url = {}", quoted(&application.url.to_string()));
    }
    for entry in entries {
        out.push('\n');
        match entry {
            FileEntry::Link(link, remarks) => {
                comments(&mut out, remarks);
                write_link(&mut out, link);
            }
            FileEntry::Consumer(consumer, remarks) => {
                comments(&mut out, remarks);
                write_consumer(&mut out, consumer);
            }
            FileEntry::Unsupported(remark) => comments(&mut out, std::slice::from_ref(remark)),
        }
    }
    out
}

fn comments(out: &mut String, remarks: &[Comment]) {
    for Comment(text) in remarks {
        let _ = writeln!(out, "# {}", excerpt(text, 1000));
    }
}

fn write_link(out: &mut String, link: &DesiredLink) {
    let [a, b] = &link.between;
    let _ = writeln!(out, "[[links]]");
    let _ = writeln!(
        out,
        "between = [{}, {}]",
        quoted(a.as_str()),
        quoted(b.as_str())
    );
    if let Some(holder) = &link.one_way {
        let _ = writeln!(out, "one_way = {}", quoted(holder.as_str()));
    }
    match (link.auth.get(a), link.auth.get(b)) {
        (Some(one), Some(other)) if one == other => {
            let _ = writeln!(out, "auth = {}", quoted(one.as_str()));
        }
        _ => each(out, "auth", link, |side| {
            link.auth.get(side).map(|level| level.as_str().to_owned())
        }),
    }
    each(out, "names", link, |side| link.names.get(side).cloned());
    each(out, "application_urls", link, |side| {
        link.application_urls.get(side).map(ToString::to_string)
    });
    each(out, "display_urls", link, |side| {
        link.display_urls.get(side).map(ToString::to_string)
    });
    if !link.primary.is_empty() {
        let primary: Vec<String> = link
            .primary
            .iter()
            .map(|side| quoted(side.as_str()))
            .collect();
        let _ = writeln!(out, "primary = [{}]", primary.join(", "));
    }
}

/// An inline table with a value for each end that has one.
fn each(
    out: &mut String,
    field: &str,
    link: &DesiredLink,
    value: impl Fn(&Alias) -> Option<String>,
) {
    let pairs: Vec<String> = link
        .between
        .iter()
        .filter_map(|side| Some(format!("{side} = {}", quoted(&value(side)?))))
        .collect();
    if !pairs.is_empty() {
        let _ = writeln!(out, "{field} = {{ {} }}", pairs.join(", "));
    }
}

fn write_consumer(out: &mut String, consumer: &DesiredConsumer) {
    let mut line = |field: &str, value: Option<String>| {
        if let Some(value) = value {
            let _ = writeln!(out, "{field} = {value}");
        }
    };
    line("[[consumers]]\non", Some(quoted(consumer.on.as_str())));
    line("name", Some(quoted(&consumer.name)));
    line("key", consumer.key.as_deref().map(quoted));
    line(
        "url",
        consumer.url.as_ref().map(|url| quoted(&url.to_string())),
    );
    line("callback", consumer.callback.as_deref().map(quoted));
    line(
        "two_legged",
        consumer.two_legged.map(|flag| flag.to_string()),
    );
    line(
        "impersonation",
        consumer.impersonation.map(|flag| flag.to_string()),
    );
    line(
        "public_key",
        consumer.public_key.as_ref().map(|key| match key {
            // Base64 and dashes: nothing in it needs an escape.
            PublicKeySource::Inline(pem) if pem.chars().all(is_pem) => {
                format!("\"\"\"\n{pem}\"\"\"")
            }
            PublicKeySource::Inline(text) => quoted(text),
            PublicKeySource::File(path) => quoted(&path.display().to_string()),
        }),
    );
}

fn is_pem(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=' | '-' | ' ' | '\n')
}

/// A basic string of TOML. What a terminal would not show as what it is, is an escape.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if is_pasteable(c.encode_utf8(&mut [0; 4])) => out.push(c),
            c if u32::from(c) <= 0xffff => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => {
                let _ = write!(out, "\\U{:08X}", u32::from(c));
            }
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
#[path = "write_tests.rs"]
mod tests;
