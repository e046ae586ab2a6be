//! The quick way of carrying a change into a long text: only the tables that change are read and
//! written anew, and all others stay where they are, unread.
//!
//! It is for texts as applink writes them. Where anything is written otherwise there is no result,
//! and the whole text is edited. Whoever saves reads the outcome back in any case.

use std::collections::BTreeMap;

use toml_edit::{ArrayOfTables, DocumentMut, Item, Table};

use super::fields::ToFields;
use super::{index_by_key, new_table, set_value, update_table};
use crate::domain::Alias;
use crate::state::consumers::{ClientEntry, ConsumerEntry, FormerConsumer};
use crate::state::link::LinkEntry;
use crate::state::model::{AbandonedChange, AppEntry, State};

/// One table, with the comments before it.
struct Section<'a> {
    /// What stands in its header; none for what comes before all tables.
    name: Option<&'a str>,
    is_list: bool,
    text: &'a str,
}

/// The text after a change, where it can be had that way.
pub(in crate::state) fn edit(text: &str, old: &State, new: &State) -> Option<String> {
    let (sections, rest) = split(text)?;
    let mut out = SectionEdit {
        after: vec![Vec::new(); sections.len()],
        texts: sections
            .iter()
            .map(|section| Some(section.text.into()))
            .collect(),
        sections,
    };
    out.applications(&old.applications, &new.applications)?;
    out.list("links", &old.links, &new.links, LinkEntry::key)?;
    let (before, after) = (&old.consumers, &new.consumers);
    out.list("consumers", before, after, ConsumerEntry::entry_key)?;
    let (before, after) = (&old.former_consumers, &new.former_consumers);
    out.list("former-consumers", before, after, FormerConsumer::entry_key)?;
    let (before, after) = (&old.oauth2_clients, &new.oauth2_clients);
    out.list("oauth2-clients", before, after, ClientEntry::entry_key)?;
    let (before, after) = (&old.pending_deletes, &new.pending_deletes);
    out.list("pending-deletes", before, after, |due| (&due.on, due.id))?;
    let (before, after) = (&old.abandoned, &new.abandoned);
    out.list("abandoned", before, after, AbandonedChange::entry_key)?;
    out.serial(i64::try_from(old.serial + 1).ok()?)?;
    Some(out.joined(text.len(), rest))
}

/// The tables in their order, and what follows the last one.
fn split(text: &str) -> Option<(Vec<Section<'_>>, &str)> {
    // A text of several lines might hold what looks like a header.
    if text.contains("\"\"\"") || text.contains("'''") || text.contains('\r') {
        return None;
    }
    let mut sections = Vec::new();
    let (mut name, mut is_list) = (None, false);
    // Where the section begins, and where the lines end that are surely its own.
    let (mut start, mut end, mut at) = (0, 0, 0);
    let mut has_keys = false;
    for line in text.split_inclusive('\n') {
        let next = at + line.len();
        if line.starts_with('[') {
            let (header, list) = header(line)?;
            sections.push(Section {
                name,
                is_list,
                text: text.get(start..end)?,
            });
            (name, is_list, start) = (Some(header), list, end);
        }
        let trimmed = line.trim_start();
        let says = !(trimmed.is_empty() || trimmed.starts_with('#'));
        has_keys |= says;
        // Comments belong to what follows them; the first ones to the whole.
        if says || !has_keys {
            end = next;
        }
        at = next;
    }
    sections.push(Section {
        name,
        is_list,
        text: text.get(start..end)?,
    });
    Some((sections, text.get(end..)?))
}

/// The name in a header, and whether it is that of a list's entry.
fn header(line: &str) -> Option<(&str, bool)> {
    let line = line.trim_end();
    let is_name = |name: &str| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        !name.is_empty() && name.bytes().all(plain)
    };
    let entry = line
        .strip_prefix("[[")
        .and_then(|rest| rest.strip_suffix("]]"));
    let one = || {
        line.strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
    };
    match entry {
        Some(name) => is_name(name).then_some((name, true)),
        None => one().filter(|name| is_name(name)).map(|name| (name, false)),
    }
}

/// The text as it will be: each section as it stays or becomes, and what comes after it.
struct SectionEdit<'a> {
    sections: Vec<Section<'a>>,
    texts: Vec<Option<std::borrow::Cow<'a, str>>>,
    after: Vec<Vec<String>>,
}

impl SectionEdit<'_> {
    /// The sections of one kind.
    fn of(&self, is_it: impl Fn(&Section<'_>) -> bool) -> Vec<usize> {
        let all = self.sections.iter().enumerate();
        all.filter(|(_, section)| is_it(section))
            .map(|(at, _)| at)
            .collect()
    }

    fn append(&mut self, after: Option<usize>, text: String) {
        let at = after.unwrap_or(self.sections.len().saturating_sub(1));
        if let Some(list) = self.after.get_mut(at) {
            list.push(text);
        }
    }

    fn applications(
        &mut self,
        old: &BTreeMap<Alias, AppEntry>,
        new: &BTreeMap<Alias, AppEntry>,
    ) -> Option<()> {
        if old == new {
            return Some(());
        }
        let all = self.of(|section| {
            section
                .name
                .is_some_and(|name| name == "applications" || name.starts_with("applications."))
        });
        let mut by_alias = BTreeMap::new();
        for at in &all {
            let name = self.sections.get(*at)?.name?;
            let alias = name.strip_prefix("applications.")?;
            // One table each, and nothing below it.
            if alias.contains('.') || by_alias.insert(alias.to_owned(), *at).is_some() {
                return None;
            }
        }
        if by_alias.len() != old.len() {
            return None;
        }
        for (alias, before) in old {
            let at = *by_alias.get(alias.as_str())?;
            let Some(after) = new.get(alias) else {
                *self.texts.get_mut(at)? = None;
                continue;
            };
            if before != after {
                self.change(at, before, after, |root| {
                    root.get_mut("applications")?
                        .get_mut(alias.as_str())?
                        .as_table_mut()
                })?;
            }
        }
        // The first one of all is put by those who see the whole.
        let last = *all.last()?;
        for (alias, app) in new.iter().filter(|(alias, _)| !old.contains_key(*alias)) {
            let mut parent = Table::new();
            parent.set_implicit(true);
            parent.insert(alias.as_str(), Item::Table(new_table(app.fields().ok()?)));
            let mut alone = DocumentMut::new();
            alone.insert("applications", Item::Table(parent));
            self.append(Some(last), alone.to_string());
        }
        Some(())
    }

    fn list<'b, T: ToFields + PartialEq, K: Ord>(
        &mut self,
        name: &str,
        old: &'b [T],
        new: &'b [T],
        key: impl Fn(&'b T) -> K,
    ) -> Option<()> {
        if old == new {
            return Some(());
        }
        let all = self.of(|section| section.name == Some(name) && section.is_list);
        let below = |section: &Section<'_>| {
            let rest = section.name.and_then(|other| other.strip_prefix(name));
            rest.is_some_and(|rest| rest.starts_with('.'))
        };
        // Written in line, or with tables of their own in the entries; or the first one of all.
        if all.len() != old.len() || old.is_empty() || self.sections.iter().any(below) {
            return None;
        }
        let (wanted, had) = (index_by_key(new, &key), index_by_key(old, &key));
        for (before, at) in old.iter().zip(&all) {
            match wanted.get(&key(before)) {
                None => *self.texts.get_mut(*at)? = None,
                Some(after) if **after == *before => {}
                Some(after) => self.change(*at, before, *after, |root| {
                    root.get_mut(name)?.as_array_of_tables_mut()?.get_mut(0)
                })?,
            }
        }
        for added in new.iter().filter(|one| !had.contains_key(&key(one))) {
            let mut tables = ArrayOfTables::new();
            tables.push(new_table(added.fields().ok()?));
            let mut alone = DocumentMut::new();
            alone.insert(name, Item::ArrayOfTables(tables));
            self.append(all.last().copied(), alone.to_string());
        }
        Some(())
    }

    /// Changes one section, which is read for it.
    fn change<T: ToFields>(
        &mut self,
        at: usize,
        before: &T,
        after: &T,
        find: impl Fn(&mut Table) -> Option<&mut Table>,
    ) -> Option<()> {
        let text = self.texts.get_mut(at)?;
        let mut document: DocumentMut = text.as_deref()?.parse().ok()?;
        let found = find(document.as_table_mut())?;
        update_table(found, &before.fields().ok()?, after.fields().ok()?);
        *text = Some(document.to_string().into());
        Some(())
    }

    fn serial(&mut self, serial: i64) -> Option<()> {
        if self.sections.first()?.name.is_some() {
            return None;
        }
        let text = self.texts.first_mut()?;
        let mut document: DocumentMut = text.as_deref()?.parse().ok()?;
        set_value(document.as_table_mut(), "serial", serial.into());
        *text = Some(document.to_string().into());
        Some(())
    }

    fn joined(&self, length: usize, rest: &str) -> String {
        let mut joined = String::with_capacity(length + 1024);
        for (text, after) in self.texts.iter().zip(&self.after) {
            joined.push_str(text.as_deref().unwrap_or_default());
            for one in after {
                joined.push_str(one);
            }
        }
        joined.push_str(rest);
        joined
    }
}

#[cfg(test)]
#[path = "sections_tests.rs"]
mod tests;
