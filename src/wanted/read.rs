//! From the text of a file to what it wants. What is wrong is told with its line and column.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr as _;

use serde::Deserialize;
use serde::de::{self, Deserializer, MapAccess, Visitor};
use toml::Spanned;

use super::model::{KeyText, VERSION, Wanted, WantedApplication, WantedConsumer, WantedLink};
use crate::domain::{Alias, BaseUrl, Level, Position, nested_deeper, pair_key, text};
use crate::error::{Error, Result};

/// No file is larger, in bytes.
pub const LARGEST: usize = 16 * 1024 * 1024;
/// Nothing in a file is nested as deeply as this.
const DEEPEST: usize = 16;

/// Reads a file. `name` is what it is called in messages; `variable` looks up an environment
/// variable.
///
/// # Errors
///
/// Wrong usage, with line and column.
pub fn read(name: &str, bytes: &[u8], variable: &dyn Fn(&str) -> Option<String>) -> Result<Wanted> {
    let source = Source { name, bytes };
    if bytes.len() > LARGEST {
        return Err(source.error(None, format!("the file has more than {LARGEST} bytes")));
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|error| source.error(error.valid_up_to(), "the file is not UTF-8 from here on"))?;
    if let Some(at) = nested_deeper(bytes, DEEPEST) {
        return Err(source.error(at, format!("nested more than {DEEPEST} deep")));
    }
    let raw: Raw = match toml::from_str(text) {
        Ok(raw) => raw,
        Err(error) => {
            // A newer file may well have fields that are not known here.
            if let Some(version) = version(text).filter(|version| *version != VERSION) {
                return Err(source.error(None, other_version(version)));
            }
            let at = error.span().map(|span| span.start);
            return Err(source.error(at, text::excerpt(error.message(), 300)));
        }
    };
    let version = *raw.version.get_ref();
    if version != VERSION {
        return Err(source.error(raw.version.span().start, other_version(version)));
    }
    let reader = Reader { source, variable };
    let mut wanted = Wanted::default();
    for (alias, application) in raw.applications {
        let at = alias.span().start;
        let (alias, application) = reader.application(&alias, &application)?;
        if let Some((other, _)) = wanted
            .applications
            .iter()
            .find(|(_, other)| other.url == application.url)
        {
            let message = format!("{alias} and {other} have the same url");
            return Err(reader.source.error(at, message));
        }
        wanted.applications.insert(alias, application);
    }
    let known: BTreeSet<Alias> = wanted.applications.keys().cloned().collect();
    let mut pairs = BTreeSet::new();
    for link in raw.links {
        let at = link.span().start;
        let link = reader.link(link, &known)?;
        let [a, b] = &link.between;
        let (a, b) = pair_key(a, b);
        if !pairs.insert((a.clone(), b.clone())) {
            let message = format!("the link between {a} and {b} is there twice");
            return Err(reader.source.error(at, message));
        }
        wanted.links.push(link);
    }
    for consumer in raw.consumers {
        let at = consumer.span().start;
        let consumer = reader.consumer(consumer, &known)?;
        let twin = wanted.consumers.iter().find(|other| {
            other.on == consumer.on
                && (other.name == consumer.name
                    || (other.url.is_some() && other.url == consumer.url)
                    || (other.key.is_some() && other.key == consumer.key))
        });
        if let Some(twin) = twin {
            let message = if twin.name == consumer.name {
                format!("{:?} on {} is there twice", twin.name, twin.on)
            } else {
                format!(
                    "{:?} and {:?} on {} have the same url or key",
                    twin.name, consumer.name, twin.on
                )
            };
            return Err(reader.source.error(at, message));
        }
        wanted.consumers.push(consumer);
    }
    Ok(wanted)
}

fn other_version(version: i64) -> String {
    if version > VERSION {
        format!("the file is of version {version}, for a newer applink")
    } else {
        format!("there is no version {version}; write version = {VERSION}")
    }
}

fn version(text: &str) -> Option<i64> {
    #[derive(Deserialize)]
    struct Version {
        version: i64,
    }
    toml::from_str::<Version>(text)
        .ok()
        .map(|found| found.version)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    version: Spanned<i64>,
    #[serde(default)]
    applications: BTreeMap<Spanned<String>, RawApplication>,
    #[serde(default)]
    links: Vec<Spanned<RawLink>>,
    #[serde(default)]
    consumers: Vec<Spanned<RawConsumer>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawApplication {
    url: Spanned<String>,
}

/// A value for each of the two applications of a link.
type Each<T> = BTreeMap<Spanned<String>, Spanned<T>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLink {
    between: Spanned<Vec<Spanned<String>>>,
    auth: Option<Spanned<RawAuth>>,
    #[serde(default)]
    names: Each<String>,
    #[serde(default)]
    application_urls: Each<String>,
    #[serde(default)]
    display_urls: Each<String>,
    #[serde(default)]
    primary: Vec<Spanned<String>>,
    one_way: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawConsumer {
    on: Spanned<String>,
    name: Spanned<String>,
    key: Option<Spanned<String>>,
    public_key: Option<Spanned<String>>,
    url: Option<Spanned<String>>,
    callback: Option<Spanned<String>>,
    two_legged: Option<bool>,
    impersonation: Option<bool>,
}

enum RawAuth {
    Both(String),
    Each(BTreeMap<String, String>),
}

// By hand, because an untagged enum answers a wrong word with "did not match any variant".
impl<'de> Deserialize<'de> for RawAuth {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct Form;

        impl<'de> Visitor<'de> for Form {
            type Value = RawAuth;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a level, or a level for each of the two applications")
            }

            fn visit_str<E: de::Error>(self, word: &str) -> std::result::Result<RawAuth, E> {
                Ok(RawAuth::Both(word.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(
                self,
                map: A,
            ) -> std::result::Result<RawAuth, A::Error> {
                BTreeMap::deserialize(de::value::MapAccessDeserializer::new(map)).map(RawAuth::Each)
            }
        }

        deserializer.deserialize_any(Form)
    }
}

/// The text, to say where something is.
#[derive(Clone, Copy)]
struct Source<'a> {
    name: &'a str,
    bytes: &'a [u8],
}

impl Source<'_> {
    fn place(&self, at: usize) -> Position {
        Position::of(self.bytes, at)
    }

    fn error(&self, at: impl Into<Option<usize>>, message: impl fmt::Display) -> Error {
        Error::usage(match at.into() {
            Some(at) => format!("{}:{}: {message}", self.name, self.place(at)),
            None => format!("{}: {message}", self.name),
        })
    }
}

struct Reader<'a> {
    source: Source<'a>,
    variable: &'a dyn Fn(&str) -> Option<String>,
}

impl Reader<'_> {
    fn wrong<T>(&self, value: &Spanned<T>, message: impl fmt::Display) -> Error {
        self.source.error(value.span().start, message)
    }

    fn application(
        &self,
        alias: &Spanned<String>,
        raw: &RawApplication,
    ) -> Result<(Alias, WantedApplication)> {
        let name = Alias::from_str(alias.get_ref()).map_err(|error| self.wrong(alias, error))?;
        let written = self.expanded(&raw.url)?;
        let url = BaseUrl::parse(&written).map_err(|error| self.wrong(&raw.url, error))?;
        let at = self.source.place(alias.span().start);
        Ok((name, WantedApplication { url, at }))
    }

    /// A URL with its variables replaced.
    fn expanded(&self, value: &Spanned<String>) -> Result<String> {
        let mut rest = value.get_ref().as_str();
        let mut done = String::new();
        while let Some((before, after)) = rest.split_once("${") {
            done.push_str(before);
            let (name, after) = after
                .split_once('}')
                .ok_or_else(|| self.wrong(value, "a variable without its end: write ${NAME}"))?;
            let is_name = !name.is_empty()
                && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
                && !name.starts_with(|c: char| c.is_ascii_digit());
            if !is_name {
                return Err(self.wrong(value, "the name of a variable has A-Z, a-z, 0-9 and '_'"));
            }
            let upper = name.to_ascii_uppercase();
            if upper.starts_with("APPLINK_") && !upper.ends_with("_URL") {
                // A URL is shown, stored and sent: no credential may get into one.
                return Err(self.wrong(value, format!("{name} has no place in a URL")));
            }
            let found = (self.variable)(name)
                .filter(|found| !found.is_empty())
                .ok_or_else(|| self.wrong(value, format!("the variable {name} is not set")))?;
            done.push_str(&found);
            rest = after;
        }
        done.push_str(rest);
        Ok(done)
    }

    fn known(&self, value: &Spanned<String>, known: &BTreeSet<Alias>) -> Result<Alias> {
        let alias = Alias::from_str(value.get_ref()).map_err(|error| self.wrong(value, error))?;
        if known.contains(&alias) {
            Ok(alias)
        } else {
            Err(self
                .wrong(value, format!("{alias} is not among the applications"))
                .hint(format!("add it to the file: [applications.{alias}]")))
        }
    }

    fn link(&self, raw: Spanned<RawLink>, known: &BTreeSet<Alias>) -> Result<WantedLink> {
        let at = self.source.place(raw.span().start);
        let raw = raw.into_inner();
        let [a, b] = raw.between.get_ref().as_slice() else {
            return Err(self.wrong(&raw.between, "a link is between two applications"));
        };
        let between = [self.known(a, known)?, self.known(b, known)?];
        let [one, other] = &between;
        if one == other {
            return Err(self.wrong(b, format!("{one} cannot be linked to itself")));
        }
        let side = |value: &Spanned<String>| {
            let found = between.iter().find(|side| side.as_str() == value.get_ref());
            found.cloned().ok_or_else(|| {
                self.wrong(
                    value,
                    format!("{:?} is not one of {one} and {other}", value.get_ref()),
                )
            })
        };
        let one_way = raw.one_way.as_ref().map(side).transpose()?;
        // Of a record that there is not, nothing can be said.
        let holder = |value: &Spanned<String>| {
            let side = side(value)?;
            match &one_way {
                Some(holder) if *holder != side => Err(self.wrong(
                    value,
                    format!("{holder} holds the only record of this link, and {side} has none"),
                )),
                _ => Ok(side),
            }
        };
        let auth = match (raw.auth, &one_way) {
            (None, _) => BTreeMap::new(),
            (Some(auth), Some(_)) => {
                return Err(self.wrong(
                    &auth,
                    "a one-way link has no authentication: leave out auth or one_way",
                ));
            }
            (Some(auth), None) => self.auth(&auth, &between)?,
        };
        let mut names = BTreeMap::new();
        for (alias, name) in &raw.names {
            names.insert(holder(alias)?, self.name(name)?);
        }
        let urls = |each: &Each<String>| -> Result<BTreeMap<Alias, BaseUrl>> {
            each.iter()
                .map(|(alias, url)| Ok((holder(alias)?, self.url(url)?)))
                .collect()
        };
        let primary = raw.primary.iter().map(holder).collect::<Result<_>>()?;
        Ok(WantedLink {
            auth,
            names,
            application_urls: urls(&raw.application_urls)?,
            display_urls: urls(&raw.display_urls)?,
            primary,
            one_way,
            between,
            at,
        })
    }

    fn auth(
        &self,
        auth: &Spanned<RawAuth>,
        between: &[Alias; 2],
    ) -> Result<BTreeMap<Alias, Level>> {
        let level = |word: &str| match word {
            "none" => Ok(Level::None),
            "oauth" => Ok(Level::OAuth),
            "impersonation" => Ok(Level::Impersonation),
            _ => Err(self.wrong(
                auth,
                format!("the level {word:?} is none of none, oauth, impersonation"),
            )),
        };
        match auth.get_ref() {
            RawAuth::Both(word) => {
                let level = level(word)?;
                Ok(between.iter().map(|side| (side.clone(), level)).collect())
            }
            RawAuth::Each(each) => each
                .iter()
                .map(|(alias, word)| {
                    let side = between.iter().find(|side| side.as_str() == alias);
                    let side = side.ok_or_else(|| {
                        let [one, other] = between;
                        self.wrong(auth, format!("{alias:?} is not one of {one} and {other}"))
                    })?;
                    Ok((side.clone(), level(word)?))
                })
                .collect(),
        }
    }

    fn name(&self, value: &Spanned<String>) -> Result<String> {
        let name = value.get_ref();
        if name.trim().is_empty() {
            Err(self.wrong(value, "a name cannot be empty"))
        } else if name.trim() != name {
            Err(self.wrong(value, "a name has no blank at an end"))
        } else if name.chars().count() > 255 {
            Err(self.wrong(value, "a name has at most 255 characters"))
        } else if name.chars().any(char::is_control) {
            Err(self.wrong(value, "a name has no control characters"))
        } else {
            Ok(name.clone())
        }
    }

    /// A URL in which no variable stands: those are for the applications' own.
    fn url(&self, value: &Spanned<String>) -> Result<BaseUrl> {
        if value.get_ref().contains("${") {
            return Err(self.wrong(value, "variables are for the url of an application"));
        }
        BaseUrl::parse(value.get_ref()).map_err(|error| self.wrong(value, error))
    }

    fn consumer(
        &self,
        raw: Spanned<RawConsumer>,
        known: &BTreeSet<Alias>,
    ) -> Result<WantedConsumer> {
        let at = self.source.place(raw.span().start);
        let place = raw.span().start;
        let raw = raw.into_inner();
        if raw.impersonation == Some(true) && raw.two_legged == Some(false) {
            let message = "what calls as any user calls as itself too: two_legged cannot be false";
            return Err(self.source.error(place, message));
        }
        let key = raw.key.as_ref().map(|key| {
            let text = key.get_ref();
            if text.is_empty() || text.trim() != text || text.chars().any(char::is_control) {
                let message = "a consumer key is not empty and has no blank at an end";
                return Err(self.wrong(key, message));
            }
            Ok(text.clone())
        });
        let callback = raw.callback.as_ref().map(|callback| -> Result<String> {
            self.url(callback)?;
            Ok(callback.get_ref().clone())
        });
        Ok(WantedConsumer {
            on: self.known(&raw.on, known)?,
            name: self.name(&raw.name)?,
            key: key.transpose()?,
            public_key: raw
                .public_key
                .as_ref()
                .map(|key| self.key_text(key))
                .transpose()?,
            url: raw.url.as_ref().map(|url| self.url(url)).transpose()?,
            callback: callback.transpose()?,
            two_legged: raw.two_legged,
            impersonation: raw.impersonation,
            at,
        })
    }

    fn key_text(&self, value: &Spanned<String>) -> Result<KeyText> {
        let text = value.get_ref();
        if text.contains("PRIVATE KEY") {
            return Err(self.wrong(value, "this is a private key, which has no place here"));
        }
        if text.contains("-----BEGIN") {
            return Ok(KeyText::Inline(text.clone()));
        }
        if text.is_empty() || text.chars().any(char::is_control) {
            return Err(self.wrong(value, "neither the path of a file nor a public key in PEM"));
        }
        Ok(KeyText::File(PathBuf::from(text)))
    }
}

#[cfg(test)]
#[path = "read_tests.rs"]
mod tests;
