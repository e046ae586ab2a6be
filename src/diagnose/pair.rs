//! Which records belong together.

use std::collections::BTreeMap;

use super::seen::AppSeen;
use crate::domain::{Alias, BaseUrl, Record};

/// Two records that are one link, or one record alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// The end that gives the link its name.
    pub local: Alias,
    /// The other end, where its application is known.
    pub remote: Option<Alias>,
    /// The record on `local`.
    pub local_record: Option<Record>,
    /// The record on `remote`.
    pub remote_record: Option<Record>,
}

/// Pairs the records of the applications that were seen.
///
/// `first` is the application named first in the command; without it the alias that comes first
/// in byte order gives a link its name. Two known applications with one id (clones) are told apart
/// by the record's URL.
pub fn pair(apps: &[AppSeen], first: Option<&Alias>) -> Vec<Pair> {
    let mut links: BTreeMap<(Alias, Alias), Pair> = BTreeMap::new();
    let mut alone = Vec::new();
    for app in apps {
        let Ok(records) = &app.records else { continue };
        for record in records {
            match partner(apps, app, record) {
                Some(other) => {
                    let (local, remote) = order(&app.alias, other, first);
                    let link = links
                        .entry((local.clone(), remote.clone()))
                        .or_insert_with(|| Pair {
                            local: local.clone(),
                            remote: Some(remote.clone()),
                            local_record: None,
                            remote_record: None,
                        });
                    let slot = if link.local == app.alias {
                        &mut link.local_record
                    } else {
                        &mut link.remote_record
                    };
                    if slot.is_some() {
                        // A second one, under the id of the address.
                        alone.push(Pair {
                            local: app.alias.clone(),
                            remote: None,
                            local_record: Some(record.clone()),
                            remote_record: None,
                        });
                    } else {
                        *slot = Some(record.clone());
                    }
                }
                None => alone.push(Pair {
                    local: app.alias.clone(),
                    remote: None,
                    local_record: Some(record.clone()),
                    remote_record: None,
                }),
            }
        }
    }
    links.into_values().chain(alone).collect()
}

/// The known application that a record is about.
pub fn partner<'a>(apps: &'a [AppSeen], holder: &AppSeen, record: &Record) -> Option<&'a Alias> {
    let same_id: Vec<&AppSeen> = apps
        .iter()
        .filter(|app| app.alias != holder.alias && app.is_meant_by(record))
        .collect();
    match same_id.as_slice() {
        [] => None,
        [one] => Some(&one.alias),
        several => {
            let url = record
                .rpc_url
                .as_deref()
                .and_then(|url| BaseUrl::parse(url).ok());
            several
                .iter()
                .find(|app| Some(&app.url) == url.as_ref())
                .or_else(|| several.first())
                .map(|app| &app.alias)
        }
    }
}

fn order<'a>(a: &'a Alias, b: &'a Alias, first: Option<&Alias>) -> (&'a Alias, &'a Alias) {
    match first {
        Some(first) if a == first => (a, b),
        Some(first) if b == first => (b, a),
        _ => crate::domain::pair_key(a, b),
    }
}
