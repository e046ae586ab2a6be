//! Between the text of a state file and the model: reading it, and carrying a change of the model
//! into the text so that everything else in it stays as it was.

mod fields;
pub(super) mod sections;

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Deserialize;
use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, Table, TableLike, Value};

use fields::{FieldValue, Fields, ToFields};

use super::consistency;
use super::consumers::{ClientEntry, ConsumerEntry, FormerConsumer};
use super::link::LinkEntry;
use super::model::{AbandonedChange, AppEntry, State};
use super::version::{self, Mismatch};
use crate::domain::{Alias, nested_deeper, text};

/// The first line of the files that applink makes. Whoever keeps it keeps the last line too, and
/// that is how a file that was cut off between two tables is told from one with fewer links.
const HEAD: &str = "# applink state; it ends with a line \"# end\", or it was cut off.";
const END: &str = "# end";
/// Nothing in a state is nested as deeply as this.
const DEEPEST: usize = 32;

/// What is wrong with a text, and at which byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DocumentError {
    pub(super) offset: Option<usize>,
    pub(crate) message: String,
    /// The version of a file of another format.
    pub(super) mismatch: Option<(i64, Mismatch)>,
}

impl DocumentError {
    fn new(offset: impl Into<Option<usize>>, message: impl Into<String>) -> Self {
        Self {
            offset: offset.into(),
            message: message.into(),
            mismatch: None,
        }
    }

    fn mismatch(version: i64, mismatch: Mismatch) -> Self {
        Self {
            mismatch: Some((version, mismatch)),
            ..Self::new(None, format!("there is no version {version}"))
        }
    }

    /// A parser's complaint. Its excerpt of the text is left out: it may show a secret that
    /// somebody wrote where a source belongs.
    fn parse(message: &str, span: Option<Range<usize>>) -> Self {
        Self::new(span.map(|span| span.start), text::excerpt(message, 300))
    }
}

/// Reads a state from the bytes of its file.
pub(crate) fn read(bytes: &[u8]) -> Result<(String, State), DocumentError> {
    if bytes.is_empty() {
        return Err(DocumentError::new(0, "the file is empty"));
    }
    if bytes.iter().all(|byte| *byte == 0) {
        return Err(DocumentError::new(
            0,
            "the file holds nothing but zero bytes",
        ));
    }
    if bytes.starts_with(b"\xef\xbb\xbf") {
        return Err(DocumentError::new(
            0,
            "the file begins with a byte order mark",
        ));
    }
    let text = match String::from_utf8(bytes.to_vec()) {
        Ok(text) => text,
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            return Err(DocumentError::new(at, "the file is not UTF-8 from here on"));
        }
    };
    if let Some(at) = nested_deeper(text.as_bytes(), DEEPEST) {
        return Err(DocumentError::new(
            at,
            format!("nested more than {DEEPEST} deep"),
        ));
    }
    let state = parse(&text)?;
    if text.starts_with(HEAD) && !has_end(&text) {
        let message = format!("the file was cut off: its last line {END:?} is missing");
        return Err(DocumentError::new(text.len(), message));
    }
    Ok((text, state))
}

fn parse(text: &str) -> Result<State, DocumentError> {
    let state = match toml::from_str::<State>(text) {
        Ok(state) => state,
        Err(error) => {
            // A file of another version may well be one that this model cannot hold.
            check_version(read_version(text))?;
            return Err(DocumentError::parse(error.message(), error.span()));
        }
    };
    check_version(i64::try_from(state.version).ok())?;
    if i64::try_from(state.serial).is_err() {
        return Err(DocumentError::new(None, "the serial is out of range"));
    }
    consistency::check(&state).map_err(|message| DocumentError::new(None, message))?;
    Ok(state)
}

fn check_version(version: Option<i64>) -> Result<(), DocumentError> {
    match version {
        Some(version) => {
            version::check(version).map_err(|mismatch| DocumentError::mismatch(version, mismatch))
        }
        None => Ok(()),
    }
}

fn read_version(text: &str) -> Option<i64> {
    #[derive(Deserialize)]
    struct Version {
        version: i64,
    }
    toml::from_str::<Version>(text)
        .ok()
        .map(|found| found.version)
}

/// Lineage and serial alone, read without the tables that follow them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(super) struct Revision {
    pub(super) lineage: uuid::Uuid,
    pub(super) serial: u64,
}

/// Reads lineage and serial of a text that may be long.
pub(super) fn read_revision(bytes: &[u8]) -> Option<Revision> {
    let text = std::str::from_utf8(bytes).ok()?;
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        if line.trim_start().starts_with('[') {
            break;
        }
        end += line.len();
    }
    let head = text.get(..end)?;
    if nested_deeper(head.as_bytes(), DEEPEST).is_some() {
        return None;
    }
    toml::from_str(head).ok()
}

fn has_end(text: &str) -> bool {
    text.lines().rev().any(|line| line.trim_end() == END)
}

/// The text after the change from `old` to `new`; `None` when nothing of the content changed, the
/// order of links included. `text` is what `old` was read from, if it was.
pub(crate) fn edit(text: Option<&str>, old: &State, new: &State) -> Result<Option<String>, String> {
    let skeleton;
    let text = if let Some(text) = text {
        text
    } else {
        skeleton = format!(
            "{HEAD}\nversion = {}\nlineage = \"{}\"\nserial = 0\n\n{END}\n",
            old.version, old.lineage
        );
        &skeleton
    };
    if is_same_content(old, new) {
        return Ok(None);
    }
    let mut document: DocumentMut = text
        .parse()
        .map_err(|_| "the text that was loaded cannot be edited".to_owned())?;
    let root = document.as_table_mut();
    edit_applications(root, &old.applications, &new.applications)?;
    edit_entries(root, "links", &old.links, &new.links, LinkEntry::key)?;
    edit_entries(
        root,
        "consumers",
        &old.consumers,
        &new.consumers,
        ConsumerEntry::entry_key,
    )?;
    edit_entries(
        root,
        "former-consumers",
        &old.former_consumers,
        &new.former_consumers,
        FormerConsumer::entry_key,
    )?;
    edit_entries(
        root,
        "oauth2-clients",
        &old.oauth2_clients,
        &new.oauth2_clients,
        ClientEntry::entry_key,
    )?;
    edit_entries(
        root,
        "pending-deletes",
        &old.pending_deletes,
        &new.pending_deletes,
        |due| (&due.on, due.id),
    )?;
    edit_entries(
        root,
        "abandoned",
        &old.abandoned,
        &new.abandoned,
        AbandonedChange::entry_key,
    )?;
    let serial = i64::try_from(old.serial + 1).map_err(|_| "no serial is left".to_owned())?;
    set_value(root, "serial", serial.into());
    let mut edited = document.to_string();
    if edited.starts_with(HEAD) && !has_end(&edited) {
        edited.push_str(END);
        edited.push('\n');
    }
    Ok(Some(edited))
}

/// Whether two states say the same. The order of links says nothing.
pub(crate) fn is_same_content(old: &State, new: &State) -> bool {
    old.applications == new.applications
        && same_entries(&old.links, &new.links, LinkEntry::key)
        && same_entries(&old.consumers, &new.consumers, ConsumerEntry::entry_key)
        && same_entries(
            &old.former_consumers,
            &new.former_consumers,
            FormerConsumer::entry_key,
        )
        && same_entries(
            &old.oauth2_clients,
            &new.oauth2_clients,
            ClientEntry::entry_key,
        )
        && same_entries(&old.pending_deletes, &new.pending_deletes, |due| {
            (&due.on, due.id)
        })
        && same_entries(&old.abandoned, &new.abandoned, AbandonedChange::entry_key)
}

fn same_entries<'a, T: PartialEq, K: Ord>(
    old: &'a [T],
    new: &'a [T],
    key: impl Fn(&'a T) -> K,
) -> bool {
    old == new || index_by_key(old, &key) == index_by_key(new, &key)
}

fn index_by_key<'a, T, K: Ord>(all: &'a [T], key: impl Fn(&'a T) -> K) -> BTreeMap<K, &'a T> {
    all.iter().map(|one| (key(one), one)).collect()
}

fn edit_applications(
    root: &mut Table,
    old: &BTreeMap<Alias, AppEntry>,
    new: &BTreeMap<Alias, AppEntry>,
) -> Result<(), String> {
    if old == new {
        return Ok(());
    }
    let parent = root.entry("applications").or_insert_with(|| {
        let mut table = Table::new();
        table.set_implicit(true);
        Item::Table(table)
    });
    let parent = parent
        .as_table_like_mut()
        .ok_or("the applications are not a table")?;
    for alias in old.keys().filter(|alias| !new.contains_key(*alias)) {
        parent.remove(alias.as_str());
    }
    for (alias, app) in new {
        match old.get(alias) {
            Some(before) if before == app => {}
            Some(before) => {
                let table = parent
                    .get_mut(alias.as_str())
                    .and_then(Item::as_table_like_mut)
                    .ok_or_else(|| format!("the application {alias} is not a table"))?;
                update_table(table, &before.fields()?, app.fields()?);
            }
            None => {
                parent.insert(alias.as_str(), Item::Table(new_table(app.fields()?)));
            }
        }
    }
    Ok(())
}

/// Carries a change into an array of tables whose entries have a key of their own.
fn edit_entries<'a, T: ToFields + PartialEq, K: Ord>(
    root: &mut Table,
    name: &str,
    old: &'a [T],
    new: &'a [T],
    key: impl Fn(&'a T) -> K,
) -> Result<(), String> {
    if old == new {
        return Ok(());
    }
    let wanted = index_by_key(new, &key);
    let had = index_by_key(old, &key);
    let mut tables = match root.get_mut(name).map(std::mem::take) {
        None => ArrayOfTables::new(),
        Some(item) if item.as_array().is_some_and(Array::is_empty) => ArrayOfTables::new(),
        // Written in line by hand: `links = [{…}, {…}]`.
        Some(item) => item
            .into_array_of_tables()
            .map_err(|_| format!("{name} is not a list of tables"))?,
    };
    let mut fate = Vec::with_capacity(old.len());
    for (index, before) in old.iter().enumerate() {
        let after = wanted.get(&key(before));
        fate.push(after.is_some());
        if let Some(after) = after.filter(|after| **after != before) {
            let table = tables
                .get_mut(index)
                .ok_or_else(|| format!("{name} has fewer entries than before"))?;
            update_table(table, &before.fields()?, after.fields()?);
        }
    }
    let mut fate = fate.into_iter();
    tables.retain(|_| fate.next().unwrap_or(true));
    for added in new.iter().filter(|one| !had.contains_key(&key(one))) {
        tables.push(new_table(added.fields()?));
    }
    if tables.is_empty() {
        root.remove(name);
    } else {
        root.insert(name, Item::ArrayOfTables(tables));
    }
    Ok(())
}

fn new_table(fields: Fields) -> Table {
    let mut table = Table::new();
    table.decor_mut().set_prefix("\n");
    for (key, value) in fields {
        if let Some(value) = value {
            table.insert(key, Item::Value(value.into_value()));
        }
    }
    table
}

fn update_table(table: &mut dyn TableLike, before: &Fields, after: Fields) {
    for ((key, before), (_, after)) in before.iter().zip(after) {
        if *before == after {
            continue;
        }
        let Some(after) = after else {
            table.remove(key);
            continue;
        };
        // A map may be a table of its own, with comments between its keys.
        if let (FieldValue::Map(entries), Some(item)) = (&after, table.get_mut(key))
            && let Some(inner) = item.as_table_like_mut()
        {
            let gone: Vec<String> = inner
                .iter()
                .map(|(key, _)| key.to_owned())
                .filter(|key| !entries.contains_key(key))
                .collect();
            for key in gone {
                inner.remove(&key);
            }
            for (key, value) in entries {
                let is_same = inner.get(key).and_then(Item::as_str) == Some(value);
                if !is_same {
                    set_value(inner, key, value.into());
                }
            }
        } else {
            set_value(table, key, after.into_value());
        }
    }
}

/// Sets a value, and keeps the spaces and the comment around the one that it replaces.
fn set_value(table: &mut dyn TableLike, key: &str, mut value: Value) {
    if let Some(old) = table.get_mut(key) {
        if let Some(old) = old.as_value() {
            *value.decor_mut() = old.decor().clone();
        }
        *old = Item::Value(value);
    } else {
        table.insert(key, Item::Value(value));
    }
}
