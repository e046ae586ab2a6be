//! Reads the text of a plan file. Each error has its line and column.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use serde::Deserialize;
use toml::Spanned;

use super::model::{
    DesiredApplication, DesiredConsumer, DesiredLink, DesiredState, PublicKeySource, VERSION,
};
use super::raw::{Each, RawApplication, RawAuth, RawConsumer, RawFile, RawLink};
use crate::domain::{
    Alias, BaseUrl, CallbackUrl, ConsumerKey, Level, Name, Position, nested_deeper, pair_key, text,
};
use crate::error::{Error, Result};

/// No file is larger, in bytes.
pub const MAX_SIZE: usize = 16 * 1024 * 1024;
/// Nothing in a file is nested as deeply as this.
const MAX_DEPTH: usize = 16;

/// Reads a file. `name` is what it is called in messages; `variable` looks up an environment
/// variable.
///
/// # Errors
///
/// Wrong usage, with line and column.
pub fn read(
    name: &str,
    bytes: &[u8],
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<DesiredState> {
    let source = Source { name, bytes };
    if bytes.len() > MAX_SIZE {
        return Err(source.error(None, format!("the file has more than {MAX_SIZE} bytes")));
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|error| source.error(error.valid_up_to(), "the file is not UTF-8 from here on"))?;
    if let Some(at) = nested_deeper(bytes, MAX_DEPTH) {
        return Err(source.error(at, format!("nested more than {MAX_DEPTH} deep")));
    }
    let raw: RawFile = match toml::from_str(text) {
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
    Reader { source, variable }.file(raw)
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
    fn error_at<T>(&self, value: &Spanned<T>, message: impl fmt::Display) -> Error {
        self.source.error(value.span().start, message)
    }

    fn file(&self, raw: RawFile) -> Result<DesiredState> {
        let mut wanted = DesiredState::default();
        for (alias, application) in raw.applications {
            let at = alias.span().start;
            let (alias, application) = self.application(&alias, &application)?;
            let twin = wanted
                .applications
                .iter()
                .find(|(_, other)| other.url == application.url);
            if let Some((twin, _)) = twin {
                let message = format!("{alias} and {twin} have the same url");
                return Err(self.source.error(at, message));
            }
            wanted.applications.insert(alias, application);
        }
        let known: BTreeSet<Alias> = wanted.applications.keys().cloned().collect();
        let mut pairs = BTreeSet::new();
        for link in raw.links {
            let at = link.span().start;
            let link = self.link(link, &known)?;
            let [a, b] = &link.between;
            let (a, b) = pair_key(a, b);
            if !pairs.insert((a.clone(), b.clone())) {
                let message = format!("the link between {a} and {b} is there twice");
                return Err(self.source.error(at, message));
            }
            wanted.links.push(link);
        }
        for consumer in raw.consumers {
            let at = consumer.span().start;
            let consumer = self.consumer(consumer, &known)?;
            if let Some(message) = twin_of(&consumer, &wanted.consumers) {
                return Err(self.source.error(at, message));
            }
            wanted.consumers.push(consumer);
        }
        Ok(wanted)
    }

    fn application(
        &self,
        alias: &Spanned<String>,
        raw: &RawApplication,
    ) -> Result<(Alias, DesiredApplication)> {
        let name = Alias::from_str(alias.get_ref()).map_err(|error| self.error_at(alias, error))?;
        let written = self.expanded(&raw.url)?;
        let url = BaseUrl::parse(&written).map_err(|error| self.error_at(&raw.url, error))?;
        let at = self.source.place(alias.span().start);
        Ok((name, DesiredApplication { url, at }))
    }

    /// A URL with its variables replaced.
    fn expanded(&self, value: &Spanned<String>) -> Result<String> {
        let mut rest = value.get_ref().as_str();
        let mut done = String::new();
        while let Some((before, after)) = rest.split_once("${") {
            done.push_str(before);
            let (name, after) = after
                .split_once('}')
                .ok_or_else(|| self.error_at(value, "a variable without its end: write ${NAME}"))?;
            let is_name = !name.is_empty()
                && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
                && !name.starts_with(|c: char| c.is_ascii_digit());
            if !is_name {
                return Err(
                    self.error_at(value, "the name of a variable has A-Z, a-z, 0-9 and '_'")
                );
            }
            let upper = name.to_ascii_uppercase();
            if upper.starts_with("APPLINK_") && !upper.ends_with("_URL") {
                // A URL is shown, stored and sent: no credential may get into one.
                return Err(self.error_at(value, format!("{name} has no place in a URL")));
            }
            let found = (self.variable)(name)
                .filter(|found| !found.is_empty())
                .ok_or_else(|| self.error_at(value, format!("the variable {name} is not set")))?;
            done.push_str(&found);
            rest = after;
        }
        done.push_str(rest);
        Ok(done)
    }

    fn known(&self, value: &Spanned<String>, known: &BTreeSet<Alias>) -> Result<Alias> {
        let alias =
            Alias::from_str(value.get_ref()).map_err(|error| self.error_at(value, error))?;
        if known.contains(&alias) {
            Ok(alias)
        } else {
            Err(self
                .error_at(value, format!("{alias} is not among the applications"))
                .hint(format!("add it to the file: [applications.{alias}]")))
        }
    }

    fn link(&self, raw: Spanned<RawLink>, known: &BTreeSet<Alias>) -> Result<DesiredLink> {
        let at = self.source.place(raw.span().start);
        let raw = raw.into_inner();
        let [a, b] = raw.between.get_ref().as_slice() else {
            return Err(self.error_at(&raw.between, "a link is between two applications"));
        };
        let between = [self.known(a, known)?, self.known(b, known)?];
        let [one, other] = &between;
        if one == other {
            return Err(self.error_at(b, format!("{one} cannot be linked to itself")));
        }
        let side = |value: &Spanned<String>| {
            let found = between.iter().find(|side| side.as_str() == value.get_ref());
            found.cloned().ok_or_else(|| {
                self.error_at(
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
                Some(holder) if *holder != side => Err(self.error_at(
                    value,
                    format!("{holder} holds the only record of this link, and {side} has none"),
                )),
                _ => Ok(side),
            }
        };
        let auth = match raw.auth {
            Some(auth) => self.auth(&auth, &between, one_way.as_ref())?,
            None => BTreeMap::new(),
        };
        let mut names = BTreeMap::new();
        for (alias, name) in &raw.names {
            names.insert(holder(alias)?, self.text::<Name>(name)?);
        }
        let urls = |each: &Each<String>| -> Result<BTreeMap<Alias, BaseUrl>> {
            each.iter()
                .map(|(alias, url)| Ok((holder(alias)?, self.url(url)?)))
                .collect()
        };
        let primary = raw.primary.iter().map(holder).collect::<Result<_>>()?;
        Ok(DesiredLink {
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
        one_way: Option<&Alias>,
    ) -> Result<BTreeMap<Alias, Level>> {
        if one_way.is_some() {
            return Err(self.error_at(
                auth,
                "a one-way link has no authentication: leave out auth or one_way",
            ));
        }
        let level = |word: &str| match word {
            "none" => Ok(Level::None),
            "oauth" => Ok(Level::OAuth),
            "impersonation" => Ok(Level::Impersonation),
            _ => Err(self.error_at(
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
                        self.error_at(auth, format!("{alias:?} is not one of {one} and {other}"))
                    })?;
                    Ok((side.clone(), level(word)?))
                })
                .collect(),
        }
    }

    /// A text that is a name or a consumer key.
    fn text<T>(&self, value: &Spanned<String>) -> Result<String>
    where
        T: FromStr + Into<String>,
        T::Err: fmt::Display,
    {
        let parsed = value.get_ref().parse::<T>();
        parsed
            .map(Into::into)
            .map_err(|error| self.error_at(value, error))
    }

    /// A URL in which no variable stands: those are for the applications' own.
    fn url(&self, value: &Spanned<String>) -> Result<BaseUrl> {
        if value.get_ref().contains("${") {
            return Err(self.error_at(value, "variables are for the url of an application"));
        }
        BaseUrl::parse(value.get_ref()).map_err(|error| self.error_at(value, error))
    }

    fn callback(&self, value: &Spanned<String>) -> Result<String> {
        let text = value.get_ref();
        if text.contains("${") {
            return Err(self.error_at(value, "variables are for the url of an application"));
        }
        let url: CallbackUrl = text.parse().map_err(|error| self.error_at(value, error))?;
        Ok(url.to_string())
    }

    fn consumer(
        &self,
        raw: Spanned<RawConsumer>,
        known: &BTreeSet<Alias>,
    ) -> Result<DesiredConsumer> {
        let at = self.source.place(raw.span().start);
        let place = raw.span().start;
        let raw = raw.into_inner();
        if raw.impersonation == Some(true) && raw.two_legged == Some(false) {
            let message = "what calls as any user calls as itself too: two_legged cannot be false";
            return Err(self.source.error(place, message));
        }
        let callback = raw
            .callback
            .as_ref()
            .map(|callback| self.callback(callback));
        Ok(DesiredConsumer {
            on: self.known(&raw.on, known)?,
            name: self.text::<Name>(&raw.name)?,
            key: raw
                .key
                .as_ref()
                .map(|key| self.text::<ConsumerKey>(key))
                .transpose()?,
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

    fn key_text(&self, value: &Spanned<String>) -> Result<PublicKeySource> {
        let text = value.get_ref();
        if text.contains("PRIVATE KEY") {
            return Err(self.error_at(value, "this is a private key, which has no place here"));
        }
        if text.contains("-----BEGIN") {
            return Ok(PublicKeySource::Inline(text.clone()));
        }
        if text.is_empty() || text.chars().any(char::is_control) {
            return Err(self.error_at(value, "neither the path of a file nor a public key in PEM"));
        }
        Ok(PublicKeySource::File(PathBuf::from(text)))
    }
}

/// Why a consumer cannot stand beside the others of the file.
fn twin_of(consumer: &DesiredConsumer, others: &[DesiredConsumer]) -> Option<String> {
    let twin = others.iter().find(|other| {
        other.on == consumer.on
            && (other.name == consumer.name
                || (other.url.is_some() && other.url == consumer.url)
                || (other.key.is_some() && other.key == consumer.key))
    })?;
    Some(if twin.name == consumer.name {
        format!("{:?} on {} is there twice", twin.name, twin.on)
    } else {
        format!(
            "{:?} and {:?} on {} have the same url or key",
            twin.name, consumer.name, twin.on
        )
    })
}

#[cfg(test)]
#[path = "read_tests.rs"]
mod tests;
