//! Each rule of where a secret may come from, and that none of them lets one out.

#![expect(clippy::unwrap_used, reason = "a test may fail that way")]

mod sources;

use std::collections::HashMap;
use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::OsStringExt as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::keyring::tests::Memory;
use super::*;
use crate::domain::{Alias, BaseUrl};
use crate::error::{Error, Kind};

/// Every secret of these tests begins with it, and nothing else does.
const MARKER: &str = "c4nary";

#[derive(Default)]
struct Variables(HashMap<String, OsString>);

impl Environment for Variables {
    fn var(&self, name: &str) -> Option<OsString> {
        self.0.get(name).cloned()
    }
}

/// Answers in turn, or cannot be asked at all.
#[derive(Default)]
struct Person {
    answers: Mutex<Vec<&'static str>>,
    asked: Mutex<Vec<String>>,
    absent: bool,
}

impl Person {
    fn answer(&self, question: &str) -> Result<String, Error> {
        self.asked.lock().unwrap().push(question.to_owned());
        let mut answers = self.answers.lock().unwrap();
        if answers.is_empty() {
            return Err(Error::usage("interrupted"));
        }
        Ok(answers.remove(0).to_owned())
    }
}

impl Asker for Person {
    fn can_ask(&self) -> bool {
        !self.absent
    }

    fn ask_text(&self, question: &str) -> Result<String, Error> {
        self.answer(question)
    }

    fn ask_secret(&self, question: &str) -> Result<Secret, Error> {
        let answer = self.answer(question)?;
        Secret::new(answer).map_err(|error| Error::usage(error.to_string()))
    }
}

struct World {
    home: TempDir,
    person: Arc<Person>,
    memory: Arc<Memory>,
    resolver: Resolver,
    alias: Alias,
    url: BaseUrl,
}

impl World {
    /// Nobody to ask.
    fn new(variables: &[(&str, &str)]) -> Self {
        let person = Person {
            absent: true,
            ..Person::default()
        };
        Self::build(variables, person)
    }

    fn asking(variables: &[(&str, &str)], answers: &[&'static str]) -> Self {
        let person = Person {
            answers: Mutex::new(answers.to_vec()),
            ..Person::default()
        };
        Self::build(variables, person)
    }

    fn build(variables: &[(&str, &str)], person: Person) -> Self {
        let pair = |(name, text): &(&str, &str)| ((*name).to_owned(), OsString::from(*text));
        let home = tempfile::tempdir().unwrap();
        let person = Arc::new(person);
        let memory = Arc::new(Memory::default());
        let environment = Variables(variables.iter().map(pair).collect());
        Self {
            resolver: Resolver::new(
                Arc::new(environment),
                Arc::clone(&person) as Arc<dyn Asker>,
                home.path(),
                Redactor::new(),
            )
            .with_keyring(BoundedKeyring::new(Arc::clone(&memory) as Arc<dyn Keyring>)),
            memory,
            home,
            person,
            alias: "wiki-prod".parse().unwrap(),
            url: BaseUrl::parse("https://wiki.example.com/x").unwrap(),
        }
    }

    fn find_as(
        &self,
        naming: AliasOrigin,
        user: Option<&str>,
        source: Option<&str>,
    ) -> Result<String, Error> {
        let source: Option<CredentialSource> = source.map(|source| source.parse().unwrap());
        let request = CredentialRequest {
            alias: &self.alias,
            url: &self.url,
            user,
            source: source.as_ref(),
            naming,
        };
        let found = self.resolver.resolve(&request);
        // Whatever comes of it, nothing that can be shown holds a secret.
        let shown = format!("{found:?} {:?}", self.resolver);
        assert!(!shown.contains(MARKER), "{shown}");
        found.map(|credential| {
            let header = credential.authorization();
            let text = format!("{} {}", *header, credential.secret().expose());
            let masked = self.resolver.redactor().mask(&text);
            assert!(!masked.contains(MARKER), "{masked}");
            match credential {
                Credential::Basic { user, password } => format!("{user}:{}", password.expose()),
                Credential::Bearer { token } => token.expose().to_owned(),
            }
        })
    }

    fn find(&self, user: Option<&str>, source: Option<&str>) -> Result<String, Error> {
        self.find_as(AliasOrigin::Given, user, source)
    }

    /// The error, which is of kind auth, as one text.
    fn refusal(&self, user: Option<&str>, source: Option<&str>) -> String {
        let error = self.find(user, source).unwrap_err();
        assert_eq!(error.kind, Kind::Auth, "{error}");
        assert!(error.message.starts_with("wiki-prod"), "{error}");
        format!("{} | {}", error.message, error.hints.join(" | "))
    }

    fn file(&self, name: &str, bytes: impl AsRef<[u8]>, mode: u32) {
        let path = self.home.path().join(name);
        fs::write(&path, bytes).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    }

    fn asked(&self) -> Vec<String> {
        self.person.asked.lock().unwrap().clone()
    }
}

#[test]
fn a_recorded_source_goes_before_everything() {
    let world = World::asking(
        &[
            ("MY_PW", "c4nary-1"),
            ("APPLINK_WIKI_PROD_TOKEN", "c4nary-2"),
        ],
        &["c4nary-3"],
    );
    let with_user = world.find(Some("jane"), Some("env:MY_PW"));
    assert_eq!(with_user.unwrap(), "jane:c4nary-1");
    let without = world.find(None, Some("env:MY_PW"));
    assert_eq!(without.unwrap(), "c4nary-1");
    assert!(world.asked().is_empty());
}

#[test]
fn then_the_variables_of_the_alias_a_token_first() {
    let token = ("APPLINK_WIKI_PROD_TOKEN", "c4nary-t");
    let user = ("APPLINK_WIKI_PROD_USER", "bot");
    let password = ("APPLINK_WIKI_PROD_PASSWORD", "c4nary-p\r\n");
    let found = |variables: &[_], recorded| World::new(variables).find(recorded, None).unwrap();
    assert_eq!(found(&[token, user, password], Some("jane")), "c4nary-t");
    assert_eq!(found(&[user, password], Some("jane")), "bot:c4nary-p");
    assert_eq!(found(&[password], Some("jane")), "jane:c4nary-p");
    let empty = ("APPLINK_WIKI_PROD_TOKEN", "");
    assert_eq!(found(&[empty, user, password], None), "bot:c4nary-p");
    // A password alone belongs to nobody.
    World::new(&[password]).refusal(None, None);
    World::new(&[user]).refusal(None, None);
}

#[test]
fn then_a_person() {
    let world = World::asking(&[], &["jane", "c4nary-1", "", "c4nary-2", "c4nary-3"]);
    assert_eq!(world.find(None, None).unwrap(), "jane:c4nary-1");
    // Once a run, until it proves wrong.
    assert_eq!(world.find(None, None).unwrap(), "jane:c4nary-1");
    world.resolver.forget_typed(&world.alias);
    assert_eq!(world.find(None, None).unwrap(), "c4nary-2");
    assert_eq!(world.find(Some("ops"), None).unwrap(), "ops:c4nary-3");
    let asked = world.asked();
    assert_eq!(asked.len(), 5);
    for question in &asked {
        let named =
            question.contains("wiki-prod") && question.contains("https://wiki.example.com/x");
        assert!(named, "{question}");
    }
    world.resolver.forget_typed(&world.alias);
    let gone = world.find(None, None).unwrap_err();
    assert_eq!(gone.message, "interrupted");

    let world = World::asking(
        &[("APPLINK_WIKI_PROD_USER", "bot")],
        &["c4nary-1", "c4nary-2", "c4nary-3"],
    );
    assert_eq!(world.find(None, None).unwrap(), "bot:c4nary-1");
    assert_eq!(world.find(None, Some("prompt")).unwrap(), "c4nary-2");
    let prompted = world.find(Some("jane"), Some("prompt"));
    assert_eq!(prompted.unwrap(), "jane:c4nary-3");
}

#[test]
fn where_nobody_can_be_asked_the_error_names_what_would_answer() {
    let error = World::new(&[]).refusal(None, None);
    for name in [
        "APPLINK_WIKI_PROD_TOKEN",
        "APPLINK_WIKI_PROD_USER",
        "APPLINK_WIKI_PROD_PASSWORD",
        "--credential",
    ] {
        assert!(error.contains(name), "{error}");
    }
    let error = World::new(&[]).refusal(Some("jane"), None);
    assert!(error.contains("no password for jane"), "{error}");
    let error = World::new(&[]).refusal(None, Some("prompt"));
    assert!(error.contains("--no-input"), "{error}");
    let error = World::asking(&[], &[]).refusal(None, Some("keyring"));
    assert!(error.contains("applink app login wiki-prod"), "{error}");
}

#[test]
fn the_keyring_belongs_to_address_and_account() {
    let world = World::new(&[]);
    let keep = |url: &str, user: Option<&str>, secret: &str| {
        let url = BaseUrl::parse(url).unwrap();
        let secret = Secret::new(secret).unwrap();
        let credential = Credential::new(user, secret).unwrap();
        world.resolver.store_in_keyring(&url, &credential).unwrap();
    };
    keep("https://wiki.example.com/x", Some("jane"), "c4nary-jane");
    keep("https://wiki.example.com/x", None, "c4nary-token");
    keep("https://wiki.example.com/y", Some("admin"), "c4nary-other");
    for recorded in [None, Some("keyring")] {
        let find = |user| world.find_as(AliasOrigin::Given, user, recorded);
        assert!(find(Some("jane")).unwrap().contains("c4nary-jane"));
        assert!(find(None).unwrap().contains("c4nary-token"));
        // That account is kept for another address.
        let error = find(Some("admin")).unwrap_err();
        assert!(!format!("{error:?}").contains(MARKER));
    }
    assert_eq!(world.memory.secrets.lock().unwrap().len(), 3);
    assert!(
        world
            .resolver
            .delete_from_keyring(&world.url, Some("jane"))
            .unwrap()
    );
    let found = world.find_as(AliasOrigin::Given, Some("jane"), Some("keyring"));
    assert!(found.is_err());
}

#[test]
fn variables_that_hold_no_secret() {
    let world = World::new(&[
        ("EMPTY", ""),
        ("SPLIT", "c4nary\r\nX-Evil: 1"),
        ("SPACED", "c4nary two"),
        ("LINE", "\n"),
    ]);
    let error = |source| world.refusal(Some("jane"), Some(source));
    assert!(error("env:GONE").contains("GONE is not set"));
    assert!(error("env:EMPTY").contains("EMPTY is empty"));
    assert!(error("env:SPLIT").contains("control character"));
    assert!(error("env:LINE").contains("empty"));
    assert_eq!(
        world.find(Some("jane"), Some("env:SPACED")).unwrap(),
        "jane:c4nary two"
    );
    let token = world.refusal(None, Some("env:SPACED"));
    assert!(token.contains("no token has"), "{token}");
    let user = world.refusal(Some("a:b"), Some("env:SPACED"));
    assert!(user.contains("user name"), "{user}");

    let mut odd = Variables::default();
    let bytes = OsString::from_vec(b"c4nary\xff".to_vec());
    odd.0.insert("ODD".to_owned(), bytes);
    let mut world = World::new(&[]);
    world.resolver = Resolver::new(
        Arc::new(odd),
        Arc::clone(&world.person) as Arc<dyn Asker>,
        world.home.path(),
        Redactor::new(),
    );
    assert!(world.refusal(None, Some("env:ODD")).contains("not UTF-8"));
}

#[test]
fn a_pinned_url_is_the_only_place_for_a_secret() {
    let pinned = |pin| {
        World::new(&[
            ("APPLINK_WIKI_PROD_URL", pin),
            ("APPLINK_WIKI_PROD_TOKEN", "c4nary-t"),
            ("MY_PW", "c4nary-p"),
        ])
    };
    for same in [
        "https://wiki.example.com/x",
        "https://WIKI.example.com:443/x/",
    ] {
        assert_eq!(pinned(same).find(None, None).unwrap(), "c4nary-t");
    }
    for other in [
        "https://wiki.example.com",
        "http://wiki.example.com/x",
        "https://wiki.example.com:8443/x",
        "https://evil.example.com/x",
        "https://c4nary:c4nary@wiki.example.com/x",
        "c4nary",
        "",
    ] {
        for source in [None, Some("env:MY_PW")] {
            let world = pinned(other);
            let error = world.find(None, source).unwrap_err();
            assert_eq!(error.kind, Kind::Auth);
            let named = error.message.contains("APPLINK_WIKI_PROD_URL");
            assert!(named && !error.message.contains(MARKER), "{error}");
        }
    }
}

#[test]
fn variables_of_an_automatic_alias_need_an_only_application() {
    let token = ("APPLINK_WIKI_PROD_TOKEN", "c4nary-t");
    let world = World::new(&[token]);
    let alone = world.find_as(AliasOrigin::Automatic { alone: true }, None, None);
    assert_eq!(alone.unwrap(), "c4nary-t");
    for name in ["TOKEN", "USER", "PASSWORD", "URL"] {
        let name = variable(&world.alias, name);
        let world = World::new(&[(&name, "c4nary")]);
        let several = world
            .find_as(AliasOrigin::Automatic { alone: false }, None, None)
            .unwrap_err();
        assert_eq!(several.kind, Kind::Usage);
        assert!(
            several.message.contains("name it: wiki-prod=URL"),
            "{several}"
        );
    }
    let world = World::asking(&[], &["", "c4nary-1"]);
    let several = world.find_as(AliasOrigin::Automatic { alone: false }, None, None);
    assert_eq!(several.unwrap(), "c4nary-1");
}

#[test]
fn one_prefix_for_one_application() {
    let aliases: Vec<Alias> = ["wiki", "wiki-prod", "wiki", "a-", "a"]
        .iter()
        .map(|alias| alias.parse().unwrap())
        .collect();
    assert_eq!(check_prefixes(&aliases), Ok(()));
    assert_eq!(variable(&aliases[1], "TOKEN"), "APPLINK_WIKI_PROD_TOKEN");
}

#[test]
fn core_dumps_can_be_switched_off() {
    assert!(no_core_dumps());
    let limit = rustix::process::getrlimit(rustix::process::Resource::Core);
    assert_eq!(limit.current, Some(0));
}

#[test]
fn a_secret_of_no_application() {
    let world = World::new(&[("KEY_PASSPHRASE", "c4nary horse"), ("EMPTY", "")]);
    let ask = |source: &str| {
        world
            .resolver
            .secret_from(&"passphrase of key.pem", &source.parse().unwrap())
    };
    assert_eq!(ask("env:KEY_PASSPHRASE").unwrap().expose(), "c4nary horse");
    assert_eq!(world.resolver.redactor().mask("c4nary horse"), "[secret]");
    assert_eq!(ask("command:echo c4nary").unwrap().expose(), "c4nary");
    for source in [
        "env:EMPTY",
        "env:MISSING",
        "file:missing",
        "keyring",
        "prompt",
    ] {
        let error = ask(source).unwrap_err();
        assert_eq!(error.kind, Kind::Auth, "{source}");
        assert!(
            error.message.starts_with("passphrase of key.pem: "),
            "{error}"
        );
    }
}
