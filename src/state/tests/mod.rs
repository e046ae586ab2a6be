//! The state file as a whole: what survives, what is refused, and what a crash leaves.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may fail that way"
)]

mod crash;
mod model;
mod place;
mod round_trip;
mod torn;
mod unreadable;

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use tempfile::TempDir;
use uuid::Uuid;

use super::*;
use crate::domain::{Alias, ApplicationId, BaseUrl, Level, TypeId};
use crate::error::Error;

const NOW: Duration = Duration::ZERO;
const LONG: Duration = Duration::from_secs(60);

fn alias(text: &str) -> Alias {
    text.parse().unwrap()
}

fn id(n: u128) -> ApplicationId {
    Uuid::from_u128(n).into()
}

fn app(n: u128) -> AppEntry {
    let url = BaseUrl::parse(&format!("https://a{n}.example.com/x")).unwrap();
    AppEntry::new(url, id(n), TypeId::from_wire("jira"))
}

fn add(state: &mut State, n: u128) {
    state.applications.insert(alias(&format!("a{n}")), app(n));
}

fn link(a: u128, b: u128) -> LinkEntry {
    let [one, two] = [a, b].map(|n| alias(&format!("a{n}")));
    LinkEntry {
        ids: [(one.clone(), id(b)), (two.clone(), id(a))].into(),
        between: [one, two],
        auth: Auth::Both(Level::OAuth),
        one_way: None,
        last_applied: crate::domain::LastApplied::default(),
    }
}

struct Home {
    dir: TempDir,
    store: LocalFile,
}

impl Home {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = LocalFile::new(&dir.path().join("applink.toml")).unwrap();
        Self { dir, store }
    }

    fn with(text: impl AsRef<[u8]>) -> Self {
        let home = Self::new();
        write(home.path(), text);
        home
    }

    fn path(&self) -> &Path {
        self.store.paths().state()
    }

    fn text(&self) -> String {
        fs::read_to_string(self.path()).unwrap()
    }

    fn change(&self, change: impl FnOnce(&mut State)) -> Result<LoadedState, StateError> {
        let guard = self.store.lock("test", LONG)?;
        let loaded = self.store.load()?;
        let mut state = loaded.to_state();
        change(&mut state);
        self.store.save(&guard, &loaded, &state)
    }

    fn refusal(&self) -> Error {
        self.store.load().unwrap_err().into()
    }
}

fn write(path: &Path, text: impl AsRef<[u8]>) {
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

const BY_HAND: &str = r#"# my links, do not touch
version = 2
lineage = "6f0e9b0e-0d53-4f0c-9c64-5a3e3b1d2f10" # never changes
serial = 41 # neither does this remark
color = "unknown key"

[applications.wiki] # first on purpose
url = "https://wiki.example.com"
id = "00000000-0000-0000-0000-000000000002"
type = "confluence"
note = 'unknown too'

# the old one
[applications.jira]
url = "https://jira.example.com/jira"   # behind the proxy
id = "00000000-0000-0000-0000-000000000001"
type = "jira"
user = "admin"
credential = "env:JIRA_PW"

[applications.code]
url = "https://code.example.com"
id = "00000000-0000-0000-0000-000000000003"
type = "stash"

[[plugins]] # a table of tomorrow
on = "jira"
name = "jenkins"

# code first
[[links]]
between = ["code", "jira"] # pair
auth = "oauth"
ids = { code = "00000000-0000-0000-0000-000000000001", jira = "00000000-0000-0000-0000-000000000003" }

# then the wiki
[[links]]
between = ["jira", "wiki"]
auth = { jira = "oauth", wiki = "none" }
weight = 3
[links.ids]
# whose is whose
jira = "00000000-0000-0000-0000-000000000002"
wiki = "00000000-0000-0000-0000-000000000001"

# the end of the hand-written part
"#;

#[test]
fn a_missing_file_is_a_fresh_history() {
    let home = Home::new();
    let loaded = home.store.load().unwrap();
    assert!(loaded.is_fresh());
    assert_eq!(loaded.state().serial, 0);
    assert_eq!(loaded.digest(), None);
    assert_ne!(
        home.store.load().unwrap().state().lineage,
        loaded.state().lineage
    );
    assert_eq!(fs::read_dir(home.dir.path()).unwrap().count(), 0);
}

#[test]
fn the_serial_counts_changes_of_content_and_nothing_else() {
    let home = Home::new();
    let unchanged = home.change(|_| {}).unwrap();
    assert!(unchanged.is_fresh() && !home.path().exists());
    let first = home.change(|state| add(state, 1)).unwrap();
    assert_eq!(first.state().serial, 1);
    let lineage = first.state().lineage;
    let text = home.text();
    let same = home.change(|state| add(state, 1)).unwrap();
    assert_eq!((same.state().serial, home.text()), (1, text.clone()));
    assert!(!home.store.paths().backup().exists());
    home.change(|state| {
        add(state, 2);
        state.upsert_link(link(1, 2));
    })
    .unwrap();
    assert_eq!(
        fs::read_to_string(home.store.paths().backup()).unwrap(),
        text
    );
    let third = home.change(|state| add(state, 3)).unwrap();
    assert_eq!((third.state().serial, third.state().lineage), (3, lineage));
    assert_eq!(third.state(), home.store.load().unwrap().state());
    assert_eq!(third.digest(), home.store.load().unwrap().digest());
    // A state that was made from another one, or that contradicts itself, is a defect.
    for change in [
        |state: &mut State| state.serial += 1,
        |state: &mut State| state.lineage = Uuid::nil(),
        |state: &mut State| drop(state.applications.remove(&alias("a1"))),
    ] {
        let refused = home.change(change).unwrap_err();
        assert!(matches!(refused, StateError::Invalid(_)), "{refused}");
    }
    assert_eq!(home.store.load().unwrap().state().serial, 3);
}

#[test]
fn what_a_person_wrote_survives() {
    let home = Home::with(BY_HAND);
    home.change(|state| {
        let jira = state.applications.get_mut(&alias("jira")).unwrap();
        jira.url = BaseUrl::parse("https://jira2.example.com").unwrap();
        jira.user = None;
        let wiki = alias("wiki");
        let mut link = state.link(&alias("jira"), &wiki).unwrap().clone();
        link.auth = Auth::Both(Level::OAuth);
        link.ids.insert(wiki, id(9));
        state.upsert_link(link);
        state.links.reverse();
        add(state, 5);
    })
    .unwrap();
    let expected = BY_HAND
        .replace("41", "42")
        .replace("jira.example.com/jira", "jira2.example.com")
        .replace("user = \"admin\"\n", "")
        .replace("{ jira = \"oauth\", wiki = \"none\" }", "\"oauth\"")
        .replace(
            "wiki = \"00000000-0000-0000-0000-000000000001\"",
            "wiki = \"00000000-0000-0000-0000-000000000009\"",
        )
        .replace(
            "type = \"stash\"\n",
            "type = \"stash\"\n\n[applications.a5]\nurl = \"https://a5.example.com/x\"\nid = \"00000000-0000-0000-0000-000000000005\"\ntype = \"jira\"\n",
        );
    assert_eq!(home.text(), expected);
    home.change(|state| drop(state.remove_link(&alias("code"), &alias("jira"))))
        .unwrap();
    let text = home.text();
    for gone in ["# code first", "# pair"] {
        assert!(!text.contains(gone), "{text}");
    }
    for kept in [
        "# then the wiki",
        "weight = 3",
        "# a table of tomorrow",
        "# whose is whose",
    ] {
        assert!(text.contains(kept), "{text}");
    }
}

#[test]
fn other_ways_to_write_the_same() {
    let head = "version = 2\nlineage = \"6f0e9b0e-0d53-4f0c-9c64-5a3e3b1d2f10\"\nserial = 1\n";
    let inline = "applications = { a1 = { url = 'https://a1.example.com/x', id = '00000000-0000-0000-0000-000000000001', type = 'jira' }, a2 = { url = 'https://a2.example.com/x', id = '00000000-0000-0000-0000-000000000002', type = 'jira' } }\n\
        links = [ { between = ['a1', 'a2'], auth = 'oauth' } ]\n";
    let dotted = "applications.a1.url = 'https://a1.example.com/x'\napplications.a1.id = '00000000-0000-0000-0000-000000000001'\napplications.a1.type = 'jira'\n\
        applications.a2.url = 'https://a2.example.com/x'\napplications.a2.id = '00000000-0000-0000-0000-000000000002'\napplications.a2.type = 'jira'\n\
        links = []\n";
    for body in [inline, dotted, &inline.replace('\n', "\r\n")] {
        let home = Home::with(format!("{head}{body}"));
        let saved = home
            .change(|state| {
                add(state, 3);
                state.set_url(
                    &alias("a1"),
                    BaseUrl::parse("https://z.example.com").unwrap(),
                );
                state.upsert_link(link(1, 2));
                state.upsert_link(link(3, 2));
            })
            .unwrap();
        assert_eq!(saved.state().links.len(), 2);
        let saved = home
            .change(|state| {
                state.remove_application(&alias("a2"));
            })
            .unwrap();
        assert_eq!(saved.state().links.len(), 0);
        assert_eq!(saved.state().applications.len(), 2);
    }
}

#[test]
fn saving_over_another_ones_change_is_refused() {
    let home = Home::new();
    let early = home.store.load().unwrap();
    home.change(|state| add(state, 1)).unwrap();
    let loaded = home.store.load().unwrap();
    let save = |loaded: &LoadedState| {
        let guard = home.store.lock("test", LONG).unwrap();
        let mut state = loaded.to_state();
        add(&mut state, 7);
        home.store.save(&guard, loaded, &state).unwrap_err()
    };
    let what = |error: StateError| match error {
        StateError::Changed { what, .. } => what,
        other => panic!("{other}"),
    };
    assert_eq!(what(save(&early)), "it was made meanwhile");
    home.change(|state| add(state, 2)).unwrap();
    assert_eq!(what(save(&loaded)), "its serial is 2 and was 1");
    let loaded = home.store.load().unwrap();
    write(home.path(), home.text() + "# by hand\n");
    assert_eq!(what(save(&loaded)), "it was edited without a new serial");
    write(home.path(), "garbage");
    assert_eq!(what(save(&loaded)), "it can no longer be read");
    write(home.path(), BY_HAND);
    assert_eq!(what(save(&loaded)), "it is another state altogether");
    fs::remove_file(home.path()).unwrap();
    assert_eq!(what(save(&loaded)), "it is gone");
}

#[test]
fn a_lock_of_another_state_is_no_right() {
    let (one, two) = (Home::new(), Home::new());
    let guard = one.store.lock("test", NOW).unwrap();
    let loaded = two.store.load().unwrap();
    let refused = two.store.save(&guard, &loaded, loaded.state()).unwrap_err();
    assert!(matches!(refused, StateError::Invalid(_)), "{refused}");
}

#[test]
fn history_that_does_not_continue_its_backup() {
    let home = Home::new();
    home.change(|state| add(state, 1)).unwrap();
    let old = home.text();
    for n in 2..5 {
        home.change(|state| add(state, n)).unwrap();
    }
    write(home.path(), &old);
    let refused = home.refusal();
    assert_eq!(refused.exit().code(), 7);
    assert!(
        refused
            .message
            .contains("its serial is 1 and the backup's is 3"),
        "{refused}"
    );
    write(home.path(), BY_HAND);
    let refused = home.refusal();
    assert!(refused.message.contains("different histories"), "{refused}");
    assert!(refused.hints[0].contains("applink.toml.bak"), "{refused:?}");
    // The backup itself, put back by hand, is what the hint of a broken file asks for.
    fs::copy(home.store.paths().backup(), home.path()).unwrap();
    assert_eq!(home.store.load().unwrap().state().serial, 3);
    home.change(|state| add(state, 9)).unwrap();
}

#[test]
fn a_deleted_state_begins_anew_and_its_backup_is_put_aside() {
    let home = Home::new();
    home.change(|state| add(state, 1)).unwrap();
    home.change(|state| add(state, 2)).unwrap();
    fs::remove_file(home.path()).unwrap();
    let anew = home.change(|state| add(state, 3)).unwrap();
    assert_eq!(anew.state().serial, 1);
    assert!(home.store.load().is_ok());
    assert!(home.store.paths().old_backup().exists());
    assert!(!home.store.paths().backup().exists());
}
